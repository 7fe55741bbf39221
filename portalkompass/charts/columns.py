"""The frame as a chart needs it: neutral column names, German text for tooltips and labels.

Neutral names (``x``, ``y``, ``series`` …) keep dots and brackets of a column name from being read as a
path by Vega, and every text from data inside the data.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence

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
    "signed_integer": "+,.0f",
}
FLAGS = {"partial": "unvollständig", "provisional": "vorläufig"}
"""Columns that say how sure a row is."""
ROLES = ("x", "y", "series", "size")
COMPARISONS = frozenset(
    {"Vorjahr", "Vorperiode", "Vorzeitraum", "Zeitraum davor", "Vergleichszeitraum", "Vergleich"}
)
"""Names of series that others are compared with: drawn grey and dashed."""
FAR_FROM_ONE, SMALL_PART = 3.0, 0.35
"""A position axis that would give less than this share of its height to the change begins with the values instead."""
LABEL_WIDTH, LABEL_LINES = 36, 2
"""Characters and lines of a category's label."""
SPLIT_LABEL = "split(datum.label, '\\n')"
"""Axis labels hold line breaks as text; this constant is the only expression on category labels."""


def neutral(exhibit: Exhibit) -> pd.DataFrame:
    """The rows with columns named by role, tooltip texts ``t0`` …, flags, and what is ``said``."""
    frame = exhibit.frame
    columns: dict[str, object] = {}
    for role in ROLES:
        name = getattr(exhibit, role)
        if name:
            columns[role] = frame[name]
    written = texts(exhibit)
    columns |= {f"t{index}": column for index, column in enumerate(written)}
    for flag in FLAGS:
        columns[flag] = frame[flag].fillna(False).astype(bool) if flag in frame else False
    columns["said"] = said(exhibit, written)
    return pd.DataFrame(columns).reset_index(drop=True)


def texts(exhibit: Exhibit) -> list[list[str]]:
    """The cells of each field as German text, column by column."""
    return [german.texts(exhibit.frame[field.name], field.format) for field in exhibit.fields]


def said(exhibit: Exhibit, written: Sequence[Sequence[str]] = ()) -> list[str]:
    """Each row in words, the text alternative of its mark: "Monat: Oktober 2025; Ø Position: 8,8".

    ``written`` are the ``texts`` of the exhibit, where there are any already.
    """
    told = [
        [f"{titled(field)}: {text}" for text in column]
        for field, column in zip(exhibit.fields, written or texts(exhibit), strict=True)
        if field.name not in FLAGS
    ]
    told.append(said_flags(exhibit))
    return ["; ".join(part for part in row if part) for row in zip(*told, strict=True)]


def said_flags(exhibit: Exhibit) -> list[str]:
    """How sure each row is, in words: "unvollständig; vorläufig"; empty for most."""
    frame = exhibit.frame
    told = [
        [word if value else "" for value in frame[flag].fillna(False).astype(bool)]
        for flag, word in FLAGS.items()
        if flag in frame
    ]
    return ["; ".join(filter(None, row)) for row in zip(*told, strict=True)] or [""] * len(frame)


def titled(field: Field) -> str:
    """Label with its unit: "Beitrag (Punkte)"; a unit that only repeats the label is left out."""
    label = plain_title(field.label)
    return label if field.unit.lower() in label.lower() else f"{label} ({field.unit})"


def plain_title(text: str) -> str:
    """A tooltip's title: Vega-Lite writes it into an expression, where a backslash or line separator has a meaning."""
    return " ".join(text.replace("\\", "/").split())


def d3_format(field: Field) -> str:
    """Format of axis numbers; text fields keep theirs."""
    return D3_FORMATS.get(field.format, "")


def shows_a_part(values: pd.Series) -> bool:
    """Whether a position axis shows a part of the places only: values that take up little of the way from 1."""
    if not values.notna().any():
        return False
    worst, best = float(values.max(skipna=True)), float(values.min(skipna=True))
    return best > FAR_FROM_ONE and worst - best < (worst - 1) * SMALL_PART


def lines(text: str) -> str:
    """A category label in at most two lines, so that long German titles stay readable."""
    flat = " ".join(text.split())
    wrapped = textwrap.wrap(flat, LABEL_WIDTH, max_lines=LABEL_LINES, placeholder=" …")
    return "\n".join(wrapped) or "(ohne Namen)"


def categories(values: Iterable[object]) -> list[str]:
    """Labels of a category axis, in order and distinct."""
    return told_apart(lines(str(value)) for value in values)


def shared_labels(values: pd.Series) -> pd.Series:
    """The label of each row's category, which rows of the same one share."""
    names = distinct(values)
    return values.astype(str).map(dict(zip(names, categories(names), strict=True)))


def shortened(text: str, limit: int) -> str:
    """The text in at most ``limit`` characters."""
    return text if len(text) <= limit else text[: limit - 2] + " …"


def told_apart(labels: Iterable[str]) -> list[str]:
    """The labels in order; equal ones get invisible marks at their end, so that each has a row of its own."""
    seen: Counter[str] = Counter()
    distinct_labels = []
    for label in labels:
        distinct_labels.append(label + "\u200b" * seen[label])
        seen[label] += 1
    return distinct_labels


def distinct(values: pd.Series) -> list[str]:
    """Series names in the frame's order."""
    return [str(value) for value in values.dropna().drop_duplicates()]
