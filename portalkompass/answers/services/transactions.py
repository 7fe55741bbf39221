"""Transactions of a month: initial applications that began online, as the central statistics component counts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import service_list
from portalkompass.answers.base.question import Question
from portalkompass.answers.services.case_rows import case_cells
from portalkompass.answers.services.case_years import names_with_cases
from portalkompass.suppression import BELOW


@dataclass(frozen=True, slots=True)
class Transactions:
    """``rows``: service_name, service_key, transactions (whole numbers), one each key whose count may be told.

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


def transactions(
    question: Question, month: dt.date, several_keys: Literal["first", "leave_out"]
) -> Transactions:
    """The online applications of every service of the city's list in that month, those of one key together.

    A service of ``several_keys`` counts under its first, or not at all. Counts that are hidden everywhere else are left
    out here, too: the file leaves the house.
    """
    cells = case_cells(question)
    if len(cells):
        cells = cells[cells["month"] == pd.Timestamp(month)]
    online = cells[cells["channel"] == "online"] if len(cells) else cells
    if online.empty:
        return Transactions(month, pd.DataFrame(columns=["service_name", "service_key", "transactions"]), ())
    names = names_with_cases(question)
    listed = service_list.services(question.warehouse, question.settings)
    rows = online.merge(listed[["service", "leistungsschluessel"]], on="service", how="left")
    rows["service_name"] = [names.get(service, service) for service in rows["service"]]
    keys = [() if german.is_missing(one) else tuple(one) for one in rows["leistungsschluessel"]]
    rows["service_key"] = [own[0] if own else None for own in keys]
    keyed = rows["service_key"].notna()
    known = rows["applications"].notna()
    open_ = rows["applications_state"] == "shown"
    several = pd.Series([len(own) > 1 for own in keys], index=rows.index) & (several_keys == "leave_out")
    told = known & open_ & keyed & ~several
    # What a key counts is not told without the part that is unknown or hidden.
    partly = told & rows["service_key"].isin(rows.loc[keyed & ~several & ~told, "service_key"])
    reasons = (
        ("ohne Zahl der Anträge", ~known),
        (f"„{BELOW}“ oder zum Schutz kleiner Zahlen geheim", known & ~open_),
        ("ohne Leistungsschlüssel in der Liste der Stadt", known & open_ & ~keyed),
        ("mit mehreren Leistungsschlüsseln", known & open_ & several),
        ("weil eine andere Leistung desselben Schlüssels fehlt", partly),
    )
    without = {names.get(service, service) for service in set(cells["service"]) - set(online["service"])}
    left_out = [(reason, set(rows.loc[of, "service_name"])) for reason, of in reasons]
    left_out.append(("ohne Angabe zum Kanal Online", without))
    shown = (
        rows[told & ~partly]
        .sort_values("service_name")
        .groupby("service_key", sort=False)
        .agg(service_name=("service_name", ", ".join), transactions=("applications", "sum"))
        .reset_index()[["service_name", "service_key", "transactions"]]
    )
    sentences = (f"Nicht in der Datei, {reason}: {', '.join(sorted(of))}." for reason, of in left_out if of)
    return Transactions(month, shown, tuple(sentences))


def headline(made: Transactions) -> str:
    """How many keys, and how many transactions they have together."""
    services = german.count(len(made.rows), "Leistungsschlüssel", "Leistungsschlüssel")
    total = german.count(made.rows["transactions"].sum(), "Transaktion", "Transaktionen")
    return f"{german.month(made.month)}: {services} mit zusammen {total}"
