"""From the visit to the application: where people leave an online service, by the portal's own counts."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from portalkompass import german
from portalkompass.answers.mapping import service_map
from portalkompass.answers.question import Question, field
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
from portalkompass.warehouse import Tables

SMALL = 5
NOTE = (
    "Zahlen der Portalstatistik aus ganzen Berichtszeiträumen; sie werden nie zu Google-Klicks addiert. Wegen der "
    "Einwilligung sind es Untergrenzen. Startquote: Starts je Seitenansicht; Abschlussquote: Anträge je Start."
)
HIDDEN = f"Anträge und Fälle unter {SMALL} werden nicht ausgewiesen, auch nicht über ihre Quoten."


def counted(value: float) -> str:
    """A count of applications or cases in words: below five „< 5“, unknown a dash."""
    return f"< {SMALL}" if value < SMALL else german.number(value)


def funnel_rows(question: Question) -> pd.DataFrame:
    """service, unique_page_views, service_starts, applications, cases_total, start_rate,
    application_rate, digital_share.

    Applications and cases below five are missing here already, with every rate that would give them away.
    """
    links = (question.workspace.url, question.workspace.links_revision())
    return question.once("funnel", lambda: _funnel_rows(question), question.now, *links)


def _funnel_rows(question: Question) -> pd.DataFrame:
    mapped = service_map(question).service_page

    def build(tables: Tables) -> LazyFrame:
        own = tables["portal_page"].filter(nw.col("site") == question.filters.site)
        views = pages.portal_views(own, question.now)
        starts = services.portal_starts(views, tables["service_page"])
        cases = services.cases(own, tables["service_page"], question.now)
        return starts.join(cases, on="service", how="left")

    rows = question.warehouse.ask(build, service_page=mapped)
    few = (rows["applications"] > 0) & (rows["applications"] < SMALL)
    few_cases = (rows["cases_total"] > 0) & (rows["cases_total"] < SMALL)
    applied, cases = rows["applications"].mask(few), rows["cases_total"].mask(few_cases | few)
    both = rows["digital_applications"].mask(few | few_cases | (rows["digital_applications"] < SMALL))
    return rows.assign(
        applications=applied,
        cases_total=cases,
        start_rate=rows["service_starts"] / rows["unique_page_views"].where(rows["unique_page_views"] > 0),
        application_rate=applied / rows["service_starts"].where(rows["service_starts"] > 0),
        digital_share=both / cases.where(cases > 0),
    ).drop(columns="digital_applications")


def funnel_exhibits(question: Question, listed: pd.DataFrame) -> tuple[Exhibit, ...]:
    """The funnel of every listed or added service with starts, the most starts first; nothing without."""
    rows = funnel_rows(question).merge(listed[["service", "name"]], on="service", how="inner")
    rows = rows[rows["service_starts"].fillna(0) > 0].sort_values(
        ["service_starts", "service"], ascending=[False, True]
    )
    if rows.empty:
        return ()
    ended = rows[rows["application_rate"].notna()].sort_values(["application_rate", "service"])
    period = german.period(question.now.start, question.now.end)
    headline = f"{german.count(len(rows), 'Leistung', 'Leistungen')} mit Online-Dienst in der Portalstatistik"
    if not ended.empty:
        worst = ended.iloc[0]
        share = german.percent(worst["application_rate"], 0)
        headline = f"Bei „{worst['name']}“ enden nur {share} der Starts mit einem Antrag"
    has_cases = bool(rows["cases_total"].notna().any())
    fields = (
        Field("name", "Leistung"),
        Field("unique_page_views", "Ansichten", "integer"),
        *(field(measure) for measure in (STARTS, APPLICATIONS, START_RATE, APPLICATION_RATE)),
        *((Field("cases_total", "Fälle insgesamt", "integer"), field(DIGITAL_SHARE)) if has_cases else ()),
    )
    exhibit = question.exhibit(
        "service_funnel",
        "table",
        rows[[f.name for f in fields]],
        fields,
        headline=headline,
        subtitle=f"Ansicht, Start, Antrag je Leistung · Portalstatistik · {period}",
        alt=f"Tabelle von Ansicht über Start zum Antrag je Leistung, {period}. {headline}.",
        source=question.portal,
        notes=(
            NOTE,
            HIDDEN,
            *(
                ("Digital: Anträge über das Portal geteilt durch alle Fälle der Fachbereiche.",)
                if has_cases
                else ()
            ),
        ),
    )
    return (exhibit,)
