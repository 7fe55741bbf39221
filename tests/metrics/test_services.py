import datetime as dt

import pytest

from portalkompass.metrics import services
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
    rows = engine.rows(services.demand(days, links, NOW, BEFORE))
    assert [(row["service"], row["clicks"], row["clicks_before"], row["pages"]) for row in rows] == [
        ("hund", 30.0, 10.0, 2),
        ("steuer", 20.0, 10.0, 1),
    ]
    assert rows[0]["change"] == pytest.approx(2.0)
    assert rows[0]["position"] == pytest.approx((50 * 2 + 100 * 4) / 150)


def test_unmet_demand_leaves_out_pages_of_the_service_itself(engine, day_rows):
    days = engine.frame(
        [
            day_rows("2025-10-01", 4, 100, 2.0, url="own", query="angelschein"),
            day_rows("2025-10-01", 1, 60, 30.0, url="other", query="angelschein"),
            day_rows("2025-10-02", 0, 20, 50.0, url="other", query="angelschein"),
            day_rows("2025-10-02", 9, 99, 1.0, url="other", query="wetter"),
        ]
    )
    queries = engine.frame([{"site": "s", "query": "angelschein", "service": "fischerei"}])
    (row,) = engine.rows(services.unmet_demand(days, queries, _links(engine, ("own", "fischerei", 0.2))))
    assert (row["clicks"], row["impressions"], row["queries"]) == (1, 80, 1)
    assert row["position"] == pytest.approx((60 * 30 + 20 * 50) / 80)


def test_a_page_of_another_service_still_leaves_the_demand_unmet(engine, day_rows):
    days = engine.frame([day_rows("2025-10-01", 4, 100, 2.0, url="own", query="angelschein")])
    queries = engine.frame([{"site": "s", "query": "angelschein", "service": "fischerei"}])
    (row,) = engine.rows(services.unmet_demand(days, queries, _links(engine, ("own", "jagd", 1.0))))
    assert row["impressions"] == 100


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

    names = ("unique_page_views", "service_starts", "applications")
    schema = {"url": pa.string(), **{name: pa.int64() for name in names}}
    views = engine.frame(
        [{"url": "a", "unique_page_views": 10, "service_starts": None, "applications": 4}], schema
    )
    rows = engine.rows(services.portal_starts(views, _links(engine, ("a", "hund", 0.5))))
    assert rows == [
        {"service": "hund", "unique_page_views": 5.0, "service_starts": None, "applications": 2.0}
    ]
