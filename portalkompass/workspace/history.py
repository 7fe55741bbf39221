"""The audit: who wrote what, when."""

from __future__ import annotations

import pandas as pd
import sqlalchemy as sa

from portalkompass.workspace.storage.database import Workspace
from portalkompass.workspace.storage.tables import audit, meta, seeds


def audit_list(workspace: Workspace, limit: int = 500) -> pd.DataFrame:
    """The newest ``limit`` writes, newest first: at (aware, UTC), who ("" for the product), what, detail."""
    columns = ["at", "who", "what", "detail"]
    query = sa.select(*(audit.c[name] for name in columns)).order_by(audit.c.id.desc()).limit(limit)
    return pd.DataFrame([dict(row) for row in workspace.rows(query)], columns=columns)


def state_of(workspace: Workspace) -> str:
    """A text that no other state of any workspace has: the last write with its time, and what was shipped when.

    The revision alone would come again after a restore, or in a new workspace.

    Raises:
        WorkspaceError: the workspace cannot be read.
    """
    last = sa.select(audit.c.id, audit.c.at).order_by(audit.c.id.desc()).limit(1)
    shipped = sa.select(seeds.c.name, seeds.c.digest, seeds.c.seeded_at).order_by(seeds.c.name)
    with workspace.reading() as connection:
        rows = [connection.execute(query).all() for query in (sa.select(meta.c.revision), last, shipped)]
    return repr([[tuple(row) for row in part] for part in rows])
