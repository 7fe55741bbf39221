import pytest

from portalkompass.answers import services
from portalkompass.workspace import ServiceLink, add_link, delete_link
from tests.answers.conftest import OCTOBER, exhibit, figure


def test_demand_comes_through_the_shipped_links(house):
    frame = exhibit(house.ask(services, **OCTOBER), "service_table").frame.set_index("service")
    assert len(frame) == 17
    dogs = frame.loc["hundesteuer"]
    assert (dogs["clicks"], dogs["unique_page_views"]) == (93.0, 400.0)
    # "hund anmelden" showed the office page 10 times a day
    assert dogs["unmet_impressions"] == 310.0
    assert frame.loc["bauportal", ["clicks", "unmet_impressions"]].isna().tolist() == [True, False]


def test_coverage_counts_every_mark(house):
    frame = exhibit(house.ask(services, **OCTOBER), "coverage").frame.set_index("label")
    assert frame["clicks"].to_dict() == {
        "Leistung der Liste": 93,
        "Leistung ohne Status": 186,
        "Keine Leistung": 31,
        "Noch nicht zugeordnet": 0,
    }


def test_a_changed_link_is_seen_at_once(house):
    link = ServiceLink(
        "leistung", "url", "exact", "/organisationseinheit/ordnungsamt", "bauportal", "Bauportal"
    )
    saved = add_link(house.workspace, link, "test")
    try:
        frame = exhibit(house.ask(services, **OCTOBER), "service_table").frame.set_index("service")
        assert frame.loc["bauportal", "clicks"] == pytest.approx(31.0)
    finally:
        delete_link(house.workspace, saved, "test")
    frame = exhibit(house.ask(services, **OCTOBER), "service_table").frame.set_index("service")
    assert frame["clicks"].notna().sum() == 1


def test_lanes_and_lists_are_counted(house):
    answer = house.ask(services)
    assert [figure(answer, f"Bahn „{lane}“").value for lane in ("startbar", "wartet auf andere")] == [
        "2",
        "3",
    ]
    assert figure(answer, "Mit Status").value == "17 von 189"


def test_without_a_list_it_says_how_to_load_one(empty_house):
    answer = empty_house.ask(services)
    assert (answer.message, answer.exhibits) == ("Noch ist keine OZG-Liste geladen.", ())
    assert "ozg_services.csv" in answer.next_steps[0]
