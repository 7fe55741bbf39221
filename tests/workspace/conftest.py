"""A real workspace, seeded from two small files; once in a SQLite file and once on a PostgreSQL server."""

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


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[str]:
    if request.param == "sqlite":
        yield sqlite_url
        return
    address = new_database(request.getfixturevalue("postgresql_server"))
    yield address
    close_workspace(address)


@pytest.fixture
def workspace(url: str, shipped: Shipped) -> Workspace:
    return open_workspace(url, shipped)
