"""Priorisierung: which pending service to digitise next, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from portalkompass import german
from portalkompass.answers.base import events, service_list
from portalkompass.answers.base.answer import Answer, Figure
from portalkompass.answers.base.missing_data import LINK_PAGES, LOAD_SERVICES, no_search_data
from portalkompass.answers.base.question import Question
from portalkompass.answers.services.demand_rows import demand_rows
from portalkompass.answers.workshop.candidates import off_list
from portalkompass.answers.workshop.criterion_values import TREND_MONTHS, YEAR, over_last_months
from portalkompass.answers.workshop.decision import CANDIDATE, Basis, Decision, basis, decided, weighed
from portalkompass.answers.workshop.ranking_rows import (
    contribution_chart,
    criteria_table,
    lane_tables,
    range_chart,
)
from portalkompass.answers.workshop.workshop_rows import drawn, missing_table, quadrant, rank_shares
from portalkompass.exhibit import Exhibit
from portalkompass.prioritisation import (
    Evaluation,
    PrioritisationError,
    Robustness,
    evaluate,
    notices,
    reweighed,
    why,
)


@dataclass(frozen=True, eq=False)
class Ground:
    """What a scenario's screen stands on, whatever the sliders say: asked once, weighed often."""

    question: Question
    basis: Basis
    robustness: Robustness
    plain: Evaluation | None
    warnings: tuple[str, ...]
    candidates: tuple[Exhibit, ...]
    caveats: tuple[str, ...]
    next_steps: tuple[str, ...]

    def weighed(self, weights: Mapping[str, float] | None) -> Decision:
        """The ranking under these weights; the values are not scaled again.

        Raises:
            PrioritisationError: no weight is above 0.
        """
        if self.plain is None:
            return weighed(self.basis, weights)
        chosen = {**dict(self.basis.weights), **dict(weights or {})}
        return decided(self.basis, reweighed(self.plain, chosen))


def ground(question: Question, scenario: str | None = None) -> Ground:
    """Measure the criteria, draw the weights, find the candidates off the list.

    Criteria are measured over the last 12 full months whatever the filters' period is.

    Raises:
        PrioritisationError: there is no such scenario, or its criteria cannot be used.
    """
    year = over_last_months(question, YEAR)
    demand = demand_rows(year)
    found = basis(question, scenario, demand)
    searched = no_search_data(year)
    evaluation = None if found.matrix.empty else evaluate(found.matrix, found.criteria, found.weights)
    return Ground(
        question,
        found,
        drawn(found),
        evaluation,
        tuple(notice.message for notice in notices(evaluation)) if evaluation else (),
        off_list(year, demand),
        events.caveats(over_last_months(question, TREND_MONTHS)),
        searched.next_steps if searched else (),
    )


def answer(
    question: Question, *, scenario: str | None = None, weights: Mapping[str, float] | None = None
) -> Answer:
    """Lanes with ranks and intervals, contributions, robustness, candidates off the list.

    Weights that do not make a ranking (all 0) are answered with their sentence.
    """
    try:
        found = ground(question, scenario)
        return answer_on(found, found.weighed(weights))
    except PrioritisationError as fault:
        return question.answer(str(fault))


PARTS = (
    "ranking",
    "contributions",
    "rank_ranges",
    "rank_shares",
    "quadrant",
    "missing_effects",
    "off_list",
    "criteria",
)


def answer_on(found: Ground, decision: Decision, parts: Collection[str] = PARTS) -> Answer:
    """The answer of one weighting, with these parts only; nothing is asked of warehouse or workspace."""
    question = found.question
    if decision.ranking.empty:
        unknown = "Noch ist keine Liste mit anstehenden Leistungen geladen."
        return question.answer(unknown, next_steps=(LOAD_SERVICES,))
    made: dict[str, Callable[[], tuple[Exhibit, ...]]] = {
        "ranking": lambda: lane_tables(question, decision),
        "contributions": lambda: (contribution_chart(question, decision),),
        "rank_ranges": lambda: (range_chart(question, decision, found.robustness),),
        "rank_shares": lambda: (rank_shares(question, decision, found.robustness),),
        "quadrant": lambda: quadrant(question, decision),
        "missing_effects": lambda: missing_table(question, decision),
        "off_list": lambda: found.candidates,
        "criteria": lambda: (criteria_table(question, decision),),
    }
    return Answer(
        message=_message(decision),
        exhibits=tuple(exhibit for part in PARTS if part in parts for exhibit in made[part]()),
        figures=_cards(decision),
        caveats=(*_reasons(decision), *found.warnings[:1], *found.caveats, *found.warnings[1:]),
        next_steps=(*found.next_steps, *_unknown(decision)),
        data_date=decision.data_date,
        sample=question.warehouse.sample,
    )


def _message(decision: Decision) -> str:
    for lane in service_list.LANES:
        rows = decision.ranking[decision.ranking["lane"] == lane]
        if rows.empty:
            continue
        first = rows[rows["rank"] == 1]
        names = german.listing([f"„{name}“" for name in first["name"]])
        verb = "liegt" if len(first) == 1 else "liegen gleichauf"
        points = german.number(float(first["score"].iloc[0]), 1)
        return (
            f"Von den Leistungen der Bahn „{lane}“ {verb} {names} vorn "
            f"({points} von 100 Punkten, Szenario „{decision.scenario}“)."
        )
    best = decision.ranking.iloc[0]
    return f"Vorn liegt „{best['name']}“ ({german.number(float(best['score']), 1)} von 100 Punkten)."


def _reasons(decision: Decision) -> tuple[str, ...]:
    """Why the first two of the first lane stand as they do."""
    for lane in service_list.LANES:
        ids = decision.ranking.loc[decision.ranking["lane"] == lane, "service_id"].tolist()
        if len(ids) > 1:
            return (why(decision.evaluation, ids[0], ids[1], decision.names),)
    return ()


def _cards(decision: Decision) -> tuple[Figure, ...]:
    lanes = decision.ranking["lane"].value_counts()
    counted = decision.evaluation.counted_criteria
    listed = decision.ranking[decision.ranking["list"] != CANDIDATE]
    complete = int((listed["known_criteria"] == counted).sum())
    taken = len(decision.ranking) - len(listed)
    return (
        Figure(
            "Anstehende Leistungen",
            german.number(len(listed)),
            "Leistungen der Liste „anstehend“; nur sie werden gereiht.",
        ),
        *(
            Figure(
                f"Bahn „{lane}“",
                german.number(int(lanes.get(lane, 0))),
                "Die Bahn folgt der Bereitschaft laut Bericht; gereiht wird innerhalb der Bahn.",
            )
            for lane in service_list.LANES
        ),
        Figure(
            "Datenlage vollständig",
            f"{complete} von {len(listed)}",
            f"Leistungen, für die alle {counted} gezählten Kriterien bekannt sind.",
        ),
        *(
            (
                Figure(
                    "Kandidaten",
                    german.number(taken),
                    "Nicht auf der Liste; für sich gereiht, nie mitgezählt.",
                ),
            )
            if taken
            else ()
        ),
    )


def _unknown(decision: Decision) -> tuple[str, ...]:
    matrix = decision.evaluation.matrix
    if "clicks" not in matrix:
        return ()
    missing = [decision.names[str(key)] for key in matrix.index[matrix["clicks"].isna()]]
    return (f"Ohne bekannte Nachfrage: {german.listing(missing)}. {LINK_PAGES}",) if missing else ()
