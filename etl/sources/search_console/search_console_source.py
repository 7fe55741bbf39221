"""Search Console as one of the network sources."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import msgspec

from etl.console import Step
from etl.errors import LoadError
from etl.reports import counted
from etl.sources.pace import Pace
from etl.sources.search_console.grains import SOURCE
from etl.sources.source import Day, DayTable, Feed, PullReport
from etl.sources.waiting import teller
from portalkompass.schema import DAY_GRAINS, DEVICE_GRAINS, SEARCH_SITE_DAY
from portalkompass.settings import Settings

if TYPE_CHECKING:
    from etl.sources.search_console.client import Client

name = SOURCE
label = "Search Console"
command = "search-console"
summary = "Search Console über die API laden."
needed_settings = "search_console.site und search_console.credentials_file"
day_tables: tuple[DayTable, ...] = tuple(DayTable(table) for table in (*DAY_GRAINS, *DEVICE_GRAINS))


class _Site(msgspec.Struct, rename="camel"):
    site_url: str
    permission_level: str = ""


class _Sites(msgspec.Struct, rename="camel"):
    site_entry: list[_Site] = []


def configured(settings: Settings) -> bool:
    """Whether a property is named."""
    return bool(settings.search_console.sites)


def check(settings: Settings, progress: Step | None = None) -> list[str]:
    """Sentences on key, sign-in, each property and its newest day."""
    from etl.sources.retries import Stopped
    from etl.sources.search_console.client import Client

    console = settings.search_console
    if not console.sites:
        raise LoadError("Es ist keine Property eingerichtet. Bitte search_console.site setzen.")
    client = Client(console, Pace(console.queries_per_second, teller(None, progress)))
    try:
        return [f"Schlüsseldatei gelesen: Dienstkonto {client.account}.", *_answers(client, settings)]
    except Stopped as stop:
        raise LoadError(str(stop)) from None


def _answers(client: Client, settings: Settings) -> list[str]:
    from etl.sources.search_console.fetch import fetch_days

    console = settings.search_console
    reply = client.send(
        console.sites[0], lambda service: service.sites().list(), msgspec.json.Decoder(_Sites).decode
    )
    visible = {site.site_url: site.permission_level for site in reply.site_entry}
    good = [f"Anmeldung gelungen: {counted(len(visible), 'Property', 'Propertys')} sichtbar."]
    for site in console.sites:
        if visible.get(site, "siteUnverifiedUser") == "siteUnverifiedUser":
            others = ", ".join(sorted(visible)) or "keine"
            raise LoadError(
                f"Die Property „{site}“ ist für das Dienstkonto {client.account} nicht sichtbar (sichtbar: {others}). "
                "Bitte in der Search Console unter „Einstellungen → Nutzer und Berechtigungen“ das Dienstkonto "
                "hinzufügen und die Schreibweise der Property prüfen."
            )
        today = settings.current_day()
        days = fetch_days(client, site, "web", today - dt.timedelta(days=30), today, "final")
        newest = max(days.totals, default=None)
        good.append(
            f"Property {site}: Berechtigung {visible[site]}, neuester endgültiger Tag "
            + (f"{newest:%d.%m.%Y}." if newest else "noch keiner.")
        )
    return good


def describe(settings: Settings, since: Day, until: Day, progress: Step | None = None) -> list[str]:
    """The plan of every property and search type."""
    from etl.sources.search_console.pull import plan_run

    per_second = settings.search_console.queries_per_second
    return [line for plan in plan_run(settings, since, until, progress) for line in plan.describe(per_second)]


def pull(settings: Settings, since: Day, until: Day, progress: Step | None) -> PullReport:
    """Every property and search type."""
    from etl.sources.search_console.pull import pull

    return pull(settings, since=since, until=until, progress=progress)


def feeds(settings: Settings) -> list[Feed]:
    """The totals of every property."""
    return [Feed(f"{label} {site}", SEARCH_SITE_DAY.name, site) for site in settings.search_console.sites]
