"""Weights by pairwise comparison: "Was wiegt mehr?", a dozen questions at most, each chosen by the answers before."""

from __future__ import annotations

from collections.abc import Callable, Mapping

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

ANSWERS = "paarvergleich-antworten"
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
    criteria: tuple[Criterion, ...], steps: Mapping[str, str], take: Callable[[Mapping[str, int]], None]
) -> None:
    """The next question, then the weights so far; ``steps``: the way from worst to best in words, by criterion."""
    names = [criterion.id for criterion in criteria]
    answers = _answers(names)
    st.caption(EXPLANATION)
    asked = next_comparison(names, answers)
    if asked is not None:
        _ask(asked, {criterion.id: criterion.label for criterion in criteria}, steps, len(answers))
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
        st.button("Letzte Antwort zurücknehmen", key="paarvergleich-zurueck", on_click=_back)


def points(found: Weighing) -> dict[str, int]:
    """Weights as positions of sliders: the largest at 100, in steps of 5."""
    most = max(found.weights.values())
    return {name: STEP * round(FULL * share / most / STEP) for name, share in found.weights.items()}


def consistency_told(found: Weighing, answers: int) -> str:
    """How many answers agree with the weights."""
    agreeing = round(found.consistency * answers)
    verb = "passt" if agreeing == 1 else "passen"
    return f"{agreeing} von {german.count(answers, 'Antwort', 'Antworten')} {verb} zu diesen Gewichten."


def _answers(names: list[str]) -> list[Answered]:
    """The answers of this session; those on other criteria are dropped."""
    kept: list[Answered] = st.session_state.setdefault(ANSWERS, [])
    known = [one for one in kept if {one.comparison.left, one.comparison.right} <= set(names)]
    st.session_state[ANSWERS] = known
    return known


def _ask(asked: Comparison, labels: Mapping[str, str], steps: Mapping[str, str], number: int) -> None:
    st.markdown(f"**{number + 1}. Was wiegt mehr?** (höchstens {MOST_QUESTIONS} Fragen)")
    sides = st.columns(2)
    profiles = ((asked.left, asked.first, True), (asked.right, asked.second, False))
    for cell, (name, share, left) in zip(sides, profiles, strict=True):
        with cell.container(border=True):
            st.markdown(f"**{plain(labels[name])}**: {WAYS[share]} {plain(steps[name])}")
            key = f"paarvergleich-{'links' if left else 'rechts'}"
            st.button(
                "Das wiegt mehr", key=key, on_click=_say, args=(Answered(asked, left),), width="stretch"
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


def _say(answered: Answered) -> None:
    st.session_state[ANSWERS] = [*st.session_state[ANSWERS], answered]


def _back() -> None:
    st.session_state[ANSWERS] = st.session_state[ANSWERS][:-1]
