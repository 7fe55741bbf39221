"""A small city: two loads, a workspace with a few rows, one data file of its own."""

from __future__ import annotations

import atexit
import datetime as dt
import shutil
import tempfile
from pathlib import Path

import duckdb
import pytest
import sqlalchemy as sa

from etl.store.publish import draft
from portalkompass import workspace
from portalkompass.operations import back_up
from portalkompass.operations.workspace_copy import TABLES
from portalkompass.settings import Settings
from portalkompass.warehouse.snapshots import history, published
from tests.postgresql import new_database, postgresql_server

__all__ = ["postgresql_server"]

SITE = "sc-domain:stadt.example"


@pytest.fixture(params=["sqlite", "postgresql"])
def city(request: pytest.FixtureRequest, settings: Settings) -> Settings:
    """Once with a SQLite file and once on a PostgreSQL server."""
    if request.param == "postgresql":
        url = new_database(request.getfixturevalue("postgresql_server"))
        settings = settings.model_copy(update={"workspace": url})
    return filled(settings)


@pytest.fixture
def server_city(settings: Settings, postgresql_server: str) -> Settings:
    return filled(settings.model_copy(update={"workspace": new_database(postgresql_server)}))


@pytest.fixture
def small_city(settings: Settings) -> Settings:
    return filled(settings)


def filled(settings: Settings) -> Settings:
    """Two loads, rows in the workspace, a data file: a copy of what this process made once, but for a server's rows."""
    shutil.copytree(_template(settings) / "data", settings.data_dir)
    if settings.workspace:
        (settings.data_dir / "workspace.db").unlink()
        _write(settings)
    return settings


def saved(settings: Settings, target: Path) -> Path:
    """An archive of a city that was filled and nothing else; made once, since they are all the same."""
    archive = _template(settings) / "city.zip"
    if not archive.exists():
        back_up(_inside(archive.parent, settings), archive)
    shutil.copy(archive, target)
    return target


def _template(settings: Settings) -> Path:
    """A folder with the data of a city that has such settings."""
    kind = settings.model_dump_json(exclude={"data_dir", "workspace"})
    if kind not in _made:
        _made[kind] = Path(tempfile.mkdtemp(prefix="city-"))
        atexit.register(shutil.rmtree, _made[kind], ignore_errors=True)
        city = _inside(_made[kind], settings)
        load_day(city, dt.date(2025, 1, 1), 10)
        load_day(city, dt.date(2025, 1, 2), 5)
        _write(city)
        (city.data_dir / "criteria.toml").write_text("# eigene Kriterien\n", encoding="utf-8")
        workspace.close_workspace(city.workspace_url)
    return _made[kind]


def _inside(folder: Path, settings: Settings) -> Settings:
    return settings.model_copy(update={"data_dir": folder / "data", "warehouse": "", "workspace": ""})


_made: dict[str, Path] = {}


def load_day(settings: Settings, day: dt.date, clicks: int) -> None:
    with draft(settings) as connection:
        connection.execute(
            "INSERT INTO search_site_day VALUES (?, 'web', ?, 100, ?, 0.0, 'api')", [SITE, day, clicks]
        )


def write_note(settings: Settings, label: str) -> None:
    workspace.add_annotation(
        workspace.workspace_of(settings),
        workspace.Annotation(
            date=dt.date(2025, 1, 1), label=label, sentence=f"{label} war an diesem Tag.", kind="portal"
        ),
        "Ada",
    )


def _write(settings: Settings) -> None:
    write_note(settings, "Relaunch")
    write_reports_and_plan(settings)


def write_reports_and_plan(settings: Settings) -> None:
    """A report that was delivered with two pages, the next one that carries them along, and a scenario's plan."""
    there = workspace.workspace_of(settings)
    head = workspace.Report("Ausschuss März", SITE, committee="Digitalausschuss", session=dt.date(2025, 3, 6))
    text = {"headline": "Wartezeiten", "points": "kürzer\nfrüher", "day": dt.date(2025, 2, 28)}
    report = workspace.create_report(there, head, ["top_pages"], "Ada", [text])
    first, second = workspace.pages_of(there, report.id)
    cover = {"cover": {"title": "Sachstand Bürgerbüro", "facts": []}}
    made = {first.id: "TWFyejogNTAgS2xpY2tz", second.id: "V2FydGV6ZWl0ZW4="}
    report = workspace.deliver_report(there, report, made, cover, "Ada")
    workspace.next_report(there, report, workspace.Report("Ausschuss Juni", SITE), "Olaf")
    plan = {
        "services": {"hundesteuer": {"effort": {"it": 12.5}, "after": ["wohngeld"]}},
        "start": "2026-01-01",
    }
    workspace.save_scenario(there, workspace.Scenario("Klausur", weights={"clicks": 0.5}, plan=plan), "Ada")


def labels(settings: Settings) -> set[str]:
    return {note.label for note in workspace.annotations(workspace.workspace_of(settings))}


def clicks(settings: Settings) -> int:
    snapshot = published(settings.warehouse_dir)
    if snapshot is None:
        return 0
    with duckdb.connect(snapshot.path, read_only=True) as connection:
        return int(
            connection.execute("SELECT coalesce(sum(clicks), 0) FROM search_site_day").fetchall()[0][0]
        )


def rows(settings: Settings) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the workspace but for revisions and the audit, which a restore moves on."""
    with workspace.workspace_of(settings).reading() as connection:
        return {
            table.name: sorted(tuple(map(str, row)) for row in connection.execute(sa.select(table)))
            for table in TABLES
            if table.name not in {"meta", "audit"}
        }


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def snapshots_of(settings: Settings) -> list[str]:
    return [one.name for one in history(settings.warehouse_dir)]
