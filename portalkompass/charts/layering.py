"""A chart before it becomes a specification: layers over named rows.

Rows are kept apart from the layers: Altair would otherwise copy, clean and hash them once per layer, which
costs more than all the rest.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from portalkompass.charts.columns import FLAGS, titled
from portalkompass.exhibit import Exhibit

ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Drawing:
    """``parts`` are drawn in order over ``frames``; ``height`` is the plot's, without axes and legend.

    ``selections`` are what the last part's marks answer to.
    """

    parts: list[alt.Chart]
    frames: dict[str, pd.DataFrame]
    height: int
    selections: tuple[Mapping[str, Any], ...] = ()


def over(name: str = ROWS) -> alt.Chart:
    """An empty layer over the frame of that name."""
    return alt.Chart(alt.NamedData(name=name))


def tooltips(exhibit: Exhibit) -> list[alt.Tooltip]:
    """What a mark says when the pointer rests on it: one line per field, as finished German text."""
    return [
        alt.Tooltip(field=f"t{index}", type="nominal", title=titled(field))
        for index, field in enumerate(exhibit.fields)
        if field.name not in FLAGS
    ]


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Plain JSON values: days as local time (else they shift by time zone), missing values as null."""
    columns = {str(name): [_plain(value) for value in frame[name].tolist()] for name in frame.columns}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _plain(value: Any) -> Any:  # noqa: ANN401 a cell of any column
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S")
    return f"{value.isoformat()}T00:00:00" if isinstance(value, dt.date) else value
