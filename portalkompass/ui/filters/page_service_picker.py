"""The search fields for the page and the service that are shown in detail, with the names of all there are."""

from __future__ import annotations

from portalkompass.answers import Filters
from portalkompass.answers.base import link_rows
from portalkompass.answers.pages import page_detail
from portalkompass.answers.queries import query_detail
from portalkompass.ui.components.detail_picker import PAGE, QUERY, SERVICE
from portalkompass.ui.reading import Reading

PROPOSED = 300
"""Queries that the search field lists; a property has tens of thousands."""


def page(reading: Reading, shown: Filters) -> str:
    """The address of the page chosen, empty while none is."""
    return PAGE.picker(page_titles(reading, shown))


def service(reading: Reading, shown: Filters) -> str:
    """The id of the service chosen, empty while none is."""

    def make() -> dict[str, str]:
        rows = link_rows.names_to_choose(reading.question(shown))
        return dict(zip(rows["name"], rows["service"], strict=True))

    return SERVICE.picker(reading.once(("service names", shown), make))


def query(reading: Reading, shown: Filters) -> str:
    """The query chosen, empty while none is; proposed are the most clicked ones, any other can be typed."""

    def make() -> dict[str, str]:
        rows = query_detail.listed(reading.question(shown)).head(PROPOSED)
        return dict(zip(rows["query"], rows["query"], strict=True))

    return QUERY.picker(reading.once(("query names", shown), make), others=True)


def page_titles(reading: Reading, shown: Filters) -> dict[str, str]:
    """Address of every page by its title; thousands on a large portal, the same for every run."""

    def make() -> dict[str, str]:
        rows = page_detail.titles(reading.question(shown))
        return dict(zip(rows["label"], rows["url"], strict=True))

    return reading.once(("page titles", shown), make)
