from portalkompass.metrics.queries import open_queries, queries_of_pages


def rows(day_rows):
    return [
        day_rows("2025-10-01", 5, 50, 3.0, url="/hund", query="hundesteuer"),
        day_rows("2025-10-01", 1, 20, 9.0, url="/amt", query="hundesteuer"),
        day_rows("2025-10-02", 1, 10, 9.0, url="/neu", query="hundesteuer"),
        day_rows("2025-10-01", 2, 40, 5.0, url="/amt", query="bürgerbüro"),
        day_rows("2025-10-01", 0, 9, 5.0, url="/amt", query="selten"),
        day_rows("2025-10-01", 3, 90, 5.0, url="/amt", query=""),
        day_rows("2025-10-01", 3, 60, 5.0, url="/amt", query="wohngeld"),
    ]


MARKS = [{"url": "/hund", "mark": "leistung"}, {"url": "/amt", "mark": "keine_leistung"}]


def test_open_queries_count_only_what_reaches_no_service_and_has_no_link(engine, day_rows):
    found = open_queries(
        engine.frame(rows(day_rows)),
        engine.frame([{"query": "wohngeld", "mark": "ohne_status"}]),
        engine.frame(MARKS),
        10,
    )

    # hundesteuer: 20 on the office page and 10 on the unmapped one, not the 50 on the service's own page
    assert engine.rows(found) == [
        {"query": "bürgerbüro", "clicks": 2, "impressions": 40},
        {"query": "hundesteuer", "clicks": 2, "impressions": 30},
    ]


def test_queries_of_pages_are_the_largest_first_within_a_page(engine, day_rows):
    found = queries_of_pages(engine.frame(rows(day_rows)), engine.frame([{"url": "/amt"}]))

    assert [(row["query"], row["impressions"]) for row in engine.rows(found)] == [
        ("wohngeld", 60),
        ("bürgerbüro", 40),
        ("hundesteuer", 20),
        ("selten", 9),
    ]
