"""Opening the workspace: one engine per URL, tables upgraded and seeded, revisions bumped on every write."""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, RowMapping
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from portalkompass.workspace.storage.errors import WorkspaceError
from portalkompass.workspace.storage.tables import audit, meta

BUSY_SECONDS = 30.0
"""How long a writer waits for another before it leaves with a sentence."""

NEWEST = "0019"
"""The newest migration."""
_MIGRATIONS = Path(__file__).parents[1] / "migrations"
_ADVISORY_LOCK = 5_402_011
_alembic_turn = threading.Lock()  # Alembic's context is one per process


class Action(StrEnum):
    """The kind of a write; its line in the audit is free text beside it.

    Whoever opens the workspace for other people decides by this who may write it.
    """

    LINK = "link"
    """Say which pages and queries belong to which service."""
    MOVE_PAGE = "move page"
    """Say that a page has a new address; its links follow, so that both raise the links' revision."""
    ANNOTATE = "annotate"
    REJECT_PROPOSAL = "reject proposal"
    ALLOW_PROPOSAL = "allow proposal"
    SAVE_VIEW = "save view"
    TRACK_QUERY = "track query"
    """Put a query on the watch list, or take it off."""
    EDIT_SCENARIO = "edit scenario"
    DECIDE = "decide"
    RUN_VOTE = "run vote"
    """Open a voting round, or end it."""
    SHOW_BALLOTS = "show ballots"
    ADOPT_MEDIAN = "adopt median"
    EDIT_REPORT = "edit report"
    """Write, deliver or delete a report for a committee."""
    SELF_AUDIT = "self-audit"
    """Say how far a service meets the points of the service standard."""
    EDIT_PROFILE = "edit profile"
    """Say how the columns of an imported file are called."""
    DRAFT = "draft"
    """Keep what was typed in a form and is not saved yet; seen by its person alone, in no audit and no log."""
    MAINTAIN = "maintain"
    """What the product does by itself, e.g. deleting what is kept no longer."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """An opened workspace; may be shared between threads, every use takes its own connection."""

    url: str
    engine: Engine
    guard: Callable[[Action], None] | None = field(default=None, compare=False, repr=False)
    """Asked before every write with what it does; it raises where the write is not allowed."""
    written: Callable[[Action, str], None] | None = field(default=None, compare=False, repr=False)
    """Told after every write that changed something: what it did, and its words in the audit."""

    def revision(self) -> int:
        """Number of the last write of any kind; part of every cache key."""
        return self._counter(meta.c.revision)

    def links_revision(self) -> int:
        """Number of the last write that changed links; the key of resolved links."""
        return self._counter(meta.c.links_revision)

    def _counter(self, column: sa.Column[int]) -> int:
        with self.reading() as connection:
            return connection.execute(sa.select(column)).scalar_one()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for reading; it never blocks a writer.

        Raises:
            WorkspaceError: the database cannot be reached.
        """
        with _german_faults(), self.engine.begin() as connection:
            yield connection

    def rows(self, query: sa.Select[Any]) -> list[RowMapping]:
        """All rows of a query, read in one go; errors as ``reading``."""
        with self.reading() as connection:
            return list(connection.execute(query).mappings())

    @contextmanager
    def writing(self, action: Action, who: str, what: str, detail: str | None = "") -> Iterator[Connection]:
        """A transaction that bumps the revision and notes in the audit who did what; all of it or nothing.

        ``what`` and ``detail`` are the audit's own words; who may do it goes by ``action`` alone. Without a detail
        (None) the caller writes its lines itself. Where no row was changed there was no write: the transaction is
        undone, so that neither revision nor audit nor log speak of it.

        Writers take turns (the revision row is locked first), so revisions grow in commit order.

        Raises:
            WorkspaceError: the write is not allowed, the database cannot be reached or another writer holds
                it too long.
        """
        if self.guard is not None:
            self.guard(action)
        with self.collecting() as connection:
            bump(connection, links=action in (Action.LINK, Action.MOVE_PAGE))
            if detail is not None:
                note(connection, who, what, detail)
            changes = _Changes(connection)
            yield connection
            if not changes.made and (transaction := connection.get_transaction()):
                transaction.rollback()
        if changes.made and self.written is not None:
            self.written(action, what)

    @contextmanager
    def drafting(self, action: Action) -> Iterator[Connection]:
        """As ``collecting``, for what is not saved yet but shall outlive a reload; needs the right to save it.

        Raises:
            WorkspaceError: as ``writing``.
        """
        if self.guard is not None:
            self.guard(action)
        with self.collecting() as connection:
            yield connection

    @contextmanager
    def collecting(self) -> Iterator[Connection]:
        """A transaction for rows that no cached answer depends on (ballots): no revision, no audit line.

        Raises:
            WorkspaceError: the database cannot be reached or another writer holds it too long.
        """
        writer = self.engine.execution_options(immediate=True)
        with _german_faults(), writer.begin() as connection:
            yield connection


class _Changes:
    """Whether rows were changed through a connection since; counters and lines of the audit only tell of changes."""

    def __init__(self, connection: Connection) -> None:
        self.made = False
        sa.event.listen(connection, "after_execute", self._look)

    def _look(
        self,
        _connection: Connection,
        statement: object,
        _many: object,
        _parameters: object,
        _options: object,
        result: sa.CursorResult[Any],
    ) -> None:
        counting = isinstance(statement, sa.Update) and statement.table is meta
        telling = isinstance(statement, sa.Insert) and statement.table is audit
        if counting or telling or isinstance(statement, sa.Select):
            return
        # with RETURNING the database counts no rows beforehand; who asks for the row looks whether there was one
        self.made = self.made or result.returns_rows or result.rowcount != 0


def now() -> dt.datetime:
    """This moment, aware, UTC."""
    return dt.datetime.now(dt.UTC)


def bump(connection: Connection, *, links: bool) -> None:
    """Raise the revision, and the links' revision where links change, within the caller's transaction."""
    values: dict[str, Any] = {"revision": meta.c.revision + 1}
    if links:
        values["links_revision"] = meta.c.links_revision + 1
    connection.execute(sa.update(meta).values(values))


def note(connection: Connection, who: str, what: str, detail: str = "") -> None:
    """Write one line of the audit within the caller's transaction."""
    connection.execute(sa.insert(audit).values(at=now(), who=who, what=what, detail=detail))


def connect(url: str) -> Engine:
    """An engine for SQLite files (WAL, foreign keys, patient writers) or any other database by URL.

    Raises:
        WorkspaceError: the URL is no database, its driver is missing, or it names no file.
    """
    try:
        address = sa.make_url(url)
        if address.get_backend_name() != "sqlite":
            return sa.create_engine(address, pool_pre_ping=True)
        if address.database in (None, "", ":memory:"):
            raise WorkspaceError("Der Arbeitsbereich braucht eine Datei, keine Datenbank im Speicher.")
        engine = sa.create_engine(address, connect_args={"timeout": BUSY_SECONDS})
    except (SQLAlchemyError, ImportError) as error:
        raise WorkspaceError(f"{_address_fault(error)} Bitte die Einstellung „workspace“ prüfen.") from None
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _address_fault(error: Exception) -> str:
    if isinstance(error, sa.exc.NoSuchModuleError):
        return "Die Art der Datenbank des Arbeitsbereichs ist unbekannt (vorgesehen: sqlite, postgresql+psycopg)."
    if isinstance(error, ImportError):
        return "Für die Datenbank des Arbeitsbereichs fehlt der Treiber."
    return "Die Adresse des Arbeitsbereichs lässt sich nicht lesen."


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite workspace; None for other databases.

    Raises:
        WorkspaceError: it is no address of a database.
    """
    try:
        address = sa.make_url(url)
    except SQLAlchemyError as error:
        raise WorkspaceError(f"{_address_fault(error)} Bitte die Einstellung „workspace“ prüfen.") from None
    return Path(address.database) if address.get_backend_name() == "sqlite" and address.database else None


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_sqlite, not by the driver's guess
    connection.execute("PRAGMA foreign_keys = ON")
    _write_ahead(connection)


def _begin_sqlite(connection: Connection) -> None:
    # A read transaction that turns into a writer fails at once, whatever the time-out: writers say so first.
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """SQLite does not wait while the journal mode changes, so the first openers have to."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.Error as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def upgrade(engine: Engine, then: Callable[[Connection], object] | None = None) -> None:
    """Bring the tables to the newest form and run ``then`` (seeding), all in one transaction.

    Whoever comes second waits for the first (write lock on SQLite, advisory lock on PostgreSQL) and
    finds everything done.

    Raises:
        WorkspaceError: the database cannot be reached, or a newer release has written it.
    """
    with _german_faults(), _alembic_turn:
        writer = engine.execution_options(immediate=True)
        with writer.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})"))
            if form(connection) != NEWEST:
                _migrate(connection)
            if then is not None:
                then(connection)


def known_forms() -> set[str]:
    """The migrations of this release; a workspace at any other was written by a later one."""
    return {path.name[1:5] for path in (_MIGRATIONS / "versions").glob("r[0-9]*.py")}


def form(connection: Connection) -> str | None:
    """The migration that the tables are at; None where there are none yet."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    version = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return None if version is None else str(version)


def _migrate(connection: Connection) -> None:
    # Not at the head: tables are nearly always of the newest form, and Alembic is a tenth of a second of the start.
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError:
        raise WorkspaceError(
            "Der Arbeitsbereich wurde von einer neueren Version des Portalkompasses angelegt. "
            "Bitte das Programm aktualisieren."
        ) from None


@contextmanager
def _german_faults() -> Iterator[None]:
    """Turn faults of the database into sentences; what the caller can judge better passes as it is."""
    try:
        yield
    except (sa.exc.IntegrityError, sa.exc.ProgrammingError):
        raise
    except sa.exc.DataError:
        raise WorkspaceError(
            "Ein Text ist zu lang oder enthält unzulässige Zeichen. Es wurde nichts gespeichert."
        ) from None
    except (DBAPIError, sqlite3.Error) as error:
        cause = (error.orig or error) if isinstance(error, DBAPIError) else error
        reason = str(cause).partition("\n")[0]
        raise WorkspaceError(
            f"Der Arbeitsbereich ist nicht erreichbar, beschädigt oder zu lange belegt ({reason}). "
            "Es wurde nichts gespeichert."
        ) from error
