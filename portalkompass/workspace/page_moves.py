"""Moved pages: from a day on a page has a new address, and what came before under the old one is its past.

A page moves once from each address; moves may follow one another (A → B → C), never in a circle, and never backwards
in time. Addresses are kept in the one spelling (`portalkompass.urls`).
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from portalkompass import german
from portalkompass.urls import belongs_to, host_of, normalise
from portalkompass.workspace.storage.database import Action, Workspace
from portalkompass.workspace.storage.editing import Record, Records, insert_row, record_of, values_of
from portalkompass.workspace.storage.errors import WorkspaceError
from portalkompass.workspace.storage.tables import page_moves as table

COLUMNS = ("old_url", "new_url", "date", "note")
"""Header of a file of moves; ``note`` may be left out."""
TEMPLATE = (
    ";".join(COLUMNS)
    + "\nhttps://www.stadt.example/alt/hundesteuer;https://www.stadt.example/leistung/hundesteuer;"
    "2025-03-01;Relaunch\n"
)
MOST_ROWS, LONGEST = 5_000, 2_000


@dataclass(frozen=True, slots=True)
class PageMove(Record):
    """From ``date`` on the page at ``old_url`` is the one at ``new_url``. id and version are 0 until saved."""

    site: str
    old_url: str
    new_url: str
    date: dt.date
    note: str = ""


def _label(move: PageMove) -> str:
    return f"{move.old_url} → {move.new_url}"


_read = partial(record_of, PageMove)
_moves = Records(table, Action.MOVE_PAGE, _label, _read)


def page_moves(workspace: Workspace, site: str) -> list[PageMove]:
    """All moves of a property, newest day first, then by old address."""
    query = sa.select(table).where(table.c.site == site).order_by(table.c.date.desc(), table.c.old_url)
    return [_read(row) for row in workspace.rows(query)]


def resolved(moves: Iterable[PageMove], today: dt.date) -> list[tuple[str, str, dt.date]]:
    """Old address, where the page is by ``today``, and the day of its move; chains followed, by old address.

    Moves of days to come have not happened yet.
    """
    happened = {move.old_url: move for move in moves if move.date <= today}
    return sorted((move.old_url, _end_of(move, happened), move.date) for move in happened.values())


def _end_of(move: PageMove, by_old: Mapping[str, PageMove]) -> str:
    """The last address of the chain. Saved moves have no circle; each is followed once whatever a table holds."""
    passed = {move.old_url}
    while move.new_url in by_old and move.new_url not in passed:
        passed.add(move.new_url)
        move = by_old[move.new_url]
    return move.new_url


def move_fault(move: PageMove, others: Sequence[PageMove]) -> str:
    """German sentence on the first thing that keeps a move from being saved beside the others; "" if nothing."""
    for name, url in (("alte", move.old_url), ("neue", move.new_url)):
        if not host_of(url):
            return f"Die {name} Adresse „{url}“ ist keine Web-Adresse (https://…)."
        if len(url) > LONGEST:
            return f"Die {name} Adresse ist länger als {german.number(LONGEST)} Zeichen."
        if not belongs_to(url, move.site):
            return f"Die {name} Adresse {url} gehört nicht zur Property {move.site}."
    if move.old_url == move.new_url:
        return f"Alte und neue Adresse sind dieselbe Seite ({move.new_url})."
    by_old = {other.old_url: other for other in others if other.id != move.id or not move.id}
    if twin := by_old.get(move.old_url):
        return (
            f"Für {move.old_url} gibt es schon einen Umzug (am {german.date(twin.date)} nach {twin.new_url}). "
            "Eine Adresse zieht nur einmal um."
        )
    return _chain_fault(move, by_old | {move.old_url: move})


def _chain_fault(move: PageMove, by_old: Mapping[str, PageMove]) -> str:
    if _end_of(move, by_old) == move.old_url or _in_circle(move, by_old):
        return (
            f"Der Umzug schließt einen Kreis: Von {move.new_url} führen die übrigen Umzüge zurück nach "
            f"{move.old_url}."
        )
    following = by_old.get(move.new_url)
    if following and following.date < move.date:
        return _backwards(move, following)
    before = [other for other in by_old.values() if other.new_url == move.old_url and other.date > move.date]
    return _backwards(before[0], move) if before else ""


def _in_circle(move: PageMove, by_old: Mapping[str, PageMove]) -> bool:
    place, passed = move.new_url, set[str]()
    while place in by_old and place not in passed:
        passed.add(place)
        place = by_old[place].new_url
    return move.old_url in passed


def _backwards(first: PageMove, following: PageMove) -> str:
    return (
        f"Nach {first.new_url} kann am {german.date(first.date)} nichts mehr umziehen: Diese Seite ist selbst schon am "
        f"{german.date(following.date)} nach {following.new_url} umgezogen."
    )


def add_moves(workspace: Workspace, moves: Sequence[PageMove], who: str) -> int:
    """Save new moves of one property, all of them or none; how many were not there already.

    Raises:
        WorkspaceError: one is not allowed (see ``move_fault``); of several its place in the list is named.
    """
    if not moves:
        return 0
    new = [_plain(move) for move in moves]
    detail = _label(new[0]) if len(new) == 1 else german.count(len(new), "Adresse", "Adressen")
    with workspace.writing(Action.MOVE_PAGE, who, "Umzug eingetragen", detail) as connection:
        known, added = _saved(connection, new[0].site), 0
        by_old = {move.old_url: move for move in known}
        for place, move in enumerate(new, 1):
            twin = by_old.get(move.old_url)
            if twin and (twin.new_url, twin.date) == (move.new_url, move.date):
                continue
            if fault := move_fault(move, list(by_old.values())):
                raise WorkspaceError(fault if len(new) == 1 else f"Umzug {place}: {fault}")
            insert_row(connection, table, values_of(move, ("site", *COLUMNS)), who)
            by_old[move.old_url] = move
            added += 1
        return added


def update_move(workspace: Workspace, move: PageMove, who: str) -> PageMove:
    """Save a move that was read before.

    Raises:
        StaleEdit: someone saved or deleted it in between.
        WorkspaceError: it is not allowed (see ``move_fault``).
    """
    plain = _plain(move)
    with _moves.writing(workspace, who, "Umzug geändert", plain) as connection:
        if fault := move_fault(plain, _saved(connection, plain.site)):
            raise WorkspaceError(fault)
        return _moves.update(connection, plain, values_of(plain, COLUMNS), who)


def delete_move(workspace: Workspace, move: PageMove, who: str) -> None:
    """Delete a move that was read before.

    Raises:
        StaleEdit: someone saved or deleted it in between.
    """
    with _moves.writing(workspace, who, "Umzug gelöscht", move) as connection:
        _moves.delete(connection, move, who)


def read_moves(file: bytes, site: str) -> list[PageMove]:
    """The moves of a CSV file (``;`` or ``,``, UTF-8, headed as COLUMNS; days as JJJJ-MM-TT or TT.MM.JJJJ).

    Raises:
        WorkspaceError: names the line and what is wrong; the first fault only.
    """
    try:
        text = file.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WorkspaceError("Die Datei ist nicht in UTF-8 gespeichert (Excel: „CSV UTF-8“).") from None
    first_line = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text), delimiter=";" if ";" in first_line else ",")
    try:
        header = [cell.strip().lower() for cell in next(rows, [])]
        if header not in (list(COLUMNS), list(COLUMNS[:3])):
            raise WorkspaceError(f"Zeile 1: die Kopfzeile muss lauten: {';'.join(COLUMNS)}.")
        moves = [_of_row(cells, header, rows.line_num, site) for cells in rows if any(map(str.strip, cells))]
    except csv.Error:
        raise WorkspaceError(
            f"Zeile {rows.line_num}: Die Datei lässt sich dort nicht als CSV lesen. Bitte neu speichern (CSV UTF-8)."
        ) from None
    if not moves:
        raise WorkspaceError("Die Datei enthält keine Umzüge.")
    if len(moves) > MOST_ROWS:
        raise WorkspaceError(f"Die Datei hat mehr als {german.number(MOST_ROWS)} Zeilen.")
    return moves


def _of_row(cells: Sequence[str], header: Sequence[str], line: int, site: str) -> PageMove:
    if len(cells) != len(header):
        raise WorkspaceError(f"Zeile {line}: {len(header)} Felder erwartet, {len(cells)} gefunden.")
    values = dict(zip(header, (cell.strip() for cell in cells), strict=True))
    day = _day(values["date"])
    if day is None:
        raise WorkspaceError(f"Zeile {line}: „{values['date']}“ ist kein Tag (JJJJ-MM-TT oder TT.MM.JJJJ).")
    return _plain(PageMove(site, values["old_url"], values["new_url"], day, values.get("note", "")))


def _day(text: str) -> dt.date | None:
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return dt.datetime.strptime(text, form).date()  # noqa: DTZ007 a day has no time zone
        except ValueError:
            continue
    return None


def _plain(move: PageMove) -> PageMove:
    return replace(
        move, old_url=normalise(move.old_url), new_url=normalise(move.new_url), note=move.note.strip()
    )


def _saved(connection: Connection, site: str) -> list[PageMove]:
    query = sa.select(table).where(table.c.site == site).order_by(table.c.id)
    return [_read(row) for row in connection.execute(query).mappings()]
