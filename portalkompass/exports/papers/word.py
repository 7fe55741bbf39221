"""A paper as a Word document: numbered headings, tables whose heads repeat, charts as pictures with their words.

The values of the charts stand behind everything else, so that the paper itself stays short. A template of the city
keeps what stands in it, with its head and foot; its styles are used where it has them.
"""

from __future__ import annotations

import datetime as dt
import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

from portalkompass import german
from portalkompass.exports.images.image_worker import ImageWorker
from portalkompass.exports.images.pictures import slide_picture
from portalkompass.exports.images.table_fitting import Columns, column_widths, fitting, measured
from portalkompass.exports.office_templates import as_document
from portalkompass.exports.papers.content import Drawing, Lines, NotOnPaper, Paper, Section, chart_height
from portalkompass.exports.papers.values import Grid

Docx = Any
"""An object of python-docx, which brings no types."""
LANGUAGE = "de-DE"
FONT, INK, ACCENT = "Arial", RGBColor(0x14, 0x14, 0x14), RGBColor(0x20, 0x44, 0xAA)
CELL_SIZES = (9.5, 8.5, 7.5)
TEXT, SMALL = 11.0, 9.0
"""Font sizes in points."""
CHART_SHAPE, DRAWN = 0.4, 1.25
"""Height of a chart in its widths (two stand on a page), and how much larger it is drawn, for letters as in tables."""
WHOLE_ROWS, LAST_ROWS = 12, 3
"""Tables up to so many rows are not parted by a page's end; of longer ones so many stand on their last page."""
COVER_SIZES = {1: (15.0, True), 2: (TEXT, False), 3: (9.5, False)}
"""Points of the lines below the title by their rank, and whether they are bold."""
HEADINGS = {1: "Heading 1", 2: "Heading 2"}
HEADING_SIZES = {1: 15.0, 2: 12.0}
HANGING = 680
"""Room of a heading's number, in twentieths of a point: a headline may begin with a number itself."""
EMU = 12700
"""Units of Word in a point."""
UNBROKEN = "\u2011"
NUMBERING = 7301
"""Number of the list of headings: none of Word's own is as high."""
VALUES = "Werte der Diagramme"
POINTS = "List Bullet"
"""Word's own style of a list; a template without it gets the marks as text."""


def to_docx(paper: Paper, worker: ImageWorker, template: str = "") -> bytes:
    """The paper as .docx.

    Raises:
        NotOnPaper: the template cannot be used.
        ImageFault: a chart could not be drawn.
    """
    document = _opened(template)
    _number_headings(document)
    _paragraph(document, paper.title, _style(document, "Title", 24.0))
    _cover(document, paper)
    for section in paper.sections:
        _write_section(document, section, worker)
    _write_values(document, paper.sections)
    _describe(document, paper)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _cover(document: Docx, paper: Paper) -> None:
    """The occasion in bold letters, city and order below it, then the small ones of what it rests on."""
    before = 0
    for rank, line in paper.ranked:
        paragraph = _paragraph(document, line)
        size, bold = COVER_SIZES[rank]
        for run in paragraph.runs:
            run.font.size, run.font.bold = Pt(size), bold or None
        form = paragraph.paragraph_format
        form.space_after, form.space_before = Pt(2), Pt(8 if before not in (0, rank) else 0)
        before = rank


def _opened(template: str) -> Docx:
    """An empty A4 document, or the city's template with what stands in it."""
    if not template:
        return _neutral()
    path = Path(template)
    if path.suffix.lower() not in (".docx", ".dotx"):
        raise NotOnPaper(
            f"Die Word-Vorlage {path.name} muss eine .docx- oder .dotx-Datei sein (word.template)."
        )
    try:
        return Document(as_document(path))
    except Exception:
        there = os.path.isfile(path)  # noqa: PTH113 a folder that is closed to us is no fault of its own
        bad = "sie ist keine unversehrte Word-Datei"
        why = bad if there else "es gibt sie nicht, oder sie ist nicht lesbar"
        raise NotOnPaper(
            f"Die Word-Vorlage {path.name} lässt sich nicht öffnen: {why}. "
            "Bitte „word.template“ in den Einstellungen prüfen."
        ) from None


def _neutral() -> Docx:
    document = Document()
    # A second table of styles for Word 2010 only, which would contradict the first.
    for relation in [
        one for one in document.part.rels.values() if one.reltype.endswith("/stylesWithEffects")
    ]:
        document.part.rels.pop(relation.rId)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.5)
    for name, size in (
        ("Normal", TEXT),
        ("Title", 28.0),
        *((HEADINGS[n], HEADING_SIZES[n]) for n in HEADINGS),
    ):
        _set_font(document.styles[name], size)
        if name in HEADINGS.values():
            document.styles[name].paragraph_format.space_before = Pt(16)
            document.styles[name].paragraph_format.space_after = Pt(4)
    title = document.styles["Title"]
    title.font.bold, title.font.color.rgb = True, ACCENT
    title.paragraph_format.space_after = Pt(8)
    title.element.get_or_add_pPr().remove_all("w:pBdr")
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for kind in ("PAGE", "NUMPAGES"):
        foot.add_run("Seite " if kind == "PAGE" else " von ").font.size = Pt(SMALL)
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), kind)
        field.append(parse_xml(f"<w:r {nsdecls('w')}><w:rPr><w:sz w:val='18'/></w:rPr><w:t>1</w:t></w:r>"))
        foot._p.append(field)
    return document


def _set_font(style: Docx, size: float) -> None:
    style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), INK
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)


def _style(document: Docx, name: str, size: float, level: int = 0) -> Docx:
    """The template's style of that name; where it has none, one that Word knows by that name."""
    if name in document.styles:
        return document.styles[name]
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.font.size, style.font.bold = Pt(size), True
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(12), Pt(4)
    style.paragraph_format.keep_with_next = True
    if level:
        outline = OxmlElement("w:outlineLvl")
        outline.set(qn("w:val"), str(level - 1))
        style.element.get_or_add_pPr().append(outline)
    return style


def _number_headings(document: Docx) -> None:
    """Headings count 1, 1.1 …; a template whose style of the first level counts itself is left as it is."""
    styles = {level: _style(document, name, HEADING_SIZES[level], level) for level, name in HEADINGS.items()}
    if styles[1].element.get_or_add_pPr().find(qn("w:numPr")) is not None:
        return
    levels = "".join(
        f'<w:lvl w:ilvl="{level - 1}"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
        f'<w:pStyle w:val="{style.style_id}"/><w:suff w:val="tab"/>'
        f'<w:lvlText w:val="{".".join(f"%{n}" for n in range(1, level + 1))}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{HANGING}" w:hanging="{HANGING}"/></w:pPr></w:lvl>'
        for level, style in styles.items()
    )
    numbering = _numbering(document)
    kind = parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{NUMBERING}"><w:multiLevelType w:val="multilevel"/>'
        f"{levels}</w:abstractNum>"
    )
    first = numbering.find(qn("w:num"))
    if first is None:
        numbering.append(kind)
    else:
        first.addprevious(kind)
    numbering.append(
        parse_xml(
            f'<w:num {nsdecls("w")} w:numId="{NUMBERING}"><w:abstractNumId w:val="{NUMBERING}"/></w:num>'
        )
    )
    for level, style in styles.items():
        properties = style.element.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = level - 1
        properties.get_or_add_numId().val = NUMBERING


def _numbering(document: Docx) -> Docx:
    """The lists of the document; a template without any gets an empty part for them."""
    for relation in document.part.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.NUMBERING:
            return relation.target_part.element
    from docx.parts.numbering import NumberingPart

    element = parse_xml(f"<w:numbering {nsdecls('w')}/>")
    part = NumberingPart(
        PackURI("/word/numbering.xml"), CONTENT_TYPE.WML_NUMBERING, element, document.part.package
    )
    document.part.relate_to(part, RELATIONSHIP_TYPE.NUMBERING)
    return element


def _write_section(document: Docx, section: Section, worker: ImageWorker) -> None:
    parts = [part for part in section.parts if not (isinstance(part, Grid) and part.caption)]
    _turn(document, [part for part in parts if isinstance(part, Grid)])
    _paragraph(document, section.headline, document.styles[HEADINGS[1]])
    if section.subtitle:
        _paragraph(document, section.subtitle, size=SMALL).paragraph_format.keep_with_next = True
    for number, part in enumerate(parts, start=1):
        followed = number < len(parts)
        if isinstance(part, Drawing):
            _picture(document, part, worker)
        elif isinstance(part, Lines):
            _lines(document, part, followed=followed)
        else:
            _table(document, part, followed=followed)


def _lines(document: Docx, part: Lines, *, followed: bool) -> None:
    """No page begins with a source or a note alone: they stay together, and with the end of what they are about."""
    small = part.kind in ("small", "source")
    points = part.kind == "points"
    style = document.styles[POINTS] if points and POINTS in document.styles else None
    for number, line in enumerate(part.lines, start=1):
        told = f"• {line}" if points and style is None else line
        paragraph = _paragraph(document, told, style, size=SMALL if small else None)
        last = number == len(part.lines)
        paragraph.paragraph_format.keep_with_next = followed if last else small


def _write_values(document: Docx, sections: Sequence[Section]) -> None:
    """The values of all charts, each under the headline of its chart."""
    grids = [
        (section, part)
        for section in sections
        for part in section.parts
        if isinstance(part, Grid) and part.caption
    ]
    if grids:
        _turn(document, [grids[0][1]])
        _paragraph(document, VALUES, document.styles[HEADINGS[1]])
    for section, grid in grids:
        _turn(document, [grid])
        _paragraph(document, section.headline, document.styles[HEADINGS[2]])
        told = _paragraph(document, " · ".join(filter(None, (section.subtitle, grid.caption))), size=SMALL)
        told.paragraph_format.keep_with_next = True
        _table(document, grid)


def _turn(document: Docx, grids: Sequence[Grid]) -> None:
    """A page across for tables whose words have no room on an upright one, and upright again for what follows."""
    section = document.sections[-1]
    upright = min(section.page_width, section.page_height)
    room = (upright - section.left_margin - section.right_margin) / EMU
    across = any(fitting(_columns(grid), room, CELL_SIZES) is None for grid in grids)
    if across == (section.page_width > section.page_height):
        return
    turned = document.add_section(WD_SECTION.NEW_PAGE)
    turned.page_width, turned.page_height = section.page_height, section.page_width
    turned.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
    # It is no first page of a letter, and goes on counting.
    turned.different_first_page_header_footer = False
    turned._sectPr.remove_all("w:pgNumType")


def _columns(grid: Grid) -> Columns:
    return measured(grid.head, list(zip(*grid.rows, strict=True)), grid.links)


def _paragraph(document: Docx, text: str, style: Docx = None, size: float | None = None) -> Docx:
    paragraph = document.add_paragraph(style=style)
    run = _run(paragraph, text)
    if size is not None:
        run.font.size = Pt(size)
        paragraph.paragraph_format.space_after, paragraph.paragraph_format.line_spacing = Pt(3), 1.0
    return paragraph


def _run(paragraph: Docx, text: str) -> Docx:
    """The text at the paragraph's end; no line ends with the hyphen that a word begins with."""
    run = paragraph.add_run()
    first, *others = german.unbroken(text, UNBROKEN).split(UNBROKEN)
    run.text = first
    for part in others:
        run._r.append(OxmlElement("w:noBreakHyphen"))
        rest = OxmlElement("w:t")
        rest.text = part
        rest.set(qn("xml:space"), "preserve")
        run._r.append(rest)
    return run


def _picture(document: Docx, drawing: Drawing, worker: ImageWorker) -> None:
    width = _room(document)
    height = round(chart_height(drawing.exhibit, width * CHART_SHAPE * DRAWN) / DRAWN)
    png, _ = slide_picture(drawing.exhibit, width * DRAWN, height * DRAWN, worker)
    shape = document.add_picture(io.BytesIO(png), Pt(width), Pt(height))
    properties = shape._inline.docPr
    properties.set("name", f"Diagramm {drawing.exhibit.id}")
    properties.set("descr", drawing.exhibit.alt)
    placed = document.paragraphs[-1].paragraph_format
    placed.keep_with_next, placed.space_after = True, Pt(4)


def _room(document: Docx) -> float:
    """Points across between the margins of the last section."""
    section = document.sections[-1]
    return float(round((section.page_width - section.left_margin - section.right_margin) / EMU))


def _table(document: Docx, grid: Grid, *, followed: bool = False) -> None:
    """The table; ``followed`` by lines, its last row stays with them."""
    room, columns = _room(document), _columns(grid)
    size = fitting(columns, room, CELL_SIZES) or CELL_SIZES[-1]
    widths = column_widths(columns, min(room, sum(columns.natural(size))), size)
    table = document.add_table(rows=0, cols=len(grid.head))
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Pt(width)
    _rule(table)
    for number, row in enumerate((grid.head, *grid.rows)):
        written = table.add_row()
        _keep(written, head=number == 0)
        for cell, text, right, width in zip(written.cells, row, grid.right, widths, strict=True):
            cell.width = Pt(width)
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
            paragraph.paragraph_format.keep_with_next = _stays(number, len(grid.rows), followed=followed)
            run = _run(paragraph, text)
            run.font.size, run.font.bold = Pt(size), number == 0
    below = document.add_paragraph().paragraph_format
    below.space_after, below.keep_with_next = Pt(0), followed
    below.line_spacing = Pt(SMALL)


def _stays(row: int, rows: int, *, followed: bool) -> bool:
    """Whether a row of a table stays with the next one; the head is row 0, and lines may follow the last one."""
    if row == rows:
        return followed
    return row == 0 or rows <= WHOLE_ROWS or row > rows - LAST_ROWS


def _rule(table: Docx) -> None:
    """Pale lines below each row, whatever styles the template has; the first row is told to be the head."""
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="A9AFC3"/>'
        for side in ("top", "bottom", "insideH")
    )
    properties = table._tbl.tblPr
    for old in properties.findall(qn("w:tblLook")):
        properties.remove(old)
    # The schema wants them in this order, and the borders before the layout.
    properties.find(qn("w:tblLayout")).addprevious(
        parse_xml(f"<w:tblBorders {nsdecls('w')}>{sides}</w:tblBorders>")
    )
    properties.append(
        parse_xml(f'<w:tblLook {nsdecls("w")} w:val="0020" w:firstRow="1" w:firstColumn="0" w:noVBand="1"/>')
    )


def _keep(row: Docx, *, head: bool) -> None:
    """No row is cut by a page's end; the head stands again on the next page."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if head:
        properties.append(OxmlElement("w:tblHeader"))


def _describe(document: Docx, paper: Paper) -> None:
    """Who made the file, when, and what it is: nothing of the template's own."""
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)
    core = document.core_properties
    core.title, core.language = paper.title, LANGUAGE
    core.subject = "Beispieldaten" if paper.sample else ""
    core.author = core.last_modified_by = paper.author
    core.created = core.modified = now
    core.revision, core.comments, core.keywords = 1, "", ""
    package = document.part.package
    for relation in [
        one for one in package.rels.values() if one.reltype == RELATIONSHIP_TYPE.EXTENDED_PROPERTIES
    ]:
        package.rels.pop(relation.rId)
    defaults = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    if defaults is not None:
        for old in defaults.findall(qn("w:lang")):
            defaults.remove(old)
        defaults.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="{LANGUAGE}" w:eastAsia="{LANGUAGE}"/>'))
