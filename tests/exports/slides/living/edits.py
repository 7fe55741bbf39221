"""What people do to a deck, drawn at random; each edit says how it is found again afterwards."""

import copy

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from portalkompass.exports.slides.living import origin

RED, BLUE = RGBColor(0xC0, 0x00, 0x01), RGBColor(0x00, 0x01, 0xC0)
HALF = '<a:alphaModFix xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" amt="50000"/>'
"""A picture that lets half of what lies below shine through."""


def shapes(deck, role=None):
    """Slide and shape of everything that was made here, of one role if told."""
    return [
        (slide, shape)
        for slide in deck.slides
        for shape in origin.with_notes(slide)
        if (tag := origin.read(shape)) and (role is None or tag.role == role)
    ]


def find(deck, slide_id, shape_id):
    slide = next(one for one in deck.slides if one.slide_id == slide_id)
    return next(shape for shape in slide.shapes if shape.shape_id == shape_id)


def drawn(deck, chance, role=None):
    """One shape on a slide at random, with its two ids; None where there is none left."""
    known = [(slide, shape) for slide, shape in shapes(deck, role) if shape in list(slide.shapes)]
    return chance.choice(known) if known else None


def move(deck, chance):
    slide, shape = drawn(deck, chance)
    shape.left, shape.top, shape.width, shape.height = (Pt(chance.randint(1, 400)) for _ in range(4))
    place = (shape.left, shape.top, shape.width, shape.height)
    ids = slide.slide_id, shape.shape_id

    def kept(after):
        one = find(after, *ids)
        return (one.left, one.top, one.width, one.height) == place

    return kept


def recolour_text(deck, chance):
    slide, shape = drawn(deck, chance, "title")
    shape.text_frame.paragraphs[0].runs[0].font.color.rgb = RED
    ids = slide.slide_id, shape.shape_id
    return lambda after: find(after, *ids).text_frame.paragraphs[0].runs[0].font.color.rgb == RED


def recolour_series(deck, chance):
    if (found := drawn(deck, chance, "chart")) is None:
        return None
    slide, shape = found
    shape.chart.plots[0].series[0].format.fill.solid()
    shape.chart.plots[0].series[0].format.fill.fore_color.rgb = RED
    ids = slide.slide_id, shape.shape_id
    return lambda after: find(after, *ids).chart.plots[0].series[0].format.fill.fore_color.rgb == RED


def marked(paragraph, word):
    """A run of its own for the word, which stands once in the only run of the paragraph."""
    (run,) = paragraph.runs
    before, after = run.text.split(word)
    for text in (before, word, after):
        added = copy.deepcopy(run._r)
        added.text = text
        if text:
            run._r.addprevious(added)
    paragraph._p.remove(run._r)
    return next(one for one in paragraph.runs if one.text == word)


def mark_word(deck, chance):
    """A word that is bold or a link stays so as long as it stands in its line."""
    found = [
        (slide, shape, paragraph, word)
        for slide, shape in shapes(deck)
        if shape.has_text_frame and shape in list(slide.shapes)
        for paragraph in shape.text_frame.paragraphs
        if len(paragraph.runs) == 1
        for word in paragraph.text.split()
        if paragraph.text.count(word) == 1
    ]
    if not found:
        return None
    slide, shape, paragraph, word = chance.choice(found)
    run, address = marked(paragraph, word), chance.choice([None, "https://www.example.org/"])
    if address:
        run.hyperlink.address = address
    else:
        run.font.bold = True
    ids = slide.slide_id, shape.shape_id

    def kept(after):
        runs = [
            run for line in find(after, *ids).text_frame.paragraphs for run in line.runs if word in run.text
        ]
        looks = [run.hyperlink.address == address if address else run.font.bold for run in runs]
        return any(looks) or not runs

    return kept


def points(chart, colour):
    """Names of series and categories whose point has the colour; of a stack without its sum."""
    names = [str(name).rpartition(" · ")[0] or str(name) for name in chart.plots[0].categories]
    return {
        ("".join(series.xpath("./c:tx//c:v/text()")), names[int(point.find(qn("c:idx")).get("val"))])
        for series in chart._chartSpace.iter(qn("c:ser"))
        for point in series.xpath("./c:dPt")
        if point.xpath(f"./c:spPr/a:solidFill/a:srgbClr[@val='{colour}']")
    }


def bar_charts(deck):
    return [
        (slide, shape)
        for slide, shape in shapes(deck, "chart")
        if "BAR" in str(shape.chart.chart_type) and shape in list(slide.shapes)
    ]


def colour_bar(deck, chance):
    """A coloured bar keeps its colour with its category, wherever that stands today."""
    charts = bar_charts(deck)
    if not charts:
        return None
    slide, shape = chance.choice(charts)
    series = chance.choice(list(shape.chart.plots[0].series))
    fill = series.points[chance.randrange(len(series.values))].format.fill
    fill.solid()
    fill.fore_color.rgb = BLUE
    ids, coloured = (slide.slide_id, shape.shape_id), points(shape.chart, BLUE)
    return lambda after: points(find(after, *ids).chart, BLUE) >= coloured


def fade_picture(deck, chance):
    if (found := drawn(deck, chance, "picture")) is None:
        return None
    slide, shape = found
    shape._element.blipFill.blip.insert(0, parse_xml(HALF))
    ids = slide.slide_id, shape.shape_id
    return lambda after: bool(find(after, *ids)._element.xpath(".//a:blip/a:alphaModFix[@amt='50000']"))


def recolour_row(deck, chance):
    """A coloured row keeps its colour with its name, wherever it stands today; a row that is gone takes it along."""
    if (found := drawn(deck, chance, "table")) is None:
        return None
    slide, shape = found
    row = chance.choice(list(shape.table.rows)[1:])
    for cell in row.cells:
        cell.fill.solid()
        cell.fill.fore_color.rgb = RED
    ids, name = (slide.slide_id, shape.shape_id), row.cells[0].text_frame.text

    def kept(after):
        rows = {one.cells[0].text_frame.text: one for one in find(after, *ids).table.rows}
        return name not in rows or rows[name].cells[0].fill.fore_color.rgb == RED

    return kept


def retitle(deck, chance):
    slide, shape = drawn(deck, chance, chance.choice(["title", "subtitle", "source"]))
    words = f"Von Hand {chance.randint(0, 10**6)}"
    shape.text_frame.text = words
    ids = slide.slide_id, shape.shape_id
    return lambda after: find(after, *ids).text_frame.text == words


def edit_cell(deck, chance):
    if (found := drawn(deck, chance, "table")) is None:
        return None
    slide, shape = found
    shape.table.cell(1, 1).text_frame.text = "4711"
    rows = [[cell.text_frame.text for cell in row.cells] for row in shape.table.rows]
    ids = slide.slide_id, shape.shape_id
    return lambda after: [[c.text_frame.text for c in r.cells] for r in find(after, *ids).table.rows] == rows


def edit_figures(deck, chance):
    charts = bar_charts(deck)
    if not charts:
        return None
    slide, shape = chance.choice(charts)
    data = CategoryChartData()
    data.categories = ["Eins", "Zwei"]
    data.add_series("Hand", (chance.random(), 2.0))
    shape.chart.replace_data(data)
    figures, ids = origin.figures(shape.chart), (slide.slide_id, shape.shape_id)
    return lambda after: origin.figures(find(after, *ids).chart) == figures


def edit_notes(deck, chance):
    slide, _ = drawn(deck, chance)
    slide.notes_slide.notes_text_frame.text = words = f"Sprechzettel {chance.randint(0, 10**6)}"
    number = slide.slide_id
    return lambda after: (
        [one.notes_slide.notes_text_frame.text for one in after.slides if one.slide_id == number] == [words]
    )


def delete_shape(deck, chance):
    slide, shape = drawn(deck, chance)
    number, name = slide.slide_id, shape.shape_id
    shape._element.getparent().remove(shape._element)
    return lambda after: (
        not [
            one
            for slide in after.slides
            if slide.slide_id == number
            for one in slide.shapes
            if one.shape_id == name
        ]
    )


def delete_slide(deck, chance):
    listed = deck.slides._sldIdLst
    if len(listed) < 6:
        return None
    entry = chance.choice(list(listed))
    deck.part.drop_rel(entry.rId)
    listed.remove(entry)
    number = entry.id
    return lambda after: number not in {slide.slide_id for slide in after.slides}


def reorder(deck, chance):
    listed = deck.slides._sldIdLst
    entry = chance.choice(list(listed))
    listed.remove(entry)
    listed.insert(chance.randint(0, len(listed)), entry)


def own_slide(deck, chance):
    slide = deck.slides.add_slide(deck.slide_layouts[0])
    slide.shapes.title.text = words = f"Eigene Folie {chance.randint(0, 10**6)}"
    number = slide.slide_id
    return lambda after: [one.shapes.title.text for one in after.slides if one.slide_id == number] == [words]


def own_box(deck, chance):
    slide, _ = drawn(deck, chance)
    box = slide.shapes.add_textbox(Pt(10), Pt(10), Pt(200), Pt(40))
    box.text_frame.text = words = f"Notiz {chance.randint(0, 10**6)}"
    ids = slide.slide_id, box.shape_id
    return lambda after: find(after, *ids).text_frame.text == words


def copy_box(deck, chance):
    """A shape of ours that was copied onto the same slide is brought up to date, too, and is not lost."""
    slide, shape = drawn(deck, chance, "source")
    element = copy.deepcopy(shape._element)
    element._nvXxPr.cNvPr.set("id", str(max(one.shape_id for one in slide.shapes) + 1))
    slide.shapes._spTree.append(element)
    ids = slide.slide_id, int(element._nvXxPr.cNvPr.get("id"))
    return lambda after: bool(find(after, *ids).text_frame.text)


EDITS = (
    move,
    recolour_text,
    recolour_series,
    recolour_row,
    mark_word,
    colour_bar,
    fade_picture,
    retitle,
    edit_cell,
    edit_figures,
    edit_notes,
    own_slide,
    own_box,
    copy_box,
    reorder,
)
LAST = (delete_shape, delete_slide)
"""Deletions come last: they would take along what was edited before."""
