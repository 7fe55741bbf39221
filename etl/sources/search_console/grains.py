"""Which dimensions each table is pulled with, and what a search type cannot give."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from portalkompass import schema
from portalkompass.schema import Table


@dataclass(frozen=True, slots=True)
class Grain:
    """A table with the API dimensions that make its key beside site, search type and day."""

    table: Table
    dimensions: tuple[str, ...]
    columns: tuple[str, ...]
    by_page: bool = False


SOURCE = "search_console"
"""How ledger and runs call it, whatever way the figures came."""

_SEGMENT = Grain(schema.SEARCH_SEGMENT_DAY, ("country", "device"), ("country", "device"))
_SEGMENT_WITHOUT_DEVICE = Grain(schema.SEARCH_SEGMENT_DAY, ("country",), ("country",))
_QUERY = Grain(schema.SEARCH_QUERY_DAY, ("query",), ("query",))
_PAGE = Grain(schema.SEARCH_PAGE_DAY, ("page",), ("url",), by_page=True)
_PAGE_QUERY = Grain(schema.SEARCH_PAGE_QUERY_DAY, ("page", "query"), ("url", "query"), by_page=True)

_PAGE_DEVICE = Grain(schema.SEARCH_PAGE_DEVICE_DAY, ("page", "device"), ("url", "device"), by_page=True)
_QUERY_DEVICE = Grain(schema.SEARCH_QUERY_DEVICE_DAY, ("query", "device"), ("query", "device"))

WITHOUT_QUERIES = frozenset({"discover", "googleNews"})


def day_grains(search_type: str, devices: Collection[str] = ()) -> tuple[Grain, ...]:
    """The grains to pull per day beside the site's own totals.

    ``devices`` are the tables by device that are wanted besides. Discover and Google News have no queries, Discover
    has no device.
    """
    by_device = tuple(
        grain
        for grain in (_PAGE_DEVICE, _QUERY_DEVICE)
        if grain.table.name in devices and search_type != "discover"
    )
    segment = _SEGMENT_WITHOUT_DEVICE if search_type == "discover" else _SEGMENT
    if search_type in WITHOUT_QUERIES:
        return (segment, _PAGE, *(grain for grain in by_device if grain.by_page))
    return (segment, _QUERY, _PAGE, _PAGE_QUERY, *by_device)
