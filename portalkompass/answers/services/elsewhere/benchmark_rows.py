"""The city's figures among those of other cities, by Leistungsschlüssel: no estimate, and missing is never zero."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from portalkompass.answers.base.question import Question
from portalkompass.answers.services.elsewhere.own_figures import COMPARED, own_figures
from portalkompass.schema import BENCHMARKS

LEAST_CITIES = 5
"""Other cities from which on it is told where the own figure lies among them."""
_LOW_IS_GOOD = {measure.id: measure.low_is_good for measure in COMPARED}
_QUARTERS = {"low_quarter": 0.25, "middle": 0.5, "high_quarter": 0.75}
_COUNTS = ["cities", "below", "equal", "above"]


def other_cities(question: Question) -> pd.DataFrame:
    """Figures of other cities that may be held beside the question's period: ars, city, first, last, leika_key,
    measure, value. Of a city counts its newest file that shares a day with the period.
    """

    def make() -> pd.DataFrame:
        if not question.warehouse.holds(BENCHMARKS.name):
            return pd.DataFrame()
        rows = question.warehouse.ask(
            lambda t: t[BENCHMARKS.name].sort("ars", "first", "last", "leika_key", "measure")
        )
        if rows.empty:
            return rows
        first, last = pd.to_datetime(rows["first"]), pd.to_datetime(rows["last"])
        rows = rows.assign(first=first, last=last, made_on=pd.to_datetime(rows["made_on"]))
        meets = (first <= pd.Timestamp(question.now.end)) & (last >= pd.Timestamp(question.now.start))
        near = rows[meets & (rows["ars"] != question.settings.city.ars)]
        order = ["last", "made_on", "first"]
        newest = near.sort_values(order, kind="stable").drop_duplicates("ars", keep="last")
        return near.merge(newest[["ars", *order]], on=["ars", *order])

    return question.once("other cities", make, question.now)


def placed(question: Question, listed: pd.DataFrame) -> pd.DataFrame:
    """One row a service of ``listed`` and figure that another city tells: service, name, measure, value (own; missing
    where unknown or hidden), cities, below, equal, above (cities whose figure is lower, the same, higher), better,
    low_quarter, middle, high_quarter.

    A city that tells different figures for two keys of one service does not count. Quarters and counts of places are
    missing below `LEAST_CITIES`; each quarter is the figure of a city, none a mean of two.
    """
    names = ["service", "name", "measure", "value", *_COUNTS, "better", *_QUARTERS]
    others = other_cities(question)
    keys = listed[["service", "name", "leistungsschluessel"]].explode("leistungsschluessel")
    keys = keys.rename(columns={"leistungsschluessel": "leika_key"}).dropna(subset=["leika_key"])
    if others.empty or keys.empty:
        return pd.DataFrame(columns=names)
    pairs = keys.merge(others[["ars", "leika_key", "measure", "value"]], on="leika_key")
    told = pairs.groupby(["service", "name", "measure", "ars"])["value"].agg(["nunique", "first"])
    plain = told[told["nunique"] == 1]["first"].rename("theirs").reset_index()
    alone = str(listed["service"].iloc[0]) if len(listed) == 1 else ""
    own = own_figures(question, alone)[["service", "measure", "value"]]
    rows = plain.merge(own, on=["service", "measure"], how="left").astype({"value": "float64"})
    if rows.empty:
        return pd.DataFrame(columns=names)
    for name, holds in (
        ("below", rows["theirs"] < rows["value"]),
        ("equal", rows["theirs"] == rows["value"]),
        ("above", rows["theirs"] > rows["value"]),
    ):
        rows[name] = holds.astype("float64").where(rows["value"].notna())
    by = rows.groupby(["service", "name", "measure"])
    found = by.agg(
        value=("value", "first"),
        cities=("ars", "size"),
        below=("below", "sum"),
        equal=("equal", "sum"),
        above=("above", "sum"),
    )
    for name, share in _QUARTERS.items():
        found[name] = by["theirs"].quantile(share, interpolation="lower")
    enough = found["cities"] >= LEAST_CITIES
    found[list(_QUARTERS)] = found[list(_QUARTERS)].where(enough)
    compared = enough & found["value"].notna()
    found[["below", "equal", "above"]] = found[["below", "equal", "above"]].where(compared)
    found = found.reset_index()
    low = found["measure"].map(_LOW_IS_GOOD).astype(bool)
    found["better"] = found["above"].where(low, found["below"])
    order = {measure.id: number for number, measure in enumerate(COMPARED)}
    found = found[found["measure"].isin(order)].assign(order=lambda rows: rows["measure"].map(order))
    return found.sort_values(["name", "service", "order"], ignore_index=True)[names]


def cities_told(question: Question) -> list[tuple[str, dt.date, dt.date]]:
    """Name and days of each other city that is compared, by name."""
    rows = other_cities(question)
    if rows.empty:
        return []
    each = rows.drop_duplicates("ars").sort_values(["city", "ars"])
    return [
        (city, first.date(), last.date())
        for city, first, last in zip(each["city"], each["first"], each["last"], strict=True)
    ]
