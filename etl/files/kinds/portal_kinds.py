"""Tables of portal statistics: Matomo, GA4, a portal's own reports, tables made by hand."""

from __future__ import annotations

import re
from collections.abc import Sequence

from etl.files.german_numbers import parse_period
from etl.files.kinds.kind import Evidence, Kind
from etl.files.kinds.look import Look, is_address
from etl.files.kinds.vocabulary import concepts_of, plain
from etl.files.periods import MONTH_NUMBER

PORTAL, PORTAL_SEARCH = "portal", "portal_search"
MEASURES = ("page_views", "unique_page_views", "visits", "service_starts", "applications", "cases_total")
PAGES = ("full_address", "address", "page", "path", "label")
BREAKDOWNS = ("segment", "device", "country", "browser", "system", "channel", "place", "language", "event", "visitor",
              "time_of_day")  # fmt: skip
"""What splits the rows of a page: then a row is no longer the page."""
_OTHERS = ("clicks", "impressions", "position", "indexed", "not_indexed", "last_crawled", "ars", "online_status",
           "ozg_name", "ozg_theme", "links_in", "links_sites", "good", "crawl")  # fmt: skip
_MONTH_NAMES = frozenset(MONTH_NUMBER)
_MATOMO_ERROR = re.compile(
    r"(?i)^(error:|an error occurred|fehler:).*|.*(sqlstate\[|uncaught exception|fatal error).*"
)


def is_matomo_error(text: str) -> bool:
    """Whether a first line is Matomo's (or PHP's) error as plain text instead of a table or JSON."""
    return _MATOMO_ERROR.match(text) is not None


def month_of_heading(heading: str) -> tuple[str, str] | None:
    """Period and the other words of a heading such as ``Okt 2025`` or ``Aufrufe 2025-10``; None without a period."""
    for text in (heading, *_split(heading)):
        period, rest = (text, "") if isinstance(text, str) else text
        try:
            parse_period(period)
        except ValueError:
            continue
        return period, rest
    return None


def _split(heading: str) -> list[tuple[str, str]]:
    """Every way to cut a heading into words in front and behind."""
    words = heading.replace("(", " ").replace(")", " ").split()
    cuts = []
    for place in range(1, len(words)):
        front, behind = " ".join(words[:place]), " ".join(words[place:])
        cuts += [(behind.strip(" -–:|"), front.strip(" -–:|")), (front.strip(" -–:|"), behind.strip(" -–:|"))]
    return cuts


def months_of(header: Sequence[str]) -> list[str]:
    """Headings of a table whose months stand side by side; empty for any other table."""
    months = [
        heading
        for heading in header
        if is_bare_month(heading) or (not concepts_of(heading) and month_of_heading(heading))
    ]
    return months if len(months) > 1 and not any("period" in concepts_of(name) for name in header) else []


def is_bare_month(heading: str) -> bool:
    """``Jan`` or ``November``: a month whose year stands elsewhere."""
    return plain(heading) in _MONTH_NAMES


def _months_beside(look: Look) -> Evidence | None:
    months = months_of(look.header)
    if not months or look.heading("period"):
        return None
    return Evidence(20.0, f"{len(months)} Zeiträume nebeneinander")


def _pages_named(look: Look) -> Evidence | None:
    """Without figures only the addresses tell that it is about pages."""
    heading = look.heading(*PAGES)
    return Evidence(0, "") if heading is not None and look.mostly(heading, is_address) else None


def _other_actions(look: Look) -> Evidence | None:
    heading = look.heading("other_action")
    return Evidence(10.0, f"„{heading}“ zählt etwas anderes als Seitenansichten") if heading else None


def _searched(look: Look) -> Evidence | None:
    """Matomo itself calls the word "Bezeichnung", as it does pages: then a figure that only searches have tells."""
    heading = look.heading("search_word") or look.heading("search_only")
    return Evidence(20.0, f"„{heading}“ gibt es nur bei Suchen im Portal") if heading else None


def _pages_beside(look: Look) -> Evidence | None:
    """A row per period and a column per page, as in Matomo's row evolution."""
    first, *others = look.header
    if (
        not look.concepts[first] & {"period", "date"}
        or not others
        or not all(map(_PAGE_IN_HEADING.search, others))
    ):
        return None
    return Evidence(20.0, "Seiten nebeneinander")


def _matomo_error(look: Look) -> Evidence | None:
    first = " ".join(look.header)
    return Evidence(60.0, "Fehlertext statt einer Tabelle") if is_matomo_error(first) else None


def _no_data(look: Look) -> Evidence | None:
    words = {"no data available", "keine daten verfügbar", "keine daten vorhanden", "es liegen keine daten vor",
             "there is no data for this report", "es gibt keine daten für diesen bericht"}  # fmt: skip
    return Evidence(60.0, "Hinweis statt einer Tabelle") if plain(look.header[0]) in words else None


_PAGE_IN_HEADING = re.compile(r"(?:^|[\s_(])(?:https?:/)?/\S+")
PORTAL_KINDS: tuple[Kind, ...] = (
    Kind(
        name="portal_search",
        label="Suche im Portal",
        reader=PORTAL_SEARCH,
        required=(("search_word", "label"), ("searches", "visits")),
        optional=("searches_unfound", "search_further", "search_only", "period", "date"),
        forbidden=(*_OTHERS, *(name for name in PAGES if name != "label"), "cost"),
        strict=True,
        evidence=_searched,
        names=frozenset({"suche", "sitesearch", "suchbegriffe", "portalsuche"}),
    ),
    Kind(
        name="portal_pages",
        label="Portalzahlen je Seite",
        reader=PORTAL,
        required=(PAGES, MEASURES),
        optional=("period", "title", "leika_key", "users", "date"),
        forbidden=_OTHERS,
    ),
    Kind(
        name="portal_months",
        label="Portalzahlen je Seite, Zeiträume nebeneinander",
        reader=PORTAL,
        required=(PAGES,),
        optional=("title", "leika_key"),
        forbidden=_OTHERS,
        evidence=_months_beside,
    ),
    Kind(
        name="portal_summary",
        label="Portalzahlen ohne Seiten",
        reader=PORTAL,
        required=(("period", "date", "title", "leika_key", *BREAKDOWNS), MEASURES),
        optional=("period", "title", "leika_key", "users", "date", *BREAKDOWNS),
        forbidden=(*_OTHERS, *PAGES),
        minor=True,
    ),
    Kind(
        name="portal_without_figures",
        label="Seiten ohne Zahlen",
        reader=PORTAL,
        required=(PAGES, ("period",)),
        optional=("title", "leika_key", "users"),
        forbidden=(*_OTHERS, "list", "status", "value"),
        evidence=_pages_named,
        minor=True,
    ),
    Kind(
        name="matomo_other",
        label="anderer Bericht von Matomo",
        required=((*PAGES, "leika_name"), ("other_action",)),
        optional=("other_action", "unique_page_views", "visits", "clicks"),
        forbidden=("page_views", "impressions"),
        evidence=_other_actions,
        advice="Das ist ein anderer Bericht von Matomo (Einstiege, Ausstiege, Downloads, Verweise, Ereignisse, Ziele "
        "oder interne Suche): Er zählt nicht die Ansichten aller Seiten. Gebraucht wird „Verhalten → Seiten“, flach "
        "dargestellt und als CSV exportiert (in der API Actions.getPageUrls mit flat=1).",
    ),
    Kind(
        name="pages_beside",
        label="Portalzahlen, Seiten nebeneinander",
        evidence=_pages_beside,
        advice="Hier stehen die Seiten nebeneinander und je Zeile ein Zeitraum (in Matomo die Zeilenentwicklung). "
        "Bitte die Tabelle drehen (in Excel: Inhalte einfügen, Transponieren) und die erste Spalte „Seite“ nennen, "
        "oder in Matomo „Verhalten → Seiten“ je Zeitraum exportieren.",
    ),
    Kind(
        name="matomo_error",
        label="Fehlermeldung von Matomo",
        evidence=_matomo_error,
        advice="Das ist keine Tabelle, sondern eine Fehlermeldung: Matomo (oder ein Server davor) hat statt "
        "des Berichts mit "
        "einem Fehler geantwortet. Bitte den Export später wiederholen; bleibt der Fehler, hilft, wer "
        "Matomo betreut.",
    ),
    Kind(
        name="no_data",
        label="leerer Bericht",
        evidence=_no_data,
        advice="Der Bericht enthält keine Daten. Bitte Zeitraum, Website und Segment prüfen und neu exportieren.",
    ),
)
