"""What a table of an edited deck takes over from the one of today: its cells, never its looks."""

from __future__ import annotations

import copy
import re
from collections import defaultdict
from collections.abc import Sequence

from portalkompass.exports.slides.boxes import Pptx
from portalkompass.exports.slides.living.words import write_lines

COUNTED = re.compile(r" \(\d+ von \d+\)$")
"""Behind the headline of a page that goes on with the next slide."""


class Unfit(Exception):
    """The shape of today is of another kind than that in the deck; the message is a German sentence."""


def counted_as(old: str, line: str) -> str:
    """A headline of today with the count of slides that stands behind the old one."""
    count = COUNTED.search(old)
    return COUNTED.sub("", line) + (count[0] if count else "")


Rows = dict[str, list[Pptx]]
"""Rows of a table by what their first cell says."""


def rows_by_name(table: Pptx) -> Rows:
    """The rows below the head."""
    found: Rows = defaultdict(list)
    for row in list(table.rows)[1:]:
        found[row.cells[0].text_frame.text.strip()].append(row._tr)
    return found


def write_rows(table: Pptx, rows: Sequence[Sequence[str]], elsewhere: Rows) -> list[str]:
    """The rows below the head; a row keeps its looks where its first cell says the same as before.

    ``elsewhere`` are the rows of the same table on other slides, from where one may have moved here. Returns the
    marked words that no longer stand in their rows.

    Raises:
        Unfit: the table of today has other columns.
    """
    head, *old = list(table._tbl.tr_lst)
    if len(rows[0]) != len(head.tc_lst):
        raise Unfit("die Tabelle hat heute andere Spalten")
    own = rows_by_name(table)
    # A new row looks like the one with the fewest colours: what somebody has marked stays the only one marked.
    plain = min(old or [head], key=lambda row: len(row.xpath(".//a:solidFill")))
    for row in old:
        table._tbl.remove(row)
    known = [True]
    for name in (row[0].strip() for row in rows[1:]):
        taken = own[name].pop(0) if own.get(name) else None
        moved = elsewhere.get(name)
        known.append(bool(taken is not None or moved))
        if taken is None:
            taken = copy.deepcopy(moved[0] if moved else plain)
        table._tbl.append(taken)
    lost: list[str] = []
    for written, row, same in zip(table.rows, rows, known, strict=True):
        for cell, text in zip(written.cells, row, strict=True):
            gone = write_lines(cell.text_frame, [text], single=True)
            lost += gone if same else []
    return lost
