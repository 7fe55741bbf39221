"""Tables of an exhibit: German text in every cell, numbers still sorted as numbers and aligned right."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler
from streamlit.elements.lib.column_types import ColumnConfig

from portalkompass import german
from portalkompass.charts.columns import titled
from portalkompass.exhibit import Exhibit, Field
from portalkompass.ui import chosen_page
from portalkompass.ui.text import plain

SHOWN_WHOLE = 20
SCROLLED_HEIGHT = 600
NUMERIC = frozenset({"integer", "decimal1", "decimal2", "percent", "percent_change", "signed"})
CHARACTER, PADDING, NARROWEST, WIDEST = 7.1, 22, 64, 345


def draw(exhibit: Exhibit, *, key: str) -> None:
    """The rows in the order of the fields; the alternative text is that of the exhibit."""
    rows = written(exhibit)
    st.dataframe(
        rows,
        hide_index=True,
        column_config={field.name: _column(field, exhibit.frame[field.name]) for field in exhibit.fields},
        height="content" if len(exhibit.frame) <= SHOWN_WHOLE else SCROLLED_HEIGHT,
        placeholder=german.MISSING,
        alt=exhibit.alt,
        key=key,
        on_select=partial(chosen_page.click, exhibit, key)
        if exhibit.options.get("key") == "url"
        else "ignore",
        selection_mode="single-row",
    )


def written(exhibit: Exhibit) -> Styler:
    """The rows with their German text; yes and no as words, since check boxes look as if they could be ticked."""
    frame = exhibit.frame[[field.name for field in exhibit.fields]].copy()
    for field in exhibit.fields:
        if field.format == "bool":
            frame[field.name] = [german.value(value, "bool") for value in frame[field.name]]
    texts: dict[Any, str | Callable[[object], str] | None] = {
        field.name: _writer(field) for field in exhibit.fields if field.format not in ("link", "bool")
    }
    return frame.style.format(texts)


def _writer(field: Field) -> Callable[[object], str]:
    return lambda value: german.value(value, field.format)


def _column(field: Field, values: pd.Series) -> ColumnConfig:
    label = titled(field)
    explanation = plain(field.help) if field.help else None
    if field.format == "link":
        return st.column_config.LinkColumn(
            label, help=explanation, display_text=r"^https?://[^/]+(/.*)$", width="medium"
        )
    return st.column_config.Column(
        label,
        help=explanation,
        alignment="right" if field.format in NUMERIC else "left",
        width=_width(label, values) if field.format == "text" else None,
    )


def _width(label: str, values: pd.Series) -> int:
    """Pixels for the longest text; the grid itself only measures the first rows and cuts the others."""
    longest = max([len(label), *(len(str(value)) for value in values)])
    return min(max(int(longest * CHARACTER) + PADDING, NARROWEST), WIDEST)
