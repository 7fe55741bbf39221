"""What a mark says when the pointer rests on it."""

from __future__ import annotations

import altair as alt

from portalkompass.charts.columns import FLAGS, titled
from portalkompass.exhibit import Exhibit


def tooltips(exhibit: Exhibit) -> list[alt.Tooltip]:
    """One line per field, as finished German text."""
    return [
        alt.Tooltip(field=f"t{index}", type="nominal", title=titled(field))
        for index, field in enumerate(exhibit.fields)
        if field.name not in FLAGS
    ]
