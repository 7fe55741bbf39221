"""What every record of the workspace has, and the way between a record and its row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Record:
    """Who wrote a record last, when, and which version that made; id and version are 0 until it is saved."""

    updated_by: str = ""
    updated_at: dt.datetime | None = None
    id: int = 0
    version: int = 0


K = TypeVar("K", bound=Record)


def record_of(kind: type[K], row: Mapping[Any, Any]) -> K:
    """A row as a record whose fields are called like the columns."""
    return kind(**{field.name: row[field.name] for field in fields(kind)})


def values_of(record: Record, columns: Iterable[str]) -> dict[str, Any]:
    """What a record says in these columns."""
    return {name: getattr(record, name) for name in columns}
