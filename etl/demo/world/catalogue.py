"""The demo portal's pages and the queries that lead to them, read from `catalogue.csv`."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

CATALOGUE_FILE = Path(__file__).with_name("catalogue.csv")
TITLE_SUFFIX = " – Kommunalportal Stadt Leverkusen"
LOCAL_WORDS = {
    *("leverkusen", "leverkussen", "lerverkusen", "lev"),
    *("opladen", "wiesdorf", "schlebusch", "manfort"),
}
_ASCII = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})

_LOCAL = (
    ("{s} leverkusen", 1.0),
    ("{s} leverkusen {v}", 0.42),
    ("{s} {v} leverkusen", 0.36),
    ("stadt leverkusen {s}", 0.28),
    ("leverkusen {s}", 0.24),
    ("{s} leverkusen termin", 0.18),
    ("{s} leverkusen online", 0.16),
    ("{s} leverkussen", 0.05),
)
_ANYWHERE = (
    ("{s}", 0.70),
    ("{s} {v}", 0.55),
    ("{s} online {v}", 0.25),
    ("wo kann ich {s} {v}", 0.17),
)
_SHORTEST_COMPOUND = 9
"""Shorter words ("Hund", "Kita") lead nobody to a city's portal without the city's name."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page; `clicks` are byPage from December 2024 to November 2025."""

    path: str
    title: str
    kind: str
    service_id: str
    service: str
    clicks: int
    season: str
    office: str
    online: bool
    leistungsschluessel: str
    queries: tuple[tuple[str, float], ...]

    @property
    def full_title(self) -> str:
        """The title as the portal prints it."""
        return self.title + TITLE_SUFFIX


def is_local(query: str) -> bool:
    """Whether a query names the city: such queries find the portal far higher up."""
    return not LOCAL_WORDS.isdisjoint(query.split())


def _templates(stem: str, verb: str, weight: float) -> Iterator[tuple[str, float]]:
    if is_local(stem):
        yield stem, weight
        return
    anywhere = _ANYWHERE if len(stem) >= _SHORTEST_COMPOUND else ()
    for template, share in (*_LOCAL, *anywhere):
        if "{v}" in template and not verb:
            continue
        yield template.format(s=stem, v=verb), weight * share
    plain = f"{stem} leverkusen".translate(_ASCII)
    if plain != f"{stem} leverkusen":
        yield plain, weight * 0.1


def _room(clicks: int) -> int:
    """How many queries are listed for a page of this size: Google hides the rare ones."""
    return 16 if clicks > 5000 else 6 if clicks > 2000 else 3 if clicks > 800 else 2


def _written(row: dict[str, str]) -> dict[str, float]:
    texts = [text for text in row["queries"].split("|") if text]
    return {text: (0.5 if is_local(text) else 0.40) / (rank + 1) ** 0.6 for rank, text in enumerate(texts)}


def _made(row: dict[str, str]) -> dict[str, float]:
    stems = [text for text in row["stems"].split("|") if text]
    if row["kind"] in ("Mitarbeiter", "Suche/Start"):
        return {text: 1.0 / (rank + 1) ** 0.8 for rank, text in enumerate(stems)}
    weights: dict[str, float] = {}
    for rank, stem in enumerate(stems):
        for text, weight in _templates(stem, row["verb"], 1.0 / (rank + 1)):
            weights.setdefault(text, weight)
    return weights


def _spread(items: list[tuple[str, float]], count: int) -> list[tuple[str, float]]:
    """At most `count` items, evenly from the whole list: the rare forms stand at its end."""
    if len(items) <= count:
        return items
    return [items[round(step * (len(items) - 1) / (count - 1))] for step in range(count)]


def _queries(row: dict[str, str]) -> tuple[tuple[str, float], ...]:
    """Half the room for what people write in their own words (typos, questions), half for the usual forms."""
    room = _room(int(row["clicks"]))
    written = _spread(list(_written(row).items()), room // 2 + 1)
    taken = dict(written)
    made = [(text, weight) for text, weight in _made(row).items() if text not in taken]
    made.sort(key=lambda item: (-item[1], item[0]))
    return (*made[: room - len(written)], *written)


def read_catalogue() -> tuple[Page, ...]:
    """All pages in file order, each with its listed queries and their relative weight in clicks."""
    with CATALOGUE_FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return tuple(msgspec.convert(row | _worked_out(row), Page, strict=False) for row in rows)


def _worked_out(row: dict[str, str]) -> dict[str, object]:
    """What a line of the catalogue says in short form."""
    office = f"/organisationseinheit/{row['office']}" if row["office"] else ""
    return {"office": office, "online": row["online"] == "1", "queries": _queries(row)}
