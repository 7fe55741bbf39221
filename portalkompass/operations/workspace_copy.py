"""The workspace as one SQLite file and back, whatever database it lives in.

SQLite is copied through its online backup, so that writers go on; any other database is read in one
transaction that sees one moment. The way back is one transaction too: all rows or none.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from portalkompass.operations.errors import SafekeepingError
from portalkompass.workspace.storage.database import connect, form, known_forms, note, sqlite_file, upgrade
from portalkompass.workspace.storage.errors import WorkspaceError
from portalkompass.workspace.storage.tables import audit, meta, metadata

TABLES = metadata.sorted_tables
"""Every table, referenced ones first."""
RESTORED = "Sicherung zurückgespielt"
"""What the audit says of a restore; beside it stands the folder of what was there before."""
_DAMAGED = (
    "Der Arbeitsbereich {} ist beschädigt. Bitte die letzte Sicherung mit „python -m portalkompass restore DATEI“ "
    "zurückspielen; die beschädigte Datei wird beiseitegelegt."
)


def copy_out(url: str, target: Path) -> bool:
    """Write the workspace into a new SQLite file; False where nobody has written anything yet.

    Raises:
        SafekeepingError: the workspace is damaged, cannot be reached, or was never set up.
    """
    file = sqlite_file(url)
    if file is None:
        _copy_rows_out(url, target)
        return True
    if not file.parent.is_dir():
        raise SafekeepingError(
            f"Den Ordner {file.parent} des Arbeitsbereichs gibt es nicht. Bitte die Einstellung „workspace“ prüfen."
        )
    if not file.is_file():
        return False
    try:
        with closing(sqlite3.connect(file, timeout=30)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
        _into_one_file(target)
    except sqlite3.OperationalError as error:
        raise SafekeepingError(
            f"Der Arbeitsbereich {file.name} ist belegt, ohne Rechte oder der Platz reicht nicht."
        ) from error
    except sqlite3.DatabaseError as error:
        raise SafekeepingError(_DAMAGED.format(file.name)) from error
    if damage(target):
        raise SafekeepingError(_DAMAGED.format(file.name))
    return True


def damage(file: Path) -> str:
    """What is wrong with a SQLite file; empty if nothing is."""
    try:
        with closing(sqlite3.connect(file, timeout=30)) as connection:
            answer = connection.execute("PRAGMA integrity_check(1)").fetchall()
            connection.execute("SELECT count(*) FROM meta").fetchall()
    except sqlite3.Error:
        return "er lässt sich nicht ganz lesen"
    return "" if answer == [("ok",)] else "Seiten oder Verzeichnisse stimmen nicht"


@dataclass(frozen=True, slots=True)
class Form:
    """A workspace as it lies there: the migration it is at (None before the first), and its last write's number."""

    name: str | None = None
    revision: int | None = None
    damaged: str = ""

    @property
    def newer(self) -> bool:
        """Whether a release later than this one has written it."""
        return self.name is not None and self.name not in known_forms()


def form_of(url: str) -> Form:
    """What lies at the address; nothing is created or changed.

    Raises:
        SafekeepingError: the database server cannot be reached.
    """
    file = sqlite_file(url)
    if file is not None:
        return form_of_file(file)
    engine = connect(url)
    try:
        with engine.connect() as reading:
            name = form(reading)
            revision = None if name is None else reading.execute(sa.select(meta.c.revision)).scalar()
    except SQLAlchemyError as error:
        raise SafekeepingError("Der Datenbankserver des Arbeitsbereichs ist nicht erreichbar.") from error
    finally:
        engine.dispose()
    return Form(name, revision)


def form_of_file(file: Path) -> Form:
    """The same of a SQLite file."""
    if not file.is_file() or not file.stat().st_size:
        return Form()
    if fault := damage(file):
        return Form(damaged=fault)
    with closing(sqlite3.connect(file, timeout=30)) as connection:
        revision = connection.execute("SELECT revision FROM meta").fetchone()
        try:
            name = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.OperationalError:
            name = None
    return Form(name[0] if name else None, revision[0] if revision else None)


def bring_up(file: Path) -> None:
    """Bring an archive's workspace to the newest form; where there is no file, an empty workspace is made.

    Raises:
        SafekeepingError: it cannot be.
    """
    engine = connect(f"sqlite:///{file.as_posix()}")
    try:
        upgrade(engine)
    except WorkspaceError as error:
        raise SafekeepingError(str(error)) from error
    except SQLAlchemyError as error:
        raise SafekeepingError("Der Arbeitsbereich der Sicherung lässt sich nicht anpassen.") from error
    finally:
        engine.dispose()
    _into_one_file(file)


def mark(file: Path, revision: int | None, aside: str) -> None:
    """Note the restore in a SQLite file of any form and number it above ``revision``."""
    with closing(sqlite3.connect(file)) as connection, connection:
        floor = (revision or 0) + 1
        connection.execute(
            "UPDATE meta SET revision = max(revision + 1, ?), links_revision = max(links_revision + 1, ?)",
            [floor, floor],
        )
        at = dt.datetime.now(dt.UTC).replace(tzinfo=None)
        connection.execute(
            "INSERT INTO audit (at, who, what, detail) VALUES (?, '', ?, ?)",
            [f"{at:%Y-%m-%d %H:%M:%S.%f}", RESTORED, aside],
        )


def is_marked(url: str, aside: str) -> bool:
    """Whether the restore that lays things into this folder has put its workspace there.

    Raises:
        SafekeepingError: the database server cannot be reached.
    """
    present = form_of(url)
    if present.damaged or present.name is None:
        return False
    engine = connect(url)
    try:
        with engine.connect() as reading:
            noted = sa.select(sa.func.count()).where(audit.c.what == RESTORED, audit.c.detail == aside)
            return bool(reading.execute(noted).scalar_one())
    except SQLAlchemyError as error:
        raise SafekeepingError("Der Arbeitsbereich ist nicht erreichbar.") from error
    finally:
        engine.dispose()


def copy_in(source: Path, url: str, aside: str, *, rehearsal: bool = False) -> None:
    """Replace every row of the workspace by those of the file, in one transaction; an app may be running.

    The revision ends above both revisions, so that no cached answer of either survives. A ``rehearsal`` writes
    everything and takes it back.

    Raises:
        SafekeepingError: one of both was written by a newer release, or the target cannot be written.
    """
    origin, target = connect(f"sqlite:///{source.as_posix()}"), connect(url)
    try:
        upgrade(origin)
        upgrade(target)
        with origin.begin() as reading, target.execution_options(immediate=True).begin() as writing:
            _replace_rows(reading, writing, aside)
            if rehearsal:
                writing.rollback()
    except WorkspaceError as error:
        raise SafekeepingError(str(error)) from error
    except SQLAlchemyError as error:
        raise SafekeepingError(
            "Der Arbeitsbereich lässt sich nicht zurückspielen: Die Datenbank nimmt seine Zeilen nicht an."
        ) from error
    finally:
        origin.dispose()
        target.dispose()


def clear(url: str) -> None:
    """Take out what ``copy_in`` put where nobody had written yet: a SQLite file goes, a server's tables are emptied.

    Raises:
        SafekeepingError: the database server cannot be reached.
    """
    file = sqlite_file(url)
    if file is not None:
        for end in ("", "-wal", "-shm"):
            with suppress(OSError):
                file.with_name(file.name + end).unlink()
        return
    engine = connect(url)
    try:
        with engine.begin() as writing:
            if form(writing) is None:
                return
            for table in reversed(TABLES):
                if table is not meta:
                    writing.execute(sa.delete(table))
            writing.execute(sa.update(meta).values(revision=0, links_revision=0))
    except SQLAlchemyError as error:
        raise SafekeepingError("Der Datenbankserver des Arbeitsbereichs ist nicht erreichbar.") from error
    finally:
        engine.dispose()


def _replace_rows(reading: Connection, writing: Connection, aside: str) -> None:
    writing.execute(sa.update(meta).values(revision=meta.c.revision))  # locks out other writers
    revisions = sa.select(meta.c.revision, meta.c.links_revision)
    before = writing.execute(revisions).one()
    _copy_rows(reading, writing)
    after = writing.execute(revisions).one()
    revision, links_revision = (max(pair) + 1 for pair in zip(before, after, strict=True))
    writing.execute(sa.update(meta).values(revision=revision, links_revision=links_revision))
    note(writing, "", RESTORED, aside)


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
    except sa.exc.OperationalError as error:
        raise SafekeepingError("Der Datenbankserver des Arbeitsbereichs ist nicht erreichbar.") from error
    except (SQLAlchemyError, WorkspaceError) as error:
        raise SafekeepingError(
            "Der Arbeitsbereich auf dem Datenbankserver lässt sich nicht lesen oder wurde noch nie geöffnet."
        ) from error
    finally:
        source.dispose()
        copy.dispose()
    _into_one_file(target)


def _into_one_file(file: Path) -> None:
    """Fold the write-ahead log into the file: an archive holds one file."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
