"""Cases of all services by calendar year, as a council asks for them: channels, shares, time, backlog; three years."""

from __future__ import annotations

import math

import pandas as pd

from portalkompass import german
from portalkompass.answers.base.link_rows import names_to_choose
from portalkompass.answers.base.question import Question, field
from portalkompass.answers.services.case_rows import (
    CHANNELS,
    GAPS,
    HIDDEN,
    SOURCE,
    at_least,
    case_cells,
    in_words,
    may_be_told,
    online_shares,
    paired_cells,
    per_cases,
    split_cells,
    sum_facts,
)
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
    rows = _years(cells)
    named = names_with_cases(question)
    rows["name"] = [named.get(service, service) for service in rows["service"]]
    # By what everybody may read of the sum: the order must not tell a hidden one either.
    size = rows.groupby("service")["cases_least"].max()
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


def _years(cells: pd.DataFrame) -> pd.DataFrame:
    """A row for each service and year of the cells (`case_cells` with ``year``)."""
    keys = [cells["service"], cells["year"]]
    every = cells.groupby(keys, sort=True)["month"].max()

    def months(part: pd.DataFrame) -> pd.Series[int]:
        return part.groupby(keys)["month"].nunique().reindex(every.index, fill_value=0)

    known = cells[cells["cases"].notna()]
    of_month = cells["cases"].notna().groupby([*keys, cells["month"]])
    of_cases, whole = months(known), months(cells[of_month.transform("all")])
    rows = every.index.to_frame(index=False)
    _tell(rows, "cases", sum_facts(known, "cases", keys).reindex(every.index), of_cases != whole)
    for name in _ALONE:
        split = known[known["channel"] == name]
        _tell(rows, name, sum_facts(split, "cases", keys).reindex(every.index), months(split) != of_cases)
    newest = cells[cells["month"] == cells.groupby(keys)["month"].transform("max")]
    backlog = newest["backlog"].notna()
    facts = sum_facts(newest[backlog], "backlog", keys).reindex(every.index)
    _tell(rows, "backlog", facts, ~backlog.groupby(keys).all())
    shares = (
        (ONLINE_SHARE, online_shares(cells, keys), split_cells(cells)),
        (END_TO_END_SHARE, per_cases(cells, "end_to_end", keys), paired_cells(cells, "end_to_end")),
    )
    basis = whole.map(f"{{}}{german.NBSP}von{german.NBSP}12".format)
    for measure, share, part in shares:
        rows[measure.id] = share.reindex(every.index).to_numpy()
        held = months(part)
        others = f"; {measure.label} aus " + held.astype("str")
        basis += others.where(rows[measure.id].notna().to_numpy() & (held != whole), "")
    days = (
        cells.loc[may_be_told(cells), "processing_days"]
        .groupby(keys)
        .agg(["min", "max"])
        .reindex(every.index)
    )
    return rows.assign(
        year=rows["year"].astype("str"),
        months=basis.to_numpy(),
        days=[_days(low, high) for low, high in zip(days["min"], days["max"], strict=True)],
    )


def _tell(rows: pd.DataFrame, name: str, facts: pd.DataFrame, partly: pd.Series[bool]) -> None:
    """Add to the rows the sum, or what stands in its place, and as ``…_least`` what it is at least."""
    told = list(zip(facts["shown"], facts["below"], facts["withheld"], partly, strict=True))
    words = [
        "" if math.isnan(shown) else in_words(shown, below, withheld, partly=cut)
        for shown, below, withheld, cut in told
    ]
    rows[hidden_name(name)] = words
    rows[name] = facts["whole"].where(pd.Series(words, index=facts.index) == "").to_numpy()
    rows[f"{name}_least"] = [
        0 if math.isnan(shown) else at_least(shown, withheld) for shown, _, withheld, _ in told
    ]


def _days(low: float, high: float) -> str:
    """The smallest and largest median of the year that may be told; "" without one."""
    if math.isnan(low):
        return ""
    first, last = german.number(low, 1), german.number(high, 1)
    return first if first == last else f"{first} bis {last}"


def names_with_cases(question: Question) -> dict[str, str]:
    """Service → name, of the list, with a page, or of the shipped services without status.

    Where the city's own list of these cannot be used, they are missing here; *Zuordnung* says what is wrong with it.
    """
    own = names_to_choose(question)
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
