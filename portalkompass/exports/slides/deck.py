"""A presentation from exhibits: message as title, chart or table, source and data date, notes, alt texts."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pptx.enum.text import MSO_ANCHOR
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from portalkompass import german
from portalkompass.charts import columns
from portalkompass.exhibit import Exhibit
from portalkompass.exports.disclosure_control import clean, outgoing
from portalkompass.exports.slides import native, slide_tables
from portalkompass.exports.slides.template import (
    LANGUAGE,
    Box,
    Look,
    add_slide,
    body_box,
    finish,
    open_template,
)
from portalkompass.slide_set import SlideSet, Words

SUBTITLE, FOOT, CAUTION = 26.0, 22.0, 14.0
"""Heights in points of the line below the title, of the source, and of one line of caution."""
MOST_CAUTIONS = 3
SMALL = 10
SVG_NAMESPACE = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart as PNG with the same drawing as SVG, for what PowerPoint cannot draw itself."""

    png: bytes
    svg: bytes


Draw = Callable[[Exhibit, float, float], Picture]
"""Exhibit, width and height in points -> its picture without headline and source."""


class NotASlide(Exception):
    """The exhibit must not or cannot become a slide; the message is a German sentence."""


def to_pptx(slides: SlideSet, draw: Draw, look: Look | None = None) -> bytes:
    """The presentation: title slide, then a slide a page (tables as many as they need).

    Raises:
        TemplateError: the template cannot be used.
        NotASlide: an exhibit names single queries or is empty.
    """
    look = look or Look()
    deck = open_template(look)
    _title_slide(deck, slides, look)
    for page in slides.pages:
        _add(deck, page, draw, look)
    return _saved(deck, slides.title, slides.sample)


def single_slide(exhibit: Exhibit, draw: Draw, look: Look | None = None) -> bytes:
    """One exhibit as a presentation of its own, to be copied into another.

    Raises:
        TemplateError, NotASlide: see ``to_pptx``.
    """
    look = look or Look()
    deck = open_template(look)
    _add(deck, exhibit, draw, look)
    return _saved(deck, exhibit.headline, exhibit.sample)


def _add(deck: Any, page: Exhibit | Words, draw: Draw, look: Look) -> None:  # noqa: ANN401
    if isinstance(page, Words):
        _words_slide(deck, page, look)
        return
    if page.names_queries:
        raise NotASlide("Listen einzelner Suchanfragen gibt es nur als Excel und CSV, nicht als Folie.")
    if page.frame.empty:
        raise NotASlide(f"„{page.headline}“ hat keine Zeilen; eine leere Folie entsteht nicht.")
    exhibit = outgoing(page)
    if exhibit.kind == "table":
        _table_slides(deck, exhibit, look)
    else:
        _chart_slide(deck, exhibit, draw, look)


def _chart_slide(deck: Any, exhibit: Exhibit, draw: Draw, look: Look) -> None:  # noqa: ANN401
    slide, box = _content_slide(deck, exhibit.headline, exhibit.subtitle, look)
    cautions = _cautions(exhibit)
    room = Box(box.left, box.top, box.width, box.height - FOOT - CAUTION * len(cautions) - 4)
    if native.draws(exhibit):
        native.add_chart(slide, exhibit, room)
    else:
        _picture(slide, exhibit, draw(exhibit, room.width, room.height), room)
    _foot(slide, exhibit.footer, cautions, box)
    _close(slide, _speech(exhibit))


def _table_slides(deck: Any, exhibit: Exhibit, look: Look) -> None:  # noqa: ANN401
    slide, box = _content_slide(deck, exhibit.headline, exhibit.subtitle, look)
    cautions = _cautions(exhibit)
    height = box.height - FOOT - CAUTION * len(cautions) - 4
    sheet = slide_tables.lay_out(exhibit, box.width, height)
    for number, page in enumerate(sheet.pages, start=1):
        if len(sheet.pages) > 1:
            title = f"{exhibit.headline} ({number} von {len(sheet.pages)})"
            if number > 1:
                slide, box = _content_slide(deck, title, exhibit.subtitle, look)
            else:
                _set_text(slide.shapes.title.text_frame, title)
        slide_tables.add_table(slide, exhibit, sheet, page, box)
        _foot(slide, exhibit.footer, cautions, box)
        _close(slide, _speech(exhibit))


def _words_slide(deck: Any, words: Words, look: Look) -> None:  # noqa: ANN401
    slide, box = _content_slide(deck, clean(words.headline), clean(words.subtitle), look)
    size = 16.0 if sum(len(text) for text in words.paragraphs) < 900 else 11.0  # noqa: PLR2004
    room = Box(box.left, box.top, box.width, box.height - FOOT - 4)
    shape = _text_box(slide, room, "Text")
    for number, text in enumerate(words.paragraphs):
        paragraph = shape.text_frame.paragraphs[0] if number == 0 else shape.text_frame.add_paragraph()
        paragraph.space_after = Pt(size / 2)
        _run(paragraph, clean(text), size)
    _foot(slide, clean(words.footer), (), box)
    _close(slide, [clean(note) for note in (*words.notes, words.footer)])


def _title_slide(deck: Any, slides: SlideSet, look: Look) -> None:  # noqa: ANN401
    slide = add_slide(deck, look.title_layout)
    _set_text(slide.shapes.title.text_frame, clean(slides.title))
    lines = [*(["Beispieldaten"] if slides.sample else []), *map(clean, slides.subtitle)]
    further = next((one for one in slide.placeholders if one.placeholder_format.idx == 1), None)
    if further is None:
        box = body_box(deck, slide)
        further = _text_box(slide, Box(box.left, box.top + 12, box.width, 120), "Untertitel")
    frame = further.text_frame
    for number, line in enumerate(lines):
        _run(frame.paragraphs[0] if number == 0 else frame.add_paragraph(), line)
    _close(slide, lines)


def _content_slide(deck: Any, headline: str, subtitle: str, look: Look) -> tuple[Any, Box]:  # noqa: ANN401
    """A slide with message and subtitle, and the place that is left below them."""
    slide = add_slide(deck, look.content_layout)
    _set_text(slide.shapes.title.text_frame, headline)
    box = body_box(deck, slide)
    if subtitle:
        shape = _text_box(slide, Box(box.left, box.top, box.width, SUBTITLE), "Untertitel")
        _run(shape.text_frame.paragraphs[0], subtitle, 12)
    top = box.top + SUBTITLE + 6
    return slide, Box(box.left, top, box.width, box.height - SUBTITLE - 6)


def _cautions(exhibit: Exhibit) -> tuple[str, ...]:
    """Known events that the chart crosses: said on the slide itself, not only in the notes."""
    sentences = dict.fromkeys(mark.sentence for mark in exhibit.marks)
    said = exhibit.caution
    return tuple([*([said] if said else []), *(one for one in sentences if one != said)][:MOST_CAUTIONS])


def _foot(slide: Any, footer: str, cautions: Sequence[str], box: Box) -> None:  # noqa: ANN401
    bottom = box.top + box.height
    height = CAUTION * len(cautions)
    if cautions:
        shape = _text_box(slide, Box(box.left, bottom - FOOT - height, box.width, height), "Hinweise")
        for number, text in enumerate(cautions):
            frame = shape.text_frame
            _run(frame.paragraphs[0] if number == 0 else frame.add_paragraph(), text, SMALL)
    shape = _text_box(slide, Box(box.left, bottom - FOOT, box.width - 90, FOOT), "Quelle")
    _run(shape.text_frame.paragraphs[0], footer, SMALL)


def _speech(exhibit: Exhibit) -> list[str]:
    """Speaker notes: what is shown, the values of a chart that is only a picture, definitions, events, source."""
    events = [
        f"{german.date(mark.date)}{f' bis {german.date(mark.end)}' if mark.end else ''}: {mark.sentence}"
        for mark in exhibit.marks
    ]
    meanings = [f"{field.label}: {field.help}" for field in exhibit.fields if field.help]
    values = [] if exhibit.kind == "table" or native.draws(exhibit) else columns.said(exhibit)
    lines = [exhibit.subtitle, *values, *exhibit.notes, *events, *meanings, exhibit.footer]
    return list(dict.fromkeys(line for line in lines if line))


def _close(slide: Any, notes: Sequence[str]) -> None:  # noqa: ANN401
    slide.notes_slide.notes_text_frame.text = "\n".join(notes)
    finish(slide)


def _picture(slide: Any, exhibit: Exhibit, picture: Picture, box: Box) -> None:  # noqa: ANN401
    """The PNG in its place, the SVG beside it: newer PowerPoint shows the sharp one."""
    shape = slide.shapes.add_picture(io.BytesIO(picture.png), *box.emu)
    shape.name = f"Bild {exhibit.id}"
    shape._element.nvPicPr.cNvPr.set("descr", exhibit.alt)
    package = slide.part.package
    name = PackURI(f"/ppt/media/drawing{len(list(package.iter_parts()))}.svg")
    part = Part(name, "image/svg+xml", package, picture.svg)
    relation = slide.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
    extension = parse_xml(
        '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        f'<a:ext uri="{SVG_EXTENSION}"><asvg:svgBlip xmlns:asvg="{SVG_NAMESPACE}" r:embed="{relation}"/>'
        "</a:ext></a:extLst>"
    )
    shape._element.find(".//" + qn("a:blip")).append(extension)


def _text_box(slide: Any, box: Box, name: str) -> Any:  # noqa: ANN401
    shape = slide.shapes.add_textbox(*box.emu)
    shape.name = name
    frame = shape.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Pt(0)
    frame.vertical_anchor = MSO_ANCHOR.TOP
    # Left inset as in the title placeholder, so that the texts stand below each other.
    frame.margin_left = Pt(7.2)
    return shape


def _set_text(frame: Any, text: str) -> None:  # noqa: ANN401
    frame.clear()
    _run(frame.paragraphs[0], text)


def _run(paragraph: Any, text: str, size: float | None = None) -> None:  # noqa: ANN401
    run = paragraph.add_run()
    run.text = text
    run._r.get_or_add_rPr().set("lang", LANGUAGE)
    if size is not None:
        run.font.size = Pt(size)


def _saved(deck: Any, title: str, sample: bool) -> bytes:  # noqa: ANN401
    properties = deck.core_properties
    properties.title = clean(title)
    properties.language = LANGUAGE
    properties.subject = "Beispieldaten" if sample else ""
    file = io.BytesIO()
    deck.save(file)
    return file.getvalue()


def renamed(exhibit: Exhibit, headline: str) -> Exhibit:
    """The exhibit under the headline that a person has written; an empty one keeps the proposal."""
    return replace(exhibit, headline=clean(headline)) if clean(headline) else exhibit
