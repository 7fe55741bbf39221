"""The PowerPoint template: opened by path, its layouts found by the names that PowerPoint shows."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.util import Pt

Pptx = Any
"""A presentation, slide, shape, chart or part of one: python-pptx has no types."""
NEUTRAL = Path(__file__).with_name("template.pptx")
LANGUAGE = "de-DE"
MARGIN = 40.0
"""Points from the left and right edge where the layout's title does not say otherwise."""


class TemplateError(Exception):
    """The template cannot be used; the message is a German sentence that says what is missing."""


@dataclass(frozen=True, slots=True)
class Look:
    """Which template to use and what its layouts are called; an empty template means the neutral one."""

    template: str = ""
    title_layout: str = "Titelfolie"
    content_layout: str = "Nur Titel"


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a slide, in points."""

    left: float
    top: float
    width: float
    height: float

    @property
    def emu(self) -> tuple[Pptx, ...]:
        """Left, top, width, height as PowerPoint counts."""
        return Pt(self.left), Pt(self.top), Pt(self.width), Pt(self.height)


def open_template(look: Look) -> Pptx:
    """An empty presentation of the template; slides that it brings along are taken out.

    Raises:
        TemplateError: the file is missing or no .pptx, or has no layout of a wanted name.
    """
    path = Path(look.template) if look.template else NEUTRAL
    if path.suffix.lower() != ".pptx":
        raise TemplateError(f"Die Vorlage {path.name} muss eine .pptx-Datei sein (keine .potx).")
    try:
        deck = Presentation(str(path))
    except Exception:
        why = "sie ist keine unversehrte PowerPoint-Datei" if path.is_file() else "es gibt sie nicht"
        raise TemplateError(
            f"Die Vorlage {path.name} lässt sich nicht öffnen: {why}. "
            "Bitte „slides.template“ in den Einstellungen prüfen."
        ) from None
    for name in (look.title_layout, look.content_layout):
        layout_named(deck, name)
    ids = deck.slides._sldIdLst
    for entry in list(ids):
        deck.part.drop_rel(entry.rId)
        ids.remove(entry)
    return deck


def layout_named(deck: Pptx, name: str) -> Pptx:
    """The layout of that name.

    Raises:
        TemplateError: there is none, or it has no title; names those there are.
    """
    layout = next((layout for layout in deck.slide_layouts if layout.name == name), None)
    if layout is None:
        names = ", ".join(f"„{layout.name}“" for layout in deck.slide_layouts)
        raise TemplateError(f"In der Vorlage fehlt das Layout „{name}“; vorhanden sind {names}.")
    if not any(shape.placeholder_format.type in _TITLES for shape in layout.placeholders):
        raise TemplateError(f"Das Layout „{name}“ der Vorlage hat keinen Platzhalter für den Titel.")
    return layout


_TITLES = (1, 3)  # PP_PLACEHOLDER TITLE and CENTER_TITLE
_SLIDE_NUMBER = 13


def add_slide(deck: Pptx, layout_name: str) -> Pptx:
    """A slide of that layout with its number; the title placeholder stands first in the reading order."""
    layout = layout_named(deck, layout_name)
    slide = deck.slides.add_slide(layout)
    for shape in layout.placeholders:
        if shape.placeholder_format.type == _SLIDE_NUMBER:
            slide.shapes._spTree.append(copy.deepcopy(shape._element))
    # Copied shapes bring their ids along; every shape of a slide needs its own.
    for number, element in enumerate(slide.shapes._spTree.iter_shape_elms(), start=2):
        element._nvXxPr.cNvPr.set("id", str(number))
    return slide


def write_run(paragraph: Pptx, text: str, size: float | None = None, *, bold: bool | None = None) -> None:
    """German text at the end of a paragraph; without a size in that of the template."""
    run = paragraph.add_run()
    run.text = text
    run._r.get_or_add_rPr().set("lang", LANGUAGE)
    if size is not None:
        run.font.size = Pt(size)
    if bold is not None:
        run.font.bold = bold


def describe(shape: Pptx, name: str, alt: str) -> None:
    """Its name in PowerPoint's list of objects, and what a screen reader says of it."""
    shape.name = name
    shape._element._nvXxPr.cNvPr.set("descr", alt)


def finish(slide: Pptx) -> None:
    """Put the slide number last in the reading order."""
    tree = slide.shapes._spTree
    for shape in list(slide.placeholders):
        if shape.placeholder_format.type == _SLIDE_NUMBER:
            tree.remove(shape._element)
            tree.append(shape._element)


def body_box(deck: Pptx, slide: Pptx) -> Box:
    """The place below the title, as wide as the title."""
    title = slide.shapes.title
    width, height = deck.slide_width / 12700, deck.slide_height / 12700
    left = title.left / 12700 if title.left is not None else MARGIN
    wide = title.width / 12700 if title.width is not None else width - 2 * MARGIN
    top = (title.top + title.height) / 12700 if title.top is not None else 90.0
    return Box(left, top, wide, height - top - 16)
