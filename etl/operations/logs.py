"""One log for people and machines: plain lines on a terminal, JSON lines where a collector reads them."""

from __future__ import annotations

import datetime as dt
import json
import logging
import sys
from typing import Literal


class JsonLines(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message (German), and the fields of the record.

    Fields come as ``LOG.info("…", extra={"fields": {…}})``; line ends in texts cannot forge a second line.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON; a traceback goes into the field ``fault``."""
        line: dict[str, object] = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        fields = getattr(record, "fields", None)
        if isinstance(fields, dict):
            line |= {str(name): value for name, value in fields.items() if name not in line}
        if record.exc_info:
            line["fault"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def configure(form: Literal["text", "json"]) -> None:
    """Send our own loggers to stderr in the chosen form; calling it again changes the form, adds nothing."""
    for name in ("portalkompass", "etl"):
        logger = logging.getLogger(name)
        for old in [handler for handler in logger.handlers if getattr(handler, "ours", False)]:
            logger.removeHandler(old)
        handler = logging.StreamHandler(sys.stderr)
        handler.ours = True  # type: ignore[attr-defined]
        plain = logging.Formatter("%(asctime)s %(levelname)s %(message)s")
        handler.setFormatter(JsonLines() if form == "json" else plain)
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False
