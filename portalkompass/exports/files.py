"""Every file that an exhibit can become: which ones it may, how they are called, and how they are made.

The only caller of what writes files; each exhibit passes ``disclosure_control`` here, once. The libraries for
slides and pictures are loaded with the first file that needs them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from portalkompass import german
from portalkompass.exhibit import LONGEST_REMARK, MOST_HIGHLIGHTED, Exhibit
from portalkompass.exports import tables
from portalkompass.exports.disclosure_control import (
    OutgoingSlides,
    clean,
    in_sight,
    outgoing,
    outgoing_slides,
    outgoing_words,
)
from portalkompass.exports.images.composition import FULL, HALF, Size
from portalkompass.exports.images.image_worker import SHARED, ImageWorker
from portalkompass.exports.public.terms import Terms
from portalkompass.slide_set import SlideSet, Words

if TYPE_CHECKING:
    from portalkompass.exports.letters.letter import Letter
    from portalkompass.exports.slides.living.origin import Origin
    from portalkompass.exports.slides.living.refresh import Change
    from portalkompass.exports.slides.template import Look

PPTX_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class TooMuchMarked(Exception):
    """A remark or a choice of series that a chart has no room for; the message is a German sentence."""


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its ending, its name in the menu and its media type."""

    id: Literal["pptx", "png", "svg", "pdf", "xlsx", "csv", "zip"]
    label: str
    mime: str


FORMATS = (
    Format("pptx", "PowerPoint", PPTX_TYPE),
    Format("png", "PNG", "image/png"),
    Format("svg", "SVG", "image/svg+xml"),
    Format("pdf", "PDF", "application/pdf"),
    Format("xlsx", "Excel", XLSX_TYPE),
    Format("csv", "CSV", "text/csv"),
    Format("zip", "Offene Daten", "application/zip"),
)
SPREADSHEETS = ("xlsx", "csv")
PaperForm = Literal["pdf", "docx", "handout"]
"""What a deck becomes on paper."""
TWO_CHARTS = "&diagramme=2"
"""How the address in a presentation ends whose slides hold two charts."""
SIZES: dict[str, Size] = {"ganze Folie": FULL, "halbe Folie": HALF}


def format_of(name: str) -> Format:
    """The format of that id.

    Raises:
        KeyError: there is none.
    """
    return {str(known.id): known for known in FORMATS}[name]


def formats(exhibit: Exhibit) -> tuple[Format, ...]:
    """The formats that this exhibit may leave the app in: lists naming single queries as spreadsheets only.

    What names a chosen query is no open data, what stays inside is no file.
    """
    if exhibit.inside:
        return ()
    whole = not exhibit.names_queries and len(exhibit.frame) > 0
    return tuple(
        form
        for form in FORMATS
        if form.id in SPREADSHEETS or (whole and not (exhibit.unpublished and form.id == "zip"))
    )


def why_fewer(exhibit: Exhibit) -> str:
    """Why there is neither slide nor picture, or no open data, as a sentence; empty where there are."""
    if exhibit.names_queries:
        return "Listen einzelner Suchanfragen verlassen die App nur als Excel und CSV."
    if exhibit.unpublished:
        return "Was eine gewählte Suchanfrage nennt, gibt es nicht als offene Daten."
    return ""


def file_name(exhibit: Exhibit, form: Format) -> str:
    """2025-12-15_google-position.pptx."""
    return f"{exhibit.file_stem}.{form.id}"


def renamed(exhibit: Exhibit, headline: str) -> Exhibit:
    """The exhibit under the headline that a person has written; an empty one keeps the proposal."""
    return replace(exhibit, headline=clean(headline)) if clean(headline) else exhibit


def marked(exhibit: Exhibit, highlighted: Sequence[str] = (), remark: str = "") -> Exhibit:
    """The exhibit with a person's own remark, and with the series that they want to be seen.

    Raises:
        TooMuchMarked: the remark is too long, or more is highlighted than can stand out.
    """
    told = clean(remark)
    if len(told) > LONGEST_REMARK:
        raise TooMuchMarked(
            f"Die Bemerkung hat {german.number(len(told))} Zeichen; Platz ist für {LONGEST_REMARK}. "
            "Bitte kürzen oder in die Notizen schreiben."
        )
    if len(highlighted) > MOST_HIGHLIGHTED:
        raise TooMuchMarked(
            f"Hervorheben lassen sich höchstens {MOST_HIGHLIGHTED} Reihen, gewählt sind {len(highlighted)}."
        )
    return exhibit.marked(highlighted, told) if highlighted or told else exhibit


def make(
    exhibit: Exhibit,
    form: Format,
    *,
    headline: str = "",
    highlighted: Sequence[str] = (),
    remark: str = "",
    look: Look | None = None,
    size: Size = FULL,
    transparent: bool = False,
    notes: bool = False,
    terms: Terms = Terms(),  # noqa: B008 frozen
    worker: ImageWorker | None = None,
) -> bytes:
    """The file of exactly the rows shown, under the headline that was written (or the proposed one).

    ``highlighted`` and ``remark`` are a person's own, see ``marked``.

    ``notes`` puts what a reader needs to judge the rows in front of those of a CSV file; ``terms`` say under which
    licence open data are given away.

    Raises:
        ValueError: the exhibit may not leave the app in this form.
        TooMuchMarked: the remark is too long, or too much highlighted.
        TemplateError, ImageFault: the template cannot be used; the picture could not be drawn.
    """
    if form not in formats(exhibit):
        raise ValueError(f"{exhibit.id} must not become {form.id}")
    leaving = outgoing(marked(renamed(exhibit, headline), highlighted, remark))
    if form.id == "csv":
        return tables.to_csv(leaving, notes=notes)
    if form.id == "xlsx":
        return tables.to_xlsx(leaving)
    if form.id == "zip":
        from portalkompass.exports.public import bundle

        return bundle.to_zip(leaving, terms)
    leaving = in_sight(leaving)
    alone = OutgoingSlides(leaving.headline, (leaving,), leaving.sample)
    if form.id == "pptx":
        return _presentation(alone, look, worker, half=size == HALF)
    if form.id == "pdf":
        from portalkompass.exports.papers.content import paper_of
        from portalkompass.exports.papers.pdf import to_pdf

        return to_pdf(paper_of(alone, tables.MAKER), worker or SHARED)
    from portalkompass.exports.images.pictures import picture

    return picture(leaving, form.id, worker or SHARED, size, transparent=transparent)


def deck_file(
    slides: SlideSet,
    look: Look | None = None,
    worker: ImageWorker | None = None,
    origin: Origin | None = None,
    *,
    two: bool = False,
) -> bytes:
    """The whole presentation; with an ``origin`` it can be brought up to date later (`refreshed_deck`).

    ``two`` puts two charts that follow each other on one slide; the origin says so, too.

    Raises:
        TemplateError, ImageFault, NotASlide: see ``to_pptx``.
    """
    if two and origin is not None:
        origin = replace(origin, address=f"{origin.address}{TWO_CHARTS}")
    return _presentation(_in_sight(slides), look, worker, origin, two=two)


def refreshed_deck(
    edited: bytes,
    slides_of: Callable[[str], SlideSet],
    snapshot: str,
    look: Look | None = None,
    worker: ImageWorker | None = None,
    *,
    told: bool = False,
) -> tuple[bytes, tuple[Change, ...]]:
    """An edited presentation with today's numbers, and what changed; with ``told`` that stands on a slide, too.

    ``slides_of`` answers the address that the deck's shapes name.

    Raises:
        NotLiving: it is no presentation, damaged, or nothing in it was made here; and what ``slides_of`` raises.
        TemplateError, ImageFault, NotASlide: see ``to_pptx``.
    """
    from portalkompass.exports.slides.living.opening import opened
    from portalkompass.exports.slides.living.origin import Origin
    from portalkompass.exports.slides.living.refresh import addresses, refreshed
    from portalkompass.exports.slides.living.told import add_list

    deck = opened(edited)
    today = {
        address: deck_file(
            slides_of(address.removesuffix(TWO_CHARTS)),
            look,
            worker,
            Origin(address.removesuffix(TWO_CHARTS), snapshot),
            two=address.endswith(TWO_CHARTS),
        )
        for address in addresses(deck)
    }
    made = refreshed(deck, today, snapshot)
    if told:
        add_list(made)
    return made.content, made.changes


def paper_file(
    slides: SlideSet,
    form: PaperForm = "pdf",
    *,
    author: str = tables.MAKER,
    template: str = "",
    worker: ImageWorker | None = None,
) -> bytes:
    """The whole presentation on A4: accessible PDF, Word paper (in the ``template``, if any), or a handout of one page.

    Raises:
        NotOnPaper: an exhibit names single queries or is empty; the template cannot be used.
        ImageFault: a chart could not be drawn.
    """
    from portalkompass.exports.papers.content import paper_of
    from portalkompass.exports.papers.handout import SHEET, handout_of
    from portalkompass.exports.papers.pdf import to_pdf

    shown = outgoing_slides(slides) if slides.every_row and form != "handout" else _in_sight(slides)
    paper, drawing = paper_of(shown, author), worker or SHARED
    if form == "docx":
        from portalkompass.exports.papers.word import to_docx

        return to_docx(paper, drawing, template)
    return to_pdf(handout_of(paper), drawing, SHEET) if form == "handout" else to_pdf(paper, drawing)


def site_files(
    slides: SlideSet, terms: Terms, published: dt.date, worker: ImageWorker | None = None
) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """A static site of the presentation, every file by its path, and the headlines of what has no place on it.

    Whatever names a query, one of a list or a chosen one, is not published.

    Raises:
        NothingPublic: no page is left.
        ImageFault: a chart could not be drawn.
    """
    from portalkompass.exports.public.site import NothingPublic, site

    slides, closed = _without(slides, lambda page: page.names_queries or page.unpublished or page.inside)
    if not slides.pages:
        raise NothingPublic("Keine Seite des Berichts kann öffentlich sein. Es wurde nichts veröffentlicht.")
    return site(outgoing_slides(slides), terms, published, worker or SHARED), closed


def preview(page: Exhibit | Words, worker: ImageWorker | None = None) -> bytes:
    """A small PNG of what a slide of the page shows, for the screen.

    Raises:
        ImageFault: the picture could not be drawn.
    """
    from portalkompass.exports.images import pictures

    leaving = outgoing_words(page) if isinstance(page, Words) else in_sight(outgoing(page))
    return pictures.preview(leaving, worker or SHARED)


def letter(slides: SlideSet, app_address: str = "", worker: ImageWorker | None = None) -> Letter:
    """The pages as a message for people: HTML with the first chart as a picture, plain text, and text for a chat.

    Like slides it holds no list that names single queries.

    Raises:
        ImageFault: the picture could not be drawn.
    """
    from portalkompass.exports.letters.letter import to_letter

    shown, _ = _without(slides, lambda page: page.names_queries or page.inside)
    return to_letter(outgoing_slides(shown), app_address, worker or SHARED)


def workbook_file(sheets: Mapping[str, Exhibit]) -> bytes:
    """Several tables in one .xlsx: a sheet per exhibit (name as given), their notes on the last sheets."""
    return tables.to_workbook({name: outgoing(exhibit) for name, exhibit in sheets.items()})


def _without(slides: SlideSet, stays: Callable[[Exhibit], bool]) -> tuple[SlideSet, tuple[str, ...]]:
    """The presentation without the exhibits that stay inside, and the headlines of those."""
    closed = [isinstance(page, Exhibit) and stays(page) for page in slides.pages]
    open_ = [one for one, inside in zip(slides.keyed, closed, strict=True) if not inside]
    headlines = [page.headline for page, inside in zip(slides.pages, closed, strict=True) if inside]
    pages, keys = tuple(page for _, page in open_), tuple(key for key, _ in open_)
    return replace(slides, pages=pages, keys=keys), tuple(headlines)


def _in_sight(slides: SlideSet) -> OutgoingSlides:
    """The presentation as it may leave the app, with what a slide or page has room for."""
    leaving = outgoing_slides(slides)
    pages = tuple(in_sight(page) if isinstance(page, Exhibit) else page for page in leaving.pages)
    return replace(leaving, pages=pages)


def _presentation(
    slides: OutgoingSlides,
    look: Look | None,
    worker: ImageWorker | None,
    origin: Origin | None = None,
    *,
    half: bool = False,
    two: bool = False,
) -> bytes:
    from portalkompass.exports.slides.deck import to_pptx
    from portalkompass.exports.slides.template import Look

    return to_pptx(slides, look or Look(), worker or SHARED, origin, half=half, two=two)
