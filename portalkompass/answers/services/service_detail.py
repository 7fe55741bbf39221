"""One service: its demand over time, its pages, what is asked for in vain, status, route and online service."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from portalkompass import german
from portalkompass.answers.asking import narrowed
from portalkompass.answers.base import estimate_rows, events, service_list, wording
from portalkompass.answers.base.answer import Answer, Figure
from portalkompass.answers.base.grains import PAGE
from portalkompass.answers.base.headline import Compared, compared_sums, joined
from portalkompass.answers.base.link_rows import service_map
from portalkompass.answers.base.missing_data import LINK_PAGES, no_search_data
from portalkompass.answers.base.page_rows import PORTAL_ONLY, page_rows, page_table
from portalkompass.answers.base.question import Question, card, columns, count_card, field, known
from portalkompass.answers.courses import trending
from portalkompass.answers.courses.both_periods import MOST_ROWS, SUMS, both_periods
from portalkompass.answers.courses.course import courses
from portalkompass.answers.courses.lines import MONTH, line, partial_months
from portalkompass.answers.courses.why_rows import why_exhibits
from portalkompass.answers.services.case_rows import case_cards, case_table, service_card
from portalkompass.answers.services.demand_rows import unmet_by_query
from portalkompass.answers.services.elsewhere.benchmarks import service_benchmarks
from portalkompass.answers.services.elsewhere.neighbours import service_neighbours
from portalkompass.answers.services.elsewhere.offers import service_offers
from portalkompass.answers.services.elsewhere.reconciliation import service_reconciliation
from portalkompass.answers.services.feedback_rows import comments_table, feedback_table
from portalkompass.answers.services.legal_dates import FILE as LEGAL_DATES_FILE
from portalkompass.answers.services.legal_dates import legal_dates
from portalkompass.answers.services.legal_dates import told as legal_told
from portalkompass.answers.services.quality.self_audit import self_audit_table
from portalkompass.answers.services.service_rows import months, service_rows
from portalkompass.answers.services.small_counts import service_counts
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.measures import (
    CHANGE,
    CLICKS,
    DEMAND,
    IMPRESSIONS,
    PORTAL_VIEWS,
    POSITION,
    UNMET,
)
from portalkompass.suppression import hidden_name

CARD, FURTHER = "card", "further"
LEGAL_SOURCE = f"Liste der Termine und Pflichten der Stadt ({LEGAL_DATES_FILE})"
LONG_FACT = 60
"""Letters from which a fact is also printed whole below the table."""
WHOLE_PAGES = (
    "Hier zählt jede zugeordnete Seite ganz; die Nachfrage zählt von jeder nur den Anteil der Leistung."
)
FACTS = (
    ("Status", "status"),
    ("Liste", "list"),
    ("Go-Live", "go_live_month"),
    ("Bahn", "lane"),
    ("Grund der Bahn", "lane_reason"),
    ("Umsetzungsweg", "route"),
    ("Beleg zum Weg", "route_evidence"),
    ("Onlinedienst gemeldet", "offered"),
    ("Letzte Entwicklung", "latest_development"),
    ("Fachbereiche", "departments"),
    ("Auftrag des Rates", "motion_number"),
    ("Hängt ab von", "depends_on"),
)


def answer(question: Question, service: str = "", part: str = "") -> Answer:
    """All that is known of the service with that id; a sentence where there is none of that id.

    ``part``: `CARD` for its card alone, for which nobody's demand is worked out; `FURTHER` for all but the card.
    """
    question = narrowed(question, replace(question.scope, department=""))
    if part == CARD:
        return question.answer(message="", exhibits=(_card(question, service),))
    rows = service_rows(question).set_index("service", drop=False)
    if service not in rows.index:
        unknown = "Diese Leistung steht weder auf der Liste noch ist ihr eine Seite zugeordnet."
        return question.answer(unknown, next_steps=("Eine andere Leistung wählen.",))
    row = rows.loc[[service]].iloc[0]
    course, *why = _courses(question, row) or (None,)
    return question.answer(
        message=_message(question, row),
        exhibits=(
            course,
            None if part == FURTHER else _card(question, service),
            *why,
            _months(question, row),
            _pages(question, row),
            _unmet(question, row),
            case_table(question, str(row["service"]), str(row["name"])),
            service_benchmarks(question, _listed(question, row), str(row["name"])),
            _neighbours(question, row),
            service_offers(question, _listed(question, row), str(row["name"])),
            service_reconciliation(question, str(row["service"]), str(row["name"])),
            feedback_table(question, str(row["service"]), str(row["name"])),
            comments_table(question, str(row["service"]), str(row["name"])),
            self_audit_table(question, str(row["service"]), str(row["name"])),
            _facts(question, row, rows),
        ),
        figures=_cards(question, row),
        caveats=events.cautions(
            question, "search_page_day", "search_page_query_day", "search_query_day", events.PORTAL_PAGES
        ),
        next_steps=(LINK_PAGES,) if german.is_missing(row["clicks"]) else (),
    )


def _card(question: Question, service: str) -> Exhibit | None:
    """The card, of the list, the portal's counts and what the departments tell; None for an unknown service."""
    listed = service_list.services(question.warehouse, question.settings)
    added = service_map(question).extra.rename(columns={"service_id": "service"})
    own = next((own for rows in (listed, added) if len(own := rows[rows["service"] == service])), None)
    if own is None:
        return None
    rates = service_counts(question).set_index("service")["application_rate"]
    return service_card(question, own.iloc[0], rates.get(service))


def _message(question: Question, row: pd.Series[Any]) -> str:
    told = service_list.status_told(row["status"], row.get("go_live"))
    status = f" ({told})" if told else ""
    start = f"„{row['name']}“{status}"
    if german.is_missing(row["clicks"]):
        return f"{start}: Keine zugeordnete Seite erschien im Zeitraum {question.period} in der Suche."
    clicks = german.count(row["clicks"], "Klick", "Klicks")
    begins = f"{start}: {clicks} im Zeitraum {question.period}"
    return f"{joined(question, begins, _change(question, row).words)}."


def _change(question: Question, row: pd.Series[Any]) -> Compared:
    like, before = known(row["clicks_like"]), known(row["clicks_before"])
    return compared_sums(question, like, before, "search_page_day")


def _cards(question: Question, row: pd.Series[Any]) -> tuple[Figure, ...]:
    change = _change(question, row)
    rates = (("application_drop_out", "der Starts ohne Antrag"), ("digital_share", "aller Fälle digital"))
    told = [f"{german.percent(row[name], 0)} {words}" for name, words in rates if pd.notna(row[name])]
    searched = (
        card(DEMAND, row["clicks"], change.words, change.good, change_number=change.change),
        *(card(measure, row[measure.id]) for measure in (UNMET, POSITION)),
    )
    if of_cases := case_cards(question, str(row["service"])):
        return (*searched, *of_cases)
    return (
        *searched,
        card(PORTAL_VIEWS, row[PORTAL_VIEWS.id], question.portal_words),
        count_card("Starts des Online-Dienstes", row["service_starts"], PORTAL_ONLY, question.portal_words),
        Figure(
            "Anträge",
            row[hidden_name("applications")] or german.number(row["applications"]),
            f"Abgeschlossene Anträge. {PORTAL_ONLY}",
            "; ".join(told),
        ),
    )


def _courses(question: Question, row: pd.Series[Any]) -> tuple[Exhibit, ...]:
    """Four measures of the service's pages by day, week or month, with comparison, and why their clicks changed.

    A page counts whole here: a click has one day and one query, whatever share of it is the service's.
    """
    if german.is_missing(row["clicks"]):
        return ()
    words = " · ".join(filter(None, (f"Seiten der Leistung „{row['name']}“", question.filtered)))
    own = replace(narrowed(question, replace(question.scope, service=str(row["service"]))), filtered=words)
    if own.reason(PAGE) or no_search_data(own, PAGE):
        return ()
    rows = trending.compared_trend(own, own.filters.grain)
    exhibits = (
        courses(own, rows, "service_course"),
        *why_exhibits(own, question),
    )
    shares = service_map(question).service_page
    if (shares.loc[shares["service"] == row["service"], "share"] == 1).all():
        return exhibits
    return tuple(replace(one, notes=(WHOLE_PAGES, *one.notes)) for one in exhibits)


def _months(question: Question, row: pd.Series[Any]) -> Exhibit | None:
    """Demand by month of the period; months that lack a day are marked."""
    all_services = months(question)
    own = all_services[all_services["service"] == row["service"]]
    if own.empty:
        return None
    until = pd.Timestamp(min(question.now.end, question.data_date or question.now.end))
    month = pd.to_datetime(own["month"])
    partial = partial_months(question, month, "search_page_day")
    rows = own.assign(bucket=month, partial=partial, provisional=month > until)
    headline = _strongest_month(question, rows)
    return line(
        question,
        "service_months",
        rows,
        (MONTH, field(DEMAND, "clicks"), field(IMPRESSIONS)),
        headline=headline,
        subtitle=f"{DEMAND.label} je Monat · „{row['name']}“ · {question.period}",
        alt=f"Linie der Nachfrage nach „{row['name']}“ je Monat, {question.period}. {headline}.",
        marks=events.marks(question, question.now.start, question.now.end, (CLICKS.id,)),
        notes=(DEMAND.definition,),
        height=260,
    )


def _strongest_month(question: Question, rows: pd.DataFrame) -> str:
    """Of whole months only: what is counted of a part of a month is not that month's. Without two, the whole period."""
    total = rows["clicks"].sum()
    if not total > 0:
        return f"Kein Klick im Zeitraum {question.period}"
    whole = rows[~rows["partial"]]
    if len(whole) < 2 or not whole["clicks"].max() > 0:  # noqa: PLR2004 one is not the strongest of any
        return f"{german.count(total, 'Klick', 'Klicks')} im Zeitraum {question.period}"
    ordered = whole.sort_values(["clicks", "bucket"], ascending=False)
    best, which = ordered.iloc[0], "Monat" if len(whole) == len(rows) else "volle Monat"
    amount = german.count(best["clicks"], "Klick", "Klicks") + wording.tied(ordered["clicks"], "weiterer")
    return f"Der stärkste {which} ist {german.month(best['bucket'])} mit {amount}"


def _pages(question: Question, row: pd.Series[Any]) -> Exhibit | None:
    mapped = service_map(question).service_page
    own = mapped.loc[mapped["service"] == row["service"], ["url", "share"]]
    rows = page_rows(question).drop(columns="share").merge(own, on="url", how="inner")
    if rows.empty:
        return None
    first = rows.iloc[0]
    pages = german.count(len(rows), "Seite gehört", "Seiten gehören")
    tied = wording.tied(rows["clicks"])
    most = (
        f"am meisten geklickt wird „{first['label']}“{tied}"
        if first["clicks"] > 0
        else "keine wurde geklickt"
    )
    listing, fields, folded = both_periods(question, rows.head(MOST_ROWS), question.factor(PAGE))
    share = Field(
        "share", "Anteil der Leistung", "percent", help="So viel der Seite zählt zu dieser Leistung."
    )
    return page_table(
        question,
        "service_pages",
        listing,
        (*fields, share),
        folded=folded,
        headline=f"{pages} zur Leistung; {most}",
        subtitle=f"Zugeordnete Seiten nach Klicks · {question.period}",
        alt=f"Tabelle der zugeordneten Seiten, {question.period}.",
        notes=(CHANGE.explained, *wording.same_days(question.exposure(PAGE), SUMS)),
    )


def _unmet(question: Question, row: pd.Series[Any]) -> Exhibit | None:
    asked = unmet_by_query(question)
    own = asked[(asked["service"] == row["service"]) & (asked["shown"] >= question.least_impressions)]
    if own.empty:
        return None
    names = estimate_rows.titles(question)[["url", "label"]]
    rows = own.merge(names, on="url", how="left").sort_values(["unmet", "query"], ascending=[False, True])
    return question.table(
        "service_unmet",
        rows.head(MOST_ROWS),
        (
            Field("query", "Suchanfrage"),
            field(UNMET, "unmet", "Höchstens ungedeckt"),
            field(IMPRESSIONS, "shown", "Impressionen der Suchanfrage"),
            field(IMPRESSIONS, "own_impressions", "davon eigene Seite"),
            Field("label", "Meistgezeigte andere Seite"),
            field(IMPRESSIONS, "page_impressions", "deren Impressionen"),
            field(POSITION, "page_position", "deren Position"),
            field(CLICKS, "clicks", "Klicks auf andere"),
        ),
        headline=f"„{rows.iloc[0]['query']}“ führt am häufigsten an der Leistung vorbei",
        subtitle=f"Ungedeckte Nachfrage je Suchanfrage · {question.period}",
        alt=f"Tabelle der ungedeckten Suchanfragen, {question.period}.",
        notes=(UNMET.definition,),
        names_queries=True,
    )


def _facts(question: Question, row: pd.Series[Any], rows: pd.DataFrame) -> Exhibit | None:
    """What the list says of the service, then its earlier states; of one without status its dates by law."""
    dates = legal_dates(question)
    legal = legal_told(dates, str(row["service"]))
    if row["list"] == service_list.WITHOUT_STATUS:
        return _dates_by_law(question, row, legal, dates.faults) if legal else None
    listed = rows[rows["list"] != service_list.WITHOUT_STATUS]
    told = {**{name: _fact(row[name]) for _, name in FACTS if name in row}, "status": _told(row)}
    facts = [*((label, told[name]) for label, name in FACTS if told.get(name)), *legal]
    stand = service_list.list_date(listed)
    return question.table(
        "service_facts",
        pd.DataFrame([*facts, *_history(question, row)], columns=["fact", "value"]),
        columns(fact="Merkmal", value="Angabe"),
        headline=f"Status am {stand}: {_told(row) or 'nicht genannt'}",
        subtitle=f"Angaben der OZG-Liste zu „{row['name']}“",
        alt="Tabelle der Angaben zur Leistung.",
        source=service_list.source(listed),
        data_date=listed["as_of"].max().date(),
        notes=(*(f"{label}: {text}" for label, text in facts if len(text) > LONG_FACT), *dates.faults),
    )


def _dates_by_law(
    question: Question, row: pd.Series[Any], legal: list[tuple[str, str]], faults: tuple[str, ...]
) -> Exhibit:
    """The city's own dates of a service that its list does not know, or knows without status."""
    words = german.count(len(legal), "Kennzeichen oder Termin", "Kennzeichen und Termine")
    return question.table(
        "service_facts",
        pd.DataFrame(legal, columns=["fact", "value"]),
        columns(fact="Merkmal", value="Angabe"),
        headline=f"{words} zu „{row['name']}“",
        subtitle="Fokus und Termine des Rechts; einen Status hat die Leistung nicht",
        alt="Tabelle der Angaben zur Leistung.",
        source=LEGAL_SOURCE,
        notes=faults,
    )


def _neighbours(question: Question, row: pd.Series[Any]) -> Exhibit | None:
    return service_neighbours(question, _listed(question, row), str(row["name"]))


def _listed(question: Question, row: pd.Series[Any]) -> pd.DataFrame:
    """The service's row of the list, with its keys; none for one without status."""
    listed = service_list.services(question.warehouse, question.settings)
    own: pd.DataFrame = listed[listed["service"] == row["service"]]
    return own


def _fact(value: object) -> str:
    if german.is_missing(value):
        return ""
    return german.month(value) if isinstance(value, pd.Timestamp) else str(value)


def _told(row: pd.Series[Any]) -> str:
    """The status with what its go-live is."""
    return service_list.status_told(row["status"], row["go_live"])


def _history(question: Question, row: pd.Series[Any]) -> list[tuple[str, str]]:
    """Earlier states of the status, the newest first; "noch kein früherer Stand" while there is one only."""
    states = service_list.history(question.warehouse, question.settings)
    earlier = states[(states["service"] == row["service"]) & (states["as_of"] < row["as_of"])].iloc[::-1]
    if earlier.empty:
        return [("Früher", "noch kein früherer Stand")]
    return [
        (f"Status am {german.date(day)}", service_list.status_told(status, go_live))
        for day, status, go_live in zip(earlier["as_of"], earlier["status"], earlier["go_live"], strict=True)
    ]
