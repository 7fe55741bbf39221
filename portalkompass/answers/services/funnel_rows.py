"""From the visit to the application: where people leave an online service, by the portal's own counts."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base.link_rows import links_state, service_map
from portalkompass.answers.base.question import Question, field, in_words, measures
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics import pages, services
from portalkompass.metrics.derived_measures import (
    APPLICATION_RATE,
    APPLICATIONS,
    DIGITAL_SHARE,
    START_RATE,
    STARTS,
)
from portalkompass.metrics.measures import LazyFrame
from portalkompass.suppression import BELOW, SMALLEST, is_small
from portalkompass.warehouse.engine import Tables

NOTE = (
    "Zahlen der Portalstatistik aus ganzen Berichtszeiträumen; sie werden nie zu Google-Klicks addiert. Wegen der "
    "Einwilligung sind es Untergrenzen. Startquote: Starts je Seitenansicht; Abschlussquote: Anträge je Start."
)
DIGITAL = "Digital: Anträge über das Portal geteilt durch alle Fälle der Fachbereiche."
HIDDEN = (
    f"Anträge und Fälle unter {SMALLEST} stehen als „{BELOW}“; Quoten aus ihnen werden nicht ausgewiesen."
)


def counted(value: float) -> str:
    """A count of applications or cases in words: below five „< 5“, unknown a dash."""
    return BELOW if is_small(value) else german.number(value)


def portal_rows(question: Question) -> pd.DataFrame:
    """service, unique_page_views, service_starts, applications: the portal's counts of the period."""

    def build(tables: Tables) -> LazyFrame:
        views = pages.portal_views(question.own(tables, "portal_page"), question.now)
        return services.portal_starts(views, tables["service_page"])

    mapped = service_map(question).service_page
    return question.ask_once("portal", build, question.now, *links_state(question), service_page=mapped)


def funnel_rows(question: Question) -> pd.DataFrame:
    """service, unique_page_views, service_starts, applications, cases_total, start_rate,
    application_rate, digital_share.

    Counts stand as they are: screens write those below five as „< 5“, and files (``exports.disclosure_control``)
    must know them to hide a second cell where a total would give the first away. Rates made of them are missing
    already.
    """
    return question.once("funnel", lambda: _funnel_rows(question), question.now, *links_state(question))


def _funnel_rows(question: Question) -> pd.DataFrame:
    cases_of = question.warehouse.ask(
        lambda t: services.cases(question.own(t, "portal_page"), t["service_page"], question.now),
        service_page=service_map(question).service_page,
    )
    rows = portal_rows(question).merge(cases_of, on="service", how="left")
    few = rows["applications"] < SMALLEST
    few_cases = rows["cases_total"] < SMALLEST
    applied, cases = rows["applications"].mask(few), rows["cases_total"].mask(few_cases | few)
    both = rows["digital_applications"].mask(few | few_cases | (rows["digital_applications"] < SMALLEST))
    return rows.assign(
        start_rate=rows["service_starts"] / rows["unique_page_views"].where(rows["unique_page_views"] > 0),
        application_rate=applied / rows["service_starts"].where(rows["service_starts"] > 0),
        digital_share=both / cases.where(cases > 0),
    ).drop(columns="digital_applications")


def funnel_exhibit(question: Question, listed: pd.DataFrame) -> Exhibit | None:
    """The funnel of every listed or added service with starts, the most starts first; nothing without."""
    rows = funnel_rows(question).merge(listed[["service", "name"]], on="service", how="inner")
    rows = rows[rows["service_starts"].fillna(0) > 0].sort_values(
        ["service_starts", "service"], ascending=[False, True]
    )
    if rows.empty:
        return None
    ended = rows[rows["application_rate"].notna()].sort_values(["application_rate", "service"])
    headline = f"{german.count(len(rows), 'Leistung', 'Leistungen')} mit Online-Dienst in der Portalstatistik"
    if not ended.empty:
        worst = ended.iloc[0]
        share = german.percent(worst["application_rate"], 0)
        headline = f"Bei „{worst['name']}“ enden nur {share} der Starts mit einem Antrag"
    has_cases = bool(rows["cases_total"].notna().any())
    when = in_words(question.portal_period or question.now)
    return question.table(
        "service_funnel",
        rows,
        (
            Field("name", "Leistung"),
            Field("unique_page_views", "Ansichten", "integer"),
            *measures(STARTS, APPLICATIONS, START_RATE, APPLICATION_RATE),
            *(
                (Field("cases_total", "Fälle insgesamt", "integer"), field(DIGITAL_SHARE))
                if has_cases
                else ()
            ),
        ),
        headline=headline,
        subtitle=f"Ansicht, Start, Antrag je Leistung · Portalstatistik · {when}",
        alt=f"Tabelle von Ansicht über Start zum Antrag je Leistung, {when}.",
        source=question.portal,
        notes=(NOTE, HIDDEN, *((DIGITAL,) if has_cases else ())),
    )
