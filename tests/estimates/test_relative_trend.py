"""The trend against the portal: traced by hand, and its interval held against simulated services."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portalkompass.estimates.relative_trend import LEAST_BEFORE, LEAST_WEEKS, relative_trends, student

WEEKS = 13
NAMES = ["a"]


def frames(like, before, portal_like=100.0, portal_before=50.0):
    """One service with these clicks in every week, and a portal that doubles."""
    weeks = range(len(like))
    portal = pd.DataFrame({"like": [portal_like] * len(like), "before": [portal_before] * len(like)})
    return (
        pd.DataFrame([like], index=NAMES, columns=weeks),
        pd.DataFrame([before], index=NAMES, columns=weeks),
        portal,
    )


def test_growth_with_the_portal_is_no_trend() -> None:
    row = relative_trends(*frames([20.0] * WEEKS, [10.0] * WEEKS)).loc["a"]
    assert row["change"] == pytest.approx(0.0)
    assert row["low"] < 0 < row["high"]
    assert (row["clicks_like"], row["clicks_before"]) == (260.0, 130.0)


def test_a_service_that_stands_still_while_the_portal_doubles_halves_against_it() -> None:
    row = relative_trends(*frames([20.0] * WEEKS, [20.0] * WEEKS)).loc["a"]
    assert row["change"] == pytest.approx(-0.5)
    assert row["low"] < -0.5 < row["high"] < 0


def test_seven_clicks_that_become_28_are_no_trend() -> None:
    row = relative_trends(*frames([28 / WEEKS] * WEEKS, [7 / WEEKS] * WEEKS)).loc["a"]
    assert row["clicks_before"] == pytest.approx(7) and LEAST_BEFORE > 7
    assert all(math.isnan(row[name]) for name in ("change", "low", "high"))


def test_a_service_without_later_clicks_has_an_upper_end() -> None:
    row = relative_trends(*frames([0.0] * WEEKS, [20.0] * WEEKS)).loc["a"]
    assert row["change"] == row["low"] == -1.0
    assert -1 < row["high"] < -0.9


@pytest.mark.parametrize(
    ("weeks", "portal"), [(LEAST_WEEKS - 1, 100.0), (WEEKS, 0.0)], ids=["too few weeks", "no portal"]
)
def test_what_cannot_be_compared_is_unknown(weeks: int, portal: float) -> None:
    row = relative_trends(*frames([20.0] * weeks, [20.0] * weeks, portal_before=portal)).loc["a"]
    assert math.isnan(row["change"])


def test_no_services_are_an_empty_table() -> None:
    like, before, portal = frames([20.0] * WEEKS, [10.0] * WEEKS)
    assert relative_trends(like.iloc[:0], before.iloc[:0], portal).empty


@given(
    st.lists(st.integers(5, 400), min_size=WEEKS, max_size=WEEKS),
    st.lists(st.integers(5, 400), min_size=WEEKS, max_size=WEEKS),
    st.floats(0.2, 5.0),
)
def test_the_interval_holds_the_value_and_the_portals_level_does_not_matter(like, before, factor) -> None:
    plain = frames([float(x) for x in like], [float(x) for x in before])
    row = relative_trends(*plain).loc["a"]
    assert -1 <= row["low"] <= row["change"] <= row["high"]
    scaled = relative_trends(plain[0], plain[1], plain[2] * factor).loc["a"]
    assert scaled.tolist() == pytest.approx(row.tolist())


@pytest.mark.parametrize(("degrees", "value"), [(3, 3.182), (5, 2.571), (12, 2.179), (1000, 1.962)])
def test_the_quantile_is_students(degrees: int, value: float) -> None:
    assert student(degrees) == pytest.approx(value, abs=0.01)


def weekly(generator, services, correlation, scatter):
    """services × weeks: factors around 1 in which a good week is followed by a good one."""
    noise = np.empty((services, WEEKS))
    noise[:, 0] = generator.normal(size=services)
    for week in range(1, WEEKS):
        fresh = generator.normal(size=services)
        noise[:, week] = correlation * noise[:, week - 1] + math.sqrt(1 - correlation**2) * fresh
    return np.exp(scatter * noise - scatter**2 / 2)


def simulated(correlation, scatter, *, growth=1.0, portals=60):
    """Share of drawn services whose interval holds ``growth`` against a portal that grows by 181 %."""
    generator = np.random.default_rng(20251215)
    held = []
    for _ in range(portals):
        mean = np.repeat([4.0, 10.0, 50.0, 300.0], 6)
        season = np.exp(0.4 * np.sin(np.arange(WEEKS) / 4))
        course = {
            "before": 10_000 * np.exp(0.1 * generator.normal(size=WEEKS)),
            "like": 28_100 * np.exp(0.1 * generator.normal(size=WEEKS)),
        }
        clicks = {
            name: pd.DataFrame(
                generator.poisson(
                    mean[:, None]
                    * season
                    * (growth if name == "like" else 1.0)
                    * week
                    / 10_000
                    * weekly(generator, len(mean), correlation, scatter)
                ).astype("float64")
            )
            for name, week in course.items()
        }
        found = relative_trends(clicks["like"], clicks["before"], pd.DataFrame(course)).dropna()
        truth = growth - 1
        held.append((found["low"] <= truth) & (truth <= found["high"]))
    return float(pd.concat(held).mean())


@pytest.mark.parametrize(
    ("correlation", "scatter"),
    [(0.0, 0.0), (0.0, 0.1), (0.0, 0.3), (0.3, 0.1), (0.3, 0.3), (0.6, 0.1), (0.6, 0.3)],
)
def test_services_that_grow_with_the_portal_are_no_trend_in_95_of_100(correlation, scatter) -> None:
    assert simulated(correlation, scatter) >= 0.95


@pytest.mark.parametrize("growth", [0.5, 2.0])
def test_the_interval_holds_a_planted_trend(growth) -> None:
    assert simulated(0.3, 0.2, growth=growth) >= 0.95


def test_a_planted_trend_is_found() -> None:
    def missed(growth):
        generator = np.random.default_rng(1)
        portal = pd.DataFrame({"like": [2000.0] * WEEKS, "before": [1000.0] * WEEKS})
        like = pd.DataFrame(generator.poisson(100 * growth * weekly(generator, 200, 0.3, 0.1)), dtype=float)
        before = pd.DataFrame(generator.poisson(50 * weekly(generator, 200, 0.3, 0.1)), dtype=float)
        return float((relative_trends(like, before, portal)["low"] <= 0).mean())

    assert missed(1.5) < 0.05
