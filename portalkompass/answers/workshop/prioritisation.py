"""Priorisierung: which pending service to digitise next, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from portalkompass import german, prioritisation
from portalkompass.answers.base import events, service_list
from portalkompass.answers.base.answer import Answer, Figure
from portalkompass.answers.base.missing_data import LINK_PAGES, LOAD_SERVICES, no_search_data
from portalkompass.answers.base.question import Question, count_card
from portalkompass.answers.services.demand_rows import demand_rows
from portalkompass.answers.workshop import ranking_rows
from portalkompass.answers.workshop.candidates import candidates
from portalkompass.answers.workshop.criterion_values import TREND, TREND_MONTHS, YEAR, over_last_months
from portalkompass.answers.workshop.decision import (
    CANDIDATE,
    Basis,
    Decision,
    basis,
    decided,
    leading,
)
from portalkompass.answers.workshop.question_rows import question_table
from portalkompass.answers.workshop.trend_rows import portal_sentence
from portalkompass.answers.workshop.workshop_rows import (
    drawn,
    drawn_near,
    missing_table,
    quadrant,
    rank_shares,
)
from portalkompass.exhibit import Exhibit
from portalkompass.metrics.measures import CLICKS


@dataclass(frozen=True, eq=False)
class Ground:
    """What a scenario's screen stands on, whatever the sliders say: asked once, weighed often."""

    question: Question
    basis: Basis
    robustness: prioritisation.Robustness
    evaluation: prioritisation.Evaluation
    warnings: tuple[prioritisation.Notice, ...]
    candidates: tuple[Exhibit, ...]
    caveats: tuple[str, ...]
    next_steps: tuple[str, ...]

    def weighed(self, weights: Mapping[str, float] | None) -> Decision:
        """The ranking under these weights; the values are not scaled again.

        Raises:
            PrioritisationError: no weight is above 0.
        """
        chosen = {**dict(self.basis.weights), **dict(weights or {})}
        return decided(self.basis, prioritisation.reweighed(self.evaluation, chosen))

    def all_weights(self, decision: Decision) -> prioritisation.Robustness:
        """Ranks over all weightings; drawn anew only where the sliders count other criteria than the scenario."""
        shares = decision.evaluation.shares
        own = {name for name, weight in self.basis.weights.items() if weight > 0 and name in shares}
        if own == {name for name, share in shares.items() if share > 0}:
            return self.robustness
        return drawn(self.basis, shares)


def ground(question: Question, scenario: str | None = None) -> Ground:
    """Measure the criteria, draw the weights, find the candidates off the list.

    Criteria are measured over the last 12 full months whatever the filters' period is.

    Raises:
        PrioritisationError: there is no such scenario, or its criteria cannot be used.
    """
    year = over_last_months(question, YEAR)
    demand = demand_rows(year)
    base = basis(question, scenario, demand)
    searched = no_search_data(year)
    lately = over_last_months(question, TREND_MONTHS)
    measured_today = base.kept is None and TREND in base.matrix
    evaluation = prioritisation.evaluate(base.matrix, base.criteria, base.weights)
    return Ground(
        question,
        base,
        drawn(base),
        evaluation,
        tuple(prioritisation.notices(evaluation)),
        candidates(year, demand),
        (
            *(_go_lives(question) if base.kept is None else ()),
            *(portal_sentence(lately) if measured_today else ()),
            *events.gaps(
                year, "search_page_day", "search_page_query_day", "search_query_day", events.PORTAL_PAGES
            ),
            *events.caveats(lately, changed=(CLICKS.id,)),  # the trend is one of clicks
        ),
        searched.next_steps if searched else (),
    )


def answer(
    question: Question,
    *,
    scenario: str | None = None,
    weights: Mapping[str, float] | None = None,
    parts: Collection[str] | None = None,
) -> Answer:
    """Lanes with ranks and intervals, contributions, robustness, candidates off the list; or ``parts`` of it only.

    Weights that do not make a ranking (all 0) are answered with their sentence.
    """
    try:
        measured = ground(question, scenario)
        return answer_on(measured, measured.weighed(weights), parts)
    except prioritisation.PrioritisationError as fault:
        return question.answer(str(fault))


def answer_on(ground: Ground, decision: Decision, parts: Collection[str] | None = None) -> Answer:
    """The answer of one weighting, with all parts or these only; nothing is asked of warehouse or workspace.

    A part is the id of an exhibit; "ranking" are all of ``ranking_rows.table_ids``, each of which is one, too.
    """
    question, warnings = ground.question, _warnings(ground, decision)
    if decision.ranking.empty:
        unknown = "Noch ist keine Liste mit anstehenden Leistungen geladen."
        return question.answer(unknown, next_steps=(LOAD_SERVICES,))
    tables = (
        None if parts is None or "ranking" in parts else set(ranking_rows.table_ids(decision)) & set(parts)
    )
    made: dict[str, Callable[[], Iterable[Exhibit | None]]] = {
        "ranking": lambda: ranking_rows.lane_tables(question, decision, tables),
        "contributions": lambda: (ranking_rows.contribution_chart(question, decision),),
        "rank_ranges": lambda: (
            ranking_rows.range_chart(
                question,
                decision,
                ground.all_weights(decision),
                drawn_near(ground.basis, decision.evaluation.shares),
            ),
        ),
        "rank_shares": lambda: (rank_shares(question, decision, ground.all_weights(decision)),),
        "quadrant": lambda: (quadrant(question, decision),),
        "questions": lambda: (question_table(question, decision),),
        "missing_effects": lambda: (missing_table(question, decision),),
        "off_list": lambda: ground.candidates,
        "criteria": lambda: (ranking_rows.criteria_table(question, decision),),
    }
    return Answer(
        message=_message(decision),
        exhibits=tuple(
            exhibit
            for part, make in made.items()
            if parts is None or part in parts or (part == "ranking" and tables)
            for exhibit in make()
            if exhibit
        ),
        figures=_cards(decision),
        caveats=(*_changed(decision), *_reasons(decision), *warnings[:1], *ground.caveats, *warnings[1:]),
        next_steps=(*ground.next_steps, *_unknown(decision)),
        data_date=decision.data_date,
        sample=question.warehouse.sample,
    )


def _go_lives(question: Question) -> tuple[str, ...]:
    """Which pending services need no ranking any more, have a date, or have let it pass."""
    listed = service_list.services(question.warehouse, question.settings)
    pending = listed[listed["list"] == service_list.PENDING]
    words = {
        service_list.LIVE: f"Nicht gereiht, weil laut Liste vom {service_list.list_date(listed)} live",
        service_list.DATED: "Haben schon einen Termin für den Go-Live",
        service_list.OVERDUE: "Termin für den Go-Live überschritten",
    }
    named = {state: pending.loc[pending["go_live"] == state, "name"].tolist() for state in words}
    return tuple(f"{words[state]}: {german.listing(names)}." for state, names in named.items() if names)


def _message(decision: Decision) -> str:
    for lane in service_list.LANES:
        rows = decision.by_lane.get(lane)
        if rows is None:
            continue
        first = rows[rows["rank"] == 1]
        told = f"({_of_hundred(first)}, {decision.title})"
        if len(rows) == 1:
            return f"In der Bahn „{lane}“ steht nur {ranking_rows.quoted(first['told'])} {told}."
        names, remark = leading(rows)
        if not names:
            return f"In der Bahn „{lane}“ ist {remark}; {decision.title}."
        verb = "liegt" if len(first) == 1 else "liegen gleichauf"
        unsure = f"; {remark}" if remark else ""
        return f"Von den Leistungen der Bahn „{lane}“ {verb} {ranking_rows.quoted(names)} vorn {told[:-1]}{unsure})."
    best = decision.ranking.iloc[:1]
    return f"Vorn liegt {ranking_rows.quoted(best['told'])} ({_of_hundred(best)})."


def _of_hundred(first: pd.DataFrame) -> str:
    """The points of the first row; of whom nothing is known has none, only their span."""
    row = first.to_dict("records")[0]
    points = german.number(float(row["score"]), 1)
    if row["known_criteria"]:
        return f"{points} von 100 Punkten"
    return f"geschätzt {points} von 100 Punkten: nichts bekannt, möglich sind 0 bis 100"


def _warnings(ground: Ground, decision: Decision) -> tuple[str, ...]:
    """What to know of the criteria; two that say the same count twice only where both have a weight."""
    weights = decision.evaluation.shares
    return tuple(
        notice.message
        for notice in ground.warnings
        if notice.kind != "correlated" or all(weights[name] > 0 for name in notice.criteria)
    )


def _changed(decision: Decision) -> tuple[str, ...]:
    """That the weights are the sliders', not the scenario's."""
    if not decision.changed_weights:
        return ()
    return (f"Gewichte weichen vom gespeicherten Szenario ab: {decision.changed_weights}.",)


def _reasons(decision: Decision) -> tuple[str, ...]:
    """Why the first two of the first lane stand as they do."""
    for lane in service_list.LANES:
        rows = decision.by_lane.get(lane)
        if rows is not None and len(rows) > 1:
            ids = rows["service_id"].head(2).tolist()
            return (prioritisation.why(decision.evaluation, ids[0], ids[1], decision.names),)
    return ()


def _cards(decision: Decision) -> tuple[Figure, ...]:
    lanes = decision.ranking["lane"].value_counts()
    counted = decision.evaluation.counted_criteria
    listed = decision.ranking[decision.ranking["list"] != CANDIDATE]
    complete = int((listed["known_criteria"] == counted).sum())
    taken = len(decision.ranking) - len(listed)
    cards = (
        count_card(
            "Anstehende Leistungen",
            len(listed),
            "Leistungen der Liste „anstehend“; nur sie werden gereiht.",
        ),
        *(
            count_card(
                f"Bahn „{lane}“",
                int(lanes.get(lane, 0)),
                "Die Bahn folgt der Bereitschaft laut Bericht; gereiht wird innerhalb der Bahn.",
            )
            for lane in service_list.LANES
        ),
        Figure(
            "Datenlage vollständig",
            f"{complete} von {len(listed)}",
            f"Leistungen, für die alle {counted} gezählten Kriterien bekannt sind.",
        ),
    )
    if not taken:
        return cards
    note = "Nicht auf der Liste; für sich gereiht, nie mitgezählt."
    return (*cards, count_card("Kandidaten", taken, note))


def _unknown(decision: Decision) -> tuple[str, ...]:
    matrix = decision.evaluation.matrix
    if "clicks" not in matrix:
        return ()
    missing = [decision.names[str(key)] for key in matrix.index[matrix["clicks"].isna()]]
    return (f"Ohne bekannte Nachfrage: {german.listing(missing)}. {LINK_PAGES}",) if missing else ()
