"""Search Console as one of the network sources."""

from __future__ import annotations

from etl.console import Step
from etl.sources.search_console.grains import SOURCE
from etl.sources.source import Day, DayTable, Feed, PullReport
from portalkompass.schema import DAY_GRAINS, SEARCH_SITE_DAY
from portalkompass.settings import Settings

name = SOURCE
label = "Search Console"
command = "search-console"
summary = "Search Console über die API laden."
needed_settings = "search_console.site und search_console.credentials_file"
day_tables: tuple[DayTable, ...] = tuple(DayTable(table) for table in DAY_GRAINS)


def configured(settings: Settings) -> bool:
    """Whether a property is named."""
    return bool(settings.search_console.sites)


def check(settings: Settings) -> list[str]:
    """Key, sign-in, properties, newest day."""
    from etl.sources.search_console.check import check

    return check(settings)


def describe(settings: Settings, since: Day, until: Day) -> list[str]:
    """The plan of every property and search type."""
    from etl.sources.search_console.describe import describe
    from etl.sources.search_console.pull import plan_run

    per_second = settings.search_console.queries_per_second
    return [line for plan in plan_run(settings, since, until) for line in describe(plan, per_second)]


def pull(settings: Settings, since: Day, until: Day, progress: Step | None) -> PullReport:
    """Every property and search type."""
    from etl.sources.search_console.pull import pull

    return pull(settings, since=since, until=until, progress=progress)


def feeds(settings: Settings) -> list[Feed]:
    """The totals of every property."""
    return [Feed(f"{label} {site}", SEARCH_SITE_DAY.name, site) for site in settings.search_console.sites]
