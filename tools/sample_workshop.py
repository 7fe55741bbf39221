"""A workshop half-way through, for pictures: assessed and weighed from devices, with the limits of a plan.

``hold(settings)`` writes it into the workspace of these settings, where sample data are published. All of it is
invented, drawn with a fixed seed.
"""

from __future__ import annotations

import random

from portalkompass.answers import default_filters
from portalkompass.answers.asking import ask
from portalkompass.answers.workshop.decision import basis_of, weighed
from portalkompass.answers.workshop.meeting.assessments import assessed, content, take_over, waiting
from portalkompass.answers.workshop.meeting.proposal import proposal, workshop_of
from portalkompass.answers.workshop.planning.plan_inputs import (
    SHARED,
    departments_of,
    planned_departments,
    quarters_from,
)
from portalkompass.answers.workshop.planning.plan_sheets import DAYS, capacity_sheet, effort_sheet
from portalkompass.prioritisation import median_weights
from portalkompass.settings import Settings
from portalkompass.warehouse.reader import open_published
from portalkompass.workspace import (
    Round,
    Scenario,
    Sheet,
    Workspace,
    adopt,
    assess,
    begin_workshop,
    cast,
    load_scenario,
    open_assessment,
    open_round,
    opinions,
    save_cells,
    show_spread,
    turn_clock,
    workspace_of,
)

NAME, WHO = "Workshop im Beispiel", "Moderation"
DEVICES, VOICES = 9, 12
STEP = "Entscheiden"


def hold(settings: Settings, name: str = NAME) -> Scenario:
    """The workshop as it stands when the plan is talked about; both rounds are open, what was assessed is shown."""
    warehouse, workspace = open_published(settings), workspace_of(settings)
    question = ask(warehouse, workspace, default_filters(warehouse, settings), settings)
    draw = random.Random(19)  # noqa: S311 a picture is no secret
    made = proposal(question)
    draft = workshop_of(question, made, name, made.criteria, made.services)
    scenario = begin_workshop(workspace, draft, made.agenda, WHO)
    decision = weighed(basis_of(scenario))
    named = departments_of(question, decision)
    criteria, asked = content(question, decision, scenario, made.agenda)
    _assess(workspace, open_assessment(workspace, scenario, criteria, asked, WHO), draw)
    found = assessed(question, decision, scenario, full=True)
    assert found is not None
    cells = waiting(found)
    take_over(workspace, found, cells[cells["apart"] < 2], WHO)  # noqa: PLR2004 what lies apart is still talked about
    _vote(workspace, load_scenario(workspace, name), draw)
    _limit(workspace, load_scenario(workspace, name), planned_departments(named, {}), draw)
    turn_clock(workspace, scenario.id, STEP, WHO)
    return load_scenario(workspace, name)


def _assess(workspace: Workspace, opened: Round, draw: random.Random) -> None:
    """Each device says a step near the one that most mean, now and then another one, now and then nothing."""
    asked = opened.assessing or {}
    departments = [name for name, own in asked["departments"].items() if own] or list(asked["departments"])
    levels = {one["id"]: [step["value"] for step in one["levels"]] for one in opened.criteria}
    meant = {
        (service, name): draw.randrange(len(levels[name]))
        for service, names in asked["cells"].items()
        for name in names
    }
    for number in range(DEVICES):
        device = f"sample-{number}"
        assess(workspace, opened.id, device, department=departments[number % len(departments)])
        for service in asked["cells"]:
            assess(workspace, opened.id, device, opened=service)
            given = {
                name: None
                if draw.random() < 0.15  # noqa: PLR2004
                else _near(steps, meant[service, name], draw)
                for name, steps in levels.items()
                if (service, name) in meant
            }
            assess(workspace, opened.id, device, given={service: given})
    show_spread(workspace, opened, WHO, shown=True)


def _near(steps: list[float], place: int, draw: random.Random) -> float:
    moved = place + draw.choice((0, 0, 0, 0, 0, -1, 1, 2))
    return steps[min(max(moved, 0), len(steps) - 1)]


def _vote(workspace: Workspace, scenario: Scenario, draw: random.Random) -> None:
    """Everybody weighs all criteria; the median is taken over, the vote stays open and covered."""
    ballot = tuple(
        {"id": one["id"], "label": one["label"], "help": one["help"], "start": 50}
        for one in scenario.criteria
    )
    opened = open_round(workspace, scenario, ballot, WHO)
    usual = {one["id"]: draw.randrange(20, 90) for one in ballot}
    for number in range(VOICES):
        points = {name: float(min(max(own + draw.randrange(-30, 31), 0), 100)) for name, own in usual.items()}
        cast(workspace, opened.id, f"sample-{number}", points, moved=list(points))
    adopt(workspace, opened, median_weights(*opinions(workspace, opened)), WHO)


def _limit(
    workspace: Workspace, scenario: Scenario, departments: tuple[str, ...], draw: random.Random
) -> None:
    """Days of every service and department, and of IT less than all services need."""
    services = list(scenario.services.index)
    days: dict[tuple[str, str], object] = {
        (service, f"{DAYS}{name}"): float(draw.randrange(2, 25))
        for service in services
        for name in departments
    }
    days |= {(service, "duration"): float(draw.randrange(1, 3)) for service in services}
    _fill(workspace, scenario, effort_sheet(departments), days)
    quarters = quarters_from(scenario.data_date)
    room: dict[tuple[str, str], object] = {
        (name, quarter.label): 14.0 if name == SHARED else 25.0
        for name in departments
        for quarter in quarters
    }
    _fill(workspace, load_scenario(workspace, scenario.name), capacity_sheet(departments, quarters), room)


def _fill(
    workspace: Workspace, scenario: Scenario, sheet: Sheet, cells: dict[tuple[str, str], object]
) -> None:
    before = sheet.rows(scenario)
    opened = {(row, column): before[row][column] for row, column in cells}
    save_cells(workspace, scenario.id, sheet, opened, cells, WHO)
