"""A template looked at before anybody waits for slides: which layouts are used, and what will not fit into each."""

from __future__ import annotations

from dataclasses import dataclass

from portalkompass import german
from portalkompass.exports.palette import Palette, contrast
from portalkompass.exports.slides.boxes import SHORTENED
from portalkompass.exports.slides.layout_sample import SAMPLE, sample
from portalkompass.exports.slides.layouts import Layout, box_of, palette
from portalkompass.exports.slides.page_plan import fitted_title
from portalkompass.exports.slides.template import (
    LEAST_TITLE,
    Look,
    TemplateError,
    layouts,
    no_room,
    open_template,
    read,
)

READABLE, SEEN = 4.5, 3.0
"""Contrast that letters need on their ground, and bars and lines (WCAG 2.2)."""


@dataclass(frozen=True, slots=True)
class LayoutCheck:
    """One layout: what it is used for ("" for nothing), the room it leaves, and German sentences on what is wrong.

    ``usable`` says whether slides with charts can be made of it; ``sample`` draws it with a sample, as SVG.
    """

    name: str
    used_for: str
    room: str
    usable: bool
    sentences: tuple[str, ...]
    sample: str


@dataclass(frozen=True, slots=True)
class TemplateCheck:
    """All layouts of a template; ``fault`` is why no slides can be made of it, "" where they can."""

    layouts: tuple[LayoutCheck, ...]
    fault: str


def check(look: Look) -> TemplateCheck:
    """Every layout of the template, those in use first told by what they are used for.

    A file that cannot be opened has no layouts, and the reason as its fault.
    """
    try:
        deck = read(look)
    except TemplateError as fault:
        return TemplateCheck((), str(fault))
    used, reason = {}, ""
    try:
        template = open_template(look)
        used = {template.title.name: "Titelfolie", template.content.name: "Inhalt"}
    except TemplateError as fault:
        reason = str(fault)
    return TemplateCheck(
        tuple(_checked(layout, used.get(layout.name, "")) for layout in layouts(deck)),
        reason,
    )


def _checked(layout: Layout, used_for: str) -> LayoutCheck:
    room = layout.content
    told = f"{german.number(room.width)} × {german.number(room.height)} Punkt"
    if layout.title is None:
        lacking = ("Kein Platzhalter für den Titel.",)
        return LayoutCheck(layout.name, used_for, told, False, lacking, sample(layout))
    fault = "" if used_for == "Titelfolie" else no_room(layout)
    sentences = (fault, *_of_title(layout), *_of_colours(palette(layout.native.slide_master)))
    return LayoutCheck(layout.name, used_for, told, not fault, tuple(filter(None, sentences)), sample(layout))


def _of_title(layout: Layout) -> list[str]:
    style, box = layout.style(layout.title), box_of(layout.title)
    size, told = fitted_title(layout, SAMPLE)
    sentences = []
    if told.endswith(SHORTENED):
        sentences.append(
            f"Lange Überschriften passen auch mit {german.number(min(LEAST_TITLE, style.size))} Punkt nicht und werden "
            f"gekürzt: „{told}“ ({len(told)} von {len(SAMPLE)} Zeichen)."
        )
    elif size is not None:
        sentences.append(
            f"Lange Überschriften werden von {german.number(style.size)} auf {german.number(size)} Punkt verkleinert."
        )
    if box is not None and box.top > layout.content.top:
        sentences.append("Der Titel steht unter dem Inhalt.")
    return sentences


def _of_colours(own: Palette) -> list[str]:
    sentences = []
    if contrast(own.text, own.ground) < READABLE:
        sentences.append(f"Text ({own.text}) ist auf dem Grund ({own.ground}) schlecht zu lesen.")
    pale = [
        f"{number} ({colour})"
        for number, colour in enumerate(own.accents, 1)
        if contrast(colour, own.ground) < SEEN
    ]
    if pale:
        sentences.append(f"Auf dem Grund kaum zu sehen: Akzentfarbe {german.listing(pale)}.")
    return sentences
