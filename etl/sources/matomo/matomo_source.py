"""Matomo as one of the network sources."""

from __future__ import annotations

from etl.console import Step
from etl.sources.source import Day, DayTable, Feed, PullReport
from portalkompass.schema import PORTAL_PAGE, PORTAL_SITE_DAY
from portalkompass.settings import Settings

name = "matomo"
label = "Matomo"
command = "matomo"
summary = "Portalzahlen über die Reporting-API von Matomo laden."
needed_settings = "matomo.url"
day_tables: tuple[DayTable, ...] = (DayTable(PORTAL_PAGE, "period_start"), DayTable(PORTAL_SITE_DAY))


def configured(settings: Settings) -> bool:
    """Whether an address is named."""
    return bool(settings.matomo.url)


def check(settings: Settings) -> list[str]:
    """Token, server, website, goals, figures of yesterday."""
    from etl.sources.matomo.check import check

    return check(settings)


def describe(settings: Settings, since: Day, until: Day) -> list[str]:
    """The plan of the website."""
    from etl.sources.matomo.describe import describe
    from etl.sources.matomo.pull import plan_run

    return describe(plan_run(settings, since, until), settings.matomo)


def pull(settings: Settings, since: Day, until: Day, progress: Step | None) -> PullReport:
    """The configured website."""
    from etl.sources.matomo.pull import pull_matomo

    return pull_matomo(settings, since=since, until=until, progress=progress)


def feeds(settings: Settings) -> list[Feed]:
    """Visits and page views of the portal."""
    return [Feed(label, PORTAL_SITE_DAY.name)]
