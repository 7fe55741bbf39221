"""Ranking bands of queries over the months of the period."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.question import Question
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.bands import BANDS, bands_by_month
from portalkompass.metrics.measures import LazyFrame
from portalkompass.warehouse import Tables

LISTED = (
    "Nur Suchanfragen, die Google nennt; seltene fehlen. Eine Suchanfrage zählt je Monat einmal, mit ihrer "
    "mittleren Position des Monats."
)
FIRST_PAGE = (1, 2)
"""Bands of the first result page: places 1 to 10."""


def band_exhibits(question: Question) -> tuple[Exhibit, ...]:
    """Number of queries and their impressions by band and month; nothing without listed queries."""

    def build(tables: Tables) -> LazyFrame:
        return bands_by_month(question.sums(tables, "search_query_day"), tables["calendar"])

    rows = question.warehouse.ask(build)
    if rows.empty:
        return ()
    full = _filled(rows)
    return (
        _area(question, full, "queries", "Suchanfragen", "Zahl der gelisteten Suchanfragen"),
        _area(question, full, "impressions", "Impressionen", "Impressionen der gelisteten Suchanfragen"),
    )


def _filled(rows: pd.DataFrame) -> pd.DataFrame:
    """A band without a query in a month that has data holds 0 of them: a true zero, not a gap."""
    months, bands = sorted(rows["month"].unique()), range(1, len(BANDS) + 1)
    index = pd.MultiIndex.from_product([months, bands], names=["month", "band"])
    full = rows.set_index(["month", "band"])[["queries", "impressions"]].reindex(index, fill_value=0)
    full = full.reset_index()
    totals = full.groupby("month")[["queries", "impressions"]].transform("sum")
    shares = {f"{name}_share": full[name] / totals[name] for name in ("queries", "impressions")}
    names = {number: f"Platz {name}" for number, (name, _) in enumerate(BANDS, start=1)}
    return full.assign(**shares, band_name=full["band"].map(names))


def _area(question: Question, full: pd.DataFrame, measure: str, label: str, long_label: str) -> Exhibit:
    first, last = full["month"].min(), full["month"].max()
    share = {month: _first_page(full, measure, month) for month in (first, last)}
    headline = f"Im {german.month(last)} entfielen {german.percent(share[last], 0)} der {label} auf die Plätze 1 bis 10"
    if first != last:
        headline += f" (im {german.month(first)}: {german.percent(share[first], 0)})"
    period = german.period(question.now.start, question.now.end)
    return question.exhibit(
        f"bands_{measure}",
        "stacked_area",
        full[["month", "band_name", measure, f"{measure}_share"]],
        (
            Field("month", "Monat", "month"),
            Field("band_name", "Platz"),
            Field(measure, label, "integer"),
            Field(f"{measure}_share", "Anteil im Monat", "percent"),
        ),
        headline=headline,
        subtitle=f"{long_label} nach mittlerer Position im Monat · {period}",
        alt=f"Gestapelte Fläche nach Plätzen, {period}. {headline}.",
        x="month",
        y=measure,
        series="band_name",
        notes=(LISTED, *_cut(question, first, last)),
    )


def _cut(question: Question, first: pd.Timestamp, last: pd.Timestamp) -> tuple[str, ...]:
    """A sentence where the period or the data hold only a part of the first or the last month."""
    until = min(question.now.end, question.data_date or question.now.end)
    begins = pd.Timestamp(
        max(question.now.start, question.warehouse.first_day(question.filters.site) or until)
    )
    cut = [
        german.month(month)
        for month, part in (
            (first, begins > first),
            (last, last + pd.offsets.MonthEnd(0) > pd.Timestamp(until)),
        )
        if part
    ]
    listed = german.listing(list(dict.fromkeys(cut)))
    return (f"Unvollständig und nur eingeschränkt vergleichbar: {listed}.",) if cut else ()


def _first_page(full: pd.DataFrame, measure: str, month: pd.Timestamp) -> float:
    rows = full[(full["month"] == month) & full["band"].isin(FIRST_PAGE)]
    return float(rows[f"{measure}_share"].sum())
