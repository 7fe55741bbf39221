"""One log for people and machines: plain lines on a terminal, JSON lines where a collector reads them."""

from __future__ import annotations

import datetime as dt
import json
import logging
import sys
import unicodedata
from typing import Literal

_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_ORDER = ("event", "outcome", "person", "account", "address", "path")


def clean(text: str) -> str:
    """The text in one line, with nothing that a terminal or collector would obey or not show."""
    return "".join("\ufffd" if unicodedata.category(one) in _UNSEEN else one for one in text)


def _clean_value(value: object) -> object:
    return value if value is None or isinstance(value, (bool, int, float)) else clean(str(value))


def _fields(record: logging.LogRecord) -> dict[str, object]:
    """Fields of the record, cleaned: ``LOG.info("…", extra={"fields": {…}})``."""
    fields = getattr(record, "fields", None)
    if not isinstance(fields, dict):
        return {}
    return {clean(str(name)): _clean_value(value) for name, value in fields.items()}


class JsonLines(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message (German), and the fields of the record."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON; a traceback goes into the field ``fault``."""
        line: dict[str, object] = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": clean(record.getMessage()),
        }
        line |= {name: value for name, value in _fields(record).items() if name not in line}
        if record.exc_info:
            line["fault"] = "\n".join(map(clean, self.formatException(record.exc_info).splitlines()))
        return json.dumps(line, ensure_ascii=False)


class PlainLines(logging.Formatter):
    """The same for people: time (local), level, message and fields in one line; a traceback below it."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line of text."""
        at = dt.datetime.fromtimestamp(record.created, dt.UTC).astimezone()
        fields = _fields(record)
        names = [
            *(name for name in _ORDER if name in fields),
            *(name for name in fields if name not in _ORDER),
        ]
        told = " ".join(f"{name}={fields[name]}" for name in names if fields[name] not in ("", None))
        line = f"{at:%Y-%m-%d %H:%M:%S} {record.levelname} {clean(record.getMessage())}"
        line = f"{line} ({told})" if told else line
        if record.exc_info:
            below = self.formatException(record.exc_info).splitlines()
            line = "\n".join((line, *(clean(one) for one in below)))
        return line


def configure(form: Literal["text", "json"]) -> None:
    """Send our own loggers to stderr in the chosen form; calling it again changes the form, adds nothing."""
    for name in ("portalkompass", "etl"):
        logger = logging.getLogger(name)
        for old in [handler for handler in logger.handlers if getattr(handler, "ours", False)]:
            logger.removeHandler(old)
        handler = logging.StreamHandler(sys.stderr)
        handler.ours = True  # type: ignore[attr-defined]
        handler.setFormatter(JsonLines() if form == "json" else PlainLines())
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False
