"""What people thought of a service, as far as it may be told: the only reader of stars and words.

A cell is a service and month, hidden below 5 like cases (`portalkompass.suppression`): the city's total of a month
may be known. Means are made of shown cells; what people wrote is shown of these months only, and never leaves.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from portalkompass import german
from portalkompass.answers.base.periods import months_within
from portalkompass.answers.base.question import Question, field
from portalkompass.answers.base.service_list import own
from portalkompass.estimates.mean_rating import mean_interval
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.derived_measures import ANSWERS, SATISFACTION
from portalkompass.schema import SERVICE_COMMENTS, SERVICE_FEEDBACK, STARS
from portalkompass.suppression import BELOW, SMALLEST, WITHHELD, hidden_name, suppress

SOURCE = "Rückmeldungen zur Leistung"
LOW, HIGH = "satisfaction_low", "satisfaction_high"
HIDDEN = (
    f"Monate mit weniger als {SMALLEST} Rückmeldungen stehen als „{BELOW}“ und zählen im Mittel nicht mit, ebenso "
    f"solche, aus denen sie sich errechnen ließen („{WITHHELD}“)."
)
INSIDE = (
    "Adressen, Nummern und Namen nach einer Anrede wurden beim Laden ersetzt; andere Namen erkennt das Verfahren "
    "nicht. Deshalb bleiben Freitexte in der Anwendung: Es gibt sie in keiner Datei."
)
MOST_COMMENTS = 200
_SUMS = ["answers", "total", "squares"]


def feedback_cells(question: Question) -> pd.DataFrame:
    """One row a service and month that is over: service, month, answers, total and squares (sums of the stars and of
    their squares), state (that of `suppression.suppress`). Empty where nothing is loaded.
    """

    def make() -> pd.DataFrame:
        if not question.warehouse.holds(SERVICE_FEEDBACK.name):
            return pd.DataFrame()
        rows = question.warehouse.ask(lambda t: own(t, SERVICE_FEEDBACK.name, question.settings))
        rows = rows.assign(month=pd.to_datetime(rows["month"]))
        over = rows["month"] + pd.offsets.MonthEnd(0) < pd.Timestamp(question.settings.current_day())
        rows = rows[over].astype({"stars": "float64", "answers": "float64"})
        if rows.empty:
            return pd.DataFrame()
        rows = rows.assign(
            total=rows["stars"] * rows["answers"], squares=rows["stars"] ** 2 * rows["answers"]
        )
        cells = rows.groupby(["month", "service"], as_index=False)[_SUMS].sum()
        by_month = cells.groupby("month", sort=False)["answers"]
        return cells.assign(state=by_month.transform(lambda answers: list(suppress(answers.tolist()))))

    return question.whole.once("feedback", make)


def _of_period(question: Question) -> pd.DataFrame:
    """`feedback_cells` whose month lies in the period with every day."""
    cells = feedback_cells(question)
    return cells if cells.empty else cells[cells["month"].isin(months_within(question.now, None))]


def satisfaction(question: Question) -> pd.DataFrame:
    """satisfaction, its interval, answers and months behind it, of each service (index) with a month to be told."""
    return question.once("satisfaction", lambda: _satisfaction(question), question.now)


def _satisfaction(question: Question) -> pd.DataFrame:
    names = [SATISFACTION.id, LOW, HIGH, "answers", "months"]
    cells = _of_period(question)
    shown = cells if cells.empty else cells[cells["state"] == "shown"]
    if shown.empty:
        return pd.DataFrame(columns=names, dtype="float64")
    sums = shown.groupby("service")[_SUMS].sum()
    return _rated(sums).assign(months=shown.groupby("service").size())[names]


def _rated(sums: pd.DataFrame) -> pd.DataFrame:
    """The sums with the mean and its interval."""
    answers, total, squares = (sums[name].to_numpy(dtype="float64") for name in _SUMS)
    mean, low, high = mean_interval(answers, total, squares, lowest=1.0, highest=float(STARS))
    return sums.assign(**{SATISFACTION.id: mean, LOW: low, HIGH: high})


def satisfaction_fact(question: Question, service: str) -> tuple[str, str] | None:
    """Mean with interval and count in words, and of how many months; None where nothing may be told."""
    rated = satisfaction(question)
    if service not in rated.index:
        return None
    row = rated.loc[[service]].iloc[0]
    mean, low, high = (german.value(row[name], "decimal1") for name in (SATISFACTION.id, LOW, HIGH))
    whole = months_within(question.now, None)
    told = f"{mean} von {STARS} Sternen ({low} bis {high}, {german.number(row['answers'])} Rückmeldungen)"
    return told, f"{int(row['months'])} von {german.count(len(whole), 'Monat', 'Monaten')}"


def feedback_table(question: Question, service: str, name: str) -> Exhibit | None:
    """Answers, mean and interval by month, the newest first; None where nothing is known."""
    cells = _of_period(question)
    rows = cells if cells.empty else cells[cells["service"] == service]
    if rows.empty:
        return None
    shown = rows["state"] == "shown"
    rated = _rated(rows).sort_values("month", ascending=False)
    rated[[SATISFACTION.id, LOW, HIGH, "answers"]] = rated[[SATISFACTION.id, LOW, HIGH, "answers"]].where(
        shown
    )
    rated[hidden_name("answers")] = rows["state"].map({"shown": "", "below": BELOW, "withheld": WITHHELD})
    end = (rows["month"].max() + pd.offsets.MonthEnd(0)).date()
    fact = satisfaction_fact(question, service)
    headline = (
        f"Zufriedenheit mit „{name}“: {fact[0]}" if fact else f"Zu „{name}“ gibt es wenige Rückmeldungen"
    )
    return question.table(
        "service_feedback",
        rated,
        (
            Field("month", "Monat", "month"),
            field(ANSWERS),
            field(SATISFACTION),
            Field(LOW, "von", "decimal1", method=SATISFACTION.method),
            Field(HIGH, "bis", "decimal1", method=SATISFACTION.method),
        ),
        headline=headline,
        subtitle=f"Sterne je Monat · „{name}“ · {question.period}",
        alt=f"Tabelle der Rückmeldungen zu „{name}“, {question.period}.",
        beside=(hidden_name("answers"),),
        source=SOURCE,
        data_date=end,
        period=(rows["month"].min().date(), end),
        notes=(SATISFACTION.explained, HIDDEN),
    )


def comments_table(question: Question, service: str, name: str) -> Exhibit | None:
    """What people wrote in months that may be told, the newest first; None without any. It stays in the app."""
    cells = _of_period(question)
    if cells.empty or not question.warehouse.holds(SERVICE_COMMENTS.name):
        return None
    own_cells = cells[(cells["service"] == service) & (cells["state"] == "shown")]
    if own_cells.empty:
        return None
    rows = _comments(question)
    rows = rows[(rows["service"] == service) & rows["month"].isin(own_cells["month"])]
    if rows.empty:
        return None
    said = german.count(len(rows), "Freitext", "Freitexte")
    return question.table(
        "service_comments",
        rows.sort_values(["month", "number"], ascending=[False, True]).head(MOST_COMMENTS),
        (Field("month", "Monat", "month"), Field("stars", "Sterne", "integer"), Field("comment", "Freitext")),
        headline=f"{said} zu „{name}“",
        subtitle=f"Freitexte zu „{name}“ · {question.period} · höchstens {MOST_COMMENTS}",
        alt=f"Tabelle der Freitexte zu „{name}“, {question.period}.",
        source=SOURCE,
        data_date=(own_cells["month"].max() + pd.offsets.MonthEnd(0)).date(),
        notes=(INSIDE,),
        inside=True,
    )


def _comments(question: Question) -> pd.DataFrame:
    def make() -> pd.DataFrame:
        rows = question.warehouse.ask(lambda t: own(t, SERVICE_COMMENTS.name, question.settings))
        return rows.assign(month=pd.to_datetime(rows["month"]))

    found: Any = question.whole.once("comments", make)
    return pd.DataFrame(found)
