"""Clicks that a page or query could have: at a realistic place, or at its own place with the usual click rate.

Where a query stands is what its newest months say; how often it is shown in a year is what the whole period says.
Who is clicked more or less often than usual at its place is expected to be so at the target, too; the fewer clicks
tell of it, the more this is drawn to the mean (gamma-Poisson). How far such estimates are wrong is not assumed but
looked up: `back_test` makes them from earlier months of the same data and compares them with what came.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import numpy as np
import pandas as pd

from portalkompass.estimates.ctr_curve import Curve, fit

BEST_TARGET, GAIN = 3.0, 5.0
"""The realistic target: five places further up, at best place 3; who stands there already keeps the place."""
DAYS_A_YEAR = 365
RECENT_MONTHS = 3
"""Newest months that tell where a query stands."""
LEAST_EXPECTED = 5.0
"""Clicks that must be expected before a query tells of the scatter, or of an estimate gone wrong."""
LEAST_ACCUSED = 10.0
"""Clicks that must be expected before too few of them are reported."""
ONE_PERCENT = 2.33
LEAST_SCATTER = 0.1
"""Standard deviation between queries at one place that there is at least."""
FARTHEST_PLACE = 20.5
LEAST_IMPRESSIONS = 10
MOVED = 2.0
"""Places that a query must have gained to count in the back-test."""
COVERED = 0.85
"""Share of the earlier estimates that lie within the interval."""
ENOUGH_ESTIMATES = 30
"""Earlier estimates below which nothing is known of their errors."""
UNKNOWN_ERROR = float(np.log(2.0))
"""Assumed then: half to double."""


def target(position: np.ndarray) -> np.ndarray:
    """The realistic place for each position."""
    return np.asarray(np.minimum(position, np.maximum(BEST_TARGET, position - GAIN)))


def recent_since(cells: pd.DataFrame, changes: Iterable[dt.date] = ()) -> pd.Timestamp:
    """The month from which cells tell of today: the newest ``RECENT_MONTHS``, as far as they are of one kind.

    ``changes`` are days on which Google began to count otherwise; months that hold one, or lie before it, are left
    out while any other is there.
    """
    months = pd.DatetimeIndex(cells["month"].unique()).sort_values()[-RECENT_MONTHS:]
    for day in sorted(changes):
        since = months[months > pd.Timestamp(day)]
        months = since if len(since) else months
    return pd.Timestamp(months[0])


def standing(
    cells: pd.DataFrame, keys: list[str], curve: Curve, days: int, since: pd.Timestamp
) -> pd.DataFrame:
    """One row each of ``keys`` that the months from ``since`` on know, as these say (`expected`), and two columns more.

    ``cells`` (keys, month, position, clicks, impressions) span ``days`` days with data. ``a_year`` are the impressions
    of the whole span as those of a year; ``factor`` are the clicks against the usual ones, drawn to the mean.
    """
    newest = expected(cells[cells["month"] >= since], keys, curve)
    shown = cells.groupby(keys, sort=True)["impressions"].sum() * (DAYS_A_YEAR / days)
    rows = newest.merge(shown.rename("a_year").reset_index(), on=keys, how="left")
    return rows.assign(factor=factors(rows["clicks"].to_numpy("float64"), rows["expected"].to_numpy()))


def factors(clicks: np.ndarray, usual: np.ndarray) -> np.ndarray:
    """Clicks against the usual ones, drawn to their mean by as much as the queries differ among themselves.

    The mean of a gamma distribution after a Poisson count; its width is estimated from the queries with
    ``LEAST_EXPECTED`` usual clicks. 1 where nothing can be said.
    """
    enough = usual >= LEAST_EXPECTED
    if enough.sum() < 2:  # noqa: PLR2004
        return np.ones(len(clicks))
    mean = clicks[enough].sum() / usual[enough].sum()
    apart = np.average((clicks[enough] / usual[enough] - mean) ** 2, weights=usual[enough])
    between = apart - mean / np.average(usual[enough], weights=usual[enough])
    if mean == 0:
        return np.ones(len(clicks))
    shape = mean**2 / max(float(between), (LEAST_SCATTER * mean) ** 2)
    return np.asarray((shape + clicks) / (shape / mean + usual))


def potential(
    rows: pd.DataFrame, curve: Curve, error: float, lifted: np.ndarray | None = None
) -> pd.DataFrame:
    """``rows`` of `standing` with target, target_rate, extra, extra_low, extra_high.

    ``extra`` are clicks a year more than at the place of today: impressions a year × (rate at the target − rate of
    today), never below 0. Who stands at the target already, and who is ``lifted``, is expected to be clicked as often
    as usual there, unless it is clicked more often already. The interval divides and multiplies the rate at the target
    by exp(``error``), see `usual_error`; who stands there and has nothing to gain has none.
    """
    place = rows["position"].to_numpy(dtype="float64")
    aim, factor, shown = target(place), rows["factor"].to_numpy(), rows["a_year"].to_numpy()
    there = aim >= place if lifted is None else (aim >= place) | lifted
    own = curve.rate(place) * factor
    reached = curve.rate(aim) * np.where(there, np.maximum(factor, 1.0), factor)
    extra, low, high = (shown * np.maximum(reached * np.exp(sign * error) - own, 0.0) for sign in (0, -1, 1))
    # Where the curve is flat between the two places nothing is expected, but the interval is as wide as elsewhere.
    nothing = (extra == 0) & there
    return rows.assign(
        target=aim,
        target_rate=reached,
        extra=extra,
        extra_low=low,
        extra_high=np.where(nothing, 0.0, high),
    )


def rarely_clicked(rows: pd.DataFrame) -> pd.Series[bool]:
    """Which rows of `expected` have fewer clicks than nine tenths of the impressions at such places, beyond chance.

    The clicks count with what they may fall short by chance (one in a hundred), so that few of them accuse nobody.
    """
    by_chance = rows["clicks"] + ONE_PERCENT * np.sqrt(rows["clicks"] + 1)
    rare: pd.Series[bool] = (rows["expected"] >= LEAST_ACCUSED) & (by_chance < rows["expected_low"])
    return rare


def usual_error(cells: pd.DataFrame, fitting: pd.Series[bool]) -> tuple[float, int]:
    """How far estimates go wrong here, as a difference of logarithms, and the number of estimates looked at.

    ``COVERED`` of the earlier estimates in `back_test` were nearer than this to what came, too high or too
    low. ``UNKNOWN_ERROR`` with fewer than ``ENOUGH_ESTIMATES`` of them.
    """
    wrong = back_test(cells, fitting)
    if len(wrong) < ENOUGH_ESTIMATES:
        return UNKNOWN_ERROR, len(wrong)
    return float(np.quantile(np.abs(wrong), COVERED)), len(wrong)


def back_test(cells: pd.DataFrame, fitting: pd.Series[bool]) -> np.ndarray:
    """Logarithm of clicks that came over clicks estimated, for queries that moved up by ``MOVED`` places or more.

    ``cells`` (query, month, position, clicks, impressions); ``fitting`` says which may shape the curve. From each third
    month on, curve and factors of the months up to it are applied to the places and impressions of later ones.
    """
    months, month = np.unique(cells["month"].to_numpy(), return_inverse=True)
    query, names = pd.factorize(cells["query"])
    clicks, shown, place = (np.zeros((len(months), len(names))) for _ in range(3))
    clicks[month, query] = cells["clicks"]
    shown[month, query] = cells["impressions"]
    place[month, query] = cells["position"]
    wrong = [np.array([])]
    for last in range(RECENT_MONTHS - 1, len(months) - RECENT_MONTHS, RECENT_MONTHS):
        now = slice(last - RECENT_MONTHS + 1, last + 1)
        curve = fit(cells[fitting & (month >= now.start) & (month < now.stop)])
        if curve is None:
            continue
        usual = np.where(shown > 0, curve.rate(np.maximum(place, 1.0)) * shown, 0.0)
        stood = _mean_place(place[now], shown[now])
        factor = factors(clicks[now].sum(axis=0), usual[now].sum(axis=0))
        known = (shown[now].sum(axis=0) >= LEAST_IMPRESSIONS) & (stood < FARTHEST_PLACE)
        for first in range(last + 1, len(months) - RECENT_MONTHS + 1, RECENT_MONTHS):
            later = slice(first, first + RECENT_MONTHS)
            estimated = factor * usual[later].sum(axis=0)
            moved = known & (stood - _mean_place(place[later], shown[later]) >= MOVED)
            told = moved & (estimated >= LEAST_EXPECTED)
            wrong.append(np.log((clicks[later].sum(axis=0)[told] + 0.5) / (estimated[told] + 0.5)))
    return np.concatenate(wrong)


def _mean_place(place: np.ndarray, shown: np.ndarray) -> np.ndarray:
    """Position over several months: impressions decide; NaN without any."""
    total = shown.sum(axis=0)
    return np.where(total > 0, (place * shown).sum(axis=0) / np.where(total > 0, total, 1.0), np.nan)


def expected(cells: pd.DataFrame, key: str | list[str], curve: Curve) -> pd.DataFrame:
    """One row a ``key``: clicks, impressions, position, and the clicks usual at the places it really had.

    ``cells`` are finer (a query in a month): the rate of a mean place is not the mean of the rates. Adds
    expected, expected_low and expected_high (the 10 % and 90 % rates at such places), ctr, expected_ctr, lacking
    (expected − clicks) and ratio (clicks / expected).
    """
    place = cells["position"].to_numpy(dtype="float64")
    shown = cells["impressions"].to_numpy(dtype="float64")
    low, high = curve.bounds(place)
    work = cells.assign(
        expected=curve.rate(place) * shown,
        expected_low=low * shown,
        expected_high=high * shown,
        weighted=place * shown,
    )
    names = ["clicks", "impressions", "expected", "expected_low", "expected_high", "weighted"]
    summed = work.groupby(key, sort=True)[names].sum()
    described = summed.assign(
        position=summed["weighted"] / summed["impressions"],
        ctr=summed["clicks"] / summed["impressions"],
        expected_ctr=summed["expected"] / summed["impressions"],
        lacking=summed["expected"] - summed["clicks"],
        ratio=summed["clicks"] / summed["expected"],
    )
    return described.drop(columns="weighted").reset_index()
