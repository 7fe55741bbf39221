"""Links: which paths and search queries belong to which service, kept by people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from portalkompass.workspace.links.patterns import MATCHES, pattern_fault
from portalkompass.workspace.storage.database import Action, Workspace
from portalkompass.workspace.storage.editing import Record, Records, record_of, values_of
from portalkompass.workspace.storage.errors import WorkspaceError
from portalkompass.workspace.storage.tables import service_links as table
from portalkompass.workspace.storage.tabular import read_rows, row_fault

TARGETS = {
    "leistung": "eine Leistung der Liste",
    "ohne_status": "eine Leistung ohne Status",
    "keine_leistung": "keine Leistung",
}
SOURCES = {"url": "Pfad einer Seite", "query": "Suchanfrage"}
COLUMNS = ("target", "service_id", "service_name", "source", "match", "pattern", "share", "note")
"""Header of the shipped file, and what a person may edit."""


@dataclass(frozen=True, slots=True)
class ServiceLink(Record):
    """One link.

    ``target`` leistung names a service of the OZG list by ``service_id``; ohne_status a service that
    the city adds, with id and name; keine_leistung none. ``share`` (0 < share ≤ 1) is the part of a
    shared page's demand; queries always count whole. id and version are 0 until saved.
    """

    target: str
    source: str
    match: str
    pattern: str
    service_id: str = ""
    service_name: str = ""
    share: float = 1.0
    note: str = ""
    origin: str = "person"


def _label(link: ServiceLink) -> str:
    goal = link.service_name or link.service_id or "keine Leistung"
    return f"{link.match} {link.pattern} → {goal}"


_links = Records(table, Action.LINK, _label, partial(record_of, ServiceLink))


def link_fault(link: ServiceLink) -> str:
    """German sentence on the first thing that keeps a link from being saved; "" if nothing."""
    for value, allowed, name in (
        (link.target, TARGETS, "Ziel"),
        (link.source, SOURCES, "Quelle"),
        (link.match, MATCHES, "Art des Vergleichs"),
    ):
        if value not in allowed:
            return f"{name} „{value}“ ist nicht vorgesehen; erlaubt: {', '.join(allowed)}."
    if link.target == "keine_leistung":
        if link.service_id or link.service_name:
            return "„Keine Leistung“ kann nicht zugleich eine Leistung nennen."
    elif not link.service_id:
        return "Es fehlt, welche Leistung gemeint ist (service_id)."
    elif link.target == "ohne_status" and not link.service_name:
        return "Eine Leistung ohne Status braucht einen Namen (service_name)."
    if not 0 < link.share <= 1:
        return "Der Anteil muss größer als 0 und höchstens 1 sein."
    return pattern_fault(link.match, link.pattern, path=link.source == "url")


def links(workspace: Workspace) -> list[ServiceLink]:
    """All links, oldest first."""
    query = sa.select(table).where(table.c.removed.is_(False)).order_by(table.c.id)
    return [_links.read(row) for row in workspace.rows(query)]


def add_link(workspace: Workspace, link: ServiceLink, who: str) -> ServiceLink:
    """Save a new link.

    Raises:
        WorkspaceError: it is not allowed (see ``link_fault``) or there already is exactly this one.
    """
    checked = _checked(link)
    with _links.writing(workspace, who, "Zuordnung angelegt", checked) as connection:
        _must_be_new(connection, checked)
        values = {**values_of(checked, COLUMNS), "origin": "person", "removed": False}
        return _links.insert(connection, values, who)


def update_link(workspace: Workspace, link: ServiceLink, who: str) -> ServiceLink:
    """Save a link that was read before; a shipped link becomes the city's own.

    Raises:
        StaleEdit: someone saved or deleted it in between.
        WorkspaceError: it is not allowed or there already is exactly this one.
    """
    checked = _checked(link)
    with _links.writing(workspace, who, "Zuordnung geändert", checked) as connection:
        _must_be_new(connection, checked)
        return _links.update(connection, checked, {**values_of(checked, COLUMNS), "origin": "person"}, who)


def delete_link(workspace: Workspace, link: ServiceLink, who: str) -> None:
    """Delete a link that was read before; a shipped one stays as a tombstone and is not seeded again.

    Raises:
        StaleEdit: someone saved or deleted it in between.
    """
    with _links.writing(workspace, who, "Zuordnung gelöscht", link) as connection:
        _links.delete(connection, link, who)


def extra_services(workspace: Workspace) -> pd.DataFrame:
    """Services without status that the city added through links: service_id, name; sorted by name.

    Where links of one id give several names, the newest link's name counts.
    """
    named = {link.service_id: link.service_name for link in links(workspace) if link.target == "ohne_status"}
    rows = sorted(named.items(), key=lambda item: (item[1].lower(), item[0]))
    return pd.DataFrame(rows, columns=["service_id", "name"], dtype="str")


def read_links(path: Path) -> list[ServiceLink]:
    """Links of a file in the shipped form.

    Raises:
        WorkspaceError: names file, line and what is wrong; the first fault only.
    """
    by_key: dict[str, ServiceLink] = {}
    for line, cells in read_rows(path, COLUMNS):
        try:
            share = float(cells["share"].replace(",", ".") or 1)
        except ValueError:
            raise row_fault(path, line, f"share „{cells['share']}“ ist keine Zahl") from None
        texts: dict[str, Any] = {name: text for name, text in cells.items() if name != "share"}
        link = _plain(ServiceLink(share=share, origin="shipped", **texts))
        if fault := link_fault(link):
            raise row_fault(path, line, fault.rstrip("."))
        if shipped_key(link) in by_key:
            raise row_fault(path, line, f"diese Zuordnung steht schon weiter oben ({_label(link)})")
        by_key[shipped_key(link)] = link
    return list(by_key.values())


def shipped_rows(path: Path) -> dict[str, Mapping[str, Any]]:
    """Rows of a shipped file as they are seeded; errors as ``read_links``."""
    return {shipped_key(link): values_of(link, COLUMNS) for link in read_links(path)}


def shipped_key(link: ServiceLink) -> str:
    """What makes a shipped link the same link in the next release: everything but share, name and note."""
    return "|".join((link.source, link.match, link.target, link.service_id, link.pattern))


def _plain(link: ServiceLink) -> ServiceLink:
    """Whole paths lose a trailing slash, as normalised URLs do."""
    if link.source == "url" and link.match == "exact":
        return replace(link, pattern=link.pattern.rstrip("/") or link.pattern[:1])
    return link


def _checked(link: ServiceLink) -> ServiceLink:
    link = _plain(link)
    if fault := link_fault(link):
        raise WorkspaceError(fault)
    return link


def _must_be_new(connection: Connection, link: ServiceLink) -> None:
    same = ("target", "service_id", "source", "match", "pattern")
    query = sa.select(table.c.id).where(
        table.c.removed.is_(False),
        table.c.id != link.id,
        *(table.c[name] == value for name, value in values_of(link, same).items()),
    )
    if connection.execute(query).first():
        raise WorkspaceError(f"Diese Zuordnung gibt es schon: {_label(link)}.")
