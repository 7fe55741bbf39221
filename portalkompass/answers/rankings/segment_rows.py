"""Devices and countries: how the clicks divide between them."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import wording
from portalkompass.answers.base.question import Question, measures
from portalkompass.answers.base.scope import COUNTRIES, DEVICES
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.measures import CHANGE, CLICKS, CTR, IMPRESSIONS, POSITION, SHARE
from portalkompass.metrics.pages import segments

COUNTRIES_SHOWN = 15
CODE = 3
"""Letters of a country's code."""


def segment_exhibits(question: Question) -> tuple[Exhibit | None, ...]:
    """Devices and countries, most clicks first; nothing without segment data in the period."""
    if question.reason("search_segment_day"):
        return ()
    devices = _rows(question, "device")
    rows = _rows(question, "country").head(COUNTRIES_SHOWN)
    countries = rows.assign(country=rows["country"].map(_country))
    return (
        _devices(question, devices.replace({"device": DEVICES})) if len(devices) else None,
        _abroad(question, countries) if len(rows) else None,
        _countries(question, countries) if len(rows) else None,
    )


def _country(code: str) -> str:
    """Its name; exports of the user interface have names already."""
    return COUNTRIES.get(code, code.upper() if len(code) == CODE else code)


def _rows(question: Question, by: str) -> pd.DataFrame:
    factor = question.factor("search_segment_day")
    rows = question.warehouse.ask(
        lambda t: segments(question.segment_rows(t, by), by, *question.periods, factor)
    )
    return rows[rows["impressions"] > 0]


def _devices(question: Question, rows: pd.DataFrame) -> Exhibit:
    """Bars; the other measures stand in their rows."""
    listed = wording.listed(rows["device"], rows["clicks"])
    return question.bars(
        "devices",
        rows,
        _fields("device", "Gerät"),
        headline=wording.most_clicks(rows, "device", question.period),
        subtitle=f"{CLICKS.label} nach Gerät · {question.period}",
        alt=f"Balken der Klicks nach Gerät, {question.period}: {listed}.",
        notes=(CHANGE.explained,),
    )


def _abroad(question: Question, rows: pd.DataFrame) -> Exhibit | None:
    """Bars of the countries behind the first one, beside which nothing else could be seen."""
    home, further = rows.iloc[0], rows[rows["clicks"] > 0].iloc[1:]
    if further.empty:
        return None
    first = further.iloc[0]
    amount = german.count(first["clicks"], "Klick", "Klicks") + wording.tied(further["clicks"], "weiteres")
    headline = (
        f"{wording.begins(wording.share_of_all(home['share'], 0))} der Klicks: {home['country']}; die meisten "
        f"übrigen: {first['country']} ({amount})"
    )
    listed = wording.listed(further["country"], further["clicks"])
    return question.bars(
        "countries_abroad",
        further,
        _fields("country", "Land"),
        headline=headline,
        subtitle=f"{CLICKS.label} nach Land, ohne {home['country']} · {question.period}",
        alt=f"Balken der Klicks nach Land, {question.period}. {headline}. {listed}.",
        notes=(CHANGE.explained,),
    )


def _countries(question: Question, rows: pd.DataFrame) -> Exhibit:
    return question.table(
        "countries",
        rows,
        _fields("country", "Land"),
        headline=wording.most_clicks(rows, "country", question.period),
        subtitle=f"Nach Land, die ersten {COUNTRIES_SHOWN} · {question.period}",
        alt=f"Tabelle nach Land, {question.period}.",
        notes=(CHANGE.explained,),
    )


def _fields(by: str, label: str) -> tuple[Field, ...]:
    """What all three exhibits show of a segment."""
    return (Field(by, label), *measures(CLICKS, CHANGE, SHARE, IMPRESSIONS, CTR, POSITION))
