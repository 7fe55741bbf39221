"""Which part of the traffic a question is about, beside property, search type and days.

A scope narrows rows; it never changes what a measure means. Which of its filters a figure can obey is decided by
the grains that Google gives (`answers.base.grains`), not here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Literal

from portalkompass.workspace.links.patterns import re2_fault

How = Literal["contains", "is", "regex"]
"""``contains`` finds a part in any spelling (case, ä and ae, ß and ss, accents), ``is`` the same letters only,
``regex`` (RE2) a part as it is written."""
Brand = Literal["", "with", "without"]


SEARCH_TYPES: dict[str, str] = {
    "web": "Web",
    "image": "Bilder",
    "video": "Videos",
    "news": "News",
    "discover": "Discover",
    "googleNews": "Google News",
}
"""Kinds of search that Google counts apart, and what they are called."""
LONGEST = 4096
"""Letters of a pattern at most, as in Search Console."""


@dataclass(frozen=True, slots=True)
class Match:
    """What an address or a query must look like."""

    how: How
    text: str

    @property
    def fault(self) -> str:
        """German sentence on what is wrong with it; "" if nothing."""
        if not self.text.strip():
            return "Der Filter ist leer."
        if len(self.text) > LONGEST:
            return f"Der Filter ist länger als {LONGEST} Zeichen."
        reason = re2_fault(self.text) if self.how == "regex" else ""
        return f"Das RE2-Muster ist nicht zulässig ({reason})." if reason else _unwritable(self.text)


@dataclass(frozen=True, slots=True)
class Scope:
    """The filters of traffic; hashable, so that they are part of the cache key. Empty means all.

    ``device`` is MOBILE, DESKTOP or TABLET, ``country`` ISO 3166 alpha-3 in lower case, ``appearance`` and
    ``kind`` (of page) as the warehouse names them, ``service`` an id, ``department`` a name of the services' list;
    ``brand`` keeps queries with or without the name of the city.
    """

    device: str = ""
    country: str = ""
    appearance: str = ""
    page: Match | None = None
    kind: str = ""
    service: str = ""
    department: str = ""
    query: Match | None = None
    brand: Brand = ""

    def __bool__(self) -> bool:
        """Whether anything is narrowed at all."""
        return any(getattr(self, own.name) for own in fields(self))

    @property
    def by_page(self) -> bool:
        """Whether pages are chosen: by address, kind, service or department."""
        return bool(self.page or self.kind or self.service or self.department)

    @property
    def without_pages(self) -> Scope:
        """The same on all pages."""
        return replace(self, page=None, kind="", service="", department="")

    @property
    def without_queries(self) -> Scope:
        """The same over all queries."""
        return replace(self, query=None, brand="")

    @property
    def by_query(self) -> bool:
        """Whether queries are chosen: by wording, or by whether they name the city."""
        return bool(self.query or self.brand)

    @property
    def columns(self) -> frozenset[str]:
        """Columns of the search tables that it is told by."""
        named = {"device": self.device, "country": self.country, "appearance": self.appearance}
        chosen = {"url": self.by_page, "query": self.by_query}
        return frozenset(name for name, given in {**named, **chosen}.items() if given)

    @property
    def fault(self) -> str:
        """German sentence on the first pattern that is not allowed; "" if there is none."""
        return next((match.fault for match in (self.page, self.query) if match and match.fault), "")

    def told(self, service_name: str = "") -> str:
        """The filters in words: nur Mobil · Suchanfrage enthält „wohngeld“; "" without any."""
        parts = (
            f"nur {DEVICES.get(self.device, self.device)}" if self.device else "",
            f"Land {COUNTRIES.get(self.country, self.country.upper())}" if self.country else "",
            f"Darstellung {self.appearance}" if self.appearance else "",
            _told("Seite", self.page) if self.page else "",
            f"Seiten der Art „{self.kind}“" if self.kind else "",
            f"Seiten der Leistung „{service_name or self.service}“" if self.service else "",
            f"Leistungen von {self.department}" if self.department else "",
            _told("Suchanfrage", self.query) if self.query else "",
            {"": "", "with": "Suchanfragen mit Stadtnamen", "without": "Suchanfragen ohne Stadtnamen"}[
                self.brand
            ],
        )
        return " · ".join(part for part in parts if part)


WHOLE = Scope()
"""All traffic."""

DEVICES = {"DESKTOP": "Computer", "MOBILE": "Mobil", "TABLET": "Tablet", "": "ohne Angabe"}
COUNTRIES: Mapping[str, str] = {
    "aut": "Österreich",
    "bel": "Belgien",
    "bgr": "Bulgarien",
    "can": "Kanada",
    "che": "Schweiz",
    "chn": "China",
    "cze": "Tschechien",
    "deu": "Deutschland",
    "dnk": "Dänemark",
    "esp": "Spanien",
    "fra": "Frankreich",
    "gbr": "Vereinigtes Königreich",
    "grc": "Griechenland",
    "hrv": "Kroatien",
    "hun": "Ungarn",
    "ind": "Indien",
    "irl": "Irland",
    "ita": "Italien",
    "lux": "Luxemburg",
    "mar": "Marokko",
    "nld": "Niederlande",
    "pol": "Polen",
    "prt": "Portugal",
    "rou": "Rumänien",
    "rus": "Russland",
    "srb": "Serbien",
    "swe": "Schweden",
    "syr": "Syrien",
    "tur": "Türkei",
    "ukr": "Ukraine",
    "usa": "USA",
    "xkk": "Kosovo",
    "zzz": "unbekannt",
}
"""German names of the countries that a German city sees most; others keep Google's code."""
_HOW: Mapping[How, str] = {"contains": "enthält", "is": "ist", "regex": "passt zu"}
_SHOWN = 80
"""Letters of a pattern that are printed."""


def _told(noun: str, match: Match) -> str:
    text = " ".join(match.text.split())
    return f"{noun} {_HOW[match.how]} „{text if len(text) <= _SHOWN else f'{text[:_SHOWN]}…'}“"


def _unwritable(text: str) -> str:
    """Half a character, as a hostile address can bring it, cannot be looked for."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return "Der Filter enthält unzulässige Zeichen."
    return ""
