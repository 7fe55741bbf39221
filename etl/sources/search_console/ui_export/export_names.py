"""What tables, columns, filters and devices are called in Search Console's UI exports, by language."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from itertools import chain
from typing import Literal, TypeVar

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
_METRICS: dict[Metric, tuple[str, ...]] = {
    "clicks": ("clicks", "klicks", "clics"),
    "impressions": ("impressions", "impressionen"),
    "ctr": ("ctr",),
    "position": ("position",),
}
_VALUE_HEADINGS = frozenset({"value", "wert", "valeur"})
_TYPE_FILTERS = frozenset({"search type", "suchtyp", "type de recherche"})
_DATE_FILTERS = frozenset({"date", "datum"})
_SEARCH_TYPES = {
    "web": ("web",),
    "image": ("image", "images", "bild", "bilder"),
    "video": ("video", "videos", "vidéo", "vidéos"),
    "news": ("news", "nachrichten", "actualités"),
    "discover": ("discover",),
    "googleNews": ("google news",),
}
_DEVICES = {
    "DESKTOP": ("computer", "desktop", "ordinateur"),
    "MOBILE": ("mobil", "mobile"),
    "TABLET": ("tablet", "tablette"),
}
_Name = TypeVar("_Name", bound=str)


def _meaning(word: str, names: Mapping[_Name, Container[str]]) -> _Name | None:
    """What a word stands for, whatever its case; None if it stands for none of these."""
    plain = word.strip().lower()
    return next((name for name, words in names.items() if plain in words), None)


def table_of(sheet: Sheet) -> TableName | None:
    """Which table of an export the sheet is; None if it is none."""
    first, others = sheet.header[0].lower(), {name.lower() for name in sheet.header[1:]}
    if first in _HEADINGS["filters"]:
        return "filters" if others <= _VALUE_HEADINGS and others else None
    if not any(name.endswith(tuple(chain(*_METRICS.values()))) for name in others):
        return None
    return _meaning(first, _HEADINGS) or table_in_name(sheet.name)


def table_in_name(name: str) -> TableName | None:
    """Which table a file or worksheet is by its name; a browser's ``(1)`` does not matter."""
    return _meaning(re.sub(r"\s*\(\d+\)$", "", name.strip()), _FILES)


def metric_of(heading: str) -> Metric | None:
    """The metric that a heading names."""
    return _meaning(heading, _METRICS)


def is_comparison(sheet: Sheet) -> bool:
    """Whether the columns compare two periods (``Letzte 3 Monate Klicks``, ``Vorherige …``)."""
    return sum(name.lower().endswith(_METRICS["clicks"]) for name in sheet.header[1:]) > 1


def search_type_of(text: str) -> str | None:
    """``web``, ``image`` … for a filter's value in any of the languages; None if it is none of them."""
    return _meaning(text, _SEARCH_TYPES)


def filter_kind(name: str) -> Literal["search_type", "date", "content"]:
    """What a filter narrows: everything that is neither search type nor date cuts content away."""
    plain = name.strip().lower()
    if plain in _TYPE_FILTERS:
        return "search_type"
    return "date" if plain in _DATE_FILTERS else "content"


def device_of(text: str) -> str:
    """A device as the API names it; an unknown one stays as it is, in upper case."""
    return _meaning(text, _DEVICES) or text.strip().upper()
