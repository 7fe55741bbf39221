"""Promises held against what came: a row each for clicks, go-lives and what the plan said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from portalkompass import german
from portalkompass.answers.base import service_list
from portalkompass.answers.base.periods import months_before
from portalkompass.answers.base.question import Question, short
from portalkompass.answers.services.case_rows import case_cells, known_months, sum_in_words
from portalkompass.answers.services.click_forecasts import clicks_a_day
from portalkompass.answers.workshop.meeting.promised import day, live_by
from portalkompass.estimates import forecast_ledger
from portalkompass.estimates.forecast_ledger import Arrival, Outcome, arrival, outcome
from portalkompass.metrics.selection import Period
from portalkompass.suppression import hidden_name
from portalkompass.workspace import DECIDED, Promise, decisions, promises, scenario_list

YEAR = 12
OPEN = "noch offen"
VERDICTS: Mapping[Outcome, str] = {
    "hit": "eingetroffen",
    "above": "verfehlt: mehr",
    "below": "verfehlt: weniger",
    "not_due": OPEN,
    "no_data": "nicht zu urteilen: Daten fehlen",
    "no_interval": "nicht zu urteilen: ohne Spanne",
}
ARRIVALS: Mapping[Arrival, str] = {
    "on_time": "pünktlich",
    "late": "verspätet",
    "not_yet": OPEN,
    "overdue": "überfällig",
}
WITHDRAWN = "nicht zu urteilen: Entscheidung geändert oder zurückgenommen"
OFF_LIST = "nicht zu urteilen: steht nicht in der Liste"
HIDDEN = "nicht zu urteilen: kleine Zahl, nicht ausgewiesen"


@dataclass(frozen=True, eq=False)
class Made:
    """A promise with the names of its service and workshop; ``stands`` says whether the decision is still the same."""

    promise: Promise
    name: str
    scenario: str
    stands: bool

    @property
    def told(self) -> dict[str, Any]:
        """What every row says of it."""
        return {
            "service_id": self.promise.service_id,
            "name": self.name,
            "scenario": self.scenario,
            "made_on": self.promise.made_on,
        }


def made(question: Question, scenario: str = "") -> list[Made]:
    """All promises, or those of one workshop: the newest day first, on a day in the order of the decisions."""
    listed = scenario_list(question.workspace)
    scenarios = dict(zip(listed["id"], listed["name"], strict=True))
    begun = {(one.scenario_id, one.service_id): one.decision for one in decisions(question.workspace)}
    services = service_list.services(question.warehouse, question.settings)
    names = dict(zip(services["service"], services["name"], strict=True))
    found = [
        Made(
            one,
            str(names.get(one.service_id, one.service_id)),
            str(scenarios.get(one.scenario_id, "")),
            begun.get((one.scenario_id, one.service_id)) == DECIDED,
        )
        for one in promises(question.workspace)
    ]
    kept = [one for one in found if scenario in ("", one.scenario)]
    return sorted(kept, key=lambda one: (-one.promise.made_on.toordinal(), one.promise.id))


def click_rows(question: Question, promised: Sequence[Made]) -> pd.DataFrame:
    """One row a service and window: value, low, high, actual (a day), window, until, outcome, verdict.

    Two workshops that promised the same service in the same window promised one thing: the first counts. Clicks of
    another property are not told here.
    """
    own = [
        one
        for one in promised
        if "clicks" in one.promise.content and one.promise.content["site"] == question.filters.site
    ]
    first: dict[tuple[str, dt.date], Made] = {}
    for one in sorted(own, key=lambda one: one.promise.id):
        first.setdefault((one.promise.service_id, day(one.promise.content, "start")), one)
    rows = [_clicks(question, one) for one in own if one in first.values()]
    columns = [
        "service_id",
        "name",
        "scenario",
        "made_on",
        "value",
        "low",
        "high",
        "window",
        "until",
        "actual",
    ]
    return pd.DataFrame(rows, columns=[*columns, "outcome", "verdict"])


def _clicks(question: Question, one: Made) -> dict[str, Any]:
    content = one.promise.content
    clicks, window = content["clicks"], Period(day(content, "start"), day(content, "end"))
    told = forecast_ledger.Promise(
        clicks["value"], clicks.get("low"), clicks.get("high"), window.start, window.end
    )
    last = question.data_date or window.start
    actual = clicks_a_day(question, clicks["pages"], window) if last >= window.end else None
    found = outcome(told, actual, last)
    return one.told | {
        "value": told.value,
        "low": np.nan if told.low is None else told.low,
        "high": np.nan if told.high is None else told.high,
        "window": short(window),
        "until": window.end,
        "actual": np.nan if actual is None else actual,
        "outcome": found,
        "verdict": VERDICTS[found],
    }


def live_rows(question: Question, promised: Sequence[Made]) -> pd.DataFrame:
    """One row a go-live: quarter, until, happened (its month), verdict; judged by the day of the newest list."""
    services = service_list.services(question.warehouse, question.settings).set_index("service")
    rows = []
    for one in promised:
        until = live_by(one.promise.content)
        if until is None:
            continue
        rows.append(
            one.told | {"quarter": one.promise.content["live"], "until": until} | _live(one, services, until)
        )
    return pd.DataFrame(
        rows,
        columns=[
            "service_id",
            "name",
            "scenario",
            "made_on",
            "quarter",
            "until",
            "happened",
            "arrival",
            "verdict",
        ],
    )


def _live(one: Made, services: pd.DataFrame, until: dt.date) -> dict[str, Any]:
    service = one.promise.service_id
    if not one.stands or service not in services.index:
        return {"happened": None, "arrival": "", "verdict": OFF_LIST if one.stands else WITHDRAWN}
    row = services.loc[service]
    happened = row["go_live_month"].date() if row["go_live"] == service_list.LIVE else None
    found, late = arrival(until, happened, row["as_of"].date())
    days = f" seit {german.count(late, 'Tag', 'Tagen')}" if found == "overdue" else ""
    return {"happened": happened, "arrival": found, "verdict": f"{ARRIVALS[found]}{days}"}


def plan_rows(question: Question, promised: Sequence[Made]) -> pd.DataFrame:
    """One row a service with effort, costs or cases: those, and the cases of the promised year that are told."""
    names = ("effort", "once", "yearly", "cases")
    rows = [
        one.told | {name: one.promise.content.get(name, np.nan) for name in names} | _cases(question, one)
        for one in promised
        if any(name in one.promise.content for name in names)
    ]
    columns = [
        "service_id",
        "name",
        "scenario",
        "made_on",
        *names,
        "window",
        "until",
        "came",
        hidden_name("came"),
    ]
    return pd.DataFrame(rows, columns=[*columns, "verdict"])


def case_window(content: Mapping[str, Any]) -> Period:
    """The year of the promised cases: after the quarter of the go-live, without one after the month of the data."""
    last = live_by(content) or dt.date.fromisoformat(content["data_date"])
    start = months_before(last.replace(day=1), -1)
    return Period(start, months_before(start, -YEAR) - dt.timedelta(days=1))


def _cases(question: Question, one: Made) -> dict[str, Any]:
    """Window, came and verdict of the cases; a small count is neither told nor judged."""
    content = one.promise.content
    nothing = {"window": "", "until": None, "came": np.nan, hidden_name("came"): "", "verdict": ""}
    if "cases" not in content or "data_date" not in content:
        return nothing
    window = case_window(content)
    here = nothing | {"window": short(window), "until": window.end}
    cells = case_cells(question)
    if question.settings.current_day() <= window.end:
        return here | {"verdict": OPEN}
    if cells.empty:
        return here | {"verdict": VERDICTS["no_data"]}
    inside = cells["month"].between(pd.Timestamp(window.start), pd.Timestamp(window.end))
    own = cells[(cells["service"] == one.promise.service_id) & inside]
    if len(known_months(own)) < YEAR:
        return here | {"verdict": VERDICTS["no_data"]}
    if words := sum_in_words(own, "cases"):
        return here | {hidden_name("came"): words, "verdict": HIDDEN}
    return here | {"came": float(own["cases"].sum()), "verdict": VERDICTS["no_interval"]}
