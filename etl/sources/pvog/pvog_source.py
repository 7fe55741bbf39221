"""Open-PVOG's interface as one of the network sources: the list of the city and those of its neighbours."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from etl.console import Step
from etl.errors import LoadError
from etl.reports import ImportReport, german_count
from etl.sources.pace import Pace
from etl.sources.source import Day, DayTable, Feed, PullReport
from etl.sources.waiting import teller
from portalkompass.settings import Settings

name = "pvog"
label = "Open-PVOG"
command = "open-pvog"
summary = "Onlinedienste der Stadt und ihrer Nachbarn über die Schnittstelle von Open-PVOG laden."
needed_settings = "pvog.url"
day_tables: tuple[DayTable, ...] = ()


@dataclass
class Lists(PullReport):
    """A pull of lists, which have no days."""

    def sentences(self) -> list[str]:
        """German: what was loaded, then what to know about it."""
        lists = "1 Liste" if self.days == 1 else f"{german_count(self.days)} Listen"
        return [
            f"{lists} mit {german_count(self.rows)} Onlinediensten geladen.",
            *(f"Hinweis: {warning}" for warning in self.warnings),
        ]


def configured(settings: Settings) -> bool:
    """Whether an address is named."""
    return bool(settings.pvog.url)


def check(settings: Settings, progress: Step | None = None) -> list[str]:
    """Whether the city's list can be had."""
    from etl.sources.pvog.client import Client
    from etl.sources.retries import Stopped

    client = Client(settings.pvog, Pace(settings.pvog.requests_per_second, teller(None, progress)))
    try:
        rows = len(client.list_of(settings.city.ars).splitlines()) - 1
    except Stopped as stop:
        raise LoadError(str(stop)) from None
    return [f"Open-PVOG unter {client.host} antwortet: {german_count(rows)} Zeilen für {settings.city.name}."]


def describe(settings: Settings, since: Day, until: Day, progress: Step | None = None) -> list[str]:
    """Which lists a pull would fetch; they have no days."""
    return [f"{title} (ARS {ars})" for title, ars in _areas(settings)]


def _areas(settings: Settings) -> list[tuple[str, str]]:
    return [
        (settings.city.name, settings.city.ars),
        *((one.name, one.ars) for one in settings.city.neighbours),
    ]


def pull(settings: Settings, since: Day, until: Day, progress: Step | None) -> PullReport:
    """The city's list and those of its neighbours; a neighbour's that cannot be had is a warning.

    A list that needs a person's yes is not loaded: the sentence says so.
    """
    from etl.sources.pvog.client import Client
    from etl.sources.retries import Refused, Stopped

    pace = Pace(settings.pvog.requests_per_second, teller(None, progress))
    client, told = Client(settings.pvog, pace), Lists()
    with tempfile.TemporaryDirectory(prefix="open-pvog-") as folder:
        for number, (title, ars) in enumerate(_areas(settings)):
            try:
                path = Path(folder) / f"open-pvog-{ars}.csv"
                path.write_bytes(client.list_of(ars))
                report = _load(settings, path)
            except (Refused, Stopped, LoadError) as fault:
                if not number:
                    raise LoadError(str(fault)) from None
                told.warnings.append(f"{title}: {fault}")
                continue
            told.days += 1
            told.rows += report.rows_loaded
            told.warnings += [f"{title}: {warning}" for warning in report.warnings]
            if progress:
                progress(label, number + 1, len(_areas(settings)))
    told.requests = pace.requests
    return told


def _load(settings: Settings, path: Path) -> ImportReport:
    """Check and store one list as a file of the same name would be.

    Raises:
        LoadError: as the import of the file, or a person must be asked first.
    """
    from etl.files.archives import SourceFile
    from etl.files.tabular import read_sheets
    from etl.sources.file_kind import ImportRequest
    from etl.sources.pvog.online_services import ONLINE_SERVICE_LIST
    from etl.store.ledger import Outcome, finish_run, start_run
    from etl.store.load import transaction
    from etl.store.publish import draft

    file = SourceFile(path, "", path.name, "", "")
    (sheet,) = read_sheets(file)
    with draft(settings) as connection, transaction(connection):
        checked = ONLINE_SERVICE_LIST.check(connection, [(file, sheet)], (), ImportRequest(settings))
        report = checked.report
        if report.questions:
            raise LoadError(
                f"{' '.join(report.questions)} Bitte die Liste als Datei laden und es dort bestätigen."
            )
        run = start_run(name)
        checked.store(connection, run)
        finish_run(
            connection,
            run,
            Outcome(
                "done",
                report.message,
                requests=1,
                rows_in=report.rows_in,
                rows_loaded=report.rows_loaded,
                rows_rejected=report.rows_rejected,
                first_date=report.period_start,
                last_date=report.period_end,
            ),
        )
    return report


def feeds(settings: Settings) -> list[Feed]:
    """None: a list has no day that must arrive."""
    return []
