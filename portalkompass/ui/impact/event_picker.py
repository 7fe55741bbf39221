"""Which page and day the effect is asked for: a known event unless the reader picks his own."""

from __future__ import annotations

from portalkompass.answers import Filters
from portalkompass.ui.filters import filters
from portalkompass.ui.filters.page_service_picker import page_titles
from portalkompass.ui.reading import Reading


def picked(reading: Reading, shown: Filters) -> tuple[str, str]:
    """Address of the page and ISO day; both empty for the surest known event."""
    with filters.row("ereignis"):
        url = filters.search(
            "Seite", page_titles(reading, shown), "wirkung-seite", "Bekanntes Ereignis, oder Titel suchen"
        )
        day = filters.day(
            "Ereignis am",
            "seit",
            reading.warehouse.first_day(shown.site) or shown.start,
            reading.warehouse.data_date(shown.site) or shown.end,
            width=170,
            help="Tag des Go-Lives, Relaunchs oder Beginns der Kampagne",
        )
    return url, day.isoformat() if day else ""
