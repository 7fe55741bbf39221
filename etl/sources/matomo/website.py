"""The website in Matomo that the settings name: to which property it belongs and when it begins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

from etl.files.sites import checked_site
from etl.sources.matomo.client import Client
from etl.sources.matomo.replies import WebsiteReply, read_goals, read_website
from etl.sources.retries import Refused
from portalkompass.settings import Settings
from portalkompass.urls import belongs_to, host_of, normalise

_EARLIEST = dt.date(2005, 1, 1)
"""Before any Matomo: a creation day that cannot be read must not make a plan of centuries."""


@dataclass(frozen=True, slots=True)
class Website:
    """``site`` is the property, ``goal_pages`` the normalised page of each goal that counts applications."""

    site: str
    name: str
    main_url: str
    timezone: str
    first_day: dt.date
    goal_pages: Mapping[int, str]


def find_website(client: Client, settings: Settings) -> Website:
    """Ask Matomo for the website (and for its goals, where some are configured).

    Raises:
        Refused: no website number, unknown website, no property, or a goal that does not exist or whose page
            lies elsewhere.
        Stopped: Matomo cannot be reached now.
    """
    matomo = settings.matomo
    if not matomo.site_id:
        raise Refused(
            "Es ist keine Website eingerichtet. Bitte matomo.site_id auf die Nummer der Website in Matomo setzen "
            "(„Verwaltung → Websites“)."
        )
    reply = client.ask("SitesManager.getSiteFromId", {}, read_website)
    site = _property(settings, reply)
    return Website(
        site=site,
        name=reply.name,
        main_url=reply.main_url,
        timezone=reply.timezone,
        first_day=matomo.first_day or _created(reply),
        goal_pages=_goal_pages(client, settings, site, reply.main_url),
    )


def _property(settings: Settings, reply: WebsiteReply) -> str:
    """The configured property, else the main one of the Search Console, else the website's own address."""
    chosen = settings.matomo.property or settings.search_console.site
    if chosen:
        return checked_site(chosen)
    if not host_of(reply.main_url):
        raise Refused(
            "Matomo nennt keine Adresse der Website. Bitte matomo.property auf die Property setzen, zu der ihre "
            "Zahlen gehören."
        )
    return checked_site(reply.main_url)


def _created(reply: WebsiteReply) -> dt.date:
    try:
        return max(_EARLIEST, dt.date.fromisoformat(reply.ts_created[:10]))
    except ValueError:
        raise Refused(
            "Matomo nennt nicht, seit wann es die Website gibt. Bitte matomo.first_day auf den ersten Tag setzen, "
            "der geladen werden soll."
        ) from None


def _goal_pages(client: Client, settings: Settings, site: str, main_url: str) -> dict[int, str]:
    goals = settings.matomo.goals
    if not goals:
        return {}
    goal_names = client.ask("Goals.getGoals", {"filter_limit": "-1"}, read_goals)
    pages = {}
    for goal in goals:
        if goal.id not in goal_names:
            present = (
                ", ".join(f"{number} „{name}“" for number, name in sorted(goal_names.items())) or "keine"
            )
            raise Refused(f"Das Ziel {goal.id} (matomo.goals) gibt es in Matomo nicht; vorhanden: {present}.")
        page = normalise(urljoin(main_url, goal.page))
        if not belongs_to(page, site):
            raise Refused(
                f"Die Seite „{goal.page}“ des Ziels {goal.id} (matomo.goals) gehört nicht zu {site}."
            )
        pages[goal.id] = page
    return pages
