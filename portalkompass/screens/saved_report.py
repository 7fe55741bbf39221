"""A report of the workspace as slides: standard pages, own pages and text pages in one order, of one state of data.

A draft is made of the data of today. An own page is made anew, too, by the address it was taken from, once other data
are published; where that is not possible any more it stays as it was collected, and that is said. A delivered report is
what was packed when it was delivered.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlsplit

import msgspec

from portalkompass import german
from portalkompass.answers import Filters
from portalkompass.answers.asking import ask
from portalkompass.answers.base import service_list
from portalkompass.answers.base.periods import last_full_months, months_before, whole_months
from portalkompass.answers.base.question import Question
from portalkompass.answers.report import report as standard
from portalkompass.answers.report.text_page import text_page
from portalkompass.exhibit import REMARK, Exhibit
from portalkompass.metrics.selection import Period
from portalkompass.packing import Damaged, pack, unpack
from portalkompass.screens import address
from portalkompass.screens.address import FIXED, FREE, State
from portalkompass.screens.presets import days_of, held_by
from portalkompass.screens.requests import RequestFault, from_address, request_of
from portalkompass.settings import Settings
from portalkompass.slide_set import Cover, SlideSet, TextPage, Words
from portalkompass.spelling import key as spelled
from portalkompass.warehouse.engine import WarehouseError
from portalkompass.warehouse.reader import Warehouse
from portalkompass.workspace import (
    Report,
    ReportPage,
    Workspace,
    WorkspaceError,
    made_pages,
    pages_of,
    report_list,
)
from portalkompass.workspace.reports.reports import OWN, STANDARD, TEXT, free_comparison

Page = Exhibit | Words
OLD = "Stand wie gesammelt ({}): Die Seite ließ sich mit den heutigen Daten nicht neu rechnen."
ELSEWHERE = "gehört zu einer Property, für die Ihr Konto nicht freigeschaltet ist"
UNSEEN = "Seite einer anderen Property"
"""What somebody reads as the name of a page whose own one may hold figures that they may not see."""
GONE = "ist beschädigt und lässt sich nicht lesen"
EMPTY = "noch ohne Inhalt"
UNWRITTEN = "noch ohne Text"
WATCHED, QUERIES = "tracked", "anfrage"
"""How ids of exhibits of watched queries begin, and parameters of an address that choose queries."""
KEY_LETTERS = 8
"""Letters of the digest that tells own pages of the same exhibit apart."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A page as it is kept; one of the three."""

    exhibit: Exhibit | None = None
    words: Words | None = None
    text: TextPage | None = None


@dataclass(frozen=True, slots=True)
class MadePage:
    """A page of a report as it will be shown; ``page`` is None where there is none, and ``why`` says why not.

    With a page, ``why`` says what is to be known about it; "" where nothing is. ``open`` is whether its property is
    open to whoever it was made for.
    """

    place: ReportPage
    page: Page | None
    why: str = ""
    open: bool = True


@dataclass(frozen=True, slots=True)
class MadeReport:
    """A report with its pages made; ``slides`` are those that are shown and have content.

    ``list_day`` is the day of the list's state on its pages, None before there was one.
    """

    report: Report
    pages: tuple[MadePage, ...]
    cover: Cover
    data_date: dt.date | None
    list_day: dt.date | None
    sample: bool

    @property
    def slides(self) -> SlideSet:
        """As one presentation."""
        shown = [made for made in self.pages if made.place.shown]
        held = [(_key(made.place, made.page), made.page) for made in shown if made.page is not None]
        return SlideSet(
            self.report.name,
            tuple(line for _, line in self.cover.ranked),
            tuple(page for _, page in held),
            self.data_date,
            self.sample,
            left_out=tuple(f"{made.place.name}: {made.why}" for made in shown if made.page is None),
            cover=self.cover,
            keys=tuple(key for key, _ in held),
        )

    @property
    def for_everybody(self) -> MadeReport:
        """The same without a person's notes: they are the speaker's."""
        return replace(self, pages=tuple(replace(made, page=_unnoted(made)) for made in self.pages))


def named(workspace: Workspace, name: str) -> Report:
    """The report of that name, however it is spelled.

    Raises:
        WorkspaceError: there is none; names those there are.
    """
    reports = report_list(workspace)
    found = [one for one in reports if one.name == name] or [
        one for one in reports if spelled(one.name) == spelled(name)
    ]
    if not found:
        known = german.listing([f"„{one.name}“" for one in reports]) if reports else "noch keiner"
        raise WorkspaceError(f"Einen Bericht „{name}“ gibt es nicht. Gespeichert: {known}.")
    return found[0]


def filters_of(report: Report, warehouse: Warehouse, settings: Settings) -> Filters:
    """What the report asks: its period up to the day it is of, its comparison, the state of the list of that day."""
    first, last = report.compare_days or (None, None)
    state = State(
        period=report.period,
        start=report.start if report.period == FIXED else None,
        end=report.end if report.period == FIXED else None,
        compare=FREE if first else report.compare,
        compare_start=first,
        compare_end=last,
        site=report.site,
    )
    asked = replace(address.filters(state, warehouse, settings), as_of=report.as_of, grain="month")
    if report.as_of is None or report.period == FIXED:
        return asked
    first, data_date, last = held_by(warehouse, asked.site, settings)
    until = min(data_date, report.as_of)
    start, end = days_of(report.period, first, until, min(last, report.as_of))
    return replace(asked, start=start, end=end)


def made(report: Report, warehouse: Warehouse, workspace: Workspace, settings: Settings) -> MadeReport:
    """The report with all its pages, those that are not shown as well.

    Raises:
        WarehouseError: there are no data of its period, or no list as of its day; with a German sentence.
    """
    places, kept = pages_of(workspace, report.id), made_pages(workspace, report)
    if report.frozen is not None:
        return _frozen(report, places, kept, warehouse)
    question = ask(warehouse, workspace, filters_of(report, warehouse, settings), settings)
    chosen = [page.key for page in places if page.kind == STANDARD]
    made_now = standard.pages(question, chosen, report.compared_with, data_then(report, workspace))
    by_id = {page.id: page for page in made_now}
    pages = tuple(
        _own(place, kept.get(place.id, ""), question)
        if place.kind == OWN
        else _text(place, question, report)
        if place.kind == TEXT
        else _standard(place, by_id.get(place.key))
        for place in places
    )
    cover = standard.cover_of(
        question, committee=report.committee, session=report.session, decision=report.decision
    )
    days = service_list.days(question.warehouse, settings)
    return MadeReport(
        report, pages, cover, question.data_date, days[-1] if days else None, sample=warehouse.sample
    )


def frozen(report: MadeReport) -> tuple[dict[int, str], dict[str, object]]:
    """What a delivery keeps: the packed pages by id, and the cover with what belongs to it.

    Raises:
        WorkspaceError: a page that is shown is of a property that is not open to whoever delivers; the report would
            lack it for everybody.
    """
    closed = [number for number, made in enumerate(report.pages, 1) if made.place.shown and not made.open]
    if closed:
        which = german.listing([str(number) for number in closed])
        begin = f"Seite {which} gehört" if len(closed) == 1 else f"Die Seiten {which} gehören"
        raise WorkspaceError(
            f"{begin} zu einer Property, für die Ihr Konto nicht freigeschaltet ist. Übergeben kann den Bericht, wer "
            "alle gezeigten Seiten sehen darf; oder er wird ohne sie übergeben („Auslassen“). Es wurde nichts "
            "übergeben."
        )
    packed = {made.place.id: packed_text(made.page) for made in report.pages if made.page is not None}
    cover = msgspec.to_builtins(report.cover)
    kept = {
        "cover": cover,
        "data_date": report.data_date.isoformat() if report.data_date else None,
        "list_day": report.list_day.isoformat() if report.list_day else None,
        "sample": report.sample,
        # Why a page is not open is true of one person, not of the report.
        "why": {str(made.place.id): made.why for made in report.pages if made.why and made.open},
    }
    return packed, kept


def series_of(
    place: ReportPage, report: Report, warehouse: Warehouse, workspace: Workspace, settings: Settings
) -> tuple[str, ...]:
    """The names that can be highlighted on the page as it is today; none on a page without a chart of several.

    Raises:
        WarehouseError: there are no data of the report's period, or no list as of its day.
    """
    page: Page | None = None
    if place.kind == OWN:
        page = unpacked(made_pages(workspace, report).get(place.id, ""))
    elif place.kind == STANDARD:
        question = ask(warehouse, workspace, filters_of(report, warehouse, settings), settings)
        then = data_then(report, workspace)
        page = next(iter(standard.pages(question, (place.key,), report.compared_with, then)), None)
    return page.highlightable if isinstance(page, Exhibit) else ()


def packed_text(page: Page) -> str:
    """A page for the workspace."""
    if isinstance(page, TextPage):
        packed = Packed(text=page)
    else:
        packed = Packed(words=page) if isinstance(page, Words) else Packed(exhibit=page)
    return base64.b64encode(pack(packed)).decode("ascii")


def is_open(place: ReportPage, warehouse: Warehouse) -> bool:
    """Whether the property of a page is open to whoever reads this warehouse."""
    return not (warehouse.limited and place.site) or place.site in warehouse.sites()


def masked(place: ReportPage, warehouse: Warehouse) -> ReportPage:
    """The page as somebody may read it: without a person's words, which may hold figures, where it is not open."""
    if is_open(place, warehouse):
        return place
    return replace(place, title=UNSEEN, headline="", note="", remark="", highlighted="", before=None)


def unpacked(text: str) -> Page | None:
    """What ``packed_text`` made; None where it cannot be read."""
    try:
        packed = unpack(Packed, base64.b64decode(text))
    except (Damaged, ValueError):
        return None
    return next((page for page in (packed.exhibit, packed.text, packed.words) if page is not None), None)


def following(
    report: Report, name: str, session: dt.date | None, warehouse: Warehouse, settings: Settings
) -> Report:
    """The head of the report after this one: its period, its day and what it is compared with move on.

    ``since`` is the day of the session, ``since_state`` the day of what was shown there: what changed between delivery
    and session was in no report yet. A named period moves by itself. Free days move on to the newest data, as many
    whole months as they are (else days), and those of a free comparison by as much. Beside a named period a free
    comparison stays: its days stand on every page.
    """
    days = service_list.days(warehouse, settings)
    delivered = report.delivered_at.date() if report.delivered_at else None
    new = replace(
        report,
        name=name,
        session=session,
        as_of=days[-1] if report.as_of and days else None,
        since=report.session or delivered or report.as_of,
        since_state=_shown_day(report),
        id=0,
        version=0,
    )
    if report.period != FIXED or report.start is None or report.end is None:
        return new
    _, data_date, _ = held_by(warehouse, report.site, settings)
    months = whole_months(Period(report.start, report.end))
    if months:
        start, end = last_full_months(data_date, months)
    else:
        start, end = data_date - (report.end - report.start), data_date
    return replace(new, start=start, end=end, compare=_moved_on(report, start))


def _moved_on(report: Report, start: dt.date) -> str:
    """The comparison of a free period that begins ``start`` in the next report."""
    days = report.compare_days
    if days is None or report.start is None or report.end is None:
        return report.compare
    if whole_months(Period(*days)) and whole_months(Period(report.start, report.end)):
        back = (start.year - report.start.year) * 12 + start.month - report.start.month
        return free_comparison(
            months_before(days[0], -back),
            months_before(days[1].replace(day=1), -back - 1) - dt.timedelta(days=1),
        )
    return free_comparison(*(day + (start - report.start) for day in days))


def data_then(report: Report, workspace: Workspace) -> dt.date | None:
    """The data date of the report that this one continues, as long as it is compared with what was shown there."""
    before = next((one for one in report_list(workspace) if one.id == report.previous), None)
    if before is None or report.compared_with != _shown_day(before):
        return None
    return _frozen_day(before, "data_date")


def left_out(report: Report, places: Collection[ReportPage], question: Question) -> tuple[str, ...]:
    """Which shown pages have nothing to say yet, in words, as far as it is known without making all of them."""
    shown = {page.key for page in places if page.kind == STANDARD and page.shown}
    cheap = shown & {"decisions", "status_changes", "figures_since"}
    then = data_then(report, question.workspace) if cheap else None
    made = standard.pages(question, cheap, report.compared_with, then) if cheap else ()
    unwritten = [
        place.name
        for place in places
        if place.kind == TEXT and place.shown and not (place.points or place.development)
    ]
    told = [f"Textseiten {german.listing(unwritten)}"] if unwritten else []
    return (*(page.headline for page in made if standard.is_empty(page)), *told)


def _standard(place: ReportPage, page: Page | None) -> MadePage:
    if page is None:
        return MadePage(place, None, EMPTY)
    return MadePage(place, None, page.headline) if standard.is_empty(page) else _shown(place, page)


def _text(place: ReportPage, question: Question, report: Report) -> MadePage:
    city, sample = question.settings.city.name, question.warehouse.sample
    page = text_page(place, city, report.since, sample=sample)
    return MadePage(place, None, UNWRITTEN) if page.empty else MadePage(place, page)


def _own(place: ReportPage, kept: str, question: Question) -> MadePage:
    """As it was collected while its data are the newest; else made anew where that is possible.

    In a report as of a day it is always made anew, of the list of that day.
    """
    warehouse, settings = question.warehouse, question.settings
    if not is_open(place, warehouse):
        return _closed(place, warehouse)
    collected = _kept(place, kept) if kept else None
    if collected is not None and place.snapshot == warehouse.snapshot and warehouse.list_day is None:
        return _shown(place, collected)
    anew = _again(place, warehouse, question.workspace, settings)
    if anew is not None:
        return _shown(place, anew)
    if collected is None:
        return MadePage(place, None, GONE)
    return _shown(place, collected, OLD.format(german.date(collected.data_date)))


def _again(
    place: ReportPage, warehouse: Warehouse, workspace: Workspace, settings: Settings
) -> Exhibit | None:
    if not place.link:
        return None
    try:
        slug, options = from_address(place.link, warehouse, workspace, settings)
        request = request_of(slug, options, warehouse, settings)
        answer = request.answer(ask(warehouse, workspace, request.filters, settings))
    except (RequestFault, WarehouseError, WorkspaceError):
        return None
    return next((one for one in answer.exhibits if one.id == place.key and len(one.frame)), None)


def _frozen(
    report: Report, places: Collection[ReportPage], kept: Mapping[int, str], warehouse: Warehouse
) -> MadeReport:
    frozen = report.frozen or {}
    why = frozen.get("why", {})
    pages = []
    for place in places:
        said = str(why.get(str(place.id), ""))
        if not is_open(place, warehouse):
            pages.append(_closed(place, warehouse))
        elif text := kept.get(place.id, ""):
            page = _kept(place, text)
            pages.append(MadePage(place, page, GONE if page is None else said))
        else:
            pages.append(MadePage(place, None, said))
    return MadeReport(
        report,
        tuple(pages),
        kept_cover(report),
        _frozen_day(report, "data_date"),
        _frozen_day(report, "list_day"),
        bool(frozen.get("sample")),
    )


def kept_cover(report: Report) -> Cover:
    """The cover of a delivered report.

    Raises:
        WorkspaceError: it cannot be read.
    """
    try:
        return msgspec.convert((report.frozen or {}).get("cover", {}), Cover)
    except msgspec.ValidationError:
        raise WorkspaceError(
            f"Das Deckblatt des übergebenen Berichts „{report.name}“ ist beschädigt und lässt sich nicht lesen."
        ) from None


def _frozen_day(report: Report, name: str) -> dt.date | None:
    day = (report.frozen or {}).get(name)
    return dt.date.fromisoformat(day) if day else None


def _shown_day(report: Report) -> dt.date | None:
    """The day of what a report showed; None where it was never delivered."""
    delivered = report.delivered_at.date() if report.delivered_at else None
    return report.as_of or _frozen_day(report, "list_day") or _frozen_day(report, "data_date") or delivered


def _kept(place: ReportPage, text: str) -> Page | None:
    """A page as it was packed; one packed before pages said so is marked, too, where it names a chosen query."""
    page = unpacked(text)
    if not isinstance(page, Exhibit) or page.unpublished or place.kind != OWN:
        return page
    chosen = place.key.startswith(WATCHED) or any(
        name.startswith(QUERIES) for name, _ in parse_qsl(urlsplit(place.link).query)
    )
    return replace(page, unpublished=chosen)


def _closed(place: ReportPage, warehouse: Warehouse) -> MadePage:
    return MadePage(masked(place, warehouse), None, ELSEWHERE, open=False)


def _key(place: ReportPage, page: Page) -> str:
    """The page's name in addresses, whatever stands before it: an own page's goes by where it was taken from."""
    if place.kind != OWN:
        return page.id
    return f"{page.id}-{hashlib.sha256((place.link or place.title).encode()).hexdigest()[:KEY_LETTERS]}"


def _worded(place: ReportPage, page: Page) -> Page:
    """The page under a person's own headline, with their remark at it and their notes in front of its own."""
    told = replace(page, headline=place.headline or page.headline, notes=(*_notes(place), *page.notes))
    if isinstance(told, Exhibit):
        return told.marked(place.series, place.remark)
    own = (f"{REMARK}: {place.remark}",) if place.remark else ()
    return replace(told, paragraphs=(*told.paragraphs, *own))


def _shown(place: ReportPage, page: Page, why: str = "") -> MadePage:
    """The page in a person's words; with ``why``, and that something shall be highlighted that the chart has not."""
    told = _worded(place, page)
    there = {" ".join(name.split()) for name in told.highlighted} if isinstance(told, Exhibit) else set()
    missing = [f"„{name}“" for name in place.series if " ".join(name.split()) not in there]
    lacks = f"Nicht hervorgehoben, weil nicht im Diagramm: {german.listing(missing)}." if missing else ""
    return MadePage(place, told, " ".join(filter(None, (why, lacks))))


def _unnoted(made: MadePage) -> Page | None:
    own = _notes(made.place)
    if made.page is None or made.page.notes[: len(own)] != own:
        return made.page
    return replace(made.page, notes=made.page.notes[len(own) :])


def _notes(place: ReportPage) -> tuple[str, ...]:
    return tuple(line for line in place.note.split("\n") if line)
