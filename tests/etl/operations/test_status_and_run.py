"""Monitoring: stale data are said and told; a full or damaged disk leaves a sentence; logs are one line each."""

from __future__ import annotations

import datetime as dt
import json
import logging
from pathlib import Path

import pytest

from etl.operations.notify import notify
from etl.operations.status import Holding, holdings, stale
from portalkompass.logs import JsonLines
from portalkompass.settings import ROOT, Matomo, Notify, Operations, SearchConsole, Settings
from portalkompass.warehouse.snapshots import published
from tests.children import python
from tests.conftest import command, environment
from tests.operations.conftest import SITE, clicks, load_day
from tests.receivers import Hook, Mail, listening


def on_day(settings: Settings, day: dt.date, **sources: object) -> Settings:
    return settings.model_copy(update={"today": day, **sources})


def test_data_are_stale_only_when_older_than_the_setting(settings: Settings) -> None:
    load_day(settings, dt.date(2025, 1, 1), 10)
    found = holdings(settings)
    assert stale(found, on_day(settings, dt.date(2025, 1, 6))) == []
    assert stale(found, on_day(settings, dt.date(2025, 1, 7))) == [
        "Daten: letzter Tag 01.01.2025, 6 Tage alt; erlaubt sind 5."
    ]


def test_a_clock_set_back_is_said_not_taken_for_fresh(settings: Settings) -> None:
    load_day(settings, dt.date(2025, 1, 9), 10)
    (sentence,) = stale(holdings(settings), on_day(settings, dt.date(2025, 1, 1)))
    assert "bitte die Uhr prüfen" in sentence


def test_every_configured_source_must_be_fresh_by_itself(settings: Settings) -> None:
    console, matomo = SearchConsole(site=SITE), Matomo(url="https://matomo.example/")
    both = on_day(settings, dt.date(2025, 1, 3), search_console=console, matomo=matomo)
    day = dt.date(2025, 1, 1)
    search = Holding("search_console", SITE, "web", "search_site_day", day, day, 1, 0, 0, 0)
    assert stale([search], both) == ["Matomo: noch nichts geladen."]


def test_the_list_of_services_does_not_make_old_figures_fresh(settings: Settings) -> None:
    day = dt.date(2025, 1, 1)
    ozg = Holding("ozg", "", "", "service_status_history", day, day, 17, 0, 0, 0)
    assert stale([ozg], on_day(settings, day)) == ["Daten: noch nichts geladen."]


def told(settings: Settings, **ways: object) -> Settings:
    operations = Operations(notify=Notify(**ways))  # type: ignore[arg-type]
    return settings.model_copy(update={"operations": operations})


def test_a_failed_run_is_told_by_mail_and_webhook(settings: Settings) -> None:
    with listening(Mail) as (smtp, mails), listening(Hook) as (http_port, posts):
        city = told(
            settings,
            mail_to=("it@stadt.example",),
            smtp_host="127.0.0.1",
            smtp_port=smtp,
            smtp_security="none",
            webhook=f"http://127.0.0.1:{http_port}/hook",
        )
        assert notify(city, "run", "Matomo antwortet nicht.") == []
    assert len(mails) == 1
    assert "To: it@stadt.example" in str(mails[0])
    assert [post["text"] for post in posts] == ["Portalkompass: Matomo antwortet nicht."]  # type: ignore[index]


def test_ways_that_fail_are_said_without_address_or_secret(settings: Settings, tmp_path: Path) -> None:
    city = told(
        settings,
        mail_to=("it@stadt.example",),
        smtp_host="127.0.0.1",
        smtp_port=1,
        webhook="http://hooks.example/geheim",
    )
    faults = notify(city, "run", "x")
    assert len(faults) == 2
    assert "geheim" not in " ".join(faults)


def test_a_webhook_is_not_followed_elsewhere(settings: Settings) -> None:
    with listening(Hook) as (port, posts):
        faults = notify(told(settings, webhook=f"http://127.0.0.1:{port}/away"), "run", "x")
    assert len(posts) == 1
    assert len(faults) == 1


def test_the_command_leaves_with_1_tells_the_webhook_and_writes_a_json_line(settings: Settings) -> None:
    load_day(settings, dt.date(2025, 1, 1), 10)
    with listening(Hook) as (port, posts):
        done = command(
            settings.data_dir,
            "etl",
            "status",
            "--check",
            PORTALKOMPASS_OPERATIONS__LOG="json",
            PORTALKOMPASS_OPERATIONS__NOTIFY__WEBHOOK=f"http://127.0.0.1:{port}/",
        )
    assert done.returncode == 1
    sentence, line = done.stderr.strip().splitlines()
    assert sentence == "Daten: letzter Tag 01.01.2025, 350 Tage alt; erlaubt sind 5."
    entry = json.loads(line)
    assert (entry["message"], entry["command"], entry["exit_code"]) == (sentence, "status --check", 1)
    assert [post["command"] for post in posts] == ["status --check"]  # type: ignore[index]


def test_fresh_data_leave_with_0(settings: Settings) -> None:
    load_day(settings, dt.date(2025, 12, 15), 10)
    done = command(settings.data_dir, "etl", "status", "--check")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_text_with_line_ends_stays_one_line_of_the_log() -> None:
    record = logging.LogRecord("etl", logging.ERROR, "", 0, "a\nb %s", ("c\r\nd",), None)
    record.fields = {"rows": 3, "message": "forged"}
    (line,) = JsonLines().format(record).splitlines()
    assert json.loads(line)["message"] == "a\ufffdb c\ufffd\ufffdd"
    assert json.loads(line)["rows"] == 3


LIMITED = """
import resource, signal, sys
from etl.__main__ import main
limit = int(sys.argv.pop(1))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
main()
"""


@pytest.mark.parametrize("limit", [0, 100_000, 1_000_000])
def test_a_load_on_a_full_disk_leaves_a_sentence_and_the_published_state(
    settings: Settings, limit: int
) -> None:
    load_day(settings, dt.date(2025, 1, 1), 10)
    before = published(settings.warehouse_dir)
    load = ["-c", LIMITED, str(limit), "import", str(ROOT / "data" / "ozg_services.csv")]
    done = python(load, environment(settings.data_dir))
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert published(settings.warehouse_dir) == before
    assert clicks(settings) == 10
    load_day(settings, dt.date(2025, 1, 2), 5)
    assert clicks(settings) == 15


@pytest.mark.parametrize("arguments", [["status"], ["verify"], ["import", "data/ozg_services.csv"]])
def test_a_damaged_snapshot_is_said_with_the_command_that_helps(
    settings: Settings, arguments: list[str]
) -> None:
    load_day(settings, dt.date(2025, 1, 1), 10)
    load_day(settings, dt.date(2025, 1, 2), 5)
    snapshot = published(settings.warehouse_dir)
    assert snapshot
    snapshot.path.write_bytes(b"damaged" * 5000)
    done = command(settings.data_dir, "etl", *arguments)
    assert done.returncode == 1
    assert "rollback" in done.stderr
    assert "Traceback" not in done.stderr
    assert command(settings.data_dir, "etl", "rollback").returncode == 0
    assert clicks(settings) == 10
