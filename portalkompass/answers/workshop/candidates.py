"""Hohe Nachfrage, nicht auf der Liste: services without status and unmapped pages that many people look for."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import estimate_rows, service_list
from portalkompass.answers.base.link_rows import service_map
from portalkompass.answers.base.page_rows import labels
from portalkompass.answers.base.question import Question, columns, field, measures
from portalkompass.exhibit import Exhibit
from portalkompass.metrics.measures import CHANGE, DEMAND, IMPRESSIONS

MOST_CANDIDATES = 15
COLUMNS = ["service_id", "url", "name", "kind", "clicks", "change", "impressions"]
SERVICE, PAGE = "Leistung ohne Status", "Seite ohne Zuordnung"


def candidates(year: Question, demand: pd.DataFrame) -> tuple[Exhibit, ...]:
    """The most sought of both kinds in one table; candidates only, they never count among the list."""
    sought = demand[(demand["list"] == service_list.WITHOUT_STATUS) & (demand["clicks"] > 0)]
    services = sought.assign(kind=SERVICE, service_id=sought["service"], url="")[COLUMNS]
    rows = pd.concat([services, _pages(year)], ignore_index=True)
    top = rows.sort_values(["clicks", "name"], ascending=[False, True], kind="stable").head(MOST_CANDIDATES)
    if top.empty:
        return ()
    first, period = top.iloc[0], german.period(year.now.start, year.now.end)
    headline = (
        f"„{first['name']}“ steht nicht auf der Liste und holt "
        f"{german.count(first['clicks'], 'Klick', 'Klicks')}"
    )
    table = year.exhibit(
        "off_list",
        "table",
        top,
        (
            *columns(name="Leistung oder Seite", kind="Art"),
            field(DEMAND, "clicks", "Nachfrage"),
            *measures(CHANGE, IMPRESSIONS),
        ),
        headline=headline,
        subtitle=f"Hohe Nachfrage, nicht auf der Liste · {period}",
        alt=f"Tabelle der meistgesuchten Leistungen ohne Status und Seiten ohne Zuordnung, {period}. {headline}.",
        notes=(DEMAND.definition, "Kandidaten zählen nicht zu den Leistungen mit Status."),
    )
    return (table,)


def _pages(year: Question) -> pd.DataFrame:
    titles = estimate_rows.titles(year)[["url", "title"]]
    rows = estimate_rows.compared_pages(year).merge(titles, on="url", how="left")
    marked = rows["url"].isin(service_map(year).page_mark["url"])
    sought = rows.assign(name=labels(rows))[~marked & (rows["clicks"] > 0)]
    return sought.assign(kind=PAGE, service_id="")[COLUMNS]
