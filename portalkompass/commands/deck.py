"""The report as a file, and an edited presentation of it brought up to date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from portalkompass.commands.opening import Demo, NoData, as_no_data, day, filters_of, open_warehouse, write
from portalkompass.commands.results import FirstDay, LastDay
from portalkompass.settings import Settings
from portalkompass.warehouse.reader import Warehouse

ENDINGS = (".pptx", ".pdf", ".docx")


def deck(
    out: Annotated[
        Path | None,
        typer.Argument(help="Die Datei, die entsteht: .pptx, .pdf (barrierefrei) oder .docx.", metavar="OUT"),
    ] = None,
    first: FirstDay = "",
    last: LastDay = "",
    as_of: Annotated[
        str, typer.Option("--as-of", help="Tag, dessen Stand der OZG-Liste überall gilt, JJJJ-MM-TT.")
    ] = "",
    since: Annotated[str, typer.Option("--since", help="Tag des letzten Berichts, JJJJ-MM-TT.")] = "",
    handout: Annotated[
        bool,
        typer.Option("--handout", help="Ein Handzettel: drei Sätze, zwei Diagramme, ein Blatt (OUT.pdf)."),
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
    """Der Bericht „Sachstand Digitalisierung“ als PowerPoint-Datei, barrierefreies PDF oder Word-Vorlage."""
    if refresh is not None:
        if out or first or last or as_of or since or handout:
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
    _write(
        out,
        day(first, "--from"),
        day(last, "--to"),
        day(as_of, "--as-of"),
        day(since, "--since"),
        handout,
        demo,
    )


def _opened(demo: bool) -> tuple[Warehouse, Settings]:
    warehouse, settings = open_warehouse(demo)
    if settings.distributed:
        raise NoData("Der Bericht ist auf dieser Datenbasis (Spark) nicht verfügbar.")
    return warehouse, settings


@contextmanager
def _told() -> Iterator[None]:
    """Faults of files have a sentence for people."""
    from portalkompass.exports.images.image_worker import ImageFault
    from portalkompass.exports.papers.content import NotOnPaper
    from portalkompass.exports.slides.deck import NotASlide
    from portalkompass.exports.slides.living.opening import NotLiving
    from portalkompass.exports.slides.template import TemplateError
    from portalkompass.workspace import WorkspaceError

    with as_no_data(TemplateError, ImageFault, NotASlide, NotOnPaper, NotLiving, WorkspaceError):
        yield


def _write(
    out: Path,
    start: dt.date | None,
    end: dt.date | None,
    stand: dt.date | None,
    before: dt.date | None,
    handout: bool,
    demo: bool,
) -> None:
    warehouse, settings = _opened(demo)
    filters = filters_of(warehouse, settings, start, end, stand)
    from portalkompass.answers.asking import ask
    from portalkompass.answers.report.report import slides
    from portalkompass.exports.files import PaperForm, deck_file, paper_file
    from portalkompass.exports.slides.living.origin import Origin
    from portalkompass.exports.slides.template import Look
    from portalkompass.screens import living_deck
    from portalkompass.workspace import workspace_of

    form = out.suffix.lower()
    named = living_deck.address_of(
        {"von": start, "bis": end, living_deck.AS_OF: stand, living_deck.SINCE: before}
    )
    with _told():
        made = slides(ask(warehouse, workspace_of(settings), filters, settings), since=before)
        if form == ".pptx":
            look, origin = Look(**settings.slides.model_dump()), Origin(named, warehouse.snapshot)
            content = deck_file(made, look, origin=origin)
        else:
            paper: PaperForm = "docx" if form == ".docx" else "handout" if handout else "pdf"
            content = paper_file(made, paper, author=settings.city.name, template=settings.word.template)
    write(content, out)
    typer.echo(f"{out} geschrieben{' (Beispieldaten)' if made.sample else ''}.")
    for headline in made.left_out:
        typer.echo(f"Keine Folie: {headline}.")


def _refresh(edited: Path, output: Path, with_list: bool, demo: bool) -> None:
    warehouse, settings = _opened(demo)
    from portalkompass.answers.asking import ask
    from portalkompass.exports.files import refreshed_deck
    from portalkompass.exports.slides.template import Look
    from portalkompass.screens.living_deck import report_of
    from portalkompass.workspace import workspace_of

    with _told():
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
