"""Impressions in AI answers: told for themselves, in no other figure."""

import datetime as dt

from portalkompass.answers.overview import overview
from portalkompass.answers.rankings import generative_ai
from tests.answers.conftest import OCTOBER, exhibit, figure
from tests.warehouse_fixture import SITE

COLUMNS = "import_id, site, table_name, key, period_start, period_end, impressions, filters, file_name"


def loaded(*rows):
    """Statement that loads these (table, key, impressions, filters) of a report of October 2025."""
    values = ", ".join(
        f"('run', '{SITE}', '{table}', '{key}', '2025-10-01', '2025-10-31', {impressions}, '{filters}', 'ki.zip')"
        for table, key, impressions, filters in rows
    )
    return f"INSERT INTO search_ai ({COLUMNS}) VALUES {values}"


def test_without_a_report_it_says_how_to_get_one(house):
    answer = house.ask(generative_ai)
    assert answer.message == "Noch ist kein Bericht zu generativer KI geladen."
    assert answer.next_steps == (generative_ai.LOAD,)


def test_days_and_lists_of_the_period_and_nothing_filtered(changed_house):
    house = changed_house(
        loaded(
            ("days", "2025-10-01", 5, ""),
            ("days", "2025-10-03", 40, ""),
            ("days", "2025-09-30", 1000, ""),
            ("days", "2025-10-02", 9, "Seite: +x"),
            ("devices", "MOBILE", 30, ""),
            ("pages", "https://www.stadt.example/a", 20, ""),
            ("queries", "hund", 3, ""),
        )
    )
    answer = house.ask(generative_ai, **OCTOBER)
    assert answer.message == (
        "01.10.2025 bis 03.10.2025: Googles KI-Antworten zeigten das Portal mit 45\xa0Impressionen, am meisten am "
        "03.10.2025 (40); der Bericht nennt 2 von 3\xa0Tagen."
    )
    course = exhibit(answer, "ai_course").frame
    assert course["ai_impressions"].isna().tolist() == [
        False,
        True,
        False,
    ]  # nothing is known of the second day
    assert exhibit(answer, "ai_devices").frame[["label", "ai_impressions"]].values.tolist() == [["Mobil", 30]]
    assert "ai_queries" not in [one.id for one in answer.exhibits]  # below the least that may be listed
    assert figure(answer, "Impressionen in KI-Antworten").number == 45
    assert all(generative_ai.APART in one.notes for one in answer.exhibits)


def test_two_days_as_strong_as_each_other_are_said(changed_house):
    house = changed_house(loaded(("days", "2025-10-01", 40, ""), ("days", "2025-10-02", 40, "")))
    assert house.ask(generative_ai, **OCTOBER).message.endswith(
        "am meisten am 01.10.2025 (40, ebenso 1\xa0weiterer)."
    )


def test_nothing_of_it_is_added_to_other_figures(house, changed_house):
    other = changed_house(loaded(("days", "2025-10-01", 100_000, ""), ("devices", "MOBILE", 100_000, "")))
    before, after = (one.ask(overview, **OCTOBER) for one in (house, other))
    assert [one.number for one in after.figures] == [one.number for one in before.figures]


def test_a_period_without_a_report_says_which_days_there_are(changed_house):
    house = changed_house(loaded(("days", "2025-10-01", 5, "")))
    june = {"start": dt.date(2025, 6, 1), "end": dt.date(2025, 6, 30)}
    assert house.ask(generative_ai, **june).message == (
        "Für den Zeitraum Juni 2025 ist kein Bericht zu generativer KI geladen. Geladen ist 01.10.2025 bis 31.10.2025."
    )
