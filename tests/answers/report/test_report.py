"""The standard report: what stands in it, and what it says when there is nothing to compare with."""

import dataclasses
import datetime as dt

import pytest

from etl.store.publish import draft
from portalkompass import schema
from portalkompass.answers.report import report
from portalkompass.answers.workshop import prioritisation
from portalkompass.slide_set import Words
from portalkompass.workspace import Decision, Scenario, decide, save_scenario
from tests.answers.conftest import open_house
from tests.warehouse_fixture import _append, publish, services, settings_for

NOVEMBER, DECEMBER = dt.date(2025, 11, 3), dt.date(2025, 12, 15)


@pytest.fixture
def two_states(tmp_path):
    """The list of December, and one of November in which Führerschein was still being prepared."""
    settings = settings_for(tmp_path)
    publish(settings)
    older = [
        row | {"as_of": NOVEMBER, "status": "In Vorbereitung", "status_group": "In Vorbereitung"}
        if row["service"] == "fuehrerschein"
        else row | {"as_of": NOVEMBER}
        for row in services()
    ]
    history = [{name: row[name] for name in row} for row in (*services(), *older)]
    with draft(settings) as connection:
        _append(connection, schema.SERVICE_STATUS_HISTORY, history)
    return open_house(settings)


def pages(house, as_of=None, **further):
    made = report.slides(house.question(as_of=as_of), **further)
    return {page.id: page for page in made.pages}


def test_one_state_only_has_no_earlier_one(house):
    page = pages(house)["status_changes"]
    assert isinstance(page, Words)
    assert page.headline == "Veränderungen seit dem letzten Bericht: noch kein früherer Stand"
    assert "figures_since" not in pages(house)


def test_a_changed_status_is_told_with_both_states(two_states):
    page = pages(two_states)["status_changes"]
    live = {
        "before": "Go-Live Dezember 2025, geplant (aktuell)",
        "after": "Go-Live Dezember 2025, live (aktuell)",
    }
    assert page.frame.to_dict("records") == [
        {"name": "Anlagengenehmigung und –zulassung (ELiA)", **live},
        {"name": "Fahrzeugzulassung (i-Kfz)", **live},
        {
            "name": "Führerschein",
            "before": "In Vorbereitung (aktuell)",
            "after": "In Umsetzung (aktuell)",
        },
    ]


def test_a_ranking_of_known_values_has_no_columns_that_only_repeat(house):
    ranked = house.ask(prioritisation)
    (table,) = report.lane_page(ranked)
    repeating = {"score_range", "rank_range"}
    assert repeating <= {field.name for field in table.fields}
    known = tuple(
        dataclasses.replace(one, frame=one.frame.assign(score_range="85,2")) if one.lane is not None else one
        for one in ranked.exhibits
    )
    (table,) = report.lane_page(dataclasses.replace(ranked, exhibits=known))
    assert not repeating & {field.name for field in table.fields}


def test_the_list_is_shown_as_it_stood_on_that_day(two_states):
    now = pages(two_states)["ozg_aktuell"].frame.set_index("name")["status"]
    then = pages(two_states, as_of=NOVEMBER)["ozg_aktuell"].frame.set_index("name")["status"]
    assert (now["Führerschein"], then["Führerschein"]) == ("In Umsetzung", "In Vorbereitung")


def test_figures_since_a_day_carry_the_caution_of_what_lies_between(house):
    page = pages(house, since=dt.date(2024, 12, 31))["figures_since"]
    rows = page.frame.set_index("label")
    # December 2024 at position 24, November 2025 at 9; 310 and 300 clicks
    assert tuple(rows.loc["Ø Position", ["before", "after"]]) == ("24,0", "9,0")
    assert tuple(rows.loc["Klicks", ["before", "after"]]) == ("310", "300")
    assert "Googles Umstellung vom September 2025" in page.caution


def test_a_day_before_all_data_has_no_earlier_figures(house):
    page = pages(house, since=dt.date(2023, 1, 1))["figures_since"]
    assert "noch kein früherer Stand" in page.headline


def test_october_is_compared_with_october(house):
    page = pages(house)["position_october"]
    assert page.headline.startswith("Google-Position: Ø 24,0 im Oktober 2024, Ø 9,0 im Oktober 2025")
    assert page.labelled == (dt.date(2025, 10, 1), dt.date(2024, 10, 1))


def test_decisions_stand_with_reason_and_scenario(two_states):
    scenario = save_scenario(two_states.workspace, Scenario("Klausur"), "a")
    decide(
        two_states.workspace,
        Decision(scenario.id, "hundesteuer", "beschlossen", DECEMBER, "hohe Nachfrage"),
        "a",
    )
    page = pages(two_states)["decisions"]
    assert page.frame.to_dict("records") == [
        {
            "name": "Hundesteuer und -marke",
            "decision": "beschlossen",
            "decided_on": DECEMBER,
            "reason": "hohe Nachfrage",
            "scenario": "Klausur",
        }
    ]


def test_without_data_the_report_still_has_its_words(empty_house):
    found = pages(empty_house)
    assert {"decisions", "status_changes", "definitions", "sources"} <= set(found)
    assert not [page for page in found.values() if not isinstance(page, Words)]
    assert dataclasses.is_dataclass(found["sources"])
