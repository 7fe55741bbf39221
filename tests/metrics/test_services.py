import datetime as dt

import pytest

from portalkompass.metrics import services
from portalkompass.metrics.pages import compared
from portalkompass.metrics.selection import Period

NOW = Period(dt.date(2025, 10, 1), dt.date(2025, 10, 31))
BEFORE = Period(dt.date(2024, 10, 1), dt.date(2024, 10, 31))


def _links(engine, *rows):
    return engine.frame([{"site": "s", "url": u, "service": s, "share": float(x)} for u, s, x in rows])


def test_demand_is_the_sum_over_linked_pages_times_their_share(engine, day_rows):
    days = engine.frame(
        [
            day_rows("2025-10-01", 40, 100, 2.0, url="a"),
            day_rows("2025-10-01", 10, 100, 4.0, url="b"),
            day_rows("2024-10-01", 20, 100, 4.0, url="a"),
            day_rows("2025-10-01", 99, 100, 4.0, url="unlinked"),
        ]
    )
    links = _links(engine, ("a", "hund", 0.5), ("a", "steuer", 0.5), ("b", "hund", 1.0))
    rows = engine.rows(services.demand(compared(days, "url", NOW, BEFORE), links))
    assert [(row["service"], row["clicks"], row["clicks_before"], row["pages"]) for row in rows] == [
        ("hund", 30.0, 10.0, 2),
        ("steuer", 20.0, 10.0, 1),
    ]
    assert rows[0]["change"] == pytest.approx(2.0)
    assert rows[0]["position"] == pytest.approx((50 * 2 + 100 * 4) / 150)


def test_clicks_by_day_are_of_both_periods_and_by_share(engine, day_rows):
    days = engine.frame(
        [
            day_rows("2025-10-01", 40, 100, 2.0, url="a"),
            day_rows("2024-10-01", 20, 100, 4.0, url="a"),
            day_rows("2024-10-02", 20, 100, 4.0, url="b"),
            day_rows("2025-09-30", 99, 100, 4.0, url="a"),
            day_rows("2025-10-01", 9, 100, 4.0, url="c"),
            day_rows("2025-10-01", 0, 0, 0.0, url="d"),
        ]
    )
    links = _links(
        engine,
        ("a", "hund", 0.5),
        ("b", "hund", 1.0),
        ("b", "alt", 0.1),
        ("c", "neu", 1.0),
        ("d", "nie", 1.0),
    )
    rows = engine.rows(services.daily_clicks(days, links, NOW, BEFORE))
    assert [(row["service"], str(row["date"])[:10], row["clicks"]) for row in rows] == [
        ("alt", "2024-10-02", pytest.approx(2.0)),
        ("hund", "2024-10-01", pytest.approx(10.0)),
        ("hund", "2024-10-02", pytest.approx(20.0)),
        ("hund", "2025-10-01", pytest.approx(20.0)),
        ("neu", "2025-10-01", pytest.approx(9.0)),
    ]


def test_coverage_counts_all_marks_and_what_is_open(engine, day_rows):
    days = engine.frame(
        [day_rows("2025-10-01", n, 100, 2.0, url=u) for u, n in (("a", 7), ("b", 2), ("c", 1))]
    )
    marks = engine.frame([{"url": "a", "mark": "leistung"}, {"url": "b", "mark": "keine_leistung"}])
    rows = engine.rows(services.coverage(days, marks))
    assert rows == [
        {"mark": "keine_leistung", "clicks": 2, "pages": 1},
        {"mark": "leistung", "clicks": 7, "pages": 1},
        {"mark": "offen", "clicks": 1, "pages": 1},
    ]


def test_portal_starts_stay_missing_where_no_page_has_any(engine):
    import pyarrow as pa

    names = ("unique_page_views", "service_starts")
    schema = {"url": pa.string(), **{name: pa.int64() for name in names}}
    views = engine.frame([{"url": "a", "unique_page_views": 10, "service_starts": None}], schema)
    rows = engine.rows(services.portal_starts(views, _links(engine, ("a", "hund", 0.5))))
    assert rows == [{"service": "hund", "unique_page_views": 5.0, "service_starts": None}]


def test_demand_by_month_weighs_each_page_by_its_share(engine, day_rows):
    days = engine.frame(
        [
            day_rows("2025-09-30", 8, 50, 2.0, url="a"),
            day_rows("2025-10-01", 40, 100, 2.0, url="a"),
            day_rows("2025-10-02", 10, 60, 4.0, url="b"),
            day_rows("2025-10-02", 99, 100, 4.0, url="unlinked"),
            day_rows("2025-11-01", 77, 100, 4.0, url="a"),
        ]
    )
    calendar = engine.frame(
        [
            {"date": dt.date.fromisoformat(day), "month": dt.date.fromisoformat(day[:8] + "01")}
            for day in ("2025-09-30", "2025-10-01", "2025-10-02", "2025-11-01")
        ]
    )
    links = _links(engine, ("a", "hund", 0.5), ("b", "hund", 1.0))
    period = Period(dt.date(2025, 9, 1), dt.date(2025, 10, 31))
    rows = engine.rows(services.monthly_demand(days, links, calendar, period))
    assert [(row["month"], row["clicks"], row["impressions"]) for row in rows] == [
        (dt.date(2025, 9, 1), 4.0, 25.0),
        (dt.date(2025, 10, 1), 30.0, 110.0),
    ]
