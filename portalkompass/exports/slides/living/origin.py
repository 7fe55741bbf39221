"""Where a shape comes from, written behind its name: the one property that PowerPoint and LibreOffice both keep.

LibreOffice gives placeholders (titles, notes) new names. What they held is therefore noted behind the name of the
source, too, which stands on every slide in a box of its own.

``Diagramm clicks_trend {pk1 clicks_trend chart 1/1 3f2a… 9c1b… 20251215T… bericht?zeitraum=12-monate}``: page, role,
which of how many on this page, what it held when it was made (as a hash), its alternative text (as a hash), the
snapshot, and the address whose answer it shows. What a person edited since then differs from the hash.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote

from pptx.oxml.ns import qn

from portalkompass.exhibit import REMARK
from portalkompass.exports.slides.boxes import Pptx
from portalkompass.exports.slides.layouts import TITLES

COVER = "cover"
"""Name of the title slide among the pages."""
ROLES = {
    "Untertitel": "subtitle",
    REMARK: "remark",
    "Hinweise": "cautions",
    "Quelle": "source",
    "Text": "text",
}
"""Names of text boxes and what they are for."""
TEXTS = frozenset({"title", "notes", *ROLES.values()})
"""Roles of shapes that hold nothing but text."""
NOTED = 4
"""Fields that a source notes of placeholders."""
DIGITS = 16
"""Letters of a hash: enough to tell two texts of one shape apart."""
PRECISION = 9
"""Digits to which figures of a chart are compared: programs write them back with more or fewer."""
_TAG = re.compile(r"\s*\{pk1((?: [^\s{}]+){7,11})\}\s*$")


@dataclass(frozen=True, slots=True)
class Origin:
    """The address whose answer a deck shows, and the snapshot it was taken from."""

    address: str
    snapshot: str


@dataclass(frozen=True, slots=True)
class Tag:
    """What stands behind a shape's name. ``content`` and ``alt`` are hashes of what was made.

    ``placeholders`` of a source are place and hash of its slide's title, and the hashes of its notes and of the cover.
    """

    page: str
    role: str
    number: int
    of: int
    content: str
    alt: str
    origin: Origin
    placeholders: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str, int]:
        """What finds the shape in another deck of the same address."""
        return self.page, self.role, self.number


def told_apart_names(pages: Sequence[str]) -> list[str]:
    """The ids of pages; one that stands in a deck twice is counted."""
    seen: Counter[str] = Counter()
    names = []
    for page in pages:
        seen[page] += 1
        names.append(page if seen[page] == 1 else f"{page}~{seen[page]}")
    return names


def tag_page(slides: Sequence[Pptx], page: str, origin: Origin) -> None:
    """Write the origin behind the names of all shapes that the slides of one page hold, their notes included."""
    shapes = [(shape, role) for slide in slides for shape in with_notes(slide) if (role := _role(shape))]
    total = Counter(role for _, role in shapes)
    numbers: Counter[str] = Counter()
    for shape, role in shapes:
        numbers[role] += 1
        write(shape, Tag(page, role, numbers[role], total[role], "", "", origin))


def write(shape: Pptx, tag: Tag) -> None:
    """The tag behind the shape's name, with hashes of what the shape holds now."""
    put(shape, replace(tag, content=hash_of(content(shape)), alt=hash_of(alt(shape))))


def put(shape: Pptx, tag: Tag) -> None:
    """The tag behind the shape's name, as it is."""
    made = tag.origin
    place = f"{tag.number}/{tag.of}"
    fields = (tag.page, tag.role, place, tag.content, tag.alt, made.snapshot, made.address, *tag.placeholders)
    written = " ".join(quote(field, safe="/?=&~:.,-") or "-" for field in fields)
    shape.name = f"{_TAG.sub('', shape.name)} {{pk1 {written}}}"


def note_placeholders(deck: Pptx) -> None:
    """Behind the names of sources: what titles, notes and the cover hold."""
    slides = [
        {tag.role: (shape, tag) for shape in with_notes(slide) if (tag := read(shape))}
        for slide in deck.slides
    ]
    covers = (held["text"][1].content for held in slides if "text" in held and held["text"][1].page == COVER)
    cover = next(covers, "-")
    for held in slides:
        if "source" in held and "title" in held:
            title, (shape, tag) = held["title"][1], held["source"]
            notes = held["notes"][1].content if "notes" in held else "-"
            noted = (f"{title.number}/{title.of}", title.content, notes, cover)
            put(shape, replace(tag, placeholders=noted))


def adopt_placeholders(deck: Pptx) -> None:
    """Give placeholders their tags back that a program has given new names."""
    cover: Tag | None = None
    for slide in deck.slides:
        tags = [(shape, read(shape)) for shape in with_notes(slide)]
        known = {tag.role for _, tag in tags if tag}
        sources = (tag for _, tag in tags if tag and tag.role == "source" and len(tag.placeholders) == NOTED)
        source = next(sources, None)
        if source is None:
            continue
        place, title, notes, of_cover = source.placeholders
        number, _, of = place.partition("/")
        if not (number.isdecimal() and of.isdecimal()):
            continue
        made = replace(source, number=int(number), of=int(of), alt=hash_of(""), placeholders=())
        cover = replace(made, page=COVER, role="text", number=1, of=1, content=of_cover)
        for shape, tag in tags:
            role = _role(shape) if shape.is_placeholder and tag is None else ""
            if role in ("title", "notes") and role not in known:
                put(shape, replace(made, role=role, content=title if role == "title" else notes))
    if cover is not None:
        _adopt_cover(deck, cover)


def _adopt_cover(deck: Pptx, cover: Tag) -> None:
    """The lines of the cover are found by what they say, since nothing else stands there."""
    shapes = [shape for slide in deck.slides for shape in with_notes(slide)]
    if any(tag.page == COVER and tag.role == "text" for tag in map(read, shapes) if tag):
        return
    for shape in shapes:
        if read(shape) is None and shape.has_text_frame and hash_of(content(shape)) == cover.content:
            put(shape, cover)
            return


def read(shape: Pptx) -> Tag | None:
    """The tag of a shape; None where it has none or one that cannot be read."""
    found = _TAG.search(shape.name or "")
    if found is None:
        return None
    page, role, place, held, said, snapshot, address, *noted = map(unquote, found[1].split())
    number, _, of = place.partition("/")
    if not (number.isdecimal() and of.isdecimal()):
        return None
    return Tag(page, role, int(number), int(of), held, said, Origin(address, snapshot), tuple(noted))


def fits(shape: Pptx, tag: Tag) -> bool:
    """Whether the shape is what its tag says; a name that was given to another shape makes nothing ours."""
    if tag.role in TEXTS:
        return bool(shape.has_text_frame)
    if tag.role == "picture":
        return shape._element.tag == qn("p:pic") and shape._element.blip_rId is not None
    return tag.role in ("chart", "table") and bool(getattr(shape, f"has_{tag.role}", False))


def with_notes(slide: Pptx) -> Iterator[Pptx]:
    """The shapes of a slide, those within groups too, and the text of its notes."""
    stack = list(slide.shapes)
    while stack:
        shape = stack.pop(0)
        if hasattr(shape, "shapes"):
            stack[:0] = list(shape.shapes)
        else:
            yield shape
    if slide.has_notes_slide and slide.notes_slide.notes_placeholder is not None:
        yield slide.notes_slide.notes_placeholder


def content(shape: Pptx) -> str:
    """What the shape says, in one text: lines, cells, or the figures of a chart; of a picture a hash of its file."""
    if getattr(shape, "has_table", False):
        return json.dumps([[_plain(cell.text_frame.text) for cell in row.cells] for row in shape.table.rows])
    if getattr(shape, "has_chart", False):
        return json.dumps(figures(shape.chart))
    if hasattr(shape, "image"):
        return hashlib.sha256(shape.image.blob).hexdigest()
    return _plain(shape.text_frame.text) if shape.has_text_frame else ""


def figures(chart: Pptx) -> list[tuple[str, list[list[str]]]]:
    """Name and points of each series of a chart, as its own cache holds them."""
    found = []
    for series in chart._chartSpace.iter(qn("c:ser")):
        name = "".join(series.xpath("./c:tx//c:v/text()"))
        values = [_cached(series, part) for part in ("cat", "val", "xVal", "yVal", "bubbleSize")]
        found.append((_plain(name), values))
    return found


def _cached(series: Pptx, part: str) -> list[str]:
    points = {
        int(point.get("idx")): "".join(point.xpath("./c:v/text()"))
        for point in series.xpath(f"./c:{part}//c:pt")
    }
    return [_figure(points.get(number, "")) for number in range(max(points, default=-1) + 1)]


def _figure(text: str) -> str:
    try:
        return f"{float(text):.{PRECISION}g}"
    except ValueError:
        return _plain(text)


def alt(shape: Pptx) -> str:
    """Its alternative text."""
    return str(shape._element._nvXxPr.cNvPr.get("descr", ""))


def hash_of(text: str) -> str:
    """What two equal texts have in common, and different ones do not."""
    return hashlib.sha256(_plain(text).encode()).hexdigest()[:DIGITS]


def _plain(text: str) -> str:
    """The text without what programs change when they save it: kinds of breaks and spaces, what is not seen."""
    return " ".join(text.replace("\u200b", "").split())


def _role(shape: Pptx) -> str:
    """What the shape is for on its slide; "" for what is not ours to change, as the number of the slide."""
    if shape.is_placeholder:
        if shape.placeholder_format.type in TITLES:
            return "title"
        return {1: "text"}.get(shape.placeholder_format.idx, "") if not _on_notes(shape) else "notes"
    for kind in ("chart", "table"):
        if getattr(shape, f"has_{kind}", False):
            return kind
    return "picture" if hasattr(shape, "image") else ROLES.get(shape.name, "")


def _on_notes(shape: Pptx) -> bool:
    return bool(shape._element.getroottree().getroot().tag == qn("p:notes"))
