import pytest

from portalkompass.metrics import bands
from tests.metrics.conftest import calendar_rows


def test_a_query_counts_once_a_month_by_its_weighted_position(engine, day_rows):
    # "hund": (10·2 + 30·6) / 40 = 5 → band 4–10 although one day was on place 2.
    days = engine.frame(
        [
            day_rows("2025-10-01", 1, 10, 2.0, query="hund"),
            day_rows("2025-10-02", 1, 30, 6.0, query="hund"),
            day_rows("2025-10-02", 0, 7, 60.0, query="katze"),
        ]
    )
    calendar = engine.frame(calendar_rows("2025-10-01", "2025-10-31"))
    rows = engine.rows(bands.bands_by_month(days, calendar, "query", "queries"))
    assert [(row["band"], row["queries"], row["impressions"]) for row in rows] == [(2, 1, 40), (5, 1, 7)]


@pytest.mark.parametrize(
    ("position", "band"),
    [(1.0, 1), (3.4, 1), (3.5, 2), (10.4, 2), (10.5, 3), (20.5, 4), (50.4, 4), (50.5, 5), (99.0, 5)],
)
def test_a_band_holds_what_rounds_to_its_places(engine, day_rows, position, band):
    days = engine.frame([day_rows("2025-10-01", 0, 2, position, query="hund")])
    calendar = engine.frame(calendar_rows("2025-10-01", "2025-10-31"))
    (row,) = engine.rows(bands.bands_by_month(days, calendar, "query", "queries"))
    assert row["band"] == band


def test_pages_are_counted_by_their_own_position(engine, day_rows):
    days = engine.frame(
        [
            day_rows("2025-10-01", 1, 10, 2.0, url="a"),
            day_rows("2025-10-02", 1, 30, 12.0, url="b"),
            day_rows("2025-11-02", 1, 5, 3.0, url="b"),
        ]
    )
    calendar = engine.frame(calendar_rows("2025-10-01", "2025-11-30"))
    rows = engine.rows(bands.bands_by_month(days, calendar, "url", "pages"))
    assert [(str(row["month"])[:7], row["band"], row["pages"], row["impressions"]) for row in rows] == [
        ("2025-10", 1, 1, 10),
        ("2025-10", 3, 1, 30),
        ("2025-11", 1, 1, 5),
    ]
