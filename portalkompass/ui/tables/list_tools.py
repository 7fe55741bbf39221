"""What a long table offers above its rows: a search that filters, an order by gain or loss, pages."""

from __future__ import annotations

import dataclasses
import math

import pandas as pd
import streamlit as st

from portalkompass import german
from portalkompass.answers.courses.both_periods import GAIN
from portalkompass.exhibit import Exhibit
from portalkompass.spelling import folded
from portalkompass.ui.streamlit_internals import DeltaGenerator

LEAST_ROWS = 20
"""Rows up to which a table is read as it stands."""
PAGE_ROWS = 250
"""Rows sent to the browser at once; the others are one click away."""
ORDERS = {"Wie angegeben": None, "Größte Verluste": True, "Größte Gewinne": False}
"""What an order is called, and whether the difference rises in it."""


def narrowed(exhibit: Exhibit, at: DeltaGenerator | None = None) -> Exhibit:
    """The rows that fit the search, in the order chosen; all of them, over all pages.

    ``at`` is the row above the table, where something else chooses among its rows, too.

    A file made of the result says what was looked for, and of how many rows.
    """
    if len(exhibit.frame) <= LEAST_ROWS:
        return exhibit
    with at or row(exhibit):
        text = st.text_input(
            "In dieser Liste suchen",
            key=f"suche-{exhibit.id}",
            placeholder="In dieser Liste suchen",
            label_visibility="collapsed",
            icon=":material/search:",
            max_chars=200,
            width=320,
        ).strip()
        order = _order(exhibit)
        rows = in_order(matching(exhibit, text), rising=ORDERS[order])
        st.caption(f"{german.number(len(rows))} von {german.count(len(exhibit.frame), 'Zeile', 'Zeilen')}")
    if not text and order == next(iter(ORDERS)):
        return exhibit
    told = f"gesucht: „{text}“, {german.number(len(rows))} von {german.number(len(exhibit.frame))} Zeilen"
    parts = [exhibit.subtitle, *([told] if text else []), *([order] if ORDERS[order] is not None else [])]
    return dataclasses.replace(exhibit, frame=rows, subtitle=" · ".join(filter(None, parts)))


def row(exhibit: Exhibit) -> DeltaGenerator:
    """The row above a table for what chooses among its rows."""
    return st.container(horizontal=True, vertical_alignment="bottom", gap="small", key=f"liste-{exhibit.id}")


def page_of(exhibit: Exhibit) -> Exhibit:
    """The rows of the page in sight; the choice of pages stands above them where there are several."""
    pages = math.ceil(len(exhibit.frame) / PAGE_ROWS)
    if pages <= 1:
        return exhibit
    # The key holds the number of pages: a search that leaves fewer begins with the first.
    page = st.pagination(pages, key=f"seite-{exhibit.id}-{pages}")
    return dataclasses.replace(exhibit, frame=exhibit.frame.iloc[(page - 1) * PAGE_ROWS : page * PAGE_ROWS])


def matching(exhibit: Exhibit, text: str) -> pd.DataFrame:
    """The rows in one of whose texts each word of ``text`` stands, in any spelling of umlauts and case."""
    wanted = folded(text).split()
    names = [field.name for field in exhibit.fields if field.format in ("text", "link")]
    if not wanted or not names:
        return exhibit.frame
    cells = exhibit.frame[names].fillna("").astype(str).agg(" ".join, axis=1).map(folded)
    fits = pd.Series(True, index=exhibit.frame.index)
    for word in wanted:
        fits &= cells.str.contains(word, regex=False)
    return exhibit.frame[fits]


def in_order(rows: pd.DataFrame, *, rising: bool | None) -> pd.DataFrame:
    """By the difference, rows without one last; as they are for None."""
    if rising is None:
        return rows
    return rows.sort_values(GAIN, ascending=rising, kind="stable", na_position="last")


def _order(exhibit: Exhibit) -> str:
    first = next(iter(ORDERS))
    if GAIN not in exhibit.frame:
        return first
    chosen = st.segmented_control(
        "Reihenfolge",
        list(ORDERS),
        default=first,
        required=True,
        key=f"reihenfolge-{exhibit.id}",
        label_visibility="collapsed",
    )
    return str(chosen or first)
