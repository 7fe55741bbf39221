"""Where the city lies among others that have handed it their figures: for one service, and for all of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from portalkompass import german
from portalkompass.answers.base.question import Question, columns
from portalkompass.answers.services.elsewhere.benchmark_rows import LEAST_CITIES, cities_told, placed
from portalkompass.answers.services.elsewhere.own_figures import COMPARED
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.measures import Measure

SOURCE = "Kennzahlen anderer Städte aus ihren unterschriebenen Dateien"
UNKNOWN = "unbekannt"
RULE = (
    f"Verbunden über den Leistungsschlüssel; die Lage steht da, wenn mindestens {LEAST_CITIES} andere Städte die "
    "Kennzahl nennen. Städte ohne Angabe zählen nicht, auch nicht als 0. Viertel und Median sind Werte je einer Stadt."
)
NAMED = 12
"""Cities that a note names."""
_MEASURES = {measure.id: measure for measure in COMPARED}
_FIELDS = (
    *columns(label="Kennzahl", own="Hier"),
    Field("cities", "Andere Städte", "integer"),
    *columns(place="Lage", quarter="Unteres Viertel", median="Median", upper="Oberes Viertel"),
)


def service_benchmarks(question: Question, listed: pd.DataFrame, name: str) -> Exhibit | None:
    """One service (``listed`` is its row) among other cities; None where none of them tells of it."""
    rows = placed(question, listed)
    if rows.empty:
        return None
    compared = rows[rows["better"].notna()]
    if len(compared):
        headline = _headline(compared.iloc[0], name)
    elif (rows["cities"] >= LEAST_CITIES).any():
        headline = f"Andere Städte nennen Kennzahlen zu „{name}“; die eigenen sind unbekannt"
    else:
        told = german.count(rows["cities"].max(), "andere Stadt nennt", "andere Städte nennen")
        headline = f"Erst {told} Kennzahlen zu „{name}“; verglichen wird ab {LEAST_CITIES}"
    return question.table(
        "service_benchmarks",
        _written(rows),
        _FIELDS,
        headline=headline,
        subtitle=f"„{name}“ neben anderen Städten · {question.period}",
        alt=f"Tabelle: „{name}“ neben anderen Städten.",
        source=SOURCE,
        data_date=_newest(question),
        notes=_notes(question, rows),
    )


def benchmarks_table(question: Question, listed: pd.DataFrame) -> Exhibit | None:
    """Every figure of the services that has a place among other cities, the worst place first; None without any."""
    rows = placed(question, listed)
    rows = rows[rows["better"].notna()] if len(rows) else rows
    if rows.empty:
        return None
    share = (rows["better"] / rows["cities"]).rename("share")
    ahead = int((share > 0.5).sum())  # noqa: PLR2004
    ordered = rows.assign(share=share).sort_values(["share", "name", "measure"], kind="stable")
    compared = german.count(len(rows), "Kennzahl", "Kennzahlen")
    headline = (
        f"Bei {german.number(ahead)} von {compared} liegt die Stadt vor mehr als der Hälfte der anderen"
    )
    return question.table(
        "city_benchmarks",
        _written(ordered),
        (Field("name", "Leistung"), *_FIELDS),
        headline=headline,
        subtitle=f"Kennzahlen je Leistung neben anderen Städten · {question.period}",
        alt="Tabelle der Kennzahlen je Leistung neben anderen Städten.",
        source=SOURCE,
        data_date=_newest(question),
        notes=_notes(question, ordered),
    )


def _headline(row: pd.Series[Any], name: str) -> str:
    """``Online-Quote von „Hundesteuer“: 43,0 %, höher als in 5 von 7 anderen Städten``: the side with more cities."""
    measure, (below, above) = _MEASURES[row["measure"]], (row["below"], row["above"])
    cities = german.count(row["cities"], "anderen Stadt", "anderen Städten")
    side = ("höher als", below) if below >= above else ("niedriger als", above)
    word, count = side if max(below, above) else ("gleich wie", row["equal"])
    start = f"{measure.label} von „{name}“: {_value(measure, row['value'])}"
    return f"{start}, {word} in {german.number(count)} von {cities}"


def _written(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with words: each figure in its own format."""
    texts = {"own": "value", "quarter": "low_quarter", "median": "middle", "upper": "high_quarter"}
    made = {
        column: [
            _value(_MEASURES[measure], value)
            for measure, value in zip(rows["measure"], rows[source], strict=True)
        ]
        for column, source in texts.items()
    }
    made["own"] = [text if text != german.MISSING else UNKNOWN for text in made["own"]]
    places = [_place(row) for row in rows.to_dict("records")]
    labels = [_MEASURES[measure].label for measure in rows["measure"]]
    return rows.assign(label=labels, place=places, **made)


def _value(measure: Measure, value: float) -> str:
    if german.is_missing(value):
        return german.MISSING
    text = german.value(value, measure.format)
    return f"{text}{german.NBSP}{measure.unit}" if measure.unit else text


def _place(row: dict[Any, Any]) -> str:
    """``besser als 5 von 7, gleich mit 1``; "" where nothing is compared."""
    if german.is_missing(row["better"]):
        return ""
    ties = f", gleich mit {german.number(row['equal'])}" if row["equal"] else ""
    return f"besser als {german.number(row['better'])} von {german.number(row['cities'])}{ties}"


def _notes(question: Question, rows: pd.DataFrame) -> tuple[str, ...]:
    told = cities_told(question)
    more = f"; dazu {german.number(len(told) - NAMED)} weitere" if len(told) > NAMED else ""
    by_period: dict[str, list[str]] = {}
    for city, first, last in told[:NAMED]:
        by_period.setdefault(_months(first, last), []).append(city)
    shown = "; ".join(f"{german.listing(cities)} ({period})" for period, cities in by_period.items())
    explained = [measure.explained for measure in COMPARED if measure.id in set(rows["measure"])]
    return (RULE, f"Städte: {shown}{more}.", *explained)


def _months(first: dt.date, last: dt.date) -> str:
    return f"{german.month(first)} bis {german.month(last)}"


def _newest(question: Question) -> dt.date:
    return max(last for _, _, last in cities_told(question))
