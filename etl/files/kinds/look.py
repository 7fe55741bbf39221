"""A table as recognition sees it: meanings of its headings, first values, names, lines above it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from etl.files.german_numbers import parse_decimal, parse_percent, parse_period
from etl.files.hours import HOUR
from etl.files.kinds.vocabulary import concepts_of, plain, table_named
from etl.files.sheets import Sheet
from portalkompass.urls import host_of

SAMPLE = 40
"""Rows that are looked at."""
MOST = 0.8
"""Share of the filled cells that must look alike to tell what a column holds."""
_MEANT = {"url": "address", "leistungsschluessel": "leika_key"}
"""Fields of the portal's settings that the vocabulary calls otherwise."""
_BY_NAME = {"queries": "query", "countries": "country", "devices": "device", "appearance": "appearance"}
_SEARCH_TYPES = frozenset({"web", "image", "video", "news", "discover", "googlenews"})
_SERVICE_KEY = re.compile(r"'?99\d{12}|9[.,]?\d*[eE]\+?1\d|nicht im leika", re.IGNORECASE)
_QUERY_STEM = re.compile(r"quer|such|requ|consult|zoek|zapyt|sorg|dotaz|sökfr|search term|^keys?\b")


@dataclass(frozen=True)
class Look:
    """``known``: meanings that the settings or a person gave to headings, before the common ones."""

    sheet: Sheet
    known: Mapping[str, str]

    @cached_property
    def header(self) -> tuple[str, ...]:
        """The table's headings, without a column that only numbers the rows."""
        return tuple(name for name in self.sheet.header if "row_number" not in concepts_of(name))

    @cached_property
    def names(self) -> frozenset[str]:
        """Name of the sheet or file without ending and a browser's ``(1)``, whole and by words, in lower case."""
        whole = re.sub(r"\s*\(\d+\)$", "", plain(self.sheet.name))
        return frozenset({whole, *re.findall(r"[^\W\d]+", whole)})

    @cached_property
    def concepts(self) -> Mapping[str, frozenset[str]]:
        """Meanings of each heading; of a search table's unknown first column also what its values tell."""
        given = {plain(heading): _MEANT.get(name, name) for heading, name in self.known.items()}
        found = {
            heading: frozenset({given[plain(heading)]} if given[plain(heading)] else ())
            if plain(heading) in given
            else concepts_of(heading)
            for heading in self.header
        }
        for heading in self.header:
            if not found[heading] and plain(heading) not in given and self.mostly(heading, is_service_key):
                found[heading] = frozenset({"leika_key"})
        meanings = set().union(*found.values())
        if {"clicks", "impressions"} <= meanings:
            for heading in self.header:
                if plain(heading) in given:
                    continue
                if not found[heading]:
                    found[heading] = self._told_by_values(heading)
                elif "issue" in found[heading] and self.mostly(heading, is_search_type):
                    found[heading] = frozenset({"search_type"})
        return found

    def heading(self, *concepts: str) -> str | None:
        """The first heading with one of these meanings."""
        return next((heading for heading in self.header if self.concepts[heading] & set(concepts)), None)

    def values(self, heading: str) -> list[str]:
        """The first filled cells of a column."""
        cells = self.sheet.columns[heading].slice(0, SAMPLE).to_pylist()
        return [text for cell in cells if (text := str(cell or "").strip())]

    def mostly(self, heading: str, looks: Callable[[str], bool]) -> bool:
        """Whether nearly all filled cells of a column look so; an empty column looks like nothing."""
        cells = self.values(heading)
        return bool(cells) and sum(map(looks, cells)) >= MOST * len(cells)

    def _told_by_values(self, heading: str) -> frozenset[str]:
        for concept, looks in (("page", is_address), ("date", is_period), ("hour", is_hour)):
            if self.mostly(heading, looks):
                return frozenset({concept})
        if self.mostly(heading, is_number):
            return frozenset()
        if _QUERY_STEM.search(plain(heading)):
            return frozenset({"query"})
        named = _BY_NAME.get(table_named(self.sheet.name), "") if heading == self.header[0] else ""
        return frozenset({named}) if named else frozenset()


def is_service_key(cell: str) -> bool:
    """A service key of 14 digits, also as Excel shortens it."""
    return _SERVICE_KEY.fullmatch(cell) is not None


def is_address(cell: str) -> bool:
    """A web address or a path."""
    return cell.startswith("/") or (" " not in cell and bool(host_of(cell)))


def is_period(cell: str) -> bool:
    """A day or any other period."""
    try:
        parse_period(cell)
    except ValueError:
        return False
    return True


def is_search_type(cell: str) -> bool:
    """A kind of search as the API calls it."""
    return cell.lower() in _SEARCH_TYPES


def is_hour(cell: str) -> bool:
    """An hour of a day, with its offset from UTC or without."""
    return HOUR.fullmatch(cell) is not None


def is_number(cell: str) -> bool:
    """A number or a share."""
    try:
        return (parse_percent(cell) if "%" in cell else parse_decimal(cell)) is not None
    except ValueError:
        return False
