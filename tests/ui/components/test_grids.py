import datetime as dt

import pandas as pd

from portalkompass.exhibit import Exhibit, Field
from portalkompass.ui.components import grids
from tests.ui.components.cells import written


def test_cells_are_german_text_and_missing_values_a_dash():
    frame = pd.DataFrame(
        {
            "day": [dt.date(2025, 12, 15), None],
            "clicks": [18925.0, None],
            "share": [0.0719, None],
            "final": [True, False],
            "hidden": [1, 2],
        }
    )
    fields = (
        Field("clicks", "Klicks", "integer"),
        Field("day", "Tag", "date"),
        Field("share", "Anteil", "percent"),
        Field("final", "Endgültig", "bool"),
    )
    exhibit = Exhibit(
        "probe", "table", frame, fields, headline="", subtitle="", source="", data_date=None, alt=""
    )
    text = written(exhibit).splitlines()
    assert text == [
        "clicks|day|share|final",
        "18.925|15.12.2025|7,2\u00a0%|ja",
        "–|–|–|nein",
    ]


def table(query_length, numbers):
    rows = pd.DataFrame({"query": ["q" * query_length], "page": ["kurz"], "position": [3.4]})
    fields = (
        Field("query", "Suchanfrage"),
        Field("page", "Seite"),
        Field("position", "Ø Position", "decimal1", "Platz"),
        *(Field(f"n{index}", "Impressionen", "integer", "im Jahr") for index in range(numbers)),
    )
    rows = rows.assign(**{f"n{index}": [1] for index in range(numbers)})
    return Exhibit(
        "probe", "table", rows, fields, headline="", subtitle="", source="", data_date=None, alt=""
    )


def test_a_text_column_is_as_wide_as_its_longest_text():
    # 20 characters of 7.1 pixels and the padding of 22
    assert grids.fitted(table(20, 1)) == ({"query": 164, "page": 64}, True)


def test_a_table_is_moved_sideways_before_a_word_is_torn():
    # 169 pixels are left, the word of 26 letters takes 188; an address of 60 letters gives way (next test)
    exhibit = table(60, 3)
    exhibit.frame["query"] = ["Straßenverkehrsgenehmigung und alles, was sonst dazu gehören mag"]
    assert grids.fitted(exhibit) == ({"query": 250, "page": 64}, False)


def test_only_the_longest_text_is_narrowed_where_the_table_would_be_cut_off():
    # three heads of 22 characters take 178 each, the position 93, the page 64: 860 - 691 leaves 169
    assert grids.fitted(table(60, 3)) == ({"query": 165, "page": 64}, True)


def test_a_table_that_fits_in_no_way_keeps_a_readable_first_column():
    assert grids.fitted(table(60, 5)) == ({"query": grids.READABLE, "page": 64}, False)


def test_a_unit_that_the_label_says_is_left_out_of_the_head():
    assert grids.head(Field("position", "Ø Position", "decimal1", "Platz")) == "Ø Position"
    assert grids.head(Field("extra", "Klickpotenzial", "integer", "im Jahr")) == "Klickpotenzial (im Jahr)"


def test_rows_get_higher_where_many_texts_would_be_cut_and_not_for_a_single_one():
    fields = (Field("reason", "Anlass"), Field("clicks", "Klicks", "integer"))

    def height(*lengths):
        rows = pd.DataFrame({"reason": ["w" * length for length in lengths], "clicks": 1})
        exhibit = Exhibit(
            "probe", "table", rows, fields, headline="", subtitle="", source="", data_date=None, alt=""
        )
        return grids.prepared(exhibit).row_height

    assert height(20, 20, 20) is None
    assert height(90, 80, 20) == grids.WRAPPING  # two lines take 51, but in so low a row no text wraps
    assert height(900, 900, 900) == (grids.MOST_LINES + 1) * grids.LINE_HEIGHT
    assert height(90, *[20] * 9) is None


def test_a_course_of_places_is_drawn_as_what_was_gained_since_its_beginning():
    places = Field("course", "Platz nach Wochen", "course", low_is_good=True)
    assert grids.gained((8.0, 4.04, 9.0), places) == [0.0, 4.0, -1.0]
    assert grids.gained((), places) == []


def test_on_a_phone_the_first_column_leaves_room_for_the_whole_second():
    rows = pd.DataFrame({"service": ["Ausnahmegenehmigung im Straßenverkehr"] * 3, "demand": [12, 3456, 7]})
    fields = (Field("service", "Leistung"), Field("demand", "Nachfrage (Klicks)", "integer"))
    exhibit = Exhibit(
        "probe",
        "table",
        rows,
        fields,
        headline="",
        subtitle="",
        source="",
        data_date=None,
        alt="",
        row_key="service",
    )
    texts = {"service": rows["service"].tolist(), "demand": ["12", "3.456", "7"]}
    widths, _ = grids.fitted(exhibit, texts)
    narrow = grids.beside_second(exhibit, texts, widths)
    head = 18 * grids.CHARACTER + grids.PADDING
    assert narrow["service"] == grids.ON_PHONE - grids.MARKS - int(head) < widths["service"]
    assert grids.prepared(exhibit, phone=True).row_height == grids.WRAPPING  # two lines of text
    assert grids.prepared(exhibit).row_height is None


def test_a_number_is_never_cut_because_it_stands_below_the_rows_that_the_grid_measures():
    rows = pd.DataFrame(
        {"grain": ["x"] * 30, "rows": [7] * 20 + [1924218] + [7] * 9, "days": [1234567] + [1] * 29}
    )
    fields = (Field("grain", "Ebene"), Field("rows", "Zeilen", "integer"), Field("days", "Tage", "integer"))
    exhibit = Exhibit(
        "probe", "table", rows, fields, headline="", subtitle="", source="", data_date=None, alt=""
    )
    columns = grids.prepared(exhibit).columns
    # 9 characters of 7.1 pixels and the padding of 22; what stands in the first rows is measured by the grid
    assert (columns["rows"]["width"], columns["days"]["width"]) == (85, None)
