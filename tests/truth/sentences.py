"""docs/sentences.md: the sentences of every screen for three drawn filters, as shown by the app and by the oracle.

The draws of `test_oracle` contain these three; what they compared is collected and must stand in the document.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tests.truth.comparison import Check
from tests.truth.oracle import Asked
from tests.truth.scopes import Narrowed
from tests.truth.writing import figure, period

DOCUMENT = Path(__file__).parents[2] / "docs" / "sentences.md"
WRITTEN_ANEW = "UPDATE_DOCS=1 .venv/bin/python -m pytest tests/truth/test_oracle.py"
DRAWN = {
    "A": Asked(dt.date(2025, 3, 1), dt.date(2025, 9, 30), "year", None, "day"),
    "B": Asked(dt.date(2025, 5, 1), dt.date(2025, 12, 15), "free", dt.date(2024, 10, 17), "month"),
    "C": Asked(dt.date(2025, 11, 1), dt.date(2025, 12, 15), "previous", None, "week"),
}
SCOPES = {
    "A": Narrowed({"device": "MOBILE"}, ["nur Mobil"], {"device": ["device = 'MOBILE'"]}),
    "B": Narrowed(
        {"page_contains": "/leistung/"},
        ["Seite enthält „/leistung/“"],
        {"url": ["contains(lower(url), '/leistung/')"]},
    ),
    "C": Narrowed(
        {"query_contains": "ausweis"},
        ["Suchanfrage enthält „ausweis“"],
        {"query": ["contains(lower(query), 'ausweis')"]},
    ),
}
"""A filter beside each, for the views that take one."""
COMPARED = {"year": "Vorjahr", "previous": "Zeitraum davor"}
GRAINS = {"day": "Tag", "week": "Woche", "month": "Monat"}
SCREENS = {
    "ueberblick": "Überblick",
    "verlauf": "Rankings, Verlauf",
    "positionen": "Rankings, Positionen",
    "geraete": "Rankings, Themen und Geräte",
    "beobachtet": "Rankings, Beobachtet",
    "ki": "Rankings, Generative KI",
    "seiten": "Seiten, Top-Seiten",
    "gewinner": "Seiten, Gewinner und Verlierer",
    "seite": "Seiten, eine Seite",
    "auffaelligkeiten": "Seiten, Auffälligkeiten",
    "suchanfragen": "Suchanfragen",
    "anfrage": "Suchanfragen, eine Suchanfrage",
    "chancen": "Suchanfragen, Chancen",
    "portal": "Suchanfragen, Suche im Portal",
    "leistungen": "Leistungen, Nachfrage",
    "leistung": "Leistungen, eine Leistung",
    "kommunen": "Leistungen, Kommunen",
    "zuordnung": "Leistungen, Zuordnung",
    "wirkung": "Wirkung",
    "bericht": "Bericht",
}
"""A word of a check's name → the screen and its view."""
NARROWED = {"themen-und-geraete": "geraete", "top-seiten": "seiten", "gewinner-und-verlierer": "gewinner"}
"""Names of the same views where they are filtered."""
Sentences = dict[tuple[str, str], dict[str, str]]
"""(screen, id of the exhibit, or Antwort) → letter of the filter → sentence."""


def collect(found: Sentences, told: str, check: Check) -> None:
    """Keep what this check saw equal on both sides, if it is one of the three."""
    for letter, asked in DRAWN.items():
        filtered = f"{asked} {SCOPES[letter].options}"
        if told.startswith(f"{asked}") and ("{" not in told or told == filtered):
            for (name, id_), sentence in check.sentences.items():
                words = [NARROWED.get(word, word) for word in name.split(" ")[:2]]
                screen = next((SCREENS[word] for word in reversed(words) if word in SCREENS), "")
                if screen:
                    own = f"{screen}, mit Filter" if told == filtered and " " in name else screen
                    found.setdefault((own, id_), {}).setdefault(letter, sentence)


def document(found: Sentences) -> str:
    """The whole document."""
    lines = [
        "# Sätze, die geprüft werden",
        "",
        "Für alle, die wissen wollen, was hinter „jeder Satz stimmt“ steht: jede Art von Satz aller Ansichten mit drei",
        "gezogenen Filtern, wie ihn die Anwendung auf Beispieldaten mit fehlenden Tagen zeigt. Denselben Satz hat ein",
        "Orakel in reinem SQL gebildet, das keinen Code mit den Auswertungen teilt ([Wie wir rechnen](methods.md)).",
        "Mit einer anderen Zahl scheitert `tests/truth/test_oracle.py`, ebenso, wenn hier ein anderer Satz steht. Neu",
        f"geschrieben wird die Seite mit `{WRITTEN_ANEW}`.",
        "",
        "| | Zeitraum | Vergleich | Raster | Filter, wo die Ansicht einen kennt |",
        "|---|---|---|---|---|",
    ]
    for letter, asked in DRAWN.items():
        compared = COMPARED.get(asked.compare) or f"frei, ab {asked.since:%d.%m.%Y}"
        days = period(asked.start, asked.end)
        lines.append(f"| {letter} | {days} | {compared} | {GRAINS[asked.grain]} | {SCOPES[letter].told} |")
    amount = sum(len(own) for own in found.values())
    lines += ["", f"{figure(len(found))} Arten, {figure(amount)} Sätze."]
    for screen in (f"{own}{part}" for own in SCREENS.values() for part in ("", ", mit Filter")):
        own = {id_: sentences for (name, id_), sentences in found.items() if name == screen}
        if own:
            lines += ["", f"## {screen}", "", "| Bild | Filter | Satz |", "|---|---|---|"]
            lines += [line for id_, sentences in own.items() for line in _lines(id_, sentences)]
    return "\n".join(lines) + "\n"


def _lines(id_: str, sentences: dict[str, str]) -> list[str]:
    """A row a sentence; filters with the same one share it."""
    filters: dict[str, list[str]] = {}
    for letter in sorted(sentences):
        filters.setdefault(sentences[letter], []).append(letter)
    name = id_ if id_ == "Antwort" else f"`{id_}`"
    return [
        f"| {name} | {', '.join(letters)} | {sentence.replace('|', chr(92) + '|')} |"
        for sentence, letters in filters.items()
    ]
