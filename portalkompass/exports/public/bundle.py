"""An exhibit as open data: rows as CSV, what their columns hold as CSVW, and a text that says the rest in German."""

from __future__ import annotations

import io
import json
import textwrap
import zipfile

from portalkompass import german
from portalkompass.exports import tables
from portalkompass.exports.disclosure_control import Outgoing
from portalkompass.exports.public.csvw import metadata
from portalkompass.exports.public.terms import NO_LICENCE, Terms

README = "LIESMICH.txt"
"""Plain text: whatever a title says, nothing interprets it."""
WIDTH = 100
"""Characters of its lines."""
_ENTRY_DATE = (1980, 1, 1, 0, 0, 0)
"""Of every file in the archive: the same rows give the same bytes."""


def files(exhibit: Outgoing, stem: str, terms: Terms) -> dict[str, bytes]:
    """The files of the bundle by name; ``stem`` is that of the CSV file."""
    described = json.dumps(metadata(exhibit, f"{stem}.csv", terms), ensure_ascii=False, indent=2)
    return {
        f"{stem}.csv": tables.to_csv(exhibit),
        f"{stem}.csv-metadata.json": f"{described}\n".encode(),
        README: readme(exhibit, stem, terms).encode("utf-8-sig"),
    }


def to_zip(exhibit: Outgoing, terms: Terms) -> bytes:
    """The bundle as one archive."""
    return zipped(files(exhibit, exhibit.file_stem, terms))


def zipped(contents: dict[str, bytes]) -> bytes:
    """These files as one archive."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in contents.items():
            entry = zipfile.ZipInfo(name, _ENTRY_DATE)
            entry.external_attr = 0o644 << 16
            pack.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return archive.getvalue()


def readme(exhibit: Outgoing, stem: str, terms: Terms) -> str:
    """Definition, period, source, data date and licence in German."""
    licence = terms.chosen
    period = german.period(*exhibit.period) if exhibit.period else "kein Zeitraum angegeben"
    facts = (
        ("Inhalt", exhibit.subtitle),
        ("Zeitraum", period),
        ("Quelle", exhibit.source),
        ("Datenstand", german.date(exhibit.data_date)),
        ("Herausgeber", terms.publisher),
        ("Kontakt", terms.contact),
        ("Lizenz", f"{licence.name}, {licence.text}" if licence else NO_LICENCE),
        ("Namensnennung", terms.attribution),
    )
    notes = [text for text in (exhibit.caution, *exhibit.notes) if text]
    notes += [f"{german.date(mark.date)}: {mark.sentence}" for mark in exhibit.marks]
    parts = [
        ["Beispieldaten: keine echten Zahlen."] if exhibit.sample else [],
        [exhibit.headline],
        [f"{label}: {text}" for label, text in facts if text],
        [
            "Dateien",
            f"- {stem}.csv: die Zeilen (Trennzeichen „;“, Dezimalkomma, UTF-8; Anteile in Prozent, leer: unbekannt)",
            f"- {stem}.csv-metadata.json: die Spalten für Programme (CSV on the Web, W3C)",
        ],
        ["Spalten", *map(_column, tables.heads(exhibit), (field.help for field in exhibit.fields))],
        ["Hinweise", *(f"- {text}" for text in notes)] if notes else [],
    ]
    return "\n\n".join("\n".join(map(_wrapped, part)) for part in parts if part) + "\n"


def _column(head: str, meaning: str) -> str:
    return f"- {head}: {meaning}" if meaning else f"- {head}"


def _wrapped(line: str) -> str:
    return textwrap.fill(line, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
