"""Which files an import has read: their originals are kept, and named by their digest beside its run."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from duckdb import DuckDBPyConnection as Connection

import portalkompass
from etl.operations.file_kinds import FILE_KINDS
from etl.reports import ImportReport
from etl.sources.file_kind import ImportRequest
from etl.store.load import append, rows_of
from portalkompass.operations import SafekeepingError
from portalkompass.operations.originals import Original, keep
from portalkompass.schema import INGEST_FILES

_TOO_LARGE = (
    "Das Original ist größer, als Originale zusammen sein dürfen (operations.keep_originals_mb), und wird nicht "
    "aufbewahrt."
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A report, and the files that it is about."""

    report: ImportReport
    paths: list[Path]


def keep_originals(
    connection: Connection, done: Sequence[Loaded], request: ImportRequest
) -> list[ImportReport]:
    """Keep what was read and enter it beside the runs; the reports, with a word where an original was not kept.

    That is no reason not to load. Files of a private kind are not kept.
    What a person edited in the app has no original: the app itself wrote the file.
    """
    settings = request.settings
    private = {kind.name for kind in FILE_KINDS if kind.private}
    open_ = [loaded for loaded in done if loaded.report.kind not in private]
    paths = list(dict.fromkeys(path for loaded in open_ for path in loaded.paths))
    if request.edit is not None or not settings.operations.keep_originals_days:
        enter(connection, done, request, {}, {})
        return [loaded.report for loaded in done]
    kept: dict[Path, Original | None] = {}
    faults: dict[Path, str] = {}
    for path in paths:
        try:
            kept[path] = keep(settings, path)
        except SafekeepingError as fault:
            faults[path] = str(fault)
        else:
            if kept[path] is None:
                faults[path] = _TOO_LARGE
    enter(connection, done, request, names_of(paths), kept)
    return [
        replace(loaded.report, warnings=(*loaded.report.warnings, *_told(loaded, faults))) for loaded in done
    ]


def _told(loaded: Loaded, faults: Mapping[Path, str]) -> list[str]:
    sentences = dict.fromkeys(faults[path] for path in loaded.paths if path in faults)
    return [f"{sentence} „python -m etl reread“ geht für diesen Import nicht." for sentence in sentences]


def enter(
    connection: Connection,
    done: Sequence[Loaded],
    request: ImportRequest,
    names: Mapping[Path, str],
    kept: Mapping[Path, Original | None],
) -> None:
    """Note the files of each run, where all of them are kept, and what was said with the import."""
    rows = []
    for loaded in done:
        originals = {path: original for path in loaded.paths if (original := kept.get(path)) is not None}
        if len(originals) == len(loaded.paths):
            rows += [
                {
                    "run_id": loaded.report.run_id,
                    "path": names[path],
                    "sha256": original.sha256,
                    "size": original.size,
                }
                for path, original in originals.items()
            ]
    append(connection, INGEST_FILES, rows_of(INGEST_FILES, rows))
    period = [day.isoformat() for day in request.period] if request.period else None
    said = {
        "site": request.site,
        "as_of": request.as_of.isoformat() if request.as_of else None,
        "profile": request.profile.name if request.profile else None,
        "period": period,
        "decisions": dict(request.decisions) if request.decisions else None,
    }
    connection.execute(
        "UPDATE ingest_runs SET call = ?, request = ?, read_by = ? WHERE run_id IN (SELECT unnest(?::VARCHAR[]))",
        [
            uuid.uuid4().hex,
            json.dumps({name: value for name, value in said.items() if value is not None}),
            portalkompass.__version__,
            [loaded.report.run_id for loaded in done],
        ],
    )


def names_of(paths: Iterable[Path]) -> dict[Path, str]:
    """Each file by the number and name of its folder and its own name: names and folders tell what a file is."""
    folders: dict[Path, int] = {}
    names = {}
    for path in paths:
        folder = path.resolve().parent
        number = folders.setdefault(folder, len(folders))
        names[path] = f"{number}/{folder.name or '-'}/{path.name}"
    return names
