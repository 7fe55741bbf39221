"""What a service costs and saves: present value over the years that count, and where it would turn.

The monetary part of a German economic view (Wirtschaftlichkeitsbetrachtung, WiBe module KN): cost of introduction falls
before the first year and is not discounted; cost of operation and saved working time fall at the end of each year and
are. Nothing is guessed: a value stands on known numbers alone, and what is missing for it is named.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

MINUTES_AN_HOUR = 60.0
DAYS, ONCE, YEARLY, CASES, MINUTES = (
    "Personentage",
    "einmalige Kosten",
    "Kosten je Jahr",
    "Fälle",
    "Minuten je Fall",
)
DAY_RATE, HOUR_RATE, DISCOUNT = "Tagessatz", "Stundensatz", "Kalkulationszins"


@dataclass(frozen=True, slots=True)
class Rates:
    """The city's rates; None is unknown.

    ``day``: euros for a person-day of introduction; ``hour``: euros for an hour of case work; ``discount``: share a
    year; ``years``: how many years of operation count, at least 1.
    """

    day: float | None
    hour: float | None
    discount: float | None
    years: int


@dataclass(frozen=True, slots=True)
class Business:
    """What is known of one service; None is unknown, 0 is none.

    ``days``: person-days of introduction; ``once`` and ``yearly``: euros beside them; ``cases`` a year; ``minutes``
    saved for each.
    """

    days: float | None = None
    once: float | None = None
    yearly: float | None = None
    cases: float | None = None
    minutes: float | None = None


@dataclass(frozen=True, slots=True)
class Economy:
    """One service under the rates, in euros; NaN where ``missing`` names what is not known.

    ``introduction``: before the first year; ``saved``: by saved working time in each year; ``present_value``: of
    savings less all costs; ``even_cases``, ``even_minutes``, ``even_once``: cases a year, minutes a case, or one-off
    euros beside the person-days at which the present value is 0, all else as it is (NaN where no amount does it);
    ``years_to_even``: the first year from whose end on the sum is not negative, None in none that counts.
    """

    introduction: float
    yearly: float
    saved: float
    present_value: float
    even_cases: float
    even_minutes: float
    even_once: float
    years_to_even: int | None
    missing: tuple[str, ...]


def annuity(discount: float, years: int) -> float:
    """Present value of one euro at the end of each of ``years`` years."""
    return math.fsum((1.0 + discount) ** -year for year in range(1, years + 1))


def economy(known: Business, rates: Rates) -> Economy:
    """Present value and break-even points of one service."""
    missing = _missing(known, rates)
    introduction, saved = _introduction(known, rates), _saved(known, rates)
    yearly = math.nan if known.yearly is None else known.yearly
    if missing or rates.discount is None:
        unknown = math.nan
        return Economy(introduction, yearly, saved, unknown, unknown, unknown, unknown, None, missing)
    factor = annuity(rates.discount, rates.years)
    value = factor * (saved - yearly) - introduction
    needed = introduction / factor + yearly  # euros a year that have to be saved
    return Economy(
        introduction,
        yearly,
        saved,
        value,
        _even(needed, _euros(1.0, known.minutes, rates.hour)),
        _even(needed, _euros(known.cases, 1.0, rates.hour)),
        most if (most := (known.once or 0.0) + value) >= 0 else math.nan,
        _first_even(introduction, saved - yearly, rates.discount, rates.years),
        (),
    )


def present_value(known: Business, rates: Rates, **changed: float) -> float:
    """The present value with some of the known numbers changed; NaN where one is missing."""
    return economy(replace(known, **changed), rates).present_value


def _missing(known: Business, rates: Rates) -> tuple[str, ...]:
    """What is not known and counts: a rate only where something is multiplied with it."""
    own = {
        DAYS: known.days,
        ONCE: known.once,
        YEARLY: known.yearly,
        CASES: known.cases,
        MINUTES: known.minutes,
    }
    no_time = 0.0 in (known.cases, known.minutes)
    needless = {CASES, MINUTES} if no_time else set()
    of_rates = {DISCOUNT: rates.discount}
    if known.days != 0.0:
        of_rates[DAY_RATE] = rates.day
    if not no_time:
        of_rates[HOUR_RATE] = rates.hour
    every = {**own, **of_rates}
    return tuple(name for name, value in every.items() if value is None and name not in needless)


def _introduction(known: Business, rates: Rates) -> float:
    if known.days is None or known.once is None or (known.days and rates.day is None):
        return math.nan
    return known.days * (rates.day or 0.0) + known.once


def _saved(known: Business, rates: Rates) -> float:
    if 0.0 in (known.cases, known.minutes):
        return 0.0
    return _euros(known.cases, known.minutes, rates.hour)


def _euros(cases: float | None, minutes: float | None, hour: float | None) -> float:
    """Euros a year; NaN where one of the three is unknown."""
    if cases is None or minutes is None or hour is None:
        return math.nan
    return cases * minutes / MINUTES_AN_HOUR * hour


def _even(needed: float, each: float) -> float:
    """How many of what saves ``each`` euros a year it takes; NaN where none is enough."""
    if needed <= 0:
        return 0.0
    return needed / each if each > 0 else math.nan


def _first_even(introduction: float, a_year: float, discount: float, years: int) -> int | None:
    if a_year < 0:  # even at best before the first year, and never again
        return None
    for year in range(years + 1):
        if annuity(discount, year) * a_year >= introduction:
            return year
    return None
