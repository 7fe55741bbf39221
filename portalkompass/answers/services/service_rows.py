"""Everything known of each service in one row: demand and its course, the way to the application, online offers."""

from __future__ import annotations

import pandas as pd

from portalkompass.answers.base.link_rows import service_map
from portalkompass.answers.base.periods import months_within
from portalkompass.answers.base.question import Question
from portalkompass.answers.services.demand_rows import demand_rows
from portalkompass.answers.services.elsewhere.reported import linked, offered, reports
from portalkompass.answers.services.funnel_rows import funnel_rows
from portalkompass.metrics import services

RECENT_MONTHS = 3
"""Whole months that are compared with as many before them."""


def service_rows(question: Question) -> pd.DataFrame:
    """`demand_rows` with recent, applications, applications_hidden, application_drop_out, digital_share and offered.

    ``recent`` is the change of the last three whole months against the three before; ``offered`` says whether a
    working online service is reported here (missing while no Open-PVOG list is loaded). Missing means unknown.
    """
    rows = demand_rows(question)
    told = ("applications", "applications_hidden", "application_rate", "digital_share")
    funnel = funnel_rows(question)[["service", *told]]
    recent = recent_change(months(question), months_within(question.now, question.data_date))
    joined = rows.merge(funnel, on="service", how="left")
    return joined.assign(
        applications_hidden=joined["applications_hidden"].fillna(""),
        recent=joined["service"].map(recent),
        application_drop_out=1 - joined["application_rate"],
        offered=joined["service"].map(offers(question, rows)).astype("object"),
    )


def months(question: Question) -> pd.DataFrame:
    """service, month, clicks, impressions of every service with a page that was shown."""
    return question.warehouse.ask(
        lambda t: services.monthly_demand(
            question.rows(t, "search_page_day"), t["service_page"], t["calendar"], question.now
        ),
        service_page=service_map(question).service_page,
    )


def recent_change(rows: pd.DataFrame, whole: list[pd.Timestamp]) -> pd.Series[float]:
    """Change of clicks a day by service (index) between the last three of ``whole`` and the three before.

    Without six months, or clicks in the earlier ones, there is no row.
    """
    if len(whole) < 2 * RECENT_MONTHS:
        return pd.Series(dtype="float64", name="recent")
    late, early = whole[-RECENT_MONTHS:], whole[-2 * RECENT_MONTHS : -RECENT_MONTHS]
    day = pd.to_datetime(rows["month"])
    now = rows[day.isin(late)].groupby("service")["clicks"].sum() / sum(first.days_in_month for first in late)
    before = rows[day.isin(early)].groupby("service")["clicks"].sum() / sum(
        first.days_in_month for first in early
    )
    clicked = before[before > 0]
    return (now.reindex(clicked.index, fill_value=0.0) / clicked - 1).rename("recent")


def offers(question: Question, rows: pd.DataFrame) -> dict[str, str]:
    """service → ja, gemeldet aber defekt, nicht gemeldet, ohne Schlüssel; empty without an Open-PVOG list."""
    reported = reports(question)
    listed = rows[rows["leistungsschluessel"].notna()] if "leistungsschluessel" in rows else rows.head(0)
    if reported.empty or listed.empty:
        return {}
    states = offered(listed, linked(listed, reported), question.settings.city.ars)
    by_name = dict(zip(states["name"], states["offered"], strict=True))
    return {service: by_name[name] for service, name in zip(listed["service"], listed["name"], strict=True)}
