"""The report as a file, and an edited presentation of it brought up to date."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from portalkompass.commands.opening import Demo, write
from portalkompass.commands.report_slides import (
    AsOf,
    Days,
    ReportName,
    Since,
    days_of,
    opened,
    saved,
    standard,
    told_faults,
)
from portalkompass.commands.results import FirstDay, LastDay
from portalkompass.settings import Settings

if TYPE_CHECKING:
    from portalkompass.exports.slides.living.origin import Origin
    from portalkompass.slide_set import SlideSet
    from portalkompass.warehouse.reader import Warehouse

ENDINGS = (".pptx", ".pdf", ".docx")
Made: TypeAlias = "tuple[SlideSet, Origin | None]"


def deck(
    out: Annotated[
        Path | None,
        typer.Argument(help="Die Datei, die entsteht: .pptx, .pdf (barrierefrei) oder .docx.", metavar="OUT"),
    ] = None,
    first: FirstDay = "",
    last: LastDay = "",
    as_of: AsOf = "",
    since: Since = "",
    report: ReportName = "",
    handout: Annotated[
        bool,
        typer.Option("--handout", help="Ein Handzettel: drei Sätze, zwei Diagramme, ein Blatt (OUT.pdf)."),
    ] = False,
    two_charts: Annotated[
        bool,
        typer.Option("--two-charts", help="Zwei Diagramme, die aufeinander folgen, je Folie (OUT.pptx)."),
    ] = False,
    refresh: Annotated[
        Path | None,
        typer.Option("--refresh", help="Diese bearbeitete Präsentation (.pptx) auf heutigen Stand bringen."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", help="Mit --refresh: die Datei, die entsteht (.pptx).")
    ] = None,
    with_list: Annotated[
        bool,
        typer.Option("--with-list", help="Mit --refresh: die Liste der Änderungen auch als Folie am Ende."),
    ] = False,
    demo: Demo = False,
) -> None:
    """Der Bericht „Sachstand Digitalisierung“ oder ein gespeicherter: PowerPoint, barrierefreies PDF oder Word."""
    if refresh is not None:
        if out or first or last or as_of or since or report or handout or two_charts:
            raise typer.BadParameter(
                "--refresh nimmt Zeitraum und Stand aus der Präsentation; dazu passen nur --output und --with-list."
            )
        _refresh(refresh, output or refresh.with_name(f"{refresh.stem}-aufgefrischt.pptx"), with_list, demo)
        return
    if out is None or out.suffix.lower() not in ENDINGS:
        raise typer.BadParameter("Die Datei muss auf .pptx, .pdf oder .docx enden.")
    if output or with_list:
        raise typer.BadParameter("--output und --with-list gehören zu --refresh.")
    if handout and out.suffix.lower() != ".pdf":
        raise typer.BadParameter("Ein Handzettel ist ein PDF: Die Datei muss auf .pdf enden.")
    if two_charts and out.suffix.lower() != ".pptx":
        raise typer.BadParameter("--two-charts gilt für Folien: Die Datei muss auf .pptx enden.")
    days = days_of(first, last, as_of, since, report)
    warehouse, settings = opened(demo)
    with told_faults():
        made: Made = (
            (saved(report, warehouse, settings).slides, None)
            if report
            else (standard(days, warehouse, settings), _origin(days, warehouse))
        )
        content = _file(out.suffix.lower(), made, settings, handout=handout, two=two_charts)
    write(content, out)
    slides = made[0]
    typer.echo(f"{out} geschrieben{' (Beispieldaten)' if slides.sample else ''}.")
    for headline in slides.left_out:
        typer.echo(f"Keine Folie: {headline}.")


def _origin(days: Days, warehouse: Warehouse) -> Origin:
    """Where the standard pages come from; a stored report is continued by the next one, not refreshed."""
    from portalkompass.exports.slides.living.origin import Origin
    from portalkompass.screens import living_deck

    start, end, stand, before = days
    named = {"von": start, "bis": end, living_deck.AS_OF: stand, living_deck.SINCE: before}
    return Origin(living_deck.address_of(named), warehouse.snapshot)


def _file(form: str, made: Made, settings: Settings, *, handout: bool, two: bool) -> bytes:
    from portalkompass.exports.files import PaperForm, deck_file, paper_file
    from portalkompass.exports.slides.template import Look

    slides, origin = made
    if form == ".pptx":
        return deck_file(slides, Look(**settings.slides.model_dump()), origin=origin, two=two)
    paper: PaperForm = "docx" if form == ".docx" else "handout" if handout else "pdf"
    return paper_file(slides, paper, author=settings.city.name, template=settings.word.template)


def _refresh(edited: Path, output: Path, with_list: bool, demo: bool) -> None:
    warehouse, settings = opened(demo)
    from portalkompass.answers.asking import ask
    from portalkompass.exports.files import refreshed_deck
    from portalkompass.exports.slides.template import Look
    from portalkompass.screens.living_deck import report_of
    from portalkompass.workspace import workspace_of

    with told_faults():
        workspace = workspace_of(settings)
        content, changes = refreshed_deck(
            edited.read_bytes(),
            lambda named: report_of(
                named, warehouse, settings, lambda filters: ask(warehouse, workspace, filters, settings)
            ),
            warehouse.snapshot,
            Look(**settings.slides.model_dump()),
            told=with_list,
        )
    write(content, output)
    typer.echo(f"{output} geschrieben.")
    for change in changes:
        typer.echo(str(change))
    if not changes:
        typer.echo("Keine Änderungen.")
