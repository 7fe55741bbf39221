"""What the lists say is filled into a new workshop, marked, and changed like any entry; only what they state."""

import math
from dataclasses import replace

import pytest

from portalkompass.answers.workshop.decision import basis_of, weighed
from portalkompass.answers.workshop.meeting.from_list import depends_on, order_told, prefilled
from portalkompass.answers.workshop.meeting.proposal import proposal, with_selection, workshop_of
from portalkompass.answers.workshop.plan import kept_plan
from portalkompass.answers.workshop.scenario_book import assessment_table
from portalkompass.answers.workshop.scenario_sheets import assessment_sheet, option


@pytest.fixture
def question(house):
    return house.question()


@pytest.fixture
def begun(question):
    made = proposal(question)
    return workshop_of(question, made, "Neu", [*made.criteria, "council_mandate"], made.services)


def listed(scenario, criterion="efa_step"):
    return {
        service: (own[criterion]["value"], own[criterion]["listed"])
        for service, own in scenario.assessments.items()
        if criterion in own
    }


def test_steps_that_the_list_states_are_known_and_say_where_from(begun):
    assert listed(begun) == {
        "pflegewohngeld": (2.0, "OZG-Liste (15.12.2025): Nachnutzung möglich"),
        "fischereischeine": (1.0, "OZG-Liste (15.12.2025): Nachnutzung für NRW-Kommunen noch nicht möglich"),
    }
    known = begun.matrix["efa_step"].dropna().to_dict()
    assert known == {"pflegewohngeld": 2.0, "fischereischeine": 1.0}  # the Bauportal's route is derived only
    assert set(listed(begun, "council_mandate")) == set(begun.matrix.index)


def test_the_table_tells_entries_of_the_list_from_those_of_the_meeting(question, begun):
    table = assessment_table(question, weighed(basis_of(begun)), begun.assessments)
    assert table.headline == "10\xa0Einschätzungen aus der Liste"
    sheet = assessment_sheet(next(one for one in basis_of(begun).criteria if one.id == "efa_step"))
    scale = next(one for one in basis_of(begun).criteria if one.id == "efa_step")
    row = {**sheet.rows(begun)["pflegewohngeld"], "note": "angefragt"}
    noted = sheet.with_row(begun, "pflegewohngeld", row)
    assert noted.assessments["pflegewohngeld"]["efa_step"]["listed"].endswith("Nachnutzung möglich")
    other = sheet.with_row(noted, "pflegewohngeld", {**row, "value": option(scale, 3.0)})
    assert other.assessments["pflegewohngeld"]["efa_step"] == {
        "value": 3.0,
        "confidence": "",
        "note": "angefragt",
    }
    table = assessment_table(question, weighed(basis_of(other)), other.assessments)
    assert table.headline == "10\xa0Einschätzungen aus dem Termin, davon 9 aus der Liste"


def test_what_somebody_entered_or_emptied_is_never_filled_again(question, begun):
    cells = begun.assessments | {
        "pflegewohngeld": {"efa_step": {"value": None, "note": "", "confidence": ""}}
    }
    emptied = replace(begun, assessments=cells, matrix=begun.matrix.assign(efa_step=math.nan))
    again = prefilled(question, emptied)
    assert math.isnan(again.matrix.loc["pflegewohngeld", "efa_step"])
    assert "listed" not in again.assessments["pflegewohngeld"]["efa_step"]


def test_a_criterion_that_joins_later_is_filled_too(question):
    made = proposal(question)
    few = workshop_of(question, made, "Neu", ["clicks"], made.services)
    assert few.assessments == {}
    joined = with_selection(question, few, ["clicks", "efa_step"], made.services)
    assert joined.matrix.loc["pflegewohngeld", "efa_step"] == 2.0


def test_the_order_of_the_list_stands_in_the_plan_which_is_none_yet(question, begun):
    assert depends_on(question, begun) == {"statusabfrage-ausweisdokumente": "meldebescheinigungen"}
    assert begun.plan == {"projects": {"statusabfrage-ausweisdokumente": {"after": "meldebescheinigungen"}}}
    assert order_told(question, begun) == (
        "Aus der Liste: „Statusabfrage Ausweisdokumente“ nach „Meldebescheinigungen“."
    )
    assert kept_plan(basis_of(begun)) == {}
    own = {"projects": {"meldebescheinigungen": {"after": "statusabfrage-ausweisdokumente"}}}
    turned = prefilled(question, replace(begun, plan=own))
    assert turned.plan == own  # else both would wait for themselves
    assert order_told(question, turned) == ""


def test_an_offer_that_can_be_had_is_a_solution_elsewhere(changed_house):
    offer = "INSERT INTO service_offers VALUES ('{}', '{}', '', 'x', '', NULL, {}, 'i')"
    house = changed_house(
        offer.format("99115003012000", "d-NRW", "DATE '2025-01-01'"),
        offer.format("99001009004002", "d-NRW", "DATE '2031-01-01'"),
        offer.format("99107049000000", "GovDigital", "NULL"),
    )
    question = house.question()
    made = proposal(question)
    told = listed(workshop_of(question, made, "Neu", made.criteria, made.services))
    assert told["meldebescheinigungen"] == (1.0, "Angebot von d-NRW")
    assert "abfallentsorgung" not in told  # it is to come
    assert told["pflegewohngeld"][0] == 2.0  # the list says more
