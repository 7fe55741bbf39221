"""Whether the figures are fresh enough for monitoring: one sentence for each source that is not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from etl.operations.status import Holding
from etl.reports import counted
from portalkompass.settings import Settings

_SEARCH = "search_site_day"
_PORTAL = "portal_site_day"


def stale(found: Sequence[Holding], settings: Settings) -> list[str]:
    """German sentences for every source whose last day is older than ``operations.stale_after_days``.

    Configured sources must have data; files loaded by hand count only where nothing is configured
    (nobody promised that they arrive daily, but the newest of them says how old the figures are).
    """
    faults = []
    for site in settings.search_console.sites:
        days = [h.last for h in found if h.grain == _SEARCH and h.site == site and h.last]
        faults += _judged(f"Search Console {site}", days, settings)
    if settings.matomo.url:
        days = [h.last for h in found if h.grain == _PORTAL and h.source == "matomo" and h.last]
        faults += _judged("Matomo", days, settings)
    if not settings.search_console.sites and not settings.matomo.url:
        days = [h.last for h in found if h.source not in {"ozg", "pvog"} and h.last]
        faults += _judged("Daten", days, settings)
    return faults


def _judged(source: str, days: list[dt.date], settings: Settings) -> list[str]:
    if not days:
        return [f"{source}: noch nichts geladen."]
    age = (settings.current_day() - max(days)).days
    if age < 0:
        return [f"{source}: letzter Tag {max(days):%d.%m.%Y} liegt in der Zukunft; bitte die Uhr prüfen."]
    limit = settings.operations.stale_after_days
    if age <= limit:
        return []
    return [
        f"{source}: letzter Tag {max(days):%d.%m.%Y}, {counted(age, 'Tag', 'Tage')} alt; erlaubt sind {limit}."
    ]
