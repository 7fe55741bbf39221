"""Clicks a day of each service in the months after the data date, and how earlier forecasts of the same data went."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from portalkompass.answers.base.link_rows import links_state, service_map
from portalkompass.answers.base.periods import last_full_months, month_of, months_before
from portalkompass.answers.base.question import Question
from portalkompass.answers.services.service_rows import months
from portalkompass.estimates.forecast import WINDOW, Forecast, forecast
from portalkompass.metrics.selection import Period
from portalkompass.metrics.services import monthly_demand

TABLE = "search_page_day"


@dataclass(frozen=True, eq=False)
class Forecasts:
    """The forecast of all services at once: ``services`` names the places of its values, ``window`` its days."""

    services: tuple[str, ...]
    window: Period
    told: Forecast


@dataclass(frozen=True, eq=False)
class Earlier:
    """An earlier forecast and what came: services with an interval, and how many lay within it."""

    window: Period
    judged: int
    inside: int
    seasonal: bool


@dataclass(frozen=True, eq=False)
class Course:
    """Clicks (months × services) of the full months of the archive, and the days with data of each."""

    first: dt.date
    clicks: pd.DataFrame
    days: np.ndarray

    def window(self, month: int) -> Period:
        """The days of the window that begins with this month."""
        start = months_before(self.first, -month)
        return Period(start, months_before(start, -WINDOW) - dt.timedelta(days=1))


def course(question: Question) -> Course | None:
    """The full months up to the data date; None without one. A month without a shown page is one of no clicks."""
    archive = question.archive
    if archive is None:
        return None
    first = archive.start if archive.start.day == 1 else months_before(archive.start.replace(day=1), -1)
    last = last_full_months(archive.end, 1)[1]
    if first > last:
        return None
    every = question.whole.once(
        "monthly clicks of services",
        lambda: months(replace(question.whole, now=Period(first, last))),
        *links_state(question),
        question.data_date,
    )
    index = pd.date_range(first, last, freq="MS")
    clicks = every.pivot_table("clicks", "month", "service", aggfunc="sum").reindex(index).fillna(0.0)
    days = np.array([question.whole.covered(TABLE, month_of(month.date())) for month in index])
    return Course(first, clicks, days)


def click_forecasts(question: Question) -> Forecasts | None:
    """The forecast of the ``WINDOW`` months after the last full one; None without any month or service."""
    held = course(question)
    if held is None or held.clicks.empty:
        return None
    told = forecast(held.clicks.to_numpy("float64"), held.days)
    return Forecasts(tuple(held.clicks.columns.astype(str)), held.window(len(held.clicks)), told)


def earlier_forecasts(held: Course | None) -> list[Earlier]:
    """Every earlier forecast that had an interval, made of the months before its window alone, oldest first."""
    if held is None or held.clicks.empty:
        return []
    clicks, found = held.clicks.to_numpy("float64"), []
    for first in range(WINDOW, len(clicks) - WINDOW + 1):
        told, window = forecast(clicks[:first], held.days[:first]), slice(first, first + WINDOW)
        if not told.known or (held.days[window] == 0).any():
            continue
        came = clicks[window].sum(axis=0) / held.days[window].sum()
        known = np.isfinite(told.low)
        inside = (came >= told.low) & (came <= told.high) & known
        found.append(Earlier(held.window(first), int(known.sum()), int(inside.sum()), told.seasonal))
    return found


def pages_of(question: Question, service: str) -> dict[str, float]:
    """Address → share of the pages that are linked to the service."""
    rows = service_map(question).service_page
    own = rows[rows["service"] == service]
    return dict(zip(own["url"].astype(str), own["share"].astype(float), strict=True))


def clicks_a_day(question: Question, pages: Mapping[str, float], window: Period) -> float | None:
    """Clicks a day with data of these pages in the window, whatever they are linked to now; None where a month lacks.

    Pages that moved since count by the address they have today.
    """
    months_held = [month_of(day.date()) for day in pd.date_range(window.start, window.end, freq="MS")]
    days = [question.whole.covered(TABLE, month) for month in months_held]
    if not pages or not all(days):
        return None
    shares = pd.DataFrame(
        {"url": [question.url_today(url) for url in pages], "share": list(pages.values()), "service": "own"}
    ).drop_duplicates("url")
    rows = question.warehouse.ask(
        lambda t: monthly_demand(question.whole.rows(t, TABLE), t["own_pages"], t["calendar"], window).select(
            "clicks"
        ),
        own_pages=shares,
    )
    return float(rows["clicks"].sum()) / sum(days)
