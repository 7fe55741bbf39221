import datetime as dt

import pytest

from portalkompass.metrics import pages
from portalkompass.metrics.selection import Period

NOW = Period(dt.date(2025, 10, 1), dt.date(2025, 10, 31))
BEFORE = Period(dt.date(2024, 10, 1), dt.date(2024, 10, 31))
TITLES = [
    {"url": "a", "title": "Wohngeld", "page_kind": "Leistung"},
    {"url": "b", "title": "Hundesteuer", "page_kind": "Leistung"},
]


def _top(engine, rows, before=BEFORE):
    titles = engine.frame(TITLES)
    return engine.rows(pages.top_pages(engine.frame(rows), titles, NOW, before))


def test_pages_by_clicks_with_share_cumulative_share_and_change(engine, day_rows):
    rows = _top(
        engine,
        [
            day_rows("2025-10-01", 30, 100, 2.0, url="a"),
            day_rows("2025-10-02", 10, 100, 4.0, url="b"),
            day_rows("2024-10-02", 20, 100, 6.0, url="a"),
            day_rows("2024-11-02", 99, 100, 6.0, url="a"),
        ],
    )
    assert [(row["url"], row["title"], row["clicks"]) for row in rows] == [
        ("a", "Wohngeld", 30),
        ("b", "Hundesteuer", 10),
    ]
    assert [row["share"] for row in rows] == [pytest.approx(0.75), pytest.approx(0.25)]
    assert [row["cumulative_share"] for row in rows] == [pytest.approx(0.75), pytest.approx(1.0)]
    assert [row["change"] for row in rows] == [pytest.approx(0.5), None]
    assert (rows[0]["position"], rows[0]["position_before"]) == (pytest.approx(2.0), pytest.approx(6.0))


def test_new_and_vanished_pages_are_told_by_impressions(engine, day_rows):
    rows = _top(
        engine,
        [
            day_rows("2025-10-01", 5, 100, 2.0, url="a"),
            day_rows("2024-10-01", 7, 100, 2.0, url="b"),
            day_rows("2025-10-01", 1, 100, 2.0, url="c"),
            day_rows("2024-10-01", 0, 100, 2.0, url="c"),
        ],
    )
    assert [(row["url"], row["new"], row["vanished"]) for row in rows] == [
        ("a", True, False),
        ("c", False, False),
        ("b", False, True),
    ]


def test_equal_clicks_are_ordered_by_address(engine, day_rows):
    rows = _top(engine, [day_rows("2025-10-01", 5, 9, 2.0, url=u) for u in ("c", "a", "b")])
    assert [row["url"] for row in rows] == ["a", "b", "c"]
    assert rows[2]["title"] is None


def test_without_a_period_to_compare_with_nothing_is_new_and_no_change_is_known(engine, day_rows):
    (row,) = _top(engine, [day_rows("2025-10-01", 5, 9, 2.0, url="a")], before=None)
    assert (row["new"], row["vanished"], row["change"]) == (False, False, None)


def test_portal_periods_over_the_edge_are_left_out_and_unknown_counts_stay_missing(engine):
    import pyarrow as pa

    schema = {
        "url": pa.string(),
        "period_start": pa.date32(),
        "period_end": pa.date32(),
        **{n: pa.int64() for n in ("unique_page_views", "page_views", "service_starts")},
    }
    october = {"url": "a", "period_start": dt.date(2025, 10, 1), "period_end": dt.date(2025, 10, 31)}
    over = {"url": "a", "period_start": dt.date(2025, 9, 15), "period_end": dt.date(2025, 10, 14)}
    rows = [
        {**october, "unique_page_views": 40, "page_views": 50, "service_starts": None},
        {**over, "unique_page_views": 99, "page_views": 99, "service_starts": 99},
    ]
    assert engine.rows(pages.portal_views(engine.frame(rows, schema), NOW)) == [
        {"url": "a", "unique_page_views": 40, "page_views": 50, "service_starts": None}
    ]


def test_devices_share_the_clicks_of_all_devices(engine, day_rows):
    frame = engine.frame(
        [
            day_rows("2025-10-01", 30, 100, 2.0, device="MOBILE", country="deu"),
            day_rows("2025-10-01", 10, 100, 4.0, device="DESKTOP", country="deu"),
        ]
    )
    rows = engine.rows(pages.segments(frame, "device", NOW, None))
    assert [(row["device"], row["share"]) for row in rows] == [
        ("MOBILE", pytest.approx(0.75)),
        ("DESKTOP", pytest.approx(0.25)),
    ]


def test_a_shorter_year_before_is_compared_with_the_same_part_of_this_one(engine, day_rows):
    like = Period(dt.date(2025, 10, 1), dt.date(2025, 10, 10))
    before = Period(dt.date(2024, 10, 1), dt.date(2024, 10, 10))
    days = engine.frame(
        [
            day_rows("2025-10-01", 30, 100, 2.0, url="a"),
            day_rows("2025-10-20", 50, 100, 2.0, url="a"),
            day_rows("2024-10-02", 20, 100, 2.0, url="a"),
        ]
    )
    (row,) = engine.rows(pages.top_pages(days, engine.frame(TITLES), NOW, before, like))
    assert (row["clicks"], row["clicks_like"], row["change"]) == (80, 30, pytest.approx(0.5))


def test_pages_of_discover_have_no_position(engine):
    import pyarrow as pa

    schema = {
        "date": pa.date32(),
        "url": pa.string(),
        "clicks": pa.int64(),
        "impressions": pa.int64(),
        "sum_position": pa.float64(),
    }
    rows = [
        {"date": day, "url": "a", "clicks": 5, "impressions": 10, "sum_position": None}
        for day in (dt.date(2025, 10, 1), dt.date(2024, 10, 1), dt.date(2023, 1, 1))
    ]
    (row,) = engine.rows(pages.compared(engine.frame(rows, schema), "url", NOW, BEFORE))
    assert (row["clicks"], row["position"], row["position_before"]) == (5, None, None)


def test_places_in_both_periods_are_those_of_all_sums(engine, day_rows):
    days = [
        day_rows("2025-10-01", 3, 10, 2.0, url="both"),
        day_rows("2025-10-02", 0, 30, 6.0, url="both"),
        day_rows("2024-10-01", 1, 7, 11.0, url="both"),
        day_rows("2025-10-01", 0, 5, 9.0, url="new"),
        day_rows("2024-10-31", 2, 4, 1.5, url="gone"),
        day_rows("2024-10-31", 0, 0, 1.0, url="without impressions"),
        day_rows("2023-10-31", 9, 9, 1.0, url="apart"),
    ]
    narrow, wide = (
        sorted(engine.rows(make(engine.frame(days), "url", NOW, BEFORE)), key=lambda row: row["url"])
        for make in (pages.placed_in_both, pages.compared)
    )
    assert [row["url"] for row in narrow] == ["both", "gone", "new"]
    assert narrow == [{name: row[name] for name in narrow[0]} for row in wide]


def test_a_page_is_shown_from_its_first_to_its_last_day_with_impressions(engine, day_rows):
    rows = engine.frame(
        [
            day_rows("2025-03-01", 0, 0, 1, url="/a"),
            day_rows("2025-03-02", 0, 5, 3, url="/a"),
            day_rows("2025-03-09", 1, 7, 3, url="/a"),
        ]
    )
    assert engine.rows(pages.shown_spans(rows)) == [
        {"url": "/a", "first": dt.date(2025, 3, 2), "last": dt.date(2025, 3, 9), "impressions": 12}
    ]
