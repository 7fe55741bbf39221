"""What single cells of a portal export mean, once per distinct text."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from etl.files.distinct import TOTAL, NoRow, is_total
from etl.files.excel import excel_day, excel_month
from etl.files.german_numbers import parse_count, parse_period
from etl.files.periods import end_of_month
from etl.sources.folding import own_page
from etl.sources.portal_files.columns import MEASURES
from etl.sources.portal_files.matomo_rules import decoded, is_remainder
from etl.sources.service_key import service_key
from portalkompass.schema import STAFF_PAGES
from portalkompass.settings import PageKind

MISSING_ADDRESS = "die Adresse der Seite fehlt"
_PATH = re.compile(r"(?![\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}(?::\d+)?(?:/|$))[^\s:/?#]+/\S*")
"""A path without its first slash, as Matomo's flat reports can have it; no host in front."""
_INDEX = "/index"
"""What Matomo hangs onto the path of an address that ends with a slash."""


def cell_parsers(
    site: str, page_kinds: Sequence[PageKind], today: dt.date, *, host: str, months: bool = False
) -> Mapping[str, Callable[[str], Any]]:
    """The parser of each canonical column; each raises ValueError with a German reason.

    ``host`` is that of bare paths; ``months``: the column's name says that its periods are months.
    """
    parsers: dict[str, Callable[[str], Any]] = {
        "period": lambda text: _period(text, today, months=months),
        "url": lambda text: _page(text, site, page_kinds, host),
        "title": lambda text: label(text) or None,
        "leistungsschluessel": service_key,
    }
    return parsers | dict.fromkeys(MEASURES, parse_count)


def label(text: str) -> str:
    """A label without entities, and without the apostrophe before = + - @ that keeps Excel from computing."""
    stripped = decoded(text).strip()
    return stripped[1:] if re.match(r"'[=+\-@]", stripped) else stripped


def _period(text: str, today: dt.date, *, months: bool) -> tuple[dt.date, dt.date]:
    """A day or a month; in a column of months, Excel's first day of a month (and ``Nov 25``) is that month."""
    _refuse_total(text)
    if not text.strip():
        raise ValueError("der Zeitraum fehlt; bitte in jede Zeile schreiben")
    kept = excel_month(text) if months else excel_day(text)
    first, last = (kept, kept) if kept else parse_period(text)
    if months and first == last and first.day == 1:
        last = end_of_month(first)
    if first > today:
        raise ValueError("liegt in der Zukunft")
    return first, last


def _refuse_total(text: str) -> None:
    if is_total(decoded(text)):
        raise NoRow("total", TOTAL)


def _page(text: str, site: str, page_kinds: Sequence[PageKind], host: str) -> str:
    text = label(text)
    _refuse_total(text)
    if not text:
        raise ValueError(MISSING_ADDRESS)
    if is_remainder(text):
        raise NoRow("remainder", "Sammelzeile ohne Adresse; bitte alle Zeilen exportieren")
    if text == STAFF_PAGES:
        return STAFF_PAGES
    if host and _PATH.match(text):
        text = f"/{text}"
    if text.startswith("/") and host:
        text = f"https://{host}{text.removesuffix(_INDEX) or '/'}"
    return own_page(text, site, page_kinds)
