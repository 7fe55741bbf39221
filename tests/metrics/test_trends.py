import datetime as dt

import pytest

from portalkompass.metrics import trends
from portalkompass.metrics.selection import Period
from tests.metrics.conftest import calendar_rows


def _period(first, last):
    return Period(dt.date.fromisoformat(first), dt.date.fromisoformat(last))


def _trend(engine, days, period, grain, **options):
    calendar = engine.frame(calendar_rows("2025-09-01", "2025-11-30"))
    return engine.rows(trends.trend(engine.frame(days), calendar, period, grain, **options))


def test_a_day_without_data_is_missing_not_zero(engine, day_rows):
    days = [day_rows("2025-10-01", 3, 30, 4.0), day_rows("2025-10-03", 6, 20, 2.0)]
    rows = _trend(engine, days, _period("2025-10-01", "2025-10-03"), "day")
    assert [row["clicks"] for row in rows] == [3, None, 6]
    assert [row["position"] for row in rows] == [pytest.approx(4.0), None, pytest.approx(2.0)]
    assert [row["partial"] for row in rows] == [False, True, False]


def test_weeks_begin_on_monday_and_cut_weeks_are_partial(engine, day_rows):
    # 2025-10-01 is a Wednesday; its week began on Monday, 29 September.
    days = [day_rows(f"2025-10-{n:02}", 1, 10, 5.0) for n in range(1, 13)]
    rows = _trend(engine, days, _period("2025-10-01", "2025-10-12"), "week")
    assert [(row["bucket"], row["clicks"], row["partial"]) for row in rows] == [
        (dt.date(2025, 9, 29), 5, True),
        (dt.date(2025, 10, 6), 7, False),
    ]


def test_a_month_with_a_gap_is_partial_and_keeps_its_weighted_position(engine, day_rows):
    days = [day_rows("2025-10-01", 1, 10, 3.0), day_rows("2025-10-31", 2, 30, 7.0)]
    (row,) = _trend(engine, days, _period("2025-10-01", "2025-10-31"), "month")
    assert row["position"] == pytest.approx(6.0)
    assert (row["days"], row["bucket_days"], row["partial"]) == (2, 31, True)


def test_rows_outside_the_period_count_nothing(engine, day_rows):
    days = [day_rows("2025-10-09", 50, 100, 1.0), day_rows("2025-10-10", 2, 10, 5.0)]
    (row,) = _trend(engine, days, _period("2025-10-10", "2025-10-10"), "month")
    assert (row["clicks"], row["position"]) == (2, pytest.approx(5.0))


def test_only_buckets_with_days_after_the_data_date_are_provisional(engine, day_rows):
    days = [day_rows("2025-10-01", 1, 10, 3.0), day_rows("2025-10-02", 1, 10, 3.0)]
    final = dt.date(2025, 10, 1)
    rows = _trend(engine, days, _period("2025-10-01", "2025-10-02"), "day", final_until=final)
    assert [row["provisional"] for row in rows] == [False, True]


@pytest.mark.parametrize(
    ("grain", "period", "before"),
    [
        ("day", ("2025-10-06", "2025-10-12"), ("2024-10-07", "2024-10-13")),
        ("week", ("2025-10-06", "2025-10-12"), ("2024-10-07", "2024-10-13")),
        ("month", ("2024-12-01", "2025-11-30"), ("2023-12-01", "2024-11-30")),
        ("month", ("2025-02-01", "2025-02-28"), ("2024-02-01", "2024-02-29")),
        ("month", ("2024-02-29", "2024-02-29"), ("2023-02-28", "2023-02-28")),
    ],
)
def test_a_year_back_is_the_same_weekday_or_the_same_month(grain, period, before):
    assert trends.year_before(_period(*period), grain) == _period(*before)


def test_last_year_is_moved_onto_this_years_buckets(engine, day_rows):
    calendar = engine.frame(calendar_rows("2024-01-01", "2025-12-31"))
    before = engine.frame([{"bucket": dt.date(2024, 10, 7), "clicks": 4}])
    assert engine.rows(trends.shifted(before, calendar, "day")) == [
        {"bucket": dt.date(2025, 10, 6), "clicks": 4}
    ]
    months = engine.frame([{"bucket": dt.date(2024, m, 1), "clicks": m} for m in range(1, 13)])
    assert engine.rows(trends.shifted(months, calendar, "month")) == [
        {"clicks": m, "bucket": dt.date(2025, m, 1)} for m in range(1, 13)
    ]


def test_positions_of_all_months_are_unrounded(engine, day_rows):
    days = engine.frame(
        [
            day_rows("2025-09-30", 1, 3, 10.0),
            day_rows("2025-10-01", 1, 1, 2.0),
            day_rows("2025-10-02", 1, 2, 3.0),
        ]
    )
    calendar = engine.frame(calendar_rows("2025-09-01", "2025-10-31"))
    rows = engine.rows(trends.trend(days, calendar, None, "month"))
    assert [(row["bucket"], row["position"]) for row in rows] == [
        (dt.date(2025, 9, 1), pytest.approx(10.0)),
        (dt.date(2025, 10, 1), pytest.approx(8 / 3)),
    ]
