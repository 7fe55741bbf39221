"""Exports of the user interface, invented and loaded by the real loader: shown for their period, added to nothing."""

import datetime as dt

import pytest

from etl.operations.imports import import_paths
from portalkompass.answers.base.scope import Match, Scope
from portalkompass.answers.base.window_rows import windows
from portalkompass.answers.courses.window_course import successive, window_course
from portalkompass.answers.overview import overview
from portalkompass.answers.pages import outliers, page_detail, pages
from portalkompass.answers.queries import queries, query_detail
from portalkompass.answers.rankings import rankings
from portalkompass.screens import address
from portalkompass.screens.presets import standard_filters
from portalkompass.workspace import PageMove, add_moves
from tests.answers.conftest import exhibit, figure, open_house
from tests.etl.files.export_files import export, zipped
from tests.warehouse_fixture import SITE, settings_for

NOVEMBER = dt.date(2025, 11, 1), dt.date(2025, 11, 30)


@pytest.fixture
def loaded(tmp_path):
    """A house of these exports alone."""

    def make(*exports):
        settings = settings_for(tmp_path / "data")
        files = [zipped(tmp_path, tables, f"export-{n}.zip") for n, tables in enumerate(exports)]
        import_paths(files, settings, site=SITE)
        return open_house(settings)

    return make


def test_pages_of_an_export_are_shown_for_its_period(loaded):
    house = loaded(export(*NOVEMBER))
    answer = house.ask(pages)
    table = exhibit(answer, "page_table")
    assert table.frame[["url", "clicks", "impressions"]].to_numpy().tolist() == [
        [f"{SITE}leistung/hundesteuer", 3, 25],
        [f"{SITE}leistung/kfz", 1, 15],
    ]
    assert table.frame["position"].tolist() == pytest.approx([4, 9])
    assert "November 2025" in table.subtitle
    assert table.source.startswith(f"Export aus der Search Console, {SITE}")
    assert table.data_date == NOVEMBER[1]
    assert "1\xa0Seite bringt die Hälfte der 4 Seitenklicks" in answer.message
    (cost,) = (
        one for one in answer.caveats if one.startswith("Aus dem Export der Search Console (geladen am ")
    )
    assert "Zeitraum November 2025: höchstens 1.000 Zeilen, Summen ohne Tageswerte" in cost
    assert cost in table.notes


def test_queries_of_an_export_know_what_google_hides(loaded):
    house = loaded(export(*NOVEMBER))
    answer = house.ask(queries)
    assert exhibit(answer, "query_table").frame["query"].tolist() == [
        "hund anmelden"
    ]  # the other is too rare
    assert figure(answer, "Verdeckte Klicks").number == pytest.approx(0.25)
    assert "keine Suchanfragen geladen" not in answer.message


def test_devices_and_countries_of_an_export(loaded):
    house = loaded(export(*NOVEMBER))
    answer = house.ask(rankings, further={"part": rankings.GROUPS})
    devices, countries = exhibit(answer, "devices"), exhibit(answer, "countries")
    assert devices.frame[["device", "clicks"]].to_numpy().tolist() == [["Mobil", 3], ["Computer", 1]]
    assert countries.frame[["country", "share"]].to_numpy().tolist() == [
        ["Deutschland", 0.75],
        ["Schweiz", 0.25],
    ]


def test_the_overview_shows_days_and_pages_of_the_export(loaded):
    house = loaded(export(*NOVEMBER))
    answer = house.ask(overview)
    assert figure(answer, "Klicks").number == 4
    assert exhibit(answer, "top_pages").frame["clicks"].tolist() == [3, 1]
    assert exhibit(answer, "position_by_month").source == f"Google Search Console, {SITE}"


def test_rankings_tell_the_same_hidden_share_as_the_overview_whatever_the_period(loaded):
    house = loaded(export(dt.date(2025, 11, 3), dt.date(2025, 11, 9), weekly=True))
    asked = {"start": dt.date(2025, 11, 1), "end": dt.date(2025, 11, 30)}
    shares = [figure(house.ask(module, **asked), "Verdeckte Klicks").value for module in (overview, rankings)]
    assert shares == ["25,0\u00a0%"] * 2


def test_a_weekly_chart_gives_no_days_but_the_sums_are_shown(loaded):
    house = loaded(export(dt.date(2025, 11, 3), dt.date(2025, 11, 9), weekly=True))
    assert house.filters.start == dt.date(2025, 11, 3)
    assert figure(house.ask(overview), "Klicks").number == 4
    answer = house.ask(rankings, further={"part": rankings.COURSE})
    assert figure(answer, "Ø Position").number == pytest.approx(8)
    assert answer.exhibits == ()
    assert answer.next_steps == (
        "Tageswerte kommen von der Schnittstelle der Search Console; die Betreuung der Anwendung kann sie laden.",
    )


def test_the_period_opens_where_the_newest_export_is(loaded):
    house = loaded(export(dt.date(2025, 9, 15), dt.date(2025, 10, 19)), export(*NOVEMBER))
    assert (house.filters.start, house.filters.end) == NOVEMBER
    days = address.days(address.State(), house.warehouse, house.settings)
    assert (days.period.start, days.period.end) == NOVEMBER
    assert "November 2025" in days.said
    assert (standard_filters(house.warehouse, house.settings)[0].start) == NOVEMBER[0]


def test_an_export_of_other_days_says_whose_they_are(loaded):
    house = loaded(export(dt.date(2025, 10, 15), dt.date(2025, 11, 9)))
    answer = house.ask(pages, start=dt.date(2025, 1, 1), end=dt.date(2025, 12, 31))
    assert "15.10.2025 bis 09.11.2025" in exhibit(answer, "page_table").subtitle
    assert (
        "Für den gewählten Zeitraum Januar bis Dezember 2025 sind keine Tageswerte der Seiten"
        in answer.caveats[0]
    )


def test_the_export_that_shares_most_days_answers(loaded):
    october = dt.date(2025, 10, 1), dt.date(2025, 10, 31)
    house = loaded(export(*NOVEMBER), export(*october), export(october[0], NOVEMBER[1]))
    for start, end in (NOVEMBER, october, (october[0], NOVEMBER[1])):
        table = exhibit(house.ask(pages, start=start, end=end), "page_table")
        assert table.data_date == end


def test_filters_and_courses_say_what_an_export_cannot_do(loaded):
    house = loaded(export(*NOVEMBER))
    filtered = house.ask(pages, scope=Scope(page=Match("contains", "hund")))
    assert "geladen ist der Export der Search Console vom 01.11.2025 bis 30.11.2025" in filtered.message
    assert "Filter und Einzelheiten einer Seite oder Suchanfrage gibt es dort nicht." in filtered.message
    assert filtered.exhibits == ()
    assert house.ask(outliers).message.startswith(
        "Diese Auswertung braucht Tageswerte der Seiten; geladen ist der Export"
    )
    elsewhere = house.ask(queries, start=dt.date(2024, 1, 1), end=dt.date(2024, 1, 31))
    assert elsewhere.next_steps == ("Den Zeitraum November 2025 wählen.",)


def test_a_filtered_export_stands_in_for_nothing(loaded):
    tables = export(*NOVEMBER) | {"Filter.csv": "Filtern,Wert\nSuchtyp,Web\nSeite,+hund\n"}
    house = loaded(tables)
    assert windows(house.question()) == ()
    assert house.warehouse.window(SITE) is None


def test_days_of_the_interface_come_before_an_export(house, tmp_path):
    question = house.question()
    assert exhibit(house.ask(pages), "page_table").source.startswith("Google Search Console")
    assert window_course(question) == ()


def test_successive_exports_make_a_course_with_its_gaps(loaded):
    months = [(dt.date(2025, m, 1), dt.date(2025, m, days)) for m, days in ((7, 31), (8, 31), (10, 31))]
    house = loaded(
        export(*months[0], clicks=31, position=20),
        export(*months[1], clicks=62, position=10),
        export(*months[2], clicks=93, position=5),
        export(dt.date(2025, 7, 1), dt.date(2025, 10, 31), clicks=500),
    )
    clicks, position = window_course(house.question())
    assert clicks.frame["clicks_per_day"].fillna(-1).tolist() == pytest.approx([1, 2, -1, 3])
    assert position.frame["position"].fillna(-1).tolist() == pytest.approx([20, 10, -1, 5])
    assert "Kein Export für September 2025: Dort bleibt die Linie unterbrochen." in clicks.notes
    assert (
        "Nicht gezeichnet, weil sich ihre Tage mit gezeigten überschneiden: Juli bis Oktober 2025."
        in clicks.notes
    )
    assert clicks.headline == "Klicks je Tag: von 1,0 (Juli 2025) auf 3,0 (Okt. 2025)"


def test_overlapping_exports_are_never_on_one_line(loaded):
    house = loaded(
        export(dt.date(2025, 10, 1), dt.date(2025, 10, 31)),
        export(dt.date(2025, 10, 15), dt.date(2025, 11, 14)),
        export(dt.date(2025, 11, 1), dt.date(2025, 11, 30)),
    )
    shown = successive(list(windows(house.question())))
    assert [one.period.start for one in shown] == [dt.date(2025, 10, 1), dt.date(2025, 11, 1)]


def test_a_page_of_an_export_that_moved_since_has_its_new_address(loaded):
    house = loaded(export(*NOVEMBER))
    move = PageMove(SITE, f"{SITE}leistung/kfz", f"{SITE}leistung/auto", dt.date(2025, 12, 1))
    add_moves(house.workspace, [move], "Ina")
    table = exhibit(house.ask(pages), "page_table")
    assert table.frame["url"].tolist() == [f"{SITE}leistung/hundesteuer", f"{SITE}leistung/auto"]


def test_days_and_exports_are_never_added(changed_house):
    row = f"('x', '{SITE}', 'web', '%s', '%s', DATE '2025-11-01', DATE '2025-11-30', 9000, 900, 0.0, '', 'export.zip')"
    rows = ", ".join(
        row % one for one in (("pages", f"{SITE}leistung/hundesteuer"), ("queries", "hund anmelden"))
    )
    house = changed_house(f"INSERT INTO search_window VALUES {rows}")
    november = {"start": NOVEMBER[0], "end": NOVEMBER[1]}
    assert exhibit(house.ask(pages, **november), "page_table").frame["clicks"].sum() == 300
    assert exhibit(house.ask(queries, **november), "query_table").frame["clicks"].sum() == 180
    earlier = {"start": dt.date(2024, 7, 9), "end": dt.date(2025, 11, 30)}
    assert exhibit(house.ask(pages, **earlier), "page_table").source.startswith("Google Search Console")


def test_one_page_and_one_query_of_an_export_have_their_sums(loaded):
    house = loaded(export(*NOVEMBER))
    page = house.ask(page_detail, further={"url": f"{SITE}leistung/hundesteuer"})
    assert [one.number for one in page.figures] == pytest.approx([4, 3, 25, 0.12])
    query = house.ask(query_detail, further={"query": "hund anmelden"})
    assert [one.number for one in query.figures] == pytest.approx([4.5, 2, 20, 0.1])
    assert "als Summe eines Exports" in query.message
    rare = house.ask(query_detail, further={"query": "was kostet das"})  # 9 impressions
    assert rare.figures == ()
    assert "nennt dazu keine Zahlen, die gezeigt werden" in rare.message
