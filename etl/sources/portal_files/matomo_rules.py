"""What Matomo's reports mean, whatever way they come: remainder rows, entities in texts, labels of folders."""

from __future__ import annotations

import html
import re

_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_REMAINDER = re.compile(
    r"(?:.*\s-\s|(?:.*/)?)(?:Others|Andere)$|(?i:\(?(?:others?|andere)\)?)|(?i:.*\s-\s(?:others|andere))"
)
_NO_ADDRESS = frozenset(
    {"page url not defined", "seiten-url nicht definiert", "seiten-url nicht festgelegt", "page name not defined",
     "seitenname nicht definiert", "not set", "(not set)", "nicht festgelegt"}
)  # fmt: skip


def decoded(text: str) -> str:
    """Text without HTML entities (``M&uuml;ll &amp; Abfall``); only those with a semicolon, as parameters have none."""
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), text) if "&" in text else text


def is_remainder(label: str) -> bool:
    """Whether a label without an address stands for all rows that the report has no room for.

    ``Others``, ``Andere``, ``/leistung/ - Others``, GA4's ``(other)``. A page ``/leistung/andere`` is none.
    """
    return _REMAINDER.fullmatch(label.strip()) is not None


def is_no_address(label: str) -> bool:
    """Whether the label says that the page had no address."""
    return label.strip().lower() in _NO_ADDRESS


def is_folder(label: str) -> bool:
    """Whether a label is that of a folder in a report that is not flat: a flat one holds whole paths."""
    text = label.strip()
    return bool(text) and "/" not in text and not is_remainder(text) and not is_no_address(text)
