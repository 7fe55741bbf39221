"""Rows of a question as of a day: available days, provisional counts, cap, filters, Google's order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from etl.demo.server.availability import oldest_day, provisional_share
from etl.demo.server.question import Filter, Question
from etl.demo.world.hours import KEPT_DAYS, by_hour
from etl.demo.world.rhythm import days_between
from etl.demo.world.row_types import Ints, Rows, World


@dataclass(frozen=True, slots=True)
class Supply:
    """What may be served as of today. `gaps` are days that Google has lost."""

    world: World
    today: dt.date
    last_final: dt.date
    gaps: frozenset[dt.date]
    cap: int

    def first_incomplete(self) -> dt.date:
        """First provisional day."""
        return self.last_final + dt.timedelta(days=1)

    def days(self, question: Question) -> list[dt.date]:
        """Days of the question that have data."""
        newest = self.last_final if question.state == "final" else self.today - dt.timedelta(days=1)
        oldest = oldest_day(self.today)
        if question.state == "hourlyAll":
            oldest = self.today - dt.timedelta(days=KEPT_DAYS)
        first = max(question.start, self.world.first_day, oldest)
        last = min(question.end, self.world.last_day, newest)
        return [day for day in days_between(first, last) if day not in self.gaps] if first <= last else []


def collect(site: str, question: Question, supply: Supply) -> Rows:
    """All rows of a question in Google's order: most clicks first; by date where only dates are asked."""
    by_date = "date" in question.dimensions or "hour" in question.dimensions
    parts: list[Rows] = []
    for day in supply.days(question):
        rows = _day_rows(site, question, supply, day)
        if "hour" in question.dimensions:
            rows = by_hour(day, rows)
        if "date" in question.dimensions and len(rows):
            place = question.dimensions.index("date")
            keys = list(rows.keys)
            keys.insert(place, [day.isoformat()] * len(rows))
            rows = Rows(tuple(keys), rows.clicks, rows.impressions, rows.sum_position)
        parts.append(rows)
    if len(parts) == 1:
        return _sorted(parts[0], question)
    joined = _joined(parts, len(question.dimensions))
    return _sorted(joined if by_date else _merged(joined), question)


def _day_rows(site: str, question: Question, supply: Supply, day: dt.date) -> Rows:
    needed = tuple(name for name in question.needed if name != "searchAppearance")
    if question.dimensions == ("searchAppearance",):
        needed = question.dimensions
    share = provisional_share(day, supply.today) if day > supply.last_final else 1.0
    rows = _capped(_counted(site, question, supply, day, needed, share), supply.cap)
    for part in question.filters:
        if part.dimension == "searchAppearance":
            rows = _with_appearance(site, question, supply, day, rows, part)
        else:
            keep = part.passes()
            keys = rows.keys[needed.index(part.dimension)]
            rows = _taken(
                rows, np.array([number for number, key in enumerate(keys) if keep(key)], dtype=np.int64)
            )
    grouped = tuple(name for name in question.dimensions if name not in ("date", "hour"))
    if grouped != needed and question.dimensions != ("searchAppearance",):
        rows = _merged(Rows(rows.keys[: len(grouped)], rows.clicks, rows.impressions, rows.sum_position))
    return rows


def _counted(
    site: str, question: Question, supply: Supply, day: dt.date, needed: tuple[str, ...], share: float
) -> Rows:
    """A day as far as it has been counted. Provisional totals are the sum of their segments."""
    world, kind = supply.world, question.search_type
    if share < 1.0 and not needed and not question.by_page:
        segments = _counted_so_far(world.rows(site, kind, day, ("country", "device"), False), share)
        if len(segments):
            return _merged(Rows((), segments.clicks, segments.impressions, segments.sum_position))
    rows = world.rows(site, kind, day, needed, question.by_page)
    return rows if share == 1.0 else _counted_so_far(rows, share, round_up=question.by_page)


def _with_appearance(
    site: str, question: Question, supply: Supply, day: dt.date, rows: Rows, part: Filter
) -> Rows:
    """The share of each row that carried the appearance (the same share for all: enough for a stand-in)."""
    appearances = supply.world.rows(site, question.search_type, day, ("searchAppearance",), False)
    keep = part.passes()
    chosen = _taken(appearances, np.array([n for n, key in enumerate(appearances.keys[0]) if keep(key)], int))
    shown = _merged(Rows((), chosen.clicks, chosen.impressions, chosen.sum_position))
    if not rows.keys:
        return shown
    total = supply.world.rows(site, question.search_type, day, (), False)
    share = shown.impressions.sum() / max(int(total.impressions.sum()), 1)
    return _counted_so_far(rows, float(min(share, 1.0)))


def _counted_so_far(rows: Rows, share: float, *, round_up: bool = False) -> Rows:
    step = np.ceil if round_up else np.floor
    impressions = step(rows.impressions * share).astype(np.int64)
    clicks = np.minimum(step(rows.clicks * share).astype(np.int64), impressions)
    depth = None
    if rows.sum_position is not None:
        depth = rows.sum_position * (impressions / np.maximum(rows.impressions, 1))
    counted = Rows(rows.keys, clicks, impressions, depth)
    return _taken(counted, np.flatnonzero(impressions))


def _capped(rows: Rows, cap: int) -> Rows:
    """Google keeps the rows with the most clicks of a day."""
    if len(rows) <= cap:
        return rows
    return _taken(rows, np.sort(_order(rows)[:cap]))


def _order(rows: Rows) -> Ints:
    return np.lexsort((-rows.impressions, -rows.clicks))


def _sorted(rows: Rows, question: Question) -> Rows:
    return rows if question.dimensions in (("date",), ("hour",)) else _taken(rows, _order(rows))


def _taken(rows: Rows, places: Ints) -> Rows:
    keys = tuple([column[place] for place in places] for column in rows.keys)
    depth = None if rows.sum_position is None else rows.sum_position[places]
    return Rows(keys, rows.clicks[places], rows.impressions[places], depth)


def _joined(parts: Sequence[Rows], width: int) -> Rows:
    filled = [part for part in parts if len(part)]
    if not filled:
        empty = np.zeros(0, dtype=np.int64)
        return Rows(tuple([] for _ in range(width)), empty, empty, np.zeros(0))
    keys = tuple([key for part in filled for key in part.keys[place]] for place in range(len(filled[0].keys)))
    depths = [part.sum_position for part in filled if part.sum_position is not None]
    return Rows(
        keys,
        np.concatenate([part.clicks for part in filled]),
        np.concatenate([part.impressions for part in filled]),
        np.concatenate(depths) if len(depths) == len(filled) else None,
    )


def _merged(rows: Rows) -> Rows:
    """Rows with equal keys summed, in order of first appearance."""
    if not len(rows):
        return rows
    found: dict[tuple[str, ...], int] = {}
    tuples = zip(*rows.keys, strict=True) if rows.keys else (() for _ in range(len(rows)))
    place = np.array([found.setdefault(key, len(found)) for key in tuples], dtype=np.int64)
    size = len(found)
    given = rows.sum_position
    depth = None if given is None else np.bincount(place, given, size).astype(np.float64)
    keys = tuple(list(column) for column in zip(*found, strict=True)) if rows.keys else ()
    clicks = np.bincount(place, rows.clicks, size).astype(np.int64)
    return Rows(keys, clicks, np.bincount(place, rows.impressions, size).astype(np.int64), depth)
