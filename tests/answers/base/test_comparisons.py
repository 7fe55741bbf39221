"""What is compared is said: windows in heads, days per day, missing grains, events only where they matter."""

import datetime as dt

import pandas as pd
import pytest

from portalkompass.answers.base.estimate_rows import page_weeks, whole_weeks
from portalkompass.answers.base.scope import Scope
from portalkompass.answers.impact import impact
from portalkompass.answers.overview import overview
from portalkompass.answers.pages import outliers, page_detail, pages
from portalkompass.answers.queries import queries
from portalkompass.answers.rankings import rankings
from portalkompass.answers.rankings.position_mix import SOME_DAYS
from portalkompass.answers.services import services
from tests.answers.conftest import MAYBE, OCTOBER, exhibit, figure

FEBRUARY = {"start": dt.date(2025, 2, 1), "end": dt.date(2025, 2, 28), "compare": "previous_period"}
NBSP = "\u00a0"


@pytest.mark.parametrize("grain", ["day", "week", "month"])
def test_card_sentence_and_chart_are_the_same_figure_whatever_the_grain(house, grain):
    answer = house.ask(rankings, grain=grain, compare="previous_period", **QUARTER)
    chart = exhibit(answer, "position_trend")
    card = figure(answer, "Ø Position")
    assert answer.message == f"Juli bis September 2025: Ø Position {card.value} und damit {card.change}."
    assert chart.headline == answer.message[:-1]
    clicks = figure(answer, "Klicks")
    assert exhibit(answer, "clicks_trend").headline == (
        f"Juli bis September 2025: Klicks {clicks.value} und damit {clicks.change}"
    )


QUARTER = {"start": dt.date(2025, 7, 1), "end": dt.date(2025, 9, 30)}


def test_no_line_crosses_a_month_that_is_not_loaded(changed_house):
    august = "date BETWEEN '2025-08-01' AND '2025-08-31'"
    house = changed_house(
        *(f"DELETE FROM {table} WHERE {august}" for table in ("search_site_day", "search_query_day"))
    )
    answer = house.ask(rankings, **QUARTER)
    brand = exhibit(answer, "brand_trend").frame
    assert brand.loc[brand["bucket"] == "2025-08-01", "clicks"].isna().tolist() == [True]
    position = exhibit(house.ask(overview, **QUARTER), "position_by_month").frame
    assert position.loc[position["bucket"] == "2025-08-01", "position"].isna().tolist() == [True]
    note = "Nicht geladen, die Fläche überbrückt: August 2025."
    assert note in exhibit(answer, "bands_queries").notes
    assert note not in exhibit(answer, "bands_pages").notes


def test_a_change_says_what_it_compares(house):
    devices, topics = (
        exhibit(house.ask(rankings, **QUARTER, compare="previous_period"), name)
        for name in ("devices", "topic_groups")
    )
    assert devices.notes[-1] == "Veränderung gegenüber Apr. bis Juni 2025."
    assert topics.subtitle.endswith(" · Veränderung gegenüber Apr. bis Juni 2025")
    # Of the twelve months four stand on both sides.
    bars = exhibit(house.ask(pages), "top_pages")
    assert bars.notes[-1] == "Veränderung Aug. bis Nov. 2025 gegenüber Aug. bis Nov. 2024."
    assert not [note for note in exhibit(house.ask(pages), "page_table").notes if "gegenüber Aug." in note]
    alone = exhibit(house.ask(pages, compare="none", **QUARTER), "top_pages")
    assert not [note for note in alone.notes if note.startswith("Veränderung")]


def test_pages_that_were_not_loaded_are_neither_new_nor_gone(changed_house):
    house = changed_house("DELETE FROM search_page_day WHERE date < '2025-10-01'")
    answer = house.ask(pages, **OCTOBER)
    assert [one.label for one in answer.figures] == ["Seiten mit Klicks"]
    assert not {"new_pages", "vanished_pages"} & {one.id for one in answer.exhibits}
    assert exhibit(answer, "page_table").subtitle.endswith("ohne Vergleich")


def test_what_an_event_explains_is_told_from_a_tenth_of_a_place_on(changed_house):
    house = changed_house(
        """INSERT INTO search_segment_day SELECT * REPLACE ('DESKTOP' AS device,
             CASE WHEN date < '2025-09-12' THEN 1500 ELSE 900 END AS sum_position) FROM search_segment_day"""
    )
    free = {"compare": "free", "compare_from": dt.date(2024, 8, 1), "compare_to": dt.date(2024, 8, 31)}

    def explained(last):
        answer = house.ask(overview, start=dt.date(2024, 10, 1), end=last, **free)
        return [text for text in answer.caveats if "erklärt etwa" in text]

    # Computers went from place 16 to 10, phones stayed: 3 of 6 places on the mean, on 3 of 352 days and on 47 of 396.
    assert explained(dt.date(2025, 9, 17)) == []
    assert explained(dt.date(2025, 10, 31))[0].startswith(
        "„Google streicht num=100“ erklärt etwa 0,4 Plätze Verbesserung"
    )


def test_months_of_unequal_length_are_compared_per_day(house):
    clicks = figure(house.ask(rankings, **FEBRUARY), "Klicks")
    assert clicks.value == "280"
    assert clicks.change == (
        "je Tag unverändert gegenüber dem Zeitraum davor (Jan. 2025: 310; 31 statt 28 Tage mit Daten)"
    )
    assert (clicks.change_number, clicks.like_number, clicks.before_number) == (pytest.approx(0), 280, 310)
    rows = exhibit(house.ask(pages, **FEBRUARY), "page_table").frame
    assert rows["change"].tolist() == pytest.approx([0.0] * len(rows))
    message = house.ask(page_detail, further={"url": rows["url"].iloc[0]}, **FEBRUARY).message
    assert "je Tag unverändert gegenüber dem Zeitraum davor (Jan. 2025: " in message


def test_missing_days_of_one_window_are_taken_out_and_said(changed_house):
    house = changed_house("DELETE FROM search_site_day WHERE date BETWEEN '2024-10-05' AND '2024-10-08'")
    answer = house.ask(rankings, start=dt.date(2025, 8, 1), end=dt.date(2025, 11, 30))
    assert figure(answer, "Klicks").change == (
        "je Tag unverändert gegenüber dem Vorjahreszeitraum (Aug. bis Nov. 2024: 1.180; 118 statt 122 Tage mit Daten)"
    )
    assert answer.caveats[0] == (
        "Die Tageswerte der Property fehlen an 4 von 122 Tagen (August bis November 2024): Summen daraus sind zu "
        "klein; Veränderungen sind je Tag mit Daten gerechnet."
    )


def test_a_month_without_queries_hides_no_clicks(changed_house):
    month = "date BETWEEN '2025-03-01' AND '2025-03-31'"
    house = changed_house(
        f"DELETE FROM search_query_day WHERE {month}",
        "DELETE FROM search_query_month WHERE month = '2025-03-01'",
    )
    answer = house.ask(overview)
    assert figure(answer, "Verdeckte Klicks").value == f"40,0{NBSP}%"
    assert any("der Suchanfragen fehlen an 31 von 365 Tagen" in text for text in answer.caveats)
    quarters = {"start": dt.date(2025, 4, 1), "end": dt.date(2025, 6, 30), "compare": "previous_period"}
    mix = exhibit(house.ask(rankings, **quarters), "position_mix")
    assert mix.headline.startswith(f"{SOME_DAYS} ")
    assert any(": 91 von 91, zuvor 59 von 90 Tagen" in note for note in mix.notes)
    whole = {**quarters, "start": dt.date(2025, 7, 1), "end": dt.date(2025, 9, 30)}
    mix = exhibit(house.ask(rankings, **whole), "position_mix")
    assert mix.headline.startswith("Die mittlere Position ist ")
    assert not any("Gerechnet mit den Tagen" in note for note in mix.notes)


def test_a_month_without_pages_is_said_and_changes_no_rate(changed_house):
    house = changed_house("DELETE FROM search_page_day WHERE date BETWEEN '2025-10-01' AND '2025-10-31'")
    answer = house.ask(services)
    assert any("der Seiten fehlen an 31 von 365 Tagen" in text for text in answer.caveats)
    # 91 of 122 days are too uneven a coverage to compare sums.
    assert exhibit(answer, "service_table").frame["change"].isna().all()
    fewer = changed_house("DELETE FROM search_page_day WHERE date BETWEEN '2025-10-01' AND '2025-10-05'")
    rows = exhibit(fewer.ask(pages), "page_table").frame
    assert rows["change"].dropna().tolist() == pytest.approx([0.0] * len(rows))


def test_a_change_of_less_than_the_period_names_its_days_in_the_head(house):
    fields = {f.name: f.label for f in exhibit(house.ask(pages), "page_table").fields}
    assert fields["change"] == "Veränderung Aug. bis Nov. 2025"
    assert fields["unique_page_views"] == "Eindeutige Seitenansichten Okt. 2025"
    whole = {"start": dt.date(2025, 10, 1), "end": dt.date(2025, 10, 31)}
    fields = {f.name: f.label for f in exhibit(house.ask(pages, **whole), "page_table").fields}
    assert (fields["change"], fields["unique_page_views"]) == ("Veränderung", "Eindeutige Seitenansichten")


def test_new_and_vanished_compare_the_same_months(changed_house):
    """A page shown in December to July only is neither new nor vanished: neither window knows it."""
    house = changed_house(
        "DELETE FROM search_page_day WHERE url LIKE '%hundesteuer' AND (date < '2024-12-01' OR date >= '2025-08-01')"
    )
    answer = house.ask(pages)
    assert (figure(answer, "Neue Seiten").value, figure(answer, "Verschwundene Seiten").value) == ("0", "0")
    assert figure(answer, "Neue Seiten").help == (
        "Von Google angezeigt: August bis November 2025; gar nicht angezeigt: August bis November 2024."
    )


def test_rows_of_the_comparison_bear_their_own_days(house):
    frame = exhibit(
        house.ask(rankings, grain="week", compare="previous_period", **QUARTER), "clicks_trend"
    ).frame
    earlier = frame[frame["series"] != "Aktuell"]
    assert (earlier["own_bucket"] < earlier["bucket"]).all()
    assert earlier["own_bucket"].min() == pd.Timestamp(2025, 3, 31)
    own = frame[frame["series"] == "Aktuell"]
    assert (own["own_bucket"] == own["bucket"]).all()


SWITCHED = (
    "Vom 10. bis 14. September 2025 stellte Google um: Positionen und Impressionen davor und danach sind nicht "
    "dieselbe Messung."
)


def told(shown, *names):
    """Which of both sentences stands under each of these exhibits."""
    notes = {name: exhibit(shown, name).notes for name in names}
    return {name: "".join(text for text in (MAYBE, SWITCHED) if text in own) for name, own in notes.items()}


def test_an_event_stands_only_where_it_concerns_what_is_shown(house):
    """num=100 changed no click; the first days of the portal concern every line that begins there."""
    answer = house.ask(rankings)
    changes = ("position_trend", "impressions_trend", "position_impressions", "bands_queries", "bands_pages")
    assert told(answer, *changes) == dict.fromkeys(changes, MAYBE)
    # Of these the change is one of clicks, or there is none.
    clicks = ("clicks_trend", "brand_trend", "topic_groups", "devices")
    assert told(answer, *clicks) == dict.fromkeys(clicks, "")
    assert told(house.ask(rankings, **FEBRUARY), "position_trend") == {"position_trend": ""}


def test_an_event_is_a_part_of_a_change_only_between_the_two_sides(house):
    """The chart of the overview spans the archive, whatever is compared; of a mean nothing is set against another."""
    line = "position_by_month"
    assert told(house.ask(overview, **FEBRUARY), line) == {line: SWITCHED}
    assert not {MAYBE, SWITCHED} & set(house.ask(overview, **FEBRUARY).caveats)
    assert told(house.ask(overview), line) == {line: MAYBE}
    (event,) = (
        mark for mark in exhibit(house.ask(overview), line).marks if mark.label == "Google streicht num=100"
    )
    assert event.sentence == MAYBE
    alone = house.ask(overview, compare="none")
    assert told(alone, line) == {line: SWITCHED}
    assert SWITCHED in alone.caveats and MAYBE not in alone.caveats
    tables = ("query_table", "query_groups", "topics", "topic_bars")
    listed = told(house.ask(queries), *tables)
    assert listed == dict.fromkeys(tables, "") | {"query_table": MAYBE}  # it shows the places gained, too
    assert told(house.ask(queries, compare="none"), "query_table") == {"query_table": ""}
    assert not {MAYBE, SWITCHED} & set(house.ask(services).caveats)


@pytest.mark.parametrize(("device", "concerned"), [("MOBILE", False), ("DESKTOP", True)])
def test_what_google_changed_for_computers_changed_no_phone(changed_house, device, concerned):
    house = changed_house(f"UPDATE search_segment_day SET device = '{device}'")
    answer = house.ask(rankings, scope=Scope(device=device))
    for shown in (answer.caveats, exhibit(answer, "position_trend").notes):
        assert (MAYBE in shown) is concerned


@pytest.mark.parametrize(
    ("module", "table", "sums"),
    [
        (overview, "movers", "die Klicks"),
        (pages, "page_table", "Klicks und Impressionen"),
        (queries, "query_table", "Klicks und Impressionen"),
    ],
)
def test_a_difference_that_is_not_that_of_the_sums_beside_it_says_why(changed_house, module, table, sums):
    house = changed_house("UPDATE search_page_day SET clicks = clicks + 1 WHERE date = '2025-02-10'")
    note = (
        f"Verglichen werden 28 mit 31 Tagen; für Unterschied und Veränderung sind {sums} zuvor auf gleich viele Tage "
        "umgerechnet."
    )
    assert note in exhibit(house.ask(module, **FEBRUARY), table).notes
    even = FEBRUARY | {"start": dt.date(2025, 2, 10), "end": dt.date(2025, 2, 16)}
    shown = {one.id: one for one in house.ask(module, **even).exhibits}
    assert not any("umgerechnet" in text for text in shown[table].notes)


def test_a_difference_in_a_headline_says_when_it_is_that_of_equal_days(changed_house):
    house = changed_house("UPDATE search_page_day SET clicks = clicks + 1 WHERE date = '2025-02-10'")
    (movers,) = (one for one in house.ask(overview, **FEBRUARY).exhibits if one.id == "movers")
    assert movers.headline.endswith("auf gleich viele Tage umgerechnet")
    week = {"start": dt.date(2025, 2, 10), "end": dt.date(2025, 2, 16)}
    (movers,) = (one for one in house.ask(overview, **FEBRUARY | week).exhibits if one.id == "movers")
    assert "umgerechnet" not in movers.headline


@pytest.mark.parametrize("module", [impact, outliers])
def test_views_of_clicks_alone_do_not_tell_of_what_changes_places_and_impressions(house, module):
    changed = [text for text in house.ask(overview).caveats if "Impressionen" in text or "Umstellung" in text]
    assert len(changed) > 1
    assert not set(changed) & set(house.ask(module).caveats)


def test_days_on_both_sides_of_a_free_comparison_are_said(house):
    asked = {"start": dt.date(2025, 10, 1), "end": dt.date(2025, 10, 31), "compare": "free"}
    said = house.ask(pages, compare_from=dt.date(2025, 9, 16), **asked).caveats[0]
    assert said == (
        "Zeitraum und Vergleichszeitraum überschneiden sich (01.10.2025 bis 16.10.2025): Diese Tage stehen auf beiden "
        "Seiten und mindern jede Veränderung."
    )
    apart = house.ask(pages, compare_from=dt.date(2025, 8, 31), **asked).caveats
    assert not any("überschneiden" in text for text in apart)


def test_of_a_handful_of_clicks_no_percentage_is_said(house):
    day = {"start": dt.date(2025, 10, 1), "end": dt.date(2025, 10, 1)}
    url = exhibit(house.ask(pages, **day), "page_table").frame["url"].iloc[0]
    answer = house.ask(page_detail, further={"url": url}, **day)
    assert answer.message == (
        "„Wunschkennzeichen“, 01.10.2025: Klicks 6, davor zu wenige für einen Vergleich in Prozent (02.10.2024: 6)."
    )
    assert figure(answer, "Klicks").brief == f"davor zu wenige (6{NBSP}→ 6)"
    assert answer.caveats[0].startswith(f"Im Zeitraum kamen nur 10{NBSP}Klicks aus der Suche")
    assert figure(house.ask(rankings, **day), "Klicks").change_number is None


def test_one_click_came_and_of_none_before_both_figures_are_said(changed_house):
    house = changed_house(
        "UPDATE search_site_day SET clicks = (date = '2025-10-01')::INT WHERE date IN ('2025-10-01', '2024-10-02')"
    )
    answer = house.ask(rankings, start=dt.date(2025, 10, 1), end=dt.date(2025, 10, 1))
    assert answer.caveats[0].startswith(f"Im Zeitraum kam nur 1{NBSP}Klick aus der Suche")
    words = "davor zu wenige für einen Vergleich in Prozent (02.10.2024: 0)"
    assert exhibit(answer, "clicks_trend").headline == f"01.10.2025: Klicks 1, {words}"


def test_a_week_without_pages_is_not_one_without_clicks(changed_house):
    house = changed_house("DELETE FROM search_page_day WHERE date = '2025-10-08'")
    question = house.question()
    weeks = {
        table: set(whole_weeks(question, table).dt.date)
        for table in ("search_site_day", "search_page_day", "search_query_day")
    }
    assert weeks["search_site_day"] - weeks["search_page_day"] == {dt.date(2025, 10, 6)}
    assert weeks["search_query_day"] == weeks["search_site_day"]
    assert set(page_weeks(question).index.date) == weeks["search_page_day"]
