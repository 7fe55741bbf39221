"""Leistungen: the OZG services, what is known of each in a table, and how many people look for them."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from portalkompass import german
from portalkompass.answers.asking import narrowed
from portalkompass.answers.base import events, service_list, wording
from portalkompass.answers.base.answer import Answer, Figure
from portalkompass.answers.base.link_rows import MARKS, OPEN, service_map
from portalkompass.answers.base.missing_data import LINK_PAGES, LOAD_SERVICES, no_search_data
from portalkompass.answers.base.question import Question, columns, count_card, field, measures
from portalkompass.answers.services.demand_rows import demand_rows
from portalkompass.answers.services.elsewhere.benchmarks import benchmarks_table
from portalkompass.answers.services.elsewhere.reconciliation import reconciliation
from portalkompass.answers.services.funnel_rows import HIDDEN, funnel_exhibit
from portalkompass.answers.services.quality.self_audit import self_audit_list
from portalkompass.answers.services.service_rows import RECENT_MONTHS, service_rows
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.derived_measures import APPLICATIONS, DIGITAL_SHARE, DROP_OUT, STARTS
from portalkompass.metrics.measures import CHANGE, CLICKS, DEMAND, PORTAL_VIEWS, POSITION, UNMET
from portalkompass.metrics.services import coverage
from portalkompass.suppression import hidden_name

NAMES_TOLD = 5
"""Services that a sentence names before it only counts."""
LISTS = ("aktuell", service_list.PENDING, service_list.WITHOUT_STATUS)
_PORTAL = ("unique_page_views", "service_starts", "applications", "application_drop_out", "digital_share")
_FIELDS = (
    Field("name", "Leistung"),
    field(DEMAND, "clicks", "Nachfrage"),
    field(CHANGE),
    Field(
        "recent",
        f"Letzte {RECENT_MONTHS} Monate",
        "percent_change",
        help=f"Klicks je Tag mit Daten, die letzten {RECENT_MONTHS} vollen Monate des Zeitraums gegenüber den "
        f"{RECENT_MONTHS} davor; leer, wo auf einer Seite zu viele Tage fehlen.",
    ),
    *columns(status="Status", go_live="Go-Live"),
    field(UNMET, label="Ungedeckt"),
    field(PORTAL_VIEWS, label="Ansichten"),
    *measures(STARTS, APPLICATIONS, DROP_OUT, DIGITAL_SHARE),
    *columns(offered="Onlinedienst", route="Umsetzungsweg", lane="Bahn", list="Liste"),
    field(POSITION),
    Field("departments", "Fachbereiche"),
    Field("latest_development", "Letzte Entwicklung"),
    Field("lane_reason", "Grund der Bahn"),
)


def answer(question: Question) -> Answer:
    """The services of the list with status, lane and demand; coverage of the mapping."""
    department = question.scope.department
    own = narrowed(question, replace(question.scope, department=""))
    question = replace(own, filtered=question.filtered)
    rows = service_rows(own)
    if department:
        rows = rows[service_list.named(rows, department)]
    listed = rows[rows["list"] != service_list.WITHOUT_STATUS]
    sought = rows[(rows["list"] != service_list.WITHOUT_STATUS) | (rows["clicks"] > 0)]
    if listed.empty:
        return question.answer("Noch ist keine OZG-Liste geladen.", next_steps=(LOAD_SERVICES,))
    searched = no_search_data(question, "search_page_day")
    coverage_bars = None if searched or department else _coverage(question)
    charts = () if searched else (_bars(question, listed), coverage_bars)
    return question.answer(
        message=_message(listed, question, has_search=searched is None),
        exhibits=(
            service_table(question, sought),
            *charts,
            funnel_exhibit(question, rows),
            benchmarks_table(question, rows),
            reconciliation(question, rows),
            self_audit_list(question),
        ),
        figures=_cards(question, listed),
        caveats=events.gaps(question, events.PORTAL_PAGES)
        if searched
        else events.cautions(
            question,
            "search_page_day",
            "search_page_query_day",
            "search_query_day",
            events.PORTAL_PAGES,
            changed=(CLICKS.id,),
        ),
        next_steps=searched.next_steps if searched else _steps(listed),
    )


def demand_page(question: Question) -> Exhibit | None:
    """The bars of demand alone, of a question without filters; None where nothing is listed, searched or linked."""
    rows = demand_rows(question)
    listed = rows[rows["list"] != service_list.WITHOUT_STATUS]
    unknown = listed.empty or no_search_data(question, "search_page_day") is not None
    return None if unknown else _bars(question, listed)


def _message(listed: pd.DataFrame, question: Question, *, has_search: bool) -> str:
    responsible = service_list.responsible(question.warehouse, question.settings).count
    have = "hat" if len(listed) == 1 else "haben"
    start = f"{len(listed)} von {responsible} OZG-Leistungen {have} einen Status"
    if question.filtered:
        start = f"{german.count(len(listed), 'Leistung hat', 'Leistungen haben')} einen Status"
    pending = listed[listed["list"] == service_list.PENDING]
    if pending.empty:
        return f"{start}; anstehend ist keine davon."
    if not has_search:
        return f"{start}; zur Nachfrage der anstehenden Leistungen liegen keine Suchdaten vor."
    if pending["clicks"].isna().all():
        return (
            f"{start}; wie gefragt die anstehenden sind, ist nicht bekannt: Keine ihnen zugeordnete Seite erschien "
            f"im Zeitraum {question.period} in der Suche."
        )
    pending = pending[pending["clicks"] > 0].sort_values(["clicks", "name"], ascending=[False, True])
    if pending.empty:
        return f"{start}; auf Seiten der anstehenden Leistungen wurde im Zeitraum {question.period} nicht geklickt."
    first = pending.iloc[0]
    return (
        f"{start}. Unter den anstehenden wird „{first['name']}“ am stärksten nachgefragt: "
        f"{german.count(first['clicks'], 'Klick', 'Klicks')}{wording.tied(pending['clicks'])} "
        f"({question.period})."
    )


def _cards(question: Question, listed: pd.DataFrame) -> tuple[Figure, ...]:
    responsible = service_list.responsible(question.warehouse, question.settings)
    counts = listed["list"].value_counts()
    stand = service_list.list_date(listed)
    return (
        Figure(
            "Mit Status",
            german.number(len(listed)) if question.filtered else f"{len(listed)} von {responsible.count}",
            f"Leistungen der Liste (Stand {stand}); {responsible.count} liegen in der Zuständigkeit der Stadt "
            f"({responsible.source}).",
        ),
        *(
            count_card(
                f"Davon {name}",
                int(counts.get(name, 0)),
                f"Liste „{name}“, Stand {stand}. {service_list.GO_LIVE_MEANING}",
                _go_lives(listed[listed["list"] == name]),
            )
            for name in ("aktuell", service_list.PENDING)
        ),
        *(
            count_card(
                f"Bahn „{lane}“",
                int(((listed["lane"] == lane) & (listed["go_live"] != service_list.LIVE)).sum()),
                "Anstehende Leistungen nach ihrer Bereitschaft; der Grund steht in der Tabelle.",
            )
            for lane in service_list.LANES
        ),
    )


def _go_lives(rows: pd.DataFrame) -> str:
    """What the card says of go-lives: 2 live, 3 mit Termin bis Februar 2026."""
    return service_list.told(rows[rows["go_live"].notna()])


def _steps(listed: pd.DataFrame) -> tuple[str, ...]:
    unlinked = listed.loc[listed["clicks"].isna(), "name"].tolist()
    if not unlinked:
        return ()
    named = (
        unlinked
        if len(unlinked) <= NAMES_TOLD
        else [*unlinked[:NAMES_TOLD], f"{len(unlinked) - NAMES_TOLD} weitere"]
    )
    return (f"Ohne bekannte Seite in der Suche: {german.listing(named)}. {LINK_PAGES}",)


def _bars(question: Question, listed: pd.DataFrame) -> Exhibit | None:
    demanded = listed[listed["clicks"].notna()].sort_values(["clicks", "name"], ascending=[False, True])
    if demanded.empty:
        return None
    first = demanded.iloc[0]
    told = wording.listed(demanded["name"], demanded["clicks"])
    return question.bars(
        "service_demand",
        demanded,
        (Field("name", "Leistung"), field(DEMAND, "clicks", "Nachfrage"), Field("list", "Liste")),
        headline=f"„{first['name']}“ wird mit {german.count(first['clicks'], 'Klick', 'Klicks')} am "
        f"stärksten nachgefragt{wording.tied(demanded['clicks'])}"
        if first["clicks"] > 0
        else f"Kein Klick auf Leistungen der Liste im Zeitraum {question.period}",
        subtitle=f"Klicks auf zugeordnete Seiten je Leistung der Liste · {question.period}",
        alt=f"Balken der Nachfrage je Leistung, {question.period}: {told}.",
        series="list",
        notes=(DEMAND.definition, "Leistungen ohne bekannte Nachfrage fehlen."),
        height=60 + 30 * len(demanded),
    )


def _coverage(question: Question) -> Exhibit | None:
    """How much of the page clicks carries one of the three marks."""
    by_mark = question.warehouse.ask(
        lambda t: coverage(question.rows_now(t, "search_page_day"), t["page_mark"]),
        page_mark=service_map(question).page_mark,
    )
    total = int(by_mark["clicks"].sum())
    if not total:
        return None
    rows = by_mark.set_index("mark").reindex(list(MARKS), fill_value=0).reset_index()
    rows = rows.assign(label=rows["mark"].map(MARKS), share=rows["clicks"] / total)
    share = float(rows.loc[rows["mark"] != OPEN, "share"].sum())
    told = wording.listed(rows["label"], rows["share"], german.percent)
    return question.bars(
        "coverage",
        rows,
        (
            Field("label", "Zuordnung"),
            Field("clicks", "Klicks", "integer"),
            Field("share", "Anteil", "percent"),
            Field("pages", "Seiten", "integer"),
        ),
        headline=f"{wording.begins(wording.share_of_all(share, 0))} der Seitenklicks sind zugeordnet",
        subtitle=f"Klicks nach Zuordnung der Seite · {question.period} · Nenner: {german.number(total)} Seitenklicks",
        alt=f"Balken nach Zuordnung, {question.period}: {told}.",
        notes=(
            "Seiten gehören zu einer Leistung der Liste, einer ohne Status, oder ausdrücklich zu keiner.",
        ),
        height=220,
    )


def service_table(question: Question, rows: pd.DataFrame) -> Exhibit:
    """Listed services by list and progress, then those without status, the most sought first.

    Columns of the portal and of Open-PVOG are left out while nothing at all is known of them.
    """
    optional = (*_PORTAL, "offered", "recent", "go_live")
    fields = tuple(f for f in _FIELDS if f.name not in optional or _known(rows, f.name))
    has_portal = any(f.name in _PORTAL for f in fields)
    listed = rows[rows["list"] != service_list.WITHOUT_STATUS]
    further = len(rows) - len(listed)
    headline = f"{german.count(len(listed), 'Leistung', 'Leistungen')} mit Status"
    if further:
        headline += f", {german.number(further)} ohne Status"
    return question.exhibit(
        "service_table",
        "table",
        _by_progress(rows)[["service", "progress", hidden_name("applications"), *(f.name for f in fields)]],
        fields,
        headline=f"{headline}, und ihre Nachfrage",
        subtitle=f"Status der Liste vom {service_list.list_date(listed)} · Nachfrage {question.period}",
        alt=f"Tabelle: {headline}; je Leistung Nachfrage, Status und Weg zum Antrag, {question.period}.",
        source=f"{service_list.source(listed)}; {question.google}{f'; {question.portal}' if has_portal else ''}",
        notes=_table_notes(has_portal),
        row_key="service",
    )


def _known(rows: pd.DataFrame, name: str) -> bool:
    """Whether anything is known of the column, be it hidden."""
    hidden = rows.get(hidden_name(name))
    return bool(rows[name].notna().any()) or (hidden is not None and bool((hidden != "").any()))


def _by_progress(rows: pd.DataFrame) -> pd.DataFrame:
    progress = {name: number for number, name in enumerate(service_list.PROGRESS_ORDER)}
    lists = {name: number for number, name in enumerate(LISTS)}
    without = rows["list"] == service_list.WITHOUT_STATUS
    ranked = rows.assign(
        listed=rows["list"].map(lists),
        order=rows["progress"].map(progress),
        sought=-rows["clicks"].fillna(0).where(without, 0),
    )
    return ranked.sort_values(["listed", "order", "sought", "name"], kind="stable")


def _table_notes(has_portal: bool) -> tuple[str, ...]:
    portal = (
        "Ansichten, Starts und Anträge: Portalstatistik, nur ganze Berichtszeiträume; nie zu Google-Klicks addiert. "
        "Abbruch: Anteil der Starts ohne Antrag.",
        HIDDEN,
    )
    return (
        *(m.explained for m in (DEMAND, UNMET, CHANGE)),
        *(portal if has_portal else ()),
        "Leer heißt unbekannt, etwa weil keine zugeordnete Seite in der Suche erschien.",
    )
