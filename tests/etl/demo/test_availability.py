from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from etl.demo.server.collect import oldest_day, usual_lag
from etl.sources.rounds import days_between
from portalkompass.settings import DEMO_TODAY


@pytest.mark.parametrize(
    ("today", "oldest"),
    [
        ("2025-12-17", "2024-08-17"),
        ("2025-09-30", "2024-05-30"),
        ("2025-06-30", "2024-02-29"),
        ("2026-04-15", "2024-12-15"),
    ],
)
def test_sixteen_months_back(today: str, oldest: str) -> None:
    assert oldest_day(dt.date.fromisoformat(today)) == dt.date.fromisoformat(oldest)


def test_the_lag_is_mostly_two_days_and_never_more_than_four() -> None:
    lags = Counter(usual_lag(day) for day in days_between(dt.date(2025, 1, 1), dt.date(2025, 12, 31)))
    assert set(lags) == {2, 3, 4}
    assert lags[2] > 330


def test_the_demo_ends_on_the_reports_day() -> None:
    assert DEMO_TODAY - dt.timedelta(days=usual_lag(DEMO_TODAY)) == dt.date(2025, 12, 15)
