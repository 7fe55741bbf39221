"""`python -m etl`: load, check and describe the warehouse. Exit codes: 0 done, 1 fault, 2 wrong usage."""

from __future__ import annotations

import datetime as dt
import io
import json
import logging
import re
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Annotated, NoReturn

import duckdb
import typer

from etl.console import complain, progress, say
from etl.demo.scale.sizes import Scale
from etl.errors import LoadError
from etl.operations.notify import notify
from etl.reports import counted
from etl.sources.registry import SOURCES, configured_sources
from etl.sources.source import Source
from etl.store.machine_faults import sentence_of
from portalkompass.logs import configure
from portalkompass.operations import SafekeepingError, finish_pending
from portalkompass.settings import Settings, SettingsError, load_settings
from portalkompass.warehouse import waiting
from portalkompass.warehouse.snapshots import in_use, published

LOG = logging.getLogger("etl")
TOLD = ("run", "status --check")
"""Commands of the timers: when they fail, nobody sits in front of them."""

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Lädt Quellen in das Datenlager von Portalkompass.",
)

Demo = Annotated[bool, typer.Option("--demo", help="Mit dem Ordner der Beispieldaten arbeiten.")]
AsJson = Annotated[bool, typer.Option("--json", help="Ausgabe als JSON.")]
Day = typer.Option(metavar="JJJJ-MM-TT", formats=["%Y-%m-%d"])


def _settings(demo: bool) -> Settings:
    """The settings to write with; a restore that was killed half-way is finished or laid aside first."""
    settings = load_settings()
    chosen = settings.as_demo() if demo else settings
    try:
        if told := finish_pending(chosen):
            complain(told)
    except SafekeepingError as fault:
        raise LoadError(str(fault)) from None
    return chosen


def _date(value: dt.datetime | None) -> dt.date | None:
    return value.date() if value else None


def _period(text: str | None) -> tuple[dt.date, dt.date] | None:
    """A period as typed.

    Raises:
        LoadError: it is none.
    """
    if not text:
        return None
    from etl.files.german_numbers import parse_period

    try:
        return parse_period(text)
    except ValueError as error:
        raise LoadError(
            f"Der Zeitraum „{text}“ lässt sich nicht lesen ({error}). Erlaubt sind etwa 2025-11, KW 45 "
            f"2025, Q4 2025 oder "
            "2025-11-01 - 2025-11-15."
        ) from None


def _say_all(sentences: Iterable[str]) -> None:
    for sentence in sentences:
        say(sentence)


@app.command()
def demo(
    if_needed: Annotated[
        bool, typer.Option("--if-needed", help="Nur wenn keine Quelle eingerichtet und nichts geladen ist.")
    ] = False,
    scale: Annotated[
        Scale | None,
        typer.Option(
            help="Große Beispieldaten im eigenen Ordner: city oder large (24 Mio. Zeilen, 300 Kommunen)."
        ),
    ] = None,
) -> None:
    """Beispieldaten aufbauen: ein erfundenes Portal, durch den echten Extraktor geladen."""
    settings = load_settings()
    if scale is not None:
        from etl.demo.scale import build as scaled

        with progress() as step:
            _say_all(scaled.build(scaled.settings_of(settings, scale), scale, step))
        return
    from etl.demo.build import build

    if if_needed and (published(in_use(settings).warehouse_dir) or configured_sources(settings)):
        return
    with progress() as step:
        _say_all(build(settings.as_demo(), step))


@app.command()
def run(demo: Demo = False) -> None:
    """Alle eingerichteten Quellen auf den neuesten Stand bringen."""
    from etl.operations.run import run_all

    with progress() as step:
        _say_all(run_all(_settings(demo), step))


def _add_pull_command(source: Source) -> None:
    def pull(
        since: Annotated[dt.datetime | None, Day] = None,
        until: Annotated[dt.datetime | None, Day] = None,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Nur den Plan zeigen.")] = False,
        check: Annotated[bool, typer.Option("--check", help="Zugang prüfen und sagen, was fehlt.")] = False,
        demo: Demo = False,
    ) -> None:
        settings = _settings(demo)
        if check or dry_run:
            with progress() as step:
                told = (
                    source.check(settings, step)
                    if check
                    else source.describe(settings, _date(since), _date(until), step)
                )
            _say_all(told)
            return
        with progress() as step:
            report = source.pull(settings, _date(since), _date(until), step)
        _say_all(report.sentences())
        if report.capped_days:
            cut = counted(report.capped_days, "Tag hat", "Tage hat")
            say(f"{cut} Google bei 50.000 Zeilen abgeschnitten und gekennzeichnet.")

    app.command(source.command, help=source.summary)(pull)


for _source in SOURCES:
    _add_pull_command(_source)


@app.command("import")
def import_files(
    files: Annotated[list[Path], typer.Argument(metavar="DATEI|ORDNER…")],
    site: Annotated[str | None, typer.Option(help="Property, zu der die Daten gehören.")] = None,
    as_of: Annotated[dt.datetime | None, Day] = None,
    profile: Annotated[str | None, typer.Option(help="Gespeicherte Spaltenzuordnung.")] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Prüfen und zeigen, nichts laden.")] = False,
    edited_by: Annotated[str | None, typer.Option(help="Wer die OZG-Liste bearbeitet hat.")] = None,
    base: Annotated[
        str, typer.Option(help="Ladevorgang, dessen Stand der Bearbeitung zugrunde liegt (mit --edited-by).")
    ] = "",
    period: Annotated[
        str | None,
        typer.Option(metavar="ZEITRAUM", help="Zeitraum, wenn die Datei keinen nennt: 2025-11, KW 45 2025."),
    ] = None,
    decisions: Annotated[
        Path | None,
        typer.Option(
            metavar="DATEI",
            help="Zum Leistungsverzeichnis: CSV „name;service_id“, welche Leistung gemeint ist (leer: eigene).",
        ),
    ] = None,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Rückfragen der Prüfung mit Ja beantworten.")
    ] = False,
    as_json: AsJson = False,
    demo: Demo = False,
) -> None:
    """Dateien laden: Search-Console-Exporte, Portal-Dateien, OZG-Liste, Leistungsverzeichnis, Open-PVOG."""
    from etl.operations.archive import is_archive, read_back
    from etl.operations.imports import import_paths
    from etl.sources.directory.decisions import proposed, read_decisions
    from etl.sources.file_kind import Edit

    if len(files) == 1 and is_archive(files[0]) and not preview:
        say(read_back(_settings(demo), files[0]))
        return
    reports = import_paths(
        files,
        _settings(demo),
        site=site,
        as_of=_date(as_of),
        profile=profile,
        edit=Edit(edited_by, base) if edited_by is not None else None,
        period=_period(period),
        decisions=read_decisions(decisions) if decisions else None,
        confirmed=confirm,
        preview=preview,
    )
    if as_json:
        say(
            json.dumps({"reports": [report.as_json() for report in reports]}, ensure_ascii=False, default=str)
        )
        return
    for report in reports:
        say(report.message)
        if report.contained:
            say(report.contained)
        if preview and report.recognised:
            say(f"Erkannt als {report.recognised} ({'; '.join(report.reasons)}).")
        if preview:
            _say_all(proposed(report))
        _say_all(f"Hinweis: {warning}" for warning in report.warnings)
        _say_all(f"Rückfrage: {question}" for question in report.questions)


@app.command()
def status(
    as_json: AsJson = False,
    check: Annotated[
        bool,
        typer.Option("--check", help="Code 1, wenn Daten zu alt sind oder der Betrieb bald gestört ist."),
    ] = False,
    demo: Demo = False,
) -> None:
    """Je Quelle: erster und letzter Tag, Lücken, vorläufige Tage."""
    from etl.operations.monitoring import concerns
    from etl.operations.status import holdings, stale

    settings = in_use(load_settings().beside_the_lake(), demo=demo)
    pause = waiting.sentence(settings.warehouse_dir)
    if pause and not as_json:
        say(f"Ein Ladevorgang wartet: {pause}.")
    held = holdings(settings)
    if check:
        faults = [*concerns(settings), *stale(held, settings)]
        if faults:
            raise LoadError(" ".join(faults))
        say(f"Die Daten sind aktuell (höchstens {settings.operations.stale_after_days} Tage alt).")
        return
    if as_json:
        told = {"waiting": pause, "holdings": [holding.as_json() for holding in held]}
        say(json.dumps(told, ensure_ascii=False))
        return
    if not held:
        say("Noch nichts geladen. Nächster Schritt: „python -m etl run“ oder „python -m etl demo“.")
    for h in held:
        days = f"{h.first:%d.%m.%Y} bis {h.last:%d.%m.%Y}" if h.first and h.last else "ohne Datum"
        place = " ".join(part for part in (h.site, h.search_type) if part)
        say(
            f"{h.source:<15} {h.grain:<22} {days}  {h.rows:>9} {'Zeile' if h.rows == 1 else 'Zeilen'}, "
            f"{counted(h.missing_days, 'Tag fehlt', 'Tage fehlen')}, {h.provisional_days} vorläufig, "
            f"{h.capped_days} abgeschnitten  {place}"
        )


@app.command()
def verify(demo: Demo = False) -> None:
    """Unversehrtheit prüfen (Fehler: Code 1) und Summen abgleichen (Hinweise mit Zahlen)."""
    from etl.operations.verify import verify as verify_snapshot

    result = verify_snapshot(in_use(load_settings().beside_the_lake(), demo=demo))
    _say_all(result.hidden)
    _say_all(f"Hinweis: {warning}" for warning in result.warnings)
    if result.faults:
        raise LoadError(" ".join(result.faults))
    say(result.summary)


@app.command("columns")
def columns(
    file: Annotated[Path, typer.Argument(metavar="DATEI")],
) -> None:
    """Spalten einer unbekannten Datei mit einem Vorschlag zur Zuordnung, als JSON."""
    from etl.operations.inspection import inspect

    say(json.dumps(inspect(file, load_settings()), ensure_ascii=False))


@app.command("undo")
def undo_import(
    run_id: Annotated[
        str, typer.Argument(metavar="LADEVORGANG", help="Kennung aus der Liste unter „Daten“.")
    ],
    demo: Demo = False,
) -> None:
    """Einen Import zurücknehmen: genau das, was er geladen hat."""
    from etl.operations.undo import undo

    say(undo(_settings(demo), run_id))


@app.command("reread")
def reread_imports(
    run_id: Annotated[
        str | None, typer.Argument(metavar="LADEVORGANG", help="Kennung aus der Liste unter „Daten“.")
    ] = None,
    all_older: Annotated[
        bool, typer.Option("--all-older", help="Alle Importe, die eine frühere Version gelesen hat.")
    ] = False,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Rückfragen der Prüfung mit Ja beantworten.")
    ] = False,
    demo: Demo = False,
) -> None:
    """Importe aus ihren aufbewahrten Originalen neu lesen, mit der heutigen Version; alle oder keinen."""
    from etl.operations.reread import reread, reread_older

    if (run_id is None) != all_older:
        raise typer.BadParameter("Nötig ist genau eines: ein LADEVORGANG oder --all-older.")
    if run_id is not None:
        _say_all(reread(_settings(demo), run_id, confirmed=confirm))
    else:
        _say_all(reread_older(_settings(demo), confirmed=confirm))


@app.command("lake")
def lake(
    folder: Annotated[Path, typer.Argument(metavar="ORDNER", file_okay=False)],
    demo: Demo = False,
) -> None:
    """Den veröffentlichten Stand als Parquet nach Property und Monat schreiben, für ein verteiltes System."""
    from etl.operations.lake import write_lake

    settings = in_use(load_settings().beside_the_lake(), demo=demo)
    with progress() as step:
        written = write_lake(settings, folder, step)
    say(written.sentence)


@app.command("export")
def export_archive(
    folder: Annotated[Path, typer.Argument(metavar="ORDNER", file_okay=False)],
    demo: Demo = False,
) -> None:
    """Alles als Parquet mit Schema ausgeben, für Jahrzehnte; „import“ liest es in einen leeren Ordner zurück."""
    from etl.operations.archive import export

    say(export(in_use(load_settings().beside_the_lake(), demo=demo), folder))


@app.command()
def rollback(demo: Demo = False) -> None:
    """Auf den Stand vor dem letzten Laden zurückstellen."""
    from etl.store.publish import rollback as roll_back

    before, after = roll_back(_settings(demo))
    say(f"Zurückgestellt: {before} → {after}.")


def main() -> None:
    """Run a command; faults become one German sentence on stderr, and reach whoever is to be told."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    began = time.monotonic()
    with suppress(SettingsError):  # the command itself says so
        if load_settings().operations.log == "json":
            configure("json")
    try:
        app()
    except (LoadError, SettingsError) as fault:
        _leave(str(fault), began)
    except (OSError, duckdb.Error) as fault:
        _leave(sentence_of(fault), began)


def _leave(sentence: str, began: float) -> NoReturn:
    complain(sentence)
    try:
        settings = load_settings()
    except SettingsError:
        sys.exit(1)
    command = " ".join(one for one in sys.argv[1:3] if re.fullmatch(r"[a-z-]{1,30}", one))
    if settings.operations.log == "json":
        configure("json")
        fields = {"command": command, "seconds": round(time.monotonic() - began, 3), "exit_code": 1}
        LOG.error(sentence, extra={"fields": fields})
    if command in TOLD:
        for fault in notify(settings, command, sentence):
            complain(fault)
    sys.exit(1)


if __name__ == "__main__":
    main()
