"""The workshop as slides: ranking, quadrant, robustness, decisions of one scenario and one weighting."""

from __future__ import annotations

from dataclasses import replace

from portalkompass import german
from portalkompass.answers.base.question import Question
from portalkompass.answers.workshop.decision import Decision
from portalkompass.answers.workshop.plan import answer_on as plan_answer
from portalkompass.answers.workshop.plan import kept_plan, planned
from portalkompass.answers.workshop.prioritisation import Ground, answer_on
from portalkompass.answers.workshop.ranking_rows import METHOD, lane_page
from portalkompass.answers.workshop.scenario_book import decision_table
from portalkompass.answers.workshop.workshop_rows import change_sentences
from portalkompass.exhibit import Exhibit
from portalkompass.slide_set import SlideSet
from portalkompass.workspace import Decision as Resolution

TITLE = "Priorisierung"
SENSITIVITY = "Sensitivitätsanalyse über die Gewichte"
PARTS = ("ranking", "contributions", "quadrant", "rank_shares", "rank_ranges")


def workshop_slides(ground: Ground, decision: Decision, resolutions: list[Resolution]) -> SlideSet:
    """Ranking by lane, points by criterion, quadrant, robustness, and plan and decisions where there are any."""
    question = ground.question
    decided = decision_table(question, decision, resolutions)
    sure = question.words(
        "robustness",
        "Wie sicher die Reihenfolge ist",
        (*change_sentences(decision), METHOD),
        SENSITIVITY,
        decision.data_date,
    )
    pages = (*chosen_pages(ground, decision, PARTS), sure, *((decided,) if decided is not None else ()))
    return replace(cover(question, decision, TITLE), pages=pages)


def cover(question: Question, decision: Decision, title: str) -> SlideSet:
    """The cover of what leaves a workshop, without pages: its name is known before anything is worked out."""
    return SlideSet(
        title,
        (
            question.settings.city.name,
            decision.title,
            *([f"Geändert: {decision.changed_weights}"] if decision.changed_weights else []),
            f"Datenstand: {german.date(decision.data_date)}",
        ),
        (),
        decision.data_date,
        question.warehouse.sample,
    )


def chosen_pages(ground: Ground, decision: Decision, parts: tuple[str, ...]) -> tuple[Exhibit, ...]:
    """The ranking by lane and the charts of these parts of the answer, then the plan where one was entered."""
    answer = answer_on(ground, decision, parts)
    charts = [chart for chart in answer.exhibits if chart.lane is None and chart.id != "ranking_overall"]
    return (
        *lane_page(answer),
        *(chart for chart in charts if not chart.frame.empty),
        *_plan(ground, decision),
    )


def _plan(ground: Ground, decision: Decision) -> tuple[Exhibit, ...]:
    """The plan by quarter and what waits, where a plan was entered."""
    kept = kept_plan(ground.basis)
    if not kept:
        return ()
    made = planned(ground.question, decision, kept, drawn=False)
    return plan_answer(ground.question, made, ("gantt", "waiting")).exhibits
