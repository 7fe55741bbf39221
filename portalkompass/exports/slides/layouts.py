"""What a layout of a template leaves free, and how its title is set: read from the file, never assumed.

All measures are points. Bars, logos, footers, date and number of the layout and its master are in the way; what the
slide itself holds goes into the largest rectangle that is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from pptx.oxml import parse_xml
from pptx.oxml.ns import qn

from portalkompass.exports.palette import Palette
from portalkompass.exports.slides.boxes import Box, Letters, Pptx, letters_of

TITLES = (1, 3)
"""PP_PLACEHOLDER: TITLE and CENTER_TITLE."""
SLIDE_NUMBER = 13
_STANDING = (SLIDE_NUMBER, 14, 15, 16)
"""Slide number, header, footer, date: they keep their place whether a slide fills them or not."""
_BODY = (2, 7)
MARGIN, EDGE = 40.0, 14.0
"""Points left and right, and above and below, that stay empty where the layout does not say otherwise."""
WIDE = 0.6
"""A title or body of this share of the slide's width says where the slide's left and right edge is."""
BACKGROUND = 0.5
"""A shape that covers more of the slide than this share lies behind its content."""
USUAL_SIZE, USUAL_INSETS = 44.0, (7.2, 3.6)
"""PowerPoint's own, where neither layout nor master say: size of a title, empty space beside and above text."""
STRIP = 22.0
"""Height of the line for the source."""


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How a placeholder sets its text: size in points, weight as CSS counts, capitals, line height in font sizes."""

    size: float
    bold: bool
    capitals: bool
    line: float


@dataclass(frozen=True, eq=False)
class Layout:
    """A layout of a template and the size of its slides in points."""

    native: Pptx
    width: float
    height: float

    @property
    def name(self) -> str:
        """As PowerPoint shows it."""
        return str(self.native.name)

    @cached_property
    def title(self) -> Pptx | None:
        """The placeholder of the title; None without one."""
        return next((one for one in self.native.placeholders if _kind(one) in TITLES), None)

    @cached_property
    def letters(self) -> Letters:
        """The font of the theme's texts; that of its headlines where it is wider."""
        scheme = _theme(self.native.slide_master).find(f".//{qn('a:fontScheme')}")
        names = [font.get("typeface", "") for font in scheme.iter(qn("a:latin"))]
        return max((letters_of(name) for name in names), key=lambda letters: letters.wider)

    @cached_property
    def body(self) -> Box:
        """The largest free rectangle between the slide's left and right edge, above or below the title."""
        left, right = self._edges()
        bounds = Box(left, EDGE, right - left, self.height - 2 * EDGE)
        return largest_free(bounds, self._in_the_way)

    @cached_property
    def source(self) -> Box:
        """The line for the source: beside the number below the body, where there is room, else its last line."""
        body = self.body
        strip = Box(body.left, body.bottom, body.width, STRIP)
        taken = [box.left for box in self._in_the_way if box.touches(strip)]
        width = min([strip.right, *taken]) - strip.left
        if strip.bottom <= self.height - EDGE / 2 and width >= WIDE * body.width:
            return Box(strip.left, strip.top, width, STRIP)
        return Box(body.left, body.bottom - STRIP, body.width, STRIP)

    @cached_property
    def content(self) -> Box:
        """The body without the line for the source."""
        body = self.body
        return Box(body.left, body.top, body.width, min(body.bottom, self.source.top) - body.top)

    @cached_property
    def drawn(self) -> list[Box]:
        """Bars, logos and texts of the layout and its master, but what lies behind all content."""
        owners = [self.native]
        if self.native._element.get("showMasterSp") != "0":
            owners.append(self.native.slide_master)
        drawn = [box_of(shape) for owner in owners for shape in owner.shapes if not shape.is_placeholder]
        behind = BACKGROUND * self.width * self.height
        return [box for box in drawn if box is not None and box.width * box.height < behind]

    @cached_property
    def _in_the_way(self) -> list[Box]:
        standing = [shape for shape in self.native.placeholders if _kind(shape) in (*_STANDING, *TITLES)]
        return [*self.drawn, *(box for shape in standing if (box := box_of(shape)) is not None)]

    def _edges(self) -> tuple[float, float]:
        bodies = (*self.native.placeholders, *self.native.slide_master.placeholders)
        wide = [self.title, *(shape for shape in bodies if _kind(shape) in _BODY)]
        for shape in wide:
            box = box_of(shape) if shape is not None else None
            if box is not None and box.width >= WIDE * self.width:
                return max(box.left, EDGE), min(box.right, self.width - EDGE)
        return MARGIN, self.width - MARGIN

    def style(self, placeholder: Pptx) -> TextStyle:
        """How the placeholder's first level is set: its own list style, else the master's."""
        kind = "title" if _kind(placeholder) in TITLES else "body"
        master = self.native.slide_master
        same = [one for one in master.placeholders if (_kind(one) in TITLES) == (kind == "title")]
        levels = [_level(shape._element) for shape in (placeholder, *same[:1])]
        levels.append(_level(master._element.find(f".//{qn(f'p:{kind}Style')}")))
        size, bold, caps, line = (_first(levels, read) for read in (_size, _bold, _capitals, _line))
        return TextStyle(float(size or USUAL_SIZE), bool(bold), bool(caps), 1.22 * float(line or 1.0))

    def insets(self, placeholder: Pptx) -> tuple[float, float]:
        """Empty space beside and above the placeholder's text together with that opposite."""
        properties = placeholder._element.find(f".//{qn('a:bodyPr')}")
        read = {} if properties is None else dict(properties.attrib)
        beside, above = USUAL_INSETS
        across = [int(read.get(name, beside * 12700)) / 12700 for name in ("lIns", "rIns")]
        down = [int(read.get(name, above * 12700)) / 12700 for name in ("tIns", "bIns")]
        return sum(across), sum(down)


def palette(master: Pptx) -> Palette:
    """The colours of the master's theme, as its map gives them to ground and text."""
    scheme = _theme(master).find(f".//{qn('a:clrScheme')}")
    colours = {}
    for slot in scheme:
        value = slot[0].get("lastClr") or slot[0].get("val")
        colours[slot.tag.rpartition("}")[2]] = f"#{value.lower()}"
    mapped = dict(master._element.find(qn("p:clrMap")).attrib)
    fill = master._element.find(f"{qn('p:cSld')}/{qn('p:bg')}")
    ground = colours[mapped.get("bg1", "lt1")]
    if fill is not None:
        if (own := fill.find(f".//{qn('a:srgbClr')}")) is not None:
            ground = f"#{own.get('val').lower()}"
        elif (named := fill.find(f".//{qn('a:schemeClr')}")) is not None:
            name = named.get("val")
            ground = colours.get(mapped.get(name, name), ground)
    return Palette(
        ground,
        colours[mapped.get("tx1", "dk1")],
        tuple(colours[f"accent{number}"] for number in range(1, 5)),
    )


def _theme(master: Pptx) -> Pptx:
    part = next(rel.target_part for rel in master.part.rels.values() if rel.reltype.endswith("/theme"))
    return parse_xml(part.blob)


def largest_free(bounds: Box, taken: Iterable[Box]) -> Box:
    """The largest rectangle inside ``bounds`` that touches none of ``taken``; of no height where there is none."""
    inside = [box for box in taken if box.touches(bounds)]
    edges = {bounds.left, bounds.right, *(x for box in inside for x in (box.left, box.right))}
    xs = sorted(x for x in edges if bounds.left <= x <= bounds.right)
    best = Box(bounds.left, bounds.top, bounds.width, 0)
    for number, left in enumerate(xs):
        for right in xs[number + 1 :]:
            column = Box(left, bounds.top, right - left, bounds.height)
            gap = _highest_gap(column, [box for box in inside if box.touches(column)])
            if gap.width * gap.height > best.width * best.height:
                best = gap
    return best


def _highest_gap(column: Box, taken: Sequence[Box]) -> Box:
    top, best = column.top, Box(column.left, column.top, column.width, 0)
    bottom = Box(column.left, column.bottom, column.width, 0)
    for box in [*sorted(taken, key=lambda box: box.top), bottom]:
        height = min(box.top, column.bottom) - top
        if height > best.height:
            best = Box(column.left, top, column.width, height)
        top = max(top, box.bottom)
    return best


def box_of(shape: Pptx) -> Box | None:
    """Where the shape lies; None for one that does not say."""
    places = (shape.left, shape.top, shape.width, shape.height)
    if any(place is None for place in places):
        return None
    return Box(*(place / 12700 for place in places))


def _kind(shape: Pptx) -> int:
    return int(shape.placeholder_format.type)


def _level(element: Pptx | None) -> Pptx | None:
    return None if element is None else element.find(f".//{qn('a:lvl1pPr')}")


def _first(levels: Sequence[Pptx | None], read: Pptx) -> Pptx:
    return next((value for level in levels if level is not None and (value := read(level)) is not None), None)


def _run(level: Pptx) -> Pptx:
    found = level.find(qn("a:defRPr"))
    return {} if found is None else found.attrib


def _size(level: Pptx) -> float | None:
    size = _run(level).get("sz")
    return int(size) / 100 if size else None


def _bold(level: Pptx) -> bool | None:
    bold = _run(level).get("b")
    return None if bold is None else bold in ("1", "true")


def _capitals(level: Pptx) -> bool | None:
    capitals = _run(level).get("cap")
    return None if capitals is None else capitals == "all"


def _line(level: Pptx) -> float | None:
    percent = level.find(f"{qn('a:lnSpc')}/{qn('a:spcPct')}")
    return None if percent is None else int(percent.get("val")) / 100_000
