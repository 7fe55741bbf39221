"""Forecasts of clicks cover what comes as often as they say; promises get the verdict that their figures give."""

import datetime as dt

import numpy as np
import pytest

from portalkompass.estimates.forecast import WINDOW, forecast
from portalkompass.estimates.forecast_ledger import Outcome, Promise, arrival, calibration, outcome

WORLDS, SERVICES = 200, 30
START, END = dt.date(2025, 7, 1), dt.date(2025, 9, 30)


def drawn(seed: int, months: int, common: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Clicks (months × services) and days of a world: season, growth of the portal, own drift, extra scatter.

    ``common``: the most that a season of all services moves them up or down.
    """
    rng = np.random.default_rng(seed)
    month = np.arange(months)
    season = 1 + rng.uniform(0, 0.4) * np.sin(
        2 * np.pi * (month[:, None] + rng.uniform(0, 12, SERVICES)) / 12
    )
    growth = rng.normal(0, 0.01) * month + np.cumsum(rng.normal(0, rng.uniform(0, 0.06), months))
    drift = np.cumsum(rng.normal(0, 1, (months, SERVICES)) * rng.uniform(0.01, 0.08, SERVICES), axis=0)
    mean = np.exp(rng.normal(5, 1.2, SERVICES) + growth[:, None] + drift) * season
    size = rng.uniform(10, 200)
    clicks, days = rng.poisson(mean * rng.gamma(size, 1 / size, mean.shape)), rng.integers(28, 32, months)
    if not common:
        return clicks, days
    shared = 1 + rng.uniform(0, common) * np.sin(2 * np.pi * (month + rng.uniform(0, 12)) / 12)
    return rng.binomial(clicks, (shared / shared.max())[:, None]), days


@pytest.mark.parametrize("common", [0.0, 0.3])
@pytest.mark.parametrize("months", [12, 16, 22, 36])
def test_intervals_of_90_percent_cover_85_to_95_percent_in_drawn_worlds(months: int, common: float) -> None:
    inside = judged = seasonal = 0
    for seed in range(WORLDS):
        clicks, days = drawn(seed, months + WINDOW, common)
        told = forecast(clicks[:months], days[:months])
        came = clicks[months:].sum(axis=0) / days[months:].sum()
        known = np.isfinite(told.low)
        seasonal += told.seasonal
        judged += int(known.sum())
        inside += int(((came >= told.low) & (came <= told.high))[known].sum())
    assert judged > WORLDS * SERVICES * 0.9
    assert 0.85 <= inside / judged <= 0.95
    assert seasonal == (WORLDS if months > 21 else 0)  # shorter archives tell of the last months only


def test_the_value_is_last_years_window_times_the_change_of_all() -> None:
    days = np.full(18, 30)
    clicks = np.full((18, 2), 300.0)
    clicks[3:6, 0] = 600.0  # the months of last year that the next three are compared with are rows 6 to 8
    clicks[6:9, 0] = 900.0
    clicks[15:18, 0] = 1200.0  # all: (1200 + 300) now against (600 + 300) a year ago
    told = forecast(clicks, days)
    assert told.value.tolist() == pytest.approx([30.0 * 1500 / 900, 10.0 * 1500 / 900])
    assert np.isnan(told.low).all()  # one earlier window is not enough to know an error


def test_a_month_without_data_gives_no_forecast_instead_of_a_low_one() -> None:
    clicks, days = np.full((18, 2), 300.0), np.full(18, 30)
    clicks[16], days[16] = 0.0, 0
    assert np.isnan(forecast(clicks, days).value).all()
    short = forecast(clicks[:12], days[:12])  # no year ago to go by, and too few forecasts for an interval
    assert short.value.tolist() == [10.0, 10.0] and np.isnan(short.low).all() and not short.seasonal
    assert np.isnan(forecast(clicks[:2], days[:2]).value).all()


@pytest.mark.parametrize(
    ("actual", "data_day", "verdict"),
    [
        (10.0, END, "hit"),
        (12.1, END, "above"),
        (7.9, END, "below"),
        (0.0, END, "below"),
        (None, END, "no_data"),
        (float("nan"), END, "no_data"),
        (10.0, END - dt.timedelta(days=1), "not_due"),
    ],
)
def test_a_promise_is_judged_when_due_and_missing_is_never_zero(
    actual: float | None, data_day: dt.date, verdict: str
) -> None:
    assert outcome(Promise(10.0, 8.0, 12.0, START, END), actual, data_day) == verdict


def test_without_an_interval_there_is_no_hit() -> None:
    assert outcome(Promise(10.0, None, None, START, END), 10.0, END) == "no_interval"


@pytest.mark.parametrize(
    ("happened", "told"),
    [(START, ("on_time", 0)), (END, ("late", 91)), (None, ("overdue", 91))],
)
def test_a_go_live_is_on_time_late_or_overdue(happened: dt.date | None, told: tuple[str, int]) -> None:
    assert arrival(START, happened, today=END) == told
    assert arrival(START, None, today=START) == ("not_yet", 0)


def test_calibration_counts_only_what_was_judged() -> None:
    verdicts: list[Outcome] = ["hit"] * 10
    verdicts += ["below", "above", "not_due", "no_data", "no_interval"]
    found = calibration(verdicts)
    # Binomial(12, 0.9): P(X <= 8) = 0.026, P(X <= 9) = 0.111, P(X <= 11) = 0.718
    assert (found.due, found.hits, found.least, found.most) == (12, 10, 9, 12)
    assert found.enough and found.fits
    few = calibration(["hit", "below"])
    assert not few.enough
