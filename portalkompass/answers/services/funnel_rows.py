"""From the visit to the application: where people leave an online service, by the portal's own counts."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base.link_rows import links_state, service_map
from portalkompass.answers.base.page_rows import portal_views
from portalkompass.answers.base.periods import spans_in_words
from portalkompass.answers.base.question import Question, field, in_words, measures
from portalkompass.answers.services.small_counts import COUNTS, service_counts
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics import services
from portalkompass.metrics.comparison import SMALL_BASE
from portalkompass.metrics.derived_measures import (
    APPLICATION_RATE,
    APPLICATIONS,
    DIGITAL_SHARE,
    START_RATE,
    STARTS,
)
from portalkompass.suppression import BELOW, SMALLEST, hidden_name
from portalkompass.warehouse.engine import of_frames

NOTE = (
    "Zahlen der Portalstatistik aus ganzen Berichtszeiträumen; sie werden nie zu Google-Klicks addiert. Wegen der "
    "Einwilligung sind es Untergrenzen. Startquote: Starts je Seitenansicht; Abschlussquote: Anträge je Start."
)
DIGITAL = "Digital: Anträge über das Portal geteilt durch alle Fälle der Fachbereiche."
HIDDEN = (
    f"Anträge und Fälle einer Seite unter {SMALLEST} im Monat, auch 0, stehen als „{BELOW}“, Summen mit ihnen als "
    "Spanne; Quoten aus ihnen werden nicht ausgewiesen. Gezählt werden ganze, abgeschlossene Monate, Anträge ohne "
    f"einen Start im selben Monat erst ab {SMALLEST}."
)


def portal_rows(question: Question) -> pd.DataFrame:
    """service, unique_page_views, service_starts: the portal's counts of the period."""

    def make() -> pd.DataFrame:
        mapped = service_map(question).service_page
        return of_frames(
            lambda t: services.portal_starts(t["views"], t["service_page"]),
            views=portal_views(question),
            service_page=mapped,
        )

    return question.once("portal", make, question.now, *links_state(question))


def funnel_rows(question: Question) -> pd.DataFrame:
    """`portal_rows` with start_rate, and the columns of `small_counts.service_counts`.

    Small counts are hidden already, for the screen as for files: what stands in their place is in the columns
    ``applications_hidden`` and ``cases_total_hidden``.
    """
    return question.once("funnel", lambda: _funnel_rows(question), question.now, *links_state(question))


def _funnel_rows(question: Question) -> pd.DataFrame:
    rows = portal_rows(question).merge(service_counts(question), on="service", how="left")
    return rows.assign(
        start_rate=rows["service_starts"] / rows["unique_page_views"].where(rows["unique_page_views"] > 0),
        **{name: rows[name].fillna("") for name in map(hidden_name, COUNTS)},
    )


def funnel_exhibit(question: Question, listed: pd.DataFrame) -> Exhibit | None:
    """The funnel of every listed or added service with starts, the most starts first; nothing without."""
    rows = funnel_rows(question).merge(listed[["service", "name"]], on="service", how="inner")
    rows = rows[rows["service_starts"].fillna(0) > 0].sort_values(
        ["service_starts", "service"], ascending=[False, True]
    )
    if rows.empty:
        return None
    based = rows["application_rate"].notna() & (rows["service_starts"] >= SMALL_BASE)
    ended = rows[based].sort_values(["application_rate", "service"])
    headline = f"{german.count(len(rows), 'Leistung', 'Leistungen')} mit Online-Dienst in der Portalstatistik"
    if not ended.empty:
        worst = ended.iloc[0]
        share = german.percent(worst["application_rate"], 0)
        headline = f"Bei „{worst['name']}“ enden nur {share} der Starts mit einem Antrag"
    has_cases = bool((rows["cases_total"].notna() | (rows[hidden_name("cases_total")] != "")).any())
    when = spans_in_words(question.portal_spans) or in_words(question.now)
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
        beside=tuple(map(hidden_name, COUNTS)),
        source=question.portal,
        narrowed=True,
        notes=(NOTE, HIDDEN, *((DIGITAL,) if has_cases else ())),
    )
