"""The digest of the last week of final days, every sentence of which can be traced by hand."""

import datetime as dt

import pytest

from portalkompass.answers.digest import digest
from portalkompass.answers.digest.alerts import AlertState
from portalkompass.exhibit import Exhibit
from portalkompass.slide_set import Words
from tests.answers.conftest import exhibit, figure
from tests.warehouse_fixture import SITE

WEEK, BEFORE = "08.12.2025 bis 14.12.2025", "01.12.2025 bis 07.12.2025"
NOISE = (
    # Two large pages beside, so that one page's burst is none of the others' fall.
    *(
        f"INSERT INTO search_page_day BY NAME SELECT * REPLACE (url || '-{name}' AS url, "
        f"200 + hash(CAST(date AS VARCHAR) || '{name}') % 60 AS clicks) "
        "FROM search_page_day WHERE url LIKE '%/wunschkennzeichen'"
        for name in ("a", "b")
    ),
    "UPDATE search_page_day SET clicks = clicks + hash(CAST(date AS VARCHAR) || url) % 3 WHERE clicks < 200",
)
BURST = (
    "UPDATE search_page_day SET clicks = 3 * clicks "
    "WHERE url LIKE '%/hundesteuer' AND date BETWEEN DATE '2025-12-08' AND DATE '2025-12-14'"
)


@pytest.fixture(scope="module")
def answer(house):
    return house.ask(digest)


@pytest.mark.parametrize("last", ["2025-12-14", "2025-12-15", "2025-12-20"])
def test_a_week_runs_from_monday_to_sunday_and_is_over(last):
    week = digest.last_week(dt.date.fromisoformat(last))
    assert (week.start, week.end) == (dt.date(2025, 12, 8), dt.date(2025, 12, 14))


def test_the_message_is_the_weeks_clicks_against_the_week_before(answer):
    assert answer.message == (
        f"{WEEK}: Klicks 70 und damit unverändert gegenüber dem Zeitraum davor ({BEFORE}: 70)."
    )
    assert (figure(answer, "Klicks").number, figure(answer, "Klicks").before_number) == (70, 70)


def test_whatever_period_was_asked_for_the_week_is_the_same(house, answer):
    other = house.ask(digest, start=dt.date(2025, 1, 1), end=dt.date(2025, 3, 31), grain="month")
    assert (other.message, other.figures) == (answer.message, answer.figures)


def test_each_figure_stands_against_the_week_before_and_the_year_before(answer):
    rows = exhibit(answer, "week_figures").frame.set_index("label")
    assert list(rows["value"]) == ["70", "700", "9,0", "10,0\u00a0%"]
    assert rows.loc["Ø Position", "change"] == f"unverändert gegenüber dem Zeitraum davor ({BEFORE}: 9,0)"
    assert rows.loc["Ø Position", "change_year"] == (
        "15,0\u00a0Plätze besser als im Vorjahreszeitraum (09.12.2024 bis 15.12.2024: 24,0)"
    )


def test_the_chart_is_half_a_year_beside_the_year_before(answer):
    rows = exhibit(answer, "clicks_trend").frame
    own = rows[rows["series"] == "Aktuell"]
    assert (own["bucket"].min().date(), own["bucket"].max().date()) == (
        dt.date(2025, 6, 16),
        dt.date(2025, 12, 8),
    )
    assert set(own["clicks"]) == {70}


def test_the_weeks_before_stand_below_and_one_that_lacks_a_day_is_left_out(answer, changed_house):
    weeks = exhibit(answer, "recent_weeks").frame
    assert [day.date() for day in weeks["bucket"]] == [
        dt.date(2025, 12, 8) - dt.timedelta(weeks=back) for back in range(5)
    ]
    gap = changed_house("DELETE FROM search_site_day WHERE date = DATE '2025-11-26'").ask(digest)
    assert dt.date(2025, 11, 24) not in [day.date() for day in exhibit(gap, "recent_weeks").frame["bucket"]]


def test_what_lies_beyond_chance_is_what_outliers_say(answer, changed_house):
    assert f"Keine Seite fällt im Zeitraum {WEEK} aus ihrem üblichen Verlauf." in answer.caveats
    found = changed_house(*NOISE, BURST).ask(digest)
    rows = exhibit(found, "outliers_pages").frame
    assert list(rows["label"]) == ["Hundesteuer"]
    assert [day.date() for day in rows["week"]] == [dt.date(2025, 12, 8)]
    assert found.caveats[0].startswith("Am stärksten fällt „Hundesteuer“ auf: in der Woche ab 08.12.2025 ")


def test_watched_pages_and_services_are_set_against_the_week_before(changed_house):
    found = changed_house(BURST).ask(digest)
    page = exhibit(found, "movers").frame.iloc[0]
    assert (page["label"], page["gain"], page["clicks_like"], page["clicks_before"]) == (
        "Hundesteuer", 42, 63, 21,
    )  # fmt: skip
    service = exhibit(found, "service_movers").frame.iloc[0]
    assert (service["name"], service["gain"]) == ("Hundesteuer und -marke", 42)
    assert exhibit(found, "top_pages").frame["clicks"].iloc[0] == 63


def test_open_problems_of_the_data_are_those_of_the_data_screen(changed_house):
    gap = "date = DATE '2025-11-26' AND grain = 'search_site_day'"
    found = changed_house(f"DELETE FROM ingest_ledger WHERE {gap}").ask(digest)
    assert found.next_steps[0].startswith("Die Suchdaten reichen bis 15.12.2025 (vor 2\u00a0Tagen)")
    assert found.next_steps[1:] == (
        "Unter „Daten“ ansehen: 1\u00a0Lücke und 1\u00a0abgewiesene Zeile.",
        "Die Betreuung der Anwendung kann die Lücken nachladen.",
    )


def test_without_a_whole_week_nothing_is_told(empty_house, changed_house):
    assert empty_house.ask(digest).exhibits == ()
    short = changed_house(
        *(
            f"DELETE FROM {table} WHERE date < DATE '2025-12-12'"
            for table in ("search_site_day", "search_page_day", "search_query_day", "ingest_ledger")
        )
    )
    assert short.ask(digest).message == "Noch gibt es keine volle Woche mit Suchdaten."


def test_the_pages_are_in_reading_order_and_alerts_come_first(house):
    states = (AlertState("a", True, "a: Klicks 70."), AlertState("b", False, "Alarm „b“ nicht geprüft: x."))
    made = digest.slides(house.question(), states)
    assert made.title == f"Wochenbericht {WEEK}"
    assert made.subtitle[1] == SITE
    assert [page.id for page in made.pages][:4] == ["alerts", "summary", "week_figures", "clicks_trend"]
    first, *_, last = made.pages
    assert isinstance(first, Words)
    assert isinstance(last, Words)
    assert first.paragraphs == ("a: Klicks 70.",)
    assert last.paragraphs[-1] == "Alarm „b“ nicht geprüft: x."
    assert not [page for page in made.pages if isinstance(page, Exhibit) and page.names_queries]
    assert [page.id for page in digest.alert_slides(house.question(), states).pages] == ["alerts"]
