"""A real workspace, seeded from two small files; once in a SQLite file and once on a PostgreSQL server."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from portalkompass.workspace import Shipped, Workspace, close_workspace, open_workspace
from tests.postgresql import new_database, postgresql_server

__all__ = ["postgresql_server"]

LINKS = """target;service_id;service_name;source;match;pattern;share;note
leistung;hundesteuer;;url;contains;hundesteuer;;
keine_leistung;;;url;prefix;/amt/;;Seiten der Ämter
"""
NOTES = """key;date;end_date;label;sentence;scope_site;scope_url;kind;source
relaunch;2024-07-09;;Relaunch;Neuer Auftritt.;;;portal;Presse
num100;2025-09-10;2025-09-14;num=100 entfällt;Weniger Impressionen.;;;google;Hilfe
"""


@pytest.fixture
def shipped(tmp_path: Path) -> Shipped:
    files = Shipped(tmp_path / "service_links.csv", tmp_path / "annotations.csv")
    files.links.write_text(LINKS, encoding="utf-8")
    files.annotations.write_text(NOTES, encoding="utf-8")
    return files


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{(tmp_path / 'data' / 'workspace.db').as_posix()}"


def _with_tables(url: str) -> str:
    nowhere = Path(os.devnull) / "nothing"
    open_workspace(url, Shipped(nowhere, nowhere))
    close_workspace(url)
    return url


@pytest.fixture(scope="session")
def file_with_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in its newest form without a row: the migrations take ten times as long as a copy of it."""
    path = tmp_path_factory.mktemp("tables") / "workspace.db"
    _with_tables(f"sqlite:///{path.as_posix()}")
    return path


@pytest.fixture(scope="session")
def database_with_tables(postgresql_server: int) -> str:
    """The same on the server: the name of the database."""
    return _with_tables(new_database(postgresql_server)).rpartition("/")[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[str]:
    """Nothing is there yet where a test opens the workspace itself."""
    opened = "workspace" in request.fixturenames
    if request.param == "sqlite":
        if opened:
            file = Path(sqlite_url.removeprefix("sqlite:///"))
            file.parent.mkdir()
            shutil.copy(request.getfixturevalue("file_with_tables"), file)
        yield sqlite_url
        return
    port = request.getfixturevalue("postgresql_server")
    address = (
        new_database(port, request.getfixturevalue("database_with_tables")) if opened else new_database(port)
    )
    yield address
    close_workspace(address)


@pytest.fixture
def workspace(url: str, shipped: Shipped) -> Workspace:
    return open_workspace(url, shipped)
