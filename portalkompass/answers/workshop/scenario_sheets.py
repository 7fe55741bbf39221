"""The tables that a workshop fills together, as cells: assessments of one criterion, lanes, anchors."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from portalkompass import german
from portalkompass.answers.workshop.decision import CANDIDATE
from portalkompass.answers.workshop.scenario_book import (
    level_text,
    with_assessments,
    with_lanes,
    with_new_anchors,
)
from portalkompass.prioritisation import Criterion, PrioritisationError
from portalkompass.workspace import Scenario, Sheet, WorkspaceError

UNKNOWN = "unbekannt"
Row = Mapping[str, Any]


def assessment_sheet(criterion: Criterion) -> Sheet:
    """Value (in its wording where the criterion has steps), confidence and note of every service.

    ``votes`` says what votes the value stands on, ``listed`` what list it is from; both go when another value is
    entered.
    """
    return Sheet(
        f"einschaetzung-{criterion.id}",
        f"Einschätzung „{criterion.label}“ geändert",
        {
            "value": "Wert",
            "confidence": "Sicherheit",
            "note": "Notiz",
            "votes": "Stimmen",
            "listed": "Laut Liste",
        },
        _names,
        partial(_assessed, criterion),
        partial(_with_assessment, criterion),
    )


def options(criterion: Criterion) -> list[str]:
    """What can be chosen as value of a criterion with steps."""
    return [UNKNOWN, *(option(criterion, level.value) for level in criterion.levels)]


def _names(scenario: Scenario) -> dict[str, str]:
    return {str(service): str(name) for service, name in scenario.services["name"].items()}


def _assessed(criterion: Criterion, scenario: Scenario) -> dict[str, Row]:
    known = scenario.matrix.get(criterion.id)
    rows: dict[str, Row] = {}
    for service in map(str, scenario.matrix.index):
        cell = scenario.assessments.get(service, {}).get(criterion.id, {})
        raw = None if known is None else known.to_dict()[service]
        value = None if german.is_missing(raw) else float(str(raw))
        shown = value if not criterion.levels else UNKNOWN if value is None else option(criterion, value)
        rows[service] = {
            "value": shown,
            "confidence": cell.get("confidence") or "",
            "note": cell.get("note") or "",
            "votes": cell.get("votes") or "",
            "listed": cell.get("listed") or "",
        }
    return rows


def option(criterion: Criterion, value: float) -> str:
    """A step as the table writes it: its number and its wording."""
    text = level_text(criterion, value)
    return f"{value:g} · {text}" if text else f"{value:g}"


def _with_assessment(criterion: Criterion, scenario: Scenario, service: str, row: Row) -> Scenario:
    stored = _assessed(criterion, scenario)[service]
    votes = row["votes"] if row["value"] == stored["value"] or row["votes"] != stored["votes"] else ""
    value = row["value"]
    if criterion.levels:
        value = {option(criterion, level.value): level.value for level in criterion.levels}.get(str(value))
    cell = {"value": value, "confidence": row["confidence"] or "", "note": str(row["note"] or "").strip()}
    cell |= {"votes": votes} if votes else {}
    cell |= {"listed": stored["listed"]} if stored["listed"] and row["value"] == stored["value"] else {}
    return with_assessments(scenario, {service: {criterion.id: cell}})


def _lanes(scenario: Scenario) -> dict[str, Row]:
    listed = scenario.services[scenario.services["list"] != CANDIDATE]
    return {
        str(service): {"lane": row["lane"] or "", "lane_reason": row["lane_reason"] or ""}
        for service, row in listed.to_dict("index").items()
    }


def _with_lane(scenario: Scenario, service: str, row: Row) -> Scenario:
    return with_lanes(scenario, {service: (str(row["lane"] or ""), str(row["lane_reason"] or ""))})


LANES = Sheet("bahnen", "Bahn geändert", {"lane": "Bahn", "lane_reason": "Grund"}, _names, _lanes, _with_lane)
"""Lane and reason of every service of the list; candidates keep theirs."""


def _scales(scenario: Scenario) -> list[Criterion]:
    """Criteria with anchors: steps have none."""
    defined = [Criterion.model_validate(dict(criterion)) for criterion in scenario.criteria]
    return [criterion for criterion in defined if criterion.scale != "ladder"]


def _criteria_names(scenario: Scenario) -> dict[str, str]:
    return {criterion.id: criterion.label for criterion in _scales(scenario)}


def _anchors(scenario: Scenario) -> dict[str, Row]:
    pairs = {one.id: scenario.anchors.get(one.id, (one.lower, one.upper)) for one in _scales(scenario)}
    return {name: {"lower": float(lower), "upper": float(upper)} for name, (lower, upper) in pairs.items()}


def _with_anchor(scenario: Scenario, criterion: str, row: Row) -> Scenario:
    if row["lower"] is None or row["upper"] is None:
        raise WorkspaceError("Beide Anker brauchen eine Zahl.")
    try:
        return with_new_anchors(scenario, {criterion: (float(row["lower"]), float(row["upper"]))})
    except PrioritisationError as fault:
        raise WorkspaceError(str(fault)) from None


ANCHORS = Sheet(
    "anker",
    "Anker geändert",
    {"lower": "Unterer Anker", "upper": "Oberer Anker"},
    _criteria_names,
    _anchors,
    _with_anchor,
)
"""Lower and upper anchor of every criterion that has a scale."""
