"""What is wrong with a slide as an eye would see it: overlaps, text outside its shape, letters too small.

Everything is read from the saved file by its own code: none of the measures of the export is used but the font's.
"""

from pptx.oxml.ns import qn

from portalkompass import german
from portalkompass.exports.images import text_metrics

FLOOR, SOURCE = 12.0, 10.0
SLACK = 1.0
"""Points that two shapes may share."""


def faults(deck):
    """Sentences, one a fault, over all slides of a presentation."""
    size = deck.slide_width / 12700, deck.slide_height / 12700
    return [
        f"slide {number}: {fault}"
        for number, slide in enumerate(deck.slides, start=1)
        for fault in (*_overlaps(slide, size), *_texts(slide))
    ]


def _overlaps(slide, size):
    places = [(shape.name, _frame(shape)) for shape in slide.shapes]
    layout = slide.slide_layout
    behind = [
        ("template " + shape.name, _frame(shape))
        for owner in (layout, layout.slide_master)
        for shape in owner.shapes
        if not shape.is_placeholder
    ]
    for number, (name, place) in enumerate(places):
        if place[0] < -SLACK or place[1] < -SLACK or place[2] > size[0] + SLACK or place[3] > size[1] + SLACK:
            yield f"{name} leaves the slide: {place}"
        # The slide number stands where the template puts it, be it on its bar.
        standing = number_of(slide.shapes[number])
        for other, there in [*places[number + 1 :], *([] if standing else behind)]:
            across = min(place[2], there[2]) - max(place[0], there[0])
            down = min(place[3], there[3]) - max(place[1], there[1])
            if across > SLACK and down > SLACK:
                yield f"{name} lies over {other}"


def number_of(shape):
    return shape.is_placeholder and shape.placeholder_format.type == 13


def _frame(shape):
    """Left, top, right, bottom; a table is as high as its rows' texts need."""
    left, top, width, height = (part / 12700 for part in (shape.left, shape.top, shape.width, shape.height))
    if getattr(shape, "has_table", False) and shape.has_table:
        height = sum(max(row.height / 12700, _needed(row, shape.table)) for row in shape.table.rows)
    return left, top, left + width, top + height


def _needed(row, table):
    heights = []
    for cell, column in zip(row.cells, table.columns, strict=True):
        size = _size(cell.text_frame.paragraphs[0])
        weight = 600 if cell.text_frame.paragraphs[0].runs[0].font.bold else 400
        room = (column.width - cell.margin_left - cell.margin_right) / 12700
        lines = len(text_metrics.lines(cell.text_frame.text, room, size, weight))
        heights.append(lines * size * 1.2 + (cell.margin_top + cell.margin_bottom) / 12700)
    return max(heights)


def _texts(slide):
    for shape in slide.shapes:
        if getattr(shape, "has_table", False) and shape.has_table:
            yield from _table(shape)
        elif shape.has_text_frame and shape.text_frame.text:
            yield from _text(shape, slide)


def _table(shape):
    for row in shape.table.rows:
        for cell, column in zip(row.cells, shape.table.columns, strict=True):
            paragraph = cell.text_frame.paragraphs[0]
            if _size(paragraph) < FLOOR:
                yield f"{shape.name}: letters of {_size(paragraph)} points"
            room = (column.width - cell.margin_left - cell.margin_right) / 12700
            weight = 600 if paragraph.runs[0].font.bold else 400
            for word in german.words(cell.text_frame.text):
                if text_metrics.width(word, _size(paragraph), weight) > room and len(word) < 25:
                    yield f"{shape.name}: „{word}“ is torn in {room:.0f} points"


def _text(shape, slide):
    title = shape == slide.shapes.title
    if number_of(shape):
        return
    floor = SOURCE if shape.name == "Quelle" else FLOOR
    frame, inherited = shape.text_frame, _inherited(shape, slide)
    width = (shape.width - frame.margin_left - frame.margin_right) / 12700
    height = (shape.height - frame.margin_top - frame.margin_bottom) / 12700
    needed = 0.0
    for paragraph in frame.paragraphs:
        size = _size(paragraph) or inherited[0]
        if size < floor:
            yield f"{shape.name}: letters of {size} points"
        text = paragraph.text.upper() if title and inherited[2] else paragraph.text
        weight = 600 if title and inherited[1] else 400
        needed += len(text_metrics.lines(text, width, size, weight)) * size * 1.2
        needed += paragraph.space_after.pt if paragraph.space_after is not None else 0.0
        for word in text.split():
            if text_metrics.width(word, size, weight) > width:
                yield f"{shape.name}: „{word}“ is torn"
    if needed > height + SLACK:
        yield f"{shape.name}: text of {needed:.0f} points in {height:.0f}: {frame.text[:60]}"


def _inherited(shape, slide):
    """Size, weight and capitals of a placeholder's text, as the master says (these templates' layouts do not)."""
    if not shape.is_placeholder:
        return 18.0, False, False
    kind = "title" if shape.placeholder_format.type in (1, 3) else "body"
    layout = next(
        one
        for one in slide.slide_layout.placeholders
        if one.placeholder_format.idx == shape.placeholder_format.idx
    )
    own = layout._element.find(f".//{qn('a:lvl1pPr')}/{qn('a:defRPr')}")
    run = slide.slide_layout.slide_master._element.find(
        f".//{qn(f'p:{kind}Style')}/{qn('a:lvl1pPr')}/{qn('a:defRPr')}"
    )
    size = (own.get("sz") if own is not None else None) or run.get("sz")
    return int(size) / 100, run.get("b") == "1", run.get("cap") == "all"


def _size(paragraph):
    sizes = [run.font.size.pt for run in paragraph.runs if run.font.size is not None]
    return min(sizes, default=0.0)
