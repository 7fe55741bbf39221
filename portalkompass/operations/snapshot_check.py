"""Whether a snapshot can be read to its last block, and what it says about itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import duckdb


@dataclass(frozen=True, slots=True)
class About:
    """Facts for the manifest, from the snapshot itself."""

    origin: str
    municipality: str
    schema_version: int
    data_date: dt.date | None


def damage(path: Path) -> str:
    """What is wrong with a snapshot; empty if every block of every table can be read.

    DuckDB checks a block's checksum when the block is read, so every column is read once.
    """
    try:
        with duckdb.connect(path, read_only=True, config={"enable_external_access": "false"}) as connection:
            names = connection.execute(
                "SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY 1"
            ).fetchall()
            for (name,) in names:
                quoted = str(name).replace('"', '""')
                connection.execute(f'SELECT bit_xor(hash(COLUMNS(*))) FROM "{quoted}"').fetchall()  # noqa: S608
    except (duckdb.Error, OSError):
        return "er lässt sich nicht ganz lesen"
    return "" if any(name == "warehouse_info" for (name,) in names) else "kein Datenstand"


def about(path: Path) -> About:
    """What the snapshot is of; call `damage` first."""
    with duckdb.connect(path, read_only=True, config={"enable_external_access": "false"}) as connection:
        info = dict(connection.execute("SELECT name, value FROM warehouse_info").fetchall())
        last = connection.execute("SELECT max(date) FROM search_site_day").fetchall()[0][0]
    return About(
        info.get("origin", "live"), info.get("municipality", ""), int(info.get("schema_version", 1)), last
    )
