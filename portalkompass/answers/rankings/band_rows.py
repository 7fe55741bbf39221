"""Ranking bands of queries and pages over the months of the period."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import wording
from portalkompass.answers.base.question import Question, in_words
from portalkompass.answers.courses.lines import empty_months
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.bands import BANDS, bands_by_month
from portalkompass.metrics.selection import Period

QUERIES_NOTE = (
    "Nur Suchanfragen, die Google nennt; seltene fehlen. Eine Suchanfrage zählt je Monat einmal, mit ihrer "
    "mittleren Position des Monats."
)
PAGES_NOTE = (
    "Eine Seite zählt je Monat einmal, mit der mittleren Position aller Suchen, zu denen Google sie zeigt."
)
WEIGHED = (
    Field("impressions", "Impressionen", "integer"),
    Field("impressions_share", "Anteil der Impressionen", "percent"),
)
FIRST_PAGE = (1, 2)
"""Bands of the first result page: places 1 to 10."""


def band_exhibits(question: Question) -> tuple[Exhibit, ...]:
    """Number of queries and of pages and their impressions by band and month; nothing without rows of a kind."""
    return (*_queries(question), *_pages(question))


def _queries(question: Question) -> tuple[Exhibit, ...]:
    rows = question.warehouse.ask(
        lambda t: bands_by_month(
            question.sums(t, "search_query_day"),
            t["calendar"],
            "query",
            "queries",
            by_month=question.sums_months("search_query_day"),
        )
    )
    if rows.empty:
        return ()
    full = _filled(rows, "queries")
    shown = "Impressionen der gelisteten Suchanfragen"
    return (
        _area(question, full, "queries", "Suchanfragen", "Zahl der gelisteten Suchanfragen", QUERIES_NOTE),
        _area(question, full, "impressions", "Impressionen", shown, QUERIES_NOTE),
    )


def _pages(question: Question) -> tuple[Exhibit, ...]:
    rows = question.warehouse.ask(
        lambda t: bands_by_month(question.sums(t, "search_page_day"), t["calendar"], "url", "pages")
    )
    if rows.empty:
        return ()
    full = _filled(rows, "pages")
    return (_area(question, full, "pages", "Seiten", "Zahl der bei Google gezeigten Seiten", PAGES_NOTE),)


def _filled(rows: pd.DataFrame, count: str) -> pd.DataFrame:
    """A band without a key in a month that has data holds 0 of them: a true zero, not a gap."""
    months, bands = sorted(rows["month"].unique()), range(1, len(BANDS) + 1)
    index = pd.MultiIndex.from_product([months, bands], names=["month", "band"])
    full = rows.set_index(["month", "band"])[[count, "impressions"]].reindex(index, fill_value=0)
    full = full.reset_index()
    totals = full.groupby("month")[[count, "impressions"]].transform("sum")
    shares = {f"{name}_share": full[name] / totals[name] for name in (count, "impressions")}
    names = {number: f"Platz {name}" for number, (name, _) in enumerate(BANDS, start=1)}
    return full.assign(**shares, band_name=full["band"].map(names))


def _area(
    question: Question, full: pd.DataFrame, measure: str, label: str, long_label: str, note: str
) -> Exhibit:
    first, last = full["month"].min(), full["month"].max()
    share = full[full["band"].isin(FIRST_PAGE)].groupby("month")[f"{measure}_share"].sum()
    named = {month: _days_of(question, month) for month in (first, last)}
    headline = f"{named[last]} entfielen {german.percent(share[last], 0)} der {label} auf die Plätze 1 bis 10"
    if first == last:
        headline = f"{headline[:1].upper()}{headline[1:]}"
    else:
        headline = f"{wording.INSIDE}: {headline} ({named[first]}: {german.percent(share[first], 0)})"
    concerned = ("position",) if measure == "pages" else ("position", "impressions")
    ends = tuple(_shown_days(question, month) for month in (first, last))
    fields = (
        Field("month", "Monat", "month"),
        Field("band_name", "Platz"),
        Field(measure, label, "integer"),
        Field(f"{measure}_share", "Anteil im Monat", "percent"),
        # Beside the number of pages stand their impressions: those of queries have a chart of their own.
        *(WEIGHED if measure == "pages" else ()),
    )
    return question.exhibit(
        f"bands_{measure}",
        "stacked_area",
        full[[f.name for f in fields]],
        fields,
        headline=headline,
        subtitle=f"{long_label} nach mittlerer Position im Monat · {question.period}",
        alt=f"Gestapelte Fläche nach Plätzen, {question.period}. {headline}.",
        x="month",
        y=measure,
        series="band_name",
        measures=concerned,
        changed=concerned if first != last else (),
        sides=ends,
        notes=(note, *_cut(question, first, last), *_without(full["month"])),
    )


def _without(months: pd.Series[pd.Timestamp]) -> tuple[str, ...]:
    """A sentence on months that are not loaded: an area cannot be interrupted."""
    lacking = [german.month(month) for month in empty_months(months)]
    return (f"Nicht geladen, die Fläche überbrückt: {german.listing(lacking)}.",) if lacking else ()


def _shown_days(question: Question, month: pd.Timestamp) -> Period:
    """The days of the month that the period and the data hold."""
    archive = question.archive or question.now
    last = max(archive.end, *question.warehouse.provisional_days(question.filters.site), archive.end)
    first = max(month.date(), question.now.start, archive.start)
    return Period(first, min((month + pd.offsets.MonthEnd(0)).date(), question.now.end, last))


def _days_of(question: Question, month: pd.Timestamp) -> str:
    """im September 2025; of a month that period or data cut its days: am 16.12.2025, vom 25.09.2025 bis 30.09.2025."""
    shown = _shown_days(question, month)
    days = in_words(shown)
    if shown.start == shown.end:
        return f"am {days}"
    return f"im {days}" if days == german.month(month) else f"vom {days}"


def _cut(question: Question, first: pd.Timestamp, last: pd.Timestamp) -> tuple[str, ...]:
    """A sentence where the period or the data hold only a part of the first or the last month."""
    until = min(question.now.end, question.data_date or question.now.end)
    begins = pd.Timestamp(max(question.now.start, question.first_day or until))
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
