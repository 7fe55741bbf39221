"""The ranking as one table, for files and the terminal."""

from __future__ import annotations

from portalkompass.answers import default_filters
from portalkompass.answers.asking import ask
from portalkompass.answers.base.question import Question, columns
from portalkompass.answers.workshop.decision import Decision, basis, weighed
from portalkompass.answers.workshop.ranking_rows import (
    CHAPTER,
    GATE,
    INTERVAL,
    METHOD,
    note_fields,
    value_fields,
)
from portalkompass.exhibit import Exhibit, Field
from portalkompass.settings import Settings
from portalkompass.warehouse.reader import Warehouse
from portalkompass.workspace import workspace_of

FIELDS = (
    Field("lane", "Bahn"),
    Field("rank", "Rang", "integer", help=GATE),
    Field("rank_low", "Rang bestenfalls", "integer", help=INTERVAL),
    *columns("integer", rank_high="Rang schlechtestenfalls", rank_overall="Rang über alle Bahnen"),
    Field("name", "Leistung"),
    Field("score", "Punkte", "decimal1", help=METHOD, method=CHAPTER),
    *columns("decimal1", score_low="Punkte mindestens", score_high="Punkte höchstens"),
    Field("standing", "Punkte beruhen auf"),
    *columns("integer", known_criteria="Bekannte Kriterien", criteria="Gezählte Kriterien"),
)


def ranked(warehouse: Warehouse, settings: Settings, scenario: str | None) -> tuple[Question, Decision]:
    """The decision on the main property.

    Raises:
        PrioritisationError: there is no such scenario or its criteria cannot be used.
        WorkspaceError: the workspace cannot be opened.
    """
    question = ask(warehouse, workspace_of(settings), default_filters(warehouse, settings), settings)
    return question, weighed(basis(question, scenario))


def ranking_exhibit(question: Question, decision: Decision) -> Exhibit:
    """All services by lane and rank, the criteria's raw values behind."""
    values = decision.evaluation.matrix.rename(columns=str)
    frame = decision.ranking.merge(values, left_on="service_id", right_index=True, how="left")
    frame = frame.join(decision.services["trend_note"], on="service_id")
    fields = (*FIELDS, *value_fields(decision, "decimal2"), *note_fields(decision))
    return decision.exhibit(
        question,
        "ranking",
        frame[[field.name for field in fields]],
        fields,
        headline=f"Reihenfolge der anstehenden Leistungen, {decision.title}",
        subtitle="Gereiht innerhalb der Bahn",
        alt="Tabelle der Reihenfolge je Bahn.",
        notes=(METHOD, INTERVAL, GATE),
    )
