"""Which online services providers offer to municipalities for the city's services, by their own lists."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base.question import Question, columns
from portalkompass.answers.services.elsewhere.reported import WORKS, linked
from portalkompass.exhibit import Exhibit, Field
from portalkompass.schema import SERVICE_OFFERS

SOURCE = "Listen der Anbieter (EfA, Marktplatz)"
RULE = (
    "Verbunden über den Leistungsschlüssel; Preis, Vertrag und Termin stehen wie in der Liste des Anbieters."
)
_FIELDS = (
    *columns(provider="Anbieter", price="Preis", contract="Vertrag"),
    Field("available_from", "Verfügbar ab", "date"),
    Field("url", "Adresse", "link"),
)


def offers_of(question: Question, listed: pd.DataFrame) -> pd.DataFrame:
    """One row a service of ``listed`` and offer with one of its keys; a provider's same offer once."""

    def make() -> pd.DataFrame:
        if not question.warehouse.holds(SERVICE_OFFERS.name):
            return pd.DataFrame(columns=list(SERVICE_OFFERS.names))
        rows = question.warehouse.ask(lambda t: t[SERVICE_OFFERS.name].sort("leika_key", "provider", "url"))
        # An offer without an address has none: its cell is empty, not a link to nowhere.
        return rows.assign(url=rows["url"].where(rows["url"] != ""))

    found = linked(listed, question.whole.once("offers", make))
    return found.drop_duplicates(["service", "provider", "url", "price", "contract"])


def offers_table(question: Question, listed: pd.DataFrame, offers: pd.DataFrame) -> Exhibit | None:
    """Offers for every service, first those without a working online service here; None without any.

    ``offers`` is `reported.offered`.
    """
    found = offers_of(question, listed)
    if found.empty:
        return None
    here = offers.set_index("service")["offered"]
    rows = found.assign(here=found["service"].map(here))
    rows = rows.assign(works=rows["here"] == WORKS).sort_values(["works", "service_name", "provider", "url"])
    open_ = rows.loc[~rows["works"], "service"].nunique()
    count = german.count(open_, "Leistung", "Leistungen")
    headline = (
        f"Für {count} ohne Onlinedienst gibt es Angebote"
        if open_
        else "Angebote für Leistungen mit Onlinedienst"
    )
    return question.table(
        "market_offers",
        rows,
        (*columns(service_name="Leistung", here="Onlinedienst hier"), *_FIELDS),
        headline=headline,
        subtitle="Angebote von EfA und Marktplätzen je Leistung der Liste",
        alt="Tabelle der Angebote je Leistung.",
        source=SOURCE,
        notes=(RULE,),
        folded=("contract", "url"),  # stand on the service's own page; here the table would scroll sideways
    )


def service_offers(question: Question, listed: pd.DataFrame, name: str) -> Exhibit | None:
    """Offers for one service (``listed`` is its row); None without any."""
    rows = offers_of(question, listed)
    if rows.empty:
        return None
    providers = german.count(rows["provider"].nunique(), "Anbieter hat", "Anbieter haben")
    return question.table(
        "service_offers",
        rows,
        _FIELDS,
        headline=f"{providers} einen Onlinedienst zu „{name}“ im Angebot",
        subtitle=f"Angebote von EfA und Marktplätzen zu „{name}“",
        alt=f"Tabelle der Angebote zu „{name}“.",
        source=SOURCE,
        notes=(RULE,),
    )
