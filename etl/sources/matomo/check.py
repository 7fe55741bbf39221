"""`--check`: is everything there to pull the data, and if not, what is missing?"""

from __future__ import annotations

import datetime as dt

from etl.errors import LoadError
from etl.reports import counted, german_day
from etl.sources.matomo.client import Client
from etl.sources.matomo.fetch import fetch_days
from etl.sources.matomo.replies import read_version
from etl.sources.matomo.website import find_website
from etl.sources.pace import Pace
from etl.sources.retries import Stopped
from portalkompass.settings import Settings


def check(settings: Settings) -> list[str]:
    """Sentences on what works, in order: token file, server, website, goals, figures of yesterday.

    Raises:
        LoadError: the first thing that is missing, with what to do about it.
    """
    matomo = settings.matomo
    client = Client(matomo, Pace(matomo.requests_per_second))
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
        found = fetch_days(client, matomo, tuple(website.goal_pages), yesterday, yesterday)
    except Stopped as stop:
        raise LoadError(str(stop)) from None
    visits = counted(found[0].visits, "Besuch", "Besuche") if found else "noch keine Besuche"
    pages = counted(len(found[0].pages), "Seite", "Seiten") if found else "keine Seiten"
    good.append(f"Gestern, {german_day(yesterday)}: {visits}, {pages}.")
    return good
