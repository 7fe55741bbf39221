"""The demo portal as Google would count it: one deterministic world, ready to be served."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from etl.demo.world.apportion import Outcome, draw
from etl.demo.world.catalogue import Page, read_catalogue
from etl.demo.world.expectation import DAYS, FIRST_DAY, LAST_DAY, day_range, expect, index_of
from etl.demo.world.grouping import cross, grouped
from etl.demo.world.page_queries import HIDDEN, PageQueries, make_page_queries
from etl.demo.world.planted_effects import PlantedEffects, read_planted_effects
from etl.demo.world.row_types import Ints, Rows, no_rows
from etl.demo.world.segments import COUNTRIES, DEVICES, Segments, draw_segments
from portalkompass.settings import DEMO_SITE

_SEED = 20240709
_APPEARANCE = "TRANSLATED_RESULT"
_TRANSLATED_FOR = ("tur", "ukr", "pol")


@dataclass(frozen=True, slots=True)
class Cells:
    """Rows of all days, day after day: day d is start[d]:start[d + 1]. `query` is -1 for hidden queries."""

    start: Ints
    page: Ints
    query: Ints
    clicks: Ints
    impressions: Ints
    depth: Ints


@dataclass(frozen=True, slots=True)
class DemoWorld:
    """One city portal with its pages, queries and visitors; implements `rows.World`.

    `urls` are the canonical addresses of `pages`, in the same order.
    """

    pages: tuple[Page, ...]
    urls: tuple[str, ...]
    queries: tuple[str, ...]
    effects: PlantedEffects
    outcome: Outcome
    page_queries: PageQueries
    property_cells: Cells
    page_cells: Cells
    segments: Segments

    sites: tuple[str, ...] = (DEMO_SITE,)
    first_day: dt.date = FIRST_DAY
    last_day: dt.date = LAST_DAY

    def rows(
        self, site: str, search_type: str, day: dt.date, dimensions: tuple[str, ...], by_page: bool
    ) -> Rows:
        """One day, grouped; only web search has data here."""
        number = index_of(day)
        if site != DEMO_SITE or search_type != "web" or not 0 <= number < len(DAYS):
            return no_rows(dimensions)
        if dimensions == ("searchAppearance",):
            return self._appearance(number)
        cells = self.page_cells if by_page else self.property_cells
        places = slice(int(cells.start[number]), int(cells.start[number + 1]))
        segmented = [name for name in dimensions if name in ("country", "device")]
        if segmented and not by_page and len(segmented) == len(dimensions):
            return self._segments(number, dimensions)
        codes = {"page": cells.page[places], "query": cells.query[places]}
        clicks, impressions = cells.clicks[places], cells.impressions[places]
        depth = cells.depth[places].astype(np.float64)
        if segmented:
            row, segment, clicks, impressions, depth = cross(
                clicks, impressions, depth, self.segments, number
            )
            codes = {name: code[row] for name, code in codes.items()}
            codes |= {"country": segment // len(DEVICES), "device": segment % len(DEVICES)}
        if "query" in dimensions:
            listed = codes["query"] != HIDDEN
            codes = {name: code[listed] for name, code in codes.items()}
            clicks, impressions, depth = clicks[listed], impressions[listed], depth[listed]
        return grouped(dimensions, codes, self._names(), clicks, impressions, depth)

    def clicks_by_page(self, first: dt.date, last: dt.date) -> dict[str, int]:
        """byPage clicks per path over days, both included."""
        days = day_range(first, last)
        own = np.bincount(
            self.page_queries.page, self.outcome.page_clicks[:, days].sum(axis=1), len(self.pages)
        )
        rivals = self.page_queries.rival >= 0
        lent = self.outcome.rival_clicks[rivals][:, days].sum(axis=1)
        total = own + np.bincount(self.page_queries.rival[rivals], lent, len(self.pages))
        return {page.path: int(count) for page, count in zip(self.pages, total, strict=True)}

    def _names(self) -> dict[str, Sequence[str]]:
        return {"page": self.urls, "query": self.queries, "country": COUNTRIES, "device": DEVICES}

    def _segments(self, number: int, dimensions: tuple[str, ...]) -> Rows:
        impressions = self.segments.impressions[number]
        shown = np.flatnonzero(impressions)
        codes = {"country": shown // len(DEVICES), "device": shown % len(DEVICES)}
        clicks, depth = self.segments.clicks[number][shown], self.segments.depth[number][shown]
        return grouped(dimensions, codes, self._names(), clicks, impressions[shown], depth.astype(np.float64))

    def _appearance(self, number: int) -> Rows:
        """Search appearances are no division of the property: only a few results carry one."""
        columns = [COUNTRIES.index(code) * len(DEVICES) + DEVICES.index("MOBILE") for code in _TRANSLATED_FOR]
        impressions = self.segments.impressions[number, columns].sum(keepdims=True)
        if impressions[0] == 0:
            return no_rows(("searchAppearance",))
        clicks = self.segments.clicks[number, columns].sum(keepdims=True)
        depth = self.segments.depth[number, columns].sum(keepdims=True).astype(np.float64)
        return Rows(([_APPEARANCE],), clicks, impressions, depth)


def _cells(page: Ints, query: Ints, clicks: Ints, impressions: Ints, depth: Ints) -> Cells:
    shown = impressions.T > 0
    day, row = np.nonzero(shown)
    start = np.searchsorted(day, np.arange(len(DAYS) + 1))
    return Cells(start, page[row], query[row], clicks.T[shown], impressions.T[shown], depth.T[shown])


def build_world(seed: int = _SEED) -> DemoWorld:
    """The demo portal from 9 July 2024 to 17 December 2025; the same seed gives the same world."""
    rng = np.random.default_rng(seed)
    pages, effects = read_catalogue(), read_planted_effects()
    entries = make_page_queries(pages, effects, rng)
    outcome = draw(expect(pages, entries, effects, rng), pages, entries, rng)
    rivals = entries.rival >= 0
    return DemoWorld(
        pages=pages,
        urls=tuple(DEMO_SITE + page.path[1:] for page in pages),
        queries=entries.queries,
        effects=effects,
        outcome=outcome,
        page_queries=entries,
        property_cells=_cells(
            entries.page, entries.query, outcome.clicks, outcome.impressions, outcome.depth
        ),
        page_cells=_cells(
            np.concatenate([entries.page, entries.rival[rivals]]),
            np.concatenate([entries.query, entries.query[rivals]]),
            np.concatenate([outcome.page_clicks, outcome.rival_clicks[rivals]]),
            np.concatenate([outcome.page_impressions, outcome.rival_impressions[rivals]]),
            np.concatenate([outcome.page_depth, outcome.rival_depth[rivals]]),
        ),
        segments=draw_segments(outcome, rng),
    )
