"""Whether the tables of one export agree: the same property, counted by day, country and device."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from etl.errors import LoadError
from etl.reports import counted, german_count
from etl.sources.search_console.positions import mean_position
from etl.sources.search_console.ui_export.export_names import TableName
from etl.sources.search_console.ui_export.export_rows import WindowRow

POSITION_TOLERANCE = 0.05
"""Genuine exports differ by 0.011 between days and devices, because positions are rounded per row."""
_LABELS: dict[TableName, str] = {"countries": "Länder", "devices": "Geräte"}

_TELLING: dict[TableName, str] = {"pages": "Seite", "queries": "Suchanfrage"}


def contradictions(tables: Mapping[TableName, Sequence[WindowRow]]) -> list[str]:
    """A German sentence with both figures for every table that does not agree with the days."""
    days = tables.get("days")
    if not days:
        return []
    sentences = []
    for table, label in _LABELS.items():
        rows = tables.get(table)
        if not rows:
            continue
        for word, expected, listed in (
            ("Klicks", sum(r.clicks for r in days), sum(r.clicks for r in rows)),
            ("Impressionen", sum(r.impressions for r in days), sum(r.impressions for r in rows)),
        ):
            if expected != listed:
                sentences.append(
                    f"{label} ergeben {german_count(listed)} {word}, die Tage {german_count(expected)}."
                )
        ours, theirs = position(days), position(rows)
        if ours is not None and theirs is not None and abs(ours - theirs) > POSITION_TOLERANCE:
            sentences.append(f"{label} ergeben Position {_decimal(theirs)}, die Tage {_decimal(ours)}.")
    return sentences


def refuse_swapped(file_name: str, rows: int, odd: int) -> None:
    """``odd`` rows of ``rows`` have more clicks than impressions: now and then Google writes one, never most.

    Raises:
        LoadError: most are so; the columns are not what their headings say.
    """
    if 2 * odd > rows:
        raise LoadError(
            f"{file_name}: In {german_count(odd)} von {counted(rows, 'Zeile', 'Zeilen')} gibt es mehr Klicks als "
            "Impressionen; die beiden Spalten sind vermutlich vertauscht. Bitte die Überschriften prüfen, oder die "
            "Datei laden, wie sie exportiert wurde."
        )


def narrowed(tables: Mapping[TableName, Sequence[WindowRow]]) -> str:
    """By what an export is filtered as its sums tell, in German; "" if they do not.

    On every export of a whole property the pages' impressions exceed the days' (a property counts once per result
    page), and the queries fall short of them (rare ones are never listed). Where both sums are equal, a filter has
    made them so.
    """
    days = tables.get("days")
    if not days:
        return ""
    expected = _sums(days)
    for table, word in _TELLING.items():
        rows = tables.get(table)
        if rows and expected[0] and expected == _sums(rows):
            return word
    return ""


def _sums(rows: Sequence[WindowRow]) -> tuple[int, int]:
    return sum(row.clicks for row in rows), sum(row.impressions for row in rows)


def position(rows: Sequence[WindowRow]) -> float | None:
    """Mean position weighted by impressions, over the rows that have one; None without any."""
    placed = [(row.sum_position, row.impressions) for row in rows if row.sum_position is not None]
    impressions = sum(count for _, count in placed)
    return mean_position(sum(total for total, _ in placed), impressions)


def _decimal(number: float) -> str:
    return f"{number:.2f}".replace(".", ",")
