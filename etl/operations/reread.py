"""Read imports again from their kept originals, with today's code: taken back and loaded in one draft, or not at all.

Whoever loads later wins. So an import is read again together with the later ones of the same source and property
that cover some of its days, in their order: what won before wins again.
"""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path, PurePosixPath

from duckdb import DuckDBPyConnection as Connection

import portalkompass
from etl.errors import LoadError
from etl.operations.imports import load_files, recognise_files
from etl.operations.kept_files import Loaded, enter
from etl.operations.profiles import profile_of
from etl.operations.readings import Scope, compared, figures_of, scopes
from etl.operations.undo import UNDONE, FileImport, find_import, imports, mark_undone, take_out
from etl.reports import counted
from etl.sources.file_kind import ImportRequest
from etl.store.load import transaction
from etl.store.publish import draft, published_state
from portalkompass.operations import SafekeepingError
from portalkompass.operations.originals import READING, Original, fetch, is_kept
from portalkompass.operations.places import room_for
from portalkompass.settings import Settings
from portalkompass.warehouse import snapshots

_WORD = "Neu gelesen"


@dataclass(frozen=True, slots=True)
class _Kept:
    """A file of an import: its name as at the import, and what was kept of it."""

    name: str
    original: Original


def reread(settings: Settings, run_id: str, *, confirmed: bool = False) -> list[str]:
    """Read one import again, with those that must follow it; German sentences with the figures before and after.

    Raises:
        LoadError: it has no original, the original is damaged, or a file is refused now. Nothing is changed then.
    """

    def choose(connection: Connection) -> tuple[list[FileImport], list[str]]:
        run = find_import(connection, run_id)
        chain = _chain(connection, run)
        for one in chain:
            if not _has_original(connection, settings, one):
                raise LoadError(_no_original(one, run))
        return chain, []

    return _read_again(settings, choose, confirmed, wanted=run_id)


def reread_older(settings: Settings, *, confirmed: bool = False) -> list[str]:
    """Read every import again that an earlier version has read and whose original is kept.

    Raises:
        LoadError: as `reread`; all of them are read again, or none.
    """

    def choose(connection: Connection) -> tuple[list[FileImport], list[str]]:
        chosen: dict[str, FileImport] = {}
        notes = []
        for run in imports(connection):
            if run.read_by == portalkompass.__version__ or run.run_id in chosen:
                continue
            chain = _chain(connection, run)
            lacking = next((one for one in chain if not _has_original(connection, settings, one)), None)
            if lacking is not None:
                notes.append(f"Nicht neu gelesen: {_no_original(lacking, run)}")
                continue
            chosen |= {one.run_id: one for one in chain}
        if not chosen:
            notes.append("Kein Import, dessen Original da ist, stammt von einer früheren Version.")
        return list(chosen.values()), notes

    return _read_again(settings, choose, confirmed)


def _read_again(
    settings: Settings,
    choose: Callable[[Connection], tuple[list[FileImport], list[str]]],
    confirmed: bool,
    wanted: str = "",
) -> list[str]:
    if snapshots.published(settings.warehouse_dir) is None:
        raise LoadError("Es ist noch nichts geladen, was neu gelesen werden könnte.")
    with published_state(settings) as connection:
        chosen, notes = choose(connection)
    if not chosen:
        return notes
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=settings.data_dir, prefix=READING) as scratch,
        draft(settings) as connection,
        transaction(connection),
    ):
        chosen, notes = choose(connection)  # another load may have been first
        files = {run.run_id: _files(connection, run.run_id) for run in chosen}
        runs = []
        for run in sorted(chosen, key=lambda run: (run.started_at, run.run_id)):
            removed, _ = take_out(connection, run, settings)
            if removed:
                mark_undone(connection, run, settings, _WORD)
                runs.append(run)
            elif run.run_id == wanted:
                raise LoadError(
                    f"Von {run.file_name} (Ladevorgang {run.run_id}) ist nichts mehr da: Ein späterer Import hat alles "
                    "ersetzt. Bitte jenen neu lesen."
                )
        connection.execute(
            "DELETE FROM ingest_files WHERE run_id IN (SELECT unnest(?::VARCHAR[]))",
            [[run.run_id for run in runs]],
        )
        try:
            room_for(sum(one.original.size for run in runs for one in files[run.run_id]), settings.data_dir)
        except SafekeepingError as fault:
            raise LoadError(str(fault)) from None
        done: list[Loaded] = []
        for number, (_, call) in enumerate(groupby(runs, key=lambda run: run.call or run.run_id)):
            own = list(call)
            kept = [one for run in own for one in files[run.run_id]]
            loaded = _load(connection, kept, own[0], Path(scratch) / str(number), settings, confirmed)
            if len(loaded) > len(own) and _partly_taken_back(connection, own[0]):
                raise LoadError(
                    f"Ein Teil dessen, was mit {own[0].file_name} geladen wurde, ist zurückgenommen; neu gelesen käme "
                    "er zurück. Bitte die gewünschten Dateien selbst erneut laden."
                )
            done += loaded
        told = [*_told(connection, settings, runs, done), *notes]
    return told


def _chain(connection: Connection, run: FileImport) -> list[FileImport]:
    """The import, later ones that it would win over otherwise, and those that came from the same files."""
    rest = {one.run_id: one for one in imports(connection) if one.run_id != run.run_id}
    chain, news = [run], [run]
    while news:
        follow = [one for one in rest.values() if any(_follows(connection, one, earlier) for earlier in news)]
        for one in follow:
            del rest[one.run_id]
        chain += follow
        news = follow
    return chain


def _follows(connection: Connection, one: FileImport, earlier: FileImport) -> bool:
    if one.started_at > earlier.started_at and earlier.meets(one):
        return True
    if not one.call or one.call != earlier.call:
        return False
    files = [{kept.name for kept in _files(connection, run.run_id)} for run in (one, earlier)]
    return bool(files[0] & files[1])


def _partly_taken_back(connection: Connection, run: FileImport) -> bool:
    """Whether a person has taken back another import of the same command."""
    found = connection.execute(
        "SELECT count(*) FROM ingest_runs WHERE call = ? AND state = ? AND NOT starts_with(message, ?)",
        [run.call, UNDONE, _WORD],
    ).fetchall()
    return bool(found[0][0])


def _files(connection: Connection, run_id: str) -> list[_Kept]:
    tables = connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    if ("ingest_files",) not in tables:  # a snapshot of an older version
        return []
    found = connection.execute(
        "SELECT path, sha256, size FROM ingest_files WHERE run_id = ? ORDER BY path", [run_id]
    ).fetchall()
    return [_Kept(name, Original(sha256, size)) for name, sha256, size in found]


def _has_original(connection: Connection, settings: Settings, run: FileImport) -> bool:
    files = _files(connection, run.run_id)
    return bool(files) and all(is_kept(settings, file.original.sha256) for file in files)


def _no_original(lacking: FileImport, wanted: FileImport) -> str:
    if lacking.run_id == wanted.run_id:
        return (
            f"Von {lacking.file_name} (Ladevorgang {lacking.run_id}) ist kein Original aufbewahrt. Bitte die Datei "
            "selbst erneut laden."
        )
    return (
        f"Nach {wanted.file_name} wurde {lacking.file_name} (Ladevorgang {lacking.run_id}) geladen, das dieselben Tage "
        "betrifft und von dem kein Original aufbewahrt ist; es ginge sonst verloren. Bitte beide Dateien selbst "
        "erneut laden, in dieser Reihenfolge."
    )


def _load(
    connection: Connection,
    kept: Sequence[_Kept],
    run: FileImport,
    folder: Path,
    settings: Settings,
    confirmed: bool,
) -> list[Loaded]:
    """Load the originals of one call again, as they were handed over then."""
    paths: dict[Path, _Kept] = {}
    for one in dict.fromkeys(kept):
        name = PurePosixPath(one.name)
        if ".." in name.parts or name.is_absolute():
            raise LoadError(
                f"Der Name {one.name} eines Originals führt aus dem Ordner; es wird nicht gelesen."
            )
        try:
            fetch(settings, one.original.sha256, folder / name)
        except SafekeepingError as fault:
            raise LoadError(str(fault)) from None
        paths[folder / name] = one
    request = _request(run, settings)
    done = load_files(connection, recognise_files(list(paths), request), write=True, confirmed=confirmed)
    names = {path: one.name for path, one in paths.items()}
    enter(connection, done, request, names, {path: one.original for path, one in paths.items()})
    return done


def _request(run: FileImport, settings: Settings) -> ImportRequest:
    """What was said with the import."""
    said = json.loads(run.request or "{}")
    days = [dt.date.fromisoformat(day) for day in said.get("period") or ()]
    return ImportRequest(
        settings,
        said.get("site"),
        dt.date.fromisoformat(said["as_of"]) if "as_of" in said else None,
        profile_of(settings, said["profile"]) if "profile" in said else None,
        None,
        (days[0], days[1]) if days else None,
        said.get("decisions"),
    )


def _told(
    connection: Connection, settings: Settings, runs: Sequence[FileImport], done: Sequence[Loaded]
) -> list[str]:
    """A sentence for each source with its figures before and after, and what the new reading warns of."""
    parts = [Scope(run.source, frozenset({run.site}), run.first, run.last) for run in runs]
    parts += [
        Scope(report.source, frozenset(report.site.split(", ")), report.period_start, report.period_end)
        for report in (loaded.report for loaded in done)
    ]
    names = counted(len(runs), "Import wurde", "Importe wurden")
    sentences = [f"{names} neu gelesen: {', '.join(dict.fromkeys(run.file_name for run in runs))}."]
    with published_state(settings) as published:
        for scope in scopes(parts):
            before, after = figures_of(published, scope), figures_of(connection, scope)
            sentences.append(f"Vorher → nachher: {compared(before, after)}.")
    warnings = [warning for loaded in done for warning in loaded.report.warnings]
    return [*sentences, *(f"Hinweis: {warning}" for warning in warnings)]
