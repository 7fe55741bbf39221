"""The stand-in answers as Matomo does: its shapes, its default limit, its errors."""

from __future__ import annotations

import datetime as dt
import http.client
import json
from typing import Any
from urllib.parse import urlencode

from tests.matomo_server.matomo_reports import Action, MatomoWebsite, WebsiteDay
from tests.matomo_server.matomo_server import LOGIN_PAGE, TOKEN, MatomoStandIn, serve_matomo

HOST = "https://portal.stadt.example"
PAGES = (
    *(Action(f"/leistung/nummer-{n:03d}", f"{HOST}/leistung/nummer-{n:03d}", 2, 3) for n in range(120)),
    Action("Others", "", 500, 600),
)
WEBSITE = MatomoWebsite(
    days={
        dt.date(2025, 3, 18): WebsiteDay(40, 960, PAGES, (), {2: 3}),
        dt.date(2025, 3, 20): WebsiteDay(10, 3, PAGES[:1]),
    },
    goals={2: "Hund angemeldet"},
)
SPAN = {"period": "day", "date": "2025-03-18,2025-03-20"}


def ask(server: MatomoStandIn, method: str, token: str = TOKEN, **form: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    try:
        fields = {
            "module": "API",
            "idSite": "3",
            "format": "JSON",
            "method": method,
            "token_auth": token,
        } | form
        connection.request("POST", "/matomo/index.php", urlencode(fields))
        reply = connection.getresponse()
        return reply.status, reply.read()
    finally:
        connection.close()


def report(server: MatomoStandIn, method: str, **form: str) -> Any:
    status, body = ask(server, method, **form)
    assert status == 200
    return json.loads(body)


def test_a_span_of_days_gives_a_block_per_day_and_an_empty_day_is_an_empty_list() -> None:
    with serve_matomo(WEBSITE) as server:
        visits = report(server, "VisitsSummary.get", **SPAN)
        pages = report(server, "Actions.getPageUrls", **SPAN, flat="1", filter_limit="-1")
    assert {day: block and block["nb_visits"] for day, block in visits.items()} == {
        "2025-03-18": 40,
        "2025-03-19": [],
        "2025-03-20": 10,
    }
    assert {day: len(rows) for day, rows in pages.items()} == {
        "2025-03-18": 121,
        "2025-03-19": 0,
        "2025-03-20": 1,
    }


def test_a_range_is_one_sum() -> None:
    with serve_matomo(WEBSITE) as server:
        visits = report(server, "VisitsSummary.get", period="range", date="2025-03-18,2025-03-20")
        goals = report(server, "Goals.get", period="range", date="2025-03-18,2025-03-20", idGoal="2")
        pages = report(
            server,
            "Actions.getPageUrls",
            period="range",
            date="2025-03-18,2025-03-20",
            flat="1",
            filter_limit="1",
        )
    assert (visits["nb_visits"], goals["nb_conversions"]) == (50, 3)
    assert [(row["label"], row["nb_visits"]) for row in pages] == [("/leistung/nummer-000", 4)]


def test_without_a_limit_a_report_ends_after_a_hundred_rows() -> None:
    with serve_matomo(WEBSITE) as server:
        rows = report(server, "Actions.getPageUrls", **SPAN, flat="1")["2025-03-18"]
        second = report(server, "Actions.getPageUrls", **SPAN, flat="1", filter_offset="100")["2025-03-18"]
    assert (len(rows), len(second)) == (100, 21)
    assert second[-1] == {"label": "Others", "nb_visits": 500, "nb_hits": 600, "sum_time_spent": 12000}


def test_without_flat_the_report_shows_folders_without_addresses() -> None:
    with serve_matomo(WEBSITE) as server:
        rows = report(server, "Actions.getPageUrls", **SPAN, filter_limit="-1")["2025-03-18"]
    assert [(row["label"], row["nb_visits"], "url" in row) for row in rows] == [
        ("Others", 500, False),
        ("leistung", 240, False),
    ]


def test_errors_come_in_matomos_shape() -> None:
    with serve_matomo(WEBSITE) as server:
        assert report(server, "VisitsSummary.get", idSite="9", **SPAN) == {
            "result": "error",
            "message": "An unexpected website was found in the request: website id was set to '9' .",
        }
        assert report(server, "Actions.nothing", **SPAN)["result"] == "error"
        status, body = ask(server, "VisitsSummary.get", token="falsch", **SPAN)
        assert (status, json.loads(body)["result"]) == (401, "error")
        server.sign_in_page = True
        assert ask(server, "VisitsSummary.get", token="falsch", **SPAN) == (200, LOGIN_PAGE)


def test_the_log_keeps_no_token() -> None:
    with serve_matomo(WEBSITE) as server:
        report(server, "VisitsSummary.get", **SPAN)
        assert [(r.method, r.url, r.token_given) for r in server.requests] == [
            ("POST", "/matomo/index.php", True)
        ]
        assert TOKEN not in repr(server.requests)
