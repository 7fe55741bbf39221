"""Cases of all services by calendar year, as a council asks for them: channels, shares, time, backlog; three years."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from portalkompass import german
from portalkompass.answers.base.question import Question, field
from portalkompass.answers.services.case_rows import (
    CHANNELS,
    GAPS,
    HIDDEN,
    SOURCE,
    case_cells,
    may_be_told,
    online_share,
    per_case,
    sum_in_words,
)
from portalkompass.answers.services.service_detail import names
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.derived_measures import CASES, END_TO_END_SHARE, ONLINE_SHARE
from portalkompass.proposals import municipal_services
from portalkompass.suppression import hidden_name

YEARS, ON_SLIDES = 3, 8
"""Calendar years of the table, and services of it that a slide names."""
_ALONE = tuple(name for name in CHANNELS if name not in ("all", "unknown"))
TIMES = (
    "Bearbeitungszeit: der kleinste und der größte Median der Tage eines Monats und Kanals; Mediane werden nicht "
    "verrechnet. Rückstand: am Ende des letzten gemeldeten Monats."
)


def council_table(question: Question, most: int | None = None) -> Exhibit | None:
    """A row for each service and year, the services with the most cases first; None where no cases are known.

    The years are the calendar years up to the end of the period, ``most`` the number of services that are shown.
    """
    cells = case_cells(question)
    if cells.empty:
        return None
    last = question.now.end
    ended = cells["month"] + pd.offsets.MonthEnd(0) <= pd.Timestamp(last)
    cells = cells.assign(year=cells["month"].dt.year)
    cells = cells[ended & (cells["year"] > last.year - YEARS)]
    if cells.empty:
        return None
    rows = pd.DataFrame(list(_years(cells)))
    named = names_with_cases(question)
    rows["name"] = [named.get(service, service) for service in rows["service"]]
    # What is told in words has no size to sort by; the order must not tell a hidden sum either.
    size = rows.groupby("service")["cases"].max().fillna(0.0)
    ordered = rows.assign(size=rows["service"].map(size)).sort_values(
        ["size", "name", "year"], ascending=[False, True, False], kind="stable"
    )
    services = ordered["service"].unique()
    shown = ordered[ordered["service"].isin(services[:most])]
    counts = ["cases", *_ALONE, "backlog"]
    told = [one for one in counts if shown[one].notna().any() or (shown[hidden_name(one)] != "").any()]
    fields = (
        Field("name", "Leistung"),
        Field("year", "Jahr"),
        Field("months", "Monate"),
        field(CASES),
        field(ONLINE_SHARE),
        field(END_TO_END_SHARE),
        Field("days", "Bearbeitungszeit (Tage)"),
        Field("backlog", "Rückstand", "integer"),
        *(Field(name, CHANNELS[name], "integer") for name in _ALONE),
    )
    end = (cells["month"].max() + pd.offsets.MonthEnd(0)).date()
    count = german.count(len(services), "Leistung", "Leistungen")
    part = f" · {most} mit den meisten Fällen von {count}" if most and len(services) > most else f" · {count}"
    return question.table(
        "council_cases",
        shown,
        tuple(one for one in fields if one.name not in counts or one.name in told),
        headline=_headline(ordered),
        subtitle=f"Fälle je Leistung und Jahr{part}",
        alt=f"Tabelle der Fälle je Leistung und Jahr bis {german.month(cells['month'].max())}.",
        beside=tuple(hidden_name(name) for name in told),
        source=SOURCE,
        data_date=end,
        period=(cells["month"].min().date(), end),
        notes=(ONLINE_SHARE.explained, END_TO_END_SHARE.explained, TIMES, GAPS, HIDDEN),
    )


def outside(question: Question) -> str:
    """That all cases lie outside the table's years, as a sentence; "" where none are loaded at all."""
    cells = case_cells(question)
    if cells.empty:
        return ""
    first, last = german.month(cells["month"].min()), german.month(cells["month"].max())
    return (
        f"In den {YEARS} Kalenderjahren bis zum {german.date(question.now.end)} liegen keine Fallzahlen; geladen sind "
        f"{first} bis {last}."
    )


def _years(cells: pd.DataFrame) -> Iterator[dict[str, Any]]:
    for (service, year), rows in cells.groupby(["service", "year"], sort=True):
        split = {name: rows[rows["channel"] == name] for name in _ALONE}
        newest = rows[rows["month"] == rows["month"].max()]
        counts = {"cases": rows, **split}
        told = {name: _sum(of, "cases") for name, of in counts.items()} | {"backlog": _sum(newest, "backlog")}
        yield {
            "service": service,
            "year": str(year),
            "months": f"{rows['month'].nunique()} von 12",
            "online_share": online_share(rows),
            "end_to_end_share": per_case(rows, "end_to_end"),
            "days": _days(rows),
            **{name: number for name, (number, _) in told.items()},
            **{hidden_name(name): words for name, (_, words) in told.items()},
        }


def _sum(rows: pd.DataFrame, name: str) -> tuple[float | None, str]:
    """The sum of the cells that know the count, and what stands in its place where it may not be told."""
    known = rows[rows[name].notna()]
    if known.empty:
        return None, ""
    words = sum_in_words(known, name)
    return (None, words) if words else (float(known[name].sum()), "")


def _days(rows: pd.DataFrame) -> str:
    """The smallest and largest median of the year that may be told; "" without one."""
    days = rows.loc[may_be_told(rows), "processing_days"].dropna()
    if days.empty:
        return ""
    low, high = german.number(days.min(), 1), german.number(days.max(), 1)
    return low if low == high else f"{low} bis {high}"


def names_with_cases(question: Question) -> dict[str, str]:
    """Service → name, of the list, with a page, or of the shipped services without status."""
    shipped = municipal_services(question.settings.data_file("municipal_services.csv"))
    own = names(question)
    return dict(zip(shipped["id"], shipped["name"], strict=True)) | dict(
        zip(own["service"], own["name"], strict=True)
    )


def _headline(rows: pd.DataFrame) -> str:
    """How many services tell how many of their cases begin online in the newest year."""
    newest = rows[rows["year"] == rows["year"].max()]
    known = newest[newest["online_share"].notna()]
    if known.empty:
        return f"Fallzahlen von {german.count(newest['service'].nunique(), 'Leistung', 'Leistungen')}"
    half = int((known["online_share"] >= 0.5).sum())  # noqa: PLR2004
    of = german.count(len(known), "Leistung", "Leistungen")
    return f"Bei {german.number(half)} von {of} begann {known['year'].iloc[0]} mindestens die Hälfte der Fälle online"
