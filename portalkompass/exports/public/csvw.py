"""What the columns of a CSV file hold, as CSV on the Web (CSVW, W3C) says it: names, kinds, words for hidden values."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from portalkompass import german
from portalkompass.exhibit import Field
from portalkompass.exports import tables
from portalkompass.exports.disclosure_control import Outgoing
from portalkompass.exports.public.terms import Terms

SAMPLE_COLUMN = "beispieldaten"
WHOLE = ("integer", "signed_integer")
YES_OR_NO = {"base": "boolean", "format": "ja|nein"}
GERMAN_NUMBER = {"decimalChar": ",", "groupChar": "."}
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_]")


def metadata(exhibit: Outgoing, file: str, terms: Terms) -> dict[str, Any]:
    """The description of the ``file`` that ``tables.to_csv`` makes of the exhibit."""
    licence = terms.chosen
    told: dict[str, Any] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "de"}],
        "url": file,
        "dc:title": exhibit.headline,
        "dc:description": exhibit.subtitle,
        "dc:source": exhibit.source,
        "dc:language": "de",
        "dialect": {
            "encoding": "utf-8",
            "delimiter": ";",
            "quoteChar": '"',
            "doubleQuote": True,
            "header": True,
            "lineTerminators": ["\r\n"],
        },
        "tableSchema": {"columns": columns(exhibit)},
    }
    if terms.publisher:
        told["dc:publisher"] = terms.publisher
    if licence:
        told["dc:license"] = {"@id": licence.text}
    if exhibit.data_date:
        told["dc:modified"] = {"@value": exhibit.data_date.isoformat(), "@type": "xsd:date"}
    if exhibit.period:
        told["dc:temporal"] = "/".join(day.isoformat() for day in exhibit.period)
    return told


def columns(exhibit: Outgoing) -> list[dict[str, Any]]:
    """One description for each column of the file, in its order."""
    told = [
        _column(exhibit, field, head)
        for field, head in zip(exhibit.fields, tables.heads(exhibit), strict=True)
    ]
    if exhibit.sample:
        told.append({"name": SAMPLE_COLUMN, "titles": tables.SAMPLE_SHEET, "datatype": YES_OR_NO})
    return told


def _column(exhibit: Outgoing, field: Field, head: str) -> dict[str, Any]:
    values = [value for value in exhibit.frame[field.name] if not german.is_missing(value)]
    numbers = [value for value in values if tables.number(value, field) is not None]
    words = {tables.cell(value, field) for value in values} if field.numeric else set()
    told: dict[str, Any] = {
        "name": _NOT_IN_NAMES.sub("_", field.name),
        "titles": head,
        "datatype": _kind(field, values),
        # What stands in the place of a hidden count is no number: a reader takes it as missing.
        "null": ["", *sorted(words - {tables.cell(value, field) for value in numbers})],
    }
    if field.help:
        told["dc:description"] = field.help
    return told


def _kind(field: Field, values: list[Any]) -> str | dict[str, Any]:
    if field.numeric:
        written = (tables.cell(value, field) for value in values if tables.number(value, field) is not None)
        whole = field.format in WHOLE and not any("," in text for text in written)
        return {"base": "integer" if whole else "decimal", "format": GERMAN_NUMBER}
    if field.format == "bool":
        return YES_OR_NO
    if values and all(isinstance(value, dt.date) for value in values):
        return {"base": "date", "format": "dd.MM.yyyy"}
    return "string"
