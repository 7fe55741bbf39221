"""Scenarios as they are written down: from a preset, with assessments, on today's figures, as a workbook."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

import portalkompass
from portalkompass import german
from portalkompass.answers import ozg
from portalkompass.answers.decision import Basis, Decision, basis_of, weighed
from portalkompass.answers.measured import measured
from portalkompass.answers.question import Question
from portalkompass.answers.ranking_export import ranking_exhibit
from portalkompass.answers.ranking_rows import criteria_table, exhibit_of, scenario_name
from portalkompass.exhibit import Exhibit, Field
from portalkompass.prioritisation import Criterion
from portalkompass.workspace import Decision as Resolution
from portalkompass.workspace import Scenario

CONFIDENCES = ("hoch", "mittel", "gering")
Cells = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""service → criterion → {value, note, confidence}"""


def new_scenario(
    question: Question, found: Basis, weights: Mapping[str, float] | None, name: str, note: str = ""
) -> Scenario:
    """A scenario of its own from what the screen shows: preset or saved one, with the sliders' weights.

    A copy of a saved scenario keeps its matrix, assessments and data date; a preset's are of today.
    """
    chosen = {**dict(found.weights), **dict(weights or {})}
    if found.kept is not None:
        return dataclasses.replace(
            found.kept, name=name, note=note or found.kept.note, weights=chosen, locked=False, id=0, version=0
        )
    return Scenario(
        name=name,
        criteria_version=found.version,
        criteria=tuple(one.model_dump(mode="json") for one in found.criteria),
        weights=chosen,
        matrix=found.matrix,
        services=found.services[["name", "list", "lane"]],
        data_date=found.data_date,
        snapshot=question.warehouse.name,
        app_version=portalkompass.__version__,
        note=note,
    )


def with_assessments(kept: Scenario, cells: Cells) -> Scenario:
    """The scenario with these assessments; a value goes into the matrix too, an empty one makes it unknown.

    Only criteria that are assessed are taken; measured values cannot be overwritten here.
    """
    assessed = {str(one["id"]) for one in kept.criteria if one["kind"] == "assessed"}
    matrix = kept.matrix.copy()
    stored: dict[str, dict[str, Mapping[str, Any]]] = {
        service: dict(own) for service, own in kept.assessments.items()
    }
    for service, own in cells.items():
        if service not in matrix.index:
            continue
        for criterion, cell in own.items():
            if criterion not in assessed:
                continue
            value = cell.get("value")
            matrix.loc[service, criterion] = math.nan if value is None else float(value)
            stored.setdefault(service, {})[criterion] = dict(cell)
    return dataclasses.replace(kept, matrix=matrix, assessments=stored)


def refreshed(question: Question, kept: Scenario) -> Scenario:
    """The scenario on today's figures: same services, criteria, weights and assessments, measured anew.

    A service that is no longer listed keeps unknown measured values.
    """
    rows = measured(question)
    names = [str(one["id"]) for one in kept.criteria if one["kind"] == "measured"]
    matrix = kept.matrix.copy()
    today = rows.reindex(index=matrix.index, columns=names)
    for name in names:
        matrix[name] = today[name].astype("float64")
    return dataclasses.replace(
        kept,
        matrix=matrix,
        data_date=question.data_date,
        snapshot=question.warehouse.name,
        app_version=portalkompass.__version__,
    )


def then_and_today(question: Question, kept: Scenario) -> tuple[Decision, Decision]:
    """The ranking exactly as it was saved, and the same scenario on today's figures."""
    then = weighed(basis_of(kept))
    return then, weighed(basis_of(refreshed(question, kept)))


def assessed_criteria(found: Basis) -> tuple[Criterion, ...]:
    """The criteria that people assess, in the scenario's order."""
    return tuple(one for one in found.criteria if one.kind == "assessed")


def decision_table(question: Question, decision: Decision, resolutions: list[Resolution]) -> Exhibit | None:
    """What was decided against the scenario, with rank and reason; None before the first decision."""
    if not resolutions:
        return None
    ranks = decision.ranking.set_index("service_id")
    rows = pd.DataFrame(
        [
            {
                "name": decision.names.get(one.service_id, one.service_id),
                "lane": decision.lanes.get(one.service_id, ""),
                "rank": ranks["rank"].get(one.service_id),
                "decision": one.decision,
                "reason": one.reason,
                "decided_on": one.decided_on,
            }
            for one in resolutions
        ]
    )
    counts = rows["decision"].value_counts()
    headline = german.listing([f"{counts[word]} {word}" for word in counts.index])
    return exhibit_of(
        question,
        decision,
        "decisions",
        rows,
        (
            Field("name", "Leistung"),
            Field("lane", "Bahn"),
            Field("rank", "Rang in der Bahn", "integer"),
            Field("decision", "Entscheidung"),
            Field("reason", "Grund"),
            Field("decided_on", "Am", "date"),
        ),
        headline=f"Entscheidungen: {headline}",
        subtitle=f"Beschlossen auf der Grundlage von {scenario_name(decision)}",
        alt="Tabelle der Entscheidungen je Leistung.",
        source=f"{ozg.SOURCE}; Entscheidungen im Termin",
    )


def assessment_table(question: Question, decision: Decision, cells: Cells) -> Exhibit | None:
    """Every assessment with its wording, note and confidence; None without any."""
    rows = []
    for service, own in cells.items():
        for one in decision.criteria:
            if one.kind == "assessed" and one.id in own:
                cell = own[one.id]
                rows.append(
                    {
                        "name": decision.names.get(service, service),
                        "criterion": one.label,
                        "value": cell.get("value"),
                        "wording": level_text(one, cell.get("value")),
                        "confidence": cell.get("confidence") or "",
                        "note": cell.get("note") or "",
                    }
                )
    if not rows:
        return None
    return exhibit_of(
        question,
        decision,
        "assessments",
        pd.DataFrame(rows),
        (
            Field("name", "Leistung"),
            Field("criterion", "Kriterium"),
            Field("value", "Wert", "decimal1"),
            Field("wording", "Bedeutung"),
            Field("confidence", "Sicherheit"),
            Field("note", "Notiz"),
        ),
        headline=f"{german.count(len(rows), 'Einschätzung', 'Einschätzungen')} aus dem Termin",
        subtitle=f"Werte, Sicherheit und Notizen · {scenario_name(decision)}",
        alt="Tabelle der Einschätzungen.",
        source="Einschätzung im Termin",
    )


def workbook(
    question: Question, found: Basis, decision: Decision, resolutions: list[Resolution]
) -> dict[str, Exhibit]:
    """Every input and result of a scenario, sheet name → table, for one Excel file."""
    cells = found.kept.assessments if found.kept else {}
    sheets = {
        "Reihenfolge": ranking_exhibit(question, decision),
        "Kriterien": criteria_table(question, decision),
        "Einschätzungen": assessment_table(question, decision, cells),
        "Entscheidungen": decision_table(question, decision, resolutions),
    }
    return {name: exhibit for name, exhibit in sheets.items() if exhibit is not None}


def level_text(criterion: Criterion, value: object) -> str:
    """The anchored wording of a level; empty for unknown values and for scales without levels."""
    if german.is_missing(value):
        return ""
    return next((level.label for level in criterion.levels if level.value == float(str(value))), "")
