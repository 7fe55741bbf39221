import pytest

from portalkompass.metrics.queries import missed_pairs


def _links(engine, *rows):
    return engine.frame([{"site": "s", "url": u, "service": s, "share": float(x)} for u, s, x in rows])


def test_pages_of_the_service_itself_are_met_demand_and_left_out(engine, day_rows):
    days = engine.frame(
        [
            day_rows("2025-10-01", 4, 100, 2.0, url="own", query="angelschein"),
            day_rows("2025-10-01", 1, 60, 30.0, url="other", query="angelschein"),
            day_rows("2025-10-02", 0, 20, 50.0, url="other", query="angelschein"),
            day_rows("2025-10-02", 9, 99, 1.0, url="other", query="wetter"),
        ]
    )
    queries = engine.frame([{"site": "s", "query": "angelschein", "service": "fischerei"}])
    (row,) = engine.rows(missed_pairs(days, queries, _links(engine, ("own", "fischerei", 0.2))))
    assert (row["service"], row["query"], row["url"]) == ("fischerei", "angelschein", "other")
    assert (row["clicks"], row["impressions"]) == (1, 80)
    assert row["position"] == pytest.approx((60 * 30 + 20 * 50) / 80)


def test_a_page_of_another_service_is_no_page_of_this_one(engine, day_rows):
    days = engine.frame([day_rows("2025-10-01", 4, 100, 2.0, url="own", query="angelschein")])
    queries = engine.frame([{"site": "s", "query": "angelschein", "service": "fischerei"}])
    (row,) = engine.rows(missed_pairs(days, queries, _links(engine, ("own", "jagd", 1.0))))
    assert row["impressions"] == 100
