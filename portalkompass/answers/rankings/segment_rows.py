"""Devices and countries: how the clicks divide between them."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base.question import Question, field
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.measures import CHANGE, CLICKS, CTR, IMPRESSIONS, POSITION, SHARE, LazyFrame
from portalkompass.metrics.segments import segments
from portalkompass.warehouse.engine import Tables

COUNTRIES_SHOWN = 15
DEVICES = {"DESKTOP": "Computer", "MOBILE": "Mobil", "TABLET": "Tablet", "": "ohne Angabe"}
COUNTRIES = {
    "aut": "Österreich",
    "bel": "Belgien",
    "bgr": "Bulgarien",
    "can": "Kanada",
    "che": "Schweiz",
    "chn": "China",
    "cze": "Tschechien",
    "deu": "Deutschland",
    "dnk": "Dänemark",
    "esp": "Spanien",
    "fra": "Frankreich",
    "gbr": "Vereinigtes Königreich",
    "grc": "Griechenland",
    "hrv": "Kroatien",
    "hun": "Ungarn",
    "ind": "Indien",
    "irl": "Irland",
    "ita": "Italien",
    "lux": "Luxemburg",
    "mar": "Marokko",
    "nld": "Niederlande",
    "pol": "Polen",
    "prt": "Portugal",
    "rou": "Rumänien",
    "rus": "Russland",
    "srb": "Serbien",
    "swe": "Schweden",
    "syr": "Syrien",
    "tur": "Türkei",
    "ukr": "Ukraine",
    "usa": "USA",
    "xkk": "Kosovo",
    "zzz": "unbekannt",
}
"""German names of the countries that a German city sees most; others keep Google's code."""

_MEASURES = (CLICKS, CHANGE, SHARE, IMPRESSIONS, CTR, POSITION)


def segment_exhibits(question: Question) -> tuple[Exhibit, ...]:
    """Devices and countries, most clicks first; nothing without segment data in the period."""
    devices = _rows(question, "device")
    if devices.empty:
        return ()
    countries = _named(_rows(question, "country")).head(COUNTRIES_SHOWN)
    return (
        _devices(question, devices.replace({"device": DEVICES})),
        *_abroad(question, countries),
        _countries(question, countries),
    )


def _rows(question: Question, by: str) -> pd.DataFrame:
    def build(tables: Tables) -> LazyFrame:
        days = question.rows(tables, "search_segment_day")
        return segments(days, by, question.now, question.before, question.like)

    rows = question.warehouse.ask(build)
    return rows[rows["impressions"] > 0]


def _named(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(country=[COUNTRIES.get(code, str(code).upper()) for code in rows["country"]])


def _devices(question: Question, rows: pd.DataFrame) -> Exhibit:
    """Bars; the other measures stand in their rows."""
    return question.exhibit(
        "devices",
        "bar",
        rows[["device", *(measure.id for measure in _MEASURES)]],
        (Field("device", "Gerät"), *(field(measure) for measure in _MEASURES)),
        headline=_most(rows, "device"),
        subtitle=f"{CLICKS.label} nach Gerät · {_period(question)}",
        alt=f"Balken der Klicks nach Gerät, {_period(question)}: {_listed(rows, 'device')}.",
        x=CLICKS.id,
        y="device",
        notes=(f"{CHANGE.label}: {CHANGE.definition}",),
    )


def _abroad(question: Question, rows: pd.DataFrame) -> tuple[Exhibit, ...]:
    """Bars of the countries behind the first one, beside which nothing else could be seen."""
    home, further = rows.iloc[0], rows[rows["clicks"] > 0].iloc[1:]
    if further.empty:
        return ()
    first = further.iloc[0]
    headline = (
        f"{german.percent(home['share'], 0)} der Klicks: {home['country']}; die meisten übrigen: "
        f"{first['country']} ({german.count(first['clicks'], 'Klick', 'Klicks')})"
    )
    exhibit = question.exhibit(
        "countries_abroad",
        "bar",
        further[["country", *(measure.id for measure in _MEASURES)]],
        (Field("country", "Land"), *(field(measure) for measure in _MEASURES)),
        headline=headline,
        subtitle=f"{CLICKS.label} nach Land, ohne {home['country']} · {_period(question)}",
        alt=f"Balken der Klicks nach Land, {_period(question)}. {headline}. {_listed(further, 'country')}.",
        x=CLICKS.id,
        y="country",
        notes=(f"{CHANGE.label}: {CHANGE.definition}",),
    )
    return (exhibit,)


def _countries(question: Question, rows: pd.DataFrame) -> Exhibit:
    headline = _most(rows, "country")
    return question.exhibit(
        "countries",
        "table",
        rows[["country", *(measure.id for measure in _MEASURES)]],
        (Field("country", "Land"), *(field(measure) for measure in _MEASURES)),
        headline=headline,
        subtitle=f"Nach Land, die ersten {COUNTRIES_SHOWN} · {_period(question)}",
        alt=f"Tabelle nach Land, {_period(question)}. {headline}.",
        notes=(f"{CHANGE.label}: {CHANGE.definition}",),
    )


def _most(rows: pd.DataFrame, by: str) -> str:
    return f"Die meisten Klicks: {rows.iloc[0][by]} ({german.percent(rows.iloc[0]['share'], 0)})"


def _listed(rows: pd.DataFrame, by: str) -> str:
    pairs = zip(rows[by], rows["clicks"], strict=True)
    return "; ".join(f"{name} {german.number(clicks)}" for name, clicks in pairs)


def _period(question: Question) -> str:
    return german.period(question.now.start, question.now.end)
