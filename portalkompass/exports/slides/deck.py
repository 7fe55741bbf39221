"""A presentation from exhibits: message as title, chart or table, source and data date, notes, alt texts."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from pptx.enum.text import MSO_ANCHOR
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from portalkompass import german
from portalkompass.charts import columns
from portalkompass.exports.disclosure_control import Outgoing, OutgoingSlides, OutgoingWords
from portalkompass.exports.images.image_worker import ImageWorker
from portalkompass.exports.images.pictures import slide_picture
from portalkompass.exports.slides import native, slide_tables
from portalkompass.exports.slides.template import (
    LANGUAGE,
    Box,
    Look,
    Pptx,
    add_slide,
    body_box,
    describe,
    finish,
    open_template,
    write_run,
)
from portalkompass.slide_set import Words

SUBTITLE, FOOT, CAUTION = 26.0, 22.0, 14.0
"""Heights in points of the line below the title, of the source, and of one line of caution."""
SMALL = 10
"""Font size of cautions and source."""
LONG_WORDS = 900
"""Pages of words with more characters than this are set in small letters."""
SVG_NAMESPACE = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"


class NotASlide(Exception):
    """The exhibit must not or cannot become a slide; the message is a German sentence."""


def to_pptx(slides: OutgoingSlides, look: Look, worker: ImageWorker) -> bytes:
    """The presentation: title slide if there is a cover, then a slide a page (tables as many as they need).

    Raises:
        TemplateError: the template cannot be used.
        NotASlide: an exhibit names single queries or is empty.
        ImageFault: a picture could not be drawn.
    """
    deck = open_template(look)
    if slides.cover is not None:
        _title_slide(deck, slides.title, slides.cover, look)
    for page in slides.pages:
        if isinstance(page, Words):
            _words_slide(deck, page, look)
        else:
            _exhibit_slides(deck, page, look, worker)
    deck.core_properties.title = slides.title
    deck.core_properties.language = LANGUAGE
    deck.core_properties.subject = "Beispieldaten" if slides.sample else ""
    file = io.BytesIO()
    deck.save(file)
    return file.getvalue()


def _exhibit_slides(deck: Pptx, exhibit: Outgoing, look: Look, worker: ImageWorker) -> None:
    if exhibit.names_queries:
        raise NotASlide("Listen einzelner Suchanfragen gibt es nur als Excel und CSV, nicht als Folie.")
    if exhibit.frame.empty:
        raise NotASlide(f"„{exhibit.headline}“ hat keine Zeilen; eine leere Folie entsteht nicht.")
    slide, box = _content_slide(deck, exhibit.headline, exhibit.subtitle, look)
    room = Box(box.left, box.top, box.width, box.height - FOOT - CAUTION * len(exhibit.cautions) - 4)
    if exhibit.kind != "table":
        if draw := native.DRAWINGS.get(exhibit.kind):
            draw(slide, exhibit, room)
        else:
            _picture(slide, exhibit, slide_picture(exhibit, room.width, room.height, worker), room)
        _foot(slide, exhibit.footer, exhibit.cautions, _speech(exhibit), box)
        return
    parts = slide_tables.deal_out(exhibit, room.width, room.height)
    for number, part in enumerate(parts, start=1):
        if number > 1:
            slide, _ = _content_slide(deck, exhibit.headline, exhibit.subtitle, look)
        if len(parts) > 1:
            _write(slide.shapes.title.text_frame, [f"{exhibit.headline} ({number} von {len(parts)})"])
        slide_tables.add_table(slide, exhibit, part, room)
        _foot(slide, exhibit.footer, exhibit.cautions, _speech(exhibit), box)


def _words_slide(deck: Pptx, words: OutgoingWords, look: Look) -> None:
    slide, box = _content_slide(deck, words.headline, words.subtitle, look)
    size = 16.0 if sum(map(len, words.paragraphs)) < LONG_WORDS else 11.0
    room = Box(box.left, box.top, box.width, box.height - FOOT - 4)
    shape = _text_box(slide, room, "Text", words.paragraphs, size)
    for paragraph in shape.text_frame.paragraphs:
        paragraph.space_after = Pt(size / 2)
    _foot(slide, words.footer, (), (*words.notes, words.footer), box)


def _title_slide(deck: Pptx, title: str, lines: Sequence[str], look: Look) -> None:
    slide = add_slide(deck, look.title_layout)
    _write(slide.shapes.title.text_frame, [title])
    further = next((shape for shape in slide.placeholders if shape.placeholder_format.idx == 1), None)
    if further is None:
        box = body_box(deck, slide)
        _text_box(slide, Box(box.left, box.top + 12, box.width, 120), "Untertitel", lines)
    else:
        _write(further.text_frame, lines)
    _close(slide, lines)


def _content_slide(deck: Pptx, headline: str, subtitle: str, look: Look) -> tuple[Pptx, Box]:
    """A slide with message and subtitle, and the place that is left below them."""
    slide = add_slide(deck, look.content_layout)
    _write(slide.shapes.title.text_frame, [headline])
    box = body_box(deck, slide)
    if subtitle:
        _text_box(slide, Box(box.left, box.top, box.width, SUBTITLE), "Untertitel", [subtitle], 12)
    top = box.top + SUBTITLE + 6
    return slide, Box(box.left, top, box.width, box.height - SUBTITLE - 6)


def _foot(slide: Pptx, footer: str, cautions: Sequence[str], notes: Iterable[str], box: Box) -> None:
    """Cautions and source at the bottom of the box, and the speaker notes."""
    bottom, height = box.top + box.height - FOOT, CAUTION * len(cautions)
    if cautions:
        _text_box(slide, Box(box.left, bottom - height, box.width, height), "Hinweise", cautions, SMALL)
    _text_box(slide, Box(box.left, bottom, box.width - 90, FOOT), "Quelle", [footer], SMALL)
    _close(slide, notes)


def _speech(exhibit: Outgoing) -> list[str]:
    """Speaker notes: what is shown, the values of a chart that is only a picture, definitions, events, source."""
    events = [
        f"{german.date(mark.date)}{f' bis {german.date(mark.end)}' if mark.end else ''}: {mark.sentence}"
        for mark in exhibit.marks
    ]
    meanings = [f"{field.label}: {field.help}" for field in exhibit.fields if field.help]
    values = [] if exhibit.kind == "table" or exhibit.kind in native.DRAWINGS else columns.said(exhibit)
    lines = [exhibit.subtitle, *values, *exhibit.notes, *events, *meanings, exhibit.footer]
    return list(dict.fromkeys(line for line in lines if line))


def _close(slide: Pptx, notes: Iterable[str]) -> None:
    slide.notes_slide.notes_text_frame.text = "\n".join(notes)
    finish(slide)


def _picture(slide: Pptx, exhibit: Outgoing, drawn: tuple[bytes, bytes], box: Box) -> None:
    """The PNG in its place, the SVG beside it: newer PowerPoint shows the sharp one."""
    png, svg = drawn
    shape = slide.shapes.add_picture(io.BytesIO(png), *box.emu)
    describe(shape, f"Bild {exhibit.id}", exhibit.alt)
    package = slide.part.package
    name = PackURI(f"/ppt/media/drawing{len(list(package.iter_parts()))}.svg")
    part = Part(name, "image/svg+xml", package, svg)
    relation = slide.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
    extension = parse_xml(
        '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        f'<a:ext uri="{SVG_EXTENSION}"><asvg:svgBlip xmlns:asvg="{SVG_NAMESPACE}" r:embed="{relation}"/>'
        "</a:ext></a:extLst>"
    )
    shape._element.find(".//" + qn("a:blip")).append(extension)


def _text_box(slide: Pptx, box: Box, name: str, lines: Sequence[str], size: float | None = None) -> Pptx:
    shape = slide.shapes.add_textbox(*box.emu)
    shape.name = name
    frame = shape.text_frame
    frame.word_wrap = True
    # Left inset as in the title placeholder, so that the texts stand below each other.
    frame.margin_left = Pt(7.2)
    frame.margin_right = frame.margin_top = frame.margin_bottom = Pt(0)
    frame.vertical_anchor = MSO_ANCHOR.TOP
    _write(frame, lines, size)
    return shape


def _write(frame: Pptx, lines: Sequence[str], size: float | None = None) -> None:
    """The lines in place of what the frame holds, each a paragraph."""
    frame.clear()
    for number, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        write_run(paragraph, line, size)
