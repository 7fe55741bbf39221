"""Stunden: the last ten days by hour of German time, for the day after a go-live."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import narwhals as nw
import pandas as pd

from portalkompass import german
from portalkompass.answers.base import events, wording
from portalkompass.answers.base.answer import Answer, Figure
from portalkompass.answers.base.question import Question, columns, count_card, field, measures
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.measures import (
    CLICKS,
    CTR,
    IMPRESSIONS,
    POSITION,
    LazyFrame,
    Measure,
    ctr,
    position,
)
from portalkompass.metrics.selection import Period, of_site
from portalkompass.warehouse.engine import Tables

HOURS = "search_hour"
GERMANY, PACIFIC = ZoneInfo("Europe/Berlin"), ZoneInfo("America/Los_Angeles")
DAYS, WEEK = 10, dt.timedelta(days=7)
"""Google keeps hours for ten days; earlier ones that are stored stay out of this view."""
WEEKDAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
TIME = "Stunden in deutscher Zeit; Search Console zählt in pazifischer Zeit."
DOUBLE = (
    "In der Nacht zum {day} gibt es die Stunde ab 2 Uhr zweimal: erst in Sommer-, dann in Normalzeit („2b“)."
)
SKIPPED = "In der Nacht zum {day} fehlt die Stunde ab 2 Uhr: Die Uhr springt auf 3."
LOAD_HOURS = (
    "Unter „Daten“ den Export der 24-Stunden-Ansicht hochladen; die Betreuung der Anwendung kann auch die letzten zehn "
    "Tage laufend holen lassen."
)


def answer(question: Question) -> Answer:
    """Clicks and impressions of each hour as grids of days and hours, and all figures as a table, newest first.

    The period of the filters does not matter: the days are the last ten that hours are loaded of.
    """
    rows = hour_rows(question)
    if rows.empty:
        return question.answer("Noch sind keine Stunden geladen.", next_steps=(LOAD_HOURS,))
    days = Period(rows["day"].iloc[0].date(), rows["day"].iloc[-1].date())
    notes = (TIME, *_clock_changes(days), *_provisional(rows))
    return question.answer(
        _message(rows),
        (
            _grid(question, rows, days, CLICKS, notes),
            _grid(question, rows, days, IMPRESSIONS, notes),
            _table(question, rows, days, notes),
        ),
        _cards(rows),
        caveats=(*_provisional(rows), *events.caveats(question, days)),
    )


def hour_rows(question: Question) -> pd.DataFrame:
    """day, hour (0, …, 2, 2b, 3 … as the German clock shows it), begin (UTC), clicks, impressions, ctr, position,
    provisional; in order of time, one row for each hour from the first to the last that Google named.

    An hour that it did not name had no impression, if it named another one of the same day; other days are left out.
    """

    def build(tables: Tables) -> LazyFrame:
        own = of_site(tables[HOURS], question.filters.site, question.filters.search_type)
        placed = nw.when(~nw.col("sum_position").is_null()).then(1).otherwise(0).alias("placed")
        return own.with_columns(placed).with_columns(position(), ctr())

    if not question.warehouse.holds(HOURS):
        return pd.DataFrame()
    named = question.ask_once("hours", build)
    if named.empty:
        return named
    named = named.assign(begin=_utc(named)).set_index("begin")
    begins = pd.date_range(named.index.min(), named.index.max(), freq="h")
    rows = named[["clicks", "impressions", "ctr", "position"]].reindex(begins)
    local = begins.tz_convert(GERMANY)
    rows = rows.assign(day=local.tz_localize(None).normalize(), hour=[_clock(one) for one in local])
    last_final = question.data_date
    google_days = begins.tz_convert(PACIFIC).date
    rows["provisional"] = [last_final is None or day > last_final for day in google_days]
    with_any = rows.loc[rows["impressions"].notna(), "day"].unique()
    first = rows["day"].max() - pd.Timedelta(days=DAYS - 1)
    rows = rows[rows["day"].isin(with_any) & (rows["day"] >= first)]
    counts = rows[["clicks", "impressions"]].fillna(0).astype("int64")
    whole: pd.DataFrame = rows.assign(**counts).rename_axis("begin").reset_index()
    return whole


def _utc(named: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    """Begin of each hour. Older snapshots know only the Pacific clock: of a double hour the first is meant."""
    if "hour_utc" in named:
        return pd.to_datetime(named["hour_utc"]).dt.tz_localize("UTC")
    local = pd.to_datetime(named["hour"]).dt.tz_localize(PACIFIC, ambiguous=True, nonexistent="shift_forward")
    return local.dt.tz_convert("UTC")


def _clock(moment: pd.Timestamp) -> str:
    """The hour as a clock in Germany shows it; the second one of a double hour has a „b“."""
    return f"{moment.hour}b" if moment.fold else str(moment.hour)


def _grid(
    question: Question, rows: pd.DataFrame, days: Period, measure: Measure, notes: tuple[str, ...]
) -> Exhibit:
    """Days one below the other, hours beside each other, the value in each cell."""
    shown = rows.assign(label=[_day(day) for day in rows["day"]])
    order = sorted(shown["hour"].unique(), key=lambda hour: (int(hour.rstrip("b")), hour))
    # Every day has every column, so that both stand in order: what a clock skipped or nobody named is empty.
    cells = pd.MultiIndex.from_product([order, shown["label"].unique()], names=["hour", "label"])
    grid = shown.set_index(["hour", "label"])[[measure.id]].reindex(cells).reset_index()
    by_day = shown.groupby("label", sort=False)[measure.id].sum()
    ordered = shown.sort_values([measure.id, "begin"], ascending=[False, True])
    strongest = ordered.iloc[0]
    headline = (
        f"{measure.label}: am meisten am {strongest['label']} ab {_o_clock(strongest['hour'])} "
        f"({german.number(strongest[measure.id])}{wording.tied(ordered[measure.id])})"
    )
    listed = german.listing([f"{day} {german.number(amount)}" for day, amount in by_day.items()])
    return question.exhibit(
        f"hours_{measure.id}",
        "heatmap",
        grid,
        (Field("hour", "Stunde ab"), Field("label", "Tag"), field(measure)),
        headline=headline,
        subtitle=f"{measure.label} je Stunde, deutsche Zeit · {german.period(days.start, days.end)}",
        alt=f"Raster der {measure.label} je Tag und Stunde. {headline}. Summen der Tage: {listed}.",
        x="hour",
        y="label",
        size=measure.id,
        over=(days,),
        notes=notes,
    )


def _table(question: Question, rows: pd.DataFrame, days: Period, notes: tuple[str, ...]) -> Exhibit:
    newest_first = rows.iloc[::-1].assign(clock=[_o_clock(hour) for hour in rows["hour"].iloc[::-1]])
    total = german.count(rows["clicks"].sum(), "Klick", "Klicks")
    return question.table(
        "hours",
        newest_first,
        (
            Field("day", "Tag", "date"),
            Field("clock", "Stunde ab"),
            *measures(CLICKS, IMPRESSIONS, CTR, POSITION),
            *columns("bool", provisional="Vorläufig"),
        ),
        headline=f"{german.count(len(rows), 'Stunde', 'Stunden')} mit {total}",
        subtitle=f"Alle Werte je Stunde, die neueste zuerst, deutsche Zeit · {german.period(days.start, days.end)}",
        alt="Tabelle der Stunden:",
        over=(days,),
        notes=notes,
    )


def _last_whole_day(rows: pd.DataFrame) -> pd.Timestamp | None:
    """The newest day whose last hour is named and whose first one is, too."""
    ends = rows.groupby("day", sort=True)["hour"].agg(["first", "last"])
    whole = ends[(ends["first"] == "0") & (ends["last"] == "23")]
    return None if whole.empty else pd.Timestamp(whole.index[-1])


def _message(rows: pd.DataFrame) -> str:
    day = _last_whole_day(rows)
    if day is None:
        last = rows.iloc[-1]
        return f"Stunden sind geladen bis zum {german.date(last['day'])}, {_o_clock(last['hour'])}."
    own = rows[rows["day"] == day]
    ordered = own.sort_values(["clicks", "begin"], ascending=[False, True])
    strongest = ordered.iloc[0]
    late = bool(own["provisional"].any())
    amount = german.count(own["clicks"].sum(), "Klick", "Klicks")
    told = (
        f"Am {german.date(day)} kamen {'vorläufig ' if late else ''}{amount}, am meisten ab "
        f"{_o_clock(strongest['hour'])} ({german.number(strongest['clicks'])}{wording.tied(ordered['clicks'])})"
    )
    earlier = rows.loc[rows["day"] == day - WEEK]
    if late or len(earlier) < len(own):
        return f"{told}."
    return f"{told}; sieben Tage zuvor waren es {german.number(earlier['clicks'].sum())}."


def _cards(rows: pd.DataFrame) -> tuple[Figure, ...]:
    day = _last_whole_day(rows)
    if day is None:
        return ()
    own = rows[rows["day"] == day]
    when = german.date(day)
    return (
        count_card(
            f"Klicks am {when}", own["clicks"].sum(), f"Summe der Stunden des Tages in deutscher Zeit. {TIME}"
        ),
        count_card(f"Impressionen am {when}", own["impressions"].sum(), "Summe der Stunden desselben Tages."),
    )


def _provisional(rows: pd.DataFrame) -> tuple[str, ...]:
    """One sentence on the hours that Google still completes."""
    late = rows[rows["provisional"]]
    if late.empty:
        return ()
    first = late.iloc[0]
    return (
        f"Ab dem {german.date(first['day'])}, {_o_clock(first['hour'])}, sind die Zahlen vorläufig: Google trägt diese "
        "Stunden noch nach.",
    )


def _clock_changes(days: Period) -> tuple[str, ...]:
    """Sentences on nights in which the clocks in Germany change."""
    told = []
    for day in pd.date_range(days.start, days.end).date:
        hours = _length(day)
        if hours != 24:  # noqa: PLR2004 hours of any other day
            told.append((DOUBLE if hours > 24 else SKIPPED).format(day=german.date(day)))  # noqa: PLR2004
    return tuple(told)


def _length(day: dt.date) -> int:
    """Hours of a day in Germany."""
    start, end = (pd.Timestamp(one).tz_localize(GERMANY) for one in (day, day + dt.timedelta(days=1)))
    return int((end - start) / pd.Timedelta(hours=1))


def _day(day: pd.Timestamp) -> str:
    """So 26.10."""
    return f"{WEEKDAYS[day.weekday()]} {day:%d.%m.}"


def _o_clock(hour: str) -> str:
    """2 Uhr; the second one of a double hour in words."""
    return f"{hour.removesuffix('b')} Uhr (Normalzeit)" if hour.endswith("b") else f"{hour} Uhr"
