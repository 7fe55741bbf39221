"""Assessing together: what a round asks, how far departments lie apart, and the value that a group takes over."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import service_list
from portalkompass.answers.base.question import Question, columns
from portalkompass.answers.workshop.decision import Decision
from portalkompass.answers.workshop.planning.plan_inputs import departments_of, each_department
from portalkompass.answers.workshop.scenario_book import assessment_table, level_text
from portalkompass.answers.workshop.scenario_sheets import assessment_sheet, option
from portalkompass.exhibit import Exhibit, Field
from portalkompass.prioritisation import Criterion, consensus
from portalkompass.suppression import SMALLEST, is_small
from portalkompass.workspace import (
    Agenda,
    Round,
    Scenario,
    Workspace,
    assessment_rounds,
    save_cells,
    voices,
)

SOURCE = "Einschätzung der Stellen auf eigenen Geräten"
NO_ROUTE = "nicht genannt"
"""The list's word for a route that nobody has named."""
FEW = f"weniger als {SMALLEST} Stimmen"
Asked = Mapping[str, Sequence[str]]
"""service → criteria"""


@dataclass(frozen=True, eq=False)
class Assessed:
    """The voices on a scenario's cells: of each cell those of its newest round that has any.

    ``cells``: as `prioritisation.consensus`, with round (that the voices are of) and rounds (how many had voices).
    ``counted``: these voices themselves. ``named``: the setting allows departments by name. ``full``: the reader leads
    the workshop; others see no cell of so few voices that single people show through.
    """

    scenario: Scenario
    criteria: Mapping[str, Criterion]
    rounds: tuple[Round, ...]
    cells: pd.DataFrame
    counted: pd.DataFrame
    named: bool
    full: bool

    @property
    def shown(self) -> pd.DataFrame:
        """The cells whose voices this reader may see."""
        if self.full or self.named:
            return self.cells
        return self.cells[~self.cells["voices"].map(is_small)]


def ladders(decision: Decision) -> dict[str, Criterion]:
    """The criteria that are assessed in steps."""
    return {one.id: one for one in decision.criteria if one.kind == "assessed" and one.levels}


def content(
    question: Question, decision: Decision, scenario: Scenario, agenda: Agenda, only: Asked | None = None
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Criteria and content of a round (see `workspace.open_assessment`); ``only`` these cells, else all.

    Departments are those of the list and of the workshop; each knows the services that the list gives it.
    """
    steps = ladders(decision)
    named = departments_of(question, decision)
    departments: dict[str, list[str]] = {}
    for service in decision.names:
        for name in each_department(named[service]):
            departments.setdefault(name, []).append(service)
    departments = {name: departments.get(name, []) for name in sorted({*departments, *agenda.departments})}
    asked = {service: list(steps) for service in decision.names} if only is None else only
    names = {service: decision.names[service] for service in asked}
    told = [
        {
            "id": one.id,
            "label": one.label,
            "help": one.help,
            "direction": one.direction,
            "levels": [{"value": level.value, "label": level.label} for level in one.levels],
        }
        for one in steps.values()
        if any(one.id in cells for cells in asked.values())
    ]
    cells = {service: list(own) for service, own in asked.items()}
    listed = {service: text for service, text in _listed(question, decision).items() if service in cells}
    content = {"services": names, "departments": departments, "cells": cells, "listed": listed}
    return told, content | {"steps": _listed_steps(scenario, cells)}


def _listed_steps(scenario: Scenario, cells: Asked) -> dict[str, dict[str, float]]:
    """Service → criterion → the step that stands there because a list says so, of the cells that are asked."""
    stored = {service: scenario.assessments.get(service, {}) for service in cells}
    steps = {
        service: {
            name: float(own[name]["value"]) for name in cells[service] if own.get(name, {}).get("listed")
        }
        for service, own in stored.items()
    }
    return {service: own for service, own in steps.items() if own}


def _listed(question: Question, decision: Decision) -> dict[str, str]:
    """What the city's list says of services that bears on their assessment: the route, its evidence, what is before."""
    rows = service_list.services(question.warehouse, question.settings)
    rows = rows[rows["service"].isin(list(decision.names))].fillna("")
    told = {}
    for row in rows.to_dict("records"):
        route = "" if row["route"] == NO_ROUTE else row["route"]
        before = [decision.names.get(name, name) for name in each_department(str(row["depends_on"]))]
        after = f"nach {german.listing([f'„{name}“' for name in before])}" if before else ""
        if text := "; ".join(str(part) for part in (route, row["route_evidence"], after) if part):
            told[str(row["service"])] = text
    return told


def assessed(question: Question, decision: Decision, scenario: Scenario, *, full: bool) -> Assessed | None:
    """What was said in the rounds of a scenario; None without any round.

    Raises:
        WorkspaceError: the workspace cannot be read.
    """
    held = assessment_rounds(question.workspace, scenario.id)
    if not held:
        return None
    criteria = ladders(decision)
    every = pd.concat(
        [voices(question.workspace, one).assign(round=_number(one)) for one in held], ignore_index=True
    )
    every = every[every["criterion"].isin(criteria) & every["service"].isin(list(decision.names))]
    cell = every.groupby(["service", "criterion"])["round"]
    every = every.assign(rounds=cell.transform("nunique"))
    counted = every[every["round"] == cell.transform("max")]
    steps = {name: [level.value for level in one.levels] for name, one in criteria.items()}
    lower = [name for name, one in criteria.items() if one.direction == "lower"]
    cells = consensus(counted, steps, lower)
    of_cell = counted.drop_duplicates(["service", "criterion"])
    cells = cells.merge(of_cell[["service", "criterion", "round", "rounds"]], on=["service", "criterion"])
    named = question.settings.workshop_names_departments
    return Assessed(scenario, criteria, tuple(held), cells, counted, named, full)


def agreement_map(question: Question, decision: Decision, found: Assessed) -> Exhibit | None:
    """Services × criteria with the agreement of each cell; None while no cell has two voices."""
    known = found.shown[found.shown["agreement"].notna()]
    if known.empty:
        return None
    rows = pd.DataFrame(
        {
            "label": known["service"].map(decision.names),
            "criterion": known["criterion"].map(decision.labels),
            "agreement": known["agreement"],
            "voices": known["voices"],
            "unknown": known["unknown"],
            "apart": known["apart"],
        }
    )
    rows = rows.sort_values(["label", "criterion"], kind="stable").reset_index(drop=True)
    mean, lot = float(known["agreement"].mean()), float(known["chance"].mean())
    split = int((known["apart"] > 1).sum())
    headline = (
        f"Bei {german.count(split, 'Feld', 'Feldern')} liegen die Stimmen mehr als eine Stufe auseinander"
        if split
        else "Bei keinem Feld liegen die Stimmen mehr als eine Stufe auseinander"
    )
    return decision.exhibit(
        question,
        "assessment_agreement",
        rows,
        (
            *columns(label="Leistung", criterion="Kriterium"),
            Field("agreement", "Einigkeit", "percent"),
            *columns("integer", voices="Stimmen", unknown="Weiß nicht", apart="Stufen auseinander"),
        ),
        kind="heatmap",
        headline=headline,
        subtitle=f"Einigkeit je Feld ab zwei Stimmen, im Mittel {german.percent(mean, 0)}, per Los wären es "
        f"{german.percent(lot, 0)} · {decision.title}",
        alt=f"Feld je Leistung und Kriterium mit der Einigkeit der Stimmen. {headline}.",
        source=SOURCE,
        x="criterion",
        y="label",
        size="agreement",
        notes=(
            "„Weiß nicht“ ist keine Stimme und zählt nicht mit; leere Felder haben weniger als zwei Stimmen.",
        ),
    )


def apart_table(question: Question, decision: Decision, found: Assessed) -> Exhibit | None:
    """Every cell with its voices, the widest apart first, and who speaks first; None while there are none."""
    cells = found.shown
    if cells.empty:
        return None
    rows = pd.DataFrame(
        [
            {
                "name": decision.names[row["service"]],
                "criterion": decision.labels[row["criterion"]],
                "voices": row["voices"],
                "unknown": row["unknown"],
                "least": level_text(found.criteria[row["criterion"]], row["least"]),
                "most": level_text(found.criteria[row["criterion"]], row["most"]),
                "middle": level_text(found.criteria[row["criterion"]], row["middle"]),
                "first": outliers(found, row),
                "round": row["round"],
            }
            for row in cells.to_dict("records")
        ]
    )
    counts = f"{german.count(len(rows), 'Feld', 'Felder')} mit Angaben"
    return decision.exhibit(
        question,
        "assessment_voices",
        rows,
        (
            *columns(name="Leistung", criterion="Kriterium"),
            *columns("integer", voices="Stimmen", unknown="Weiß nicht"),
            *columns(least="Von", most="Bis", middle="Mitte", first="Spricht zuerst"),
            Field("round", "Runde", "integer"),
        ),
        headline=f"{counts}, die am weitesten auseinander liegen zuerst",
        alt="Tabelle der eingeschätzten Felder mit Zahl der Stimmen, Spanne und Mitte.",
        folded=(
            "unknown",
            "first",
            "round",
        ),  # who speaks first stands above the table; so the middle is in sight
        source=SOURCE,
    )


def outliers(found: Assessed, row: Mapping[Hashable, Any]) -> str:
    """Who stands farthest from the middle: by department where the setting allows, else how many of five or more."""
    if row["apart"] < 1 or (not found.named and is_small(row["voices"])):
        return ""
    own = found.counted
    own = own[
        (own["service"] == row["service"]) & (own["criterion"] == row["criterion"]) & (own["value"].notna())
    ]
    criterion = found.criteria[str(row["criterion"])]
    order = {level.value: place for place, level in enumerate(criterion.levels)}
    places = own["value"].map(order)
    away = (places - places.median()).abs()
    farthest = own[away == away.max()]
    said = []
    for value, alike in farthest.groupby("value"):
        who = (
            german.listing(sorted(set(alike["department"])))
            if found.named
            else f"{len(alike)} von {german.count(row['voices'], 'Stimme', 'Stimmen')}"
        )
        said.append(f"{who}: „{level_text(criterion, value)}“")
    return "; ".join(said)


def votes_told(found: Assessed, row: Mapping[Hashable, Any]) -> str:
    """What stays with an agreed value of its votes: how many, from where to where, in which round.

    Of few voices neither spread nor count, unless departments may be named anyway: it stays when the ballots are gone.
    """
    rounds = "" if row["rounds"] < 2 else f", {german.count(row['rounds'], 'Runde', 'Runden')}"  # noqa: PLR2004
    if not found.named and is_small(row["voices"]):
        return f"{FEW}{rounds}"
    criterion = found.criteria[str(row["criterion"])]
    ends = [level_text(criterion, row[name]) for name in ("least", "most")]
    spread = f"alle „{ends[0]}“" if ends[0] == ends[1] else f"„{ends[0]}“ bis „{ends[1]}“"
    unknown = f", {row['unknown']} weiß nicht" if row["unknown"] else ""
    return f"{german.count(row['voices'], 'Stimme', 'Stimmen')}{unknown}: {spread}{rounds}"


def waiting(found: Assessed) -> pd.DataFrame:
    """The cells whose middle is not the scenario's value with its votes yet, the widest apart first."""
    stored = found.scenario.assessments
    taken = [
        (cell := stored.get(row["service"], {}).get(row["criterion"], {})).get("value") == row["middle"]
        and cell.get("votes") == votes_told(found, row)
        for row in found.cells.to_dict("records")
    ]
    return found.cells[~pd.Series(taken, index=found.cells.index, dtype="bool") & (found.cells["voices"] > 0)]


def take_over(workspace: Workspace, found: Assessed, cells: pd.DataFrame, who: str) -> None:
    """The middle of these cells becomes the scenario's value and keeps its votes; saved cell by cell.

    Where someone filled a cell differently since ``found`` was read, both values stand to choose, as in the table.

    Raises:
        WorkspaceError: the scenario is locked, decided upon or gone; nothing was written.
    """
    for criterion, own in cells.groupby("criterion", sort=False):
        scale = found.criteria[str(criterion)]
        sheet = assessment_sheet(scale)
        before = sheet.rows(found.scenario)
        opened: dict[tuple[str, str], Any] = {}
        mine: dict[tuple[str, str], Any] = {}
        for row in own.to_dict("records"):
            service = str(row["service"])
            new = {"value": option(scale, row["middle"]), "votes": votes_told(found, row)}
            opened |= {(service, name): before[service][name] for name in new}
            mine |= {(service, name): value for name, value in new.items()}
        save_cells(workspace, found.scenario.id, sheet, opened, mine, who)


def of_votes(question: Question, decision: Decision, scenario: Scenario) -> Exhibit | None:
    """The assessments that votes of departments stand behind, for the minutes; None without any."""
    cells = {
        service: own
        for service, values in scenario.assessments.items()
        if (own := {name: cell for name, cell in values.items() if cell.get("votes")})
    }
    made = assessment_table(question, decision, cells)
    if made is None:
        return None
    told = f"{german.count(len(made.frame), 'Feld', 'Felder')} nach Stimmen der Stellen"
    return replace(made, id="agreed_assessments", headline=f"Gemeinsam eingeschätzt: {told}")


def _number(voting: Round) -> int:
    return int((voting.assessing or {}).get("number", 1))
