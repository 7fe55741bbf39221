"""Which column of a portal export is which: settings first, then the names in common use."""

from __future__ import annotations

import re
from collections.abc import Mapping

from etl.errors import LoadError
from etl.files.kinds.look import is_address
from etl.files.kinds.portal_kinds import BREAKDOWNS
from etl.files.kinds.vocabulary import concepts_of, plain
from etl.files.sheets import Sheet

MEASURES = (
    "unique_page_views",
    "page_views",
    "visits",
    "service_starts",
    "applications",
    "cases_total",
)
CANONICAL = ("period", "url", "title", "leistungsschluessel", *MEASURES)
UNITS: Mapping[str, str] = {
    "page_views": "Seitenansichten",
    "unique_page_views": "eindeutige Seitenansichten",
    "visits": "Besuche",
    "service_starts": "Starts",
    "applications": "Anträge",
    "cases_total": "Fälle",
}
"""What each measure counts, the main one of a file first."""
_ADDRESSES = ("full_address", "address", "path", "label")
"""Columns that can say what a row's page is, the surest first; Matomo's label is only the path."""
_WHOLE = frozenset({"alle besuche", "alle besucher", "all visits", "all users", "alle nutzer", "alle", "all"})
_OWN_ROW = re.compile(r"(?i)(?:page|entryPage|exitPage)(?:Url|Title)(?:==|=@|=\^)")
"""Matomo's segment that selects just this row."""
_SAMPLE = 2_000


def map_columns(sheet: Sheet, configured: Mapping[str, str]) -> dict[str, str]:
    """Canonical name → heading of the file, for every heading that is known; others are left out.

    ``configured`` (heading → canonical name, "" to leave a column out) wins over the common names. Case
    does not matter. Of several columns that can be the address, the surest counts.

    Raises:
        LoadError: the settings name something that is not canonical, or two headings mean the same.
    """
    wrong = sorted(set(configured.values()) - {*CANONICAL, ""})
    if wrong:
        raise LoadError(
            f"Die Einstellung portal.columns nennt „{wrong[0]}“; erlaubt sind {', '.join(CANONICAL)}."
        )
    own = {plain(heading): name for heading, name in configured.items()}
    named: dict[str, list[str]] = {}
    for heading in sheet.header:
        meant = own[plain(heading)] if plain(heading) in own else _common(heading)
        if meant:
            named.setdefault(meant, []).append(heading)
    if len(named.get("url", [])) > 1:
        named["url"] = _surest(sheet, named["url"], own)
    for name, headings in named.items():
        if len(headings) > 1:
            raise LoadError(
                f"Die Spalten „{headings[0]}“ und „{headings[1]}“ bedeuten beide {name}. Bitte "
                f"eine davon löschen oder umbenennen."
            )
    return {name: headings[0] for name, headings in named.items()}


def _common(heading: str) -> str:
    """The canonical name of a heading in common use; "" where none is."""
    concepts = concepts_of(heading) | {plain(heading).replace(" ", "_")}
    if concepts & set(_ADDRESSES) or plain(heading) == "url":
        return "url"
    if "leika_key" in concepts:
        return "leistungsschluessel"
    return next((name for name in CANONICAL if name in concepts), "")


def _surest(sheet: Sheet, headings: list[str], own: Mapping[str, str]) -> list[str]:
    """Of several columns of pages the one that counts; both where they are of one rank and both hold addresses."""
    of_person = [heading for heading in headings if plain(heading) in own]
    if of_person:
        return of_person
    rank = {heading: _rank(heading) for heading in headings}
    best = [heading for heading in headings if rank[heading] == min(rank.values())]
    if len(best) < 2:  # noqa: PLR2004 two of one rank
        return best
    addresses = [heading for heading in best if _holds_addresses(sheet, heading)]
    return addresses or best


def _rank(heading: str) -> int:
    concepts = concepts_of(heading)
    return next((place for place, name in enumerate(_ADDRESSES) if name in concepts), 1)


def _holds_addresses(sheet: Sheet, heading: str) -> bool:
    cells = [
        text for cell in sheet.columns[heading].slice(0, 40).to_pylist() if (text := str(cell or "").strip())
    ]
    return bool(cells) and all(map(is_address, cells))


def label_beside(sheet: Sheet, heading_of: Mapping[str, str]) -> str | None:
    """Matomo's label beside the column of addresses, which says what a row without an address is."""
    labels = [heading for heading in sheet.header if "label" in concepts_of(heading)]
    return next((heading for heading in labels if heading not in heading_of.values()), None)


def refuse_breakdown(sheet: Sheet, heading_of: Mapping[str, str], configured: Mapping[str, str]) -> None:
    """Rows that a further column splits are no whole pages; a column that a person left out does not matter.

    Raises:
        LoadError: names the column and some of its values.
    """
    own = {plain(heading) for heading in configured}
    for heading in sheet.header:
        if heading in heading_of.values() or plain(heading) in own:
            continue
        splitting = concepts_of(heading) & set(BREAKDOWNS)
        values = _distinct(sheet, heading) if splitting else []
        narrow = [value for value in values if value.lower() not in _WHOLE and not _OWN_ROW.match(value)]
        constant_place = len(values) == 1 and splitting <= {"place", "language"}
        if narrow and not constant_place:
            some = ", ".join(f"„{value[:40]}“" for value in narrow[:3])
            raise LoadError(
                f"{sheet.file_name}: Die Zeilen sind nach „{heading}“ aufgeteilt ({some}); eine Zeile ist "
                f"dann nicht mehr die "
                "ganze Seite. Bitte den Bericht ohne diese Aufteilung und ohne Segment exportieren."
            )


def _distinct(sheet: Sheet, heading: str) -> list[str]:
    column = sheet.columns[heading].unify_dictionaries() if sheet.rows else sheet.columns[heading]
    values = column.unique().slice(0, _SAMPLE).to_pylist()
    return sorted({text for value in values if (text := str(value or "").strip())})
