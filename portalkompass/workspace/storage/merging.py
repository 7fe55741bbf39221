"""Two people in one table: a three-way merge, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Cell = tuple[str, str]
"""Row and column, both by their ids."""
Cells = Mapping[Cell, Any]


@dataclass(frozen=True, slots=True)
class Merged:
    """``written``: what is to be stored; ``clashes``: cells that two people changed to different values, with mine."""

    written: dict[Cell, Any]
    clashes: dict[Cell, Any]


def merged(opened: Cells, mine: Cells, theirs: Cells) -> Merged:
    """What becomes of ``mine`` when ``theirs`` is stored by now and ``opened`` was on the screen when I began.

    What I did not change is nobody's question. What only I changed is written; what both changed to the same needs
    nothing; what both changed differently is a clash, and theirs stays stored. A cell that is gone (its row was
    deleted) is passed over.
    """
    changed = {cell: value for cell, value in mine.items() if cell in theirs and value != opened.get(cell)}
    open_cells = {cell: value for cell, value in changed.items() if value != theirs[cell]}
    clashes = {cell: value for cell, value in open_cells.items() if theirs[cell] != opened.get(cell)}
    written = {cell: value for cell, value in open_cells.items() if cell not in clashes}
    return Merged(written, clashes)
