"""The report as a file, and an edited presentation of it brought up to date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from portalkompass.commands.opening import Demo, NoData, as_no_data, day, filters_of, open_warehouse, write
from portalkompass.commands.results import FirstDay, LastDay
from portalkompass.settings import Settings
from portalkompass.warehouse.reader import Warehouse

if TYPE_CHECKING:
    from portalkompass.exports.slides.living.origin import Origin
    from portalkompass.slide_set import SlideSet

ENDINGS = (".pptx", ".pdf", ".docx")
Days: TypeAlias = tuple[dt.date | None, dt.date | None, dt.date | None, dt.date | None]
"""First and last day, state of the list, last report; None for the usual ones."""
Made: TypeAlias = "tuple[SlideSet, Origin | None]"


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
    report: Annotated[
        str, typer.Option("--report", help="Ein gespeicherter Bericht, nach seinem Namen.", metavar="NAME")
    ] = "",
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
    """Der Bericht „Sachstand Digitalisierung“ oder ein gespeicherter: PowerPoint, barrierefreies PDF oder Word."""
    if refresh is not None:
        if out or first or last or as_of or since or report or handout:
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
    if report and (first or last or as_of or since):
        raise typer.BadParameter(
            "--report bringt Zeitraum, Stand und letzten Bericht mit; beides geht nicht."
        )
    days = (day(first, "--from"), day(last, "--to"), day(as_of, "--as-of"), day(since, "--since"))
    warehouse, settings = _opened(demo)
    with _told():
        made = _saved(report, warehouse, settings) if report else _standard(days, warehouse, settings)
        content = _file(out.suffix.lower(), made, settings, handout=handout)
    write(content, out)
    slides = made[0]
    typer.echo(f"{out} geschrieben{' (Beispieldaten)' if slides.sample else ''}.")
    for headline in slides.left_out:
        typer.echo(f"Keine Folie: {headline}.")


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


def _saved(name: str, warehouse: Warehouse, settings: Settings) -> Made:
    """A stored report; it is continued by the next one, not refreshed."""
    from portalkompass.screens import saved_report
    from portalkompass.workspace import workspace_of

    workspace = workspace_of(settings)
    report = saved_report.named(workspace, name)
    return saved_report.made(report, warehouse, workspace, settings).slides, None


def _standard(days: Days, warehouse: Warehouse, settings: Settings) -> Made:
    """The standard pages of first and last day, with the list as of a day, against those of the last report."""
    from portalkompass.answers.asking import ask
    from portalkompass.answers.report.report import slides
    from portalkompass.exports.slides.living.origin import Origin
    from portalkompass.screens import living_deck
    from portalkompass.workspace import workspace_of

    start, end, stand, before = days
    filters = filters_of(warehouse, settings, start, end, stand)
    named = living_deck.address_of(
        {"von": start, "bis": end, living_deck.AS_OF: stand, living_deck.SINCE: before}
    )
    made = slides(ask(warehouse, workspace_of(settings), filters, settings), since=before)
    return made, Origin(named, warehouse.snapshot)


def _file(form: str, made: Made, settings: Settings, *, handout: bool) -> bytes:
    from portalkompass.exports.files import PaperForm, deck_file, paper_file
    from portalkompass.exports.slides.template import Look

    slides, origin = made
    if form == ".pptx":
        return deck_file(slides, Look(**settings.slides.model_dump()), origin=origin)
    paper: PaperForm = "docx" if form == ".docx" else "handout" if handout else "pdf"
    return paper_file(slides, paper, author=settings.city.name, template=settings.word.template)


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
