"""The measured criteria of each service: what the data say, in the criteria's units; unknown is NaN."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from portalkompass.answers.demand_rows import click_rows, demand_rows
from portalkompass.answers.periods import last_full_months
from portalkompass.answers.question import Question, ask

YEAR, TREND_MONTHS = 12, 3


def over_last_months(question: Question, months: int) -> Question:
    """The same question about the last full months, against the same months a year before.

    Criteria are measured over a fixed period, so that a filter on the screen cannot reorder services.
    """
    start, end = last_full_months(question.data_date or question.settings.current_day(), months)
    filters = replace(question.filters, start=start, end=end, compare="previous_year", grain="month")
    return ask(question.warehouse, question.workspace, filters, question.settings)


def measured(question: Question, year: pd.DataFrame | None = None) -> pd.DataFrame:
    """Services (index) with the list's columns and the measured criteria.

    clicks, impressions, unmet_demand, portal_visits, portal_starts over the last 12 full months; trend: clicks
    of the last 3 full months against the same ones a year before, unknown unless all of them are held. The
    portal's counts are sums of what it reported, a lower bound where it began later. council_mandate: 1 with
    a council motion, 0 without.
    """
    demand = demand_rows(over_last_months(question, YEAR)) if year is None else year
    rows = demand.set_index("service")
    lately = over_last_months(question, TREND_MONTHS)
    newest = click_rows(lately).set_index("service")["change"]
    return rows.assign(
        trend=newest if lately.like == lately.now else float("nan"),
        unmet_demand=rows["unmet_impressions"],
        portal_visits=rows["unique_page_views"],
        portal_starts=rows["service_starts"],
        council_mandate=rows["motion_number"].notna().astype("float64"),
    )
