"""Rows of a question as of a day: which days Google serves (retention, final, provisional), cap, filters, its order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, repeat

import numpy as np
import pandas as pd

from etl.demo.server.question import Filter, Question
from etl.demo.world.hours import DAYS_WITH_HOURS, by_hour
from etl.demo.world.row_types import Floats, Ints, Rows, World, no_rows
from etl.sources.rounds import days_between

RETENTION_MONTHS = 16
_NEWEST_SHARE = 0.55
_PROVISIONAL_SHARE = 0.92


def usual_lag(today: dt.date) -> int:
    """Days between today and the newest final day: 2, on a few fixed days 3 or 4."""
    number = today.toordinal()
    if number % 53 == 17:
        return 4
    return 3 if number % 29 == 11 else 2


def oldest_day(today: dt.date) -> dt.date:
    """The first day that is still served: 16 months back."""
    return (pd.Timestamp(today) - pd.DateOffset(months=RETENTION_MONTHS)).date()


def provisional_share(day: dt.date, today: dt.date) -> float:
    """How much of a provisional day has been counted so far."""
    return _NEWEST_SHARE if day >= today - dt.timedelta(days=1) else _PROVISIONAL_SHARE


@dataclass(frozen=True, slots=True)
class Supply:
    """What may be served as of today; at most `cap` rows a day."""

    world: World
    today: dt.date
    last_final: dt.date
    cap: int

    def first_incomplete(self) -> dt.date:
        """First provisional day."""
        return self.last_final + dt.timedelta(days=1)

    def days(self, question: Question) -> list[dt.date]:
        """Days of the question that have data."""
        newest = self.last_final if question.state == "final" else self.today - dt.timedelta(days=1)
        oldest = oldest_day(self.today)
        if question.state == "hourlyAll":
            oldest = self.today - dt.timedelta(days=DAYS_WITH_HOURS)
        first = max(question.start, self.world.first_day, oldest)
        last = min(question.end, self.world.last_day, newest)
        return days_between(first, last)


def collect(site: str, question: Question, supply: Supply) -> Rows:
    """All rows of a question in Google's order: most clicks first; by date where only dates are asked."""
    parts: list[Rows] = []
    for day in supply.days(question):
        rows = _day_rows(site, question, supply, day)
        if "hour" in question.dimensions:
            rows = by_hour(day, rows)
        if "date" in question.dimensions and len(rows):
            place = question.dimensions.index("date")
            keys = (*rows.keys[:place], [day.isoformat()] * len(rows), *rows.keys[place:])
            rows = replace(rows, keys=keys)
        parts.append(rows)
    rows = _joined(parts, question.dimensions)
    if len(parts) > 1 and not {"date", "hour"}.intersection(question.dimensions):
        rows = _merged(rows)
    return rows if question.dimensions in (("date",), ("hour",)) else rows.taken(_order(rows))


def _day_rows(site: str, question: Question, supply: Supply, day: dt.date) -> Rows:
    by_appearance = question.dimensions == ("searchAppearance",)
    needed = tuple(name for name in question.needed if by_appearance or name != "searchAppearance")
    share = provisional_share(day, supply.today) if day > supply.last_final else 1.0
    rows = _capped(_counted(site, question, supply, day, needed, share), supply.cap)
    for part in question.filters:
        if part.dimension == "searchAppearance":
            rows = _with_appearance(site, question, supply, day, rows, part)
        else:
            rows = _passing(rows, part, needed.index(part.dimension))
    grouped = tuple(name for name in question.dimensions if name not in ("date", "hour"))
    if grouped != needed and not by_appearance:
        rows = _merged(replace(rows, keys=rows.keys[: len(grouped)]))
    return rows


def _passing(rows: Rows, part: Filter, place: int) -> Rows:
    passing = [number for number, key in enumerate(rows.keys[place]) if part.passes(key)]
    return rows.taken(np.array(passing, dtype=np.int64))


def _counted(
    site: str, question: Question, supply: Supply, day: dt.date, needed: tuple[str, ...], share: float
) -> Rows:
    """A day as far as it has been counted. Provisional totals are the sum of their segments."""
    world, kind = supply.world, question.search_type
    if share < 1.0 and not needed and not question.by_page:
        segments = _counted_so_far(world.rows(site, kind, day, ("country", "device"), False), share)
        if len(segments):
            return _merged(replace(segments, keys=()))
    rows = world.rows(site, kind, day, needed, question.by_page)
    return rows if share == 1.0 else _counted_so_far(rows, share, round_up=question.by_page)


def _with_appearance(
    site: str, question: Question, supply: Supply, day: dt.date, rows: Rows, part: Filter
) -> Rows:
    """The share of each row that carried the appearance (the same share for all: enough for a stand-in)."""
    appearances = supply.world.rows(site, question.search_type, day, ("searchAppearance",), False)
    shown = _merged(replace(_passing(appearances, part, 0), keys=()))
    if not rows.keys:
        return shown
    total = supply.world.rows(site, question.search_type, day, (), False)
    share = shown.impressions.sum() / max(int(total.impressions.sum()), 1)
    return _counted_so_far(rows, float(min(share, 1.0)))


def _counted_so_far(rows: Rows, share: float, *, round_up: bool = False) -> Rows:
    step = np.ceil if round_up else np.floor
    impressions = step(rows.impressions * share).astype(np.int64)
    clicks = np.minimum(step(rows.clicks * share).astype(np.int64), impressions)
    depth = rows.sum_position * (impressions / np.maximum(rows.impressions, 1))
    return Rows(rows.keys, clicks, impressions, depth).taken(np.flatnonzero(impressions))


def _capped(rows: Rows, cap: int) -> Rows:
    """Google keeps the rows with the most clicks of a day."""
    return rows if len(rows) <= cap else rows.taken(np.sort(_order(rows)[:cap]))


def _order(rows: Rows) -> Ints:
    return np.lexsort((-rows.impressions, -rows.clicks))


def _joined(parts: Sequence[Rows], dimensions: Sequence[str]) -> Rows:
    filled = [part for part in parts if len(part)]
    if len(filled) < 2:
        return filled[0] if filled else no_rows(dimensions)
    keys = tuple(list(chain(*columns)) for columns in zip(*(part.keys for part in filled), strict=True))
    return Rows(
        keys,
        np.concatenate([part.clicks for part in filled]),
        np.concatenate([part.impressions for part in filled]),
        np.concatenate([part.sum_position for part in filled]),
    )


def _merged(rows: Rows) -> Rows:
    """Rows with equal keys summed, in order of first appearance."""
    if not len(rows):
        return rows
    place_of: dict[tuple[str, ...], int] = {}
    tuples = zip(*rows.keys, strict=True) if rows.keys else repeat((), len(rows))
    places = np.array([place_of.setdefault(key, len(place_of)) for key in tuples], dtype=np.int64)
    keys = tuple(list(column) for column in zip(*place_of, strict=True))

    def total(values: Ints | Floats) -> Floats:
        return np.asarray(np.bincount(places, values, len(place_of)), dtype=np.float64)

    clicks, impressions = total(rows.clicks).astype(np.int64), total(rows.impressions).astype(np.int64)
    return Rows(keys, clicks, impressions, total(rows.sum_position))
