"""The page of a published report: HTML without scripts, that a reader, a screen reader and a printer can use.

What it holds is that of a paper (``exports.papers.content``): headline, chart, cautions, source, values as a table.
"""

from __future__ import annotations

import datetime as dt
import xml.etree.ElementTree as Tree
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from portalkompass import german
from portalkompass.exports.disclosure_control import Outgoing, OutgoingSlides, OutgoingWords
from portalkompass.exports.images.image_worker import ImageWorker
from portalkompass.exports.images.pictures import drawn_chart
from portalkompass.exports.markup import document, tag
from portalkompass.exports.papers.content import Drawing, Lines, section_of
from portalkompass.exports.papers.values import Grid
from portalkompass.exports.public import catalogue_entries
from portalkompass.exports.public.terms import NO_LICENCE, Terms
from portalkompass.slide_set import TextPage

STYLE = "seite.css"
CHART_WIDTH, CHART_HEIGHT = 900.0, 400.0
HIGH_CHART = 620.0
"""Points of a chart, and its height where it has many rows."""
MANY_ROWS = 10
SHORT = 14
"""Rows up to which the values of a chart stand open below it."""
POLICY = "default-src 'none'; style-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'"
"""Nothing runs and nothing is fetched from elsewhere, whatever stands in a title."""
SAMPLE = "Beispieldaten: keine echten Zahlen."
TAKEN = frozenset({"inhalt", "uebersicht", "herausgeber"})
"""Names on the page that no section may have; those within one have two hyphens."""
_SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True, slots=True)
class Download:
    """A file of a section: where it lies, what it is, and the name under which a browser keeps it."""

    path: str
    label: str
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the report under its name in the address, with its files (none for a page of words)."""

    key: str
    page: Outgoing | OutgoingWords
    downloads: tuple[Download, ...] = ()


def to_html(
    slides: OutgoingSlides, places: Sequence[Place], terms: Terms, published: dt.date, worker: ImageWorker
) -> str:
    """The whole page.

    Raises:
        ImageFault: a chart could not be drawn.
        NotOnPaper: an exhibit names single queries or is empty.
    """
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", content=POLICY, **{"http-equiv": "Content-Security-Policy"}),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", " – ".join(filter(None, (slides.title, terms.publisher)))),
        tag("link", rel="stylesheet", href=STYLE),
        tag("link", rel="alternate", type="application/ld+json", href=catalogue_entries.FILE),
    )
    body = tag(
        "body",
        tag("a", "Zum Inhalt springen", href="#inhalt", **{"class": "skip"}),
        tag("header", tag("p", terms.publisher)),
        _main(slides, places, worker),
        _foot(terms, published),
    )
    return document(tag("html", head, body, lang="de"))


def _main(slides: OutgoingSlides, places: Sequence[Place], worker: ImageWorker) -> Tree.Element:
    sample = [tag("p", SAMPLE, **{"class": "sample"})] if slides.sample else []
    cover = [tag("p", line) for line in slides.cover or () if line != "Beispieldaten"]
    links = [tag("li", tag("a", place.page.headline, href=f"#{place.key}")) for place in places]
    contents = tag(
        "nav",
        tag("h2", "Auf dieser Seite", id="uebersicht"),
        tag("ol", *links),
        **{"aria-labelledby": "uebersicht"},
    )
    return tag(
        "main",
        tag("h1", slides.title),
        *sample,
        tag("div", *cover, **{"class": "cover"}),
        contents,
        *(_section(place, worker) for place in places),
        id="inhalt",
        tabindex="-1",
    )


def _section(place: Place, worker: ImageWorker) -> Tree.Element:
    section = section_of(place.page)
    parts: list[Tree.Element] = []
    if isinstance(place.page, TextPage):
        parts += _written(place.page)
    else:
        for part in section.parts:
            parts += _part(part, place.key, section.headline, worker)
    return tag(
        "section",
        tag("h2", section.headline),
        *([tag("p", section.subtitle, **{"class": "subtitle"})] if section.subtitle else []),
        *parts,
        *_downloads(place),
        id=place.key,
    )


def _written(page: TextPage) -> list[Tree.Element]:
    """A page that people wrote: what is new, points, facts, source."""
    facts = [part for label, text in page.facts for part in (tag("dt", label), tag("dd", text))]
    return [
        *([tag("p", page.news, **{"class": "subtitle"})] if page.news else []),
        *([tag("ul", *(tag("li", point) for point in page.paragraphs))] if page.paragraphs else []),
        *([tag("dl", *facts)] if facts else []),
        *(tag("p", line, **{"class": "small"}) for line in page.cautions),
        tag("p", page.footer, **{"class": "source"}),
    ]


def _part(part: Drawing | Grid | Lines, key: str, name: str, worker: ImageWorker) -> list[Tree.Element]:
    if isinstance(part, Lines):
        if part.kind == "numbered":
            return [tag("ol", *(tag("li", line) for line in part.lines))]
        kind = {} if part.kind == "text" else {"class": part.kind}
        return [tag("p", line, **kind) for line in part.lines]
    if isinstance(part, Drawing):
        return [tag("figure", _scrolling(_chart(part.exhibit, key, worker), f"Diagramm: {name}"))]
    table = _scrolling(_table(part, name), f"{part.caption or 'Tabelle'}: {name}")
    if not part.caption or len(part.rows) <= SHORT:
        return [table]
    told = f"{part.caption} ({german.count(len(part.rows), 'Zeile', 'Zeilen')})"
    return [tag("details", tag("summary", told), table)]


def _scrolling(inside: Tree.Element, label: str) -> Tree.Element:
    """A part of its own that moves sideways where a phone has no room for it, with the keyboard, too."""
    return tag("div", inside, role="group", tabindex="0", **{"class": "scroll", "aria-label": label})


def _table(grid: Grid, name: str) -> Tree.Element:
    # Above an exhibit's own table stands the same as its heading: only what reads aloud needs it again.
    caption = tag("caption", grid.caption or name, **({} if grid.caption else {"class": "unseen"}))
    head = [
        tag("th", text, scope="col", **({"class": "figure"} if right else {}))
        for text, right in zip(grid.head, grid.right, strict=True)
    ]
    rows = []
    for first, *others in grid.rows:
        cells = [
            tag("td", _link(text) if link else text, **({"class": "figure"} if right else {}))
            for text, right, link in zip(others, grid.right[1:], grid.links[1:], strict=True)
        ]
        name_class = {"class": "figure"} if grid.right[0] else {}
        rows.append(
            tag("tr", tag("th", _link(first) if grid.links[0] else first, scope="row", **name_class), *cells)
        )
    return tag("table", caption, tag("thead", tag("tr", *head)), tag("tbody", *rows))


def _link(address: str) -> Tree.Element | str:
    """A link where it leads to the web; anything else is only read."""
    try:
        web = urlsplit(address).scheme in ("https", "http")
    except ValueError:  # a bracket of an address by number that is not closed, e.g.
        web = False
    return tag("a", address, href=address) if web else address


def _chart(exhibit: Outgoing, key: str, worker: ImageWorker) -> Tree.Element:
    """The chart as part of the page, under names of its own, as one picture with title and description."""
    rows = (
        exhibit.frame[exhibit.y].nunique()
        if exhibit.y and exhibit.kind in ("bar", "stacked_bar", "dots", "gantt", "timeline")
        else 0
    )
    height = HIGH_CHART if rows > MANY_ROWS or exhibit.panels else CHART_HEIGHT
    drawn = Tree.fromstring(drawn_chart(exhibit, CHART_WIDTH, height, worker))  # noqa: S314 drawn here
    for element in drawn.iter():
        # In a page of HTML the elements of SVG have no prefix.
        element.tag = element.tag.removeprefix(_SVG)
        for attribute in [one for one in element.attrib if one.startswith(("aria-", "{")) or one == "role"]:
            del element.attrib[attribute]
        for attribute, value in element.attrib.items():
            if attribute == "id":
                element.set("id", f"{key}--{value}")
            elif value.startswith("url(#"):
                element.set(attribute, f"url(#{key}--{value.removeprefix('url(#')}")
    told = {"title": f"{key}--name", "desc": f"{key}--beschreibung"}
    for child in drawn:
        if child.tag in told:
            child.set("id", told[child.tag])
    drawn.attrib |= {"role": "img", "aria-labelledby": " ".join(told.values())}
    return drawn


def _downloads(place: Place) -> list[Tree.Element]:
    if not place.downloads:
        return []
    heading = f"{place.key}--dateien"
    links = [tag("li", tag("a", one.label, href=one.path, download=one.name)) for one in place.downloads]
    return [
        tag("h3", "Daten zum Herunterladen", id=heading),
        tag("ul", *links, **{"class": "downloads", "aria-labelledby": heading}),
    ]


def _foot(terms: Terms, published: dt.date) -> Tree.Element:
    licence = terms.chosen
    facts: Mapping[str, Tree.Element | str | None] = {
        "Herausgeber": terms.publisher,
        "Kontakt": tag("a", terms.contact, href=f"mailto:{terms.contact}") if terms.contact else None,
        "Lizenz der Daten": tag("a", licence.name, href=licence.text) if licence else NO_LICENCE,
        "Namensnennung": terms.attribution,
        "Veröffentlicht am": german.date(published),
        "Für Datenkataloge": tag("a", "Einträge nach DCAT-AP.de (JSON-LD)", href=catalogue_entries.FILE),
    }
    told = [part for label, text in facts.items() if text is not None and text != ""
            for part in (tag("dt", label), tag("dd", text))]  # fmt: skip
    pages = (
        ("Impressum", terms.imprint),
        ("Datenschutz", terms.privacy),
        ("Erklärung zur Barrierefreiheit", terms.accessibility),
    )
    links = [tag("li", tag("a", label, href=address)) for label, address in pages if address]
    return tag("footer", tag("dl", *told, id="herausgeber"), *([tag("ul", *links)] if links else []))
