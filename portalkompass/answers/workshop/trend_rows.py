"""Each service's clicks against the portal's: the trend criterion, with its interval and a sentence for its row."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import narwhals as nw
import pandas as pd

from portalkompass import german
from portalkompass.answers.base.link_rows import links_state, service_map
from portalkompass.answers.base.periods import length
from portalkompass.answers.base.question import Question, short
from portalkompass.estimates.relative_trend import LEAST_BEFORE, relative_trends
from portalkompass.metrics import services
from portalkompass.metrics.comparison import relative
from portalkompass.metrics.measures import LazyFrame
from portalkompass.metrics.selection import Period, inside
from portalkompass.warehouse.engine import Tables

TABLE = "search_page_day"
COLUMNS = ("change", "low", "high", "clicks_like", "clicks_before", "growth")
NO_YEAR_BEFORE = "unbekannt: Das Archiv reicht nicht ein Jahr zurück"
UNEVEN_DAYS = "unbekannt: In einem der beiden Zeiträume fehlen zu viele Tage"
NO_PAGE = "unbekannt: keine zugeordnete Seite in der Suche"


def windows(lately: Question) -> tuple[Period, Period] | None:
    """The months and the same ones a year before; None where not all of both are held."""
    like, before = lately.like, lately.before
    return None if before is None or like is None or like != lately.now else (like, before)


def trend_rows(lately: Question) -> pd.DataFrame:
    """By service (index): change against the portal with low and high, clicks of both windows, and the plain growth.

    ``growth`` is what scenarios of older versions call their trend. A service without a page that was shown has no
    row; nobody has one where the windows cannot be compared. Made once; whoever gets the rows only reads them.
    """
    return lately.once("service trends", lambda: _trend_rows(lately), *lately.periods, *links_state(lately))


def _trend_rows(lately: Question) -> pd.DataFrame:
    held = windows(lately)
    factor = lately.factor(TABLE)
    if held is None or factor is None:
        return pd.DataFrame(columns=list(COLUMNS), dtype="float64")
    like, before = held
    weeks = min(length(like), length(before)) // 7
    own = lately.warehouse.ask(
        lambda t: services.daily_clicks(lately.rows(t, TABLE), t["service_page"], like, before),
        service_page=service_map(lately).service_page,
    )
    every = own["service"].drop_duplicates()
    clicks, clicks_before = (
        _weekly(own, "service", window, weeks).reindex(every, fill_value=0.0) for window in held
    )
    totals = [_weekly(_portal_days(lately).assign(key=""), "key", window, weeks) for window in held]
    portal = pd.DataFrame(
        {name: total.sum(axis=0) for name, total in zip(("like", "before"), totals, strict=True)}
    )
    rows = relative_trends(clicks, clicks_before, portal)
    growth = rows["clicks_like"] / (rows["clicks_before"] * factor) - 1
    return rows.assign(growth=growth.where(rows["clicks_before"] > 0))


def portal_growth(lately: Question) -> float | None:
    """Change of all page clicks between the windows, per day with data; None where nothing can be compared."""
    held = windows(lately)
    if held is None:
        return None
    days = _portal_days(lately)
    like, before = (float(days.loc[_inside(days, window), "clicks"].sum()) for window in held)
    return relative(like, before, lately.exposure(TABLE))


def trend_note(row: Mapping[Hashable, Any] | None, lately: Question) -> str:
    """What a row of `trend_rows` (None: there is none) says, or why it says nothing."""
    if windows(lately) is None:
        return NO_YEAR_BEFORE
    if lately.factor(TABLE) is None:
        return UNEVEN_DAYS
    if row is None:
        return NO_PAGE
    if german.is_missing(row["change"]):
        clicks = german.count(row["clicks_before"], "Klick", "Klicks")
        return f"unbekannt: {clicks} im Vorjahreszeitraum, gewertet wird ab {LEAST_BEFORE}"
    span = f"{german.percent_change(row['low'], 0)} bis {german.percent_change(row['high'], 0)}"
    if row["low"] <= 0 <= row["high"]:
        return f"kein sicherer Unterschied zum Portal ({span})"
    return f"{'stärker' if row['low'] > 0 else 'schwächer'} als das Portal ({span})"


def portal_sentence(lately: Question) -> tuple[str, ...]:
    """How the portal itself went on: what every trend is measured against."""
    held, growth = windows(lately), portal_growth(lately)
    if held is None or growth is None:
        return ()
    more = "mehr" if growth >= 0 else "weniger"
    return (
        f"Das Portal hatte {short(held[0])} je Tag {german.percent(abs(growth))} {more} Seitenklicks als "
        f"{short(held[1])}; die Entwicklung einer Leistung ist der Unterschied dazu.",
    )


def _portal_days(lately: Question) -> pd.DataFrame:
    """date, clicks of all pages on the days of both windows."""
    held = windows(lately) or (lately.now, lately.now)

    def build(tables: Tables) -> LazyFrame:
        rows = lately.rows(tables, TABLE).filter(inside(held[0]) | inside(held[1]))
        return rows.group_by("date").agg(nw.col("clicks").sum()).sort("date")

    return lately.once("portal days", lambda: lately.warehouse.ask(build), held)


def _weekly(days: pd.DataFrame, key: str, window: Period, weeks: int) -> pd.DataFrame:
    """key × weeks of the window; the days left over after the last whole week belong to it."""
    own = days[_inside(days, window)]
    week = ((own["date"] - pd.Timestamp(window.start)).dt.days // 7).clip(upper=weeks - 1)
    summed = own.assign(week=week).pivot_table("clicks", key, "week", aggfunc="sum", fill_value=0.0)
    return summed.reindex(columns=range(weeks), fill_value=0.0).astype("float64")


def _inside(days: pd.DataFrame, window: Period) -> pd.Series[bool]:
    return days["date"].between(pd.Timestamp(window.start), pd.Timestamp(window.end))
