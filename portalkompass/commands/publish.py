"""The report as a static site that everybody can read, without a login."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from filelock import FileLock, Timeout

from portalkompass import german
from portalkompass.commands.opening import Demo, NoData
from portalkompass.commands.report_slides import (
    AsOf,
    ReportName,
    Since,
    days_of,
    opened,
    saved,
    standard,
    told_faults,
)
from portalkompass.commands.results import FirstDay, LastDay

LOCK = "publish.lock"


def publish(
    folder: Annotated[
        Path, typer.Argument(help="Der Ordner, in dem die Seite entsteht oder erneuert wird.", metavar="DIR")
    ],
    first: FirstDay = "",
    last: LastDay = "",
    as_of: AsOf = "",
    since: Since = "",
    report: ReportName = "",
    demo: Demo = False,
) -> None:
    """Der Bericht als öffentliche Seite ohne Anmeldung, mit offenen Daten und Einträgen nach DCAT-AP.de."""
    days = days_of(first, last, as_of, since, report)
    warehouse, settings = opened(demo)
    from portalkompass.exports.files import site_files
    from portalkompass.exports.public.site import INDEX
    from portalkompass.operations import published_folder
    from portalkompass.screens import publication

    if sentence := publication.missing(settings):
        raise NoData(sentence)
    with told_faults():
        if report:
            slides = saved(report, warehouse, settings).for_everybody.slides
        else:
            slides = standard(days, warehouse, settings)
        files, closed = site_files(slides, publication.terms_of(settings), settings.current_day())
        try:
            with FileLock(settings.data_dir / LOCK, timeout=settings.writer_wait_seconds):
                written = published_folder.publish(files, folder, INDEX)
        except Timeout:
            raise NoData("Es wird gerade schon veröffentlicht. Bitte später erneut versuchen.") from None
    typer.echo(
        f"{folder / INDEX} veröffentlicht{' (Beispieldaten)' if slides.sample else ''}: "
        f"{german.count(written.new, 'Datei', 'Dateien')} neu, {german.number(written.replaced)} erneuert, "
        f"{german.number(written.removed)} entfernt."
    )
    for headline in slides.left_out:
        typer.echo(f"Nicht auf der Seite: {headline}.")
    for headline in closed:
        typer.echo(f"Nicht auf der Seite, weil es einzelne Suchanfragen nennt: {headline}.")
    for sentence in publication.lacking(settings):
        typer.echo(sentence)
