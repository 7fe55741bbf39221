"""Matomo as one of the network sources."""

from __future__ import annotations

import datetime as dt

from etl.console import Step
from etl.errors import LoadError
from etl.reports import counted, german_day
from etl.sources.pace import Pace
from etl.sources.source import Day, DayTable, Feed, PullReport
from etl.sources.waiting import teller
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


def check(settings: Settings, progress: Step | None = None) -> list[str]:
    """Sentences on token file, server, website, goals and figures of yesterday."""
    from etl.sources.matomo.client import Client
    from etl.sources.matomo.fetch import fetch_days
    from etl.sources.matomo.replies import read_version
    from etl.sources.matomo.website import find_website
    from etl.sources.retries import Stopped

    matomo = settings.matomo
    client = Client(matomo, Pace(matomo.requests_per_second, teller(None, progress)))
    good = [f"Token-Datei gelesen; Matomo wird unter {client.host} gefragt."]
    try:
        version = client.ask("API.getMatomoVersion", {}, read_version)
        good.append(f"Matomo {version} antwortet und erkennt den Token an.")
        website = find_website(client, settings)
        good.append(
            f"Website {matomo.site_id} „{website.name}“: Zahlen gehören zu {website.site}, erster Tag "
            f"{german_day(website.first_day)}, Zeitzone {website.timezone or 'unbekannt'}."
        )
        if website.goal_pages:
            good.append(f"Ziele für Anträge: {', '.join(map(str, website.goal_pages))}.")
        yesterday = settings.current_day() - dt.timedelta(days=1)
        reports = fetch_days(client, matomo, tuple(website.goal_pages), yesterday, yesterday)
    except Stopped as stop:
        raise LoadError(str(stop)) from None
    told = [report for report in reports if not report.silent]
    visits = counted(told[0].visits, "Besuch", "Besuche") if told else "noch keine Besuche"
    pages = counted(len(told[0].pages), "Seite", "Seiten") if told else "keine Seiten"
    good.append(f"Gestern, {german_day(yesterday)}: {visits}, {pages}.")
    return good


def describe(settings: Settings, since: Day, until: Day, progress: Step | None = None) -> list[str]:
    """The plan of the website."""
    from etl.sources.matomo.describe import describe
    from etl.sources.matomo.pull import plan_run

    return describe(plan_run(settings, since, until, progress), settings.matomo)


def pull(settings: Settings, since: Day, until: Day, progress: Step | None) -> PullReport:
    """The configured website."""
    from etl.sources.matomo.pull import pull_matomo

    return pull_matomo(settings, since=since, until=until, progress=progress)


def feeds(settings: Settings) -> list[Feed]:
    """Visits and page views of the portal."""
    return [Feed(label, PORTAL_SITE_DAY.name)]
