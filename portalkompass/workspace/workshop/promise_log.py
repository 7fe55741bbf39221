"""Promises: what was told of a service when it was decided, to be held against what comes; never changed."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from portalkompass.workspace.storage.database import Workspace
from portalkompass.workspace.storage.editing import Record, insert_row, record_of
from portalkompass.workspace.storage.tables import promises as table


@dataclass(frozen=True, slots=True)
class Promise(Record):
    """What was told of a service on a day; ``content`` as `answers.workshop.meeting.promised` makes it."""

    scenario_id: int
    service_id: str
    made_on: dt.date
    content: Mapping[str, Any] = field(default_factory=dict)


_read = partial(record_of, Promise)


def promises(workspace: Workspace, scenario_id: int | None = None) -> list[Promise]:
    """Promises of one scenario, or of all, in the order in which they were made."""
    query = sa.select(table).order_by(table.c.id)
    if scenario_id is not None:
        query = query.where(table.c.scenario_id == scenario_id)
    return [_read(row) for row in workspace.rows(query)]


def register(connection: Connection, promise: Promise, who: str) -> None:
    """Write a promise within the caller's transaction; the same one on the same data is one."""
    content = json.loads(json.dumps(promise.content))
    stored = sa.select(table.c.content).where(
        table.c.scenario_id == promise.scenario_id, table.c.service_id == promise.service_id
    )
    if content in connection.execute(stored).scalars().all():
        return
    values = {
        "scenario_id": promise.scenario_id,
        "service_id": promise.service_id,
        "made_on": promise.made_on,
        "content": content,
    }
    insert_row(connection, table, values, who)
