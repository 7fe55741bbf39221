import datetime as dt

import narwhals as nw
import pyarrow as pa
import pytest

from portalkompass.metrics import totals, trends
from portalkompass.metrics.selection import Period
from tests.metrics.conftest import calendar_rows

AUTUMN = Period(dt.date(2025, 9, 1), dt.date(2025, 11, 30))


def test_position_is_weighted_by_impressions_and_never_a_plain_mean(engine, day_rows):
    days = engine.frame([day_rows("2025-10-01", 5, 100, 2.0), day_rows("2025-10-02", 1, 300, 10.0)])
    (row,) = engine.rows(totals.totals(days))
    assert row["position"] == pytest.approx((100 * 2 + 300 * 10) / 400)
    assert (row["clicks"], row["impressions"], row["days"]) == (6, 400, 2)


def test_a_day_on_which_nothing_was_shown_has_no_clicks_and_no_position(engine, day_rows):
    rows = [day_rows("2025-10-01", 2, 10, 3.0, device="a"), day_rows("2025-10-01", 1, 30, 5.0, device="b")]
    days = engine.frame(calendar_rows("2025-10-01", "2025-10-02"))
    found = sorted(engine.rows(totals.by_day(engine.frame(rows), days)), key=lambda row: row["date"])
    assert found == [
        {"date": dt.date(2025, 10, 1), "clicks": 3, "impressions": 40, "sum_position": 10 * 2 + 30 * 4},
        {"date": dt.date(2025, 10, 2), "clicks": 0, "impressions": 0, "sum_position": None},
    ]
    assert [type(row["clicks"]) for row in found] == [int, int]


def test_ctr_is_recomputed_from_sums(engine, day_rows):
    days = engine.frame([day_rows("2025-10-01", 5, 10, 1.0), day_rows("2025-10-02", 0, 90, 1.0)])
    (row,) = engine.rows(totals.totals(days))
    assert row["ctr"] == pytest.approx(0.05)


def test_rates_without_impressions_are_missing_not_infinite(engine, day_rows):
    days = engine.frame([day_rows("2025-10-01", 0, 0, 1.0)])
    (row,) = engine.rows(totals.totals(days))
    assert (row["position"], row["ctr"]) == (None, None)


def test_whole_numbers_stay_whole(engine, day_rows):
    days = engine.frame([day_rows("2025-10-01", 2**40, 2**41, 1.0), day_rows("2025-10-02", 1, 1, 1.0)])
    (row,) = engine.rows(totals.totals(days))
    assert row["clicks"] == 2**40 + 1
    assert type(row["clicks"]) is int


def test_hidden_share_is_what_no_query_row_explains(engine, day_rows):
    site = engine.frame([day_rows("2025-10-01", 60, 100, 5.0), day_rows("2025-10-02", 40, 100, 5.0)])
    queries = engine.frame([day_rows("2025-10-01", 60, 90, 5.0, query="hund anmelden")])
    (row,) = engine.rows(totals.hidden_click_shares(site, queries, [AUTUMN]))
    assert row == {"hidden_click_share_0": pytest.approx(0.4)}


def test_without_query_rows_the_hidden_share_is_unknown_not_everything(engine, day_rows):
    site = engine.frame([day_rows("2025-10-01", 60, 100, 5.0)])
    queries = engine.frame([day_rows("2025-09-01", 1, 1, 5.0, query="hund")]).filter(
        nw.col("query") == "katze"
    )
    (row,) = engine.rows(totals.hidden_click_shares(site, queries, [AUTUMN]))
    assert row["hidden_click_share_0"] is None


def test_no_clicks_no_hidden_share(engine, day_rows):
    site = engine.frame([day_rows("2025-10-01", 0, 100, 5.0)])
    queries = engine.frame([day_rows("2025-10-01", 0, 90, 5.0, query="hund anmelden")])
    (row,) = engine.rows(totals.hidden_click_shares(site, queries, [AUTUMN]))
    assert row["hidden_click_share_0"] is None


def test_hidden_shares_of_several_periods_each_from_its_own_days(engine, day_rows):
    site = engine.frame(
        [
            day_rows("2025-10-01", 100, 200, 5.0),
            day_rows("2025-10-02", 100, 200, 5.0),
            day_rows("2024-10-01", 50, 100, 5.0),
            day_rows("2023-10-01", 50, 100, 5.0),
        ]
    )
    queries = engine.frame(
        [
            day_rows("2025-10-01", 60, 90, 5.0, query="hund anmelden"),
            day_rows("2025-10-02", 20, 90, 5.0, query="hund anmelden"),
            day_rows("2024-10-01", 10, 90, 5.0, query="hund anmelden"),
            day_rows("2024-11-01", 40, 90, 5.0, query="hund anmelden"),
        ]
    )
    octobers = [Period(dt.date(year, 10, 1), dt.date(year, 10, 31)) for year in (2025, 2024, 2023, 2022)]
    (row,) = engine.rows(totals.hidden_click_shares(site, queries, octobers))
    assert row == {
        "hidden_click_share_0": pytest.approx(0.6),
        "hidden_click_share_1": pytest.approx(0.8),
        "hidden_click_share_2": None,  # days, but no query row: unknown
        "hidden_click_share_3": None,  # nothing at all
    }


def test_the_hidden_share_by_month_is_made_of_the_sums_of_the_month(engine, day_rows):
    site = engine.frame(
        [
            day_rows("2025-09-30", 4, 9, 5.0),
            day_rows("2025-10-01", 5, 9, 5.0),
            day_rows("2025-10-02", 15, 9, 5.0),
        ]
    )
    queries = engine.frame(
        [
            day_rows("2025-09-30", 3, 9, 5.0, query="a"),
            day_rows("2025-10-01", 4, 9, 5.0, query="a"),
            day_rows("2025-10-02", 5, 9, 5.0, query="b"),
        ]
    )
    calendar = engine.frame(calendar_rows("2025-09-01", "2025-10-31"))
    rows = engine.rows(totals.hidden_click_share_by_month(site, queries, calendar))
    assert [row["listed_clicks"] for row in rows] == [3, 9]
    assert [row["hidden_click_share"] for row in rows] == pytest.approx([0.25, 0.55])


def test_discover_has_no_position_which_is_missing_and_not_the_first_place(engine):
    schema = {
        "date": pa.date32(),
        "clicks": pa.int64(),
        "impressions": pa.int64(),
        "sum_position": pa.float64(),
    }
    rows = [{"date": dt.date(2025, 10, 1), "clicks": 5, "impressions": 10, "sum_position": None}]
    days = engine.frame(rows, schema)
    assert engine.rows(totals.totals(days))[0]["position"] is None
    calendar = engine.frame(calendar_rows("2025-09-01", "2025-10-31"))
    period = Period(dt.date(2025, 9, 30), dt.date(2025, 10, 2))
    (_, october) = engine.rows(trends.trend(days, calendar, period, "month"))
    assert (october["clicks"], october["position"]) == (5, None)
