import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from portalkompass.settings import Settings
from portalkompass.workspace import (
    Action,
    SavedView,
    ServiceLink,
    Shipped,
    Workspace,
    WorkspaceError,
    add_link,
    close_workspace,
    keep,
    links,
    open_workspace,
    workspace_of,
)
from portalkompass.workspace.storage import database
from portalkompass.workspace.storage.tables import metadata
from tests.children import pythons

OPEN_AND_WRITE = """
import sys
from pathlib import Path
from portalkompass.workspace import ServiceLink, Shipped, add_link, open_workspace
url, first, second, number = sys.argv[1:]
workspace = open_workspace(url, Shipped(Path(first), Path(second)))
add_link(workspace, ServiceLink("leistung", "url", "exact", f"/p/{number}", service_id="a"), "kind")
"""


def test_the_migrations_lead_to_exactly_the_tables_of_the_code(workspace: Workspace) -> None:
    with workspace.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_database_waits_and_keeps_its_references(sqlite_url: str, shipped: Shipped) -> None:
    workspace = open_workspace(sqlite_url, shipped)
    with workspace.reading() as connection:
        found = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        ]
    assert found == ["wal", 1, 30_000]


def test_opening_again_gives_the_same_engine_and_seeds_nothing(url: str, shipped: Shipped) -> None:
    first = open_workspace(url, shipped)
    assert first.revision() == 2  # one seeding of links, one of annotations
    second = open_workspace(url, shipped)
    assert second is first
    assert second.revision() == 2


def test_a_deleted_file_is_made_anew_without_restart(
    sqlite_url: str, shipped: Shipped, tmp_path: Path
) -> None:
    first = open_workspace(sqlite_url, shipped)
    add_link(first, ServiceLink("leistung", "url", "exact", "/x", service_id="a"), "anna")
    for file in (tmp_path / "data").iterdir():
        file.unlink()
    assert [link.pattern for link in links(open_workspace(sqlite_url, shipped))] == ["hundesteuer", "/amt/"]


def test_twenty_threads_open_and_write_at_the_first_start(url: str, shipped: Shipped) -> None:
    def write(number: int) -> None:
        link = ServiceLink("leistung", "url", "exact", f"/p/{number}", service_id="a")
        add_link(open_workspace(url, shipped), link, f"sitzung {number}")

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(write, range(20)))
    workspace = open_workspace(url, shipped)
    assert len(links(workspace)) == 22
    assert workspace.revision() == 22


def test_processes_open_and_write_at_the_first_start(url: str, shipped: Shipped) -> None:
    command = ["-c", OPEN_AND_WRITE, url, str(shipped.links), str(shipped.annotations)]
    for done in pythons([[*command, str(number)] for number in range(5)], os.environ):
        assert (done.returncode, done.stderr) == (0, "")
    workspace = open_workspace(url, shipped)
    assert sorted(link.pattern for link in links(workspace)) == sorted(
        ["hundesteuer", "/amt/", *(f"/p/{number}" for number in range(5))]
    )
    assert workspace.revision() == 7


def test_a_failed_write_leaves_rows_revision_and_audit_alone(workspace: Workspace) -> None:
    before = workspace.revision(), workspace.links_revision()
    with pytest.raises(ZeroDivisionError), workspace.writing(Action.LINK, "anna", "Versuch"):
        raise ZeroDivisionError
    assert (workspace.revision(), workspace.links_revision()) == before
    with workspace.reading() as connection:
        count = connection.execute(sa.text("SELECT count(*) FROM audit WHERE what = 'Versuch'")).scalar()
    assert count == 0


def test_only_writes_to_links_raise_the_links_revision(workspace: Workspace) -> None:
    before = workspace.links_revision()
    keep(workspace, SavedView("Quartal", "rankings"), "anna")
    assert workspace.links_revision() == before
    add_link(workspace, ServiceLink("leistung", "url", "exact", "/x", service_id="a"), "anna")
    assert workspace.links_revision() == before + 1


def test_a_newer_database_is_refused_with_a_sentence(url: str, shipped: Shipped) -> None:
    workspace = open_workspace(url, shipped)
    with workspace.writing(Action.MAINTAIN, "", "künftige Version") as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    other = Shipped(shipped.links, shipped.annotations.with_name("keine.csv"))
    with pytest.raises(WorkspaceError, match="neueren Version"):
        open_workspace(url, other)


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("sqlite://", "braucht eine Datei"),
        ("keine-adresse", "prüfen"),
        ("nosuchdb://host/x", "prüfen"),
        ("sqlite:////proc/nicht/erlaubt.db", "lässt sich nicht anlegen"),
    ],
)
def test_an_unusable_address_is_one_german_sentence(address: str, sentence: str) -> None:
    with pytest.raises(WorkspaceError, match=sentence):
        open_workspace(address)


def test_a_file_that_is_no_database_is_one_german_sentence(tmp_path: Path) -> None:
    path = tmp_path / "workspace.db"
    path.write_text("Das ist ein Brief und keine Datenbank.\n" * 100, encoding="utf-8")
    with pytest.raises(WorkspaceError, match="nicht erreichbar, beschädigt"):
        open_workspace(f"sqlite:///{path.as_posix()}")


def test_a_password_never_reaches_the_error() -> None:
    with pytest.raises(WorkspaceError) as caught:
        open_workspace("nosuchdb://anna:geheim@host/x")
    assert "geheim" not in str(caught.value)


def test_files_of_the_data_folder_seed_before_the_shipped_ones(tmp_path: Path, shipped: Shipped) -> None:
    workspace = workspace_of(Settings(data_dir=tmp_path))
    assert [link.pattern for link in links(workspace)] == ["hundesteuer", "/amt/"]


def test_the_newest_migration_is_the_one_that_the_code_asks_for() -> None:
    config = Config()
    config.set_main_option("script_location", str(database._MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == database.NEWEST


def test_a_workspace_of_an_older_form_is_brought_to_the_newest_one(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'workspace.db'}"
    workspace = open_workspace(url)
    with workspace.engine.begin() as connection:
        for table in (
            "ended_logins",
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
            connection.execute(sa.text(f"DROP TABLE {table}"))
        for column in ("measures", "device", "search_type"):
            connection.execute(sa.text(f"ALTER TABLE annotations DROP COLUMN {column}"))
        for table, column in (
            ("ballots", "moved"),
            ("ballots", "assessments"),
            ("voting_rounds", "assessing"),
        ):
            connection.execute(sa.text(f"ALTER TABLE {table} DROP COLUMN {column}"))
        connection.execute(sa.text("ALTER TABLE scenarios DROP COLUMN plan"))
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0003'"))
    close_workspace(url)
    with open_workspace(url).reading() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM ended_logins")).scalar() == 0
        assert (
            connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() == database.NEWEST
        )
    close_workspace(url)
