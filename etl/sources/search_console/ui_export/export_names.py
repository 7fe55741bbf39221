"""What tables, columns, filters and devices are called in Search Console's UI exports, by language."""

from __future__ import annotations

import re
from typing import Literal

from etl.files.tabular import Sheet

TableName = Literal["days", "queries", "pages", "countries", "devices", "appearance", "filters"]
Metric = Literal["clicks", "impressions", "ctr", "position"]

_HEADINGS: dict[TableName, frozenset[str]] = {
    "days": frozenset(
        {"date", "datum", "zeitraum", "date range", "week", "woche", "month", "monat", "période"}
    ),
    "queries": frozenset(
        {"top queries", "query", "häufigste suchanfragen", "suchanfrage", "requêtes les plus fréquentes"}
    ),
    "pages": frozenset(
        {
            "top pages",
            "page",
            "die häufigsten seiten",
            "häufigste seiten",
            "seite",
            "pages les plus populaires",
        }
    ),
    "countries": frozenset({"country", "land", "pays"}),
    "devices": frozenset({"device", "gerät", "appareil"}),
    "appearance": frozenset(
        {"search appearance", "darstellung in der suche", "apparence dans les résultats de recherche"}
    ),
    "filters": frozenset({"filter", "filtern", "filtre"}),
}
_FILES: dict[TableName, frozenset[str]] = {
    "days": frozenset({"dates", "chart", "diagramm", "graphique"}),
    "queries": frozenset({"queries", "suchanfragen", "requêtes"}),
    "pages": frozenset({"pages", "seiten"}),
    "countries": frozenset({"countries", "länder", "pays"}),
    "devices": frozenset({"devices", "geräte", "appareils"}),
    "appearance": frozenset(
        {"search appearance", "darstellung in der suche", "apparence dans les résultats de recherche"}
    ),
    "filters": frozenset({"filters", "filter", "filtres"}),
}
_METRICS: dict[str, Metric] = {
    "clicks": "clicks",
    "klicks": "clicks",
    "clics": "clicks",
    "impressions": "impressions",
    "impressionen": "impressions",
    "ctr": "ctr",
    "position": "position",
}
_VALUE_HEADINGS = frozenset({"value", "wert", "valeur"})
_TYPE_FILTERS = frozenset({"search type", "suchtyp", "type de recherche"})
_DATE_FILTERS = frozenset({"date", "datum"})
_SEARCH_TYPES = {
    "web": "web",
    "image": "image",
    "images": "image",
    "bild": "image",
    "bilder": "image",
    "video": "video",
    "videos": "video",
    "vidéo": "video",
    "vidéos": "video",
    "news": "news",
    "nachrichten": "news",
    "actualités": "news",
    "discover": "discover",
    "google news": "googleNews",
}
_DEVICES = {
    "computer": "DESKTOP",
    "desktop": "DESKTOP",
    "ordinateur": "DESKTOP",
    "mobil": "MOBILE",
    "mobile": "MOBILE",
    "tablet": "TABLET",
    "tablette": "TABLET",
}


def table_of(sheet: Sheet) -> TableName | None:
    """Which table of an export the sheet is; None if it is none."""
    first, others = sheet.header[0].lower(), {name.lower() for name in sheet.header[1:]}
    if first in _HEADINGS["filters"]:
        return "filters" if others <= _VALUE_HEADINGS and others else None
    if not any(name.endswith(tuple(_METRICS)) for name in others):
        return None
    by_heading = next((table for table, names in _HEADINGS.items() if first in names), None)
    return by_heading or table_in_name(sheet.name)


def table_in_name(name: str) -> TableName | None:
    """Which table a file or worksheet is by its name; a browser's ``(1)`` does not matter."""
    plain = re.sub(r"\s*\(\d+\)$", "", name.strip()).lower()
    return next((table for table, names in _FILES.items() if plain in names), None)


def metric_of(heading: str) -> Metric | None:
    """The metric that a heading names."""
    return _METRICS.get(heading.lower())


def is_comparison(sheet: Sheet) -> bool:
    """Whether the columns compare two periods (``Letzte 3 Monate Klicks``, ``Vorherige …``)."""
    named = [name.lower() for name in sheet.header[1:]]
    clicks = [name for name in named if name.endswith(("clicks", "klicks", "clics"))]
    return len(clicks) > 1


def search_type_of(text: str) -> str | None:
    """``web``, ``image`` … for a filter's value in any of the languages; None if it is none of them."""
    return _SEARCH_TYPES.get(text.strip().lower())


def filter_kind(name: str) -> Literal["search_type", "date", "content"]:
    """What a filter narrows: everything that is neither search type nor date cuts content away."""
    plain = name.strip().lower()
    if plain in _TYPE_FILTERS:
        return "search_type"
    return "date" if plain in _DATE_FILTERS else "content"


def device_of(text: str) -> str:
    """A device as the API names it; an unknown one stays as it is, in upper case."""
    return _DEVICES.get(text.strip().lower(), text.strip().upper())
