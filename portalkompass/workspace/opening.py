"""``open_workspace``: the tables upgraded, the shipped rows taken over, one engine per URL and process."""

import contextlib
import datetime as dt
import hashlib
import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import Connection

from portalkompass import german
from portalkompass.settings import SHIPPED_DATA, Settings
from portalkompass.workspace import notes
from portalkompass.workspace.links.service_links import shipped_rows as shipped_links
from portalkompass.workspace.self_audits import take_over_audits
from portalkompass.workspace.storage.database import (
    BUSY_SECONDS,
    Workspace,
    bump,
    connect,
    note,
    sqlite_file,
    upgrade,
)
from portalkompass.workspace.storage.errors import WorkspaceDamaged, WorkspaceError
from portalkompass.workspace.storage.shipped import is_seeded, take_over
from portalkompass.workspace.storage.tables import annotations, self_audits, service_links


@dataclass(frozen=True, slots=True)
class Shipped:
    """The files that seed a workspace."""

    links: Path = SHIPPED_DATA / "service_links.csv"
    annotations: Path = SHIPPED_DATA / "annotations.csv"
    audits: Path | None = None
    """Self-audits of the sample data; a real workspace begins without."""


@dataclass(frozen=True, slots=True)
class _Opened:
    workspace: Workspace
    file: tuple[int, int] | None  # device and inode of the SQLite file that the engine holds


_open: dict[tuple[str, Shipped], _Opened] = {}
_turn = threading.Lock()


def open_workspace(url: str, shipped: Shipped | None = None) -> Workspace:
    """The workspace at a SQLAlchemy URL, ready to use; opened once per URL and process.

    A missing SQLite file (and its folder) is created. Tables are upgraded to the newest form and
    shipped rows taken over (see ``shipped``) in one transaction; openers at the same time, in this
    process or another, wait for each other. A SQLite file that was replaced or deleted since is opened
    anew.

    Raises:
        WorkspaceDamaged: the SQLite file is damaged; it is checked whole before anything is read from it.
        WorkspaceError: the URL or a shipped file cannot be used, the database cannot be reached, or
            a newer release has written it.
    """
    key = (url, shipped or Shipped())
    with _turn:
        opened = _open.get(key)
        if opened and opened.file == _file_identity(opened.workspace):
            return opened.workspace
        if opened:
            opened.workspace.engine.dispose()
        workspace = _opened(url, key[1])
        _open[key] = _Opened(workspace, _file_identity(workspace))
        return workspace


def close_workspace(url: str) -> None:
    """Give the connections of a URL back; it is opened anew when it is asked for again."""
    with _turn:
        for key in [key for key in _open if key[0] == url]:
            _open.pop(key).workspace.engine.dispose()


def workspace_of(settings: Settings) -> Workspace:
    """The workspace of the settings; files of the data folder go before the shipped ones."""
    audits = settings.data_dir / "self_audits.csv" if settings.demo else None
    shipped = Shipped(settings.data_file("service_links.csv"), settings.data_file("annotations.csv"), audits)
    try:
        return open_workspace(settings.workspace_url, shipped)
    except WorkspaceDamaged as fault:
        raise WorkspaceDamaged(f"{fault} {_way_back(settings)}") from None


def _way_back(settings: Settings) -> str:
    """The newest backup and the command that brings it back; archives get their name only when they are whole."""
    folder = settings.operations.backup_dir
    archives = sorted(Path(folder).glob("portalkompass-*.zip")) if folder else []
    if not archives:
        return "Bitte die letzte Sicherung mit „python -m portalkompass restore DATEI“ zurückspielen."
    newest = archives[-1]
    made = dt.datetime.fromtimestamp(newest.stat().st_mtime).astimezone()
    return (
        f"Letzter guter Stand: Sicherung vom {made:%d.%m.%Y, %H:%M} Uhr. Zurückspielen mit "
        f"„python -m portalkompass restore {newest}“; die beschädigte Datei wird beiseitegelegt."
    )


def _opened(url: str, shipped: Shipped) -> Workspace:
    engine = connect(url)
    try:
        if file := sqlite_file(url):
            file.parent.mkdir(parents=True, exist_ok=True)
            _must_be_whole(file)
        upgrade(engine, lambda connection: _seed(connection, shipped))
    except OSError:
        raise WorkspaceError(
            "Der Ordner des Arbeitsbereichs lässt sich nicht anlegen oder lesen. Bitte Ort und Rechte prüfen."
        ) from None
    except BaseException:
        engine.dispose()
        raise
    return Workspace(url, engine)


def _must_be_whole(path: Path) -> None:
    """SQLite's own check of every page and index; a file that is not there yet is none."""
    if not path.exists() or not path.stat().st_size:
        return
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as connection:
            fault = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            return  # busy or not readable: opening it says so
        fault = str(error)
    if fault != "ok":
        reason = fault.partition("\n")[0]
        raise WorkspaceDamaged(f"Der Arbeitsbereich ist nicht erreichbar, beschädigt: {reason}.")


def _seed(connection: Connection, shipped: Shipped) -> None:
    """Take each shipped file over unless exactly this one was before; a missing file changes nothing."""
    for path, table, read in (
        (shipped.links, service_links, shipped_links),
        (shipped.annotations, annotations, notes.shipped_rows),
    ):
        if not path.is_file():
            continue
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if is_seeded(connection, table, digest):
            continue
        if changed := take_over(connection, table, digest, read(path)):
            bump(connection, links=table is service_links)
            detail = f"{path.name}: {german.count(changed, 'Zeile', 'Zeilen')}"
            note(connection, "", "Auslieferungsstand übernommen", detail)
    _seed_audits(connection, shipped.audits)


def _seed_audits(connection: Connection, path: Path | None) -> None:
    """The answers of the sample data, once: what people make of them is theirs."""
    if path is None or not path.is_file() or is_seeded(connection, self_audits):
        return
    if count := take_over_audits(connection, path):
        bump(connection, links=False)
        detail = f"{path.name}: {german.count(count, 'Zeile', 'Zeilen')}"
        note(connection, "", "Beispieldaten übernommen", detail)


def _file_identity(workspace: Workspace) -> tuple[int, int] | None:
    """Device and inode of the SQLite file; None for other databases, and for a file that is gone."""
    file = sqlite_file(workspace.url)
    if file is None:
        return None
    try:
        state = file.stat()
    except OSError:
        return (0, 0)
    return (state.st_dev, state.st_ino)
