"""The commands of ``python -m portalkompass``: German text or JSON on stdout, faults as one sentence.

Exit codes: 0 done; 1 a fault of settings or data, one sentence on stderr; 2 wrong usage.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from typer.exceptions import TyperException

from portalkompass import german
from portalkompass.settings import Settings, SettingsError, load_settings

if TYPE_CHECKING:
    from portalkompass.answers import Filters
    from portalkompass.warehouse.reader import Warehouse

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Ergebnisse des Portalkompasses ohne Browser.",
    context_settings={"help_option_names": ["-h", "--help"]},
)


class RankingFormat(StrEnum):
    """How the ranking is written."""

    csv = "csv"
    json = "json"
    xlsx = "xlsx"


Demo = Annotated[bool, typer.Option("--demo", help="Beispieldaten statt der eigenen auswerten.")]


class NoData(Exception):
    """There is nothing to report on; the message says what to do."""


@app.callback()
def _root() -> None:
    """Keep the sub-commands named even while there are few."""


@app.command()
def figures(
    as_json: Annotated[bool, typer.Option("--json", help="Als JSON ausgeben.")] = False,
    first: Annotated[str, typer.Option("--from", help="Erster Tag, JJJJ-MM-TT.")] = "",
    last: Annotated[str, typer.Option("--to", help="Letzter Tag, JJJJ-MM-TT.")] = "",
    demo: Demo = False,
) -> None:
    """Kennzahlen, Position je Monat, Top-Seiten und Status der OZG-Leistungen."""
    start, end = _day(first, "--from"), _day(last, "--to")
    warehouse, settings = _open(demo)
    filters = _filters(warehouse, settings, start, end)
    from portalkompass.answers.overview.figures import figures as compute

    result = compute(warehouse, filters, settings)
    if as_json:
        _print_json(result)
    else:
        from portalkompass.commands.printing import print_figures

        print_figures(result, filters, settings)


@app.command()
def ranking(
    scenario: Annotated[
        str, typer.Option("--scenario", help="Mitgeliefertes oder gespeichertes Szenario.")
    ] = "",
    form: Annotated[
        RankingFormat | None, typer.Option("--format", help="csv, json oder xlsx statt der Tabelle.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="In diese Datei statt auf die Ausgabe.")] = None,
    demo: Demo = False,
) -> None:
    """Reihenfolge der anstehenden OZG-Leistungen je Bahn."""
    if form is RankingFormat.xlsx and out is None and sys.stdout.isatty():
        raise typer.BadParameter("--format xlsx braucht --out DATEI.")
    if form is None and out is not None:
        raise typer.BadParameter("--out braucht --format csv, json oder xlsx.")
    warehouse, settings = _open(demo)
    from portalkompass.answers.workshop.decision import ranking_rows
    from portalkompass.answers.workshop.ranking_export import ranked, ranking_exhibit
    from portalkompass.prioritisation import PrioritisationError
    from portalkompass.workspace import WorkspaceError

    try:
        question, decision = ranked(warehouse, settings, scenario or None)
    except (PrioritisationError, WorkspaceError) as error:
        raise NoData(str(error)) from None
    if decision.ranking.empty:
        raise NoData(
            "Es gibt keine anstehenden Leistungen zu reihen. "
            "Nächster Schritt: „python -m etl import data/ozg_services.csv“."
        )
    if form is RankingFormat.json:
        _write(json.dumps(ranking_rows(decision), ensure_ascii=False, indent=2, allow_nan=False) + "\n", out)
    elif form is not None:
        from portalkompass.exports import files

        spreadsheet = next(known for known in files.FORMATS if known.id == form)
        _write(files.make(ranking_exhibit(question, decision), spreadsheet), out)
    else:
        from portalkompass.commands.printing import print_ranking

        print_ranking(ranking_exhibit(question, decision))


@app.command()
def deck(
    out: Annotated[Path, typer.Argument(help="Die Datei, die entsteht (.pptx).", metavar="OUT.pptx")],
    first: Annotated[str, typer.Option("--from", help="Erster Tag, JJJJ-MM-TT.")] = "",
    last: Annotated[str, typer.Option("--to", help="Letzter Tag, JJJJ-MM-TT.")] = "",
    as_of: Annotated[str, typer.Option("--as-of", help="Stand der OZG-Liste, JJJJ-MM-TT.")] = "",
    since: Annotated[str, typer.Option("--since", help="Tag des letzten Berichts, JJJJ-MM-TT.")] = "",
    demo: Demo = False,
) -> None:
    """Der Bericht „Sachstand Digitalisierung“ als PowerPoint-Datei."""
    if out.suffix.lower() != ".pptx":
        raise typer.BadParameter("Die Datei muss auf .pptx enden.")
    start, end = _day(first, "--from"), _day(last, "--to")
    stand, before = _day(as_of, "--as-of"), _day(since, "--since")
    warehouse, settings = _open(demo)
    if settings.distributed:
        raise NoData("Der Bericht ist auf dieser Datenbasis (Spark) nicht verfügbar.")
    filters = _filters(warehouse, settings, start, end)
    from portalkompass.answers.report.report import slides
    from portalkompass.exports.files import deck_file
    from portalkompass.exports.images.image_worker import ImageFault
    from portalkompass.exports.slides.deck import NotASlide
    from portalkompass.exports.slides.template import Look, TemplateError
    from portalkompass.workspace import WorkspaceError, workspace_of

    try:
        made = slides(
            warehouse,
            workspace_of(settings),
            filters,
            settings,
            as_of=stand,
            since=before,
        )
        _write(deck_file(made, Look(**settings.slides.model_dump())), out)
    except (TemplateError, ImageFault, NotASlide, WorkspaceError) as error:
        raise NoData(str(error)) from None
    typer.echo(f"{out} geschrieben{' (Beispieldaten)' if made.sample else ''}.")


@app.command()
def prepare(demo: Demo = False) -> None:
    """Erste Ansicht, Chancen und Auffälligkeiten der üblichen Zeiträume vorab ausrechnen; nach jedem Laden."""
    warehouse, settings = _open(demo)
    from portalkompass.screens import disk_cache
    from portalkompass.workspace import workspace_of

    try:
        number = disk_cache.prepare(warehouse, workspace_of(settings), settings)
    except OSError as error:
        raise NoData(
            f"Der Ordner {settings.warehouse_dir} ist nicht beschreibbar ({error.strerror})."
        ) from None
    typer.echo(f"{german.count(number, 'Antwort liegt', 'Antworten liegen')} bereit.")


@app.command()
def backup(
    out: Annotated[Path, typer.Argument(help="Neue Datei oder ein Ordner.", metavar="ZIEL")],
    keep: Annotated[
        int, typer.Option("--keep", min=0, help="Im Ordner nur so viele Sicherungen behalten; 0 = alle.")
    ] = 0,
    demo: Demo = False,
) -> None:
    """Datenstände, Arbeitsbereich und Datendateien in eine Datei sichern; App und Laden laufen weiter."""
    from portalkompass.operations import SafekeepingError, back_up

    try:
        written = back_up(_settings(demo), out, keep=keep)
    except SafekeepingError as error:
        raise NoData(str(error)) from None
    typer.echo(
        f"{written.path}: {german.count(len(written.manifest.files), 'Datei', 'Dateien')}, "
        f"{written.size / 1e6:.1f} MB, {written.manifest.stand}. Zurückgelesen und geprüft."
    )
    if written.removed:
        typer.echo(f"{german.count(written.removed, 'ältere Sicherung', 'ältere Sicherungen')} gelöscht.")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="Eine Sicherung.", metavar="DATEI")],
    check_only: Annotated[bool, typer.Option("--check", help="Nur prüfen, nichts verändern.")] = False,
    demo: Demo = False,
) -> None:
    """Eine Sicherung prüfen und ganz zurückspielen; der jetzige Stand wird beiseitegelegt."""
    from portalkompass import operations

    settings = _settings(demo)
    try:
        if check_only:
            found = operations.check(file, settings)
            typer.echo(
                f"Die Sicherung ist unversehrt: {german.count(len(found.files), 'Datei', 'Dateien')}, {found.stand}."
            )
            return
        done = operations.restore(settings, file)
    except operations.SafekeepingError as error:
        raise NoData(str(error)) from None
    typer.echo(
        f"Zurückgespielt: {german.count(len(done.manifest.files), 'Datei', 'Dateien')}, {done.manifest.stand}."
    )
    typer.echo(f"Der vorige Stand liegt in {done.aside}.")


@app.command()
def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Nur zählen, nichts löschen.")] = False,
    demo: Demo = False,
) -> None:
    """Löschen, was nach den eingestellten Fristen (docs/privacy.md) zu löschen ist."""
    from portalkompass.operations.retention import apply_retention
    from portalkompass.workspace import WorkspaceError, workspace_of

    settings = _settings(demo)
    try:
        found = apply_retention(settings, workspace_of(settings), dt.datetime.now(dt.UTC), dry_run=dry_run)
    except WorkspaceError as error:
        raise NoData(str(error)) from None
    except OSError as error:
        raise NoData(f"Ein beiseitegelegter Stand lässt sich nicht löschen ({error.strerror}).") from None
    typer.echo(
        f"{'Zu löschen' if dry_run else 'Gelöscht'}: Protokollzeilen {found.audit_lines}, "
        f"Stimmzettel {found.ballots}, beiseitegelegte Stände {found.laid_aside}."
    )


def _finish_restore(settings: Settings) -> None:
    """A restore that was killed half-way is finished before anything is read."""
    from portalkompass.operations import SafekeepingError, finish_pending

    try:
        if finish_pending(settings):
            typer.echo("Eine unterbrochene Rückspielung wurde zu Ende geführt.", err=True)
    except SafekeepingError as error:
        raise NoData(str(error)) from None


def _settings(demo: bool) -> Settings:
    settings = load_settings()
    return settings.as_demo() if demo else settings


def _open(demo: bool) -> tuple[Warehouse, Settings]:
    """The warehouse to report on.

    Raises:
        NoData: nothing was loaded yet.
    """
    from portalkompass.warehouse import snapshots
    from portalkompass.warehouse.reader import NOTHING_PUBLISHED, open_published

    settings = snapshots.in_use(load_settings(), demo=demo)
    _finish_restore(settings)
    warehouse = open_published(settings)
    if warehouse.name == NOTHING_PUBLISHED:
        step = "python -m etl demo" if demo else "python -m etl run“ oder „python -m etl import DATEI"
        raise NoData(f"Es sind noch keine Daten geladen. Nächster Schritt: „{step}“.")
    return warehouse, settings


def _filters(
    warehouse: Warehouse, settings: Settings, first: dt.date | None, last: dt.date | None
) -> Filters:
    from dataclasses import replace

    from portalkompass.answers import default_filters

    chosen = default_filters(warehouse, settings)
    start, end = first or chosen.start, last or chosen.end
    if start > end:
        raise typer.BadParameter(f"Der erste Tag ({start}) liegt nach dem letzten ({end}).")
    return replace(chosen, start=start, end=end)


def _day(text: str, option: str) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{option}: „{text}“ ist kein Tag der Form JJJJ-MM-TT.") from None


def _print_json(result: object) -> None:
    _write(json.dumps(result, ensure_ascii=False, indent=2, allow_nan=False) + "\n", None)


def _write(content: str | bytes, out: Path | None) -> None:
    """To the file or to stdout, always UTF-8 whatever the terminal's code page."""
    raw = content.encode("utf-8") if isinstance(content, str) else content
    if out is None:
        sys.stdout.buffer.write(raw)
        sys.stdout.buffer.flush()
        return
    try:
        out.write_bytes(raw)
    except OSError as error:
        raise NoData(f"{out} lässt sich nicht schreiben ({error.strerror}).") from None


def run() -> None:
    """Run the commands; a fault leaves with its sentence and exit code 1, never with a traceback."""
    from portalkompass.warehouse.engine import WarehouseError

    try:
        code = app(standalone_mode=False)
    except typer.Abort:
        _leave("Abgebrochen.", 1)
    except (SettingsError, NoData, WarehouseError) as error:
        _leave(str(error), 1)
    except TyperException as error:
        _leave(_usage_fault(str(error)), 2)
    raise SystemExit(code or 0)


_ENGLISH = {
    "No such option:": "Unbekannte Option",
    "No such command": "Unbekannter Befehl",
    "Got unexpected extra argument": "Unerwartetes Argument",
    "Got unexpected extra arguments": "Unerwartete Argumente",
    "requires an argument.": "braucht einen Wert.",
    "Missing argument": "Es fehlt das Argument",
    "Value error, ": "",
    "Invalid value for": "Ungültiger Wert für",
    "is not one of": "ist nicht vorgesehen; erlaubt:",
}


def _usage_fault(message: str) -> str:
    """The command library speaks English; without a message it has printed the help itself."""
    if not message:
        return "Bitte einen Befehl angeben."
    for english, translated in _ENGLISH.items():
        message = message.replace(english, translated)
    return f"Falscher Aufruf: {message.rstrip('.')}. Hilfe: python -m portalkompass --help"


def _leave(sentence: str, code: int) -> NoReturn:
    sys.stderr.buffer.write(f"{sentence}\n".encode())
    raise SystemExit(code) from None
