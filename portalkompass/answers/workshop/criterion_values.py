"""The measured criteria of each service: what the data say, in the criteria's units; unknown is NaN."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from portalkompass.answers.base.link_rows import service_map
from portalkompass.answers.base.periods import last_full_months
from portalkompass.answers.base.question import Question, ask
from portalkompass.answers.services.demand_rows import demand_rows
from portalkompass.metrics import services

YEAR, TREND_MONTHS = 12, 3


def over_last_months(question: Question, months: int) -> Question:
    """The same question about the last full months, against the same months a year before.

    Criteria are measured over a fixed period, so that a filter on the screen cannot reorder services.
    """
    start, end = last_full_months(question.data_date or question.settings.current_day(), months)
    filters = replace(question.filters, start=start, end=end, compare="previous_year", grain="month")
    return ask(question.warehouse, question.workspace, filters, question.settings)


def criterion_values(question: Question, year: pd.DataFrame | None = None) -> pd.DataFrame:
    """Services (index) with the list's columns and the measured criteria.

    clicks, impressions, unmet_demand, portal_visits, portal_starts over the last 12 full months; trend: clicks
    of the last 3 full months against the same ones a year before, unknown unless all of them are held. The
    portal's counts are sums of what it reported, a lower bound where it began later. council_mandate: 1 with
    a council motion, 0 without.
    """
    demand = demand_rows(over_last_months(question, YEAR)) if year is None else year
    rows = demand.set_index("service")
    lately = over_last_months(question, TREND_MONTHS)
    return rows.assign(
        trend=_trend(lately),
        unmet_demand=rows["unmet_impressions"],
        portal_visits=rows["unique_page_views"],
        portal_starts=rows["service_starts"],
        council_mandate=rows["motion_number"].notna().astype("float64"),
    )


def _trend(lately: Question) -> pd.Series[float] | float:
    """The change of each service (index); unknown where not all of the period and of the one before is held."""
    like, before = lately.like, lately.before
    if before is None or like != lately.now:
        return float("nan")
    rows = lately.warehouse.ask(
        lambda t: services.trend(lately.rows(t, "search_page_day"), t["service_page"], lately.now, before),
        service_page=service_map(lately).service_page,
    )
    return rows.set_index("service")["change"]
