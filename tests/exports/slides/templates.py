"""Templates as cities have them, each with a fault that real ones showed, made from the neutral one by code."""

import zipfile

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from portalkompass.exports.slides.template import NEUTRAL, Look

CONTENT = 2
"""Number of the layout with a title only."""


def neutral(folder):
    """The one that ships."""
    return Look()


def big_title(folder):
    """A title of 44 points in a box for one line of it."""
    deck = Presentation(str(NEUTRAL))
    _title_size(deck, 44)
    return _saved(deck, folder, "gross")


def footer_bar(folder):
    """A title of 28 points, a coloured bar with date and footer below, a logo at the top right."""
    deck = Presentation(str(NEUTRAL))
    _title_size(deck, 28)
    master = deck.slide_master
    _rectangle(master, 0, 492, 960, 48, "C8102E")
    _rectangle(master, 850, 18, 90, 66, "004488")
    for owner in (master, *deck.slide_layouts):
        for shape in owner.placeholders:
            if shape.placeholder_format.type in (1, 3):
                shape.left, shape.top, shape.width, shape.height = Pt(40), Pt(22), Pt(790), Pt(62)
    return _saved(deck, folder, "fussleiste")


def low_title(folder):
    """A title at the bottom of the layout, as picture layouts have it."""
    deck = Presentation(str(NEUTRAL))
    title = deck.slide_layouts[CONTENT].placeholders[0]
    title.left, title.top, title.width, title.height = Pt(40), Pt(420), Pt(880), Pt(80)
    return _saved(deck, folder, "tief")


def dark(folder):
    """Light letters on a dark ground, in capitals, with other accents and another font."""
    deck = Presentation(str(NEUTRAL))
    master = deck.slide_master
    colours = master._element.find(qn("p:clrMap"))
    for name, slot in (("bg1", "dk1"), ("tx1", "lt1"), ("bg2", "dk2"), ("tx2", "lt2")):
        colours.set(name, slot)
    master.background.fill.solid()
    master.background.fill.fore_color.rgb = RGBColor.from_string("101C3C")
    master._element.find(f".//{qn('p:titleStyle')}//{qn('a:defRPr')}").set("cap", "all")
    theme = next(rel.target_part for rel in master.part.rels.values() if rel.reltype.endswith("/theme"))
    for old, new in ((b"2044AA", b"7FB2FF"), (b"16A884", b"7CE0B0"), (b"Arial", b"Verdana")):
        theme._blob = theme.blob.replace(old, new)
    return _saved(deck, folder, "dunkel")


def four_to_three(folder):
    """720 × 540 points."""
    deck = Presentation(str(NEUTRAL))
    deck.slide_width = Pt(720)
    for owner in (deck.slide_master, *deck.slide_layouts):
        for shape in owner.placeholders:
            left, width = shape.left, shape.width
            shape.top, shape.height = shape.top, shape.height
            shape.left, shape.width = round(left * 0.75), round(width * 0.75)
    return _saved(deck, folder, "vierzudrei")


def odd_names(folder):
    """Layouts that are called and marked as nothing the app knows; saved as .potx."""
    deck = Presentation(str(NEUTRAL))
    for layout, name in zip(deck.slide_layouts, ("Deckblatt_2024 (neu)", "I-01", "I-02 leer"), strict=True):
        layout._element.cSld.set("name", name)
    look = _saved(deck, folder, "namen")
    other = folder / "namen.potx"
    with zipfile.ZipFile(look.template) as old, zipfile.ZipFile(other, "w") as new:
        for part in old.namelist():
            held = old.read(part)
            if part == "[Content_Types].xml":
                held = held.replace(b"presentation.main+xml", b"template.main+xml")
            new.writestr(part, held)
    return Look(template=str(other))


def squeezed(folder):
    """A title, a bar and a text area that leave no room for a chart."""
    deck = Presentation(str(NEUTRAL))
    _rectangle(deck.slide_layouts[CONTENT], 0, 240, 960, 60, "C8102E")
    return _saved(deck, folder, "eng")


def office_default(folder):
    """What Office begins with: 4:3, a centred title of 44 points in Calibri, eleven layouts."""
    return _saved(Presentation(), folder, "office")


def without_placeholders(folder):
    """Layouts of pictures and text boxes only."""
    deck = Presentation(str(NEUTRAL))
    for layout in deck.slide_layouts:
        for shape in list(layout.placeholders):
            shape._element.getparent().remove(shape._element)
    return _saved(deck, folder, "ohne")


USABLE = (neutral, big_title, footer_bar, low_title, dark, four_to_three, odd_names, office_default)


def _title_size(deck, points):
    deck.slide_master._element.find(f".//{qn('p:titleStyle')}//{qn('a:defRPr')}").set("sz", str(points * 100))


def _rectangle(owner, left, top, width, height, colour):
    place = [round(one * 12700) for one in (left, top, width, height)]
    shape = parse_xml(
        '<p:sp xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><p:nvSpPr>'
        f'<p:cNvPr id="{900 + len(owner.shapes)}" name="Balken"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr>'
        f'<p:spPr><a:xfrm><a:off x="{place[0]}" y="{place[1]}"/><a:ext cx="{place[2]}" cy="{place[3]}"/></a:xfrm>'
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'
        "</p:spPr></p:sp>"
    )
    owner.shapes._spTree.append(shape)
    return owner.shapes[-1]


def _saved(deck, folder, name):
    path = folder / f"{name}.pptx"
    deck.save(str(path))
    return Look(template=str(path))
