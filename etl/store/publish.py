"""Work on a private copy, publish it as an immutable snapshot, roll back to an earlier one.

Readers never wait for a load and a load never waits for readers: the copy is written aside and
becomes visible only when the pointer moves. A load that dies leaves the published state as it
was; its draft holds whole committed slices only, and the next load goes on from there.
"""

from __future__ import annotations

import datetime as dt
import functools
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection as Connection
from filelock import FileLock, Timeout

from etl.errors import LoadError
from etl.store.clocks import give_hours_their_utc
from etl.store.dimensions import complete_dimensions
from etl.store.load import transaction
from etl.store.machine_faults import sentence_of
from etl.store.months import complete_months
from etl.store.respelling import respell
from portalkompass import german, schema
from portalkompass.settings import Settings
from portalkompass.warehouse import snapshots

SNAPSHOTS_KEPT = 3
"""Published snapshots that stay for roll-back."""


@contextmanager
def draft(settings: Settings) -> Iterator[Connection]:
    """Open the private copy for writing; publish it when the block ends without an exception.

    One writer at a time: a second one waits ``writer_wait_seconds`` and then leaves with a
    sentence. An exception discards nothing that was published and publishes nothing.

    Raises:
        LoadError: another load is running, the folder belongs to the other kind of data (demo or
            live), was written by a newer version, or cannot be written.
    """
    folder = settings.warehouse_dir
    with _only_writer(settings):
        path, adopted = _open_draft(folder)
        is_new = not path.exists()
        try:
            connection = duckdb.connect(path)
        except duckdb.Error as error:
            raise LoadError(sentence_of(error)) from None
        try:
            _prepare(connection, settings, is_new=is_new)
            respell(connection)
            give_hours_their_utc(connection)
            yield connection
            complete_dimensions(connection, settings)
            complete_months(connection)
            connection.execute("CHECKPOINT")
        except BaseException as error:
            connection.close()
            # A faulty file must not cost the slices that a killed load had already fetched.
            if not (adopted and isinstance(error, LoadError)):
                _remove(path)
            raise
        connection.close()
        _publish(folder, path)


def rollback(settings: Settings) -> tuple[str, str]:
    """Point back to the snapshot before the published one; returns (from, to) names.

    Raises:
        LoadError: there is no earlier snapshot.
    """
    folder = settings.warehouse_dir
    with _only_writer(settings):
        current = snapshots.published(folder)
        earlier = [s for s in snapshots.history(folder) if current and s.name < current.name]
        if current is None or not earlier:
            raise LoadError("Es gibt keinen früheren Stand, auf den zurückgestellt werden könnte.")
        snapshots.point_to(folder, earlier[-1])
        return current.name, earlier[-1].name


@contextmanager
def built_aside(settings: Settings) -> Iterator[Settings]:
    """Settings of a warehouse in a scratch folder, to build all of it anew while readers keep the old one.

    When the block ends without an exception, what was published there becomes the newest snapshot of ``settings``;
    errors as `draft`.
    """
    _check_published_origin(settings)
    scratch = settings.data_dir / "building"
    shutil.rmtree(scratch, ignore_errors=True)
    try:
        aside = settings.model_copy(update={"warehouse": str(scratch / "warehouse")})
        yield aside
        finished = snapshots.published(aside.warehouse_dir)
        if finished is None:
            raise AssertionError("every load inside the block publishes")
        adopt(settings, finished)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def adopt(settings: Settings, finished: snapshots.Snapshot) -> None:
    """Publish a snapshot that was built elsewhere as the newest one of ``settings``; errors as `draft`."""
    with _only_writer(settings):
        _check_published_origin(settings)
        part = settings.warehouse_dir / f"adopted-{finished.name}.part"
        shutil.copyfile(finished.path, part)
        _publish(settings.warehouse_dir, part)


def present(connection: Connection, tables: Iterable[schema.Table]) -> list[schema.Table]:
    """Those of the tables that the snapshot holds: one of an older version lacks newer ones."""
    there = _tables(connection)
    return [table for table in tables if table.name in there]


@contextmanager
def published_state(settings: Settings) -> Iterator[Connection]:
    """The published snapshot, to be read only; an empty warehouse before the first load."""
    snapshot = snapshots.published(settings.warehouse_dir)
    if snapshot is not None:
        with duckdb.connect(snapshot.path, read_only=True) as connection:
            yield connection
        return
    with _nothing_loaded().cursor() as connection:
        yield connection


@functools.cache
def _nothing_loaded() -> Connection:
    """An empty warehouse, made once: each that is opened takes longer than the preview of a small file."""
    connection = duckdb.connect(":memory:")
    for statement in schema.ddl():
        connection.execute(statement)
    return connection


def _check_published_origin(settings: Settings) -> None:
    """Sample data never go where live data are, nor the other way round."""
    snapshot = snapshots.published(settings.warehouse_dir)
    if snapshot is not None:
        with duckdb.connect(snapshot.path, read_only=True) as connection:
            _check_origin(connection, settings)


def _check_origin(connection: Connection, settings: Settings) -> None:
    row = connection.execute("SELECT value FROM warehouse_info WHERE name = 'origin'").fetchone()
    if row and (origin := row[0]) != settings.origin:
        kinds = {"live": "echte Daten", "demo": "Beispieldaten"}
        raise LoadError(
            f"Im Ordner {settings.warehouse_dir} liegen {kinds[origin]}; "
            f"{kinds[settings.origin]} werden dort nicht geladen."
        )


@contextmanager
def _only_writer(settings: Settings) -> Iterator[None]:
    folder = settings.warehouse_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / snapshots.WRITER_LOCK, timeout=settings.writer_wait_seconds)
        with lock:
            yield
    except Timeout:
        raise LoadError(
            "Ein anderer Ladevorgang läuft gerade. Bitte warten, bis er fertig ist, und dann erneut starten."
        ) from None
    except PermissionError as error:
        raise LoadError(
            f"Der Ordner {folder} ist nicht beschreibbar: {german.why_unreadable(error)}."
        ) from None


def _open_draft(folder: Path) -> tuple[Path, bool]:
    """The draft to work on, and whether it is a killed load's own one that grew from the published state."""
    base = snapshots.published(folder)
    path = folder / f"draft-{base.name if base else 'empty'}.duckdb"
    for leftover in folder.glob("draft-*.duckdb"):
        if leftover != path or not _readable(leftover):
            _remove(leftover)
    for leftover in folder.glob("*.part"):
        leftover.unlink(missing_ok=True)
    adopted = path.exists()
    if not adopted and base is not None:
        # Copied under another name first: a copy that was cut off must never look like a draft.
        part = path.with_suffix(".part")
        shutil.copyfile(base.path, part)
        snapshots.move(part, path)
    return path, adopted


def _readable(path: Path) -> bool:
    try:
        with duckdb.connect(path) as connection:
            connection.execute("SELECT count(*) FROM ingest_ledger")
    except duckdb.Error:
        return False
    return True


def _prepare(connection: Connection, settings: Settings, *, is_new: bool) -> None:
    """Whose data these are is asked before a table is changed: an adopted draft stays as it was on refusal.

    In one transaction: thirty small ones would cost half of what a small load takes.
    """
    with transaction(connection):
        present = set() if is_new else _tables(connection)
        if "warehouse_info" in present:
            info = dict(connection.execute("SELECT name, value FROM warehouse_info").fetchall())
            if int(info.get("schema_version", schema.SCHEMA_VERSION)) > schema.SCHEMA_VERSION:
                raise LoadError(
                    "Die Datenbank wurde von einer neueren Version geschrieben. Bitte Portalkompass aktualisieren."
                )
            _check_origin(connection, settings)
        for table in schema.TABLES.values():
            if table.name in present:
                _add_new_columns(connection, table)
            else:
                connection.execute(table.ddl())
        about = {
            "schema_version": str(schema.SCHEMA_VERSION),
            "storage_version": _storage_version(connection),
            "written_with": f"DuckDB {duckdb.__version__}",
            "origin": settings.origin,
            "municipality": settings.city.municipality,
        }
        connection.execute("DELETE FROM warehouse_info WHERE list_contains(?, name)", [list(about)])
        connection.execute(
            "INSERT INTO warehouse_info SELECT unnest(?), unnest(?)", [list(about), list(about.values())]
        )


def _storage_version(connection: Connection) -> str:
    """The form of the file, as DuckDB calls the oldest version that reads it, e.g. "v2.0.0+"."""
    found = connection.execute(
        "SELECT tags['storage_version'] FROM duckdb_databases() WHERE database_name = current_database()"
    ).fetchall()
    return str(found[0][0])


def _tables(connection: Connection) -> set[str]:
    return {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}


def _add_new_columns(connection: Connection, table: schema.Table) -> None:
    """A column that a newer version added to the contract appears, empty, in an older warehouse."""
    present = {row[0] for row in connection.execute(f'DESCRIBE "{table.name}"').fetchall()}
    for column in table.columns:
        if column.name not in present:
            connection.execute(f'ALTER TABLE "{table.name}" ADD COLUMN "{column.name}" {column.type}')


def _publish(folder: Path, path: Path) -> None:
    snapshots.sync(path)
    target = folder / f"{_stamp(folder)}.duckdb"
    snapshots.move(path, target)
    snapshots.point_to(folder, snapshots.Snapshot(target))
    _prune(folder)


def _stamp(folder: Path) -> str:
    """UTC stamp of now; later than every snapshot there is, even if the clock was set back."""
    now = dt.datetime.now(dt.UTC)
    newest = snapshots.history(folder)
    stamp = f"{now:%Y%m%dT%H%M%S%f}Z"
    if newest and stamp <= newest[-1].name:
        last = dt.datetime.strptime(newest[-1].name, "%Y%m%dT%H%M%S%fZ").replace(tzinfo=dt.UTC)
        stamp = f"{last + dt.timedelta(microseconds=1):%Y%m%dT%H%M%S%f}Z"
    return stamp


def _prune(folder: Path) -> None:
    """The new state is published by now: what cannot be deleted (on Windows, what is read) waits for the next load."""
    for old in snapshots.history(folder)[:-SNAPSHOTS_KEPT]:
        with suppress(OSError):
            _remove(old.path)


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.with_name(path.name + ".wal").unlink(missing_ok=True)
