"""Two facilitators in every table of a workshop: drawn entries, cell by cell, and no value is lost."""

import random

import pytest

from portalkompass.answers.base import service_list
from portalkompass.answers.workshop.decision import basis_of
from portalkompass.answers.workshop.meeting.proposal import proposal, workshop_of
from portalkompass.answers.workshop.planning.plan_inputs import COMPONENTS, quarters_from
from portalkompass.answers.workshop.planning.plan_sheets import (
    BUDGET,
    COMPONENT_SHEET,
    CONDITIONS,
    NOTHING,
    benefit_sheet,
    capacity_sheet,
    effort_sheet,
    rate_sheet,
)
from portalkompass.answers.workshop.scenario_book import CONFIDENCES, assessed_criteria
from portalkompass.answers.workshop.scenario_sheets import ANCHORS, LANES, assessment_sheet, options
from portalkompass.workspace import (
    delete_scenario,
    load_scenario,
    read_sheet,
    save_cells,
    save_scenario,
    settle,
)

DRAWS = 5
"""Pairs of forms for each table."""
DEPARTMENTS = ("IT", "FB 50")
RATES = {"day": 400.0, "hour": 50.0, "discount": 2.0, "years": 5.0}
TEXTS = ("", "Land prüft", "=1+1", "Personal, Geld")
AMOUNTS = (None, 0.0, 3.0, 12.5, -4.0)
"""The last one is refused: what a row lacks or must not hold waits as a draft."""


@pytest.fixture
def saved(house):
    question = house.question()
    made = proposal(question)
    scenario = save_scenario(
        question.workspace,
        workshop_of(question, made, "Zwei am Tisch", list(made.criteria), made.services),
        "A",
    )
    yield question.workspace, scenario
    delete_scenario(question.workspace, load_scenario(question.workspace, scenario.name), "A")


def sheets(scenario):
    """Every table that a workshop fills, and what may be entered in a column of it."""
    criterion = next(one for one in assessed_criteria(basis_of(scenario)) if one.levels)
    quarters = quarters_from(scenario.data_date)
    labels = (NOTHING, *(quarter.label for quarter in quarters))
    names = (NOTHING, *map(str, scenario.services["name"]))
    said = {"value": options(criterion), "confidence": ("", *CONFIDENCES), "note": TEXTS}
    dated = {"earliest": labels, "due": labels, "component": (NOTHING, *COMPONENTS), "after": names}
    return {
        "einschaetzung": (assessment_sheet(criterion), said),
        "bahnen": (LANES, {"lane": service_list.LANES, "lane_reason": TEXTS}),
        "anker": (ANCHORS, {"lower": (1.0, 50.0, 900.0), "upper": (10.0, 700.0, 20_000.0)}),
        "bedingungen": (CONDITIONS, {"once": AMOUNTS, "yearly": AMOUNTS, **dated}),
        "aufwand": (effort_sheet(DEPARTMENTS), {f"tage-{name}": AMOUNTS for name in DEPARTMENTS}),
        "kapazitaet": (capacity_sheet(DEPARTMENTS, quarters), dict.fromkeys(labels[1:], AMOUNTS)),
        "nutzen": (benefit_sheet(RATES), {"cases": AMOUNTS, "minutes": AMOUNTS}),
        "saetze": (rate_sheet(RATES), {"day": AMOUNTS, "discount": (1.0, 2.0, 99.0), "years": (3.0, 5.0)}),
        "budget": (BUDGET, {"euros": AMOUNTS}),
        "bausteine": (COMPONENT_SHEET, {"ready": labels}),
    }


def drawn(random_, cells, values):
    """What one person enters: up to six cells of the opened table."""
    open_cells = sorted(cell for cell in cells if cell[1] in values)
    chosen = random_.sample(open_cells, random_.randint(1, min(6, len(open_cells))))
    return {cell: random_.choice(values[cell[1]]) for cell in chosen}


@pytest.mark.parametrize(
    "table",
    [
        "einschaetzung",
        "bahnen",
        "anker",
        "bedingungen",
        "aufwand",
        "kapazitaet",
        "nutzen",
        "saetze",
        "budget",
        "bausteine",
    ],
)
def test_of_two_drawn_forms_every_value_is_stored_or_shown_beside_the_other(saved, table):
    workspace, scenario = saved
    sheet, values = sheets(scenario)[table]
    random_ = random.Random(20_251_218)
    clashed = 0
    for _ in range(DRAWS):
        opened = read_sheet(workspace, scenario.id, sheet).cells
        anna, bernd = drawn(random_, opened, values), drawn(random_, opened, values)
        if random_.random() < 0.5:  # one cell surely both
            cell = next(iter(anna))
            bernd[cell] = random_.choice(values[cell[1]])
        save_cells(workspace, scenario.id, sheet, opened, anna, "Anna")
        save_cells(workspace, scenario.id, sheet, opened, bernd, "Bernd")
        now = read_sheet(workspace, scenario.id, sheet)
        changed = [{c: v for c, v in own.items() if v != opened[c]} for own in (anna, bernd)]
        for cell in (cell for cell in opened if cell[1] in values):
            first, second = (own.get(cell, opened[cell]) for own in changed)
            if cell in changed[0] and cell in changed[1] and first != second:
                assert now.cells[cell] == first, cell
                assert [claim.value for claim in now.claims[cell]] == [second]
                assert now.claims[cell][0].who == "Bernd"
                clashed += 1
            else:
                assert now.cells[cell] == (second if cell in changed[1] else first), cell
                assert cell not in now.claims
        for cell, claims in now.claims.items():
            seen = read_sheet(workspace, scenario.id, sheet).cells[cell]
            wanted = random_.choice([seen, claims[0].value])
            settle(workspace, scenario.id, sheet, cell, wanted, seen, "Anna")
            assert read_sheet(workspace, scenario.id, sheet).cells[cell] == wanted
        assert read_sheet(workspace, scenario.id, sheet).claims == {}
    assert clashed
