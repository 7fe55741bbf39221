"""What a stand-in server can serve: a small protocol, so that any world may be plugged in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one day. `keys` holds one list per dimension, all as long as `clicks`.

    `sum_position` is zero-based as in Google's bulk export.
    """

    keys: tuple[Sequence[str], ...]
    clicks: Ints
    impressions: Ints
    sum_position: Floats

    def __len__(self) -> int:
        return len(self.clicks)

    def taken(self, places: Ints) -> Rows:
        """The rows at these places, in their order."""
        keys = tuple([column[place] for place in places] for column in self.keys)
        return Rows(keys, self.clicks[places], self.impressions[places], self.sum_position[places])


def no_rows(dimensions: Sequence[str]) -> Rows:
    """Nothing, with an empty list for every dimension."""
    empty = np.zeros(0, dtype=np.int64)
    return Rows(tuple([] for _ in dimensions), empty, empty, np.zeros(0))


class World(Protocol):
    """A set of properties with their search data."""

    @property
    def sites(self) -> tuple[str, ...]:
        """Properties, exactly as Search Console names them."""

    @property
    def first_day(self) -> dt.date:
        """First day with data."""

    @property
    def last_day(self) -> dt.date:
        """Last day with data, provisional ones included."""

    def rows(
        self, site: str, search_type: str, day: dt.date, dimensions: tuple[str, ...], by_page: bool
    ) -> Rows:
        """One day grouped by `dimensions` (page, query, country, device, searchAppearance; never date).

        Without dimensions one row, or none where the day has no data. A row with the key "query" is a
        listed query only; all other groupings include the queries that Google hides.
        """
