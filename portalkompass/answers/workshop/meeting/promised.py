"""What is promised of a service when it is decided: clicks, cases, effort, money and its go-live; and the table of it.

Kept as {"site", "data_date", "clicks": {"value", "low", "high" (a day), "start", "end", "seasonal", "pages": {address:
share}}, "cases" (a year), "effort" (person-days), "once", "yearly" (euros), "live" ("Q1 2026")}. What is not known on
the day of the decision is absent; days are ISO.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from portalkompass import german, prioritisation
from portalkompass.answers.base.question import Question, columns
from portalkompass.answers.services.click_forecasts import click_forecasts, pages_of
from portalkompass.answers.workshop.decision import Basis, Decision, weighed
from portalkompass.answers.workshop.plan import kept_plan, planned
from portalkompass.answers.workshop.planning.plan_inputs import Quarter
from portalkompass.exhibit import Exhibit, Field
from portalkompass.workspace import DECIDED, Promise, promises
from portalkompass.workspace import Decision as Resolution

SOURCE = "Zusagen bei der Entscheidung"
CHAPTER = "Vorhersage von Klicks"
"""Of docs/methods.md."""
WITHOUT_IT = (
    "Klicks je Tag mit Daten: was ohne den Go-Live zu erwarten ist. "
    "Die Spanne soll in 90 von 100 Fällen zutreffen."
)


def promised(question: Question, base: Basis, service: str) -> dict[str, Any]:
    """What the data tell of the service now, and its plan under the scenario's own weights."""
    content: dict[str, Any] = {"site": question.filters.site}
    if question.data_date:
        content["data_date"] = question.data_date.isoformat()
    if clicks := _clicks(question, service):
        content["clicks"] = clicks
    return content | _of_plan(question, base, service)


def _clicks(question: Question, service: str) -> dict[str, Any]:
    found = click_forecasts(question)
    if found is None or service not in found.services:
        return {}
    place = found.services.index(service)
    value, low, high = (float(part[place]) for part in (found.told.value, found.told.low, found.told.high))
    if np.isnan(value):
        return {}
    span = {} if np.isnan(low) else {"low": low, "high": high}
    return {
        "value": value,
        **span,
        "start": found.window.start.isoformat(),
        "end": found.window.end.isoformat(),
        "seasonal": found.told.seasonal,
        "pages": pages_of(question, service),
    }


def _of_plan(question: Question, base: Basis, service: str) -> dict[str, Any]:
    """Cases, effort, money and go-live, as far as they were entered and the plan has a place for the service."""
    plan = kept_plan(base)
    if not plan:
        return {}
    own = plan.get("projects", {}).get(service, {})
    told = {name: float(own[name]) for name in ("cases", "once", "yearly") if own.get(name) is not None}
    try:
        made = planned(question, weighed(base), plan, drawn=False, costed=False)
    except prioritisation.PrioritisationError:  # no plan, no date; the decision stands all the same
        return told
    days = next((one.days for one in made.inputs.projects if one.id == service), float("nan"))
    if not np.isnan(days):
        told["effort"] = float(days)
    place = made.plan.live.get(service)
    return told if place is None else {**told, "live": made.inputs.quarters[place].label}


def live_by(content: Mapping[str, Any]) -> dt.date | None:
    """The last day of the quarter that the go-live was promised for."""
    if "live" not in content:
        return None
    number, year = content["live"].removeprefix("Q").split(" ")
    return Quarter(int(year), int(number)).after(1).first_day - dt.timedelta(days=1)


def day(content: Mapping[str, Any], name: str) -> dt.date:
    """A day of the promise of clicks."""
    return dt.date.fromisoformat(content["clicks"][name])


_CLICKS = Field("clicks", "Klicks je Tag", "decimal1", method=CHAPTER)
_EVERY = (
    Field("name", "Leistung"),
    _CLICKS,
    *columns("decimal1", low="mindestens", high="höchstens"),
    Field("until", "bis", "date"),
    Field("live", "Go-Live"),
    Field("effort", "Personentage", "decimal1"),
    Field("once", "Einmalig", "integer", unit="Euro"),
    Field("yearly", "Betrieb je Jahr", "integer", unit="Euro"),
    Field("cases", "Fälle je Jahr", "integer"),
)
_BRIEF = (
    Field("name", "Leistung"),
    _CLICKS,
    *columns(span="Spanne", live="Go-Live"),
    Field("effort", "Tage", "decimal1"),
    Field("costs", "Euro"),
    Field("cases", "Fälle im Jahr", "integer"),
)


def promise_table(
    question: Question,
    decision: Decision,
    base: Basis,
    resolutions: Sequence[Resolution],
    *,
    brief: bool = False,
) -> Exhibit | None:
    """What was promised last of each service that is decided and stays so; None without a promise.

    ``brief``: for the width of a page, with spans and costs in words; else each figure in a column of its own.
    """
    if base.kept is None:
        return None
    begun = [one.service_id for one in resolutions if one.decision == DECIDED]
    last = {one.service_id: one for one in promises(question.workspace, base.kept.id)}
    rows = [_row(decision.names.get(name, name), last[name]) for name in begun if name in last]
    frame = pd.DataFrame(rows)
    shown = [name for name in frame if name != "name" and frame[name].replace("", None).notna().any()]
    if not shown:
        return None
    known = frame[frame["clicks"].notna()]
    ends = [german.date(until) for until in sorted(set(known["until"]))]
    when = f", Klicks bis {german.listing(ends)}" if ends else ""
    return decision.exhibit(
        question,
        "promises",
        frame,
        tuple(one for one in (_BRIEF if brief else _EVERY) if one.name == "name" or one.name in shown),
        headline=german.having(len(rows), len(known), "Zusage", "Zusagen", "erwarteten Klicks"),
        subtitle=f"Was bei der Entscheidung zu erwarten war{when} · {decision.title}",
        alt="Tabelle dessen, was je Leistung bei der Entscheidung zugesagt wurde.",
        source=f"{SOURCE}; {question.google}",
        notes=(WITHOUT_IT,),
    )


def _row(name: str, promise: Promise) -> dict[str, Any]:
    content = promise.content
    clicks = content.get("clicks", {})
    span = (
        f"{german.number(clicks['low'], 1)} bis {german.number(clicks['high'], 1)}" if "low" in clicks else ""
    )
    costs = {"once": "einmalig", "yearly": "je Jahr"}
    return {
        "name": name,
        "clicks": clicks.get("value", np.nan),
        "low": clicks.get("low", np.nan),
        "high": clicks.get("high", np.nan),
        "span": span,
        "until": day(content, "end") if clicks else None,
        "live": content.get("live", ""),
        "costs": ", ".join(
            f"{german.number(content[part])} {word}" for part, word in costs.items() if part in content
        ),
        **{part: content.get(part, np.nan) for part in ("effort", "once", "yearly", "cases")},
    }
