"""What several people change in one report: texts cell by cell, pages one by one.

A text is saved by itself, merged with what others saved meanwhile; where two wrote differently the stored text stays,
and the other is kept beside it until somebody chooses.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from portalkompass import german
from portalkompass.workspace.reports import reports
from portalkompass.workspace.reports.reports import (
    HEAD,
    MOST_PAGES,
    TEXT,
    UNSAVED,
    WRITTEN,
    Kind,
    Report,
    ReportPage,
    insert_page,
    pages_in,
    report_in,
    told,
    told_change,
)
from portalkompass.workspace.storage.database import Action, Workspace, note, now
from portalkompass.workspace.storage.errors import WorkspaceError
from portalkompass.workspace.storage.merging import Cell, Cells, merged
from portalkompass.workspace.storage.tables import report_pages as table

NOT_SAVED, DISCARDED = "Bericht, nicht gespeicherte Fassung", "Bericht, verworfene Fassung"
"""What the audit calls a text that clashed, and one that was not chosen."""
TOP = ""
"""Row of the cells at the head of a report; those of a page have its id."""
LONGEST = {
    "headline": 300,
    "remark": 160,
    "name": 200,
    "responsible": 300,
    "points": 1000,
    "development": 1000,
    "note": 4000,
}
"""Characters of a text (of each line of the points); others have ``LONGEST_TEXT``. A remark fits on any slide."""
LONGEST_TEXT = 500
DAYS = ("session", "as_of", "since", "since_state", "start", "end", "day")
"""Cells that hold a day."""
MOST_POINTS, MOST_HIGHLIGHTED = 40, 3
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)
_BREAKS = re.compile("\r\n|[\r\x85\u2028\u2029\x0b\x0c]")
_BULLET = re.compile(r"^\s*(?:[•◦▪‣·●○■*–—-]\s+)+")


@dataclass(frozen=True, slots=True)
class Clash:
    """A cell that two people changed differently: ``theirs`` is stored, by ``who`` at ``at``, and ``mine`` is not.

    ``writer`` wrote what is not stored.
    """

    cell: Cell
    label: str
    mine: Any
    theirs: Any
    who: str
    at: dt.datetime | None
    writer: str


def cells_of(report: Report, pages: Sequence[ReportPage]) -> dict[Cell, Any]:
    """Everything that people write in a report."""
    head = {(TOP, name): getattr(report, name) for name in HEAD}
    return head | {(str(page.id), name): getattr(page, name) for page in pages for name in WRITTEN}


def save_texts(workspace: Workspace, report_id: int, opened: Cells, mine: Cells, who: str) -> list[Clash]:
    """Save changed cells in one transaction, a line of the audit for each; what clashes is kept for a choice.

    ``opened`` is what was on the screen before. Returns what clashes in the cells of ``mine``.

    Raises:
        WorkspaceError: a text is too long, the name missing or taken, the report delivered or gone; nothing was
            written.
    """
    mine = {cell: as_written(cell[1], value) for cell, value in mine.items()}
    with workspace.writing(Action.EDIT_REPORT, who, "Bericht geändert", None) as connection:
        report, pages = _open(connection, report_id)
        stored = cells_of(report, pages)
        outcome = merged(opened, mine, stored)
        by_row = {str(page.id): page for page in pages}
        changed: dict[str, dict[str, Any]] = {}
        for (row, name), value in outcome.written.items():
            changed.setdefault(row, {})[name] = value
            begin = f"{report.name} · {label_of((row, name), by_row)}"
            told_change(connection, who, begin, stored[row, name], value)
            connection.execute(sa.delete(table).where(*_unsaved(report, (row, name), value)))
        for row, values in changed.items():
            if row != TOP:
                _update(connection, by_row[row], values, who)
        if changed:
            reports.touch(connection, report, who, changed.get(TOP))
        for cell, value in outcome.clashes.items():
            _keep(connection, report, cell, value, who)
            begin = f"{report.name} · {label_of(cell, by_row)}"
            kept = f"{told(value)}; gespeichert bleibt: {told(stored[cell])}"
            note(connection, who, NOT_SAVED, f"{begin}: {kept}")
        clashes = _clashes(connection, report, pages) if outcome.clashes else []
        return [clash for clash in clashes if clash.cell in outcome.clashes and clash.writer == who]


def clashes_of(workspace: Workspace, report: Report) -> list[Clash]:
    """What waits for a choice in a draft, the oldest first; a text that stands in the report by now waits no more."""
    if report.delivered:
        return []
    with workspace.reading() as connection:
        return _clashes(connection, report, pages_in(connection, report.id))


def settle_clash(workspace: Workspace, report_id: int, clash: Clash, who: str, *, mine: bool) -> list[Clash]:
    """End the choice: with ``mine`` that text is stored, else the stored one stays.

    Returns what clashes anew, because somebody saved a third text since the choice was shown.

    Raises:
        WorkspaceError: the report is delivered or gone, or the text cannot be saved.
    """
    seen, wanted = {clash.cell: clash.theirs}, {clash.cell: clash.mine}
    again = save_texts(workspace, report_id, seen, wanted, who) if mine else []
    if again and who == clash.writer:  # the same text waits on
        return again
    with workspace.writing(Action.EDIT_REPORT, who, "Bericht geändert", None) as connection:
        report = report_in(connection, report_id)
        own = (*_unsaved(report, clash.cell, clash.mine), table.c.updated_by == clash.writer)
        if connection.execute(sa.delete(table).where(*own)).rowcount and not mine:
            left = f"{told(clash.mine)}; es bleibt: {told(clash.theirs)}"
            note(connection, who, DISCARDED, f"{report.name} · {clash.label}: {left}")
    return again


def add_page(
    workspace: Workspace, report_id: int, kind: Kind, key: str, who: str, values: Mapping[str, Any]
) -> ReportPage:
    """A new page at the end; ``values`` are columns of it.

    Raises:
        WorkspaceError: the report is full, delivered or gone, or a text too long.
    """
    values = {name: as_written(name, value) if name in WRITTEN else value for name, value in values.items()}
    with workspace.writing(Action.EDIT_REPORT, who, "Seite in den Bericht gelegt", None) as connection:
        report, pages = _open(connection, report_id)
        if len(pages) >= MOST_PAGES:
            raise WorkspaceError(f"Der Bericht fasst höchstens {MOST_PAGES} Seiten.")
        if kind == TEXT and not values.get("headline"):
            raise WorkspaceError("Die Textseite braucht eine Überschrift.")
        place = max((page.place for page in pages), default=-1) + 1
        page = insert_page(
            connection,
            report.id,
            place,
            {"kind": kind, "key": key, "before": {} if report.previous else None, **values},
            who,
        )
        told_change(connection, who, f"{report.name} · Seite", "", page.name)
        reports.touch(connection, report, who)
        return page


def remove_page(workspace: Workspace, page: ReportPage, who: str) -> None:
    """Take a page out that was read before.

    Raises:
        WorkspaceError: somebody changed it since, or the report is delivered or gone.
    """
    with workspace.writing(Action.EDIT_REPORT, who, "Seite aus dem Bericht genommen", None) as connection:
        report, _ = _open(connection, page.report_id)
        same = sa.delete(table).where(table.c.id == page.id, table.c.version == page.version)
        if connection.execute(same).rowcount != 1:
            raise WorkspaceError(
                "Die Seite wurde inzwischen geändert oder entfernt. Es wurde nichts gelöscht."
            )
        told_change(connection, who, f"{report.name} · Seite", page.name, "")
        reports.touch(connection, report, who)


def move_page(workspace: Workspace, page: ReportPage, by: int, who: str) -> None:
    """Move a page so many places down (up, where negative), as the order is now; beyond the ends nothing happens.

    Raises:
        WorkspaceError: the report is delivered or gone.
    """
    with workspace.writing(Action.EDIT_REPORT, who, "Bericht geändert", None) as connection:
        report, pages = _open(connection, page.report_id)
        order = [one.id for one in pages]
        at = order.index(page.id) if page.id in order else -1
        if at < 0 or not by or not 0 <= at + by < len(order):
            return
        order.insert(at + by, order.pop(at))
        for place, id_ in enumerate(order):
            connection.execute(sa.update(table).where(table.c.id == id_).values(place=place))
        told_change(connection, who, f"{report.name} · {page.name} · Platz", at + 1, at + by + 1)
        reports.touch(connection, report, who)


def show_page(workspace: Workspace, page: ReportPage, who: str, *, shown: bool) -> None:
    """Let a page become a slide, or not.

    Raises:
        WorkspaceError: the report is delivered or gone.
    """
    with workspace.writing(Action.EDIT_REPORT, who, "Bericht geändert", None) as connection:
        report, pages = _open(connection, page.report_id)
        stored = next((one for one in pages if one.id == page.id), None)
        if stored is None or stored.shown == shown:
            return
        _update(connection, stored, {"shown": shown}, who)
        words = {True: "im Bericht", False: "ausgelassen"}
        told_change(connection, who, f"{report.name} · {page.name}", words[not shown], words[shown])
        reports.touch(connection, report, who)


def as_written(name: str, value: object) -> Any:  # noqa: ANN401
    """A text as it is kept: nothing unseen, one line (points: one each, without their bullets); days as they are.

    Raises:
        WorkspaceError: it is longer than a slide can bear; says by how much.
    """
    if not isinstance(value, str):
        return value
    text = _UNSEEN.sub("", _BREAKS.sub("\n", value)).replace("\t", " ")
    lines = [" ".join(line.split(" ")).strip() for line in text.split("\n")]
    if name == "highlighted":
        return _chosen(lines)
    if name == "points":
        lines = [stripped for line in lines if (stripped := _BULLET.sub("", line).strip())]
        _short_enough(name, lines)
        return "\n".join(lines)
    told = "\n".join(lines).strip() if name == "note" else " ".join(filter(None, lines))
    _short_enough(name, [told])
    return told


def _chosen(names: Collection[str]) -> str:
    """Names of series, a line each: of more than a few none would stand out."""
    names = list(dict.fromkeys(filter(None, names)))
    if len(names) > MOST_HIGHLIGHTED:
        raise WorkspaceError(
            f"Hervorheben lassen sich höchstens {MOST_HIGHLIGHTED} Reihen, gewählt sind {len(names)}. "
            "Es wurde nichts gespeichert, die Eingabe steht noch da."
        )
    _short_enough("highlighted", names)
    return "\n".join(names)


def label_of(cell: Cell, pages: Mapping[str, ReportPage]) -> str:
    """A cell in words."""
    row, name = cell
    if row == TOP:
        return HEAD[name]
    page = pages[row]
    return f"{page.name}, {WRITTEN[name]}"


def _short_enough(name: str, lines: Collection[str]) -> None:
    label, most = (HEAD | WRITTEN)[name], LONGEST.get(name, LONGEST_TEXT)
    if name == "points" and len(lines) > MOST_POINTS:
        raise WorkspaceError(
            f"„{label}“ hat {german.number(len(lines))} Zeilen; eine Seite fasst {MOST_POINTS}. "
            "Bitte auf zwei Seiten verteilen."
        )
    longest = max(map(len, lines), default=0)
    if longest > most:
        what = "Eine Zeile in" if name in ("points", "highlighted") else "Der Text in"
        raise WorkspaceError(
            f"{what} „{label}“ hat {german.number(longest)} Zeichen; Platz ist für {german.number(most)}. "
            "Es wurde nichts gespeichert, die Eingabe steht noch da."
        )


def _keep(connection: Connection, report: Report, cell: Cell, value: object, who: str) -> None:
    """What somebody wrote and was not saved; what they wrote into that cell before gives way."""
    own = sa.delete(table).where(*_unsaved(report, cell), table.c.updated_by == who)
    connection.execute(own)
    row = {"kind": UNSAVED, "key": "/".join(cell), **_written(value)}
    insert_page(connection, report.id, 0, row, who)


def _unsaved(report: Report, cell: Cell, *value: object) -> list[sa.ColumnElement[bool]]:
    """The rows of what was not saved in that cell; with a ``value`` those that say the same."""
    rows = [table.c.report_id == report.id, table.c.kind == UNSAVED, table.c.key == "/".join(cell)]
    return rows + [table.c[name] == said for one in value for name, said in _written(one).items()]


def _written(value: object) -> dict[str, Any]:
    """A cell's value in the columns of a row that keeps it."""
    return {
        "points": value if isinstance(value, str) else "",
        "day": value if isinstance(value, dt.date) else None,
    }


def _clashes(connection: Connection, report: Report, pages: Sequence[ReportPage]) -> list[Clash]:
    stored, by_row = cells_of(report, pages), {str(page.id): page for page in pages}
    last = {TOP: report} | by_row
    rows = sa.select(table).where(table.c.report_id == report.id, table.c.kind == UNSAVED)
    clashes = []
    for row in connection.execute(rows.order_by(table.c.id)).mappings():
        place, _, name = str(row["key"]).partition("/")
        cell = place, name
        if cell not in stored:
            continue
        mine = row["day"] if name in DAYS else row["points"]
        if mine != stored[cell]:
            at = last[place].updated_by, last[place].updated_at
            label = label_of(cell, by_row)
            clashes.append(Clash(cell, label, mine, stored[cell], *at, row["updated_by"]))
    return clashes


def _open(connection: Connection, report_id: int) -> tuple[Report, list[ReportPage]]:
    report = report_in(connection, report_id)
    reports.must_be_open(report)
    return report, pages_in(connection, report_id)


def _update(connection: Connection, page: ReportPage, values: Mapping[str, Any], who: str) -> None:
    new = {**values, "updated_by": who, "updated_at": now(), "version": page.version + 1}
    connection.execute(sa.update(table).where(table.c.id == page.id).values(new))
