"""Weights by pairwise comparison: "Was wiegt mehr?", a dozen questions at most, each chosen by the answers before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

import streamlit as st

from portalkompass import german
from portalkompass.prioritisation import Criterion
from portalkompass.prioritisation.pairwise import (
    MOST_QUESTIONS,
    Answered,
    Comparison,
    Weighing,
    next_comparison,
    weighing,
)
from portalkompass.ui.components.text import plain
from portalkompass.ui.drafts import drafts

FORM = "paarvergleich"
EXPLANATION = (
    "Zwei gedachte Leistungen gleichen sich in allem, nur in zwei Kriterien nicht. Welche wiegt mehr? Jede Frage "
    "richtet sich nach den Antworten davor; einzelne Irrtümer verkraftet das Verfahren."
)
WAYS = {
    0.25: "ein Viertel des Wegs",
    0.5: "der halbe Weg",
    0.75: "drei Viertel des Wegs",
    1.0: "der ganze Weg",
}
FULL, STEP = 100, 5


def show(
    scenario: str,
    criteria: tuple[Criterion, ...],
    steps: Mapping[str, str],
    take: Callable[[Mapping[str, int]], None],
) -> None:
    """The next question, then the weights so far; ``steps``: the way from worst to best in words, by criterion.

    The answers are kept as a draft of that scenario, until their weights are taken.
    """
    names = [criterion.id for criterion in criteria]
    answers = _answers(scenario, names)
    st.caption(EXPLANATION)
    asked = next_comparison(names, answers)
    if asked is not None:
        _ask(scenario, asked, {criterion.id: criterion.label for criterion in criteria}, steps, answers)
    if not answers:
        return
    found = weighing(names, answers)
    st.markdown("\n".join(f"- {line}" for line in interval_lines(criteria, found)))
    st.caption(consistency_told(found, len(answers)))
    with st.container(horizontal=True):
        st.button(
            "Gewichte übernehmen",
            key="paarvergleich-fertig",
            type="primary",
            on_click=take,
            args=(points(found),),
        )
        st.button(
            "Letzte Antwort zurücknehmen",
            key="paarvergleich-zurueck",
            on_click=_keep,
            args=(scenario, answers[:-1]),
        )


def begun(scenario: str) -> bool:
    """Whether somebody answered a question whose weights are not taken yet."""
    return bool(drafts.read(_form(scenario)))


def forget(scenario: str) -> None:
    """The weights are taken."""
    drafts.forget(_form(scenario))


def points(found: Weighing) -> dict[str, int]:
    """Weights as positions of sliders: the largest at 100, in steps of 5."""
    most = max(found.weights.values())
    return {name: STEP * round(FULL * share / most / STEP) for name, share in found.weights.items()}


def consistency_told(found: Weighing, answers: int) -> str:
    """How many answers agree with the weights."""
    agreeing = round(found.consistency * answers)
    verb = "passt" if agreeing == 1 else "passen"
    return f"{agreeing} von {german.count(answers, 'Antwort', 'Antworten')} {verb} zu diesen Gewichten."


def _answers(scenario: str, names: list[str]) -> list[Answered]:
    """The answers so far; those on other criteria are passed over."""
    kept = drafts.read(_form(scenario)).get("answers", [])
    answers = [Answered(Comparison(**one["comparison"]), bool(one["left_weighs_more"])) for one in kept]
    return [one for one in answers if {one.comparison.left, one.comparison.right} <= set(names)]


def _ask(
    scenario: str,
    asked: Comparison,
    labels: Mapping[str, str],
    steps: Mapping[str, str],
    answers: Sequence[Answered],
) -> None:
    st.markdown(f"**{len(answers) + 1}. Was wiegt mehr?** (höchstens {MOST_QUESTIONS} Fragen)")
    sides = st.columns(2)
    profiles = ((asked.left, asked.first, True), (asked.right, asked.second, False))
    for cell, (name, share, left) in zip(sides, profiles, strict=True):
        with cell.container(border=True):
            st.markdown(f"**{plain(labels[name])}**: {WAYS[share]} {plain(steps[name])}")
            key = f"paarvergleich-{'links' if left else 'rechts'}"
            st.button(
                "Das wiegt mehr",
                key=key,
                on_click=_keep,
                args=(scenario, [*answers, Answered(asked, left)]),
                width="stretch",
            )


def interval_lines(criteria: tuple[Criterion, ...], found: Weighing) -> list[str]:
    """Each criterion with its share and the interval of it, the largest first."""
    ordered = sorted(criteria, key=lambda one: -found.weights[one.id])
    return [
        plain(
            f"{one.label}: {german.percent(found.weights[one.id], 0)} "
            f"({german.percent(found.low[one.id], 0)} bis {german.percent(found.high[one.id], 0)})"
        )
        for one in ordered
    ]


def _keep(scenario: str, answers: Sequence[Answered]) -> None:
    drafts.keep(_form(scenario), {"answers": [asdict(one) for one in answers]} if answers else {})


def _form(scenario: str) -> str:
    return f"{FORM} {scenario}"
