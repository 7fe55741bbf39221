"""The HTML of a letter as mail programs show it.

Styles stand at the elements, since mail programs drop style sheets, and tables arrange what a browser would arrange by
itself.
"""

from __future__ import annotations

import xml.etree.ElementTree as Tree
from collections.abc import Sequence
from urllib.parse import urlsplit

from portalkompass import charts, german
from portalkompass.charts import theme
from portalkompass.charts.columns import texts, titled
from portalkompass.exhibit import Field
from portalkompass.exports.disclosure_control import Outgoing, OutgoingSlides, OutgoingWords
from portalkompass.exports.markup import document, tag
from portalkompass.slide_set import Words

WIDTH, PADDING = 640, 24
"""Pixels, beyond which no line of a letter should grow, and the empty space inside its edge."""
CHART_WIDTH, CHART_HEIGHT = WIDTH - 2 * PADDING, 280
PLACE = "verlauf"
"""Name under which the HTML asks for the picture, until a mail gives it one of its own."""
PAGE, WARNING, WARNING_GROUND = "#f3f5fa", "#a8201a", "#fbf1f0"
FONT = "'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
SAMPLE = "Beispieldaten"
SENT_BY = "Automatisch gesendet vom Portalkompass."
PHONE = (
    "@media (max-width:480px){.wide{display:none}.card{padding:16px 12px !important}"
    ".name{min-width:96px !important}.cell{font-size:13px !important;padding-left:6px !important}}"
)
"""The one style sheet: what a phone has no room for. Where it is dropped, the letter is only wider."""
FIGURES_ON_A_PHONE = 3
_RULE = f"border-top:1px solid {theme.GRID}"
_SMALL = f"font-size:13px;line-height:1.4;color:{theme.MUTED}"

Column = tuple[Field, Sequence[str]]
"""A field and its cells as text."""


def to_html(slides: OutgoingSlides, app_address: str) -> str:
    """A whole page; its first chart stands at ``cid:verlauf``."""
    chart = first_chart(slides)
    title = f"margin:0 0 4px;font-size:24px;line-height:1.25;font-weight:600;color:{theme.TEXT}"
    card = tag(
        "td",
        tag("h1", slides.title, style=title),
        *map(_cover_line, slides.cover or ()),
        *(_section(page, drawn=page is chart) for page in slides.pages),
        _foot(slides, app_address),
        **{"class": "card"},
        style=f"background:{theme.GROUND};padding:{PADDING}px;border:1px solid {theme.GRID};border-radius:8px",
    )
    letter = tag(
        "table",
        tag("tr", card),
        role="presentation",
        width="100%",
        style=f"max-width:{WIDTH}px;margin:0 auto;border-collapse:separate",
    )
    page = f"margin:0;padding:16px 8px;background:{PAGE};font-family:{FONT};color:{theme.TEXT}"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light"),
        tag("title", slides.title),
        tag("style", PHONE),
    )
    whole = tag("html", head, tag("body", tag("div", letter, role="main"), style=page), lang="de")
    return document(whole)


def first_chart(slides: OutgoingSlides) -> Outgoing | None:
    """The one chart that is drawn; others are written as tables."""
    exhibits = (page for page in slides.pages if not isinstance(page, Words))
    return next((exhibit for exhibit in exhibits if exhibit.kind != "table"), None)


def sources(slides: OutgoingSlides) -> tuple[str, ...]:
    """Each source with its data date, once."""
    return tuple(dict.fromkeys(page.footer for page in slides.pages))


def in_app(address: str) -> tuple[str, ...]:
    """Where there is more, if the app has an address."""
    return (f"Mehr in der App: {address}",) if address else ()


def _section(page: Outgoing | OutgoingWords, *, drawn: bool) -> Tree.Element:
    apart = "margin:28px 0 0"
    if isinstance(page, Words):
        lines = [
            tag("p", line, style="margin:6px 0 0;font-size:15px;line-height:1.45") for line in page.paragraphs
        ]
        frame = f"border-left:4px solid {WARNING};background:{WARNING_GROUND};padding:12px 14px"
        return tag(
            "div", _heading(page.headline), *lines, style=f"{apart};{frame if page.id == 'alerts' else ''}"
        )
    cautions = page.cautions
    if drawn:
        cautions = (*cautions, *charts.reading_help(page))
        image = "display:block;width:100%;height:auto;border:0"
        shown = tag("img", src=f"cid:{PLACE}", alt=page.alt, width=str(CHART_WIDTH), style=image)
    elif any(field.numeric for field in page.fields):
        shown = _figures(page)
    else:
        shown = _words(page)
    return tag(
        "div",
        _heading(page.headline),
        tag("p", page.subtitle, style=f"margin:0 0 8px;{_SMALL}"),
        shown,
        *(tag("p", caution, style=f"margin:6px 0 0;{_SMALL}") for caution in cautions),
        style=apart,
    )


def _cover_line(text: str) -> Tree.Element:
    """A line below the title; that these are sample data cannot be overlooked."""
    if text == SAMPLE:
        mark = f"background:{theme.SPAN};padding:2px 8px;border-radius:4px;font-size:14px;font-weight:600"
        return tag("p", tag("span", text, style=mark), style="margin:0 0 6px")
    return tag("p", text, style=f"margin:0;{_SMALL};font-size:14px")


def _heading(text: str) -> Tree.Element:
    return tag("h2", text, style="margin:0 0 4px;font-size:17px;line-height:1.3;font-weight:600")


def _columns(page: Outgoing) -> list[Column]:
    """The columns that a reader sees; addresses stand in the plain text."""
    both = zip(page.fields, texts(page), strict=True)
    return [(field, column) for field, column in both if field.format not in ("link", "bool")]


def _words(page: Outgoing) -> Tree.Element:
    """A table of words: name and value large at the left, the rest in lines beside them."""
    rows = []
    for name, value, *rest in zip(*(column for _, column in _columns(page)), strict=True):
        left = tag(
            "th",
            tag("div", name, style=_SMALL),
            tag("div", value, style="font-size:22px;line-height:1.25;white-space:nowrap"),
            scope="row",
            width="30%",
            style=f"{_RULE};padding:10px 16px 10px 0;vertical-align:top;text-align:left;font-weight:600",
        )
        lines = [
            tag("div", text, style="margin-bottom:4px;font-size:14px;line-height:1.4")
            for text in rest
            if text
        ]
        rows.append(tag("tr", left, tag("td", *lines, style=f"{_RULE};padding:10px 0;vertical-align:top")))
    return _table(rows)


def _figures(page: Outgoing) -> Tree.Element:
    """Texts under each other in the first column, figures in columns of their own."""
    columns = _columns(page)
    named = [column for column in columns if column[0].format == "text"] or columns[:1]
    # What tells the rows apart stands first: the page, not that it is one of the winners.
    named.sort(key=lambda column: -len(set(column[1])))
    figures = [column for column in columns if column not in named]
    cell = f"{_RULE};padding:6px 0 6px 10px;font-size:14px;line-height:1.35;vertical-align:top"
    names = named[0][0].format == "text"
    breaks = "min-width:170px;hyphens:auto;overflow-wrap:anywhere" if names else "white-space:nowrap"
    first = f"{cell};padding-left:0;text-align:left;font-weight:400;{breaks}"
    figure = f"{cell};text-align:right"
    head = f"border:0;vertical-align:bottom;font-weight:400;hyphens:auto;{_SMALL};font-size:12px"
    # On a phone names need the room more than the last figures do.
    many = names and len(figures) > FIGURES_ON_A_PHONE
    wide = [many and place >= FIGURES_ON_A_PHONE for place in range(len(figures))]
    classes = [{"class": "cell wide" if hidden else "cell"} for hidden in wide]
    name = {"class": "name"} if names else {}
    heads = [
        tag("th", titled(field), scope="col", style=f"{figure};{head}", **narrow)
        for (field, _), narrow in zip(figures, classes, strict=True)
    ]
    rows = [tag("tr", tag("th", named[0][0].label, scope="col", style=f"{first};{head}", **name), *heads)]
    for place in range(len(page.frame)):
        main, *rest = (column[place] for _, column in named)
        told = [tag("div", text, style=_SMALL) for text in rest if text not in ("", german.MISSING)]
        cells = [
            tag("td", column[place], style=f"{figure};white-space:nowrap", **narrow)
            for (_, column), narrow in zip(figures, classes, strict=True)
        ]
        rows.append(tag("tr", tag("th", main, *told, scope="row", style=first, **name), *cells))
    return _table(rows)


def _table(rows: Sequence[Tree.Element]) -> Tree.Element:
    return tag("table", *rows, width="100%", cellspacing="0", style="border-collapse:collapse")


def _foot(slides: OutgoingSlides, app_address: str) -> Tree.Element:
    line = f"margin:4px 0 0;{_SMALL};font-size:12px"
    told = [tag("p", source, style=line) for source in (*sources(slides), SENT_BY)]
    if urlsplit(app_address).scheme in ("https", "http"):
        link = tag("a", app_address, href=app_address, style=f"color:{theme.ACTION}")
        told.append(tag("p", "Mehr in der App: ", link, style=line))
    return tag("div", *told, style=f"margin:28px 0 0;padding-top:12px;{_RULE}")
