"""The workspace as one SQLite file and back, whatever database it lives in.

SQLite is copied through its online backup, so that writers go on; any other database is read in one
transaction that sees one moment. The way back is one transaction too: all rows or none.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from portalkompass.operations.errors import SafekeepingError
from portalkompass.workspace.storage.database import connect, note, sqlite_file, upgrade
from portalkompass.workspace.storage.errors import WorkspaceError
from portalkompass.workspace.storage.tables import meta, metadata

TABLES = metadata.sorted_tables
"""Every table, referenced ones first."""


def copy_out(url: str, target: Path) -> bool:
    """Write the workspace into a new SQLite file; False where nobody has written anything yet.

    Raises:
        SafekeepingError: the workspace is damaged, cannot be reached, or was never set up.
    """
    file = sqlite_file(url)
    if file is None:
        _copy_rows_out(url, target)
        return True
    if not file.is_file():
        return False
    try:
        with closing(sqlite3.connect(file, timeout=30)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
        _into_one_file(target)
    except sqlite3.Error as error:
        raise SafekeepingError(f"Der Arbeitsbereich {file.name} lässt sich nicht lesen ({error}).") from error
    if fault := damage(target):
        raise SafekeepingError(f"Der Arbeitsbereich {file.name} ist beschädigt ({fault}).")
    return True


def damage(file: Path) -> str:
    """What is wrong with a SQLite file; empty if nothing is."""
    try:
        with closing(sqlite3.connect(file, timeout=30)) as connection:
            answer = connection.execute("PRAGMA integrity_check(1)").fetchall()
            connection.execute("SELECT count(*) FROM meta").fetchall()
    except sqlite3.Error as error:
        return str(error)
    return "" if answer == [("ok",)] else str(answer[0][0]).partition("\n")[0]


def copy_in(source: Path, url: str) -> None:
    """Replace every row of the workspace by those of the file, in one transaction; an app may be running.

    The revision ends above both revisions, so that no cached answer of either survives.

    Raises:
        SafekeepingError: one of both was written by a newer release, or the target cannot be written.
    """
    origin, target = connect(f"sqlite:///{source.as_posix()}"), connect(url)
    try:
        upgrade(origin)
        upgrade(target)
        with origin.begin() as reading, target.execution_options(immediate=True).begin() as writing:
            _replace_rows(reading, writing)
    except WorkspaceError as error:
        raise SafekeepingError(str(error)) from error
    except SQLAlchemyError as error:
        raise SafekeepingError(
            f"Der Arbeitsbereich lässt sich nicht zurückspielen ({type(error).__name__})."
        ) from error
    finally:
        origin.dispose()
        target.dispose()


def _replace_rows(reading: Connection, writing: Connection) -> None:
    writing.execute(sa.update(meta).values(revision=meta.c.revision))  # locks out other writers
    revisions = sa.select(meta.c.revision, meta.c.links_revision)
    before = writing.execute(revisions).one()
    _copy_rows(reading, writing)
    after = writing.execute(revisions).one()
    revision, links_revision = (max(pair) + 1 for pair in zip(before, after, strict=True))
    writing.execute(sa.update(meta).values(revision=revision, links_revision=links_revision))
    note(writing, "", "Sicherung zurückgespielt")


def _copy_rows(reading: Connection, writing: Connection) -> None:
    """All rows of one database in place of those of the other."""
    for table in reversed(TABLES):
        writing.execute(sa.delete(table))
    for table in TABLES:
        rows = [dict(row) for row in reading.execute(sa.select(table)).mappings()]
        if rows:
            writing.execute(sa.insert(table), rows)
        if writing.dialect.name == "postgresql" and "id" in table.c:
            _continue_numbers(writing, table)


def _continue_numbers(connection: Connection, table: sa.Table) -> None:
    """Rows came with their numbers: the next one must be counted from the highest."""
    sequence = sa.func.pg_get_serial_sequence(table.name, "id")
    highest = sa.select(sa.func.max(table.c.id)).scalar_subquery()
    connection.execute(
        sa.select(sa.func.setval(sequence, sa.func.coalesce(highest, 1), highest.is_not(None)))
    )


def _copy_rows_out(url: str, target: Path) -> None:
    source, copy = connect(url), connect(f"sqlite:///{target.as_posix()}")
    one_moment = source.execution_options(isolation_level="REPEATABLE READ")
    try:
        upgrade(copy)
        with one_moment.connect() as reading, copy.execution_options(immediate=True).begin() as writing:
            _copy_rows(reading, writing)
    except (SQLAlchemyError, WorkspaceError) as error:
        raise SafekeepingError(
            "Der Arbeitsbereich lässt sich nicht lesen oder wurde noch nie geöffnet "
            f"({type(error).__name__})."
        ) from error
    finally:
        source.dispose()
        copy.dispose()
    _into_one_file(target)


def _into_one_file(file: Path) -> None:
    """Fold the write-ahead log into the file: an archive holds one file."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
