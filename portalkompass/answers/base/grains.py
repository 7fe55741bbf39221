"""Which table answers a filter: for what an answer asks for, the coarsest loaded grain that tells the filter too.

Google gives sums by some combinations of page, query, device and country only. What no grain tells is not shown
unfiltered instead: the reason is said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from portalkompass.answers.base.scope import Scope

SITE, SEGMENT, QUERY, PAGE = "search_site_day", "search_segment_day", "search_query_day", "search_page_day"
PAGE_QUERY, APPEARANCE = "search_page_query_day", "search_appearance_day"
PAGE_DEVICE, QUERY_DEVICE = "search_page_device_day", "search_query_device_day"

COLUMNS: dict[str, frozenset[str]] = {
    SITE: frozenset(),
    APPEARANCE: frozenset({"appearance"}),
    SEGMENT: frozenset({"country", "device"}),
    QUERY: frozenset({"query"}),
    PAGE: frozenset({"url"}),
    QUERY_DEVICE: frozenset({"query", "device"}),
    PAGE_DEVICE: frozenset({"url", "device"}),
    PAGE_QUERY: frozenset({"url", "query"}),
}
"""Every grain of days with what it tells beside the day, the coarsest first."""

NAMES = {
    SITE: "der Property",
    SEGMENT: "der Geräte und Länder",
    QUERY: "der Suchanfragen",
    PAGE: "der Seiten",
    PAGE_QUERY: "der Suchanfragen je Seite",
    PAGE_DEVICE: "der Seiten je Gerät",
    QUERY_DEVICE: "der Suchanfragen je Gerät",
    APPEARANCE: "der Darstellungsarten",
}
"""Genitive of what a grain holds: die Tageswerte …"""
_NOT_LOADED = {
    SEGMENT: "Geräte und Länder sind nicht geladen.",
    QUERY: "Suchanfragen sind nicht geladen.",
    PAGE: "Seiten sind nicht geladen.",
    PAGE_QUERY: "Suchanfragen je Seite sind nicht geladen.",
    PAGE_DEVICE: "Geräte je Seite sind nicht geladen; die Einstellung search_console.page_devices lädt sie.",
    QUERY_DEVICE: "Geräte je Suchanfrage sind nicht geladen; die Einstellung search_console.query_devices lädt sie.",
    APPEARANCE: "Darstellungsarten sind nicht geladen; die Einstellung search_console.appearances lädt sie.",
}


@dataclass(frozen=True, slots=True)
class Source:
    """The grain of days that answers; where none does, ``table`` is empty and ``reason`` a German sentence."""

    table: str
    reason: str = ""


def source(table: str, scope: Scope, loaded: Callable[[str], bool]) -> Source:
    """Where rows of ``table`` come from inside the scope; ``loaded`` says of a grain whether it has any row.

    Without a filter it is the table itself, loaded or not.
    """
    if not scope or table not in COLUMNS:
        return Source(table)
    told = COLUMNS[table] | scope.columns
    # A grain by query lacks what Google does not name: it answers only what is asked by query.
    fitting = [
        name
        for name, columns in COLUMNS.items()
        if told <= columns and ("query" in told or "query" not in columns)
    ]
    for name in fitting:
        if loaded(name):
            return Source(name)
    return Source("", _NOT_LOADED[fitting[0]] if fitting else _never(told))


def _never(told: frozenset[str]) -> str:
    """Why no grain tells all of this."""
    if "appearance" in told:
        return "Google nennt Darstellungsarten nur für sich allein, nicht je Seite, Suchanfrage, Gerät oder Land."
    if "country" in told:
        return "Länder werden nur für die ganze Property geladen, nicht je Seite oder Suchanfrage."
    return "Geräte werden je Seite oder je Suchanfrage geladen, nicht für beides zugleich."
