"""Every file that an exhibit can become: which ones it may, how they are called, and how they are made."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from portalkompass.exhibit import Exhibit
from portalkompass.exports import tables
from portalkompass.exports.images import pictures
from portalkompass.exports.images.composition import FULL, HALF, Size
from portalkompass.exports.images.image_worker import Form, ImageWorker, shared_worker
from portalkompass.exports.slides.deck import renamed, single_slide, to_pptx
from portalkompass.exports.slides.template import Look
from portalkompass.slide_set import SlideSet

MOST_ROWS = 200
"""Longer tables leave the app as spreadsheets only."""
PPTX_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its name in the menu, its ending and media type."""

    id: str
    label: str
    ending: str
    mime: str


FORMATS = (
    Format("pptx", "PowerPoint", "pptx", PPTX_TYPE),
    Format("png", "PNG", "png", "image/png"),
    Format("svg", "SVG", "svg", "image/svg+xml"),
    Format("pdf", "PDF", "pdf", "application/pdf"),
    Format("xlsx", "Excel", "xlsx", XLSX_TYPE),
    Format("csv", "CSV", "csv", "text/csv"),
)
SPREADSHEETS = ("xlsx", "csv")
SIZES: dict[str, Size] = {"ganze Folie": FULL, "halbe Folie": HALF}


def formats(exhibit: Exhibit) -> tuple[Format, ...]:
    """The formats that this exhibit may leave the app in: lists naming single queries as spreadsheets only."""
    whole = not exhibit.names_queries and len(exhibit.frame) > 0
    fits = exhibit.kind != "table" or len(exhibit.frame) <= MOST_ROWS
    return tuple(one for one in FORMATS if one.id in SPREADSHEETS or (whole and fits))


def why_fewer(exhibit: Exhibit) -> str:
    """Why there is neither slide nor picture, as a sentence; empty where there are."""
    if exhibit.names_queries:
        return "Listen einzelner Suchanfragen verlassen die App nur als Excel und CSV."
    if len(formats(exhibit)) < len(FORMATS):
        return f"Tabellen mit mehr als {MOST_ROWS} Zeilen gibt es nur als Excel und CSV."
    return ""


def file_name(exhibit: Exhibit, form: Format) -> str:
    """2025-12-15_google-position.pptx."""
    return f"{exhibit.file_stem}.{form.ending}"


def make(
    exhibit: Exhibit,
    form: Format,
    *,
    headline: str = "",
    look: Look | None = None,
    size: Size = FULL,
    transparent: bool = False,
    worker: ImageWorker | None = None,
) -> bytes:
    """The file of exactly the rows shown, under the headline that was written (or the proposed one).

    Raises:
        ValueError: the exhibit may not leave the app in this form.
        TemplateError, ImageFault: the template cannot be used; the picture could not be drawn.
    """
    if form not in formats(exhibit):
        raise ValueError(f"{exhibit.id} must not become {form.id}")
    named = renamed(exhibit, headline)
    if form.id == "csv":
        return tables.to_csv(named)
    if form.id == "xlsx":
        return tables.to_xlsx(named)
    worker = worker or shared_worker()
    if form.id == "pptx":
        return single_slide(named, functools.partial(pictures.slide_picture, worker), look)
    forms: dict[str, Form] = {"png": "png", "svg": "svg", "pdf": "pdf"}
    return pictures.picture(named, forms[form.id], worker, size, transparent=transparent)


def deck_file(slides: SlideSet, look: Look | None = None, worker: ImageWorker | None = None) -> bytes:
    """The whole presentation.

    Raises:
        TemplateError, ImageFault, NotASlide: see ``to_pptx``.
    """
    draw = functools.partial(pictures.slide_picture, worker or shared_worker())
    return to_pptx(slides, draw, look)
