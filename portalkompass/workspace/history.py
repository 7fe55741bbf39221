"""The audit: who wrote what, when."""

from __future__ import annotations

import pandas as pd
import sqlalchemy as sa

from portalkompass.workspace.database import Workspace
from portalkompass.workspace.tables import audit


def audit_list(workspace: Workspace, limit: int = 500) -> pd.DataFrame:
    """The newest ``limit`` writes, newest first: at (aware, UTC), who ("" for the product), what, detail."""
    columns = ["at", "who", "what", "detail"]
    query = sa.select(*(audit.c[name] for name in columns)).order_by(audit.c.id.desc()).limit(limit)
    with workspace.reading() as connection:
        rows = [dict(row) for row in connection.execute(query).mappings()]
    return pd.DataFrame(rows, columns=columns)
