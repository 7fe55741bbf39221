"""Which dimensions each table is pulled with, and what a search type cannot give."""

from __future__ import annotations

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

WITHOUT_QUERIES = frozenset({"discover", "googleNews"})


def day_grains(search_type: str) -> tuple[Grain, ...]:
    """The grains to pull per day beside the site's own totals.

    Discover and Google News have no queries, Discover has no device.
    """
    segment = _SEGMENT_WITHOUT_DEVICE if search_type == "discover" else _SEGMENT
    if search_type in WITHOUT_QUERIES:
        return (segment, _PAGE)
    return (segment, _QUERY, _PAGE, _PAGE_QUERY)
