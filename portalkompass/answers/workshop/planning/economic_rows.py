"""The economic view of a plan: what each service costs and saves over the years that count, and where that turns."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from portalkompass import german
from portalkompass.answers.base.question import Question, columns
from portalkompass.answers.workshop.planning.plan_rows import SOURCE
from portalkompass.answers.workshop.planning.plan_sheets import kept_rates
from portalkompass.answers.workshop.planning.planned import Planned
from portalkompass.exhibit import Exhibit, Field
from portalkompass.prioritisation.planning import Business, Economy, Rates, economy
from portalkompass.settings import Settings

CHAPTER = "Wirtschaftlichkeit"
"""Of docs/methods.md."""
HOW = (
    "Kapitalwert: abgezinste Ersparnis an Arbeitszeit abzüglich der Kosten des Betriebs, Ende jedes Jahres, abzüglich "
    "der Einführung (Personentage und einmalige Kosten), nicht abgezinst. Was fehlt, wird nicht geschätzt."
)


def shipped_rates(settings: Settings) -> dict[str, float | None]:
    """The city's rates by the names of `plan_sheets.RATE_COLUMNS`."""
    own = settings.economy
    return {
        "day": own.euros_a_day,
        "hour": own.euros_an_hour,
        "discount": own.discount_percent,
        "years": float(own.years),
    }


def rates_of(question: Question, made: Planned) -> Rates:
    """The rates of the scenario, those of the settings where it has none."""
    kept = kept_rates(made.inputs.plan, shipped_rates(question.settings))
    discount = kept["discount"]
    return Rates(
        kept["day"],
        kept["hour"],
        None if discount is None else discount / 100,
        int(kept["years"] or question.settings.economy.years),
    )


def economies(question: Question, made: Planned) -> dict[str, tuple[Business, Economy]]:
    """Service → what is known of it and what follows, in the order of the ranking."""
    rates = rates_of(question, made)
    kept: Mapping[str, Mapping[str, Any]] = made.inputs.plan.get("projects", {})
    found = {}
    for project in made.inputs.projects:
        own = kept.get(project.id, {})
        known = Business(
            None if math.isnan(project.days) else project.days,
            own.get("once"),
            own.get("yearly"),
            own.get("cases"),
            own.get("minutes"),
        )
        found[project.id] = (known, economy(known, rates))
    return found


def entered(made: Planned) -> bool:
    """Whether anything of money or benefit was entered of a service of the scenario; else there is no economic view."""
    names = ("once", "yearly", "cases", "minutes")
    kept: Mapping[str, Mapping[str, Any]] = made.inputs.plan.get("projects", {})
    return any(
        kept.get(service, {}).get(name) is not None for service in made.decision.names for name in names
    )


def economic_table(question: Question, made: Planned) -> Exhibit | None:
    """Costs, savings and present value of every service, the highest first; None before anything was entered."""
    if not entered(made):
        return None
    rates = rates_of(question, made)
    found = economies(question, made)
    rows = pd.DataFrame(
        [
            {
                "service_id": service,
                "name": made.decision.told[service],
                "introduction": own.introduction,
                "yearly": own.yearly,
                "cases": _nan(known.cases),
                "minutes": _nan(known.minutes),
                "saved": own.saved,
                "value": own.present_value,
                "even_after": "" if math.isnan(own.present_value) else _even_after(own, rates),
                "missing": german.listing(own.missing),
            }
            for service, (known, own) in found.items()
        ]
    ).sort_values("value", ascending=False, na_position="last", kind="stable")
    fields = (
        Field("name", "Leistung"),
        Field("introduction", "Einführung", "integer", unit="Euro"),
        Field("yearly", "Betrieb je Jahr", "integer", unit="Euro"),
        Field("cases", "Fälle je Jahr", "integer"),
        Field("minutes", "Ersparte Minuten je Fall", "decimal1"),
        Field("saved", "Ersparnis je Jahr", "integer", unit="Euro"),
        Field("value", "Kapitalwert", "integer", unit="Euro", method=CHAPTER),
        *columns(even_after="Trägt sich", missing="Fehlt"),
    )
    shown = tuple(field for field in fields if rows[field.name].replace("", None).notna().any())
    headline = _headline(made, found, rates.years)
    return made.decision.exhibit(
        question,
        "plan_economy",
        rows,
        shown,
        headline=headline,
        subtitle=f"Wirtschaftlichkeit über {german.count(rates.years, 'Jahr', 'Jahre')} · {made.decision.title}",
        alt=f"Tabelle der Leistungen mit Kosten, Ersparnis und Kapitalwert. {headline}.",
        source=SOURCE,
        notes=(HOW, told_rates(rates)),
    )


def _headline(made: Planned, found: Mapping[str, tuple[Business, Economy]], years: int) -> str:
    """Of how many services the present value is known, of how many it is not negative, whose is the highest."""
    known = {service: own for service, (_, own) in found.items() if not own.missing}
    if not known:
        return "Kapitalwert für keine Leistung bekannt: überall fehlen Angaben"
    worth = sum(own.present_value >= 0 for own in known.values())
    of = f"Kapitalwert bekannt für {len(known)} von {german.count(len(found), 'Leistung', 'Leistungen')}"
    best = max(known, key=lambda service: known[service].present_value)
    most = f"„{made.decision.names[best]}“ ({german.number(known[best].present_value)} Euro)"
    if len(known) == 1:
        return f"{of}: {most}"
    even = german.count(worth, "trägt sich", "tragen sich") if worth else "keine trägt sich"
    return f"{of}: {even} in {german.count(years, 'Jahr', 'Jahren')}, am höchsten ist er bei {most}"


def even_table(question: Question, made: Planned) -> Exhibit | None:
    """At which cases, minutes and one-off costs the present value is 0; None where none is known."""
    rates = rates_of(question, made)
    found = {service: pair for service, pair in economies(question, made).items() if not pair[1].missing}
    if not found:
        return None
    rows = pd.DataFrame(
        [
            {
                "service_id": service,
                "name": made.decision.told[service],
                "value": own.present_value,
                "cases": _nan(known.cases),
                "even_cases": _up(own.even_cases, 0),
                "minutes": _nan(known.minutes),
                "even_minutes": _up(own.even_minutes, 1),
                "once": _nan(known.once),
                "even_once": -_up(-own.even_once, 0),
            }
            for service, (known, own) in found.items()
        ]
    ).sort_values("value", ascending=False, kind="stable")
    headline = _nearest(made, found)
    return made.decision.exhibit(
        question,
        "plan_break_even",
        rows,
        (
            Field("name", "Leistung"),
            Field("value", "Kapitalwert", "integer", unit="Euro", method=CHAPTER),
            Field("cases", "Fälle je Jahr, angenommen", "integer"),
            Field("even_cases", "Fälle, ab denen sie sich trägt", "integer"),
            Field("minutes", "Minuten je Fall, angenommen", "decimal1"),
            Field("even_minutes", "Minuten, ab denen sie sich trägt", "decimal1"),
            Field("once", "Einmalige Kosten, angenommen", "integer", unit="Euro"),
            Field("even_once", "Einmalige Kosten, bis zu denen sie sich trägt", "integer", unit="Euro"),
        ),
        headline=headline,
        subtitle=f"Wann der Kapitalwert 0 ist · {german.count(rates.years, 'Jahr', 'Jahre')} · {made.decision.title}",
        alt=f"Tabelle der Angaben, bei denen der Kapitalwert 0 ist. {headline}.",
        source=SOURCE,
        notes=(
            "Jede Angabe für sich geändert, alles andere wie angenommen. Leer: Keine Menge reicht, oder "
            "die Angabe, mit der sie malgenommen wird, ist unbekannt.",
            told_rates(rates),
        ),
    )


def _nearest(made: Planned, found: Mapping[str, tuple[Business, Economy]]) -> str:
    """Whose cases are nearest to where its present value turns."""
    away = {
        service: abs(own.even_cases / known.cases - 1) if known.cases else math.inf
        for service, (known, own) in found.items()
        if known.cases is not None and own.even_cases > 0
    }
    if not away:
        return "Bei keiner Leistung entscheidet die Zahl der Fälle über das Vorzeichen"
    service = min(away, key=lambda one: away[one])
    known, own = found[service]
    return (
        f"Am knappsten: „{made.decision.names[service]}“ trägt sich ab {german.number(_up(own.even_cases, 0))} "
        f"Fällen je Jahr, angenommen sind {german.number(known.cases or 0)}"
    )


def told_rates(rates: Rates) -> str:
    """Gerechnet mit 600 Euro je Personentag, 48,50 Euro je Stunde, 1,5 % Zins, 5 Jahren; what is missing is said."""
    day = "Personentag ohne Satz" if rates.day is None else f"{_euros(rates.day)} je Personentag"
    hour = "Stunde ohne Satz" if rates.hour is None else f"{_euros(rates.hour)} je Stunde Sachbearbeitung"
    interest = "ohne Zins" if rates.discount is None else f"{german.percent(rates.discount, 2)} Zins"
    return f"Gerechnet mit: {day}, {hour}, {interest}, {german.count(rates.years, 'Jahr', 'Jahre')}."


def _euros(amount: float) -> str:
    return f"{german.number(amount, 0 if amount == int(amount) else 2)} Euro"


def _even_after(own: Economy, rates: Rates) -> str:
    if own.years_to_even is None:
        return f"nicht in {german.count(rates.years, 'Jahr', 'Jahren')}"
    return f"im {own.years_to_even}. Jahr" if own.years_to_even else "von Anfang an"


def _up(amount: float, decimals: int) -> float:
    """Rounded up, so that what is shown is enough; NaN stays."""
    scale = 10**decimals
    return amount if math.isnan(amount) else math.ceil(amount * scale - 1e-6) / scale


def _nan(value: float | None) -> float:
    return math.nan if value is None else value
