"""The network sources, in the order in which `run` asks them."""

from __future__ import annotations

from etl.sources.matomo import matomo_source
from etl.sources.pvog import pvog_source
from etl.sources.search_console import search_console_source
from etl.sources.source import Source
from portalkompass.settings import Settings

SOURCES: tuple[Source, ...] = (search_console_source, matomo_source, pvog_source)


def configured_sources(settings: Settings) -> list[Source]:
    """The sources that the settings name."""
    return [source for source in SOURCES if source.configured(settings)]
