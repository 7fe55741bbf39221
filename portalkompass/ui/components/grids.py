"""Tables of an exhibit: German text in every cell, numbers still sorted as numbers and aligned right."""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

import numpy as np
import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from portalkompass import german
from portalkompass.charts.columns import titled
from portalkompass.exhibit import Exhibit, Field
from portalkompass.exports import disclosure_control
from portalkompass.ui.components.detail_picker import PAGE, QUERY, SERVICE
from portalkompass.ui.components.text import plain
from portalkompass.ui.streamlit_internals import ColumnConfig
from portalkompass.ui.tables.fixed_styler import fixed

SHOWN_WHOLE = 20
SCROLLED_HEIGHT = 600
LINE_HEIGHT, MOST_LINES, WRITTEN, USUAL = 17, 4, 6.4, 0.85
"""Of rows in which texts wrap: pixels a line, lines at most, pixels a character takes, and the share of a column's
texts that are to fit: for one long text in a list all others should not take three times the room."""
WRAPPING = 65
"""Height of rows from which Streamlit lets texts wrap: above four times the size of letters."""
RAW = frozenset({"link", "bool", "course"})
"""Formats whose cells hold what is shown."""
CHARACTER, PADDING, NARROWEST, WIDEST = 7.1, 22, 64, 345
IN_SIGHT, MARKS = 860, 36
"""Pixels a table has in a window 1280 wide, and those of the marks that choose a row."""
SHORTEST, READABLE = 150, 250
"""A text column is narrowed no further; in a table that is too wide anyhow, it stays as wide as can be read."""
LONGEST_WORD = 26
"""Letters of a word that is not torn; longer ones are addresses and the like."""
CLICKS = {choice.column: choice.click for choice in (PAGE, QUERY, SERVICE)}
"""What a click on a row leads to, by the column that tells its rows apart."""
COURSE_WIDTH = 150
MEASURED = 9
"""Rows that the grid itself surely measures for the width of a column that is given none."""
ON_PHONE, LEAST_ON_PHONE = 358, 120
"""Pixels a table has on a phone 390 wide, and those of its first column at least."""
SAID_BY_LABEL = frozenset({"Platz"})
"""Units that the label says already; the head of a table has no room to say it twice."""


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """A table ready to be sent: its rows with their German text, and how its columns look."""

    exhibit: Exhibit
    rows: Styler
    columns: dict[str, ColumnConfig]
    row_height: int | None


def draw(exhibit: Exhibit, *, key: str, drawn: dict[str, Grid]) -> None:
    """The rows in the order of the fields; the alternative text is that of the exhibit.

    ``drawn`` are the tables of the exhibit's answer that were drawn before: a rerun sends the same again.
    """
    phone = on_phone()
    kept = f"{key}-phone" if phone else key
    grid = drawn.get(kept)
    if grid is None or grid.exhibit.frame is not exhibit.frame:
        grid = drawn[kept] = prepared(exhibit, phone=phone)
    exhibit = grid.exhibit
    clicked = CLICKS.get(exhibit.row_key)
    # By this name the shell's script knows the tables in which a click anywhere in a row opens it.
    with st.container(key=f"opens-{key}") if clicked else nullcontext():
        st.dataframe(
            grid.rows,
            hide_index=True,
            column_config=grid.columns,
            height="content" if len(exhibit.frame) <= SHOWN_WHOLE else SCROLLED_HEIGHT,
            placeholder=german.MISSING,
            alt=exhibit.alt,
            row_height=grid.row_height,
            key=key,
            on_select=partial(clicked, exhibit, key) if clicked else "ignore",
            # Not by cell: a cell is chosen as soon as the Tab key comes by, which would open it.
            selection_mode="single-row",
        )


def on_phone() -> bool:
    """Whether the browser says that it is one of a phone; the server knows no width of a window."""
    return "Mobile" in (st.context.headers.get("User-Agent") or "")


def prepared(exhibit: Exhibit, *, phone: bool = False) -> Grid:
    """Each cell written once, for its text and for the width of its column.

    On a ``phone`` the first column gives room to the second, so that both are in sight.
    """
    exhibit = on_screen(exhibit)
    texts = {field.name: disclosure_control.on_screen(exhibit.frame, field) for field in exhibit.fields}
    widths, whole = fitted(exhibit, texts)
    if phone and widths:
        widths, whole = beside_second(exhibit, texts, widths), False
    shown = {field.name: texts[field.name] for field in exhibit.fields if field.format not in RAW}
    others = {
        field.name: _link_width(exhibit.frame[field.name])
        for field in exhibit.fields
        if field.format == "link"
    }
    others |= _whole_numbers(exhibit, texts)
    columns = {
        field.name: _column(
            field,
            widths.get(field.name, others.get(field.name)),
            pinned=not whole and place == 0,
            hidden=field.name in exhibit.folded,
        )
        for place, field in enumerate(exhibit.fields)
    }
    seen = {name: width for name, width in widths.items() if name not in exhibit.folded}
    return Grid(exhibit, fixed(_bare(exhibit), shown), columns, _row_height(exhibit, seen))


def on_screen(exhibit: Exhibit) -> Exhibit:
    """Without the columns that only files have."""
    fields = tuple(field for field in exhibit.fields if field.name not in exhibit.only_in_files)
    return dataclasses.replace(exhibit, fields=fields) if exhibit.only_in_files else exhibit


def _bare(exhibit: Exhibit) -> pd.DataFrame:
    """The columns that are shown, yes and no as words, a course as what was gained since its beginning."""
    frame = exhibit.frame[[field.name for field in exhibit.fields]].copy()
    for field in exhibit.fields:
        if field.format == "bool":
            frame[field.name] = german.texts(frame[field.name], "bool")
        elif field.format == "course":
            frame[field.name] = [gained(course, field) for course in frame[field.name]]
    return frame


def gained(course: Sequence[float], field: Field) -> list[float]:
    """The course as its difference to its beginning, to one decimal: up is better, also where low is good."""
    sign = -1 if field.low_is_good else 1
    return [round(sign * (value - course[0]), 1) for value in course]


@functools.lru_cache(maxsize=1000)
def _column(field: Field, width: int | None, *, pinned: bool, hidden: bool) -> ColumnConfig:
    config = _visible_column(field, width, pinned=pinned)
    # Hidden columns stand in the menu "Spalten wählen" of the table.
    return ColumnConfig(**{**config, "hidden": True}) if hidden else config


def _visible_column(field: Field, width: int | None, *, pinned: bool) -> ColumnConfig:
    label = head(field)
    explanation = plain(field.help) if field.help else None
    if field.format == "link":
        return st.column_config.LinkColumn(
            label, help=explanation, display_text=r"^https?://[^/]+(/.*)$", width=width or "medium"
        )
    if field.format == "course":
        return st.column_config.LineChartColumn(label, help=explanation, width=COURSE_WIDTH)
    return st.column_config.Column(
        label,
        help=explanation,
        alignment="right" if field.numeric else "left",
        width=width,
        pinned=pinned,
    )


def head(field: Field) -> str:
    """The label with its unit, unless the label says it already."""
    return field.label if field.unit in SAID_BY_LABEL else titled(field)


def fitted(
    exhibit: Exhibit, written: Mapping[str, Sequence[str]] | None = None
) -> tuple[dict[str, int], bool]:
    """Widths of the text columns in pixels, and whether the whole table is in sight.

    A column has the width of its longest text. Where that is too much the widest give first, down to one common
    width, but never so far that a word is torn. Where even that is too much the table is moved sideways; then its
    first column stays in sight.
    ``written`` are the cells' texts by column, where there are any already.
    """
    written = written or {}
    values = {
        field.name: exhibit.frame[field.name].tolist() for field in exhibit.fields if field.format == "text"
    }
    texts = {
        field.name: _width(head(field), values[field.name])
        for field in exhibit.fields
        if field.format == "text"
    }
    further = sum(
        _width(head(field), written.get(field.name) or german.texts(exhibit.frame[field.name], field.format))
        for field in exhibit.fields
        if field.format not in ("text", "link", "course") and field.name not in exhibit.folded
    )
    further += sum(COURSE_WIDTH for field in exhibit.fields if field.format == "course")
    room = IN_SIGHT - further - (MARKS if exhibit.row_key else 0)
    caps = range(WIDEST, SHORTEST - 1, -5)
    words = {name: _longest_word(values[name]) for name in texts}

    def narrowed(cap: int) -> dict[str, int]:
        return {name: min(width, max(cap, words[name])) for name, width in texts.items()}

    def taken(cap: int) -> int:
        return sum(width for name, width in narrowed(cap).items() if name not in exhibit.folded)

    cap = next((cap for cap in caps if taken(cap) <= room), None)
    return narrowed(cap or READABLE), cap is not None


def beside_second(
    exhibit: Exhibit, texts: Mapping[str, Sequence[str]], widths: Mapping[str, int]
) -> dict[str, int]:
    """The widths with a first column so narrow that the second one that is shown stands whole beside it on a phone."""
    shown = [field for field in exhibit.fields if field.name not in exhibit.folded]
    if len(shown) == 1 or shown[0].name not in widths:
        return dict(widths)
    first, second = shown[:2]
    taken = COURSE_WIDTH if second.format == "course" else _width(head(second), texts[second.name])
    room = ON_PHONE - (MARKS if exhibit.row_key else 0) - min(taken, ON_PHONE // 2)
    return {**widths, first.name: max(min(widths[first.name], room), LEAST_ON_PHONE)}


def _row_height(exhibit: Exhibit, widths: Mapping[str, int]) -> int | None:
    """Higher rows, in which texts wrap, where a column would cut many of its texts; else the usual ones."""
    if exhibit.frame.empty:
        return None
    lines = 1
    for name, width in widths.items():
        lengths = [len(str(value)) for value in exhibit.frame[name].tolist()]
        usual = float(np.quantile(lengths, USUAL, method="higher"))
        lines = max(lines, math.ceil(usual * WRITTEN / (width - PADDING + CHARACTER)))
    return max(LINE_HEIGHT * (min(lines, MOST_LINES) + 1), WRAPPING) if lines > 1 else None


def _whole_numbers(exhibit: Exhibit, texts: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Widths of the columns of numbers of which the grid would cut some: a number cut in front is another number."""
    widths = {}
    for field in exhibit.fields:
        if field.numeric:
            first, all_of_them = texts[field.name][:MEASURED], texts[field.name]
            if max(map(len, all_of_them), default=0) > max(map(len, (head(field), *first))):
                widths[field.name] = _width(head(field), all_of_them)
    return widths


def _link_width(values: Iterable[object]) -> int:
    """Pixels for the longest path, which is what is shown of an address."""
    paths = [urlsplit(str(value)).path for value in values if not german.is_missing(value)]
    longest = max(map(len, paths), default=0)
    return min(max(int(longest * CHARACTER) + PADDING, SHORTEST), READABLE)


def _longest_word(values: Iterable[object]) -> int:
    """Pixels below which the grid would tear a word: it breaks lines at blanks only."""
    lengths = (len(word) for value in values for word in str(value).split())
    longest = max((length for length in lengths if length <= LONGEST_WORD), default=0)
    return int(longest * WRITTEN) + PADDING


def _width(label: str, values: Iterable[object]) -> int:
    """Pixels for the longest text; the grid itself only measures the first rows and cuts the others."""
    longest = max([len(label), *(len(str(value)) for value in values)])
    return min(max(int(longest * CHARACTER) + PADDING, NARROWEST), WIDEST)
