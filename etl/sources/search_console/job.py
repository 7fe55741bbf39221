"""What one property and search type needs while it is pulled, and what a run tells in the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from etl.sources.pace import Pace
from etl.sources.search_console.client import Client
from etl.sources.search_console.plan import Plan
from portalkompass.settings import Settings

Progress = Callable[[str, int, int], None]
"""Called with (what, done, total) after each loaded batch."""


@dataclass
class Report:
    """What a run did: the plans it made, days and rows loaded, requests sent, warnings."""

    plans: list[Plan] = field(default_factory=list)
    days: int = 0
    rows: int = 0
    requests: int = 0
    capped_days: int = 0
    inspected_pages: int = 0
    warnings: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    """Clicks without a listed query, a sentence for each month that the run touched."""


@dataclass(frozen=True)
class Job:
    """All that one property and search type needs while it is pulled."""

    client: Client
    settings: Settings
    site: str
    search_type: str
    pace: Pace
    spellings: dict[str, str] = field(default_factory=dict)
