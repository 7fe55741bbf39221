"""Import of another city's signed figures: whose they are is settled before a single one of them is read.

Replaced is the same period of the same city, once a person has said so; other periods stay beside it.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duckdb import DuckDBPyConnection as Connection

from etl.errors import LoadError
from etl.files.archives import split_off
from etl.reports import SAMPLE_ROWS, ImportReport, Rejection, RowFaults, counted, german_day
from etl.sources.balance import Balance, balance_warnings, contained, too_little
from etl.sources.file_kind import ImportRequest, WholeFiles, delete_import, note_list, rejected_warning
from etl.sources.service_key import NO_KEY, service_key
from etl.sources.service_tables.known_services import services_with
from etl.store.ledger import Outcome, finish_run, keep_aside, start_run
from etl.store.load import append, rows_of
from etl.store.publish import present
from portalkompass.german import why_unreadable
from portalkompass.schema import BENCHMARKS
from portalkompass.settings import Settings
from portalkompass.suppression import SMALLEST

if TYPE_CHECKING:  # cryptography costs a tenth of a second that no other import needs
    from portalkompass.exchange.benchmark_file import Benchmark, Figure
    from portalkompass.exchange.keys import TrustedKey

SOURCE = "benchmarks"
_HEAD_BYTES = 256


@dataclass(frozen=True, slots=True)
class _File:
    """A file of a trusted city: ``rows`` those of ``benchmarks``."""

    name: str
    benchmark: Benchmark
    key: TrustedKey
    rows: tuple[dict[str, Any], ...]
    rejected: tuple[Rejection, ...]

    @property
    def period(self) -> tuple[str, dt.date, dt.date]:
        """The city and the days that its figures are of."""
        return self.benchmark.city.ars, self.benchmark.first, self.benchmark.last


def is_benchmark(path: Path) -> bool:
    """JSON that begins like a signed file."""
    if path.suffix.lower() != ".json" or not path.is_file():
        return False
    from portalkompass.exchange.benchmark_file import looks_signed

    try:
        with path.open("rb") as file:
            return looks_signed(file.read(_HEAD_BYTES))
    except OSError:
        return False


def _handle(
    connection: Connection, paths: Sequence[Path], request: ImportRequest, write: bool
) -> list[ImportReport]:
    """A report a file."""
    return [_import(connection, _read(path, request.settings), request.settings, write) for path in paths]


def _read(path: Path, settings: Settings) -> _File:
    """The file of a city whose key is trusted.

    Raises:
        LoadError: forged, altered, of an unknown key or another schema, under a foreign name, or not to be compared.
        RowFaults: none of its figures can be used, or too few.
    """
    from portalkompass.exchange.benchmark_file import MOST_BYTES, BenchmarkFault, opened
    from portalkompass.exchange.keys import public

    try:
        with path.open("rb") as file:
            benchmark, signer = opened(file.read(MOST_BYTES + 1))
        key = _trusted(benchmark, public(signer), settings)
    except BenchmarkFault as fault:
        raise LoadError(f"{path.name}: {fault}.") from None
    except OSError as error:
        raise LoadError(f"{path.name} lässt sich nicht lesen: {why_unreadable(error)}.") from None
    _refuse_out_of_place(path.name, benchmark, settings)
    rows, rejected = _rows(path.name, benchmark, key.city)
    return _File(path.name, benchmark, key, tuple(rows), tuple(rejected))


def _trusted(benchmark: Benchmark, x: str, settings: Settings) -> TrustedKey:
    """The key as the list has it.

    Raises:
        BenchmarkFault: nobody has compared it, or it is that of another city than the file names.
    """
    from portalkompass.exchange import keys
    from portalkompass.exchange.benchmark_file import BenchmarkFault

    city = f"{benchmark.city.name} (ARS {benchmark.city.ars})"
    known = next((one for one in keys.trusted(settings) if one.x == x), None)
    own = keys.own_key_file(settings).exists() and keys.public(keys.own_key(settings)) == x
    if own:
        raise BenchmarkFault(
            "Das ist die eigene Datei; verglichen wird mit denen anderer Städte. Bitte deren Datei laden"
        )
    if benchmark.city.ars == settings.city.ars:
        raise BenchmarkFault(
            f"Die Datei nennt als Absender {city}, ist aber mit einem fremden Schlüssel unterschrieben. Bitte "
            "klären, von wem sie kommt"
        )
    if known is None:
        raise BenchmarkFault(
            f"Der Schlüssel {keys.fingerprint(x)} ist nicht bekannt; laut Datei ist er der von {city}. Bitte diese "
            "Stadt anrufen, sich den Fingerabdruck vorlesen lassen und den gehörten mit „python -m portalkompass "
            "benchmark trust DATEI --fingerprint …“ bestätigen"
        )
    if known.ars != benchmark.city.ars:
        raise BenchmarkFault(
            f"Die Datei nennt als Absender {city}, ist aber mit dem Schlüssel von {known.city} (ARS {known.ars}) "
            "unterschrieben. Bitte klären, von wem sie kommt"
        )
    return known


def _refuse_out_of_place(name: str, benchmark: Benchmark, settings: Settings) -> None:
    if benchmark.sample != settings.demo:
        kind = "Beispieldaten" if benchmark.sample else "echte Zahlen"
        place = "Beispieldaten" if settings.demo else "echten Zahlen"
        raise LoadError(f"{name}: Die Datei enthält {kind}; zu {place} werden sie nicht geladen.")
    today = settings.current_day()
    if benchmark.made_on > today or benchmark.last >= today:
        raise LoadError(
            f"{name}: Die Datei vom {german_day(benchmark.made_on)} reicht bis {german_day(benchmark.last)}; das liegt "
            "in der Zukunft. Bitte die Uhr dieses Rechners prüfen oder die Stadt fragen."
        )


def _rows(file_name: str, benchmark: Benchmark, city: str) -> tuple[list[dict[str, Any]], list[Rejection]]:
    """A row for each key and figure; the line of a rejected one is the number of its service in the file."""
    told = Counter(key for service in benchmark.services for key in service.keys)
    constants = {
        **{"ars": benchmark.city.ars, "first": benchmark.first, "last": benchmark.last},
        **{"city": city, "made_on": benchmark.made_on},
    }
    rows: list[dict[str, Any]] = []
    rejected: list[Rejection] = []
    for number, service in enumerate(benchmark.services, start=1):
        for key in service.keys or ("",):
            fault = _key_fault(key, told[key])
            for measure, figure in service.figures.items():
                column, value, reason = ("keys", key, fault) if fault else _figure_fault(measure, figure)
                if reason:
                    rejected.append(Rejection(file_name, number, column, value, f"{reason}."))
                else:
                    row = {"value": figure.value, "months": figure.months, "basis": figure.basis}
                    rows.append({**constants, "leika_key": key, "measure": measure, **row})
    return rows, rejected


def _key_fault(key: str, told: int) -> str:
    try:
        if service_key(key) != key:
            return NO_KEY
    except ValueError as error:
        return str(error)
    return "der Schlüssel steht bei mehreren Leistungen" if told > 1 else ""


def _figure_fault(measure: str, figure: Figure) -> tuple[str, str, str]:
    """Column, value and what is wrong with it; no reason for a figure that can be used."""
    from portalkompass.exchange.benchmark_file import SCALES

    if measure not in SCALES:
        shown = "".join(filter(str.isprintable, measure))[:100]
        return shown, str(figure.value), "unbekannte Kennzahl"
    low, high = SCALES[measure]
    if not (math.isfinite(figure.value) and low <= figure.value <= high):
        return measure, str(figure.value), f"liegt außerhalb der Skala von {low:g} bis {high:g}"
    if figure.basis is not None and figure.basis < SMALLEST:
        return measure, str(figure.basis), f"stammt aus weniger als {SMALLEST} Fällen"
    return measure, "", ""


def _import(connection: Connection, file: _File, settings: Settings, write: bool) -> ImportReport:
    count, rejected, benchmark = len(file.rows), len(file.rejected), file.benchmark
    balance = Balance("", count + rejected, count, 0, 0)
    because = too_little(balance)
    if not count and not rejected:
        raise LoadError(f"{file.name}: Die Datei nennt keine einzige Kennzahl. Bitte die Stadt fragen.")
    if not count or because:
        raise RowFaults(SOURCE, file.name, balance.rows, file.rejected, because=because)
    keys = sorted({row["leika_key"] for row in file.rows})
    own = services_with(connection, settings, keys)
    first, last = german_day(benchmark.first), german_day(benchmark.last)
    report = ImportReport(
        kind=BENCHMARK_FILE.name,
        file_name=file.name,
        source=SOURCE,
        site="",
        period_start=benchmark.first,
        period_end=benchmark.last,
        rows_in=count + rejected,
        rows_loaded=count,
        rows_rejected=rejected,
        message=f"Kennzahlen von {file.key.city}, {first} bis {last}: "
        f"{counted(len(keys), 'Leistungsschlüssel', 'Leistungsschlüssel')}, {counted(count, 'Wert', 'Werte')}; zu "
        f"{counted(own, 'Leistung', 'Leistungen')} der eigenen Liste passt ein Schlüssel.",
        warnings=(*rejected_warning(file.rejected, file.name), *balance_warnings(balance)),
        questions=_questions(connection, file),
        sample=tuple({name: _plain(row[name]) for name in _SAMPLE} for row in file.rows[:SAMPLE_ROWS]),
        recognised="Kennzahlen einer anderen Stadt",
        reasons=(f"unterschrieben mit dem Schlüssel von {file.key.city}",),
        contained=contained(balance),
        run_id=_store(connection, file, settings, balance) if write else "",
    )
    return report


_SAMPLE = ("city", "leika_key", "measure", "value", "basis", "months")


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else value


def _questions(connection: Connection, file: _File) -> tuple[str, ...]:
    """A person must say yes to replacing a period of the city.

    Raises:
        LoadError: just these figures, or newer ones, are loaded already.
    """
    if not present(connection, [BENCHMARKS]):
        return ()
    loaded = connection.execute(
        "SELECT leika_key, measure, value, months, basis, made_on FROM benchmarks "
        "WHERE ars = ? AND first = ? AND last = ?",
        list(file.period),
    ).fetchall()
    if not loaded:
        return ()
    same = {tuple(row) for row in loaded} == {
        tuple(row[name] for name in ("leika_key", "measure", "value", "months", "basis", "made_on"))
        for row in file.rows
    }
    newest = max(row[-1] for row in loaded)
    if same:
        raise LoadError(f"{file.name}: Diese Kennzahlen von {file.key.city} sind schon geladen.")
    if newest > file.benchmark.made_on:
        raise LoadError(
            f"{file.name}: Die geladene Datei von {file.key.city} für diesen Zeitraum ist neuer (vom "
            f"{german_day(newest)}). Bitte die neueste laden."
        )
    return (
        f"{file.name}: Von {file.key.city} sind für diesen Zeitraum schon Kennzahlen geladen "
        f"({counted(len(loaded), 'Wert', 'Werte')}, Datei vom {german_day(newest)}). Sollen sie durch diese Datei "
        "ersetzt werden?",
    )


def _store(connection: Connection, file: _File, settings: Settings, balance: Balance) -> str:
    """Put the file in the place of the same period of the same city; the id of the run, whose site is the city."""
    run = start_run(SOURCE, site=file.benchmark.city.ars, file_name=file.name)
    connection.execute("DELETE FROM benchmarks WHERE ars = ? AND first = ? AND last = ?", list(file.period))
    append(connection, BENCHMARKS, rows_of(BENCHMARKS, file.rows, import_id=run.run_id))
    note_list(connection, run, BENCHMARKS, file.benchmark.last, len(file.rows), settings)
    keep_aside(connection, run, file.rejected)
    outcome = Outcome(
        "partial" if file.rejected else "done",
        f"Kennzahlen von {file.key.city}: {counted(balance.rows_loaded, 'Wert', 'Werte')}.",
        rows_in=balance.rows,
        rows_loaded=balance.rows_loaded,
        rows_rejected=len(file.rejected),
        first_date=file.benchmark.first,
        last_date=file.benchmark.last,
    )
    finish_run(connection, run, outcome)
    return run.run_id


BENCHMARK_FILE = WholeFiles(
    name="benchmarks",
    split=lambda paths: split_off(paths, is_benchmark),
    handle=_handle,
    take_back=lambda connection, run_id, _settings: delete_import(connection, BENCHMARKS, run_id),
    dated=(SOURCE, BENCHMARKS, "last"),
)
