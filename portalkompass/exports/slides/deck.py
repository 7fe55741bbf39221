"""A presentation from exhibits: message as title, chart or table, source and data date, notes, alt texts."""

from __future__ import annotations

import functools
import io
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pptx.enum.text import MSO_ANCHOR
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from portalkompass import charts, german
from portalkompass.charts import columns
from portalkompass.exhibit import REMARK, Exhibit
from portalkompass.exports.disclosure_control import Outgoing, OutgoingSlides, OutgoingWords
from portalkompass.exports.images.image_worker import ImageWorker
from portalkompass.exports.images.pictures import slide_picture
from portalkompass.exports.slides import boxes, native, slide_tables
from portalkompass.exports.slides.boxes import FLOOR, LINE, SOURCE_SIZE, Box, Letters, Pptx
from portalkompass.exports.slides.layouts import Layout, box_of
from portalkompass.exports.slides.living.origin import (
    COVER,
    Origin,
    note_placeholders,
    tag_page,
    told_apart_names,
)
from portalkompass.exports.slides.native import parts
from portalkompass.exports.slides.page_plan import (
    GAP,
    INSET,
    LEAST_ROOM,
    REMARK_SIZE,
    Page,
    around,
    fitted_title,
    remark_height,
    room_of,
)
from portalkompass.exports.slides.template import (
    Look,
    Template,
    add_slide,
    describe,
    described,
    finish,
    open_template,
    write_run,
)
from portalkompass.slide_set import TextPage, Words

HALF_HEADLINE, MOST_LINES = 14.0, 3
"""Points of a headline over one of two charts on a slide, and how many lines it may take."""
LISTENED_TO = 1500
"""Characters of a picture's rows that its alternative text holds; more nobody listens to."""
MOST_BARS = 12
"""Bars that have a readable name each on half a slide."""
BETWEEN, BESIDE = 18.0, "+"
"""Points between two charts on a slide; between the ids of its pages."""
WORD_SIZES = (20.0, 18.0, 16.0, 14.0, FLOOR)
MOST_OF_A_FACT = 16.0

COVER_SIZES = (20.0, 18.0, 16.0, 14.0, FLOOR)
"""Font sizes to try, largest first."""
RANKS = {1: 1.0, 2: 0.8, 3: 0.65}
"""Size of a cover's line by its rank, in that of the first."""
APART = 0.6
"""Space between ranks in font sizes."""
HANGING, BOLD = 16.0, 1.06
"""Points that a list is set in behind its marks; how much wider bold letters are."""
Group = tuple[Outgoing | OutgoingWords, ...]
"""Pages that share a slide."""
SVG_NAMESPACE = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"


class NotASlide(Exception):
    """The exhibit must not or cannot become a slide; the message is a German sentence."""


def to_pptx(
    slides: OutgoingSlides,
    look: Look,
    worker: ImageWorker,
    origin: Origin | None = None,
    *,
    half: bool = False,
    two: bool = False,
) -> bytes:
    """The presentation: title slide if there is a cover, then a slide a page (tables and words as many as they need).

    ``half`` puts charts on the left half and leaves the right one to words of one's own; ``two`` puts two charts that
    follow each other on one slide. With an ``origin`` every shape
    knows where it comes from, so that the deck can be brought up to date.

    Raises:
        TemplateError: the template cannot be used.
        NotASlide: an exhibit names single queries or is empty.
        ImageFault: a picture could not be drawn.
    """
    template = open_template(look)
    groups: list[Group] = _by_two(slides.pages) if two else [(page,) for page in slides.pages]
    ids = [BESIDE.join(page.id for page in group) for group in groups]
    names = told_apart_names([COVER] * (slides.cover is not None) + ids)
    made = [0]
    if slides.cover is not None:
        _title_slide(template, slides.title, slides.cover, slides.ranks)
        made.append(len(template.deck.slides))
    for group in groups:
        page, *other = group
        if other:
            _two_charts(template, group, worker)
        elif isinstance(page, TextPage):
            _text_slides(template, page)
        elif isinstance(page, Words):
            add_words(template, page)
        else:
            _exhibit_slides(template, page, worker, half=half)
        made.append(len(template.deck.slides))
    if origin is not None:
        drawn = list(template.deck.slides)
        for name, (first, end) in zip(names, itertools.pairwise(made), strict=True):
            tag_page(drawn[first:end], name, origin)
        note_placeholders(template.deck)
    described(template.deck, slides.title, sample=slides.sample)
    file = io.BytesIO()
    template.deck.save(file)
    return file.getvalue()


def _by_two(pages: Sequence[Outgoing | OutgoingWords]) -> list[Group]:
    """The pages in order, two charts that follow each other in one; of three the last stands alone."""
    groups: list[Group] = []
    for page in pages:
        before = groups[-1] if groups else ()
        if len(before) == 1 and _is_chart(before[0]) and _is_chart(page):
            groups[-1] = (*before, page)
        else:
            groups.append((page,))
    return groups


def _is_chart(page: Outgoing | OutgoingWords) -> bool:
    if not isinstance(page, Exhibit) or page.kind in ("table", "panels"):
        return False
    return page.kind not in ("bar", "stacked_bar") or page.frame[page.y].nunique() <= MOST_BARS


def _two_charts(template: Template, pages: Group, worker: ImageWorker) -> None:
    """Charts beside each other, each under its headline; the slide's title says what both measure."""
    exhibits = [page for page in pages if not isinstance(page, Words)]
    for exhibit in exhibits:
        _must_be_a_slide(exhibit)
    measured = dict.fromkeys(one.subtitle.partition(" · ")[0] or one.headline for one in exhibits)
    footer = "; ".join(dict.fromkeys(one.footer for one in exhibits))
    speech = dict.fromkeys(line for one in exhibits for line in (one.headline, *_speech(one)))
    slide, room = _slide(template, Page(german.listing(list(measured)), "", (), footer, tuple(speech)))
    width = (room.width - BETWEEN * (len(exhibits) - 1)) / len(exhibits)
    for number, exhibit in enumerate(exhibits):
        place = Box(room.left + number * (width + BETWEEN), room.top, width, room.height)
        _half_slide(template, slide, exhibit, place, worker)
    _close(slide, tuple(speech))


def _half_slide(template: Template, slide: Pptx, exhibit: Outgoing, place: Box, worker: ImageWorker) -> None:
    """Headline, subtitle, chart and cautions below each other in their part of a slide."""
    letters, width = template.content.letters, place.width - INSET

    def fitting(told: str) -> bool:
        return len(letters.lines(told, width, HALF_HEADLINE, bold=True)) <= MOST_LINES

    headline = boxes.cut(exhibit.headline, fitting)
    tall = len(letters.lines(headline, width, HALF_HEADLINE, bold=True)) * HALF_HEADLINE * LINE
    shape = _text_box(slide, Box(place.left, place.top, place.width, tall), "Text", [headline], HALF_HEADLINE)
    for run in shape.text_frame.paragraphs[0].runs:
        run.font.bold = True
    told = letters.height([exhibit.subtitle], width, FLOOR) if exhibit.subtitle else 0.0
    if told:
        _text_box(
            slide,
            Box(place.left, place.top + tall, place.width, told),
            "Untertitel",
            [exhibit.subtitle],
            FLOOR,
        )
    own = remark_height(letters, exhibit.said_remark, width)
    if own:
        there = Box(place.left, place.top + tall + told, place.width, own)
        _remark(slide, there, exhibit.said_remark)
    top, cautions = place.top + tall + told + own + GAP, list(exhibit.cautions)
    while cautions and letters.height(cautions, width, FLOOR) > place.bottom - top - LEAST_ROOM:
        cautions.pop()
    below = letters.height(cautions, width, FLOOR)
    if cautions:
        _text_box(
            slide, Box(place.left, place.bottom - below, place.width, below), "Hinweise", cautions, FLOOR
        )
    _chart(template, slide, exhibit, Box(place.left, top, place.width, place.bottom - below - top), worker)


def _remark(slide: Pptx, place: Box, remark: str) -> None:
    """A person's own sentence, in bold letters above the chart."""
    shape = _text_box(slide, place, REMARK, [remark], REMARK_SIZE)
    for run in shape.text_frame.paragraphs[0].runs:
        run.font.bold = True


def _must_be_a_slide(exhibit: Outgoing) -> None:
    if exhibit.names_queries:
        raise NotASlide("Listen einzelner Suchanfragen gibt es nur als Excel und CSV, nicht als Folie.")
    if exhibit.frame.empty:
        raise NotASlide(f"„{exhibit.headline}“ hat keine Zeilen; eine leere Folie entsteht nicht.")


def _exhibit_slides(template: Template, exhibit: Outgoing, worker: ImageWorker, *, half: bool) -> None:
    _must_be_a_slide(exhibit)
    speech = tuple(_speech(exhibit))
    said = exhibit.said_remark
    helped = charts.reading_help(exhibit, whole_axes=exhibit.kind in native.DRAWINGS)
    cautions = (*exhibit.cautions, *helped)
    page = Page(exhibit.headline, exhibit.subtitle, cautions, exhibit.footer, speech, said)
    if exhibit.kind == "table":
        _table_slides(template, exhibit, page)
        return
    slide, room = _slide(template, page)
    if half:
        room = Box(room.left, room.top, room.width / 2, room.height)
    _chart(template, slide, exhibit, room, worker)
    _close(slide, page.speech)


def _chart(template: Template, slide: Pptx, exhibit: Outgoing, room: Box, worker: ImageWorker) -> None:
    """The exhibit as a native chart, or as a picture where PowerPoint has none of its kind."""
    if draw := native.DRAWINGS.get(exhibit.kind):
        draw(slide, exhibit, room)
        if template.palette.dark:
            for shape in filter(lambda shape: shape.has_chart, slide.shapes):
                parts.dim_grid(shape.chart)
    else:
        colours = template.palette if template.own else None
        drawn = slide_picture(exhibit, room.width, room.height, worker, colours)
        _picture(slide, exhibit, drawn, room)


def _table_slides(template: Template, exhibit: Outgoing, page: Page) -> None:
    layout = template.content
    shown, left_out = slide_tables.chosen(exhibit, layout.content.width, layout.letters)
    if left_out:
        told = f"Nicht auf der Folie: {german.listing(left_out)}. Alle Spalten stehen in der Excel-Datei."
        page = replace(page, speech=(*page.speech, told))
    dealt = slide_tables.deal_out(shown, room_of(layout, page), layout.letters)
    for number, part in enumerate(dealt, start=1):
        counted = f" ({number} von {len(dealt)})" if len(dealt) > 1 else ""
        slide, room = _slide(template, page, counted)
        slide_tables.add_table(slide, shown, part, room)
        _close(slide, page.speech)


def add_words(template: Template, words: OutgoingWords) -> None:
    """Words at the largest size at which they stand on one slide; else at the smallest, on as many as they need."""
    speech = (*words.cautions, *words.notes, words.footer)
    page = Page(words.headline, words.subtitle, words.cautions, words.footer, speech)
    room, letters = room_of(template.content, page), template.content.letters
    width = room.width - INSET
    size = next(
        (one for one in WORD_SIZES if _tall(letters, words.paragraphs, width, one) <= room.height),
        WORD_SIZES[-1],
    )
    dealt: list[list[str]] = [[]]
    for paragraph in words.paragraphs:
        if dealt[-1] and _tall(letters, [*dealt[-1], paragraph], width, size) > room.height:
            dealt.append([])
        dealt[-1].append(paragraph)
    for number, part in enumerate(dealt, start=1):
        counted = f" ({number} von {len(dealt)})" if len(dealt) > 1 else ""
        slide, room = _slide(template, page, counted)
        shape = _text_box(slide, room, "Text", part, size)
        for paragraph in shape.text_frame.paragraphs:
            paragraph.space_after = Pt(size / 2)
        _close(slide, page.speech)


def _text_slides(template: Template, page: TextPage) -> None:
    """A page that people wrote: its points above, the facts at the lower end of the last slide, what is new on top.

    At the largest size at which it stands on one slide; else at the smallest, on as many slides as it needs.
    """
    around_it = Page(
        page.headline,
        page.news or page.subtitle,
        page.cautions,
        page.footer,
        (*page.notes, *page.lines, page.footer),
    )
    layout = template.content
    room, letters = room_of(layout, around_it), layout.letters
    width = room.width - INSET
    told = [f"{label}: {text}" for label, text in page.facts]

    def fact_room(size: float) -> float:
        # Labels are bold, which is wider.
        return _tall(letters, told, width / BOLD, size) if told else 0.0

    @functools.cache
    def point_room(point: str, size: float) -> float:
        return _tall(letters, [point], width - HANGING, size)

    def fits(points: Sequence[str], size: float, below: float) -> bool:
        return sum(point_room(point, size) for point in points) + below <= room.height

    sizes = (size for size in WORD_SIZES if fits(page.paragraphs, size, fact_room(min(size, MOST_OF_A_FACT))))
    size = next(sizes, FLOOR)
    fact_size = min(size, MOST_OF_A_FACT)
    dealt: list[list[str]] = [[]]
    for point in page.paragraphs:
        if dealt[-1] and not fits([*dealt[-1], point], size, 0.0):
            dealt.append([])
        dealt[-1].append(point)
    if dealt[-1] and not fits(dealt[-1], size, fact_room(fact_size)):
        dealt.append([])
    for number, part in enumerate(dealt, start=1):
        counted = f" ({number} von {len(dealt)})" if len(dealt) > 1 else ""
        slide, room = _slide(template, around_it, counted)
        if part:
            tall = sum(point_room(point, size) for point in part)
            _points(slide, Box(room.left, room.top, room.width, tall), part, size)
        if number == len(dealt) and told:
            tall = fact_room(fact_size)
            _facts(slide, Box(room.left, room.bottom - tall, room.width, tall), page.facts, fact_size)
        _close(slide, around_it.speech)


def _points(slide: Pptx, box: Box, points: Sequence[str], size: float) -> None:
    shape = _text_box(slide, box, "Punkte", points, size)
    for paragraph in shape.text_frame.paragraphs:
        paragraph.space_after = Pt(size / 2)
        properties = paragraph._p.get_or_add_pPr()
        properties.set("marL", str(Pt(HANGING)))
        properties.set("indent", str(-Pt(HANGING)))
        properties.append(
            parse_xml('<a:buChar xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" char="•"/>')
        )


def _facts(slide: Pptx, box: Box, facts: Sequence[tuple[str, str]], size: float) -> None:
    shape = _text_box(slide, box, "Angaben", [""] * len(facts), size)
    for paragraph, (label, text) in zip(shape.text_frame.paragraphs, facts, strict=True):
        for run in list(paragraph.runs):
            paragraph._p.remove(run._r)
        write_run(paragraph, f"{label}: ", size, bold=True)
        write_run(paragraph, text, size)
        paragraph.space_after = Pt(size / 2)


def _tall(letters: Letters, paragraphs: Sequence[str], width: float, size: float) -> float:
    """Points that paragraphs take with half a line between them."""
    return letters.height(paragraphs, width, size) + len(paragraphs) * size / 2


def _title_slide(template: Template, title: str, lines: Sequence[str], ranks: Sequence[int] = ()) -> None:
    layout = template.title
    slide = add_slide(template, layout)
    _write_title(slide, layout, title)
    further = next((shape for shape in slide.placeholders if shape.placeholder_format.idx == 1), None)
    if further is not None:
        native = next(one for one in layout.native.placeholders if one.placeholder_format.idx == 1)
        box, style = box_of(native), layout.style(native)
        size = _cover_size(layout, lines, ranks, box, layout.insets(native), style.size) if box else None
    if further is None or size is None:
        if further is not None:
            further._element.getparent().remove(further._element)
        frame = _text_box(slide, layout.body, "Untertitel", lines, MOST_OF_A_FACT).text_frame
        size = MOST_OF_A_FACT
    else:
        frame = further.text_frame
        _write(frame, lines, size)
    if ranks:
        _ranked(frame, lines, ranks, size)
    _close(slide, lines)


def _ranked(frame: Pptx, lines: Sequence[str], ranks: Sequence[int], size: float) -> None:
    """The lines by rank: the first bold and as large as there is room for, the others smaller."""
    frame.clear()
    for number, (line, rank) in enumerate(zip(lines, ranks, strict=True)):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        write_run(paragraph, line, max(round(size * _share(rank, ranks)), FLOOR), bold=rank == 1 or None)
        if number and rank != ranks[number - 1]:
            paragraph.space_before = Pt(size * APART)


def _share(rank: int, ranks: Sequence[int]) -> float:
    """Size of a line of that rank in that of the highest one there is."""
    return RANKS[rank] / RANKS[min(ranks)]


def _cover_size(
    layout: Layout,
    lines: Sequence[str],
    ranks: Sequence[int],
    box: Box,
    insets: tuple[float, float],
    usual: float,
) -> float | None:
    """The size at which the lines fit, the layout's own at most; None where not even the smallest one does."""
    width, height = box.width - insets[0], box.height - insets[1]
    sizes = [usual, *(size for size in COVER_SIZES if size < usual)]

    def tall(size: float) -> float:
        if not ranks:
            return layout.letters.height(lines, width, size)
        parts = zip(lines, ranks, strict=True)
        told = (
            layout.letters.height([line], width, max(size * _share(rank, ranks), FLOOR))
            for line, rank in parts
        )
        return sum(told) + (len(set(ranks)) - 1) * size * APART

    # Templates set paragraphs apart from each other.
    return next((size for size in sizes if tall(size) * 1.2 <= height), None)


def _slide(template: Template, page: Page, counted: str = "") -> tuple[Pptx, Box]:
    """A slide with all that stands around its content, and the place that is left."""
    layout = template.content
    slide = add_slide(template, layout)
    _write_title(slide, layout, page.headline, counted)
    places = around(layout, page)
    if page.subtitle:
        _text_box(slide, places.subtitle, "Untertitel", [page.subtitle], FLOOR)
    if page.remark:
        _remark(slide, places.remark, page.remark)
    if places.told:
        _text_box(slide, places.cautions, "Hinweise", places.told, FLOOR)
    _text_box(slide, places.source, "Quelle", [page.footer], SOURCE_SIZE)
    return slide, room_of(layout, page)


def _write_title(slide: Pptx, layout: Layout, headline: str, counted: str = "") -> None:
    """The headline at the layout's size or a smaller one at which it fits; a longer one is cut at a word."""
    size, told = fitted_title(layout, headline, counted)
    box = box_of(layout.title) if layout.title is not None else None
    if box is not None:
        style = layout.style(layout.title)
        room = box.width - layout.insets(layout.title)[0]
        told = layout.letters.held(told, room, size or style.size, bold=style.bold)
    _write(slide.shapes.title.text_frame, [told], size)


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
    describe(shape, f"Bild {exhibit.id}", _picture_in_words(exhibit))
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


def _picture_in_words(exhibit: Outgoing) -> str:
    """The alternative text of a picture: with every row where that can be listened to, else they are in the notes."""
    rows = ". ".join(columns.said(exhibit))
    if len(rows) <= LISTENED_TO:
        return f"{exhibit.alt.rstrip('. ')}. {rows}."
    return f"{exhibit.alt.rstrip('. ')}. Alle Werte stehen in den Notizen."


def _text_box(slide: Pptx, box: Box, name: str, lines: Sequence[str], size: float | None = None) -> Pptx:
    shape = slide.shapes.add_textbox(*box.emu)
    shape.name = name
    frame = shape.text_frame
    frame.word_wrap = True
    # Left inset as in the title placeholder, so that the texts stand below each other.
    frame.margin_left = Pt(INSET)
    frame.margin_right = frame.margin_top = frame.margin_bottom = Pt(0)
    frame.vertical_anchor = MSO_ANCHOR.TOP
    told = [Letters().held(line, box.width - INSET, size or FLOOR) for line in lines]
    _write(frame, told, size)
    return shape


def _write(frame: Pptx, lines: Sequence[str], size: float | None = None) -> None:
    """The lines in place of what the frame holds, each a paragraph."""
    frame.clear()
    for number, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        write_run(paragraph, line, size)
