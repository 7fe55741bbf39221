"""The frame as a chart needs it: neutral column names, German text for tooltips and labels.

Neutral names (``x``, ``y``, ``series`` …) keep dots and brackets of a column name from being read as a
path by Vega, and every text from data inside the data.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import pandas as pd

from portalkompass import german
from portalkompass.exhibit import Exhibit, Field

D3_FORMATS = {
    "integer": ",.0f",
    "decimal1": ",.1f",
    "decimal2": ",.2f",
    "percent": ".0%",
    "percent_change": "+.0%",
    "signed": "+,.0f",
}
FLAGS = {"partial": "unvollständig", "provisional": "vorläufig"}
"""Columns that say how sure a row is."""
ROLES = ("x", "y", "series", "size")
LABEL_WIDTH = 36
LABEL_LINES = 2


def neutral(exhibit: Exhibit) -> pd.DataFrame:
    """The rows with columns named by role, tooltip texts ``t0`` …, flags, and what is ``said``."""
    frame = exhibit.frame
    columns: dict[str, object] = {}
    for role in ROLES:
        name = getattr(exhibit, role)
        if name:
            columns[role] = frame[name]
    texts = [german.texts(frame[field.name], field.format) for field in exhibit.fields]
    for index, written in enumerate(texts):
        columns[f"t{index}"] = written
    for flag in FLAGS:
        columns[flag] = frame[flag].fillna(False).astype(bool) if flag in frame else False
    columns["said"] = said(exhibit, texts)
    return pd.DataFrame(columns).reset_index(drop=True)


def said(exhibit: Exhibit, texts: Sequence[Sequence[str]] = ()) -> list[str]:
    """Each row in words, the text alternative of its mark: "Monat: Oktober 2025; Ø Position: 8,8".

    ``texts`` are the fields' cells as German text, where they were written already.
    """
    frame = exhibit.frame
    written = texts or [german.texts(frame[field.name], field.format) for field in exhibit.fields]
    told = [
        [f"{titled(field)}: {text}" for text in column]
        for field, column in zip(exhibit.fields, written, strict=True)
        if field.name not in FLAGS
    ]
    for flag, word in FLAGS.items():
        if flag in frame:
            told.append([word if value else "" for value in frame[flag].fillna(False).astype(bool)])
    return ["; ".join(part for part in row if part) for row in zip(*told, strict=True)]


def titled(field: Field) -> str:
    """Label with its unit: "Beitrag (Punkte)"; a unit that only repeats the label is left out.

    Vega-Lite writes titles into expressions, where a backslash or a line separator would mean something.
    """
    label = " ".join(field.label.replace("\\", "/").split())
    return label if field.unit.lower() in label.lower() else f"{label} ({field.unit})"


def d3_format(field: Field) -> str:
    """Format of axis numbers; text fields keep theirs."""
    return D3_FORMATS.get(field.format, "")


def lines(text: str, width: int = LABEL_WIDTH, most: int = LABEL_LINES) -> str:
    """A category label in at most ``most`` lines, so that long German titles stay readable."""
    flat = " ".join(str(text).split())
    wrapped = textwrap.wrap(flat, width, break_long_words=True, max_lines=most, placeholder=" …")
    return "\n".join(wrapped) or "(ohne Namen)"


def categories(values: Sequence[object]) -> list[str]:
    """Labels of a category axis, in order and distinct: equal titles get invisible marks at their end."""
    seen: dict[str, int] = {}
    labels = []
    for value in values:
        label = lines(str(value))
        count = seen.get(label, 0)
        seen[label] = count + 1
        labels.append(label + "\u200b" * count)
    return labels


def distinct(values: pd.Series) -> list[str]:
    """Series names in the frame's order."""
    return [str(value) for value in values.dropna().drop_duplicates()]
