"""What was sent of which week by which way: nothing twice, and monitoring sees when nothing goes out any more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from portalkompass.workspace.storage.database import Workspace, connect, now, sqlite_file
from portalkompass.workspace.storage.tables import deliveries as table

DIGEST = "digest"
"""Subject of the digest itself; alerts are those of ``subject_of``."""


def subject_of(alert: str) -> str:
    """What an alert of that name is noted under."""
    return f"alert {alert}"


def delivered(workspace: Workspace, site: str, week: dt.date, way: str) -> frozenset[str]:
    """Subjects that were sent by that way for the week that begins on ``week``.

    Raises:
        WorkspaceError: the database cannot be reached.
    """
    same = (table.c.site == site, table.c.period_start == week, table.c.way == way)
    return frozenset(row["subject"] for row in workspace.rows(sa.select(table.c.subject).where(*same)))


def note_delivery(workspace: Workspace, subjects: Iterable[str], site: str, week: dt.date, way: str) -> None:
    """Note what was sent; what was noted before stays. No answer depends on it, so that no revision is raised.

    Raises:
        WorkspaceError: the database cannot be reached; nothing was noted.
    """
    of_way = {"site": site, "period_start": week, "way": way}
    same = [table.c[name] == value for name, value in of_way.items()]
    with workspace.collecting() as connection:
        noted = set(connection.execute(sa.select(table.c.subject).where(*same)).scalars())
        rows = [
            {"subject": subject, "sent_at": now(), **of_way} for subject in subjects if subject not in noted
        ]
        if rows:
            connection.execute(sa.insert(table), rows)


def last_digests(url: str) -> dict[tuple[str, str], dt.datetime]:
    """When the last digest of each (property, way) was sent (UTC). Nothing is created, upgraded or checked.

    A workspace that cannot be read knows of none: others say what is wrong with it.
    """
    file = sqlite_file(url)
    if file is not None and not file.is_file():
        return {}
    engine = connect(url)
    try:
        with engine.connect() as reading:
            if not sa.inspect(reading).has_table(table.name):
                return {}
            newest = sa.select(table.c.site, table.c.way, sa.func.max(table.c.sent_at))
            of_digests = newest.where(table.c.subject == DIGEST).group_by(table.c.site, table.c.way)
            return {(site, way): sent for site, way, sent in reading.execute(of_digests)}
    except SQLAlchemyError:
        return {}
    finally:
        engine.dispose()
