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
    asked = engine.frame([day_rows("2025-10-01", 5, 130, 2.0, query="angelschein")])
    queries = engine.frame([{"site": "s", "query": "angelschein", "service": "fischerei"}])
    (row,) = engine.rows(missed_pairs(days, asked, queries, _links(engine, ("own", "fischerei", 0.2))))
    assert (row["service"], row["query"], row["url"]) == ("fischerei", "angelschein", "other")
    assert (row["clicks"], row["impressions"]) == (1, 80)
    # The search was shown 130 times, our own page 100 of them: at most 30 can have gone by.
    assert (row["shown"], row["own_impressions"]) == (130, 100)
    assert row["position"] == pytest.approx((60 * 30 + 20 * 50) / 80)


def test_a_page_of_another_service_is_no_page_of_this_one(engine, day_rows):
    days = engine.frame([day_rows("2025-10-01", 4, 100, 2.0, url="own", query="angelschein")])
    asked = engine.frame([day_rows("2025-10-01", 5, 130, 2.0, query="angelschein")])
    queries = engine.frame([{"site": "s", "query": "angelschein", "service": "fischerei"}])
    (row,) = engine.rows(missed_pairs(days, asked, queries, _links(engine, ("own", "jagd", 1.0))))
    assert (row["impressions"], row["shown"], row["own_impressions"]) == (100, 130, 0)


def test_without_the_querys_own_count_the_largest_page_stands_for_it(engine, day_rows):
    days = engine.frame(
        [
            day_rows("2025-10-01", 4, 100, 2.0, url="own", query="angelschein"),
            day_rows("2025-10-01", 1, 120, 30.0, url="other", query="angelschein"),
        ]
    )
    none = engine.frame([day_rows("2025-10-01", 1, 9, 1.0, query="wetter")])
    queries = engine.frame([{"site": "s", "query": "angelschein", "service": "fischerei"}])
    (row,) = engine.rows(missed_pairs(days, none, queries, _links(engine, ("own", "fischerei", 1.0))))
    assert (row["shown"], row["own_impressions"]) == (120, 100)
