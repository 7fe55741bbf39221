"""Rows that ship with the product: seeded on first open, renewed by a release, never over a person's edit.

A shipped row is known by its ``shipped_key``. As long as nobody touched it (origin ``shipped``) a new
release may change or drop it. Once edited (origin ``person``) or removed by a person it stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from portalkompass.workspace.storage.database import now
from portalkompass.workspace.storage.tables import seeds

Rows = Mapping[str, Mapping[str, Any]]
"""shipped_key -> values of the row."""


def is_seeded(connection: Connection, table: sa.Table, digest: str | None = None) -> bool:
    """Whether exactly this shipped file (None: any) has been taken over into the table before."""
    stored = connection.execute(sa.select(seeds.c.digest).where(seeds.c.name == table.name)).scalar()
    return stored is not None if digest is None else stored == digest


def mark_seeded(connection: Connection, table: sa.Table, digest: str) -> None:
    """Note that this file has been taken over, in the place of the one before."""
    connection.execute(sa.delete(seeds).where(seeds.c.name == table.name))
    connection.execute(sa.insert(seeds).values(name=table.name, digest=digest, seeded_at=now()))


def take_over(connection: Connection, table: sa.Table, digest: str, rows: Rows) -> int:
    """Bring untouched shipped rows to the shipped state; returns how many rows changed."""
    stored = _stored(connection, table)
    stamp = {"updated_by": "", "updated_at": now()}
    new = [
        {**values, **stamp, "origin": "shipped", "shipped_key": key, "removed": False, "version": 1}
        for key, values in rows.items()
        if key not in stored
    ]
    if new:
        connection.execute(sa.insert(table), new)
    changed = len(new)
    for key, row in stored.items():
        if row["origin"] != "shipped":
            continue
        here = table.c.id == row["id"]
        if key not in rows:
            connection.execute(sa.delete(table).where(here))
        elif any(row[column] != value for column, value in rows[key].items()):
            version = row["version"] + 1
            connection.execute(sa.update(table).where(here).values(**rows[key], **stamp, version=version))
        else:
            continue
        changed += 1
    mark_seeded(connection, table, digest)
    return changed


def _stored(connection: Connection, table: sa.Table) -> dict[str, dict[str, Any]]:
    query = sa.select(table).where(table.c.shipped_key.is_not(None)).order_by(table.c.id)
    return {row["shipped_key"]: dict(row) for row in connection.execute(query).mappings()}
