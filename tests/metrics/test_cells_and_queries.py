import datetime as dt

import pytest

from portalkompass.metrics.cells import monthly, weekly, whole_weeks
from portalkompass.metrics.queries import by_fit, contested, page_queries
from tests.metrics.conftest import calendar_rows

CALENDAR = calendar_rows("2025-09-01", "2025-10-31")


def test_a_month_of_a_query_has_the_weighted_position(engine, day_rows):
    """(10·2 + 30·4) / 40 = 3,5; the next month stands alone."""
    rows = engine.frame(
        [
            day_rows("2025-09-01", 1, 10, 2.0, query="a"),
            day_rows("2025-09-02", 2, 30, 4.0, query="a"),
            day_rows("2025-10-01", 0, 5, 7.0, query="a"),
        ]
    )
    found = engine.rows(monthly(rows, engine.frame(CALENDAR), "query").sort("month"))
    assert [(row["month"], row["clicks"], row["impressions"], row["position"]) for row in found] == [
        (dt.date(2025, 9, 1), 3, 40, 3.5),
        (dt.date(2025, 10, 1), 0, 5, 7.0),
    ]


def test_sunday_belongs_to_the_week_before(engine, day_rows):
    rows = engine.frame(
        [
            day_rows("2025-10-05", 1, 10, 1.0, url="/a"),
            day_rows("2025-10-06", 2, 10, 1.0, url="/a"),
            day_rows("2025-10-07", 3, 10, 1.0, url="/a"),
        ]
    )
    found = engine.rows(weekly(rows, engine.frame(CALENDAR), "url").sort("week"))
    assert [(row["week"], row["clicks"]) for row in found] == [
        (dt.date(2025, 9, 29), 1),
        (dt.date(2025, 10, 6), 5),
    ]


def test_a_week_with_six_days_is_not_whole(engine, day_rows):
    days = [day_rows(f"2025-10-{day:02d}", 1, 10, 1.0) for day in range(6, 19)]
    found = engine.rows(whole_weeks(engine.frame(days), engine.frame(CALENDAR)))
    assert [(row["week"], row["clicks"]) for row in found] == [(dt.date(2025, 10, 6), 7)]


def test_the_rival_is_the_page_with_the_second_most_impressions_of_the_query(engine, day_rows):
    rows = engine.frame(
        [
            day_rows("2025-10-01", 5, 60, 2.0, url="/a", query="q"),
            day_rows("2025-10-01", 1, 40, 4.0, url="/b", query="q"),
            day_rows("2025-10-01", 0, 90, 4.0, url="/suche", query="q"),
            day_rows("2025-10-01", 3, 10, 1.0, url="/a", query="alone"),
        ]
    )
    fitting = engine.frame([{"url": "/a"}, {"url": "/b"}])
    asked = [day_rows("2025-10-01", 6, shown, 2.0, query="q") for shown in (50, 40)]
    found = engine.rows(contested(rows, engine.frame(asked), fitting))
    names = ("query", "url", "rival", "rival_impressions", "shown", "contested", "contested_share")
    # The search was shown 90 times, the first page 60 of them: the second can have stood there alone 30 times.
    assert [tuple(r[name] for name in names) for r in found] == [
        ("q", "/a", "/b", 40, 90, 30, pytest.approx(1 / 3))
    ]


def test_pages_on_one_result_page_do_not_stand_in_each_others_way(engine, day_rows):
    rows = engine.frame(
        [day_rows("2025-10-01", 1, shown, 2.0, url=url, query="q") for url, shown in (("/a", 60), ("/b", 40))]
    )
    fitting = engine.frame([{"url": "/a"}, {"url": "/b"}])
    (found,) = engine.rows(
        contested(rows, engine.frame([day_rows("2025-10-01", 2, 60, 2.0, query="q")]), fitting)
    )
    assert (found["contested"], found["contested_share"]) == (0, 0)


def test_what_the_search_page_answers_is_unfit(engine, day_rows):
    rows = engine.frame(
        [
            day_rows("2025-10-01", 1, 30, 20.0, url="/suche", query="solar"),
            day_rows("2025-10-01", 1, 10, 12.0, url="/leistung/a", query="solar"),
            day_rows("2025-10-01", 1, 10, 12.0, url="/leistung/a", query=""),
        ]
    )
    asked = engine.frame([day_rows("2025-10-01", 2, 32, 18.0, query="solar")])
    found = engine.rows(by_fit(rows, asked, engine.frame([{"url": "/leistung/a"}])))
    assert [
        (r["query"], r["impressions"], r["fitting_impressions"], r["unfit_share"], r["position"])
        for r in found
    ] == [("solar", 32, 10, 22 / 32, 18.0)]


def test_queries_of_a_page_are_summed_over_days_and_folded_rows_without_a_query_left_out(engine, day_rows):
    days = engine.frame(
        [
            day_rows("2025-10-01", 4, 10, 2.0, url="a", query="hund"),
            day_rows("2025-10-02", 0, 30, 6.0, url="a", query="hund"),
            day_rows("2025-10-02", 9, 99, 1.0, url="a", query=""),
        ]
    )
    (row,) = engine.rows(page_queries(days))
    assert (row["url"], row["query"], row["clicks"], row["impressions"]) == ("a", "hund", 4, 40)
    assert row["position"] == pytest.approx((10 * 2 + 30 * 6) / 40)
    assert row["ctr"] == pytest.approx(0.1)
