"""The report behind an address that the shapes of a deck name, so that an edited deck can be brought up to date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

from portalkompass.answers import Filters, default_filters
from portalkompass.answers.base.question import Question
from portalkompass.answers.base.scope import WHOLE
from portalkompass.answers.report.report import slides
from portalkompass.exports.slides.living.opening import NotLiving
from portalkompass.screens import address
from portalkompass.settings import Settings
from portalkompass.slide_set import SlideSet
from portalkompass.warehouse.reader import Warehouse

SLUG = "bericht"
AS_OF, SINCE = "stand", "letzter-bericht"
"""Parameters that only the report has: the day of the list's state, and the day of the report before."""


def address_of(params: Mapping[str, object]) -> str:
    """The address of the report with these parameters; those without a value are left out."""
    given = {name: str(value) for name, value in params.items() if value}
    return f"{SLUG}?{urlencode(given)}" if given else SLUG


def report_of(
    named: str, warehouse: Warehouse, settings: Settings, ask: Callable[[Filters], Question]
) -> SlideSet:
    """The report that the address asks for, with the data of today. A relative period moves on with the data.

    Raises:
        NotLiving: it is not the address of a report.
        WarehouseError: there are no search data in its period.
    """
    slug, _, query = named.partition("?")
    if slug != SLUG:
        raise NotLiving("Die Präsentation stammt nicht aus dem Bericht; nur dieser lässt sich auffrischen.")
    params = dict(parse_qsl(query))
    as_of, since = (_day(params.pop(name, "")) for name in (AS_OF, SINCE))
    if {"zeitraum", "von", "bis"} & params.keys():
        asked = address.filters(address.read(params), warehouse, settings)
        filters = replace(asked, scope=WHOLE, as_of=as_of)
    else:
        filters = default_filters(warehouse, settings, as_of=as_of)
    return slides(ask(filters), since=since)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise NotLiving(f"Die Präsentation nennt einen Tag, den es nicht gibt: „{text[:40]}“.") from None
