"""The report that commands write: the standard one of some days, or a stored one by its name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from portalkompass.commands.opening import NoData, as_no_data, day, filters_of, open_warehouse
from portalkompass.settings import Settings
from portalkompass.warehouse.reader import Warehouse

if TYPE_CHECKING:
    from portalkompass.screens.saved_report import MadeReport
    from portalkompass.slide_set import SlideSet

AsOf = Annotated[
    str, typer.Option("--as-of", help="Tag, dessen Stand der OZG-Liste überall gilt, JJJJ-MM-TT.")
]
Since = Annotated[str, typer.Option("--since", help="Tag des letzten Berichts, JJJJ-MM-TT.")]
ReportName = Annotated[
    str, typer.Option("--report", help="Ein gespeicherter Bericht, nach seinem Namen.", metavar="NAME")
]
Days: TypeAlias = tuple[dt.date | None, dt.date | None, dt.date | None, dt.date | None]
"""First and last day, state of the list, last report; None for the usual ones."""


def days_of(first: str, last: str, as_of: str, since: str, report: str) -> Days:
    """The days of the options.

    Raises:
        BadParameter: one is no day, or a stored report brings its own.
    """
    if report and (first or last or as_of or since):
        raise typer.BadParameter(
            "--report bringt Zeitraum, Stand und letzten Bericht mit; beides geht nicht."
        )
    return day(first, "--from"), day(last, "--to"), day(as_of, "--as-of"), day(since, "--since")


def opened(demo: bool) -> tuple[Warehouse, Settings]:
    """The warehouse to report on.

    Raises:
        NoData: nothing was loaded yet, or reports cannot be made of it.
    """
    warehouse, settings = open_warehouse(demo)
    if settings.distributed:
        raise NoData("Der Bericht ist auf dieser Datenbasis (Spark) nicht verfügbar.")
    return warehouse, settings


@contextmanager
def told_faults() -> Iterator[None]:
    """Faults of files have a sentence for people."""
    from portalkompass.exports.images.image_worker import ImageFault
    from portalkompass.exports.papers.content import NotOnPaper
    from portalkompass.exports.public.site import NothingPublic
    from portalkompass.exports.slides.deck import NotASlide
    from portalkompass.exports.slides.living.opening import NotLiving
    from portalkompass.exports.slides.template import TemplateError
    from portalkompass.operations.published_folder import NotPublished
    from portalkompass.workspace import WorkspaceError

    with as_no_data(
        TemplateError,
        ImageFault,
        NotASlide,
        NotOnPaper,
        NotLiving,
        NothingPublic,
        NotPublished,
        WorkspaceError,
    ):
        yield


def saved(name: str, warehouse: Warehouse, settings: Settings) -> MadeReport:
    """A stored report, by its name.

    Raises:
        WorkspaceError: there is none.
    """
    from portalkompass.screens import saved_report
    from portalkompass.workspace import workspace_of

    workspace = workspace_of(settings)
    report = saved_report.named(workspace, name)
    return saved_report.made(report, warehouse, workspace, settings)


def standard(days: Days, warehouse: Warehouse, settings: Settings) -> SlideSet:
    """The standard pages of first and last day, with the list as of a day, against those of the last report."""
    from portalkompass.answers.asking import ask
    from portalkompass.answers.report.report import slides
    from portalkompass.workspace import workspace_of

    start, end, stand, before = days
    filters = filters_of(warehouse, settings, start, end, stand)
    return slides(ask(warehouse, workspace_of(settings), filters, settings), since=before)
