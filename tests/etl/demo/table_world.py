"""A world written down line by line, for tests whose every total can be traced by hand."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from etl.demo.world.row_types import Rows


@dataclass(frozen=True, slots=True)
class Line:
    """Results of one day that share all keys. An empty query is one that Google hides.

    `second_page` shows on the same result pages one position lower: byPage counts it too, byProperty not.
    """

    day: dt.date
    page: str
    query: str
    clicks: int
    impressions: int
    position: float
    country: str = "deu"
    device: str = "MOBILE"
    second_page: str = ""
    search_type: str = "web"
    appearance: str = ""


class TableWorld:
    """One property with the given lines; implements `rows.World`."""

    def __init__(self, site: str, lines: Iterable[Line]) -> None:
        self.sites: tuple[str, ...] = (site,)
        self._lines: dict[tuple[str, dt.date], list[Line]] = defaultdict(list)
        for line in lines:
            self._lines[line.search_type, line.day].append(line)
        days = [day for _, day in self._lines]
        self.first_day = min(days, default=dt.date.max)
        self.last_day = max(days, default=dt.date.min)

    def rows(
        self, site: str, search_type: str, day: dt.date, dimensions: tuple[str, ...], by_page: bool
    ) -> Rows:
        """One day grouped; lines without clicks and impressions are days without data."""
        sums: dict[tuple[str, ...], tuple[int, int, float]] = {}
        if site in self.sites:
            for line in self._lines.get((search_type, day), ()):
                if ("query" in dimensions and not line.query) or (
                    "searchAppearance" in dimensions and not line.appearance
                ):
                    continue
                for page, clicks, position in _results(line, by_page):
                    key = tuple(_key(line, page, name) for name in dimensions)
                    before = sums.get(key, (0, 0, 0.0))
                    sums[key] = (
                        before[0] + clicks,
                        before[1] + line.impressions,
                        before[2] + (position - 1) * line.impressions,
                    )
        numbers = list(sums.values())
        keys = tuple([key[place] for key in sums] for place in range(len(dimensions)))
        return Rows(
            keys,
            np.array([clicks for clicks, _, _ in numbers], dtype=np.int64),
            np.array([impressions for _, impressions, _ in numbers], dtype=np.int64),
            np.array([depth for _, _, depth in numbers], dtype=np.float64),
        )


def _results(line: Line, by_page: bool) -> Iterator[tuple[str, int, float]]:
    yield line.page, line.clicks, line.position
    if by_page and line.second_page:
        yield line.second_page, 0, line.position + 1


def _key(line: Line, page: str, name: str) -> str:
    if name == "page":
        return page
    if name == "searchAppearance":
        return line.appearance
    return str(getattr(line, name))
