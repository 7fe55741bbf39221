"""The rows of an exhibit as a table on paper: of a table its own, of a chart the values that it draws."""

from __future__ import annotations

from dataclasses import dataclass

from portalkompass import german
from portalkompass.charts.columns import FLAGS, distinct, said_flags, texts, titled
from portalkompass.exports.disclosure_control import Outgoing

FLAG = "Hinweis"
"""Head of the column that says which rows are incomplete or provisional."""
ACROSS = {
    "line": ("x", "series", "y"),
    "slope": ("x", "series", "y"),
    "stacked_area": ("x", "series", "y"),
    "bar": ("y", "series", "x"),
    "stacked_bar": ("y", "series", "x"),
    "heatmap": ("y", "x", "size"),
}
"""Of which roles rows, columns and values are, where a chart's values can stand across from each other."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of texts; ``caption`` is "" for an exhibit's own.

    ``right`` and ``links`` say of each column whether it holds figures, and whether addresses.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[bool, ...]
    links: tuple[bool, ...]


def grid_of(exhibit: Outgoing) -> Grid:
    """All rows; a chart's series stand beside each other where that loses nothing."""
    if exhibit.kind == "table":
        return _rows(exhibit, "")
    return _across(exhibit) or _rows(exhibit, "Werte des Diagramms")


def _rows(exhibit: Outgoing, caption: str) -> Grid:
    told = [
        (field, column)
        for field, column in zip(exhibit.fields, texts(exhibit), strict=True)
        if field.name not in FLAGS
    ]
    fields = [field for field, _ in told]
    head, right = [*map(titled, fields)], [field.numeric for field in fields]
    links = [field.format == "link" for field in fields]
    cells, flags = [column for _, column in told], said_flags(exhibit)
    if any(flags):
        head, right, cells, links = [*head, FLAG], [*right, False], [*cells, flags], [*links, False]
    return Grid(caption, tuple(head), tuple(zip(*cells, strict=True)), tuple(right), tuple(links))


def _across(exhibit: Outgoing) -> Grid | None:
    """A row for each place of the chart and a column for each series; None where something would be lost."""
    roles = ACROSS.get(exhibit.kind)
    names = tuple(getattr(exhibit, role) for role in roles) if roles else ()
    shown = {field.name for field in exhibit.fields}
    if not all(names) or shown - FLAGS.keys() != set(names):
        return None
    row, column, value = names
    frame = exhibit.frame
    if frame[column].isna().any() or frame.duplicated([row, column]).any():
        return None
    columns = distinct(frame[column])
    written = german.texts(frame[row], exhibit.field(row).format)
    figures = german.texts(frame[value], exhibit.field(value).format)
    rows: dict[str, dict[str, str]] = {}
    flags: dict[str, str] = {}
    told = zip(written, frame[column].astype(str), figures, said_flags(exhibit), strict=True)
    for place, series, figure, flag in told:
        rows.setdefault(place, {})[series] = figure
        flags[place] = flags.get(place) or flag
    flagged = any(flags.values())
    measure, numeric = exhibit.field(value), exhibit.field(row).numeric
    head = (titled(exhibit.field(row)), *columns, *([FLAG] if flagged else []))
    return Grid(
        f"Werte des Diagramms: {titled(measure)}",
        head,
        tuple(
            (place, *(cells.get(series, "") for series in columns), *([flags[place]] if flagged else []))
            for place, cells in rows.items()
        ),
        (numeric, *(True for _ in columns), *([False] if flagged else [])),
        (False,) * len(head),
    )
