"""Nothing keeps a planned restore from being finished, and one that was interrupted never undoes later work."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from portalkompass import workspace
from portalkompass.operations import SafekeepingError, back_up, check, finish_pending, restore
from portalkompass.operations.restore import is_pending
from portalkompass.operations.restore_plan import PLAN, STAGE, prepare
from portalkompass.settings import Settings
from portalkompass.workspace.storage.database import connect
from tests.operations.conftest import clicks, files, labels, load_day, rows, saved, write_note


def one_revision_ahead(settings: Settings) -> None:
    """What a release later than this one leaves: a migration and a column that nobody here knows."""
    workspace.close_workspace(settings.workspace_url)
    engine = connect(settings.workspace_url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(sa.text("ALTER TABLE annotations ADD COLUMN colour TEXT"))
        connection.execute(sa.text("UPDATE meta SET revision = revision + 40"))
    engine.dispose()


def test_a_newer_workspace_makes_way_and_stays_whole(small_city: Settings, tmp_path: Path) -> None:
    saved(small_city, tmp_path / "stand.zip")
    before = rows(small_city)
    write_note(small_city, "Danach")
    revision = workspace.workspace_of(small_city).revision()
    one_revision_ahead(small_city)
    with pytest.raises(workspace.WorkspaceError, match="neueren Version"):
        workspace.workspace_of(small_city)
    done = restore(small_city, tmp_path / "stand.zip")
    assert rows(small_city) == before
    assert workspace.workspace_of(small_city).revision() > revision + 40
    with closing(sqlite3.connect(done.aside / "abgeloest-workspace.db")) as kept:
        assert ("Danach",) in kept.execute("SELECT label FROM annotations").fetchall()
        assert kept.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]
    assert not is_pending(small_city)


def test_a_newer_workspace_on_a_server_is_refused_before_anything_changes(
    server_city: Settings, tmp_path: Path
) -> None:
    city = server_city
    back_up(city, tmp_path / "stand.zip")
    load_day(city, dt.date(2025, 1, 3), 100)
    one_revision_ahead(city)
    before = files(city.data_dir), clicks(city)
    for _ in range(2):
        with pytest.raises(SafekeepingError, match="leere Datenbank"):
            restore(city, tmp_path / "stand.zip")
    assert (files(city.data_dir), clicks(city)) == before
    assert not finish_pending(city)


def test_an_archive_with_a_newer_workspace_is_refused(small_city: Settings, tmp_path: Path) -> None:
    one_revision_ahead(small_city)
    with pytest.raises(SafekeepingError, match="neueren Version"):
        back_up(small_city, tmp_path / "stand.zip")
    assert not (tmp_path / "stand.zip").exists()


def test_as_saved_leaves_the_workspace_in_the_form_of_its_day(small_city: Settings, tmp_path: Path) -> None:
    """Tables of an earlier release (0004 had no measures of an annotation) come back as that release knows them."""
    workspace.close_workspace(small_city.workspace_url)
    with closing(sqlite3.connect(small_city.data_dir / "workspace.db")) as connection, connection:
        for column in ("measures", "device", "search_type"):
            connection.execute(f"ALTER TABLE annotations DROP COLUMN {column}")
        for column in ("moved", "assessments"):
            connection.execute(f"ALTER TABLE ballots DROP COLUMN {column}")
        connection.execute("ALTER TABLE voting_rounds DROP COLUMN assessing")
        connection.execute("ALTER TABLE scenarios DROP COLUMN plan")
        for table in (
            "page_moves",
            "deliveries",
            "tracked_queries",
            "sheet_drafts",
            "report_pages",
            "reports",
            "agendas",
            "remarks",
            "promises",
            "self_audits",
            "typed_drafts",
        ):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("UPDATE alembic_version SET version_num = '0004'")
    back_up(small_city, tmp_path / "stand.zip")
    write_note(small_city, "Danach")  # opens, and so brings up to the newest form
    revision = workspace.workspace_of(small_city).revision()
    workspace.close_workspace(small_city.workspace_url)
    restore(small_city, tmp_path / "stand.zip", as_saved=True)
    with closing(sqlite3.connect(small_city.data_dir / "workspace.db")) as back:
        assert back.execute("SELECT version_num FROM alembic_version").fetchall() == [("0004",)]
        assert back.execute("SELECT revision FROM meta").fetchone()[0] > revision
        assert ("Danach",) not in back.execute("SELECT label FROM annotations").fetchall()
    assert "Relaunch" in labels(small_city)


def test_an_archive_without_workspace_leaves_no_mixed_state(city: Settings, tmp_path: Path) -> None:
    before_any = city.model_copy(update={"workspace": f"sqlite:///{tmp_path / 'none.db'}"})
    back_up(before_any, tmp_path / "ohne.zip")
    load_day(city, dt.date(2025, 1, 3), 100)
    revision = workspace.workspace_of(city).revision()
    done = restore(city, tmp_path / "ohne.zip")
    assert done.without_workspace
    assert clicks(city) == 15
    assert "Relaunch" not in labels(city)
    assert workspace.workspace_of(city).revision() > revision
    with closing(sqlite3.connect(done.aside / "workspace.db")) as kept:
        assert ("Relaunch",) in kept.execute("SELECT label FROM annotations").fetchall()


def test_an_archive_without_snapshots_takes_them_away(small_city: Settings, tmp_path: Path) -> None:
    elsewhere = small_city.model_copy(update={"warehouse": str(tmp_path / "none")})
    back_up(elsewhere, tmp_path / "ohne.zip")
    done = restore(small_city, tmp_path / "ohne.zip")
    assert clicks(small_city) == 0
    assert len(list((done.aside / "warehouse").glob("*.duckdb"))) == 2
    load_day(small_city, dt.date(2025, 1, 4), 3)
    assert clicks(small_city) == 3


@pytest.mark.parametrize("work", ["note", "load"])
def test_an_interrupted_restore_is_never_finished_over_newer_work(
    city: Settings, tmp_path: Path, work: str
) -> None:
    back_up(city, tmp_path / "alt.zip")
    prepare(city, tmp_path / "alt.zip")
    if work == "note":
        write_note(city, "Danach")
    else:
        load_day(city, dt.date(2025, 1, 3), 100)
    before = rows(city), clicks(city)
    told = finish_pending(city)
    assert "seitdem wurde weitergearbeitet" in told
    assert (rows(city), clicks(city)) == before
    assert not is_pending(city)
    assert not finish_pending(city)
    assert list(city.data_dir.glob("vor-rueckspielung-*/nicht-zurueckgespielt/plan.json"))
    restore(city, tmp_path / "alt.zip")
    assert "Danach" not in labels(city)
    assert clicks(city) == 15


def test_a_plan_of_another_release_or_without_its_files_is_laid_aside(
    small_city: Settings, tmp_path: Path
) -> None:
    saved(small_city, tmp_path / "alt.zip")
    write_note(small_city, "Danach")
    before = rows(small_city), clicks(small_city)
    stage = small_city.data_dir / STAGE
    for change, reason in (
        ({"format": 0}, "frühere Version"),
        ({"format": 2}, "neuere Version"),
        ({"aside": 7}, "nicht lesbar"),
        ({}, "fehlt"),
    ):
        prepare(small_city, tmp_path / "alt.zip")
        plan = json.loads((stage / PLAN).read_text(encoding="utf-8")) | change
        (stage / PLAN).write_text(json.dumps(plan), encoding="utf-8")
        if not change:
            shutil.rmtree(stage / "warehouse")
            for snapshot in small_city.warehouse_dir.glob("*.duckdb"):
                snapshot.rename(snapshot.with_suffix(".kept"))
        told = finish_pending(small_city)
        for kept in small_city.warehouse_dir.glob("*.kept"):
            kept.rename(kept.with_suffix(".duckdb"))
        assert reason in told
        assert told.count(". ") == 1
        assert (rows(small_city), clicks(small_city)) == before


def test_rows_that_the_database_will_not_take_are_found_before_the_plan(
    server_city: Settings, tmp_path: Path
) -> None:
    """SQLite keeps any text in a column of limited length; PostgreSQL refuses it, as the rehearsal finds out."""
    city = server_city
    other = city.model_copy(update={"workspace": f"sqlite:///{tmp_path / 'long.db'}"})
    write_note(other, "Kurz")
    workspace.close_workspace(other.workspace_url)
    with closing(sqlite3.connect(tmp_path / "long.db")) as connection, connection:
        connection.execute("INSERT INTO ended_logins VALUES (?, '2030-01-01 00:00:00.000000')", ["x" * 900])
    back_up(other, tmp_path / "long.zip")
    before = rows(city), clicks(city), files(city.data_dir)
    with pytest.raises(SafekeepingError, match="nimmt seine Zeilen nicht an"):
        restore(city, tmp_path / "long.zip")
    assert (rows(city), clicks(city), files(city.data_dir)) == before
    assert not is_pending(city)


def test_a_place_that_cannot_take_a_file_is_found_before_the_plan(
    small_city: Settings, tmp_path: Path
) -> None:
    saved(small_city, tmp_path / "stand.zip")
    (small_city.data_dir / "criteria.toml").unlink()
    (small_city.data_dir / "criteria.toml").mkdir()
    with pytest.raises(SafekeepingError, match=r"criteria\.toml ist ein Ordner"):
        restore(small_city, tmp_path / "stand.zip")
    blocked = small_city.model_copy(update={"warehouse": "/proc/nowhere"})
    with pytest.raises(SafekeepingError, match="nicht beschreibbar"):
        restore(blocked, tmp_path / "stand.zip")
    assert not is_pending(small_city)
    assert list(small_city.data_dir.glob("vor-rueckspielung-*")) == []
    assert check(tmp_path / "stand.zip", small_city).data_date == dt.date(2025, 1, 2)
