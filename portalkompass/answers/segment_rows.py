"""Devices and countries: clicks as bars, all measures in the rows."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.question import Question, field
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.measures import CHANGE, CLICKS, CTR, IMPRESSIONS, POSITION, SHARE, LazyFrame
from portalkompass.metrics.segments import segments
from portalkompass.warehouse import Tables

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
    countries = _rows(question, "country")
    return (
        _bars(question, devices.replace({"device": DEVICES}), "device", "devices", "Gerät"),
        _bars(question, _named(countries).head(COUNTRIES_SHOWN), "country", "countries", "Land"),
    )


def _rows(question: Question, by: str) -> pd.DataFrame:
    def build(tables: Tables) -> LazyFrame:
        days = question.rows(tables, "search_segment_day")
        return segments(days, by, question.now, question.before, question.like)

    rows = question.warehouse.ask(build)
    return rows[rows["impressions"] > 0]


def _named(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(country=[COUNTRIES.get(code, str(code).upper()) for code in rows["country"]])


def _bars(question: Question, rows: pd.DataFrame, by: str, id: str, label: str) -> Exhibit:
    first = rows.iloc[0]
    period = german.period(question.now.start, question.now.end)
    headline = f"Die meisten Klicks: {first[by]} ({german.percent(first['share'], 0)})"
    listed = "; ".join(
        f"{name} {german.number(clicks)}" for name, clicks in zip(rows[by], rows["clicks"], strict=True)
    )
    return question.exhibit(
        id,
        "bar",
        rows[[by, *(measure.id for measure in _MEASURES)]],
        (Field(by, label), *(field(measure) for measure in _MEASURES)),
        headline=headline,
        subtitle=f"Klicks nach {label} · {period}",
        alt=f"Balken der Klicks nach {label}, {period}: {listed}. {headline}.",
        x="clicks",
        y=by,
        height=60 + 30 * len(rows),
        notes=(f"{CHANGE.label}: {CHANGE.definition}",),
    )
