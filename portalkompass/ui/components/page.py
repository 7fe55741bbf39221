"""The parts every screen has in the same place: title with its question, message, cards, cautions."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from portalkompass.answers import Answer, Figure
from portalkompass.charts.sparkline import sparkline
from portalkompass.ui.components import exhibits
from portalkompass.ui.components.answer_cache import Answered
from portalkompass.ui.components.text import plain

CAVEATS_IN_SIGHT = 4
MOST_ACROSS = 4
"""Cards beside each other; more are set in rows of one less, all of the same width."""


def head(title: str, question: str) -> None:
    """The screen's name and the question it answers (none where every line of room counts)."""
    st.title(title, anchor=False)
    if question:
        st.markdown(f":gray[{plain(question)}]")


def section(title: str) -> None:
    """A part of the screen that is not an exhibit."""
    st.header(title, anchor=False)


def show(result: Answered, *names: str) -> None:
    """A whole answer: message, cards, the exhibits of these ids (without any: all of them), next steps."""
    top(result)
    exhibits.show(result, *names)
    next_steps(result.answer)


def top(result: Answered) -> None:
    """How every answer begins: its message, then its figures in cards."""
    message(result.answer)
    cards(result.answer.figures)


def message(answer: Answer) -> None:
    """The answer as a sentence, then the cautions that belong to it."""
    if answer.message:
        st.markdown(f"**{plain(answer.message)}**")
    exhibits.notes(answer.caveats[:CAVEATS_IN_SIGHT])
    rest = answer.caveats[CAVEATS_IN_SIGHT:]
    if rest:
        with st.expander(f"Weitere Hinweise ({len(rest)})"):
            exhibits.notes(rest)


def next_steps(answer: Answer) -> None:
    """What to do next; the last words of a screen, and the only ones where data are missing."""
    if answer.next_steps:
        lines = "\n".join(f"- {plain(step)}" for step in answer.next_steps)
        st.info(f"**Nächste Schritte**\n{lines}")


def cards(figures: Sequence[Figure]) -> None:
    """Figures in cards; the change stands in words, colour only repeats it.

    Label and change are texts of their own, because a metric cuts long German words off.
    """
    across = MOST_ACROSS - 1 if len(figures) > MOST_ACROSS else max(len(figures), MOST_ACROSS - 1)
    for first in range(0, len(figures), across):
        row = figures[first : first + across]
        for cell, figure in zip(st.columns(across), row, strict=False):
            with cell.container(border=True, height="stretch", gap=None):
                st.markdown(plain(figure.label), help=plain(figure.help) if figure.help else None)
                st.metric(plain(figure.label), figure.value, label_visibility="collapsed")
                if len(figure.trend) > 1:
                    _trend(figure)
                st.markdown(f":{_colour(figure)}[:small[{plain(figure.change)}]]" if figure.change else "")


def _trend(figure: Figure) -> None:
    st.vega_lite_chart(
        sparkline(figure.trend),
        theme=None,
        width="stretch",
        alt=f"{figure.label}: Verlauf in {len(figure.trend)} Schritten. {figure.change}".strip(),
        key=f"trend-{figure.label}",
    )


def _colour(figure: Figure) -> str:
    if figure.good is None:
        return "gray"
    return "green" if figure.good else "red"
