"""Every kind of exhibit through every format, opened again with readers that are not ours."""

import dataclasses
import datetime as dt
import io
import re
import xml.etree.ElementTree as ET

import openpyxl
import pandas as pd
import pytest
from openxml_audit import OpenXmlValidator
from PIL import Image
from pptx import Presentation

from portalkompass import german
from portalkompass.exhibit import Axes, Field, PointNames
from portalkompass.exports import files
from portalkompass.exports.images import text_metrics
from portalkompass.exports.images.composition import HALF
from portalkompass.exports.images.table_fitting import column_widths, measured
from portalkompass.exports.slides import native
from tests.charts import sample_exhibits as samples

HEADLINE = "Ø Position 8,8 & <b>besser</b>"


def table():
    frame = pd.DataFrame({"title": ["Wohngeld", "=1+1"], "clicks": [14050, 7], "share": [0.0719, None]})
    fields = (
        Field("title", "Seite"),
        Field("clicks", "Klicks", "integer"),
        Field("share", "Anteil", "percent"),
    )
    return samples.exhibit("table", frame, fields)


EXHIBITS = tuple(
    dataclasses.replace(one, headline=HEADLINE, subtitle="Ø Position nach Monaten", alt="Linie: 23,9 bis 8,8")
    for one in (*samples.EVERY_KIND, table())
)
BY_KIND = pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda exhibit: exhibit.kind)
FORMATS = {form.id: form for form in files.FORMATS}
FOOTER = "Quelle: Q · Datenstand: 15.12.2025"


def made(exhibit, name, worker, **further):
    return files.make(exhibit, FORMATS[name], worker=worker, **further)


def shown_values(exhibit):
    """Every value of the drawn columns, as written on the screen."""
    names = {exhibit.x, exhibit.y, exhibit.size} - {""} or {field.name for field in exhibit.fields}
    return {
        german.value(value, exhibit.field(name).format)
        for name in names
        for value in exhibit.frame[name]
        if not german.is_missing(value) and exhibit.field(name).format not in ("text", "month")
    }


@BY_KIND
def test_pptx_has_title_source_date_alt_text_and_every_value(exhibit, worker, tmp_path):
    content = made(exhibit, "pptx", worker)
    (slide,) = Presentation(io.BytesIO(content)).slides
    assert slide.shapes.title.text_frame.text == HEADLINE
    texts = {shape.text_frame.text for shape in slide.shapes if shape.has_text_frame}
    assert {FOOTER, "Ø Position nach Monaten"} <= texts
    assert FOOTER in slide.notes_slide.notes_text_frame.text
    bodies = [s for s in slide.shapes if s.has_chart or s.has_table or s.shape_type == 13]
    body = bodies[0]
    alone = [exhibit.panel(name) for name in exhibit.panels] or [exhibit]
    for shape, one in zip(bodies, alone, strict=True):
        (alt,) = shape._element.xpath(".//p:cNvPr/@descr")
        assert alt == one.alt or (shape.shape_type == 13 and alt.startswith(one.alt))
    assert body.has_chart == (exhibit.kind in native.DRAWINGS)
    if body.has_chart:
        for shape, one in zip(bodies, alone, strict=True):
            assert shown_values(one) <= chart_values(shape.chart, one)
    elif body.has_table:
        cells = {cell.text_frame.text for row in body.table.rows for cell in row.cells}
        assert shown_values(exhibit) <= cells
    else:
        notes = slide.notes_slide.notes_text_frame.text.split("\n")
        assert [words for words in in_words(exhibit) if words not in notes] == []
        # A picture says its rows in its alternative text, too, as they are few here.
        assert [words for words in in_words(exhibit) if words not in alt] == []
    path = tmp_path / "slide.pptx"
    path.write_bytes(content)
    result = OpenXmlValidator().validate(path)
    assert result.is_valid, result.errors[:3]


def chart_values(chart, exhibit):
    measure = exhibit.x if exhibit.kind in ("bar", "stacked_bar") else exhibit.y
    values = [value for plot in chart.plots for series in plot.series for value in series.values]
    if exhibit.kind == "scatter":
        tags = chart._chartSpace.xpath(".//c:xVal//c:v/text()")
        values_x = {german.value(float(text), exhibit.field(exhibit.x).format) for text in tags}
    else:
        values_x = set()
    written = {german.value(value, exhibit.field(measure).format) for value in values if value is not None}
    return written | values_x


@BY_KIND
def test_svg_is_xml_with_title_description_source_and_values(exhibit, worker):
    root = ET.fromstring(made(exhibit, "svg", worker))
    space = "{http://www.w3.org/2000/svg}"
    assert root.find(f"{space}title").text == HEADLINE
    assert root.find(f"{space}desc").text == "Linie: 23,9 bis 8,8"
    texts = " ".join("".join(element.itertext()) for element in root.iter(f"{space}text"))
    assert HEADLINE in texts
    assert FOOTER in texts
    assert not [
        element for element in root.iter() if element.tag.endswith(("script", "foreignObject", "image"))
    ]
    assert [value for value in written_values(exhibit) if value not in texts] == []
    if exhibit.kind != "table":
        said = [mark.get("aria-label") for mark in marks(root)]
        assert sorted(said) == sorted(spoken(exhibit))


def marks(root):
    """Elements of a picture that stand for one row each."""
    return [mark for mark in root.iter() if mark.get("aria-roledescription") == "Wert"]


def spoken(exhibit):
    """Rows that have a mark in the drawing."""
    values = list(exhibit.panels) or [exhibit.y]
    drawn = exhibit.frame[exhibit.x].notna() & exhibit.frame[values].notna().any(axis=1)
    return [words for words, there in zip(in_words(exhibit), drawn, strict=True) if there]


def in_words(exhibit):
    """What each row says, put together here once more: label, colon, value, as on the screen."""
    told = [field for field in exhibit.fields if field.name not in ("partial", "provisional")]
    rows = []
    for _, row in exhibit.frame.iterrows():
        parts = [
            f"{' '.join([field.label, *([f'({field.unit})'] if field.unit else [])])}: "
            f"{german.value(row[field.name], field.format)}"
            for field in told
        ]
        parts += [word for flag, word in FLAGS if flag in exhibit.frame and row[flag]]
        rows.append("; ".join(parts))
    return rows


FLAGS = (("partial", "unvollständig"), ("provisional", "vorläufig"))
WRITTEN = {"bar": "x", "slope": "y", "heatmap": "size"}
"""Kinds that write each value beside its mark, and the role that holds it."""


def written_values(exhibit):
    """Values that stand as text in a picture."""
    if exhibit.kind == "table":
        return shown_values(exhibit)
    if exhibit.kind not in WRITTEN:
        return set()
    name = getattr(exhibit, WRITTEN[exhibit.kind])
    return {german.value(value, exhibit.field(name).format) for value in exhibit.frame[name]}


def test_points_of_a_line_lie_where_their_values_belong(worker):
    exhibit = next(one for one in EXHIBITS if one.kind == "line")
    values = {}
    for mark in marks(ET.fromstring(made(exhibit, "svg", worker))):
        height = float(re.search(r"translate\([^,]+,([^)]+)\)", mark.get("transform"))[1])
        shown = re.search(r"Ø Position: ([\d,]+)", mark.get("aria-label"))[1]
        values[float(shown.replace(",", "."))] = height
    assert sorted(values) == [8.5, 8.8, 23.9]
    pixels_a_place = (values[23.9] - values[8.5]) / (23.9 - 8.5)
    assert pixels_a_place > 0  # place 1 is on top
    assert values[8.8] == pytest.approx(values[8.5] + 0.3 * pixels_a_place, abs=0.01)


@BY_KIND
def test_png_has_200_ppi_the_size_of_a_slide_and_its_texts(exhibit, worker):
    picture = Image.open(io.BytesIO(made(exhibit, "png", worker)))
    assert picture.size == (2666, 1500)
    assert tuple(round(value) for value in picture.info["dpi"]) == (200, 200)
    assert (picture.text["Title"], picture.text["Source"]) == (HEADLINE, FOOTER)
    assert picture.text["Description"] == "Linie: 23,9 bis 8,8"
    assert picture.text["Comment"].split("\n") == in_words(exhibit)
    assert len(picture.convert("RGB").getcolors(1 << 24)) > 20


@BY_KIND
def test_half_a_slide_leaves_its_right_half_to_words(exhibit, worker):
    (slide,) = Presentation(io.BytesIO(made(exhibit, "pptx", worker, size=HALF))).slides
    (whole,) = Presentation(io.BytesIO(made(exhibit, "pptx", worker))).slides
    drawn = [[s for s in one.shapes if s.has_chart or s.shape_type == 13] for one in (slide, whole)]
    middle = Presentation(io.BytesIO(made(exhibit, "pptx", worker))).slide_width // 2
    assert all(shape.left + shape.width <= middle for shape in drawn[0])
    assert [len(shapes) for shapes in drawn] == [len(drawn[1])] * 2
    assert len(drawn[0]) == max(len(exhibit.panels), exhibit.kind != "table")


def test_half_slides_and_transparent_pictures_on_demand(worker):
    picture = Image.open(io.BytesIO(made(EXHIBITS[0], "png", worker, size=HALF, transparent=True)))
    assert picture.size == (1333, 1500)
    assert picture.convert("RGBA").getpixel((0, 0))[3] == 0
    assert Image.open(io.BytesIO(made(EXHIBITS[0], "png", worker))).convert("RGBA").getpixel((0, 0))[3] == 255


@BY_KIND
def test_xlsx_is_valid_and_holds_every_row(exhibit, worker, tmp_path):
    content = made(exhibit, "xlsx", worker, headline="Eigene Aussage")
    sheet = openpyxl.load_workbook(io.BytesIO(content))
    assert sheet["Daten"].max_row == len(exhibit.frame) + 1
    assert sheet["Hinweise"]["B1"].value == "Eigene Aussage"
    path = tmp_path / "rows.xlsx"
    path.write_bytes(content)
    result = OpenXmlValidator().validate(path)
    assert result.is_valid, result.errors[:3]


def test_lists_of_single_queries_leave_as_spreadsheets_only(worker):
    queries = dataclasses.replace(table(), names_queries=True)
    assert [form.id for form in files.formats(queries)] == ["xlsx", "csv"]
    with pytest.raises(ValueError, match="must not become pptx"):
        made(queries, "pptx", worker)


def test_long_tables_go_on_with_the_next_slide_and_lose_no_row(worker):
    frame = pd.DataFrame({"title": [f"Seite {number}" for number in range(40)]})
    long = dataclasses.replace(table(), frame=frame, fields=(Field("title", "Seite"),))
    slides = Presentation(io.BytesIO(made(long, "pptx", worker))).slides
    tables = [shape.table for slide in slides for shape in slide.shapes if shape.has_table]
    found = [row.cells[0].text_frame.text for one in tables for row in list(one.rows)[1:]]
    assert len(tables) >= 2
    assert found == list(frame["title"])
    assert all(one.cell(0, 0).text_frame.text == "Seite" for one in tables)
    assert slides[1].shapes.title.text_frame.text == f"H (2 von {len(tables)})"


def test_a_slide_shows_the_first_rows_of_a_long_table_and_says_so_spreadsheets_all(worker):
    frame = pd.DataFrame({"title": [f"Seite {number}" for number in range(161)], "before": range(161)})
    fields = (Field("title", "Seite"), Field("before", "Klicks davor", "integer"))
    long = dataclasses.replace(table(), frame=frame, fields=fields, folded=("before",))
    slides = Presentation(io.BytesIO(made(long, "pptx", worker))).slides
    tables = [shape.table for slide in slides for shape in slide.shapes if shape.has_table]
    found = [[cell.text_frame.text for cell in row.cells] for one in tables for row in list(one.rows)[1:]]
    assert found == [[title] for title in frame["title"].head(20)]
    words = " ".join(shape.text_frame.text for shape in slides[0].shapes if shape.has_text_frame)
    assert "die ersten 20 von 161 Zeilen" in words
    assert len(made(long, "csv", worker).decode("utf-8-sig").split("Seite 160")) == 2
    assert "Klicks davor" in made(long, "csv", worker).decode("utf-8-sig")


def test_the_written_headline_goes_into_the_file(worker):
    (slide,) = Presentation(io.BytesIO(made(table(), "pptx", worker, headline=" Mein\nSatz\x07 "))).slides
    assert slide.shapes.title.text_frame.text == "Mein Satz"


def test_files_have_speaking_names():
    state = dataclasses.replace(table(), subtitle="Übersicht der Maße · OZG")
    assert files.file_name(state, FORMATS["pptx"]) == "2025-12-15_uebersicht-der-masse.pptx"
    days = dt.date(2024, 12, 1), dt.date(2025, 11, 30)
    shown = dataclasses.replace(state, period=days, sample=True)
    assert files.file_name(shown, FORMATS["csv"]) == (
        "Beispieldaten_uebersicht-der-masse_2024-12-01_bis_2025-11-30.csv"
    )
    long = dataclasses.replace(shown, subtitle="Wort " * 40, period=(days[0], days[0]))
    assert len(long.file_stem) < 90
    assert long.file_stem.endswith("wort_2024-12-01")
    assert dataclasses.replace(state, subtitle="").file_stem == "2025-12-15_probe-table"


def quadrant():
    frame = pd.DataFrame(
        {"name": list("ABCDEFGH"), "ease": [50.0] * 8, "use": [37.0, 49, 55, 59, 59, 65, 67, 69]}
    )
    fields = (
        Field("name", "Leistung"),
        Field("ease", "Umsetzbarkeit", "decimal1"),
        Field("use", "Nutzen", "decimal1"),
    )
    looks = {"point_names": PointNames("name", every=True), "axes": Axes(to=100.0, middle=50.0)}
    return samples.exhibit("scatter", frame, fields, x="ease", y="use", **looks)


def test_a_quadrant_names_every_point_and_crosses_in_its_middle(worker):
    (slide,) = Presentation(io.BytesIO(made(quadrant(), "pptx", worker))).slides
    chart = next(shape.chart for shape in slide.shapes if shape.has_chart)
    names = chart._chartSpace.xpath(".//c:dLbl//a:t/text()")
    assert sorted(names) == list("ABCDEFGH")
    for axis in (chart.category_axis, chart.value_axis):
        assert (axis.minimum_scale, axis.maximum_scale, axis.crosses_at) == (0, 100, 50)


def test_a_range_is_filled_from_edge_to_edge_and_its_ends_stay_in_the_data(tmp_path):
    days = pd.to_datetime(["2025-10-06", "2025-10-13"])
    values = {"tatsächlich": (10, 30), "erwartet": (11, 12), "unten": (8, 9), "oben": (14, 15)}
    frame = pd.DataFrame(
        [(day, name, value) for name, both in values.items() for day, value in zip(days, both, strict=True)],
        columns=["bucket", "series", "clicks"],
    )
    fields = (
        Field("bucket", "Woche", "date"),
        Field("series", "Reihe"),
        Field("clicks", "Klicks", "integer"),
    )
    columns = {"frame": frame, "fields": fields, "y": "clicks", "reverse_y": False}
    exhibit = dataclasses.replace(samples.trend(), **columns, band=("unten", "oben"))
    content = files.make(exhibit, files.format_of("pptx"))
    (chart,) = [
        shape.chart for shape in Presentation(io.BytesIO(content)).slides[0].shapes if shape.has_chart
    ]
    found = {one.name: tuple(one.values) for plot in chart.plots for one in plot.series}
    assert found == values
    field, lines = chart.plots
    assert ([one.name for one in field.series], [one.name for one in lines.series]) == (
        ["unten", "oben"], ["tatsächlich", "erwartet"])  # fmt: skip
    assert len(chart._chartSpace.xpath(".//c:upDownBars/c:gapWidth[@val='0']")) == 1
    assert not lines._element.xpath("./c:upDownBars")
    path = tmp_path / "spanne.pptx"
    path.write_bytes(content)
    assert OpenXmlValidator().validate(path).is_valid


def test_columns_of_a_short_table_do_not_swell_because_of_their_head():
    head = ("Leistung", "Bahn", "Rang in der Bahn", "Entscheidung")
    cells = [["Abfallentsorgung"], ["erst klären"], ["1"], ["beschlossen"]]
    widths = column_widths(measured(head, cells), 880, 12)
    assert sum(widths) == pytest.approx(880)
    assert max(widths) < 2 * min(widths)


def test_addresses_break_before_any_word_or_number_does():
    head, address = ("Seite", "Klicks", "Anteil", "Adresse"), "https://portal.example/leistung/" + "x" * 60
    cells = [["Wunschkennzeichen"], ["18.925"], ["4,9\u00a0%"], [address]]
    widths = column_widths(measured(head, cells), 450, 7.5)
    assert sum(widths) == pytest.approx(450)
    needed = [text_metrics.width(word, 7.5, 600) + 10.8 for word in ("Wunschkennzeichen", "Klicks", "Anteil")]
    assert [width >= least for width, least in zip(widths, needed, strict=False)] == [True] * 3


def test_a_long_text_takes_the_room_that_short_ones_do_not_need():
    head, said = (
        ("Leistung", "Rang", "Woran es liegt"),
        "Die Anbindung an das Fachverfahren wird geprüft; " * 5,
    )
    columns = measured(head, [["Bauportal"] * 3, ["1–3"] * 3, [said] * 3])
    widths = column_widths(columns, 450, 9.5)
    assert sum(widths) == pytest.approx(450)
    short = [text_metrics.width(text, 9.5, 600) + 12 for text in ("Bauportal", "Rang")]
    assert all(least <= width < least + 30 for width, least in zip(widths, short, strict=False))


def test_a_picture_says_what_its_comparison_crosses(worker):
    sentence = "Ein Teil der Verbesserung kann auf Googles Umstellung zurückgehen."
    compared = dataclasses.replace(table(), caution=sentence)
    texts = ET.fromstring(made(compared, "svg", worker)).itertext()
    assert sentence in " ".join(texts)
