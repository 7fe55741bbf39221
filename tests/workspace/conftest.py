"""A real workspace in a temporary SQLite file, seeded from two small files."""

from pathlib import Path

import pytest

from portalkompass.workspace import Shipped, Workspace, open_workspace

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
def url(tmp_path: Path) -> str:
    return f"sqlite:///{(tmp_path / 'data' / 'workspace.db').as_posix()}"


@pytest.fixture
def workspace(url: str, shipped: Shipped) -> Workspace:
    return open_workspace(url, shipped)
