"""The lake: a snapshot as partitioned Parquet for a distributed engine, and the manifest that says what is in it.

``<lake>/<table>/site=…/month=…/<content>.parquet`` for facts by property and day, ``<lake>/<table>/<content>.parquet``
for everything else; ``lake.json`` names every file of the published state. A file is never changed: other rows are
another name. So the manifest, replaced atomically, switches all tables at once, and who reads by it never sees two
states mixed. Without it (any other tool), the folders hold exactly the published state after each run of
``python -m etl lake``, which is the only writer.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from portalkompass import german, schema
from portalkompass.schema import Table
from portalkompass.warehouse.site_facts import SiteFacts
from portalkompass.warehouse.snapshots import replace_whole

MANIFEST = "lake.json"
MONTH = "month"
"""Name of the second level of folders: the first day of a month, as in ``calendar``."""
LAYOUT = 1
"""Raised when files of an older layout can no longer be read."""
LEFT_OUT = frozenset(
    {
        *("ingest_ledger", "ingest_runs", "ingest_files", "rejected_rows", "search_month_state"),
        *("search_window", "search_ai", "portal_search", "search_grain_days", "search_grain_queries"),
        "service_comments",
    }
)
"""What loading leaves behind (some of it raw cells of files) and what people wrote: it stays in the warehouse."""


class LakeError(Exception):
    """The lake cannot be read; the message is a German sentence with the next step."""


@dataclass(frozen=True, slots=True)
class Lake:
    """One published state; ``name`` is its cache key, ``files`` are relative to the folder, by table.

    A partitioned table without rows has no files; a table that the snapshot did not have yet is not named.
    ``links`` tells which links the resolved ones were made from (``workspace.links_digest``).
    """

    name: str
    origin: Literal["demo", "live"]
    layout: int
    schema_version: int
    links: str
    facts: tuple[SiteFacts, ...]
    files: dict[str, tuple[str, ...]]


def tables() -> dict[str, Table]:
    """All tables of a lake: those of the warehouse but LEFT_OUT, and the resolved links."""
    copied = {name: table for name, table in schema.TABLES.items() if name not in LEFT_OUT}
    return copied | schema.LINK_TABLES


def partition_day(table: Table) -> str | None:
    """The column whose month is the partition; None for tables that lie in one file."""
    days = [column.name for column in table.columns if column.key and column.type == "DATE"]
    return days[0] if days and "site" in table.key else None


def published(folder: Path) -> Lake | None:
    """The state that the manifest names; None before the first ``python -m etl lake``.

    Raises:
        LakeError: the manifest cannot be read or was written by a newer version.
    """
    try:
        text = (folder / MANIFEST).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise LakeError(
            f"Der Lake {folder} lässt sich nicht lesen: {german.why_unreadable(error)}."
        ) from None
    try:
        state = msgspec.json.decode(text, type=Lake)
    except msgspec.MsgspecError:
        raise LakeError(
            f"Das Verzeichnis {MANIFEST} im Lake {folder} ist beschädigt. Bitte mit „python -m etl lake“ neu schreiben."
        ) from None
    if state.layout > LAYOUT or state.schema_version > schema.SCHEMA_VERSION:
        raise LakeError(
            "Der Lake wurde von einer neueren Version geschrieben. Bitte Portalkompass aktualisieren."
        )
    return state


def publish(folder: Path, lake: Lake) -> None:
    """Replace the manifest atomically; readers see the old state or the new one."""
    replace_whole(folder / MANIFEST, msgspec.json.format(msgspec.json.encode(lake), indent=1))
