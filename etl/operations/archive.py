"""`python -m etl export DIR` and its way back: everything in open formats, for programs that are not there yet.

A Parquet file per table of the figures, the workspace as one SQLite file, the city's own lists, and ``schema.json``
that says what every table and column is and which digest every file has. Nothing in it needs this version of DuckDB.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import duckdb
from duckdb import DuckDBPyConnection as Connection

import portalkompass
from etl.errors import LoadError
from etl.reports import counted
from etl.store.clocks import give_hours_their_utc
from etl.store.load import transaction
from etl.store.publish import draft
from portalkompass import schema
from portalkompass.operations import SafekeepingError, workspace_copy
from portalkompass.operations.places import copy_bytes, data_files, room_for
from portalkompass.operations.restore_plan import must_be_writable, new_aside, rehearse
from portalkompass.settings import Settings
from portalkompass.warehouse.snapshots import move, published
from portalkompass.workspace import WorkspaceError
from portalkompass.workspace.storage.database import sqlite_file

SCHEMA = "schema.json"
PRODUCT, FORMAT = "portalkompass-archive", 1
WORKSPACE = "workspace.db"
_WRITTEN_BY_EVERY_LOAD = "warehouse_info"


def export(settings: Settings, folder: Path) -> str:
    """Write the published state and the workspace below a new or empty folder; what was done, in German.

    Raises:
        LoadError: nothing is published, the folder holds something, or the workspace cannot be read.
    """
    snapshot = published(settings.warehouse_dir)
    if snapshot is None:
        raise LoadError("Es ist noch nichts geladen, was ausgegeben werden könnte.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise LoadError(f"{folder} ist nicht leer; ein Archiv wird nie überschrieben.")
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    (part / "tables").mkdir(parents=True)
    try:
        with duckdb.connect(snapshot.path, read_only=True) as connection:
            tables = [_write_table(connection, table, part) for table in _present(connection)]
            version = connection.execute("SELECT version()").fetchall()[0][0]
        _copy_others(settings, part)
        described = {
            "product": PRODUCT,
            "format": FORMAT,
            "written_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "written_by": f"portalkompass {portalkompass.__version__}, DuckDB {version}",
            "snapshot": snapshot.name,
            "origin": settings.origin,
            "municipality": settings.city.municipality,
            "schema_version": schema.SCHEMA_VERSION,
            "tables": tables,
            "files": {path.relative_to(part).as_posix(): _digest(path) for path in _files(part)},
        }
        (part / SCHEMA).write_text(json.dumps(described, ensure_ascii=False, indent=1), encoding="utf-8")
        if folder.exists():
            folder.rmdir()
        move(part, folder)
    except (SafekeepingError, WorkspaceError) as fault:
        raise LoadError(str(fault)) from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    rows = sum(int(table["rows"]) for table in tables)
    return f"{folder}: {counted(len(tables), 'Tabelle', 'Tabellen')} mit {counted(rows, 'Zeile', 'Zeilen')}, {SCHEMA}."


def is_archive(path: Path) -> bool:
    """Whether a folder is one that ``export`` wrote."""
    try:
        described = json.loads((path / SCHEMA).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(described, dict) and described.get("product") == PRODUCT


def read_back(settings: Settings, folder: Path) -> str:
    """Load an archive where nothing is loaded and written yet; what was done, in German.

    Everything is checked before anything is written, and the figures are published last: where anything fails before,
    a disk that fills meanwhile, too, the workspace and the city's own files are taken out again. Own files with other
    content that stood here are laid aside, as a restore does.

    Raises:
        LoadError: the archive is damaged, newer or of the other kind of data, there are data here already, the room
            does not suffice, or its workspace will not go in. Nothing is changed then.
        OSError, duckdb.Error: the machine failed while it was written. Nothing is changed then, either.
    """
    described = json.loads((folder / SCHEMA).read_text(encoding="utf-8"))
    try:
        _must_fit(settings, folder, described)
        with tempfile.TemporaryDirectory(dir=settings.data_dir, prefix=".archive-") as made:
            scratch = Path(made)
            # A copy: the workspace is brought up to today's form, and the archive stays what its digests say.
            workspace = scratch / WORKSPACE
            if (folder / WORKSPACE).is_file():
                shutil.copyfile(folder / WORKSPACE, workspace)
                rehearse(settings, scratch)
            with ExitStack() as undo:
                rows, aside = _load(settings, folder, described, scratch, undo)
                undo.pop_all()  # published: all of it stays
    except (SafekeepingError, WorkspaceError) as fault:
        raise LoadError(str(fault)) from None
    kept = f" Eigene Dateien, die hier standen, liegen in {aside}." if aside else ""
    return f"{folder}: {counted(rows, 'Zeile', 'Zeilen')} zurückgelesen, Stand {described['snapshot']}.{kept}"


def _load(
    settings: Settings, folder: Path, described: dict[str, Any], scratch: Path, undo: ExitStack
) -> tuple[int, Path | None]:
    """Figures, the city's own files and the workspace; published when all of them are there.

    Rows of the figures, and the folder of the own files that stood here before, None without any.
    """
    rows = 0
    with draft(settings) as connection:
        with transaction(connection):
            for told in described["tables"]:
                rows += _read_table(connection, schema.TABLES[told["name"]], folder, told)
        give_hours_their_utc(connection)
        aside = _put_own_files(settings, folder, scratch, undo)
        if (scratch / WORKSPACE).is_file():
            undo.callback(workspace_copy.clear, settings.workspace_url)
            workspace_copy.copy_in(scratch / WORKSPACE, settings.workspace_url, folder.name)
    return rows, aside


def _put_own_files(settings: Settings, folder: Path, scratch: Path, undo: ExitStack) -> Path | None:
    """The archive's own files in their place, whole or not at all; the folder of those that stood there with others."""
    aside: Path | None = None
    (scratch / "data").mkdir()
    for path in sorted((folder / "data").glob("*")):
        own, new = settings.data_dir / path.name, scratch / "data" / path.name
        if own.is_file() and _digest(own) == _digest(path):
            continue
        shutil.copyfile(path, new)
        if own.is_file():
            if aside is None:
                aside = new_aside(settings)
                undo.callback(aside.rmdir)
            undo.callback(move, aside / own.name, own)
            move(own, aside / own.name)
        elif not own.exists():
            undo.callback(own.unlink, missing_ok=True)
        move(new, own)
    return aside


def _must_fit(settings: Settings, folder: Path, described: dict[str, Any]) -> None:
    if described.get("format", 0) > FORMAT or described.get("schema_version", 0) > schema.SCHEMA_VERSION:
        raise LoadError("Das Archiv stammt von einer neueren Version. Bitte Portalkompass aktualisieren.")
    if described.get("origin") != settings.origin:
        raise LoadError("Das Archiv enthält andere Daten als dieser Ordner (Beispieldaten oder echte).")
    if published(settings.warehouse_dir) is not None:
        raise LoadError(
            "Hier ist schon etwas geladen; ein Archiv wird nur in einen leeren Datenordner zurückgelesen."
        )
    found = workspace_copy.form_of(settings.workspace_url)
    if (folder / WORKSPACE).is_file():
        if (
            found.damaged or found.newer or found.revision
        ):  # at 0 there are tables that nobody has written into
            raise LoadError(
                "Hier gibt es schon einen Arbeitsbereich; ein Archiv wird nur ohne einen zurückgelesen."
            )
        theirs = workspace_copy.form_of_file(folder / WORKSPACE)
        if theirs.damaged:
            raise LoadError(f"Der Arbeitsbereich des Archivs ist beschädigt: {theirs.damaged}.")
        if theirs.newer:
            raise LoadError("Der Arbeitsbereich des Archivs stammt von einer neueren Version.")
    _must_have_room(settings, folder)
    for name, digest in described["files"].items():
        path = folder / name
        if ".." in Path(name).parts or not path.is_file() or _digest(path) != digest:
            raise LoadError(f"{name} fehlt im Archiv oder ist beschädigt.")
    if unknown := [table["name"] for table in described["tables"] if table["name"] not in schema.TABLES]:
        raise LoadError(f"Das Archiv hat eine Tabelle, die diese Version nicht kennt: {unknown[0]}.")


def _must_have_room(settings: Settings, folder: Path) -> None:
    """For the archive's bytes once, its workspace twice more: the copy to rehearse with, its log while it goes in."""
    workspace = folder / WORKSPACE
    size = sum(
        path.stat().st_size for path in [*_files(folder), *([workspace] * 2 if workspace.is_file() else [])]
    )
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    room_for(size, settings.data_dir)
    file = sqlite_file(settings.workspace_url)
    if file is not None and workspace.is_file():
        must_be_writable(file.parent)
        room_for(2 * workspace.stat().st_size, file.parent)


def _present(connection: Connection) -> Iterator[schema.Table]:
    names = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    return (
        table
        for table in schema.TABLES.values()
        if table.name in names and table.name != _WRITTEN_BY_EVERY_LOAD
    )


def _write_table(connection: Connection, table: schema.Table, part: Path) -> dict[str, Any]:
    file = part / "tables" / f"{table.name}.parquet"
    present = {row[0] for row in connection.execute(f'DESCRIBE "{table.name}"').fetchall()}
    columns = [column for column in table.columns if column.name in present]
    chosen = ", ".join(f'"{column.name}"' for column in columns)
    copied = connection.execute(
        f"COPY (SELECT {chosen} FROM \"{table.name}\" ORDER BY ALL) TO '{_quoted(file)}' (FORMAT parquet)"
    ).fetchall()
    return {
        "name": table.name,
        "row": table.row,
        "rows": copied[0][0],
        "columns": [
            {"name": column.name, "type": column.type, "description": column.description}
            for column in columns
        ],
    }


def _read_table(connection: Connection, table: schema.Table, folder: Path, told: dict[str, Any]) -> int:
    known = {column.name: column.type for column in table.columns}
    names = [column["name"] for column in told["columns"] if column["name"] in known]
    into = ", ".join(f'"{name}"' for name in names)
    cast = ", ".join(f'CAST("{name}" AS {known[name]})' for name in names)
    file = _quoted(folder / "tables" / f"{table.name}.parquet")
    for column in table.columns:
        if column.key and column.name not in names:  # an archive of an older version; see `etl.store.clocks`
            connection.execute(f'ALTER TABLE "{table.name}" ALTER COLUMN "{column.name}" DROP NOT NULL')
    loaded = connection.execute(
        f"INSERT INTO \"{table.name}\" ({into}) SELECT {cast} FROM read_parquet('{file}')"
    ).fetchall()
    if loaded[0][0] != told["rows"]:
        raise LoadError(f"{table.name} hat im Archiv {loaded[0][0]} statt {told['rows']} Zeilen.")
    return int(loaded[0][0])


def _copy_others(settings: Settings, part: Path) -> None:
    workspace_copy.copy_out(settings.workspace_url, part / WORKSPACE)
    own = data_files(settings)
    if own:
        (part / "data").mkdir()
    for path in own:
        shutil.copyfile(path, part / "data" / path.name)


def _files(part: Path) -> list[Path]:
    return sorted(path for path in part.rglob("*") if path.is_file())


def _digest(path: Path) -> str:
    with path.open("rb") as source, Path(os.devnull).open("wb") as nowhere:
        return copy_bytes(source, nowhere)[1]


def _quoted(path: Path) -> str:
    return path.as_posix().replace("'", "''")
