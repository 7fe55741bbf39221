"""Builds the neutral PowerPoint template: 16:9, three German layouts, the colours of the charts.

    python tools/build_template.py

Run it after a change here and commit the file it writes. A city puts its own template into settings.toml.
"""

from __future__ import annotations

import re
from pathlib import Path

from pptx import Presentation
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

TARGET = Path(__file__).resolve().parents[1] / "portalkompass" / "exports" / "slides" / "template.pptx"
LAYOUTS = {"Title Slide": "Titelfolie", "Title and Content": "Titel und Inhalt", "Title Only": "Nur Titel"}
COLOURS = {
    "dk1": "141414",
    "lt1": "FFFFFF",
    "dk2": "4D5370",
    "lt2": "F4F5F8",
    "accent1": "2044AA",
    "accent2": "16A884",
    "accent3": "D58100",
    "accent4": "524000",
    "accent5": "6E7597",
    "accent6": "9AA0B5",
    "hlink": "2044AA",
    "folHlink": "4D5370",
}
FONT = "Arial"
"""Every office machine has it; a missing font would move every line."""
BOXES = {
    "title": (40, 22, 880, 62),
    "body": (40, 130, 880, 340),
    "sldNum": (840, 506, 80, 20),
    "ctrTitle": (0, 0, 960, 232),
    "subTitle": (40, 252, 880, 236),
}
COVER_SIZES = {"ctrTitle": "3600", "subTitle": "2200"}
"""Hundredths of a point on the title slide: its title, and below it the occasion, in larger letters than the rest."""
COVER_INSETS = {"lIns": 47.2, "rIns": 47.2, "tIns": 6, "bIns": 16}
"""Points around the title within its field of colour, so that it begins where the headlines of other slides do."""


def main() -> None:
    """Write the template."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Pt(960), Pt(540)
    master = deck.slide_master
    _keep_layouts(deck)
    for layout in (master, *master.slide_layouts):
        _place(layout)
    _text_styles(master)
    _theme(master)
    deck.core_properties.title = "Portalkompass"
    deck.core_properties.author = "Portalkompass"
    deck.core_properties.language = "de-DE"
    deck.save(TARGET)


def _keep_layouts(deck: Presentation) -> None:
    for layout in list(deck.slide_layouts):
        if layout.name in LAYOUTS:
            layout._element.cSld.set("name", LAYOUTS[layout.name])
        else:
            deck.slide_layouts.remove(layout)


def _place(layout: object) -> None:
    """Own frames for the placeholders; date and footer go, the number stays at the bottom right."""
    for shape in list(layout.placeholders):
        kind = shape._element.ph.get("type", "body")
        if kind in ("dt", "ftr"):
            shape._element.getparent().remove(shape._element)
        elif kind in BOXES:
            shape.left, shape.top, shape.width, shape.height = (Pt(part) for part in BOXES[kind])
            if kind == "sldNum":
                for field in shape._element.iter(qn("a:rPr"), qn("a:defRPr")):
                    field.set("sz", "1000")
        if kind == "subTitle":
            _readable(shape)
        if kind in ("title", "ctrTitle"):
            shape._element.txBody.find(qn("a:bodyPr")).set("anchor", "b")
        if kind == "ctrTitle":
            _field_of_colour(shape)


def _field_of_colour(shape: object) -> None:
    """The title stands in light letters on the theme's first accent: one shape, so that nothing lies over another."""
    shape.fill.solid()
    shape.fill.fore_color.theme_color = MSO_THEME_COLOR.ACCENT_1
    body = shape._element.txBody.find(qn("a:bodyPr"))
    for side, points in COVER_INSETS.items():
        body.set(side, str(round(points * 12700)))
    level = (
        '<a:lvl1pPr xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" algn="l"><a:defRPr>'
        '<a:solidFill><a:schemeClr val="bg1"/></a:solidFill></a:defRPr></a:lvl1pPr>'
    )
    shape._element.txBody.find(qn("a:lstStyle")).append(parse_xml(level))


def _readable(shape: object) -> None:
    """The usual pale grey has too little contrast on a projector: the muted text colour instead."""
    for colour in shape._element.iter(qn("a:schemeClr")):
        colour.set("val", "tx2")
        for tint in colour.findall(qn("a:tint")):
            colour.remove(tint)


def _text_styles(master: object) -> None:
    styles = master._element.find(qn("p:txStyles"))
    title = styles.find(qn("p:titleStyle")).find(qn("a:lvl1pPr"))
    title.set("algn", "l")
    title.find(qn("a:defRPr")).set("sz", "2200")
    title.find(qn("a:defRPr")).set("b", "1")
    for level, size in enumerate((1600, 1400, 1400, 1200, 1200), start=1):
        styles.find(qn("p:bodyStyle")).find(qn(f"a:lvl{level}pPr")).find(qn("a:defRPr")).set("sz", str(size))
    for layout in master.slide_layouts:
        for shape in layout.placeholders:
            for defaults in shape._element.iter(qn("a:lvl1pPr")):
                if size := COVER_SIZES.get(shape._element.ph.get("type")):
                    defaults.set("algn", "l")
                    defaults.find(qn("a:defRPr")).set("sz", size)


def _theme(master: object) -> None:
    part = next(rel.target_part for rel in master.part.rels.values() if rel.reltype.endswith("/theme"))
    text = part.blob.decode("utf-8")
    for name, colour in COLOURS.items():
        text = re.sub(
            rf"<a:{name}>.*?</a:{name}>",
            f'<a:{name}><a:srgbClr val="{colour}"/></a:{name}>',
            text,
            flags=re.DOTALL,
        )
    text = re.sub(
        r'(<a:(?:majorFont|minorFont)>\s*<a:latin typeface=")[^"]*', rf"\g<1>{FONT}", text, flags=re.DOTALL
    )
    text = re.sub(r'(<a:theme [^>]*name=")[^"]*', r"\g<1>Portalkompass", text)
    part._blob = text.encode("utf-8")


if __name__ == "__main__":
    main()
