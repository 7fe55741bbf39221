"""The parts every screen has in the same place: title with its question, message, cards, cautions."""

from __future__ import annotations

import math
from collections.abc import Sequence

import streamlit as st

from portalkompass import german
from portalkompass.answers import Answer, Figure
from portalkompass.charts.sparkline import sparkline
from portalkompass.ui import reading
from portalkompass.ui.components import exhibits
from portalkompass.ui.components.answer_cache import Answered
from portalkompass.ui.components.text import plain

LEAST_ACROSS, MOST_ACROSS = 3, 7
"""Cards beside each other; more are set in rows of equal length."""
SAMPLE = "Diese Zahlen sind erfunden. Sie verschwinden, sobald eigene Daten geladen sind."


def head(title: str, question: str) -> None:
    """One line: the screen's name, the question it answers (none where every line of room counts), the sample mark.

    Raises:
        SettingsError, WarehouseError, WorkspaceError: nothing can be read.
    """
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="kopf"):
        st.title(title, anchor=False, width="content")
        if question:
            st.markdown(f":gray[{plain(question)}]", width="content")
        if reading.current().warehouse.sample:
            st.badge("Beispieldaten", color="orange", help=SAMPLE)


def section(title: str) -> None:
    """A part of the screen that is not an exhibit."""
    st.header(title, anchor=False)


def show(result: Answered, *names: str) -> None:
    """A whole answer: message, cards, the exhibits of these ids (without any: all of them), next steps."""
    top(result)
    exhibits.show(result, *names)
    next_steps(result.answer)


def top(result: Answered) -> None:
    """How every answer begins: its message, its figures in cards, and one line of what belongs to them."""
    answer = result.answer
    if answer.message:
        st.markdown(f"**{plain(answer.message)}**")
    days = cards(answer.figures)
    _cautions(answer, f"verglichen ist {days}" if days else "")


def message(answer: Answer) -> None:
    """The answer as a sentence, and its cautions."""
    if answer.message:
        st.markdown(f"**{plain(answer.message)}**")
    _cautions(answer)


def _cautions(answer: Answer, days: str = "") -> None:
    """One line: the days that the cards compare, and how many cautions stand behind it."""
    if not answer.caveats:
        st.caption(plain(f"{days[:1].upper()}{days[1:]}"))
        return
    label = german.count(len(answer.caveats), "Hinweis zu diesen Zahlen", "Hinweise zu diesen Zahlen")
    with st.expander(plain(" · ".join(filter(None, (label, days)))), type="compact", key="hinweise"):
        exhibits.notes(answer.caveats)


def next_steps(answer: Answer) -> None:
    """What to do next; the last words of a screen, and the only ones where data are missing."""
    if answer.next_steps:
        lines = "\n".join(f"- {plain(step)}" for step in answer.next_steps)
        st.info(f"**Nächste Schritte**\n{lines}")


def cards(figures: Sequence[Figure]) -> str:
    """Figures in cards, in one row; the change stands in words, colour only repeats it.

    Label and change are texts of their own, because a metric cuts long German words off. Returned are the days
    that the changes compare, where they are the same on all cards; a card then says the change in brief.
    """
    if not figures:
        return ""
    days = list(dict.fromkeys(figure.compared for figure in figures if figure.compared))
    rows = math.ceil(len(figures) / MOST_ACROSS)
    across = max(math.ceil(len(figures) / rows), LEAST_ACROSS)
    for first in range(0, len(figures), across):
        row = figures[first : first + across]
        for cell, figure in zip(st.columns(across, gap="small"), row, strict=False):
            with cell.container(gap=None):
                _card(figure, figure.brief if figure.brief and len(days) == 1 else figure.change)
    return days[0] if len(days) == 1 else ""


def _card(figure: Figure, change: str) -> None:
    st.markdown(f":small[{plain(figure.label)}]", help=plain(figure.help) if figure.help else None)
    st.metric(plain(figure.label), figure.value, label_visibility="collapsed")
    if len(figure.trend) > 1:
        _trend(figure)
    st.markdown(f":{_colour(figure)}[:small[{plain(change)}]]" if change else "")


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
