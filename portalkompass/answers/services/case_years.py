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
    known_months,
    least_told,
    may_be_told,
    online_share,
    paired_cells,
    per_case,
    split_cells,
    sum_in_words,
)
from portalkompass.answers.services.service_detail import names
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.derived_measures import CASES, END_TO_END_SHARE, ONLINE_SHARE
from portalkompass.proposals import ListFault, municipal_services
from portalkompass.suppression import hidden_name

YEARS, ON_SLIDES, DECEMBER = 3, 8, 12
"""Calendar years of the table, and services of it that a slide names."""
_ALONE = tuple(name for name in CHANNELS if name not in ("all", "unknown"))
TIMES = (
    "Bearbeitungszeit: der kleinste und der größte Median der Tage eines Monats und Kanals; Mediane werden nicht "
    "verrechnet. Rückstand: am Ende des letzten gemeldeten Monats."
)
BASIS = (
    "Monate: die, deren Fälle bekannt sind; eine Quote aus anderen nennt deren Zahl. Eine Summe, zu der ein Monat oder "
    "Kanal fehlt, steht mit „mind.“."
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
    # By what everybody may read of the sum: the order must not tell a hidden one either.
    size = rows.groupby("service")["least"].max()
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
        headline=_headline(ordered, cells["month"].max()),
        subtitle=f"Fälle je Leistung und Jahr{part}",
        alt=f"Tabelle der Fälle je Leistung und Jahr bis {german.month(cells['month'].max())}.",
        beside=tuple(hidden_name(name) for name in told),
        source=SOURCE,
        data_date=end,
        period=(cells["month"].min().date(), end),
        notes=(ONLINE_SHARE.explained, END_TO_END_SHARE.explained, BASIS, TIMES, GAPS, HIDDEN),
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
        known = rows[rows["cases"].notna()]
        months, whole = set(known["month"]), known_months(rows)
        told = {"cases": _sum(known, "cases", partly=months != whole)}
        for name in _ALONE:
            split = known[known["channel"] == name]
            told[name] = _sum(split, "cases", partly=set(split["month"]) != months)
        newest = rows[rows["month"] == rows["month"].max()]
        backlog = newest[newest["backlog"].notna()]
        told["backlog"] = _sum(backlog, "backlog", partly=len(backlog) < len(newest))
        online, end_to_end = online_share(rows), per_case(rows, "end_to_end")
        shares = (
            (ONLINE_SHARE, online, split_cells(rows)),
            (END_TO_END_SHARE, end_to_end, paired_cells(rows, "end_to_end")),
        )
        others = [
            f"{measure.label} aus {of['month'].nunique()}"
            for measure, share, of in shares
            if share is not None and of["month"].nunique() != len(whole)
        ]
        yield {
            "service": service,
            "year": str(year),
            "months": "; ".join((f"{len(whole)}{german.NBSP}von{german.NBSP}12", *others)),
            "least": least_told(known, "cases"),
            "online_share": online,
            "end_to_end_share": end_to_end,
            "days": _days(rows),
            **{name: number for name, (number, _) in told.items()},
            **{hidden_name(name): words for name, (_, words) in told.items()},
        }


def _sum(known: pd.DataFrame, name: str, *, partly: bool) -> tuple[float | None, str]:
    """The sum of cells that know the count, and what stands in its place where it may not be told or is not whole."""
    if known.empty:
        return None, ""
    words = sum_in_words(known, name, partly=partly)
    return (None, words) if words else (float(known[name].sum()), "")


def _days(rows: pd.DataFrame) -> str:
    """The smallest and largest median of the year that may be told; "" without one."""
    days = rows.loc[may_be_told(rows), "processing_days"].dropna()
    if days.empty:
        return ""
    low, high = german.number(days.min(), 1), german.number(days.max(), 1)
    return low if low == high else f"{low} bis {high}"


def names_with_cases(question: Question) -> dict[str, str]:
    """Service → name, of the list, with a page, or of the shipped services without status.

    Where the city's own list of these cannot be used, they are missing here; *Zuordnung* says what is wrong with it.
    """
    own = names(question)
    try:
        offered = municipal_services(question.settings.data_file("municipal_services.csv"))
    except ListFault:
        offered = pd.DataFrame(columns=["id", "name"])
    return dict(zip(offered["id"], offered["name"], strict=True)) | dict(
        zip(own["service"], own["name"], strict=True)
    )


def _headline(rows: pd.DataFrame, last: pd.Timestamp) -> str:
    """Of how many services that tell how their cases begin at least half begin online, in the newest year so far.

    How many services have cases at all is told by the subtitle.
    """
    newest = rows[rows["year"] == rows["year"].max()]
    services = german.count(len(newest), "Leistung", "Leistungen")
    known = newest[newest["online_share"].notna()]
    if known.empty:
        return f"Fallzahlen von {services}"
    half = german.number((known["online_share"] >= 0.5).sum())  # noqa: PLR2004
    told = german.count(len(known), "Leistung", "Leistungen")
    when = str(last.year) if last.month == DECEMBER else f"{last.year} bis {german.MONTHS[last.month - 1]}"
    return f"Bei {half} von {told} mit bekannter Online-Quote begann {when} mindestens die Hälfte der Fälle online"
