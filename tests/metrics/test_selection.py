import datetime as dt

from portalkompass.metrics.selection import Period, moved, of_site, within


def test_rows_of_another_property_or_search_type_are_never_summed_in(engine, day_rows):
    days = engine.frame(
        [
            day_rows("2025-10-01", 1, 10, 2.0, site="a", search_type="web"),
            day_rows("2025-10-01", 2, 10, 2.0, site="a", search_type="image"),
            day_rows("2025-10-01", 4, 10, 2.0, site="b", search_type="web"),
        ]
    )
    assert [row["clicks"] for row in engine.rows(of_site(days, "a"))] == [1]


def test_a_period_holds_its_first_and_its_last_day(engine, day_rows):
    days = engine.frame([day_rows(f"2025-10-{day:02}", day, 10, 2.0) for day in (1, 2, 3, 4)])
    period = Period(dt.date(2025, 10, 2), dt.date(2025, 10, 3))
    assert sorted(row["clicks"] for row in engine.rows(within(days, period))) == [2, 3]


def test_rows_of_an_old_address_count_as_the_new_ones_before_the_day_of_its_move(engine, day_rows):
    rows = engine.frame(
        [
            day_rows("2025-02-28", 1, 10, 3, url="/alt"),
            day_rows("2025-03-01", 2, 10, 3, url="/alt"),
            day_rows("2025-02-28", 4, 10, 3, url="/neu"),
            day_rows("2025-02-28", 8, 10, 3, url="/anders"),
        ]
    )
    moves = engine.frame([{"url": "/alt", "new_url": "/neu", "moved_on": dt.date(2025, 3, 1)}])
    today = moved(rows, moves, "date")
    assert today.collect_schema().names() == rows.collect_schema().names()
    assert sorted((row["url"], row["clicks"]) for row in engine.rows(today)) == [
        ("/alt", 2),
        ("/anders", 8),
        ("/neu", 1),
        ("/neu", 4),
    ]
