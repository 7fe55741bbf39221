"""The measured criteria of each service: what the data say, in the criteria's units; unknown is NaN."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd

from portalkompass import german
from portalkompass.answers.asking import ask
from portalkompass.answers.base.periods import last_full_months, months_within, spans_in_words
from portalkompass.answers.base.question import Question, short
from portalkompass.answers.services.case_rows import case_cells, case_rates
from portalkompass.answers.services.demand_rows import demand_rows
from portalkompass.answers.services.feedback_rows import HIGH, LOW, feedback_cells, satisfaction
from portalkompass.answers.services.funnel_rows import funnel_rows
from portalkompass.answers.services.legal_dates import faults_told, legal_dates, months_left
from portalkompass.answers.workshop.trend_rows import trend_note, trend_rows, windows
from portalkompass.metrics.selection import Period
from portalkompass.prioritisation import ends

YEAR, TREND_MONTHS = 12, 3
TREND = "relative_trend"
CHANGES = frozenset({TREND, "trend"})
"""Criteria that are changes; "trend", the growth of the clicks alone, is that of scenarios of older versions."""
_GRAINS = {
    "clicks": "search_page_day",
    "impressions": "search_page_day",
    "unmet_demand": "search_page_query_day",
}
_NO_DATA = "keine Daten"


def over_last_months(question: Question, months: int) -> Question:
    """The same question about the last full months, against the same months a year before.

    Criteria are measured over a fixed period, so that a filter on the screen cannot reorder services. As of an earlier
    day they are the months before it; the list is the one that the question has already.
    """
    start, end = last_full_months(_stand(question), months)
    filters = replace(
        question.filters, start=start, end=end, compare="previous_year", grain="month", as_of=None
    )
    return ask(question.warehouse, question.workspace, filters, question.settings)


def _stand(question: Question) -> dt.date:
    return question.data_date or question.settings.current_day()


def criterion_values(question: Question, year: pd.DataFrame | None = None) -> pd.DataFrame:
    """Services (index) with the list's columns and the measured criteria.

    clicks, impressions, unmet_demand, portal_visits, portal_starts over the last 12 full months; relative_trend:
    growth of the clicks of the last 3 full months over the same ones a year before against the portal's, with its
    interval (columns of `prioritisation.ends`) and a sentence (trend_note). The portal's counts are sums of what it
    reported, a lower bound where it began later. online_share, cost_per_case, completion: how well a service runs, over
    the same 12 months; satisfaction, with its interval, too. legal_months: from the data date to the earliest legal
    date. council_mandate: 1 with a council motion, 0 without.
    """
    over_year = over_last_months(question, YEAR)
    demand = demand_rows(over_year) if year is None else year
    rows = demand.set_index("service")
    run = case_rates(over_year).reindex(rows.index)
    completed = funnel_rows(over_year).set_index("service")["application_rate"].reindex(rows.index)
    liked = satisfaction(over_year).reindex(rows.index)
    lately = over_last_months(question, TREND_MONTHS)
    trends = trend_rows(lately)
    by_service = trends.to_dict("index")
    own = trends.reindex(rows.index)
    low, high = ends(TREND)
    return rows.assign(
        **{TREND: own["change"], low: own["low"], high: own["high"]},
        trend=own["growth"],
        trend_note=[trend_note(by_service.get(service), lately) for service in rows.index],
        unmet_demand=rows["unmet_impressions"],
        portal_visits=rows["unique_page_views"],
        portal_starts=rows["service_starts"],
        online_share=run["online_share"],
        cost_per_case=run["cost_per_case"],
        completion=completed,
        satisfaction=liked["satisfaction"],
        **dict(zip(ends("satisfaction"), (liked[LOW], liked[HIGH]), strict=True)),
        legal_months=months_left(legal_dates(question), _stand(question)).reindex(rows.index),
        council_mandate=rows["motion_number"].notna().astype("float64"),
    )


def criterion_windows(question: Question) -> dict[str, str]:
    """Measured criterion -> the months that its values are of, in words: those that have data, not those asked for."""
    year = over_last_months(question, YEAR)
    months = {name: _words(_held(year, grain)) for name, grain in _GRAINS.items()}
    months |= dict.fromkeys(
        ("portal_visits", "portal_starts", "completion"),
        spans_in_words(year.portal_spans, german.period_short) or _NO_DATA,
    )
    months |= dict.fromkeys(("online_share", "cost_per_case"), _words(_of_months(case_cells(year), year)))
    months["satisfaction"] = _words(_of_months(feedback_cells(year), year))
    legal = (f"ab {german.date(_stand(question))}", faults_told(legal_dates(question)))
    months["legal_months"] = "; ".join(filter(None, legal))
    held = windows(over_last_months(question, TREND_MONTHS))
    return months | {TREND: f"{short(held[0])} gegen {short(held[1])}" if held else _NO_DATA}


def _held(question: Question, grain: str) -> Period | None:
    """From the first to the last day of the period that the grain has data for."""
    days = question.days_with_data(grain)
    inside = days[days.between(pd.Timestamp(question.now.start), pd.Timestamp(question.now.end))]
    return None if inside.empty else Period(inside.iloc[0].date(), inside.iloc[-1].date())


def _of_months(cells: pd.DataFrame, question: Question) -> Period | None:
    """From the first to the last month of the period that the cells know."""
    if cells.empty:
        return None
    months = cells["month"][cells["month"].isin(months_within(question.now, None))]
    if months.empty:
        return None
    return Period(months.min().date(), (months.max() + pd.offsets.MonthEnd(0)).date())


def _words(period: Period | None) -> str:
    return _NO_DATA if period is None else short(period)
