"""The log of the process that serves: a line for everything that was done, none too many, nothing a terminal obeys."""

import http.client
import json
import unicodedata
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from portalkompass.ui.auth.activity import MOST_A_MINUTE
from tests.browser.conftest import finished
from tests.browser.test_exports import download, opened
from tests.ui.auth.conftest import serving
from tests.ui.auth.test_sign_in import sign_in

pytestmark = pytest.mark.browser


FORGED = {"Sec-Fetch-Mode": "cors", "X-Forwarded-For": "203.0.113.9"}
"""A script that says it comes from elsewhere; only the configured proxy is believed that."""


def lines(log):
    """The JSON lines of our own log, among what the server prints besides."""
    found = [line for line in log.read_text(encoding="utf-8").splitlines() if line.startswith('{"time"')]
    return [json.loads(line) for line in found]


def events(log, event):
    return [line for line in lines(log) if line.get("event") == event]


def ask(address, path, **headers):
    """A request as nobody's browser would send it; the status of the answer."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
    try:
        connection.request("GET", path, headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()


def test_every_action_has_its_line_and_a_flood_is_counted(demo_data, tmp_path, provider, page, monkeypatch):
    monkeypatch.setenv("PORTALKOMPASS_OPERATIONS__LOG", "json")
    with serving(demo_data, tmp_path, provider, proxies='["10.9.9.9"]') as app:
        sign_in(page, f"{app.address}/ueberblick", "emil")
        finished(page)
        (came,) = events(app.log, "sign-in")
        assert (came["person"], came["account"], came["outcome"]) == ("Emil", "emil", "ok")
        assert came["address"] == "127.0.0.1"
        assert came["path"] == "/oauth2callback"

        menu = opened(page, "top_pages")
        for name in ("CSV", "Excel", "CSV"):
            download(page, menu, name)
        exports = events(app.log, "export")
        assert [(line["person"], line["format"]) for line in exports] == [
            ("Emil", "csv"),
            ("Emil", "xlsx"),
            ("Emil", "csv"),
        ]

        for number in range(2):
            page.goto(f"{app.address}/ueberblick")
            finished(page)
            page.get_by_test_id("stSidebar").get_by_role("button", name="Gespeicherte Ansichten").click()
            page.get_by_label("Diese Ansicht speichern als").fill(f"Probe {number}")
            page.get_by_role("button", name="Speichern").click()
            expect(page.get_by_role("link", name=f"Probe {number}")).to_have_count(1)
            finished(page)
        writes = events(app.log, "write")
        assert [(line["person"], line["action"]) for line in writes] == [("Emil", "save view")] * 2

        upload = f"{urlsplit(app.address).path}/_stcore/upload_file/a/b"
        cookies = "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies())
        assert ask(app.address, upload, Cookie=cookies) == 403
        (refused,) = [line for line in events(app.log, "refusal") if line.get("person") == "Emil"]
        assert refused["level"] == "warning"
        assert "Verwalten" in refused["outcome"]

        before = len([line for line in events(app.log, "refusal") if "person" not in line])
        flood = 60 + 2 * MOST_A_MINUTE
        for number in range(flood):
            hostile = "/%1b%5b31m%0d%0aGEF%C3%84LSCHT%e2%80%ae" if number % 2 else "/media/x.csv"
            assert ask(app.address, hostile, Accept="*/*", **FORGED) == 401

        page.get_by_role("button", name="Abmelden").click()
        expect(page.get_by_role("button", name="End session")).to_be_visible()
        (left,) = events(app.log, "sign-out")
        assert left["person"] == "Emil"
    told = [line for line in events(app.log, "refusal") if "person" not in line][before:]
    printed = [line for line in told if "count" not in line]
    assert {line["address"] for line in printed} == {"127.0.0.1"}
    assert len(printed) <= 2 * MOST_A_MINUTE
    assert len(printed) + sum(line["count"] for line in told if "count" in line) == flood
    text = app.log.read_text(encoding="utf-8")
    assert not {one for one in text if unicodedata.category(one) in ("Cc", "Cf") and one != "\n"}
    assert not [line for line in text.splitlines() if line.startswith("GEF")]
