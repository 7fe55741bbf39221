"""Figures for Prometheus: right, on this machine only, and nothing else on that port."""

from __future__ import annotations

import datetime as dt
import http.client
from pathlib import Path

import pytest

from portalkompass.settings import Digest, Settings, load_settings
from portalkompass.ui.auth.activity import Refusals, counted, note
from portalkompass.ui.shell.metrics_port import open_if_asked, text
from portalkompass.workspace import DIGEST, note_delivery, workspace_of
from tests.browser.conftest import free_port


def test_figures_are_given_to_this_machine_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    monkeypatch.setenv("PORTALKOMPASS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("PORTALKOMPASS_OPERATIONS__METRICS_PORT", str(port))
    load_settings.cache_clear()
    server = open_if_asked()
    assert server
    before = counted().get(("export", True), 0)
    note("export")

    def ask(path: str, host: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", path, headers={"Host": host})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()

    status, told = ask("/metrics", f"127.0.0.1:{port}")
    assert status == 200
    assert "portalkompass_up 1\n" in told
    assert f'portalkompass_events_total{{event="export",ok="true"}} {before + 1}\n' in told
    assert ask("/metrics", "evil.example")[0] == 403
    assert ask("/", "localhost")[0] == 404
    server.shutdown()
    server.server_close()
    load_settings.cache_clear()


def test_the_age_of_the_last_digest_is_given_where_one_is_wanted(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, digest=Digest(mail_to=("team@stadt.example",)))
    name = "portalkompass_digest_age_seconds"
    assert name not in text(settings)
    for site, way in (("s", "mail"), ('"\\\n', "mail"), ("s", "webhook")):
        note_delivery(workspace_of(settings), [DIGEST], site, dt.date(2025, 12, 8), way)
    told = dict(line.rsplit(" ", 1) for line in text(settings).splitlines() if line.startswith(name))
    sites = ("s", r"\"\\\n")
    assert set(told) == {
        f'{name}{{property="{site}",way="mail"}}' for site in sites
    }  # the webhook is no way of these settings
    assert all(0 <= int(age) < 300 for age in told.values())
    assert name not in text(Settings(data_dir=tmp_path))


def test_every_refusal_counts_whether_it_is_printed_or_not(caplog: pytest.LogCaptureFixture) -> None:
    before, refusals = counted().get(("refusal", False), 0), Refusals(most=3, seconds=60)
    with caplog.at_level("INFO", "portalkompass"):
        for _ in range(10):
            refusals.note("ohne Anmeldung", {"type": "http", "path": "/", "client": ("10.0.0.1", 1)})
        refusals.flush()
    assert counted()[("refusal", False)] == before + 10
    told = [record.getMessage() for record in caplog.records]
    assert told == ["Zugriff abgewiesen: ohne Anmeldung"] * 3 + [
        "Weitere Zugriffe ohne Anmeldung abgewiesen: 7"
    ]
