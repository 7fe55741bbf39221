"""Everything known of each service in one row: demand and its course, the way to the application, online offers."""

from __future__ import annotations

import pandas as pd

from portalkompass.answers.base.grains import PAGE
from portalkompass.answers.base.link_rows import service_map
from portalkompass.answers.base.periods import length, month_of, months_within
from portalkompass.answers.base.question import Question
from portalkompass.answers.services.demand_rows import demand_rows
from portalkompass.answers.services.elsewhere.reported import linked, offered, reports
from portalkompass.answers.services.funnel_rows import funnel_rows
from portalkompass.metrics import services
from portalkompass.metrics.comparison import Exposure
from portalkompass.metrics.selection import Period

RECENT_MONTHS = 3
"""Whole months that are compared with as many before them."""


def service_rows(question: Question) -> pd.DataFrame:
    """`demand_rows` with recent, applications, applications_hidden, application_drop_out, digital_share and offered.

    ``recent`` is the change of clicks a day with data, of the last three whole months against the three before;
    ``offered`` says whether a working online service is reported here (missing while no Open-PVOG list is loaded).
    Missing means unknown.
    """
    rows = demand_rows(question)
    told = ("applications", "applications_hidden", "application_rate", "digital_share")
    funnel = funnel_rows(question)[["service", *told]]
    recent = _recent(question)
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


def _recent(question: Question) -> pd.Series[float]:
    """`recent_change` of the last six whole months of the period; without six there is no row."""
    whole = months_within(question.now, question.data_date)[-2 * RECENT_MONTHS :]
    if len(whole) < 2 * RECENT_MONTHS:
        return pd.Series(dtype="float64", name="recent")
    early, late = (
        Period(part[0].date(), month_of(part[-1].date()).end)
        for part in (whole[:RECENT_MONTHS], whole[RECENT_MONTHS:])
    )
    covered = (question.covered(PAGE, late), question.covered(PAGE, early))
    return recent_change(months(question), early, late, Exposure(*covered, length(late), length(early)))


def recent_change(rows: pd.DataFrame, early: Period, late: Period, exposure: Exposure) -> pd.Series[float]:
    """Change of clicks a day with data by service (index), from the months of ``early`` to those of ``late``.

    Without clicks in the earlier ones, or where too many days are missing on one side (``exposure``), there is no row.
    """
    month = pd.to_datetime(rows["month"]).dt.date
    now, before = (
        rows[month.between(part.start, part.end)].groupby("service")["clicks"].sum() for part in (late, early)
    )
    clicked = before[before > 0] if exposure.factor else before.head(0)
    return (now.reindex(clicked.index, fill_value=0.0) / (clicked * (exposure.factor or 1.0)) - 1).rename(
        "recent"
    )


def offers(question: Question, rows: pd.DataFrame) -> dict[str, str]:
    """service → ja, gemeldet aber defekt, nicht gemeldet, ohne Schlüssel; empty without an Open-PVOG list."""
    reported = reports(question)
    listed = rows[rows["leistungsschluessel"].notna()] if "leistungsschluessel" in rows else rows.head(0)
    if reported.empty or listed.empty:
        return {}
    states = offered(listed, linked(listed, reported), question.settings.city.ars)
    by_name = dict(zip(states["name"], states["offered"], strict=True))
    return {service: by_name[name] for service, name in zip(listed["service"], listed["name"], strict=True)}
