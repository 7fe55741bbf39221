"""`--check`: is everything there to pull the data, and if not, what is missing?"""

from __future__ import annotations

import datetime as dt

import msgspec

from etl.errors import LoadError
from etl.reports import counted
from etl.sources.pace import Pace
from etl.sources.search_console.client import Client
from etl.sources.search_console.fetch import fetch_days
from portalkompass.settings import Settings


class _Site(msgspec.Struct, rename="camel"):
    site_url: str
    permission_level: str = ""


class _Sites(msgspec.Struct, rename="camel"):
    site_entry: list[_Site] = []


def check(settings: Settings) -> list[str]:
    """Sentences on what works, in order: key, sign-in, property, data.

    Raises:
        LoadError: the first thing that is missing, with what to do about it.
    """
    console = settings.search_console
    if not console.sites:
        raise LoadError("Es ist keine Property eingerichtet. Bitte search_console.site setzen.")
    client = Client(console, Pace(console.queries_per_second))
    good = [f"Schlüsseldatei gelesen: Dienstkonto {client.account}."]
    reply = client.send(
        console.sites[0], lambda service: service.sites().list(), msgspec.json.Decoder(_Sites).decode
    )
    visible = {site.site_url: site.permission_level for site in reply.site_entry}
    good.append(f"Anmeldung gelungen: {counted(len(visible), 'Property', 'Propertys')} sichtbar.")
    for site in console.sites:
        if visible.get(site, "siteUnverifiedUser") == "siteUnverifiedUser":
            others = ", ".join(sorted(visible)) or "keine"
            raise LoadError(
                f"Die Property „{site}“ ist für das Dienstkonto {client.account} nicht sichtbar (sichtbar: {others}). "
                "Bitte in der Search Console unter „Einstellungen → Nutzer und Berechtigungen“ das Dienstkonto "
                "hinzufügen und die Schreibweise der Property prüfen."
            )
        today = settings.current_day()
        known = fetch_days(client, site, "web", today - dt.timedelta(days=30), today, "final")
        newest = max(known.totals, default=None)
        good.append(
            f"Property {site}: Berechtigung {visible[site]}, neuester endgültiger Tag "
            + (f"{newest:%d.%m.%Y}." if newest else "noch keiner.")
        )
    return good
