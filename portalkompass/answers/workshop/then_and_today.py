"""An old decision beside today: the ranking exactly as it was saved, and the same scenario measured anew."""

from __future__ import annotations

from portalkompass import german
from portalkompass.answers.base.question import Question, columns
from portalkompass.answers.workshop.decision import Decision
from portalkompass.answers.workshop.ranking_rows import exhibit_of, scenario_name
from portalkompass.exhibit import Exhibit


def beside_today(question: Question, then: Decision, today: Decision) -> Exhibit:
    """One row a service in the saved order: rank in the lane and points then and today."""
    now = today.ranking[["service_id", "rank", "score"]].set_index("service_id").add_suffix("_today")
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
            *columns(lane="Bahn", name="Leistung"),
            *columns("integer", rank="Rang damals", rank_today="Rang heute"),
            *columns("decimal1", score="Punkte damals", score_today="Punkte heute"),
        ),
        headline=headline,
        subtitle=f"Gespeichert mit Datenstand {before}, heute {after} · {scenario_name(then)}",
        alt=f"Tabelle der Ränge und Punkte damals und heute. {headline}.",
        data_date=today.data_date,
        notes=(
            "Damals: Werte, Gewichte und Anker, wie sie gespeichert sind. Heute: nur die Messwerte sind neu.",
        ),
    )
