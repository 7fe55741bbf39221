"""Ranking bands: how many queries or pages stand how high, counted and weighted by impressions."""

from __future__ import annotations

import narwhals as nw

from portalkompass.metrics.measures import LazyFrame, position, position_sums, whole
from portalkompass.metrics.selection import with_month

BANDS: tuple[tuple[str, float], ...] = (
    ("1–3", 3.5),
    ("4–10", 10.5),
    ("11–20", 20.5),
    ("21–50", 50.5),
    ("51+", float("inf")),
)
"""Band and the mean position up to which a query belongs to it: a mean of 3,4 is shown as place 3."""


def bands_by_month(
    rows: LazyFrame, calendar: LazyFrame, key: str, count: str, *, by_month: bool = False
) -> LazyFrame:
    """month, band (1 … 5), ``count``, impressions; a ``key`` counts once a month, by its monthly mean.

    ``rows`` have a row a ``key`` (query or url) and day, or one a key and month (``by_month``), which is not summed
    again; keys without impressions in a month are not counted.
    """
    months = with_month(rows, calendar)
    own = nw.when(nw.col("sum_position").is_null()).then(0).otherwise(1).alias("placed")
    impressions = nw.col("impressions").sum()
    summed = (
        months.with_columns(own)
        if by_month
        else months.group_by("month", key).agg(impressions, *position_sums())
    )
    placed = summed.filter(nw.col("impressions") > 0)
    banded = placed.with_columns(position()).with_columns(_band().alias("band"))
    return (
        banded.group_by("month", "band")
        .agg(nw.len().alias(count), impressions)
        .with_columns(*whole(count, "impressions"))
        .sort("month", "band")
    )


def _band() -> nw.Expr:
    place = nw.col("position")
    expression: nw.Expr = nw.lit(len(BANDS))
    for number, (_, upper) in reversed(list(enumerate(BANDS[:-1], start=1))):
        expression = nw.when(place < upper).then(nw.lit(number)).otherwise(expression)
    return expression
