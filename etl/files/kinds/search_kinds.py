"""Tables of search performance: Search Console's exports, Looker Studio, add-ons, dumps of the API."""

from __future__ import annotations

import re

from etl.files.kinds.kind import Evidence, Kind
from etl.files.kinds.look import Look, is_address, is_hour, is_period
from etl.files.kinds.vocabulary import concept_words, file_names, plain

EXPORT = "search_console_export"
ROWS = "search_console_rows"
AI_REPORT = "generative_ai"
FILTERS = "filters"
DIMENSIONS = ("date", "query", "page", "country", "device", "appearance")
_FIGURES = ("clicks", "impressions", "ctr", "position")
_VALUE_POINTS = 3.0


def _addresses(look: Look) -> Evidence | None:
    heading = look.heading("page")
    if heading is None or not look.values(heading):
        return Evidence(0, "")
    if look.mostly(heading, is_address):
        return Evidence(_VALUE_POINTS, f"Werte von „{heading}“ sind Webadressen")
    return Evidence(0, "")


def _days(look: Look) -> Evidence | None:
    heading = look.heading("date")
    if heading is not None and look.mostly(heading, is_hour) and not look.mostly(heading, is_period):
        return None
    if heading is not None and look.mostly(heading, is_period):
        return Evidence(_VALUE_POINTS, f"Werte von „{heading}“ sind Zeiträume")
    return Evidence(0, "")


def _hours(look: Look) -> Evidence | None:
    heading = look.heading("hour", "date")
    if heading is not None and look.mostly(heading, is_hour) and not look.mostly(heading, is_period):
        return Evidence(2 * _VALUE_POINTS, f"Werte von „{heading}“ sind Stunden")
    return None


def _several_dimensions(look: Look) -> Evidence | None:
    """At least two of them; a single one is a table of an export."""
    found = [heading for heading in look.header if look.concepts[heading] & {*DIMENSIONS, "hour"}]
    if len(found) < 2:  # noqa: PLR2004 two dimensions and more
        return None
    return Evidence(_VALUE_POINTS, f"mehrere Dimensionen: {', '.join(found)}")


def _compared(look: Look) -> Evidence | None:
    """Clicks stand there twice or more often, each with the name of its period."""
    words = sorted(concept_words("clicks"), key=len, reverse=True)
    ending = re.compile(rf"(?:^|.*[\s-])(?:{'|'.join(map(re.escape, words))})(?:$|[\s-].*)")
    headings = [name for name in look.header[1:] if "other_action" not in look.concepts[name]]
    if sum(bool(ending.fullmatch(plain(heading))) for heading in headings) > 1:
        return Evidence(40.0, "die Klicks stehen mehrfach da")
    return None


def _keys_in_one(look: Look) -> Evidence | None:
    """The API's list of keys as a program prints it: ``['2025-11-01', 'hund']``."""
    lists = [heading for heading in look.header if look.mostly(heading, _is_list)]
    return Evidence(40.0, f"Listen in der Spalte „{lists[0]}“") if lists else None


def _is_list(cell: str) -> bool:
    return cell[0] + cell[-1] in ("[]", "()")


def _other_engine(look: Look) -> Evidence | None:
    """Keywords, or the columns of Bing Webmaster Tools: its own word for the position, impressions before clicks."""
    if look.heading("keyword"):
        return Evidence(0, "")
    clicks, impressions = look.heading("clicks"), look.heading("impressions")
    words = any(heading.lower().startswith("avg. position") for heading in look.header)
    if words and look.header.index(str(impressions)) < look.header.index(str(clicks)):
        return Evidence(10.0, "Spalten der Bing Webmaster Tools")
    return None


def _of_analytics(look: Look) -> Evidence | None:
    return Evidence(40.0, f"„{look.heading('organic')}“")


def _of_another_language(look: Look) -> Evidence | None:
    """Five columns, three of them known by nobody, the fourth the same word in nearly all languages."""
    unknown = [heading for heading in look.header[:3] if not look.concepts[heading]]
    if len(look.header) in (4, 5) and "ctr" in look.concepts[look.header[3]] and len(unknown) > 1:
        return Evidence(0, "Spalten wie in einem Export, in anderer Sprache")
    return None


_LABELS = {
    "days": "Search Console, Diagramm (Tage)",
    "queries": "Search Console, Suchanfragen",
    "pages": "Search Console, Seiten",
    "countries": "Search Console, Länder",
    "devices": "Search Console, Geräte",
    "appearance": "Search Console, Darstellung in der Suche",
}
_KEYS = {
    "days": "date",
    "queries": "query",
    "pages": "page",
    "countries": "country",
    "devices": "device",
    "appearance": "appearance",
}
_TABLES = {
    table: Kind(
        name=table,
        label=label,
        reader=EXPORT,
        required=((_KEYS[table],), ("clicks",), ("impressions", "ctr", "position")),
        optional=_FIGURES,
        strict=True,
        names=file_names(table),
        evidence={"days": _days, "pages": _addresses}.get(table),
    )
    for table, label in _LABELS.items()
}

SEARCH_KINDS: tuple[Kind, ...] = (
    *_TABLES.values(),
    Kind(
        name="hours",
        label="Search Console, Diagramm (24 Stunden)",
        reader=EXPORT,
        required=(("hour", "date"), ("clicks",), ("impressions", "ctr", "position")),
        optional=_FIGURES,
        strict=True,
        names=file_names("days"),
        evidence=_hours,
    ),
    Kind(
        name=FILTERS,
        label="Search Console, Filter",
        reader=EXPORT,
        required=(("filter",), ("value",)),
        strict=True,
        names=file_names("filters"),
    ),
    Kind(
        name="search_rows",
        label="Search Console, Tabelle mit mehreren Dimensionen",
        reader=ROWS,
        required=(("clicks",), ("impressions",)),
        optional=(*DIMENSIONS, "hour", "ctr", "position", "search_type", "property"),
        strict=True,
        evidence=_several_dimensions,
    ),
    Kind(
        name="comparison",
        label="Search Console, Vergleich zweier Zeiträume",
        evidence=_compared,
        advice="Der Export vergleicht zwei Zeiträume. Bitte ohne Vergleich exportieren, jeden Zeitraum für sich.",
    ),
    Kind(
        name="generative_ai",
        label="Search Console, Bericht zu generativer KI",
        reader=AI_REPORT,
        required=(("date", "page", "country", "device", "query"), ("impressions",)),
        strict=True,
    ),
    Kind(
        name="bulk_incomplete",
        label="Bulk-Export der Search Console, verändert",
        required=(("bulk",), ("impressions",)),
        advice="Das ist ein Bulk-Export aus BigQuery, dem Spalten fehlen oder der mit anderem Trennzeichen "
        "gespeichert wurde. "
        "Bitte die Tabelle unverändert als Parquet oder CSV aus BigQuery holen.",
    ),
    Kind(
        name="api_keys",
        label="Schnittstelle der Search Console, Schlüssel in einer Spalte",
        required=(("clicks",), ("impressions",)),
        evidence=_keys_in_one,
        advice="Das ist ein Abzug der Schnittstelle, in dem alle Dimensionen als Liste in einer Spalte stehen. Bitte "
        "je Dimension eine eigene Spalte ausgeben (date, page, query, country, device).",
    ),
    Kind(
        name="bing",
        label="Zahlen einer anderen Suchmaschine (etwa Bing Webmaster Tools)",
        required=(("keyword", "page", "query", "date"), ("impressions",), ("clicks",)),
        optional=("ctr", "position", "date", "page", "query"),
        strict=True,
        evidence=_other_engine,
        advice="Das sind Zahlen einer anderen Suchmaschine als Google (etwa aus den Bing Webmaster "
        "Tools); sie werden "
        "mit Googles Zahlen nicht gemischt. Gebraucht wird der Bericht „Leistung“ der Search Console.",
    ),
    Kind(
        name="ga4_search",
        label="Google-Analytics, Bericht zur organischen Google-Suche",
        required=(("organic",),),
        evidence=_of_analytics,
        advice="Das sind Zahlen der Search Console, wie Google Analytics sie zeigt: ohne Tage, nur für verknüpfte "
        "Seiten. Gebraucht wird der Bericht „Leistung“ der Search Console selbst: Exportieren → CSV.",
    ),
    Kind(
        name="other_language",
        label="vermutlich ein Export der Search Console in anderer Sprache",
        required=(("ctr",),),
        evidence=_of_another_language,
        advice="Das ist vermutlich ein Export der Search Console in einer Sprache, die hier nicht bekannt ist. Bitte "
        "in der Search Console Deutsch oder Englisch als Sprache wählen (im Google-Konto, oder mit ?hl=de in der "
        "Adresse) und neu exportieren.",
    ),
    Kind(
        name="seo_tool",
        label="Suchbegriffe eines SEO-Werkzeugs",
        required=(("keyword",), ("search_volume",)),
        advice="Das sind Suchbegriffe eines SEO-Werkzeugs: geschätzte Mengen, keine gemessenen Klicks. Gebraucht wird "
        "der Bericht „Leistung“ der Search Console.",
    ),
    Kind(
        name="ads",
        label="Google Ads",
        required=(("clicks", "impressions"), ("cost",)),
        advice="Das sind Zahlen bezahlter Anzeigen (Google Ads). Gebraucht wird der Bericht „Leistung“ der "
        "Search Console: "
        "Klicks der unbezahlten Suche.",
    ),
)
