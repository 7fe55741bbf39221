"""What one property and search type needs while it is pulled, and what a pull of all of them tells in the end."""

from __future__ import annotations

from dataclasses import dataclass, field

from etl.console import Step
from etl.sources.pace import Pace
from etl.sources.search_console.client import Client
from etl.sources.search_console.grains import Grain, day_grains
from etl.sources.search_console.plan import Plan
from etl.sources.source import Day, PullReport
from portalkompass.settings import Settings


@dataclass
class Report(PullReport):
    """The same for Search Console, with the plan of each round; ``hidden``: clicks without a listed query."""

    plans: list[Plan] = field(default_factory=list)


@dataclass(frozen=True)
class Job:
    """All that one property and search type needs while it is pulled, and which days are asked for."""

    client: Client
    settings: Settings
    site: str
    search_type: str
    pace: Pace
    since: Day
    until: Day
    progress: Step | None = None
    spellings: dict[str, str] = field(default_factory=dict)

    @property
    def grains(self) -> tuple[Grain, ...]:
        """What is pulled of each day beside the property's totals."""
        return day_grains(self.search_type, self.settings.search_console.device_grains)
