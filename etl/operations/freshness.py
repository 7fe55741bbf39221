"""Whether the figures are fresh enough for monitoring: one sentence for each source that is not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from etl.operations.file_kinds import FILE_KINDS
from etl.operations.status import Holding
from etl.reports import counted
from etl.sources.registry import configured_sources
from portalkompass.settings import Settings


def stale(held: Sequence[Holding], settings: Settings) -> list[str]:
    """German sentences for every source whose last day is older than ``operations.stale_after_days``.

    Configured sources must have data; files loaded by hand count only where nothing is configured
    (nobody promised that they arrive daily, but the newest of them says how old the figures are).
    """
    sources = configured_sources(settings)
    if not sources:
        lists = {kind.dated[0] for kind in FILE_KINDS if kind.dated}
        return _judged("Daten", [h.last for h in held if h.source not in lists and h.last], settings)
    faults = []
    for source in sources:
        for feed in source.feeds(settings):
            of_feed = [h for h in held if (h.source, h.grain) == (source.name, feed.grain)]
            days = [h.last for h in of_feed if feed.site in ("", h.site) and h.last]
            faults += _judged(feed.label, days, settings)
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
