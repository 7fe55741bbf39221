"""Days of a property drawn at once: every grain from the same chance, so that the grains fit together.

Per day and query: impressions are Poisson, the first page has all of them, further pages a part (binomial, as
Google shows two of our pages for one query), clicks are binomial by the place. What Google hides is added to
pages and property as a fixed part, rounded so that pages never fall below the property.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from etl.demo.scale.portals import SHOWN, Portal
from etl.demo.scale.sizes import GOOGLE_LIMIT
from etl.demo.world.row_types import Floats, Ints

_CELLS = 2_500_000
"""Days × queries drawn in one go: bounds the memory."""
_WEEKDAY = (1.12, 1.10, 1.06, 1.08, 0.94, 0.78, 0.92)
_IMPROVED_BY = 2.6
"""How much further behind the portal stood at the first day than at the last."""
_HIDDEN_OF_PAGES, _HIDDEN_OF_PROPERTY = 1.80, 1.75
SEGMENTS: tuple[tuple[str, str, float, float], ...] = (
    ("deu", "MOBILE", 0.52, 0.97),
    ("deu", "DESKTOP", 0.36, 1.03),
    ("deu", "TABLET", 0.03, 1.00),
    ("tur", "MOBILE", 0.02, 1.10),
    ("pol", "MOBILE", 0.02, 1.10),
    ("aut", "DESKTOP", 0.02, 1.10),
    ("nld", "DESKTOP", 0.02, 1.10),
    ("ukr", "MOBILE", 0.01, 1.10),
)
"""Country, device, part of the impressions, depth against the mean; the first row takes what rounding leaves."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Rows of one grain: ``keys`` are places in the portal's lists, ``day`` a place among all days."""

    day: Ints
    keys: tuple[Ints, ...]
    impressions: Ints
    clicks: Ints
    depth: Floats


DrawnDays = tuple[Drawn, ...]
"""All grains of some days, in the order of ``schema.DAY_GRAINS``."""


def draw_days(portal: Portal, days: Sequence[dt.date], seed: int) -> Iterator[DrawnDays]:
    """The days in order, as many at a time as memory allows."""
    rng = np.random.default_rng([486, seed])
    level, drift = _levels(days), np.linspace(_IMPROVED_BY, 1.0, len(days))
    step = max(_CELLS // len(portal.queries), 1)
    for first in range(0, len(days), step):
        part = slice(first, first + step)
        yield _draw(portal, first, level[part], drift[part], rng)


def _levels(days: Sequence[dt.date]) -> Floats:
    """How much is searched on each day against a usual one: weekdays and a yearly wave that peaks in spring."""
    return np.array(
        [
            _WEEKDAY[day.weekday()] * (1.0 + 0.12 * np.cos((day.timetuple().tm_yday - 80) / 58.1))
            for day in days
        ]
    )


def _draw(portal: Portal, first: int, level: Floats, drift: Floats, rng: np.random.Generator) -> DrawnDays:
    counts = rng.poisson(portal.rate[None, :] * level[:, None])
    day, query = np.nonzero(counts)
    cells, cell, slot = _placed(portal, counts[day, query], day, query, drift, rng)
    shown = Drawn(day[cell], (portal.shown[query[cell], slot], query[cell]), *cells)
    own = slot == 0
    # byProperty counts a query once: its first page's impressions and place, the clicks of all its pages.
    clicks = np.minimum(np.bincount(cell, shown.clicks, len(day)).astype(np.int64), shown.impressions[own])
    queries = Drawn(day, (query,), shown.impressions[own], clicks, shown.depth[own])
    site = _site(queries, len(level))
    pages = _pages(shown, len(level), len(portal.urls))
    grains = (site, _segments(site), queries, pages, _limited(shown, len(level)))
    return tuple(replace(rows, day=rows.day + first) for rows in grains)


def _placed(
    portal: Portal, asked: Ints, day: Ints, query: Ints, drift: Floats, rng: np.random.Generator
) -> tuple[tuple[Ints, Ints, Floats], Ints, Ints]:
    """Impressions, clicks and depth of every page shown, with the cell (day × query) and slot it belongs to."""
    counts = np.column_stack(
        [asked, *(rng.binomial(asked, portal.reach[query, slot]) for slot in range(1, SHOWN))]
    )
    cell, slot = np.nonzero(counts)
    impressions = counts[cell, slot]
    behind = portal.place[query[cell]] * drift[day[cell]] + 3.0 * slot
    place = np.clip(behind * np.exp(rng.normal(0.0, 0.15, len(cell))), 1.0, 98.0)
    rate = 0.32 * place**-1.15 * portal.appeal[query[cell]]
    clicks = rng.binomial(impressions, np.minimum(rate, 0.9))
    return (impressions, clicks, np.rint((place - 1.0) * impressions)), cell, slot


def _sums(rows: Drawn, place: Ints, size: int, factor: float, whole: np.ufunc) -> tuple[Ints, Ints, Floats]:
    """Impressions, clicks and depth per place, times a factor and made whole."""
    impressions, clicks, depth = (
        whole(np.bincount(place, values, size) * factor)
        for values in (rows.impressions, rows.clicks, rows.depth)
    )
    return impressions.astype(np.int64), clicks.astype(np.int64), depth


def _site(queries: Drawn, days: int) -> Drawn:
    return Drawn(np.arange(days), (), *_sums(queries, queries.day, days, _HIDDEN_OF_PROPERTY, np.floor))


def _segments(site: Drawn) -> Drawn:
    """Every day parted by country and device; impressions, clicks and depth sum to the property's."""
    parts = np.array([part for _, _, part, _ in SEGMENTS])
    deeper = np.array([depth for *_, depth in SEGMENTS])
    impressions, clicks = (
        np.floor(values[:, None] * parts[None, :]) for values in (site.impressions, site.clicks)
    )
    impressions[:, 0] += site.impressions - impressions.sum(axis=1)
    clicks[:, 0] += site.clicks - clicks.sum(axis=1)
    # By the rounded impressions: a segment without any must not carry depth that would be lost with it.
    mean = site.depth / np.maximum(site.impressions, 1)
    depth = np.floor(impressions * mean[:, None] * deeper[None, :])
    depth[:, 0] += site.depth - depth.sum(axis=1)
    day, segment = np.nonzero(impressions)
    return Drawn(
        day,
        (segment, segment),
        impressions[day, segment].astype(np.int64),
        clicks[day, segment].astype(np.int64),
        depth[day, segment],
    )


def _pages(shown: Drawn, days: int, pages: int) -> Drawn:
    """byPage: what the listed queries show, and the hidden ones in proportion."""
    place = shown.day * pages + shown.keys[0]
    impressions, clicks, depth = _sums(shown, place, days * pages, _HIDDEN_OF_PAGES, np.ceil)
    seen = np.nonzero(impressions)[0]
    return Drawn(seen // pages, (seen % pages,), impressions[seen], clicks[seen], depth[seen])


def _limited(shown: Drawn, days: int) -> Drawn:
    """The rows that Google hands out: at most so many a day, those with clicks and impressions first."""
    ends = np.cumsum(np.bincount(shown.day, minlength=days))
    weight = shown.clicks * 1_000_000 + shown.impressions
    places = [
        np.sort(begin + np.argsort(-weight[begin:end], kind="stable")[:GOOGLE_LIMIT])
        for begin, end in zip([0, *ends[:-1]], ends, strict=True)
    ]
    seen = np.concatenate(places)
    keys = tuple(key[seen] for key in shown.keys)
    return Drawn(shown.day[seen], keys, shown.impressions[seen], shown.clicks[seen], shown.depth[seen])
