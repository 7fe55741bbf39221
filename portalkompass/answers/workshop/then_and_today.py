"""An old decision beside today: the ranking exactly as it was saved, and the same scenario measured anew."""

from __future__ import annotations

from portalkompass import german
from portalkompass.answers.base.question import Question
from portalkompass.answers.workshop.decision import Decision
from portalkompass.answers.workshop.ranking_rows import exhibit_of, scenario_name
from portalkompass.exhibit import Exhibit, Field


def beside_today(question: Question, then: Decision, today: Decision) -> Exhibit:
    """One row a service in the saved order: rank in the lane and points then and today."""
    now = (
        today.ranking[["service_id", "rank", "score", "standing"]]
        .set_index("service_id")
        .add_suffix("_today")
    )
    rows = then.ranking.merge(now, left_on="service_id", right_index=True)
    moved = int((rows["rank"] != rows["rank_today"]).sum())
    before, after = (
        german.date(decision.data_date) if decision.data_date else "?" for decision in (then, today)
    )
    headline = (
        f"{german.count(moved, 'Leistung hat', 'Leistungen haben')} heute einen anderen Rang als gespeichert"
        if moved
        else "Heute ergibt sich dieselbe Reihenfolge wie gespeichert"
    )
    return exhibit_of(
        question,
        then,
        "then_and_today",
        rows,
        (
            Field("lane", "Bahn"),
            Field("name", "Leistung"),
            Field("rank", "Rang damals", "integer"),
            Field("rank_today", "Rang heute", "integer"),
            Field("score", "Punkte damals", "decimal1"),
            Field("score_today", "Punkte heute", "decimal1"),
            Field("standing", "beruhen damals auf"),
            Field("standing_today", "beruhen heute auf"),
        ),
        headline=headline,
        subtitle=f"Gespeichert mit Datenstand {before}, heute {after} · {scenario_name(then)}",
        alt=f"Tabelle der Ränge und Punkte damals und heute. {headline}.",
        data_date=today.data_date,
        notes=(
            "Damals: Werte, Gewichte und Anker, wie sie gespeichert sind. Heute: nur die Messwerte sind neu.",
        ),
    )
