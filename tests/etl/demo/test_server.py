"""The stand-in over real HTTP. Every expected number is read off the lines below."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest

from etl.demo.server.tokens import Tokens
from tests.etl.demo.api import GRANT, assertion, call, query, rows, send, token
from tests.etl.demo.table_world import Line, TableWorld
from tests.search_console_server.faulty_server import FaultyStandIn, Options, serve

SITE = "https://portal.stadt.example/"
HUND, GELD = SITE + "hund", SITE + "geld"
TODAY = dt.date(2025, 3, 20)
FIRST, SECOND = dt.date(2025, 3, 1), dt.date(2025, 3, 2)
FINAL, PROVISIONAL, NEWEST = dt.date(2025, 3, 18), dt.date(2025, 3, 19), dt.date(2025, 3, 19)
LAG_TWO = Options(lag=lambda _: 2)

LINES = [
    Line(FIRST, HUND, "hund anmelden", 3, 10, 2.0),
    Line(FIRST, HUND, "hundesteuer", 1, 20, 5.0, device="DESKTOP", second_page=GELD),
    Line(FIRST, GELD, "", 4, 10, 1.0, country="aut"),
    Line(SECOND, GELD, "wohngeld", 5, 50, 3.0),
    Line(FINAL, HUND, "hund anmelden", 2, 8, 4.0),
    Line(PROVISIONAL, HUND, "hund anmelden", 20, 100, 4.0),
    Line(dt.date(2023, 11, 19), HUND, "alt", 1, 1, 1.0),
    Line(dt.date(2023, 11, 20), HUND, "gerade noch", 1, 1, 1.0),
    Line(FIRST, HUND, "", 7, 70, 1.0, search_type="discover"),
    Line(SECOND, HUND, "übersetzt", 1, 4, 3.0, appearance="TRANSLATED_RESULT"),
]


@pytest.fixture
def server() -> Iterator[FaultyStandIn]:
    with serve(TableWorld(SITE, LINES), today=TODAY, options=LAG_TWO) as running:
        yield running


def ask(
    server: FaultyStandIn, *dimensions: str, first: dt.date = FIRST, last: dt.date = FIRST, **body: Any
) -> Any:
    return rows(
        server,
        SITE,
        startDate=first.isoformat(),
        endDate=last.isoformat(),
        dimensions=list(dimensions),
        **body,
    )


def refusal(server: FaultyStandIn, **body: Any) -> tuple[int, str]:
    status, reply = query(server, SITE, **{"startDate": "2025-03-01", "endDate": "2025-03-01", **body})
    return status, reply["error"]["errors"][0]["reason"]


def test_property_counts_a_result_page_once_and_pages_count_each_result(server: FaultyStandIn) -> None:
    # zero-based sums 10·1 + 20·4 + 10·0 = 90 over 40 impressions
    assert ask(server) == [(8.0, 40.0, 3.25)]
    # the second page adds 20 impressions at position 6: GELD (10·0 + 20·5) / 30
    assert ask(server, "page") == [(HUND, 4.0, 30.0, 4.0), (GELD, 4.0, 30.0, 4.333333)]


def test_hidden_queries_are_in_totals_but_never_listed(server: FaultyStandIn) -> None:
    assert ask(server, "query") == [("hund anmelden", 3.0, 10.0, 2.0), ("hundesteuer", 1.0, 20.0, 5.0)]


def test_rows_come_by_clicks_then_impressions_and_dates_alone_by_date(server: FaultyStandIn) -> None:
    assert [row[:2] for row in ask(server, "date", last=SECOND)] == [("2025-03-01", 8.0), ("2025-03-02", 6.0)]
    by_day = ask(server, "date", "query", last=SECOND)
    assert [row[:3] for row in by_day[:2]] == [
        ("2025-03-02", "wohngeld", 5.0),
        ("2025-03-01", "hund anmelden", 3.0),
    ]


def test_rows_of_several_days_are_summed_without_the_date(server: FaultyStandIn) -> None:
    # zero-based sums 10·1 + 8·3 = 34 over 18 impressions
    assert ask(server, "query", last=FINAL)[1] == ("hund anmelden", 5.0, 18.0, 2.888889)


def test_countries_are_lower_case_devices_upper_case_numbers_doubles(server: FaultyStandIn) -> None:
    status, reply = query(
        server, SITE, startDate="2025-03-01", endDate="2025-03-01", dimensions=["country", "device"]
    )
    assert status == 200
    assert reply["rows"][0] == {
        "keys": ["aut", "MOBILE"],
        "clicks": 4.0,
        "impressions": 10.0,
        "ctr": 0.4,
        "position": 1.0,
    }
    assert isinstance(reply["rows"][0]["clicks"], float)


def test_an_empty_answer_has_no_rows_member(server: FaultyStandIn) -> None:
    _, reply = query(server, SITE, startDate="2025-03-05", endDate="2025-03-06", dimensions=["date"])
    assert reply == {"responseAggregationType": "byProperty"}


def test_row_limit_defaults_to_1000_and_start_row_pages_on() -> None:
    many = [Line(FIRST, HUND, f"frage {number:04d}", 0, 1, 9.0) for number in range(1500)]
    with serve(TableWorld(SITE, many), today=TODAY) as server:
        first, second = ask(server, "query"), ask(server, "query", startRow=1000)
        assert (len(first), len(second), ask(server, "query", startRow=1500)) == (1000, 500, [])
        assert len({row[0] for row in first + second}) == 1500
        assert len(ask(server, "query", rowLimit=25_000)) == 1500


def test_short_pages_have_more_rows_behind_them() -> None:
    with serve(TableWorld(SITE, LINES), today=TODAY, options=Options(short_pages=1)) as server:
        assert [len(ask(server, "query", startRow=start, rowLimit=100)) for start in (0, 1, 2)] == [1, 1, 0]


def test_the_cap_cuts_rows_without_clicks_first() -> None:
    lines = [
        Line(FIRST, HUND, name, clicks, 9, 1.0) for name, clicks in (("a", 0), ("b", 2), ("c", 0), ("d", 1))
    ]
    with serve(TableWorld(SITE, lines), today=TODAY, options=Options(cap=2)) as server:
        assert [row[0] for row in ask(server, "query")] == ["b", "d"]
        assert ask(server)[0][0] == 3.0


def test_final_days_end_two_days_ago_and_all_adds_provisional_ones(server: FaultyStandIn) -> None:
    assert [row[0] for row in ask(server, "date", first=FINAL, last=TODAY)] == ["2025-03-18"]
    both = ask(server, "date", first=FINAL, last=TODAY, dataState="all")
    # the newest day is counted to 55 % so far
    assert both == [("2025-03-18", 2.0, 8.0, 4.0), ("2025-03-19", 11.0, 55.0, 4.0)]


@pytest.mark.parametrize(
    ("dimensions", "last", "state", "expected"),
    [
        (["date"], "2025-03-20", "all", {"firstIncompleteDate": "2025-03-19"}),
        (["date"], "2025-03-18", "all", None),
        (["query"], "2025-03-20", "all", None),
        (["date"], "2025-03-20", "final", None),
    ],
)
def test_first_incomplete_date_only_with_dates_that_touch_provisional_days(
    server: FaultyStandIn, dimensions: list[str], last: str, state: str, expected: dict[str, str] | None
) -> None:
    _, reply = query(
        server, SITE, startDate="2025-03-10", endDate=last, dimensions=dimensions, dataState=state
    )
    assert reply.get("metadata") == expected


def test_days_pass_and_provisional_days_become_final(server: FaultyStandIn) -> None:
    server.today = dt.date(2025, 3, 21)
    assert ask(server, "date", first=PROVISIONAL, last=TODAY) == [("2025-03-19", 20.0, 100.0, 4.0)]


def test_sixteen_months_are_kept(server: FaultyStandIn) -> None:
    assert ask(server, "query", first=dt.date(2023, 1, 1), last=dt.date(2023, 12, 31)) == [
        ("gerade noch", 1.0, 1.0, 1.0)
    ]


def test_lost_days_are_missing() -> None:
    options = Options(gaps=frozenset({FIRST}), lag=lambda _: 2)
    with serve(TableWorld(SITE, LINES), today=TODAY, options=options) as server:
        assert [row[0] for row in ask(server, "date", last=SECOND)] == ["2025-03-02"]


@pytest.mark.parametrize(
    ("dimension", "operator", "expression", "clicks"),
    [
        ("query", "contains", "hund", 4.0),
        ("query", "equals", "hundesteuer", 1.0),
        ("query", "notContains", "steuer", 3.0),
        ("query", "includingRegex", "^hund a", 3.0),
        ("country", "equals", "AUT", 4.0),
        ("device", "equals", "desktop", 1.0),
        ("page", "equals", GELD, 4.0),
    ],
)
def test_filters_keep_matching_rows(
    server: FaultyStandIn, dimension: str, operator: str, expression: str, clicks: float
) -> None:
    part = {"dimension": dimension, "operator": operator, "expression": expression}
    assert ask(server, dimensionFilterGroups=[{"filters": [part]}])[0][0] == clicks


def test_a_page_filter_forces_by_page(server: FaultyStandIn) -> None:
    part = {"dimension": "page", "operator": "equals", "expression": HUND}
    _, reply = query(
        server,
        SITE,
        startDate="2025-03-01",
        endDate="2025-03-01",
        dimensions=["device"],
        dimensionFilterGroups=[{"filters": [part]}],
    )
    assert reply["responseAggregationType"] == "byPage"


def test_appearances_stand_alone_and_filter_days(server: FaultyStandIn) -> None:
    assert ask(server, "searchAppearance", last=SECOND) == [("TRANSLATED_RESULT", 1.0, 4.0, 3.0)]
    part = {"dimension": "searchAppearance", "operator": "equals", "expression": "TRANSLATED_RESULT"}
    days = ask(server, "date", last=SECOND, dimensionFilterGroups=[{"filters": [part]}])
    assert days == [("2025-03-02", 1.0, 4.0, 3.0)]
    assert refusal(server, dimensions=["searchAppearance", "date"]) == (400, "invalidParameter")


def test_discover_has_pages_but_no_position(server: FaultyStandIn) -> None:
    _, reply = query(
        server, SITE, startDate="2025-03-01", endDate="2025-03-01", dimensions=["page"], type="discover"
    )
    assert reply["rows"] == [{"keys": [HUND], "clicks": 7.0, "impressions": 70.0, "ctr": 0.1}]
    assert reply["responseAggregationType"] == "byPage"


def test_hours_sum_to_the_day_and_name_the_pacific_offset(server: FaultyStandIn) -> None:
    hours = ask(server, "hour", first=FINAL, last=FINAL, dataState="hourly_all")
    assert (sum(row[1] for row in hours), sum(row[2] for row in hours)) == (2.0, 8.0)
    assert [row[0] for row in hours] == sorted(row[0] for row in hours)
    assert all(row[0].startswith("2025-03-18T") and row[0].endswith(":00:00-07:00") for row in hours)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"startDate": "01.03.2025"}, "invalidParameter"),
        ({"startDate": "2025-02-30"}, "invalidParameter"),
        ({"startDate": None}, "required"),
        ({"endDate": "2025-02-01"}, "invalidParameter"),
        ({"dimensions": ["seite"]}, "invalidParameter"),
        ({"dimensions": ["page", "page"]}, "invalidParameter"),
        ({"rowLimit": 25_001}, "invalidParameter"),
        ({"rowLimit": 0}, "invalidParameter"),
        ({"startRow": -1}, "invalidParameter"),
        ({"type": "websuche"}, "invalidParameter"),
        ({"dataState": "frisch"}, "invalidParameter"),
        ({"aggregationType": "byProperty", "dimensions": ["page"]}, "invalidParameter"),
        ({"type": "discover", "dimensions": ["device"]}, "invalidParameter"),
        ({"type": "googleNews", "dimensions": ["query"]}, "invalidParameter"),
        ({"dimensions": ["hour"]}, "invalidParameter"),
        ({"dimensionFilterGroups": [{"filters": [{"dimension": "date"}]}]}, "invalidParameter"),
    ],
)
def test_bad_requests_are_refused_with_googles_reason(
    server: FaultyStandIn, body: dict[str, Any], reason: str
) -> None:
    assert refusal(server, **body) == (400, reason)


def test_unknown_property_is_forbidden_in_googles_words(server: FaultyStandIn) -> None:
    status, reply = query(server, "https://andere.example/", startDate="2025-03-01", endDate="2025-03-01")
    assert (status, reply["error"]["code"], reply["error"]["errors"][0]["reason"]) == (403, 403, "forbidden")
    assert "https://andere.example/" in reply["error"]["message"]


def test_sites_sitemaps_and_inspection(server: FaultyStandIn) -> None:
    encoded = "https%3A%2F%2Fportal.stadt.example%2F"
    entry = {"siteUrl": SITE, "permissionLevel": "siteRestrictedUser"}
    assert call(server, "GET", "/webmasters/v3/sites") == (200, {"siteEntry": [entry]})
    assert call(server, "GET", f"/webmasters/v3/sites/{encoded}") == (200, entry)
    status, maps = call(server, "GET", f"/webmasters/v3/sites/{encoded}/sitemaps")
    assert (status, maps["sitemap"][0]["path"]) == (200, SITE + "sitemap.xml")
    assert maps["sitemap"][0]["contents"] == [{"type": "web", "submitted": "1", "indexed": "0"}]
    inspect = "/v1/urlInspection/index:inspect"
    _, known = call(server, "POST", inspect, {"inspectionUrl": HUND, "siteUrl": SITE})
    _, unknown = call(server, "POST", inspect, {"inspectionUrl": SITE + "neu", "siteUrl": SITE})
    assert known["inspectionResult"]["indexStatusResult"]["verdict"] == "PASS"
    assert unknown["inspectionResult"]["indexStatusResult"]["verdict"] == "NEUTRAL"


def test_everything_else_is_not_found(server: FaultyStandIn) -> None:
    assert call(server, "GET", "/webmasters/v4/sites")[0] == 404
    assert call(server, "POST", "/webmasters/v3/sites")[0] == 404


def test_without_a_valid_token_the_answer_is_401(server: FaultyStandIn) -> None:
    path = "/webmasters/v3/sites"
    valid = token(server)
    assert send(server, "GET", path)[0] == 401
    assert send(server, "GET", path, headers={"Authorization": "Bearer erfunden"})[0] == 401
    assert send(server, "GET", path, headers={"Authorization": f"Bearer {valid}"})[0] == 200
    server.tokens = Tokens()
    assert send(server, "GET", path, headers={"Authorization": f"Bearer {valid}"})[0] == 401


@pytest.mark.parametrize(
    ("form", "error"),
    [
        (f"grant_type={GRANT}&assertion=kein-jwt", "invalid_grant"),
        (f"grant_type={GRANT}&assertion={assertion({'sub': 'niemand'})}", "invalid_grant"),
        ("grant_type=password", "unsupported_grant_type"),
    ],
)
def test_token_requests_need_a_jwt_that_names_its_issuer(
    server: FaultyStandIn, form: str, error: str
) -> None:
    status, _, body = send(server, "POST", "/token", form.encode())
    assert (status, json.loads(body)["error"]) == (400, error)


def test_another_world_replaces_kept_answers(server: FaultyStandIn) -> None:
    assert ask(server, "query", first=SECOND, last=SECOND)[0][:2] == ("wohngeld", 5.0)
    server.replace_world(TableWorld(SITE, [Line(SECOND, GELD, "wohngeld", 9, 50, 3.0)]))
    assert ask(server, "query", first=SECOND, last=SECOND) == [("wohngeld", 9.0, 50.0, 3.0)]


def test_the_log_numbers_requests_and_counts_repeats(server: FaultyStandIn) -> None:
    for _ in range(2):
        ask(server, "query")
    queries = [entry for entry in server.requests if entry.facts.kind == "query"]
    assert [(entry.facts.attempt, entry.status) for entry in queries] == [(0, 200), (1, 200)]
    assert [entry.facts.number for entry in server.requests] == list(range(4))
    assert queries[0].facts.site == SITE
