"""An exhibit on the screen: headline, subtitle, chart, its rows on demand, notes, source, downloads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import streamlit as st

from portalkompass import charts
from portalkompass.exhibit import Exhibit
from portalkompass.ui import zoom
from portalkompass.ui.components import export_menu, grids, methods
from portalkompass.ui.components.answer_cache import Answered
from portalkompass.ui.components.text import plain
from portalkompass.ui.tables import list_tools


def show(answered: Answered, *names: str) -> None:
    """The exhibits of these ids one below the other, without any id all of them; those without rows are left out."""
    for name in names or (exhibit.id for exhibit in answered.answer.exhibits):
        exhibit = answered.exhibit(name)
        if exhibit is not None and not exhibit.frame.empty:
            draw(answered, exhibit)


def draw(
    answered: Answered,
    exhibit: Exhibit,
    *,
    heading: Literal["full", "none"] = "full",
    tools: Callable[[Exhibit], Exhibit] = list_tools.narrowed,
) -> None:
    """One exhibit whole. The file is made on click, from exactly the rows shown.

    ``tools`` stand above the rows of a table and choose among them.

    A headline that is the answer's message stands above already: the subtitle takes its place.

    Notes that already stand as cautions above the screen are not repeated; files carry them all.
    """
    with st.container(key=f"exhibit-{exhibit.id}", gap="small"):
        if heading == "full":
            said = answered.answer.message.rstrip(".").endswith(exhibit.headline.rstrip("."))
            st.header(plain(exhibit.subtitle if said else exhibit.headline), anchor=False)
            if not said:
                st.caption(plain(exhibit.subtitle))
        if exhibit.kind == "table":
            exhibit = tools(exhibit)
            _rows(answered, exhibit)
        elif zoom.offered(exhibit):
            zoom.chart(exhibit, answered.specifications[exhibit.id])
        else:
            st.vega_lite_chart(
                answered.specifications[exhibit.id],
                theme=None,
                width="stretch",
                alt=exhibit.alt,
                key=f"chart-{exhibit.id}",
            )
        cautions = answered.answer.caveats
        how = (*charts.reading_help(exhibit), *([zoom.HELP] if zoom.offered(exhibit) else []))
        notes((*how, *(note for note in exhibit.notes if note not in cautions)))
        _foot(answered, exhibit)


def _foot(answered: Answered, exhibit: Exhibit) -> None:
    """Source and data date, beside them the method of an estimate, the rows and the files."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        st.caption(plain(exhibit.footer), width="stretch")
        if exhibit.method:
            methods.button(f"method-{exhibit.id}", exhibit.method)
        if exhibit.kind != "table":
            rows = st.toggle("Tabelle zeigen", key=f"rows-{exhibit.id}")
        export_menu.button(exhibit)
    if exhibit.kind != "table" and rows:
        _rows(answered, exhibit)


def _rows(answered: Answered, exhibit: Exhibit) -> None:
    if exhibit.frame.empty:
        st.info("Keine Zeile passt zu dieser Suche.")
        return
    grids.draw(list_tools.page_of(exhibit), key=f"table-{exhibit.id}", drawn=answered.grids)


def notes(sentences: Sequence[str]) -> None:
    """Small print, one line a sentence."""
    if sentences:
        st.caption("  \n".join(plain(sentence) for sentence in sentences))
