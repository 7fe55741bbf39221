"""The monthly CSV for the central statistics component; its columns stand in ``data/transactions.toml``."""

from __future__ import annotations

import csv
import datetime as dt
import io
import tomllib
from pathlib import Path
from typing import Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from portalkompass import german
from portalkompass.exports.tables import safe_text


class SchemaFault(Exception):
    """The file of columns cannot be used; the message is a German sentence."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(_Strict):
    """One column of the file: its heading and what stands in it."""

    heading: str = Field(min_length=1)
    value: Literal["month", "service_key", "ars", "service_name", "municipality", "transactions"]


class FileSchema(_Strict):
    """What the central component asks for; see the comments of ``data/transactions.toml``."""

    delimiter: str = Field(min_length=1, max_length=1)
    encoding: Literal["utf-8", "utf-8-sig", "cp1252"]
    month: str = Field(min_length=2)
    several_keys: Literal["first", "leave_out"]
    columns: tuple[Column, ...] = Field(min_length=1)


def read_schema(path: Path) -> FileSchema:
    """Read and check the file of columns.

    Raises:
        SchemaFault: it is missing or faulty.
    """
    try:
        return FileSchema.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except ValidationError as error:
        places = sorted({".".join(str(part) for part in fault["loc"]) for fault in error.errors()})
        raise SchemaFault(f"{path.name} ist fehlerhaft: {', '.join(places)}.") from None
    except (tomllib.TOMLDecodeError, OSError, UnicodeDecodeError) as error:
        raise SchemaFault(f"{path.name} lässt sich nicht lesen: {german.why_unreadable(error)}.") from None


def make(month: dt.date, rows: pd.DataFrame, schema: FileSchema, *, ars: str, municipality: str) -> bytes:
    """The CSV: a head, then a row for each key.

    ``rows`` are those of `answers.services.transactions.Transactions`: counts that are hidden are not among them.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=schema.delimiter, lineterminator="\r\n")
    writer.writerow([column.heading for column in schema.columns])
    for name, key, count in rows.itertuples(index=False, name=None):
        values = {
            "month": month.strftime(schema.month),
            "service_key": key,
            "ars": ars,
            "service_name": safe_text(name),
            "municipality": safe_text(municipality),
            "transactions": int(count),
        }
        writer.writerow([values[column.value] for column in schema.columns])
    return text.getvalue().encode(schema.encoding, errors="replace")
