"""Transactions of a month: initial applications that began online, as the central statistics component counts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import service_list
from portalkompass.answers.base.question import Question
from portalkompass.answers.services.case_rows import case_cells
from portalkompass.answers.services.case_years import names_with_cases
from portalkompass.suppression import BELOW


@dataclass(frozen=True, slots=True)
class Transactions:
    """``rows``: service_name, service_keys (tuple), transactions (whole numbers), one each service that may be told.

    ``left_out`` says in sentences which services are not among them, and why.
    """

    month: dt.date
    rows: pd.DataFrame
    left_out: tuple[str, ...]


def months_told(question: Question) -> list[dt.date]:
    """First days of the months that some department told online applications of, the newest first."""
    cells = case_cells(question)
    if cells.empty:
        return []
    told = cells[(cells["channel"] == "online") & cells["applications"].notna()]
    return [month.date() for month in sorted(told["month"].unique(), reverse=True)]


def transactions(question: Question, month: dt.date) -> Transactions:
    """The online applications of every service of the city's list in that month.

    Counts that are hidden everywhere else are left out here, too: the file leaves the house.
    """
    cells = case_cells(question)
    online = (
        cells[(cells["channel"] == "online") & (cells["month"] == pd.Timestamp(month))]
        if len(cells)
        else cells
    )
    if online.empty:
        return Transactions(month, pd.DataFrame(columns=["service_name", "service_keys", "transactions"]), ())
    listed = service_list.services(question.warehouse, question.settings)
    rows = online.merge(listed[["service", "leistungsschluessel"]], on="service", how="left")
    known = rows["applications"].notna()
    open_ = rows["applications_state"] == "shown"
    keys = [() if german.is_missing(one) else tuple(one) for one in rows["leistungsschluessel"]]
    rows = rows.assign(service_keys=pd.Series(keys, index=rows.index, dtype="object"))
    keyed = rows["service_keys"].map(len) > 0
    names = names_with_cases(question)
    named = rows["service"].map(lambda service: names.get(service, service))
    reasons = (
        ("ohne Zahl der Anträge", ~known),
        (f"„{BELOW}“ oder zum Schutz kleiner Zahlen geheim", known & ~open_),
        ("ohne Leistungsschlüssel in der Liste der Stadt", known & open_ & ~keyed),
    )
    left_out = tuple(
        f"Nicht in der Datei, {reason}: {', '.join(sorted(named[of]))}." for reason, of in reasons if of.any()
    )
    told = rows[known & open_ & keyed].assign(service_name=named)
    shown = told[["service_name", "service_keys", "applications"]].rename(
        columns={"applications": "transactions"}
    )
    return Transactions(month, shown.sort_values("service_name", ignore_index=True), left_out)


def headline(made: Transactions) -> str:
    """How many services, and how many transactions they have together."""
    services = german.count(len(made.rows), "Leistung", "Leistungen")
    total = german.count(made.rows["transactions"].sum(), "Transaktion", "Transaktionen")
    return f"{german.month(made.month)}: {services} mit zusammen {total}"
