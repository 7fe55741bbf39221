"""The ranking of every lane as one table, for slides."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from portalkompass.answers.base.answer import Answer
from portalkompass.exhibit import Exhibit, Field

LANE_FIELDS = ("rank", "name", "score", "score_range", "rank_range", "known", "lane_reason")
"""Columns of a ranking that a slide has room for; the criteria's values stay with the files."""
RANGES = ("score_range", "rank_range")
"""Columns that only repeat points and rank where every value is known."""


def lane_page(ranked: Answer) -> tuple[Exhibit, ...]:
    """The ranking inside every lane as one table; the criteria's values stay with the files."""
    lanes = [table for table in ranked.exhibits if table.lane is not None and not table.frame.empty]
    if not lanes:
        return ()
    first = lanes[0]
    rows = pd.concat([table.frame.assign(lane_name=table.lane) for table in lanes], ignore_index=True)
    known = not rows["score_range"].str.contains("–").any()
    names = [name for name in LANE_FIELDS if not (known and name in RANGES)]
    page = replace(
        first,
        id="ranking_by_lane",
        frame=rows,
        fields=(Field("lane_name", "Bahn"), *(first.field(name) for name in names)),
        headline=ranked.message.rstrip("."),
        subtitle=f"Reihenfolge innerhalb der Bahnen · {first.subtitle.rpartition(' · ')[2]}",
        alt=f"Tabelle der Reihenfolge je Bahn. {ranked.message}",
        lane=None,
    )
    return (page,)
