"""One service in full, every figure traced by hand (see the docstring of ``tests.warehouse_fixture``)."""

import datetime as dt

import pandas as pd
import pytest

from portalkompass.answers.services import service_detail
from tests.answers.conftest import OCTOBER, exhibit, figure


def dogs(house, **changes):
    return house.ask(service_detail, further={"service": "hundesteuer"}, **changes)


def test_the_message_names_status_and_demand(house):
    assert dogs(house, **OCTOBER).message == (
        "„Hundesteuer und -marke“ (In Vorbereitung): 93\u00a0Klicks im Zeitraum Oktober 2025 und damit "
        "unverändert gegenüber dem Vorjahreszeitraum (Okt. 2024: 93)."
    )


def test_demand_by_month_marks_what_the_period_cuts(house):
    rows = exhibit(dogs(house, **OCTOBER | {"end": OCTOBER["end"].replace(day=30)}), "service_months").frame
    # 30 days of 3 clicks
    assert rows[["clicks", "partial"]].values.tolist() == [[90.0, True]]
    year = exhibit(dogs(house), "service_months").frame
    assert year["clicks"].sum() == 3 * 365
    assert year["partial"].sum() == 0


def test_the_strongest_month_is_a_whole_one_among_others(house):
    """Three clicks a day: each month of 31 days has 93, and parts of months are no months."""

    def said(start, end):
        return exhibit(dogs(house, start=dt.date(*start), end=dt.date(*end)), "service_months").headline

    assert said((2025, 7, 1), (2025, 9, 30)) == (
        "Der stärkste Monat ist August 2025 mit 93\u00a0Klicks, ebenso 1\u00a0weiterer"
    )
    assert said((2025, 8, 1), (2025, 10, 30)) == "Der stärkste volle Monat ist August 2025 mit 93\u00a0Klicks"
    assert said((2025, 9, 20), (2025, 10, 15)) == "78\u00a0Klicks im Zeitraum 20.09.2025 bis 15.10.2025"
    assert said((2025, 10, 1), (2025, 10, 31)) == "93\u00a0Klicks im Zeitraum Oktober 2025"


def test_a_month_whose_pages_lack_a_day_is_marked(changed_house):
    house = changed_house("DELETE FROM search_page_day WHERE date = '2025-03-10'")
    year = exhibit(dogs(house), "service_months").frame
    assert year.loc[year["partial"], "bucket"].dt.strftime("%Y-%m").tolist() == ["2025-03"]


def test_its_pages_obey_grain_and_comparison(house):
    answer = dogs(house, **OCTOBER, grain="week", compare="previous_period")
    course = exhibit(answer, "service_course")
    assert course.frame["series"].unique().tolist() == ["Aktuell", "Zeitraum davor"]
    assert course.frame["bucket"].dt.day_of_week.unique().tolist() == [0]
    now = course.frame[course.frame["series"] == "Aktuell"]
    assert now["clicks"].sum() == 3 * 31
    assert course.subtitle.endswith("Seiten der Leistung „Hundesteuer und -marke“")
    assert course.panels == ("clicks", "impressions", "ctr", "position")
    assert course is answer.exhibits[0]


def test_why_its_clicks_changed_is_split_to_the_click(changed_house):
    house = changed_house(
        *(
            f"UPDATE {table} SET clicks = 1, impressions = 5 WHERE url LIKE '%hundesteuer' AND date >= '2025-10-01' "
            "AND date < '2025-11-01'"
            for table in ("search_page_day", "search_page_query_day")
        )
    )
    parts = exhibit(dogs(house, **OCTOBER), "click_change").frame["clicks_part"].tolist()
    # 31 days of 1 click instead of 3
    assert parts[-1] == pytest.approx(-62)
    assert sum(parts[:-1]) == pytest.approx(-62)
    assert parts[0] < 0


def test_its_pages_and_what_leads_past_it(house):
    answer = dogs(house, **OCTOBER)
    assert exhibit(answer, "service_pages").frame[["label", "clicks", "share"]].values.tolist() == [
        ["Hundesteuer", 93, 1.0]
    ]
    missed = exhibit(answer, "service_unmet").frame
    # 310 times the search showed the office, 930 times it was made, 620 times our own page was there
    names = ["query", "label", "unmet", "shown", "own_impressions", "page_impressions"]
    assert missed[names].values.tolist() == [["hund anmelden", "Ordnungsamt", 310, 930, 620, 310]]


def test_two_listings_on_one_result_page_are_one_search(changed_house):
    """The office stands beside our page on every third result page: hardly a search went by the service."""
    house = changed_house("UPDATE search_page_query_day SET impressions = 29 WHERE url LIKE '%hundesteuer'")
    answer = dogs(house, **OCTOBER)
    row = exhibit(answer, "service_unmet").frame.iloc[0]
    assert (row["unmet"], row["shown"], row["own_impressions"], row["page_impressions"]) == (
        31,
        930,
        899,
        310,
    )
    assert figure(answer, "Ungedeckte Nachfrage").value == "31"


def test_where_our_own_page_always_stands_nothing_is_unmet(changed_house):
    house = changed_house("UPDATE search_page_query_day SET impressions = 30 WHERE url LIKE '%hundesteuer'")
    answer = dogs(house, **OCTOBER)
    assert [one.id for one in answer.exhibits if one.id == "service_unmet"] == []
    assert figure(answer, "Ungedeckte Nachfrage").value == "0"


def test_the_rest_of_what_leads_past_it(house):
    answer = dogs(house, **OCTOBER)
    assert exhibit(answer, "service_unmet").names_queries


def test_the_way_to_the_application_stands_in_the_cards(house):
    answer = dogs(house, **OCTOBER)
    assert [figure(answer, label).value for label in ("Starts des Online-Dienstes", "Anträge")] == [
        "80",
        "20",
    ]
    # 20 of 80 starts end with an application
    assert figure(answer, "Anträge").change == "75\u00a0% der Starts ohne Antrag"


def test_the_list_says_status_and_route_and_that_there_is_one_state_only(house):
    facts = dict(exhibit(dogs(house), "service_facts").frame.values.tolist())
    assert facts["Status"] == "In Vorbereitung"
    assert facts["Bahn"] == "startbar"
    assert facts["Früher"] == "noch kein früherer Stand"


def test_a_service_without_a_page_in_the_search_has_no_demand_instead_of_none(house):
    answer = house.ask(service_detail, further={"service": "bauportal"})
    assert answer.message.endswith(
        "Keine zugeordnete Seite erschien im Zeitraum Dezember 2024 bis November 2025 in der Suche."
    )
    assert figure(answer, "Nachfrage").value == "–"
    assert [one.id for one in answer.exhibits] == ["service_card", "service_facts"]


@pytest.mark.parametrize("service", ["gibt-es-nicht", ""])
def test_an_unknown_service_is_a_sentence(house, service):
    answer = house.ask(service_detail, further={"service": service})
    assert answer.exhibits == ()
    assert answer.message.startswith("Diese Leistung steht weder")


def test_the_card_alone_is_that_of_the_whole_page(house):
    """The screen draws the card first, for which nobody's demand is worked out, and the rest below it."""
    for service in ("hundesteuer", "fahrzeugzulassung", "wunschkennzeichen"):
        whole, card, further = (
            house.ask(service_detail, further={"service": service, "part": part}, **OCTOBER)
            for part in ("", service_detail.CARD, service_detail.FURTHER)
        )
        (alone,) = card.exhibits
        pd.testing.assert_frame_equal(alone.frame, exhibit(whole, "service_card").frame)
        assert alone.headline == exhibit(whole, "service_card").headline
        names = [one.id for one in whole.exhibits]
        assert [one.id for one in further.exhibits] == [name for name in names if name != "service_card"]
        assert (further.message, further.figures) == (whole.message, whole.figures)
    assert house.ask(service_detail, further={"service": "nie", "part": service_detail.CARD}).exhibits == ()
