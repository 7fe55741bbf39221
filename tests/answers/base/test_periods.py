import datetime as dt

import pytest

from portalkompass.answers import default_filters
from portalkompass.answers.base import periods
from portalkompass.metrics.selection import Period
from tests.warehouse_fixture import SITE

FIRST, LAST = dt.date(2024, 7, 9), dt.date(2025, 12, 15)


def period(first, last):
    return Period(dt.date.fromisoformat(first), dt.date.fromisoformat(last))


def test_default_is_the_last_twelve_full_months(house):
    filters = default_filters(house.warehouse, house.settings)
    assert (filters.site, filters.start, filters.end) == (SITE, dt.date(2024, 12, 1), dt.date(2025, 11, 30))


@pytest.mark.parametrize(
    ("data_date", "start", "end"),
    [
        ("2025-12-15", "2024-12-01", "2025-11-30"),
        ("2025-11-30", "2024-12-01", "2025-11-30"),
        ("2025-11-29", "2024-11-01", "2025-10-31"),
        ("2024-03-05", "2023-03-01", "2024-02-29"),
    ],
)
def test_a_month_is_full_when_its_last_day_has_data(data_date, start, end):
    assert periods.last_full_months(dt.date.fromisoformat(data_date)) == (
        dt.date.fromisoformat(start),
        dt.date.fromisoformat(end),
    )


@pytest.mark.parametrize(
    ("now", "compare", "before"),
    [
        (("2025-10-01", "2025-11-30"), "previous_year", ("2024-10-01", "2024-11-30")),
        (("2025-10-01", "2025-11-30"), "previous_period", ("2025-08-01", "2025-09-30")),
        (("2025-10-06", "2025-10-12"), "previous_year", ("2024-10-07", "2024-10-13")),
        (("2025-10-06", "2025-10-12"), "previous_period", ("2025-09-29", "2025-10-05")),
    ],
)
def test_whole_months_are_compared_with_whole_months(now, compare, before):
    assert periods.comparison(period(*now), compare) == period(*before)


@pytest.mark.parametrize(
    ("now", "since", "before"),
    [
        # two whole months with two whole months, however many days they have
        (("2025-10-01", "2025-11-30"), "2025-01-01", ("2025-01-01", "2025-02-28")),
        (("2025-10-01", "2025-11-30"), "2025-01-10", ("2025-01-10", "2025-03-11")),
        (("2025-10-06", "2025-10-12"), "2025-05-01", ("2025-05-01", "2025-05-07")),
    ],
)
def test_a_free_comparison_is_as_long_as_the_period(now, since, before):
    assert periods.comparison(period(*now), "free", dt.date.fromisoformat(since)) == period(*before)


def test_a_period_is_never_compared_with_itself():
    now = period("2024-07-01", "2025-12-15")
    assert periods.comparison(now, "free", now.start) is None
    assert periods.comparable(now, "free", FIRST, LAST, now.start) is None


@pytest.mark.parametrize("since", ["2024-07-01", "2025-12-10", None])
def test_a_free_comparison_outside_of_the_data_is_none(since):
    day = dt.date.fromisoformat(since) if since else None
    assert periods.comparable(period("2025-10-01", "2025-10-31"), "free", FIRST, LAST, day) is None


def test_nothing_is_compared_when_not_asked_for():
    assert periods.comparison(period("2025-10-01", "2025-10-31"), "none") is None


@pytest.mark.parametrize(
    ("now", "like", "before"),
    [
        # the whole comparison lies in the archive
        (("2025-10-01", "2025-11-30"), ("2025-10-01", "2025-11-30"), ("2024-10-01", "2024-11-30")),
        # July 2024 began on the 9th: August is the first month held twice
        (("2024-12-01", "2025-11-30"), ("2025-08-01", "2025-11-30"), ("2024-08-01", "2024-11-30")),
        # December 2025 is not over
        (("2025-10-01", "2025-12-31"), ("2025-10-01", "2025-11-30"), ("2024-10-01", "2024-11-30")),
        # by days: 364 days after 9 July 2024 is 8 July 2025
        (("2025-07-01", "2025-07-20"), ("2025-07-08", "2025-07-20"), ("2024-07-09", "2024-07-21")),
        (("2025-12-10", "2025-12-17"), ("2025-12-10", "2025-12-15"), ("2024-12-11", "2024-12-16")),
    ],
)
def test_both_sides_are_cut_to_what_the_archive_holds(now, like, before):
    found = periods.comparable(period(*now), "previous_year", FIRST, LAST)
    assert found == (period(*like), period(*before))


@pytest.mark.parametrize(
    ("now", "compare"),
    [
        (("2024-10-01", "2024-10-31"), "previous_year"),
        (("2024-07-12", "2024-07-20"), "previous_period"),
        (("2024-07-01", "2024-07-31"), "previous_year"),
    ],
)
def test_where_nothing_earlier_is_held_nothing_is_compared(now, compare):
    assert periods.comparable(period(*now), compare, FIRST, LAST) is None


def test_spans_are_joined_and_named_with_the_year_once():
    def months(first, last):
        return period(f"{first}-01", last)

    july, august, november = (
        months("2025-07", "2025-07-31"),
        months("2025-08", "2025-08-31"),
        months("2025-11", "2025-11-30"),
    )
    summer = Period(july.start, august.end)
    assert periods.without_gaps([november, august, july]) == (summer, november)
    assert periods.spans_in_words([july, november]) == "Juli und November 2025"
    assert periods.spans_in_words([summer, november]) == "Juli bis August und November 2025"
    earlier = months("2024-11", "2024-11-30")
    assert periods.spans_in_words([earlier, july, november]) == "November 2024, Juli und November 2025"
    april, september = months("2025-04", "2025-04-30"), months("2025-09", "2025-09-30")
    assert periods.spans_in_words([april, july, september, november]) == (
        "121 von 244 Tagen, April bis November 2025"
    )
    assert periods.spans_in_words([]) == ""
