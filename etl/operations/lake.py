"""`python -m etl lake DIR`: the published snapshot as partitioned Parquet for a distributed engine.

A partition is written only if its rows changed: its file is named by a fingerprint of them. New files are written
aside and moved in, then the manifest switches to them, then what it no longer names is removed. Killed at any
moment, the state that was published before stays whole, and the next run clears up.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from duckdb import DuckDBPyConnection as Connection
from filelock import FileLock, Timeout

from etl.console import Step
from etl.errors import LoadError
from etl.reports import counted
from portalkompass import schema
from portalkompass.schema import Table
from portalkompass.settings import Settings
from portalkompass.warehouse import lake
from portalkompass.warehouse.lake import MONTH, Lake
from portalkompass.warehouse.site_facts import read_facts
from portalkompass.warehouse.snapshots import Snapshot, move, published, sync
from portalkompass.workspace import ServiceLink, links, links_digest, resolve_all, workspace_of

ASIDE, LOCK = "_aside", ".lock"
ROW_GROUP = 100_000


@dataclass(frozen=True, slots=True)
class Written:
    """What a run changed: files written, files that stayed, files removed."""

    name: str
    new: int
    kept: int
    removed: int

    @property
    def sentence(self) -> str:
        """One German sentence for the person at the keyboard."""
        return (
            f"Lake mit Stand {self.name}: {counted(self.new, 'Datei', 'Dateien')} geschrieben, {self.kept} "
            f"unverändert, {self.removed} entfernt."
        )


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the lake: a whole table, or the rows of one property and month."""

    table: Table
    path: str
    site: str | None = None
    month: Any = None


def write_lake(settings: Settings, folder: Path, step: Step | None = None) -> Written:
    """Bring the lake in step with the published snapshot and the workspace's links.

    Raises:
        LoadError: nothing was loaded yet, another run is at it, or the folder holds something else.
    """
    snapshot = published(settings.warehouse_dir)
    if snapshot is None:
        raise LoadError("Es ist noch nichts geladen, woraus ein Lake entstehen könnte.")
    with _only_writer(folder, settings.writer_wait_seconds), _open(snapshot) as connection:
        service_links = links(workspace_of(settings))
        _resolved_links(connection, service_links)
        info = dict(connection.execute("SELECT name, value FROM warehouse_info").fetchall())
        _refuse_foreign(folder, info["origin"])
        tables = _held(connection)
        parts = [part for table in tables for part in _parts(connection, table)]
        new = _write(connection, folder, parts, step)
        state = _state(connection, snapshot, info, links_digest(service_links), tables, parts)
        lake.publish(folder, state)
        return Written(state.name, new, len(parts) - new, _clear_up(folder, state))


@contextmanager
def _only_writer(folder: Path, wait: float) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / LOCK, timeout=wait):
            yield
    except Timeout:
        raise LoadError(
            f"In {folder} schreibt gerade ein anderer Lauf. Bitte später erneut versuchen."
        ) from None


@contextmanager
def _open(snapshot: Snapshot) -> Iterator[Connection]:
    """The snapshot read-only beside a memory database, in which the resolved links can be laid."""
    with duckdb.connect(":memory:") as connection:
        connection.execute(
            f"ATTACH '{str(snapshot.path).replace(chr(39), chr(39) * 2)}' AS house (READ_ONLY)"
        )
        connection.execute("USE house")
        yield connection


def _held(connection: Connection) -> list[Table]:
    """The lake's tables that the snapshot has: one of an older version may lack a newer table.

    Raises:
        LoadError: a table lacks a column.
    """
    query = "SELECT table_name, list(column_name) FROM duckdb_columns() GROUP BY table_name"
    there = dict(connection.execute(query).fetchall())
    present = [table for name, table in lake.tables().items() if name in there]
    if any(set(table.names) - set(there[table.name]) for table in present):
        raise LoadError(
            "Der veröffentlichte Stand wurde von einer älteren Version geschrieben. Bitte einmal laden "
            "(„python -m etl run“), dann passt er."
        )
    return present


def _resolved_links(connection: Connection, service_links: list[ServiceLink]) -> None:
    """The tables of ``schema.LINK_TABLES``, property by property."""
    made: dict[str, list[pa.Table]] = {name: [] for name in schema.LINK_TABLES}
    for (site,) in connection.execute("SELECT site FROM sites ORDER BY site").fetchall():
        urls = _texts(connection, "SELECT url FROM pages WHERE site = ?", site)
        queries = _texts(connection, "SELECT DISTINCT query FROM search_page_query_day WHERE site = ?", site)
        for name, frame in resolve_all(urls, queries, service_links).items():
            made[name].append(pa.Table.from_pandas(frame.assign(site=site), preserve_index=False))
    for name, table in schema.LINK_TABLES.items():
        connection.execute(table.ddl().replace("CREATE TABLE IF NOT EXISTS", "CREATE TEMP TABLE"))
        for rows in made[name]:
            connection.register("resolved", rows)
            connection.execute(f"INSERT INTO {name} BY NAME SELECT * FROM resolved")
            connection.unregister("resolved")


def _texts(connection: Connection, query: str, site: str) -> list[str]:
    return [row[0] for row in connection.execute(query, [site]).fetchall()]


def _refuse_foreign(folder: Path, origin: str) -> None:
    """Files that are none of ours are never removed, and sample data never take the place of real ones."""
    ours = {*lake.tables(), lake.MANIFEST, f"{lake.MANIFEST}.new", ASIDE, LOCK}
    foreign = sorted(entry.name for entry in folder.iterdir() if entry.name not in ours)
    if foreign:
        raise LoadError(f"Im Ordner {folder} liegt anderes ({foreign[0]}). Bitte einen leeren Ordner nennen.")
    try:
        earlier = lake.published(folder)
    except lake.LakeError:
        return
    if earlier is not None and earlier.origin != origin:
        kinds = {"live": "echte Daten", "demo": "Beispieldaten"}
        raise LoadError(
            f"Im Lake {folder} liegen {kinds[earlier.origin]}. Bitte einen anderen Ordner nennen."
        )


def _parts(connection: Connection, table: Table) -> list[Part]:
    """The files that the table's rows make, each named by what is in it."""
    day = lake.partition_day(table)
    columns = ", ".join(f'"{name}"' for name in table.names)
    level = f"site, date_trunc('month', {day})::DATE" if day else "NULL, NULL"
    groups = connection.execute(
        f"""
        SELECT {level}, count(*), sum(hash({columns})::HUGEINT), bit_xor(hash({columns}))
        FROM {table.name} {"GROUP BY ALL ORDER BY ALL" if day else ""}
        """
    ).fetchall()
    parts = []
    for site, month, *content in groups:
        name = f"{_fingerprint(table, content)}.parquet"
        place = f"{table.name}/site={_folder_name(site)}/{MONTH}={month}" if day else table.name
        parts.append(Part(table, f"{place}/{name}", site, month))
    return parts


def _fingerprint(table: Table, content: list[Any]) -> str:
    """Hashes are the database's own, so another version of it writes everything anew."""
    said = (lake.LAYOUT, duckdb.__version__, table.ddl(), *content)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:20]


def _folder_name(site: str) -> str:
    """The property as Hive escapes it: engines that read folders as columns undo it."""
    return "".join(char if char.isalnum() or char in "-._" else f"%{ord(char):02X}" for char in site)


def _write(connection: Connection, folder: Path, parts: list[Part], step: Step | None) -> int:
    """Write what is not there yet; how many files that were."""
    missing = [part for part in parts if not (folder / part.path).is_file()]
    shutil.rmtree(folder / ASIDE, ignore_errors=True)
    (folder / ASIDE).mkdir()
    for done, part in enumerate(missing, start=1):
        aside, place = folder / ASIDE / Path(part.path).name, folder / part.path
        _rows(connection, part).write_parquet(str(aside), compression="zstd", row_group_size=ROW_GROUP)
        sync(aside)
        place.parent.mkdir(parents=True, exist_ok=True)
        move(aside, place)
        if step:
            step("Lake", done, len(missing))
    return len(missing)


def _rows(connection: Connection, part: Part) -> duckdb.DuckDBPyRelation:
    """The part's rows in the order of the key; what the folders say stands in no file."""
    table, day = part.table, lake.partition_day(part.table)
    names = [name for name in table.names if day is None or name not in ("site", MONTH)]
    columns, keys = (", ".join(f'"{name}"' for name in some) for some in (names, table.key))
    where = f"WHERE site = ? AND {day} >= ? AND {day} < ?::DATE + INTERVAL 1 MONTH" if day else ""
    given = [part.site, part.month, part.month] if day else None
    return connection.sql(f"SELECT {columns} FROM {table.name} {where} ORDER BY {keys}", params=given)


def _state(
    connection: Connection,
    snapshot: Snapshot,
    info: dict[str, str],
    digest: str,
    tables: list[Table],
    parts: list[Part],
) -> Lake:
    files = {table.name: tuple(part.path for part in parts if part.table is table) for table in tables}
    # Edited links change the files but not the snapshot: both belong to the name that caches go by.
    content = hashlib.sha256(repr((digest, files)).encode()).hexdigest()[:8]
    return Lake(
        name=f"{snapshot.name}-{content}",
        origin="demo" if info.get("origin") == "demo" else "live",
        layout=lake.LAYOUT,
        schema_version=int(info.get("schema_version", 1)),
        links=digest,
        facts=tuple(read_facts(connection).values()),
        files=files,
    )


def _clear_up(folder: Path, state: Lake) -> int:
    """Remove every file that the manifest does not name, and folders left empty; how many files that were."""
    named = {folder / path for files in state.files.values() for path in files}
    shutil.rmtree(folder / ASIDE, ignore_errors=True)
    gone = 0
    for table in lake.tables():
        for root, _, names in os.walk(folder / table, topdown=False):
            for path in (Path(root) / name for name in names):
                if path not in named:
                    path.unlink()
                    gone += 1
            if not any(Path(root).iterdir()):
                Path(root).rmdir()
    return gone
