"""Commands that keep an installation: answers made ahead, backup, restore, retention."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from portalkompass import german
from portalkompass.commands.opening import Demo, NoData, as_no_data, open_warehouse, settings_of


def prepare(demo: Demo = False) -> None:
    """Erste Ansicht, Chancen und Auffälligkeiten der üblichen Zeiträume vorab ausrechnen; nach jedem Laden."""
    warehouse, settings = open_warehouse(demo)
    from portalkompass.operations.errors import reason
    from portalkompass.screens import disk_cache
    from portalkompass.workspace import workspace_of

    try:
        number = disk_cache.prepare(warehouse, workspace_of(settings), settings)
    except OSError as error:
        raise NoData(
            f"Die Antworten lassen sich nicht in {settings.warehouse_dir} ablegen: {reason(error)}."
        ) from None
    typer.echo(f"{german.count(number, 'Antwort liegt', 'Antworten liegen')} bereit.")


def backup(
    out: Annotated[Path, typer.Argument(help="Neue Datei oder ein Ordner.", metavar="ZIEL")],
    keep: Annotated[
        int, typer.Option("--keep", min=0, help="Im Ordner nur so viele Sicherungen behalten; 0 = alle.")
    ] = 0,
    with_originals: Annotated[
        bool, typer.Option("--with-originals", help="Auch die aufbewahrten Originale der Importe.")
    ] = False,
    demo: Demo = False,
) -> None:
    """Datenstände, Arbeitsbereich und Datendateien in eine Datei sichern; App und Laden laufen weiter."""
    from portalkompass.operations import SafekeepingError, back_up, finish_pending

    settings = settings_of(demo)
    with as_no_data(SafekeepingError):
        if told := finish_pending(settings):
            typer.echo(told, err=True)
        written = back_up(settings, out, keep=keep, with_originals=with_originals)
    typer.echo(
        f"{written.path}: {german.count(len(written.manifest.files), 'Datei', 'Dateien')}, "
        f"{written.size / 1e6:.1f} MB, {written.manifest.stand}. Zurückgelesen und geprüft."
    )
    if written.removed:
        typer.echo(f"{german.count(written.removed, 'ältere Sicherung', 'ältere Sicherungen')} gelöscht.")
    if written.stuck:
        number = german.count(written.stuck, "ältere Sicherung", "ältere Sicherungen")
        raise NoData(f"Die Sicherung ist fertig, aber {number} ließen sich nicht löschen.")


def restore(
    file: Annotated[Path, typer.Argument(help="Eine Sicherung.", metavar="DATEI")],
    check_only: Annotated[bool, typer.Option("--check", help="Nur prüfen, nichts verändern.")] = False,
    as_saved: Annotated[
        bool,
        typer.Option(
            "--as-saved",
            help="Für die frühere Version: Arbeitsbereich in der Form der Sicherung; die App steht still.",
        ),
    ] = False,
    demo: Demo = False,
) -> None:
    """Eine Sicherung prüfen und ganz zurückspielen; der jetzige Stand wird beiseitegelegt."""
    from portalkompass import operations

    settings = settings_of(demo)
    with as_no_data(operations.SafekeepingError):
        if check_only:
            found = operations.check(file, settings)
            number = german.count(len(found.files), "Datei", "Dateien")
            typer.echo(f"Die Sicherung ist unversehrt: {number}, {found.stand}.")
            return
        done = operations.restore(settings, file, as_saved=as_saved)
    if done.pending:
        typer.echo(done.pending, err=True)
    number = german.count(len(done.manifest.files), "Datei", "Dateien")
    typer.echo(f"Zurückgespielt: {number}, {done.manifest.stand}.")
    if done.without_workspace:
        typer.echo("Die Sicherung enthielt keinen Arbeitsbereich; er ist jetzt leer.")
    typer.echo(f"Der vorige Stand liegt in {done.aside}.")


def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Nur zählen, nichts löschen.")] = False,
    demo: Demo = False,
) -> None:
    """Löschen, was nach den eingestellten Fristen (docs/privacy.md) zu löschen ist."""
    from portalkompass.operations.retention import apply_retention
    from portalkompass.workspace import WorkspaceError, workspace_of

    settings = settings_of(demo)
    try:
        found = apply_retention(settings, workspace_of(settings), dt.datetime.now(dt.UTC), dry_run=dry_run)
    except WorkspaceError as error:
        raise NoData(str(error)) from None
    typer.echo(
        f"{'Zu löschen' if dry_run else 'Gelöscht'}: Protokollzeilen {found.audit_lines}, "
        f"Stimmzettel {found.ballots}, beiseitegelegte Stände {found.laid_aside}, Originale {found.originals}."
    )
    if found.stuck:
        places = ", ".join(map(str, found.stuck))
        raise NoData(f"Nicht löschen ließen sich: {places}. Bitte die Rechte prüfen.")
