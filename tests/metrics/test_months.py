"""Whole months and the days at the edges add up to what the days alone give."""

import datetime as dt

import pytest

from portalkompass.metrics.measures import position, sums, whole
from portalkompass.metrics.months import Parts, parts, summable
from portalkompass.metrics.queries import by_month, strongest
from portalkompass.metrics.selection import Period, within
from tests.metrics.conftest import calendar_rows

FIRST, LAST = dt.date(2025, 1, 10), dt.date(2025, 6, 20)


def day(text):
    return dt.date.fromisoformat(text)


def span(start, end):
    return Period(day(start), day(end))


def test_whole_months_are_read_as_months():
    found = parts([span("2025-02-01", "2025-04-30")], FIRST, LAST)
    assert found == Parts((span("2025-02-01", "2025-04-30"),), ())


def test_a_month_that_the_period_cuts_is_read_by_day():
    found = parts([span("2025-02-10", "2025-04-30")], FIRST, LAST)
    assert found == Parts((span("2025-03-01", "2025-04-30"),), (span("2025-02-10", "2025-02-28"),))


def test_the_months_in_which_data_begin_and_end_are_whole_where_all_their_days_are_asked_for():
    found = parts([span("2025-01-10", "2025-06-20")], FIRST, LAST)
    assert found == Parts((span("2025-01-01", "2025-06-30"),), ())


def test_a_month_that_another_period_cuts_is_read_by_day_in_both():
    found = parts([span("2025-02-01", "2025-03-31"), span("2025-03-11", "2025-04-30")], FIRST, LAST)
    assert found == Parts(
        (span("2025-02-01", "2025-02-28"), span("2025-04-01", "2025-04-30")),
        (span("2025-03-01", "2025-03-31"),),
    )


def test_a_day_that_changes_what_rows_mean_cuts_its_month_unless_it_begins_there():
    period = span("2025-02-01", "2025-04-30")
    found = parts([period], FIRST, LAST, cuts=(day("2025-03-15"), day("2025-04-01"), day("2025-05-15")))
    assert found == Parts(
        (span("2025-02-01", "2025-02-28"), span("2025-04-01", "2025-04-30")),
        (span("2025-03-01", "2025-03-31"),),
    )


def test_a_period_without_data_needs_no_rows():
    assert parts([span("2024-02-01", "2024-03-31")], FIRST, LAST) == Parts((), ())


@pytest.mark.parametrize(
    "period",
    [
        span("2025-02-01", "2025-04-30"),
        span("2025-01-10", "2025-06-20"),
        span("2025-01-01", "2025-06-30"),
        span("2025-01-25", "2025-05-04"),
        span("2025-03-05", "2025-03-09"),
        span("2024-01-01", "2024-02-01"),
    ],
    ids=str,
)
def test_sums_and_positions_are_those_of_the_days(engine, day_rows, period):
    every = [FIRST + dt.timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    days = [
        day_rows(str(one), one.day % 3, one.day, 1 + one.day % 7, query=query)
        for one in every
        for query in ("a", "b")
        if query == "a" or one.day % 2
    ]
    months = {}
    for row in days:
        key = (row["date"].replace(day=1), row["query"])
        into = months.setdefault(key, {"month": key[0], "query": key[1]})
        for name in ("clicks", "impressions", "sum_position"):
            into[name] = into.get(name, 0) + row[name]
    rows, monthly = engine.frame(days), engine.frame(list(months.values()))
    short = within(summable(rows, monthly, parts([period], FIRST, LAST), FIRST), period)
    found, expected = (
        engine.rows(
            frame.group_by("query")
            .agg(*sums())
            .with_columns(*whole(), position())
            .drop("placed")
            .sort("query")
        )
        for frame in (
            short,
            within(rows.select("date", "query", "clicks", "impressions", "sum_position"), period),
        )
    )
    assert [row | {"position": pytest.approx(row["position"])} for row in expected] == found


def test_only_the_strongest_queries_are_kept_and_hidden_ones_never(engine, day_rows):
    rows = engine.frame(
        [
            day_rows("2025-01-10", 1, 50, 3, query="b"),
            day_rows("2025-01-11", 1, 50, 3, query="a"),
            day_rows("2025-01-11", 1, 900, 3, query=""),
            day_rows("2025-01-12", 1, 49, 3, query="c"),
        ]
    )
    assert engine.rows(strongest(rows, 2)) == [{"query": "a"}, {"query": "b"}]


def test_clicks_by_month_are_those_of_shown_queries_that_google_names(engine, day_rows):
    rows = engine.frame(
        [
            day_rows("2025-01-10", 1, 50, 3, query="rathaus"),
            day_rows("2025-01-31", 2, 50, 3, query="ausweis"),
            day_rows("2025-01-31", 8, 50, 3, query=""),
            day_rows("2025-02-01", 4, 50, 3, query="ausweis"),
            day_rows("2025-02-02", 0, 0, 3, query="hund"),
        ]
    )
    calendar = engine.frame(calendar_rows("2025-01-01", "2025-02-28"))
    assert engine.rows(by_month(rows, calendar)) == [
        {"month": day("2025-01-01"), "clicks": 3, "rows": 2},
        {"month": day("2025-02-01"), "clicks": 4, "rows": 1},
    ]
