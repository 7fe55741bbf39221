"""Scenarios as they are written down: from a preset, with assessments, on today's figures, as workbook and log."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

import portalkompass
from portalkompass import german
from portalkompass.answers.base import service_list
from portalkompass.answers.base.question import Question, columns
from portalkompass.answers.workshop.criterion_values import criterion_values, criterion_windows
from portalkompass.answers.workshop.decision import CANDIDATE, Basis, Decision, basis_of, weighed
from portalkompass.answers.workshop.plan import answer_on, kept_plan, planned
from portalkompass.answers.workshop.ranking_export import ranking_exhibit
from portalkompass.answers.workshop.ranking_rows import criteria_table
from portalkompass.answers.workshop.workshop_rows import spread_chart
from portalkompass.exhibit import Exhibit, Field
from portalkompass.prioritisation import Agreement, Criterion, ends
from portalkompass.prioritisation import with_anchors as criteria_with_anchors
from portalkompass.workspace import Decision as Resolution
from portalkompass.workspace import Scenario, WorkspaceError, audit_list

OFF_LIST = "Hohe Nachfrage, nicht auf der Liste"
CONFIDENCES = ("hoch", "mittel", "gering")
Cells = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""service → criterion → {value, note, confidence, votes, listed}; votes and listed in words, where the value stands on
votes or is from a list"""
MOST_CHANGES = 100
"""The newest changes that the log of a workshop shows."""
OF_SCENARIOS = (
    *("Szenario", "Entscheidung", "Abstimmung", "Stimmen", "Median", "Einschätzung", "Anker", "Bahn"),
    *("Aufwand", "Bedingung", "Kapazität", "Budget", "Baustein", "Nutzen", "Satz"),
    *("Workshop", "Protokoll", "Ins Protokoll", "Aus dem Protokoll"),
)
"""First words of changes that belong to scenarios, and so to no property; every other kind may name pages of one."""
UNTOLD = "kann zu einer Property gehören, für die Ihr Konto nicht freigeschaltet ist"


def new_scenario(
    question: Question, basis: Basis, weights: Mapping[str, float] | None, name: str, note: str = ""
) -> Scenario:
    """A scenario of its own from what the screen shows: preset or saved one, with the sliders' weights.

    A copy of a saved scenario keeps its matrix, assessments and data date; a preset's are of today.
    """
    chosen = {**dict(basis.weights), **dict(weights or {})}
    if basis.kept is not None:
        return dataclasses.replace(
            basis.kept, name=name, note=note or basis.kept.note, weights=chosen, locked=False, id=0, version=0
        )
    return Scenario(
        name=name,
        criteria_version=basis.version,
        criteria=tuple(criterion.model_dump(mode="json") for criterion in basis.criteria),
        weights=chosen,
        matrix=basis.matrix,
        services=basis.services[["name", "list", "lane", "lane_reason", "trend_note"]],
        data_date=basis.data_date,
        snapshot=question.warehouse.snapshot,
        app_version=portalkompass.__version__,
        note=note,
    )


def with_assessments(scenario: Scenario, cells: Cells) -> Scenario:
    """The scenario with these assessments; a value goes into the matrix too, an empty one makes it unknown.

    Only criteria that are assessed are taken; measured values cannot be overwritten here.
    """
    assessed = {str(criterion["id"]) for criterion in scenario.criteria if criterion["kind"] == "assessed"}
    matrix = scenario.matrix.copy()
    stored: dict[str, dict[str, Mapping[str, Any]]] = {
        service: dict(own) for service, own in scenario.assessments.items()
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
    return dataclasses.replace(scenario, matrix=matrix, assessments=stored)


def refreshed(question: Question, scenario: Scenario) -> Scenario:
    """The scenario on today's figures: same services, criteria, weights and assessments, measured anew.

    A service that is no longer listed keeps unknown measured values. Measured criteria that name their months name
    today's.
    """
    names = [str(criterion["id"]) for criterion in scenario.criteria if criterion["kind"] == "measured"]
    measured = criterion_values(question)
    own = [*names, *(end for name in names for end in ends(name) if end in measured)]
    today = measured.reindex(index=scenario.matrix.index, columns=own).astype("float64")
    months = criterion_windows(question)
    return dataclasses.replace(
        scenario,
        matrix=scenario.matrix.assign(**today),
        criteria=tuple(
            {**criterion, "window": months.get(str(criterion["id"]), "")}
            if criterion.get("window")
            else criterion
            for criterion in scenario.criteria
        ),
        services=scenario.services.assign(trend_note=measured["trend_note"].reindex(scenario.matrix.index)),
        data_date=question.data_date,
        snapshot=question.warehouse.snapshot,
        app_version=portalkompass.__version__,
    )


def then_and_today(question: Question, scenario: Scenario) -> tuple[Decision, Decision]:
    """The ranking exactly as it was saved, and the same scenario on today's figures."""
    then = weighed(basis_of(scenario))
    return then, weighed(basis_of(refreshed(question, scenario)))


def candidates(off_list: tuple[Exhibit, ...], basis: Basis) -> pd.DataFrame:
    """Rows of *Hohe Nachfrage, nicht auf der Liste* that the scenario has not taken up yet."""
    if not off_list:
        return pd.DataFrame()
    rows = off_list[0].frame
    return rows[~rows["service_id"].isin(basis.services.index)].reset_index(drop=True)


def measured_values(question: Question, scenario: Scenario, service: str) -> dict[str, float]:
    """What is measured today of a service, for every measured criterion of the scenario, with the ends of intervals.

    A service that no page is linked to has none: all stay unknown.
    """
    names = [str(criterion["id"]) for criterion in scenario.criteria if criterion["kind"] == "measured"]
    values = criterion_values(question)
    own = [column for name in names for column in (name, *ends(name)) if column in values]
    if service not in values.index:
        return {}
    measured = values[own].astype("float64").to_dict("index")[service]
    return {str(column): float(value) for column, value in measured.items()}


def with_candidate(scenario: Scenario, service: str, name: str, values: Mapping[str, float]) -> Scenario:
    """The scenario with one candidate more: a lane of its own, what is not measured stays unknown.

    Raises:
        WorkspaceError: the service is in the scenario already.
    """
    if service in scenario.matrix.index:
        raise WorkspaceError(f"„{name}“ gehört schon zum Szenario.")
    row = pd.DataFrame([values], index=[service]).reindex(columns=scenario.matrix.columns).astype("float64")
    text = pd.DataFrame(
        [{"name": name, "list": CANDIDATE, "lane": CANDIDATE, "lane_reason": OFF_LIST}], index=[service]
    )
    services = pd.concat([scenario.services, text.reindex(columns=scenario.services.columns)])
    return dataclasses.replace(scenario, matrix=pd.concat([scenario.matrix, row]), services=services)


def with_lanes(scenario: Scenario, lanes: Mapping[str, tuple[str, str]]) -> Scenario:
    """The scenario with other lanes (service → lane, reason); a changed lane needs a reason of its own.

    Candidates keep theirs: they never stand among the list's services.

    Raises:
        WorkspaceError: a lane is not one of ``service_list.LANES``, or it changed without a new reason.
    """
    services = scenario.services.copy()
    present = scenario.services.to_dict("index")
    for service, (lane, reason) in lanes.items():
        own = present.get(service)
        if own is None or own["lane"] == CANDIDATE:
            continue
        name = own["name"]
        if lane not in service_list.LANES:
            raise WorkspaceError(
                f"„{name}“: Die Bahn „{lane}“ ist nicht vorgesehen; es gibt: {', '.join(service_list.LANES)}."
            )
        if lane != own["lane"] and reason.strip() in ("", own["lane_reason"]):
            raise WorkspaceError(f"„{name}“ wechselt die Bahn: Bitte den Grund nennen.")
        services.loc[service, ["lane", "lane_reason"]] = [lane, reason.strip()]
    return dataclasses.replace(scenario, services=services)


def with_new_anchors(scenario: Scenario, anchors: Mapping[str, tuple[float, float]]) -> Scenario:
    """The scenario with these anchors (lower, upper); only those that differ from the definition are kept.

    Raises:
        PrioritisationError: a pair does not make a scale.
    """
    defined = {
        str(criterion["id"]): Criterion.model_validate(dict(criterion)) for criterion in scenario.criteria
    }
    own = {
        name: pair
        for name, pair in {**dict(scenario.anchors), **dict(anchors)}.items()
        if name in defined and pair != (defined[name].lower, defined[name].upper)
    }
    criteria_with_anchors(tuple(defined.values()), own)
    return dataclasses.replace(scenario, anchors=own)


def assessed_criteria(basis: Basis) -> tuple[Criterion, ...]:
    """The criteria that people assess, in the scenario's order."""
    return tuple(criterion for criterion in basis.criteria if criterion.kind == "assessed")


def decision_table(question: Question, decision: Decision, resolutions: list[Resolution]) -> Exhibit | None:
    """What was decided against the scenario, with rank and reason; None before the first decision."""
    if not resolutions:
        return None
    ranks = decision.ranking.set_index("service_id")
    rows = pd.DataFrame(
        [
            {
                "name": decision.names.get(resolution.service_id, resolution.service_id),
                "lane": decision.lanes.get(resolution.service_id, ""),
                "rank": ranks["rank"].get(resolution.service_id),
                "standing": ranks["standing"].get(resolution.service_id),
                "decision": resolution.decision,
                "reason": resolution.reason,
                "decided_on": resolution.decided_on,
            }
            for resolution in resolutions
        ]
    )
    counts = rows["decision"].value_counts()
    headline = german.listing([f"{counts[word]} {word}" for word in counts.index])
    return decision.exhibit(
        question,
        "decisions",
        rows,
        (
            *columns(name="Leistung", lane="Bahn"),
            Field("rank", "Rang in der Bahn", "integer"),
            *columns(standing="Punkte beruhen auf", decision="Entscheidung"),
            *(columns(reason="Grund") if rows["reason"].any() else ()),
            Field("decided_on", "Am", "date"),
        ),
        headline=f"Entscheidungen: {headline}",
        subtitle=f"Beschlossen auf der Grundlage von {decision.title}",
        alt="Tabelle der Entscheidungen je Leistung.",
        source=f"{service_list.SOURCE}; Entscheidungen im Termin",
    )


def assessment_table(question: Question, decision: Decision, cells: Cells) -> Exhibit | None:
    """Every assessment with its wording, note and confidence; None without any."""
    rows = [
        {
            "name": decision.names[service],
            "criterion": criterion.label,
            "value": cell.get("value"),
            "wording": level_text(criterion, cell.get("value")),
            "confidence": cell.get("confidence") or "",
            "note": cell.get("note") or "",
            "votes": cell.get("votes") or "",
            "listed": cell.get("listed") or "",
        }
        for service, own in cells.items()
        if service in decision.names  # what was taken out keeps its own, unseen
        for criterion in decision.criteria
        if criterion.kind == "assessed" and (cell := own.get(criterion.id)) is not None
    ]
    if not rows:
        return None
    listed = sum(1 for row in rows if row["listed"])
    return decision.exhibit(
        question,
        "assessments",
        pd.DataFrame(rows),
        (
            *columns(name="Leistung", criterion="Kriterium"),
            Field("value", "Wert", "decimal1"),
            *columns(wording="Bedeutung"),
            *(
                columns(
                    **_said(rows, confidence="Sicherheit", note="Notiz", votes="Stimmen", listed="Laut Liste")
                )
            ),
        ),
        headline=_origin(len(rows), listed),
        subtitle=f"Werte, Sicherheit und Notizen · {decision.title}",
        alt="Tabelle der Einschätzungen.",
        source=f"Einschätzung im Termin; {service_list.SOURCE}" if listed else "Einschätzung im Termin",
    )


def _said(rows: list[dict[str, Any]], **labels: str) -> dict[str, str]:
    """Of these columns those in which any row says something: an empty one takes room from the others on paper."""
    return {name: label for name, label in labels.items() if any(row[name] for row in rows)}


def _origin(count: int, listed: int) -> str:
    """How many assessments there are, and how many of them nobody has changed since a list gave them."""
    if count == listed:
        return f"{german.count(count, 'Einschätzung', 'Einschätzungen')} aus der Liste"
    told = f"{german.count(count, 'Einschätzung', 'Einschätzungen')} aus dem Termin"
    return f"{told}, davon {listed} aus der Liste" if listed else told


def workbook(
    question: Question,
    basis: Basis,
    decision: Decision,
    resolutions: list[Resolution],
    votes: Agreement | None = None,
    ballot: Mapping[str, str] | None = None,
    assessed: Exhibit | None = None,
    promised: Exhibit | None = None,
) -> dict[str, Exhibit]:
    """Every input and result of a scenario, sheet name → table, for one Excel file.

    ``ballot``: labels of the votes; ``assessed``: what departments said of each cell; ``promised``: what was told
    of the services when they were decided.
    """
    cells = basis.kept.assessments if basis.kept else {}
    sheets = {
        "Reihenfolge": ranking_exhibit(question, decision),
        "Kriterien": criteria_table(question, decision),
        "Einschätzungen": assessment_table(question, decision, cells),
        "Stimmen der Stellen": assessed,
        "Entscheidungen": decision_table(question, decision, resolutions),
        "Zusagen": promised,
        "Bahnen": lane_table(question, decision),
        "Stufen": level_table(question, decision),
        "Stimmen": spread_chart(question, decision, votes, ballot)
        if votes is not None and votes.ballots
        else None,
        "Stand": origin_table(question, basis, decision),
    }
    return {
        name: exhibit
        for name, exhibit in (sheets | _plan_sheets(question, basis, decision)).items()
        if exhibit
    }


def _plan_sheets(question: Question, basis: Basis, decision: Decision) -> dict[str, Exhibit | None]:
    """The plan, what waits, how full it is and what was entered; nothing where no plan was entered."""
    if not kept_plan(basis):
        return {}
    made = answer_on(question, planned(question, decision, kept_plan(basis), drawn=False))
    names = {
        "Plan": "plan_services",
        "Plan, was wartet": "plan_waiting",
        "Plan, Auslastung": "plan_load",
        "Plan, Wirtschaftlichkeit": "plan_economy",
        "Plan, Grenzwerte": "plan_break_even",
        "Plan, Eingaben": "plan_inputs",
    }
    shown = {exhibit.id: exhibit for exhibit in made.exhibits}
    return {name: shown.get(id) for name, id in names.items()}


def lane_table(question: Question, decision: Decision) -> Exhibit:
    """Lane and reason of every service, candidates last."""
    rows = decision.services[["name", "list", "lane", "lane_reason"]].loc[decision.ranking["service_id"]]
    return decision.exhibit(
        question,
        "lanes",
        rows.reset_index(drop=True),
        columns(name="Leistung", list="Liste", lane="Bahn", lane_reason="Grund"),
        headline="Bahnen der Leistungen mit Grund",
        alt="Tabelle der Bahnen je Leistung mit Grund.",
    )


def level_table(question: Question, decision: Decision) -> Exhibit | None:
    """The wording of every step; None where no criterion has steps."""
    rows = [
        {"criterion": criterion.label, "value": level.value, "wording": level.label}
        for criterion in decision.criteria
        for level in criterion.levels
    ]
    if not rows:
        return None
    return decision.exhibit(
        question,
        "levels",
        pd.DataFrame(rows),
        (Field("criterion", "Kriterium"), Field("value", "Stufe", "integer"), Field("wording", "Bedeutung")),
        headline="Stufen der eingeschätzten Kriterien",
        alt="Tabelle der Stufen je Kriterium.",
        source="Kriterien des Szenarios",
    )


def origin_table(question: Question, basis: Basis, decision: Decision) -> Exhibit:
    """What the ranking stands on: data date, snapshot, versions, who saved it and when."""
    saved = basis.kept
    facts = {
        "Szenario": decision.scenario,
        "Notiz": saved.note if saved else "",
        "Gewichte": f"geändert, nicht gespeichert: {decision.changed_weights}"
        if decision.changed_weights
        else "wie gespeichert"
        if saved
        else "Startwerte",
        "Datenstand": german.date(decision.data_date),
        "Datenbestand": saved.snapshot if saved else question.warehouse.snapshot,
        "Fassung der Kriterien": basis.version,
        "App-Version": saved.app_version if saved else portalkompass.__version__,
        "Festgeschrieben": "ja" if saved and saved.locked else "nein",
        "Angelegt von": saved.created_by if saved else "",
        "Zuletzt geändert von": saved.updated_by if saved else "",
        "Zuletzt geändert am": f"{saved.updated_at:%d.%m.%Y %H:%M} UTC" if saved and saved.updated_at else "",
    }
    return decision.exhibit(
        question,
        "origin",
        pd.DataFrame({"fact": list(facts), "value": list(facts.values())}),
        columns(fact="Angabe", value="Wert"),
        headline="Worauf die Reihenfolge beruht",
        alt="Tabelle mit Datenstand und Fassungen.",
    )


def audit_table(question: Question) -> Exhibit:
    """The newest changes with moment (of this machine's clock), person, act and detail.

    Addresses, queries, titles and texts of reports are told only to those who may see every property.
    """
    changes = audit_list(question.workspace, limit=MOST_CHANGES)
    told = changes["what"].str.startswith(OF_SCENARIOS) | (not question.warehouse.limited)
    rows = pd.DataFrame(
        {
            "at": [f"{moment.to_pydatetime().astimezone():%d.%m.%Y %H:%M}" for moment in changes["at"]],
            "who": changes["who"].replace("", "Portalkompass"),
            "what": changes["what"],
            "detail": changes["detail"].where(told, UNTOLD),
        }
    )
    headline = f"{german.count(len(rows), 'Änderung', 'Änderungen')} im Protokoll, die neuesten zuerst"
    return question.exhibit(
        "audit",
        "table",
        rows,
        columns(at="Wann", who="Wer", what="Was", detail="Einzelheit"),
        headline=headline,
        subtitle=f"Protokoll der Änderungen, höchstens die letzten {MOST_CHANGES}",
        alt=f"Tabelle der Änderungen mit Zeitpunkt und Name. {headline}.",
        source="Arbeitsbereich von Portalkompass",
    )


def level_text(criterion: Criterion, value: object) -> str:
    """The anchored wording of a level; empty for unknown values and for scales without levels."""
    if german.is_missing(value):
        return ""
    return next((level.label for level in criterion.levels if level.value == float(str(value))), "")
