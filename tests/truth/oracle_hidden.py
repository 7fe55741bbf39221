"""Counts of people in plain SQL: what is below 5 is hidden, what is withheld to protect it is a choice of the app's.

That choice depends on no period and is taken once from the app (`Withheld`); that it holds, and that nothing below 5 is
told by it, is what the attackers look at (`test_attacker`, `test_attacked_cases`).
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from tests.truth.oracle import DAY, Expected, Oracle, month_start
from tests.truth.writing import NBSP, figure, percent

Links = list[tuple[str, str, float]]
"""url, service, share."""
SMALLEST = 5
UNKNOWN = "unbekannt"


@dataclass(frozen=True)
class Withheld:
    """What the app withholds although it is 5 or more: cells of cases, of feedback, of the portal's pages."""

    cases: frozenset[tuple[str, dt.date, str, str]]
    """service, month, channel, name of the count."""
    feedback: frozenset[tuple[str, dt.date]]
    applications: frozenset[tuple[str, dt.date]]
    """url, first day of the base period."""


def state(amount: float, withheld: bool) -> str:
    """``below``, ``withheld`` or ``shown``: small ones always are the first."""
    return "below" if amount < SMALLEST else "withheld" if withheld else "shown"


def words(known: float, below: float, withheld: float) -> str:
    """What stands in the place of a sum of shown, small and withheld counts; "" where it may stand itself."""
    if withheld:
        return f"mind. {figure(math.floor(known + SMALLEST * withheld))}" if known else "geheim"
    if not below:
        return f"< {SMALLEST}" if known < SMALLEST else ""
    most = math.ceil(known + (SMALLEST - 1) * below)
    if not known:
        return f"< {figure(max(SMALLEST, most + 1))}"
    return f"{figure(math.floor(known))} bis {figure(most)}"


@dataclass(frozen=True)
class Applied:
    """Applications of one service: the number or what stands in its place, and those of a start."""

    number: float | None
    words: str
    rate: float | None


def applied(oracle: Oracle, links: Links, withheld: Withheld) -> dict[str, Applied]:
    """Of every service with a page whose applications the portal tells, over the base periods inside the period."""
    shares: dict[str, list[tuple[str, float]]] = {}
    for url, service, share in links:
        shares.setdefault(url, []).append((service, share))
    first, until = oracle.now
    sums: dict[str, dict[str, float]] = {}
    for url, begins, ends, starts, amount in _base_periods(oracle):
        if begins < first or ends > until:
            continue
        own = state(amount, (url, begins) in withheld.applications)
        for service, share in shares.get(url, ()):
            found = sums.setdefault(
                service, {"shown": 0.0, "below": 0.0, "withheld": 0.0, "starts": 0.0, "blank": 0.0}
            )
            found[own] += amount * share if own == "shown" else share
            found["starts"] += (starts or 0.0) * share
            found["blank"] += starts is None
    return {service: _applied(found) for service, found in sums.items()}


def _applied(found: dict[str, float]) -> Applied:
    instead = words(found["shown"], found["below"], found["withheld"])
    number = None if instead else found["shown"]
    known = number is not None and not found["blank"] and found["starts"] > 0
    return Applied(number, instead, number / found["starts"] if known and number is not None else None)


def _base_periods(oracle: Oracle) -> list[tuple[str, dt.date, dt.date, float | None, float]]:
    """url, days, starts and applications: of a month that is over, or of a report that crosses months."""
    return oracle.all(
        """WITH r AS (SELECT *, date_trunc('month', period_start) <> date_trunc('month', period_end) crosses
             FROM portal_page WHERE site = $site),
           b AS (SELECT url, applications, service_starts,
               CASE WHEN crosses THEN period_start ELSE date_trunc('month', period_start)::DATE END first_day,
               CASE WHEN crosses THEN period_end ELSE last_day(period_start) END last_day
             FROM r WHERE applications IS NOT NULL)
           SELECT url, first_day, last_day, sum(service_starts)::DOUBLE, sum(applications)::DOUBLE FROM b GROUP BY ALL
           HAVING last_day <= (SELECT max(period_end) FROM r)
             AND (sum(service_starts) IS NULL OR sum(service_starts) <> 0 OR sum(applications) >= 5)"""
    )


def add_applications(
    oracle: Oracle, wanted: Expected, links: Links, withheld: Withheld, extra: dict[str, str]
) -> None:
    """Leistungen: columns of applications of the table and of the funnel, by the names that are expected already.

    ``extra``: names of services that the city added.
    """
    names = {name: service for service, name in extra.items()}
    names |= dict(oracle.all("SELECT name, service FROM services WHERE $site = $site"))
    found = applied(oracle, links, withheld)
    for id_ in ("service_table", "service_funnel"):
        for name, row in wanted.rows.get(id_, {}).items():
            own = found.get(names.get(name, ""), Applied(None, "", None))
            row["applications"] = own.words or own.number
            if id_ == "service_funnel":
                row["application_rate"] = own.rate
            else:
                row["application_drop_out"] = None if own.rate is None else 1 - own.rate


def whole_months(oracle: Oracle) -> list[dt.date]:
    """First days of the months that lie in the period with every day."""
    start, end = oracle.now
    months = [month_start(start.year, start.month + n) for n in range((end.year - start.year) * 12 + 13)]
    return [
        month for month in months if start <= month and month_start(month.year, month.month + 1) - DAY <= end
    ]


def add_card(
    oracle: Oracle, wanted: Expected, shown: dict, service: str, links: Links, withheld: Withheld
) -> None:
    """The service's card whole, with completion, and the card of applications; after `add_cases`, `add_feedback`."""
    own = applied(oracle, links, withheld).get(service, Applied(None, "", None))
    card = wanted.rows.setdefault("service_card", {})
    wanted.keys["service_card"] = ("measure",)
    for name in ("Online-Quote", "Ende-zu-Ende", "Kosten je Fall (Euro)", "Zufriedenheit"):
        card.setdefault(name, {"value": UNKNOWN, "period": ""})
    card["Abschlussquote"] = {"value": UNKNOWN if own.rate is None else percent(own.rate)}
    known = sum(row.get("value") != UNKNOWN for row in card.values())
    wanted.heads["service_card"] = (
        f"{known} von {len(card)} Kennzahlen der Leistung {'ist' if known == 1 else 'sind'} bekannt"
        if known
        else "Noch ist keine Kennzahl der Leistung bekannt"
    )
    if any(one["id"] == "antraege" for one in shown["figures"]):
        amount = "–" if own.number is None else figure(own.number)
        dropped = [] if own.rate is None else [f"{percent(1 - own.rate, 0)} der Starts ohne Antrag"]
        wanted.figures["antraege"] = {"value": own.words or amount, "change": "; ".join(dropped)}


def with_unit(value: float, decimals: int, unit: str) -> str:
    """``12,0 Tage``."""
    return f"{figure(value, decimals)}{NBSP}{unit}" if unit else figure(value, decimals)
