import datetime as dt

import pandas as pd
import pytest

from portalkompass.answers.base import wording
from portalkompass.answers.base.scope import Match, Scope
from portalkompass.answers.courses import why_rows
from portalkompass.answers.pages import page_detail
from portalkompass.answers.queries import query_detail
from portalkompass.answers.rankings import rankings
from portalkompass.metrics.comparison import Exposure
from tests.answers.conftest import MAYBE, OCTOBER, exhibit, figure
from tests.warehouse_fixture import SITE

HUND = {"query": "hund anmelden"}
HUND_PAGE = {"url": f"{SITE}leistung/hundesteuer"}


def names(answer):
    return [one.id for one in answer.exhibits]


def test_a_query_has_its_course_in_all_measures_its_pages_and_its_share(house):
    answer = house.ask(query_detail, further=HUND, **OCTOBER)
    assert answer.message == (
        "„hund anmelden“, Oktober 2025: Klicks 62 und damit unverändert gegenüber dem Vorjahreszeitraum "
        "(Okt. 2024: 62)."
    )
    assert [
        figure(answer, label).value for label in ("Klicks", "Impressionen", "Ø Position", "Klickrate")
    ] == [
        "62",
        "930",
        "12,0",
        "6,7\u00a0%",
    ]
    # 2 of the 6 clicks a day that queries explain
    assert figure(answer, "Anteil an genannten").number == pytest.approx(1 / 3)
    assert names(answer)[0] == "query_course"
    assert exhibit(answer, "query_course").panels == ("clicks", "impressions", "ctr", "position")
    pages = exhibit(answer, "query_pages").frame
    assert pages[["clicks", "impressions"]].to_numpy().tolist() == [[62, 620], [0, 310]]
    assert "Suchanfrage „hund anmelden“" in exhibit(answer, "query_course").subtitle
    assert all(one.unpublished or one.names_queries for one in answer.exhibits)


@pytest.mark.parametrize("grain", ["day", "week", "month"])
def test_its_course_is_that_of_rankings_filtered_by_it(house, grain):
    own = house.ask(query_detail, further=HUND, grain=grain, **OCTOBER)
    filtered = house.ask(rankings, grain=grain, scope=Scope(query=Match("is", "hund anmelden")), **OCTOBER)
    course = exhibit(own, "query_course")
    for measure in ("position", "clicks", "impressions"):
        alone = exhibit(filtered, f"{measure}_trend")
        assert course.frame[alone.frame.columns].equals(alone.frame)
        assert course.panel(measure).fields == alone.fields


def test_a_query_that_google_does_not_name_says_so(house):
    answer = house.ask(query_detail, further={"query": "gibt es nicht"})
    assert answer.exhibits == ()
    assert answer.message.endswith("zeigte Google nichts, was zu den Filtern passt.")


def test_a_query_too_rare_to_be_listed_is_not_shown(changed_house):
    house = changed_house(
        "UPDATE search_query_day SET impressions = 0, clicks = 0, sum_position = 0 WHERE query = 'hund anmelden' "
        "AND date <> '2025-10-01'",
        "UPDATE search_query_day SET impressions = 9, clicks = 1 WHERE query = 'hund anmelden' AND date = '2025-10-01'",
    )
    day = {"start": dt.date(2025, 10, 1), "end": dt.date(2025, 10, 1)}
    answer = house.ask(query_detail, further=HUND, **day)
    assert answer.exhibits == ()
    assert "weniger als 10 Impressionen" in answer.message


def test_why_a_page_lost_is_exact_and_names_the_queries_that_carry_it(changed_house):
    house = changed_house(
        "UPDATE search_page_day SET clicks = 1, impressions = 20 "
        "WHERE url LIKE '%/hundesteuer' AND date >= '2025-10-01'",
        "UPDATE search_page_query_day SET clicks = 0, impressions = 10, sum_position = 70 "
        "WHERE url LIKE '%/hundesteuer' AND date >= '2025-10-01'",
    )
    answer = house.ask(page_detail, further=HUND_PAGE, compare="previous_period", **OCTOBER)
    # 31 days with 1 click after 30 days with 3, which stand for 31
    change = 31 * (1 - 3)
    bars = exhibit(answer, "click_change").frame.set_index("part")["clicks_part"]
    assert bars["Zusammen"] == pytest.approx(change)
    assert bars.drop("Zusammen").sum() == pytest.approx(change)
    carriers = exhibit(answer, "click_carriers")
    rows = carriers.frame.set_index("query")
    assert rows["change"].sum() == pytest.approx(change)
    assert rows.loc["hund anmelden", "change"] == pytest.approx(-2 * 31)
    assert rows[["demand", "place", "rate"]].sum(axis=1).to_numpy() == pytest.approx(
        rows["change"].to_numpy()
    )
    notes = {MAYBE, why_rows.SWITCHED, *wording.same_days(Exposure(31, 30, 31, 30))}
    # Google's switch lies in the September compared with.
    for shown in (carriers, exhibit(answer, "click_change")):
        assert notes <= set(shown.notes)
        assert "auf gleich viele Tage umgerechnet" in shown.headline
    assert carriers.names_queries
    assert not exhibit(answer, "click_change").unpublished


def test_what_google_changed_later_is_no_part_of_why_a_page_lost(house):
    august = {"start": dt.date(2025, 8, 1), "end": dt.date(2025, 8, 31), "compare": "previous_period"}
    bars = exhibit(house.ask(page_detail, further=HUND_PAGE, **august), "click_change")
    assert not {MAYBE, why_rows.SWITCHED} & set(bars.notes)
    assert "umgerechnet" not in " ".join((bars.headline, *bars.notes))  # July has as many days


def test_queries_that_are_not_loaded_were_not_lost(changed_house):
    days = "date BETWEEN '2025-10-05' AND '2025-10-07'"
    house = changed_house(f"DELETE FROM search_page_query_day WHERE {days}")
    whole = exhibit(
        house.ask(page_detail, further=HUND_PAGE, compare="previous_period", **OCTOBER), "click_change"
    )
    # 3 clicks and 40 impressions on every day of both months: nothing changed
    assert whole.headline == "Die Klicks sind gleich geblieben, auf gleich viele Tage umgerechnet"
    assert whole.frame["clicks_part"].tolist() == pytest.approx([0, 0, 0, 0])
    assert why_rows.AS_A_WHOLE.format(reason=why_rows.OTHER_DAYS) in whole.notes[0]
    assert "click_carriers" not in names(house.ask(page_detail, further=HUND_PAGE, **OCTOBER))


def test_where_no_query_is_loaded_why_a_page_lost_says_so(changed_house):
    house = changed_house("DELETE FROM search_page_query_day")
    told = exhibit(
        house.ask(page_detail, further=HUND_PAGE, compare="previous_period", **OCTOBER), "click_change"
    )
    assert "Nur als Ganzes gerechnet: Suchanfragen je Seite sind nicht geladen." in told.notes[0]


def test_a_part_that_rounds_to_nothing_stands_against_nothing():
    said = why_rows._headline(pd.Series({"demand": -0.4, "place": 30.4, "rate": 20.0, "change": 50.0}))
    assert said == "50\u00a0Klicks mehr: Am meisten bringt der Platz (+30)"


def test_what_stands_against_a_change_may_be_larger_than_what_carries_it():
    said = why_rows._headline(pd.Series({"demand": -9.0, "place": 10.0, "rate": -4.0, "change": -3.0}))
    told = "Am meisten kostet die Nachfrage (\u22129); dagegen steht der Platz (+10)"
    assert said == f"3\u00a0Klicks weniger: {told}"


def test_without_a_comparison_nothing_is_explained(house):
    answer = house.ask(page_detail, further=HUND_PAGE, compare="none", **OCTOBER)
    assert not {"click_change", "click_carriers"} & set(names(answer))
