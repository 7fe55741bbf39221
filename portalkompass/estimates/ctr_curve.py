"""The site's own click rate by position: what a place usually brings here, and how far that scatters.

Fitted from the cells that are given (a query in a month, without brand queries), in bands of the position that
widen with it. In each band the tenth of the impressions with the lowest and the tenth with the highest
click rate are left out; then the rates are made to fall with the place (pool adjacent violators), and drawn
through between the bands on a logarithmic scale. Queries that bring less than half or more than double of
what this curve says are left out of a second fit: what is to be found as odd must not bend the curve.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

EDGES = np.array([1, 1.5, 2, 2.5, 3, 3.5, 4.5, 5.5, 7, 8.5, 10.5, 13, 16, 20.5, 26, 33, 50.5, 101])
TRIMMED_SHARE = 0.1
LEAST_IMPRESSIONS = 200
"""A band with fewer impressions says nothing and is bridged by its neighbours."""
LEAST_BANDS = 3
ODD_FACTOR = 2.0
"""A query this many times above or below the first curve does not take part in the second."""
ODD_EXPECTED = 10.0
"""Clicks that must be expected before a query can be odd: rare ones scatter by chance."""
FLOOR = 1e-6


@dataclass(frozen=True, slots=True)
class Curve:
    """Click rate by position through the middles of the bands; ``low`` … ``high`` hold 80 % of the impressions."""

    positions: tuple[float, ...]
    rates: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    impressions: tuple[float, ...]

    def rate(self, position: np.ndarray) -> np.ndarray:
        """Usual click rate at each position; flat beyond the outermost bands, NaN stays NaN."""
        return self._through(self.rates, position)

    def bounds(self, position: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The range that holds 80 % of the impressions at such a position."""
        return self._through(self.low, position), self._through(self.high, position)

    def _through(self, values: tuple[float, ...], position: np.ndarray) -> np.ndarray:
        logs = np.log(np.maximum(values, FLOOR))
        return np.asarray(np.exp(np.interp(np.log(position), np.log(self.positions), logs)))


def fit(cells: pd.DataFrame) -> Curve | None:
    """The curve of cells with query, position, clicks, impressions; None with fewer than three usable bands."""
    shown = cells[(cells["impressions"] > 0) & cells["position"].notna()]
    place, clicks, impressions = (
        shown[name].to_numpy(dtype="float64") for name in ("position", "clicks", "impressions")
    )
    first = _fitted(place, clicks, impressions)
    if first is None:
        return None
    query, _ = pd.factorize(shown["query"])
    usual = pd.DataFrame({"clicks": clicks, "expected": first.rate(place) * impressions})
    by_query = usual.groupby(query).sum()
    ratio = by_query["clicks"] / by_query["expected"]
    odd = (by_query["expected"] >= ODD_EXPECTED) & ((ratio < 1 / ODD_FACTOR) | (ratio > ODD_FACTOR))
    kept = ~odd.to_numpy()[query]
    return _fitted(place[kept], clicks[kept], impressions[kept]) or first


def _fitted(place: np.ndarray, clicks: np.ndarray, impressions: np.ndarray) -> Curve | None:
    band = np.clip(np.searchsorted(EDGES, place, side="right") - 1, 0, len(EDGES) - 2)
    parts = [band == number for number in range(len(EDGES) - 1)]
    points = [
        _band(place[part], clicks[part], impressions[part])
        for part in parts
        if impressions[part].sum() >= LEAST_IMPRESSIONS
    ]
    if len(points) < LEAST_BANDS:
        return None
    table = np.array(points)
    weight = table[:, 4]
    middle, low, high = (falling_rates(table[:, column], weight) for column in (1, 2, 3))
    return Curve(
        tuple(table[:, 0]),
        tuple(middle),
        tuple(np.minimum(low, middle)),
        tuple(np.maximum(high, middle)),
        tuple(weight),
    )


def _band(
    place: np.ndarray, clicks: np.ndarray, impressions: np.ndarray
) -> tuple[float, float, float, float, float]:
    """Mean position, trimmed click rate, its 10 % and 90 % quantile, impressions."""
    rate = clicks / impressions
    order = np.argsort(rate, kind="stable")
    rate, weight = rate[order], impressions[order]
    upto = np.cumsum(weight) / weight.sum()
    begins = upto - weight / weight.sum()
    inner = np.clip(np.minimum(upto, 1 - TRIMMED_SHARE) - np.maximum(begins, TRIMMED_SHARE), 0, None)
    low, high = (
        rate[np.searchsorted(upto, TRIMMED_SHARE)],
        rate[min(int(np.searchsorted(upto, 1 - TRIMMED_SHARE)), len(rate) - 1)],
    )
    mean = float(np.average(place, weights=impressions))
    return mean, float((rate * inner).sum() / inner.sum()), float(low), float(high), float(weight.sum())


def falling_rates(rates: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The nearest rates that never rise with the place (weighted pool adjacent violators)."""
    pools: list[tuple[float, float, int]] = []
    for rate, weight in zip(rates, weights, strict=True):
        pools.append((float(rate), float(weight), 1))
        while len(pools) > 1 and pools[-2][0] < pools[-1][0]:
            (left, heavy, many), (right, light, few) = pools[-2], pools[-1]
            total = heavy + light
            pools[-2:] = [((left * heavy + right * light) / total, total, many + few)]
    return np.repeat([pool[0] for pool in pools], [pool[2] for pool in pools])
