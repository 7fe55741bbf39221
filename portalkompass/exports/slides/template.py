"""The presentation that slides are put into: the neutral template that ships, or one of the city's own.

Layouts are found by their names, and where a template calls them otherwise by what they are for. Everything else
(colours, fonts, sizes, places) stays as the template has it; ``layouts`` reads what it leaves free.
"""

from __future__ import annotations

import copy
import datetime as dt
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pptx import Presentation
from pptx.util import Pt

from portalkompass import german
from portalkompass.exports.office_templates import as_document
from portalkompass.exports.palette import Palette
from portalkompass.exports.slides.boxes import Box, Pptx
from portalkompass.exports.slides.layouts import SLIDE_NUMBER, TITLES, Layout, palette
from portalkompass.exports.tables import MAKER

NEUTRAL = Path(__file__).with_name("template.pptx")
LANGUAGE = "de-DE"
LEAST_TITLE = 18.0
"""A headline is not set smaller than this; what then does not fit is cut at a word."""
LEAST_BODY = (400.0, 220.0)
"""Points across and down without which a slide has no room for a chart."""
_APP = "/extended-properties"


class TemplateError(Exception):
    """The template cannot be used; the message is a German sentence that says what is missing."""


@dataclass(frozen=True, slots=True)
class Look:
    """Which template to use and what its layouts are called; an empty template means the neutral one."""

    template: str = ""
    title_layout: str = "Titelfolie"
    content_layout: str = "Nur Titel"


@dataclass(frozen=True, eq=False)
class Template:
    """An empty presentation of a template, with the layouts for the cover and for everything else."""

    deck: Pptx
    title: Layout
    content: Layout

    @cached_property
    def palette(self) -> Palette:
        """The theme's colours as slides of the content layout show them."""
        return palette(self.content.native.slide_master)

    @property
    def own(self) -> bool:
        """Whether its colours are others than those that ship."""
        return self.palette != palette(Presentation(str(NEUTRAL)).slide_masters[0])


def open_template(look: Look) -> Template:
    """An empty presentation of the template; slides that it brings along are taken out.

    Raises:
        TemplateError: the file is missing or damaged, has no layout that can be used, or one without room.
    """
    deck = read(look)
    usual = Look()
    title = _chosen(deck, look.title_layout, usual.title_layout, _for_a_cover)
    content = _chosen(deck, look.content_layout, usual.content_layout, _for_content)
    for layout in (title, content):
        if layout.title is None:
            raise TemplateError(
                f"Das Layout „{layout.name}“ der Vorlage hat keinen Platzhalter für den Titel."
            )
    if fault := no_room(content):
        raise TemplateError(f"Die Vorlage taugt nicht für Folien. {fault}")
    ids = deck.slides._sldIdLst
    for entry in list(ids):
        deck.part.drop_rel(entry.rId)
        ids.remove(entry)
    return Template(deck, title, content)


def read(look: Look) -> Pptx:
    """The template's file as a presentation, be it .pptx or .potx.

    Raises:
        TemplateError: there is no such file, or it is no presentation.
    """
    path = Path(look.template) if look.template else NEUTRAL
    if path.suffix.lower() not in (".pptx", ".potx"):
        raise TemplateError(
            f"Die Vorlage {path.name} muss eine .pptx- oder .potx-Datei sein (slides.template)."
        )
    try:
        return Presentation(as_document(path) if path.suffix.lower() == ".potx" else str(path))
    except Exception:
        there = os.path.isfile(path)  # noqa: PTH113 a folder that is closed to us is no fault of its own
        bad = "sie ist keine unversehrte PowerPoint-Datei"
        why = bad if there else "es gibt sie nicht, oder sie ist nicht lesbar"
        raise TemplateError(
            f"Die Vorlage {path.name} lässt sich nicht öffnen: {why}. "
            "Bitte „slides.template“ in den Einstellungen prüfen."
        ) from None


def layouts(deck: Pptx) -> list[Layout]:
    """All layouts of all masters."""
    width, height = deck.slide_width / 12700, deck.slide_height / 12700
    return [Layout(native, width, height) for master in deck.slide_masters for native in master.slide_layouts]


def content_layout(deck: Pptx) -> Layout:
    """The layout of a presentation that has a title and most room below it.

    Raises:
        TemplateError: no layout has a title.
    """
    usual = Look()
    layout = _chosen(deck, usual.content_layout, usual.content_layout, _for_content)
    if layout.title is None:
        raise TemplateError(f"Das Layout „{layout.name}“ hat keinen Platzhalter für den Titel.")
    return layout


def _chosen(deck: Pptx, name: str, usual: str, wanted: Callable[[Layout], tuple[bool, float]]) -> Layout:
    """The layout of that name; where only the usual name was asked for, else the one that is best for it.

    Raises:
        TemplateError: there is none; names those there are.
    """
    known = layouts(deck)
    found = next((layout for layout in known if layout.name == name), None)
    usable = [layout for layout in known if layout.title is not None]
    if found is None and name == usual and usable:
        found = max(usable, key=wanted)
    if found is None:
        names = ", ".join(f"„{layout.name}“" for layout in known)
        raise TemplateError(f"In der Vorlage fehlt das Layout „{name}“; vorhanden sind {names}.")
    return found


def _for_a_cover(layout: Layout) -> tuple[bool, float]:
    return layout.native._element.get("type") == "title", layout.width * layout.height - _area(layout.body)


def _for_content(layout: Layout) -> tuple[bool, float]:
    """One with a title only goes before all others, then the one with most room."""
    cover = layout.native._element.get("type") in ("title", "secHead")
    return layout.native._element.get("type") == "titleOnly", 0.0 if cover else _area(layout.content)


def _area(box: Box) -> float:
    return box.width * box.height


def no_room(layout: Layout) -> str:
    """Why the layout has no room for a chart, as a sentence; empty where it has."""
    room = layout.content
    if room.width >= LEAST_BODY[0] and room.height >= LEAST_BODY[1]:
        return ""
    return (
        f"Das Layout „{layout.name}“ lässt neben Titel, Fußzeile und Logo nur {german.number(room.width)} × "
        f"{german.number(room.height)} Punkt frei; nötig sind {german.number(LEAST_BODY[0])} × "
        f"{german.number(LEAST_BODY[1])}."
    )


def add_slide(template: Template, layout: Layout) -> Pptx:
    """A slide of that layout with its number; the title placeholder stands first in the reading order.

    Placeholders that nothing is written into are taken out: PowerPoint would ask for text in them.
    """
    slide = template.deck.slides.add_slide(layout.native)
    for shape in list(slide.placeholders):
        if shape.placeholder_format.type not in TITLES and not (
            layout is template.title and _subtitle(shape)
        ):
            shape._element.getparent().remove(shape._element)
    for shape in layout.native.placeholders:
        if shape.placeholder_format.type == SLIDE_NUMBER:
            slide.shapes._spTree.append(copy.deepcopy(shape._element))
    # Copied shapes bring their ids along; every shape of a slide needs its own.
    for number, element in enumerate(slide.shapes._spTree.iter_shape_elms(), start=2):
        element._nvXxPr.cNvPr.set("id", str(number))
    return slide


def _subtitle(shape: Pptx) -> bool:
    return bool(shape.placeholder_format.idx == 1 and shape.has_text_frame)


def described(deck: Pptx, title: str, *, sample: bool) -> None:
    """Who made the file, when, and what it is: nothing of the template's own."""
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)
    core = deck.core_properties
    core.title, core.language, core.subject = title, LANGUAGE, "Beispieldaten" if sample else ""
    core.author = core.last_modified_by = MAKER
    core.created = core.modified = now
    core.revision, core.comments, core.keywords = 1, "", ""
    # Application, number of slides and form of the screen are the template's; PowerPoint writes them anew.
    for relation in [rel for rel in deck.part.package._rels.values() if rel.reltype.endswith(_APP)]:
        deck.part.package._rels.pop(relation.rId)


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
        if shape.placeholder_format.type == SLIDE_NUMBER:
            tree.remove(shape._element)
            tree.append(shape._element)
