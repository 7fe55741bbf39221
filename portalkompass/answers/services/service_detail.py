"""One service: its demand over time, its pages, what is asked for in vain, status, route and online service."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pandas as pd

from portalkompass import german
from portalkompass.answers.base import estimate_rows, events, service_list, wording
from portalkompass.answers.base.answer import Answer, Figure, Filters
from portalkompass.answers.base.link_rows import service_map
from portalkompass.answers.base.missing_data import LINK_PAGES
from portalkompass.answers.base.page_rows import page_rows
from portalkompass.answers.base.periods import compared_with
from portalkompass.answers.base.question import Question, ask, field
from portalkompass.answers.services import funnel_rows
from portalkompass.answers.services.demand_rows import unmet_pairs
from portalkompass.answers.services.service_rows import months, service_rows
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
from portalkompass.settings import Settings
from portalkompass.warehouse.reader import Warehouse
from portalkompass.workspace import Workspace

PAGES, QUERIES, LONG = 50, 100, 60
"""Rows shown, and the letters from which a fact is also printed whole below the table."""
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
PORTAL = "Portalstatistik, nur ganze Berichtszeiträume; wird nie zu Google-Klicks addiert."


def answer(
    warehouse: Warehouse, workspace: Workspace, filters: Filters, settings: Settings, service: str = ""
) -> Answer:
    """All that is known of the service with that id; a sentence where there is none of that id."""
    question = ask(warehouse, workspace, filters, settings)
    rows = service_rows(question).set_index("service", drop=False)
    if service not in rows.index:
        return Answer(
            "Diese Leistung steht weder auf der Liste noch ist ihr eine Seite zugeordnet.",
            next_steps=("Eine andere Leistung wählen.",),
            data_date=question.data_date,
            sample=warehouse.sample,
        )
    row = rows.loc[[service]].iloc[0]
    exhibits = (
        *_months(question, row),
        *_pages(question, row),
        *_unmet(question, row),
        *_facts(question, row, rows),
    )
    unknown = german.is_missing(row["clicks"])
    return Answer(
        message=_message(question, row),
        exhibits=exhibits,
        figures=_cards(question, row),
        caveats=(*events.cut_comparison(question), *events.caveats(question)),
        next_steps=(LINK_PAGES,) if unknown else (),
        data_date=question.data_date,
        sample=warehouse.sample,
    )


def _message(question: Question, row: pd.Series[Any]) -> str:
    period = german.period(question.now.start, question.now.end)
    status = "" if german.is_missing(row["status"]) else f" ({row['status']})"
    start = f"„{row['name']}“{status}"
    if german.is_missing(row["clicks"]):
        return f"{start}: Keine zugeordnete Seite erschien im Zeitraum {period} in der Suche."
    clicks = german.count(round(row["clicks"]), "Klick", "Klicks")
    than = compared_with(question.filters.compare)
    change, _ = wording.amount_change(row["clicks_like"], row["clicks_before"], than)
    return f"{start}: {clicks} im Zeitraum {period}{f', {change}' if change else ''}."


def _cards(question: Question, row: pd.Series[Any]) -> tuple[Figure, ...]:
    than = compared_with(question.filters.compare)
    change, good = wording.amount_change(row["clicks_like"], row["clicks_before"], than)
    dropped = row["application_drop_out"]
    ended = "" if german.is_missing(dropped) else f"{german.percent(dropped, 0)} der Starts ohne Antrag"
    digital = row["digital_share"]
    return (
        Figure(DEMAND.label, german.number(row["clicks"]), DEMAND.definition, change, good),
        Figure(UNMET.label, german.number(row["unmet_impressions"]), UNMET.definition),
        Figure(POSITION.label, german.number(row["position"], 1), POSITION.definition),
        Figure(PORTAL_VIEWS.label, german.number(row["unique_page_views"]), PORTAL_VIEWS.definition),
        Figure("Starts des Online-Dienstes", german.number(row["service_starts"]), PORTAL),
        Figure(
            "Anträge",
            funnel_rows.counted(row["applications"]),
            f"Abgeschlossene Anträge. {PORTAL}",
            "; ".join(
                part
                for part in (
                    ended,
                    "" if german.is_missing(digital) else f"{german.percent(digital, 0)} aller Fälle digital",
                )
                if part
            ),
        ),
    )


def _months(question: Question, row: pd.Series[Any]) -> tuple[Exhibit, ...]:
    """Demand by month of the period; months that the period or the data cut are marked."""
    found = months(question)
    own = found[found["service"] == row["service"]]
    if own.empty:
        return ()
    until = pd.Timestamp(min(question.now.end, question.data_date or question.now.end))
    month = pd.to_datetime(own["month"])
    partial = (month < pd.Timestamp(question.now.start)) | (month + pd.offsets.MonthEnd(0) > until)
    rows = own.assign(bucket=month, partial=partial, provisional=month > until)
    whole = rows[~rows["partial"]]
    best = (rows if whole.empty else whole).sort_values("clicks", kind="stable").iloc[-1]
    headline = (
        f"Der stärkste Monat ist {german.month(best['bucket'])} mit "
        f"{german.count(round(best['clicks']), 'Klick', 'Klicks')}"
    )
    period = german.period(question.now.start, question.now.end)
    exhibit = question.exhibit(
        "service_months",
        "line",
        rows[["bucket", "clicks", "impressions", "partial", "provisional"]],
        (
            Field("bucket", "Monat", "month"),
            field(DEMAND, "clicks"),
            field(IMPRESSIONS),
            Field("partial", "Unvollständig", "bool"),
            Field("provisional", "Vorläufig", "bool"),
        ),
        headline=headline,
        subtitle=f"{DEMAND.label} je Monat · „{row['name']}“ · {period}",
        alt=f"Linie der Nachfrage nach „{row['name']}“ je Monat, {period}. {headline}.",
        x="bucket",
        y="clicks",
        marks=events.marks(question, question.now.start, question.now.end),
        notes=(DEMAND.definition,),
        height=260,
    )
    return (exhibit,)


def _pages(question: Question, row: pd.Series[Any]) -> tuple[Exhibit, ...]:
    mapped = service_map(question).service_page
    own = mapped.loc[mapped["service"] == row["service"], ["url", "share"]]
    rows = page_rows(question).drop(columns="share").merge(own, on="url", how="inner")
    if rows.empty:
        return ()
    first, period = rows.iloc[0], german.period(question.now.start, question.now.end)
    headline = (
        f"{german.count(len(rows), 'Seite gehört', 'Seiten gehören')} zur Leistung; am meisten geklickt wird "
        f"„{first['label']}“"
    )
    fields = (
        Field("label", "Seite"),
        field(CLICKS),
        field(CHANGE),
        Field("share", "Anteil der Leistung", "percent", help="So viel der Seite zählt zu dieser Leistung."),
        field(IMPRESSIONS),
        field(POSITION),
        Field("url", "Adresse", "link"),
    )
    exhibit = question.exhibit(
        "service_pages",
        "table",
        rows.head(PAGES)[[f.name for f in fields]],
        fields,
        headline=headline,
        subtitle=f"Zugeordnete Seiten nach Klicks · {period}",
        alt=f"Tabelle der zugeordneten Seiten, {period}. {headline}.",
        notes=(f"{CHANGE.label}: {CHANGE.definition}",),
        row_key="url",
    )
    return (exhibit,)


def _unmet(question: Question, row: pd.Series[Any]) -> tuple[Exhibit, ...]:
    found = unmet_pairs(question)
    least = question.settings.privacy.min_query_impressions
    own = found[(found["service"] == row["service"]) & (found["impressions"] >= least)]
    if own.empty:
        return ()
    names = estimate_rows.titles(question)[["url", "label"]]
    rows = own.merge(names, on="url", how="left").sort_values(
        ["impressions", "query", "url"], ascending=[False, True, True]
    )
    period = german.period(question.now.start, question.now.end)
    headline = f"„{rows.iloc[0]['query']}“ führt am häufigsten an der Leistung vorbei"
    exhibit = question.exhibit(
        "service_unmet",
        "table",
        rows.head(QUERIES)[["query", "label", "impressions", "clicks", "position"]],
        (
            Field("query", "Suchanfrage"),
            Field("label", "Gezeigte Seite"),
            field(IMPRESSIONS),
            field(CLICKS),
            field(POSITION),
        ),
        headline=headline,
        subtitle=f"Ungedeckte Nachfrage nach Impressionen · {period}",
        alt=f"Tabelle der ungedeckten Suchanfragen, {period}. {headline}.",
        notes=(UNMET.definition,),
        names_queries=True,
    )
    return (exhibit,)


def _facts(question: Question, row: pd.Series[Any], rows: pd.DataFrame) -> tuple[Exhibit, ...]:
    """What the list says of the service, then how its status was in earlier states; nothing for added ones."""
    if row["list"] == service_list.WITHOUT_STATUS:
        return ()
    listed = rows[rows["list"] != service_list.WITHOUT_STATUS]
    known = [(label, _fact(row[name])) for label, name in FACTS if name in row and _fact(row[name])]
    stand = service_list.list_date(listed)
    headline = f"Status am {stand}: {_fact(row['status']) or 'nicht genannt'}"
    facts = question.exhibit(
        "service_facts",
        "table",
        pd.DataFrame([*known, *_history(question, row)], columns=["fact", "value"]),
        (Field("fact", "Merkmal"), Field("value", "Angabe")),
        headline=headline,
        subtitle=f"Angaben der OZG-Liste zu „{row['name']}“",
        alt=f"Tabelle der Angaben zur Leistung. {headline}.",
        source=service_list.source(listed),
        data_date=listed["as_of"].max().date(),
        notes=tuple(f"{label}: {text}" for label, text in known if len(text) > LONG),
    )
    return (facts,)


def _fact(value: object) -> str:
    if german.is_missing(value):
        return ""
    return german.month(value) if isinstance(value, pd.Timestamp) else str(value)


def _history(question: Question, row: pd.Series[Any]) -> list[tuple[str, str]]:
    """Earlier states of the status, the newest first; "noch kein früherer Stand" while there is one only."""
    own = (nw.col("municipality") == question.settings.city.municipality) & (
        nw.col("service") == str(row["service"])
    )
    states = question.warehouse.ask(
        lambda t: t["service_status_history"].filter(own).select("as_of", "status").sort("as_of")
    )
    earlier = states[states["as_of"] < row["as_of"]].iloc[::-1]
    if earlier.empty:
        return [("Früher", "noch kein früherer Stand")]
    return [
        (f"Status am {german.date(day)}", _fact(status))
        for day, status in zip(earlier["as_of"], earlier["status"], strict=True)
    ]


def names(warehouse: Warehouse, workspace: Workspace, filters: Filters, settings: Settings) -> pd.DataFrame:
    """service, name (unique) of every service of the list and every one with a page: what can be chosen."""
    question = ask(warehouse, workspace, filters, settings)
    listed = service_list.services(warehouse, settings)[["service", "name"]]
    extra = service_map(question).extra.rename(columns={"service_id": "service"})[["service", "name"]]
    rows = pd.concat([listed, extra], ignore_index=True).drop_duplicates("service")
    twins = rows["name"].duplicated(keep=False)
    named = rows.assign(name=rows["name"].where(~twins, rows["name"] + " (" + rows["service"] + ")"))
    return named.sort_values("name").reset_index(drop=True)
