"""Leistungen: the OZG services, their status and lane, and how many people look for them."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import events, service_list
from portalkompass.answers.base.answer import Answer, Figure, Filters
from portalkompass.answers.base.link_rows import service_map
from portalkompass.answers.base.missing_data import LINK_PAGES, LOAD_SERVICES, no_search_data
from portalkompass.answers.base.question import Question, ask, field
from portalkompass.answers.services.funnel_rows import funnel_exhibits
from portalkompass.answers.services.service_rows import service_rows
from portalkompass.answers.services.service_table import service_table
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.measures import DEMAND, LazyFrame
from portalkompass.metrics.services import coverage
from portalkompass.settings import Settings
from portalkompass.warehouse.engine import Tables
from portalkompass.warehouse.reader import Warehouse
from portalkompass.workspace import Workspace

NAMED = 5
"""Services that a sentence names before it only counts."""
MARKS = {
    "leistung": "Leistung der Liste",
    "ohne_status": "Leistung ohne Status",
    "keine_leistung": "Keine Leistung",
    "offen": "Noch nicht zugeordnet",
}


def answer(warehouse: Warehouse, workspace: Workspace, filters: Filters, settings: Settings) -> Answer:
    """The services of the list with status, lane and demand; coverage of the mapping."""
    question = ask(warehouse, workspace, filters, settings)
    rows = service_rows(question)
    listed = rows[rows["list"] != service_list.WITHOUT_STATUS]
    sought = rows[(rows["list"] != service_list.WITHOUT_STATUS) | (rows["clicks"] > 0)]
    if listed.empty:
        return Answer(
            "Noch ist keine OZG-Liste geladen.",
            next_steps=(LOAD_SERVICES,),
            data_date=question.data_date,
            sample=warehouse.sample,
        )
    searched = no_search_data(question)
    charts = () if searched else (*_bars(question, listed), *_coverage(question))
    funnel = funnel_exhibits(question, rows)
    return Answer(
        message=_message(listed, question, has_search=searched is None),
        exhibits=(service_table(question, sought), *charts, *funnel),
        figures=_cards(question, listed),
        caveats=() if searched else (*events.cut_comparison(question), *events.caveats(question)),
        next_steps=searched.next_steps if searched else _steps(listed),
        data_date=question.data_date,
        sample=warehouse.sample,
    )


def _message(listed: pd.DataFrame, question: Question, *, has_search: bool) -> str:
    responsible = question.settings.city.services_responsible
    start = f"{len(listed)} von {responsible} OZG-Leistungen haben einen Status"
    pending = listed[(listed["list"] == service_list.PENDING) & (listed["clicks"] > 0)].sort_values(
        ["clicks", "name"], ascending=[False, True]
    )
    if not has_search or pending.empty:
        return f"{start}; zur Nachfrage der anstehenden Leistungen liegen keine Suchdaten vor."
    first = pending.iloc[0]
    return (
        f"{start}. Unter den anstehenden wird „{first['name']}“ am stärksten nachgefragt: "
        f"{german.count(round(first['clicks']), 'Klick', 'Klicks')} "
        f"({german.period(question.now.start, question.now.end)})."
    )


def _cards(question: Question, listed: pd.DataFrame) -> tuple[Figure, ...]:
    responsible = question.settings.city.services_responsible
    counts = listed["list"].value_counts()
    stand = service_list.list_date(listed)
    return (
        Figure(
            "Mit Status",
            f"{len(listed)} von {responsible}",
            f"Leistungen der Liste (Stand {stand}); {responsible} liegen in der Zuständigkeit der Stadt.",
        ),
        *(
            Figure(
                f"Davon {name}", german.number(int(counts.get(name, 0))), f"Liste „{name}“, Stand {stand}."
            )
            for name in ("aktuell", service_list.PENDING)
        ),
        *(
            Figure(
                f"Bahn „{lane}“",
                german.number(int((listed["lane"] == lane).sum())),
                "Anstehende Leistungen nach ihrer Bereitschaft; der Grund steht in der Tabelle.",
            )
            for lane in service_list.LANES
        ),
    )


def _steps(listed: pd.DataFrame) -> tuple[str, ...]:
    unlinked = listed.loc[listed["clicks"].isna(), "name"].tolist()
    if not unlinked:
        return ()
    named = unlinked if len(unlinked) <= NAMED else [*unlinked[:NAMED], f"{len(unlinked) - NAMED} weitere"]
    return (f"Ohne bekannte Seite in der Suche: {german.listing(named)}. {LINK_PAGES}",)


def _bars(question: Question, listed: pd.DataFrame) -> tuple[Exhibit, ...]:
    known = listed[listed["clicks"].notna()].sort_values(["clicks", "name"], ascending=[False, True])
    if known.empty:
        return ()
    first, period = known.iloc[0], german.period(question.now.start, question.now.end)
    text = "; ".join(
        f"{name} {german.number(clicks)}" for name, clicks in zip(known["name"], known["clicks"], strict=True)
    )
    exhibit = question.exhibit(
        "service_demand",
        "bar",
        known[["name", "clicks", "list"]],
        (Field("name", "Leistung"), field(DEMAND, "clicks", "Nachfrage"), Field("list", "Liste")),
        headline=f"„{first['name']}“ wird mit {german.count(round(first['clicks']), 'Klick', 'Klicks')} am "
        "stärksten nachgefragt",
        subtitle=f"Klicks auf zugeordnete Seiten je Leistung der Liste · {period}",
        alt=f"Balken der Nachfrage je Leistung, {period}: {text}.",
        x="clicks",
        y="name",
        series="list",
        notes=(DEMAND.definition, "Leistungen ohne bekannte Nachfrage fehlen."),
        height=60 + 30 * len(known),
    )
    return (exhibit,)


def _coverage(question: Question) -> tuple[Exhibit, ...]:
    """How much of the page clicks carries one of the three marks."""

    def build(tables: Tables) -> LazyFrame:
        return coverage(question.rows_now(tables, "search_page_day"), tables["page_mark"])

    found = question.warehouse.ask(build, page_mark=service_map(question).page_mark)
    total = int(found["clicks"].sum())
    if not total:
        return ()
    rows = found.set_index("mark").reindex(list(MARKS), fill_value=0).reset_index()
    rows = rows.assign(label=rows["mark"].map(MARKS), share=rows["clicks"] / total)
    share = float(rows.loc[rows["mark"] != "offen", "share"].sum())
    period = german.period(question.now.start, question.now.end)
    listed = "; ".join(
        f"{label} {german.percent(part)}" for label, part in zip(rows["label"], rows["share"], strict=True)
    )
    exhibit = question.exhibit(
        "coverage",
        "bar",
        rows[["label", "clicks", "share", "pages"]],
        (
            Field("label", "Zuordnung"),
            Field("clicks", "Klicks", "integer"),
            Field("share", "Anteil", "percent"),
            Field("pages", "Seiten", "integer"),
        ),
        headline=f"{german.percent(share, 0)} der Seitenklicks sind zugeordnet",
        subtitle=f"Klicks nach Zuordnung der Seite · {period} · Nenner: {german.number(total)} Seitenklicks",
        alt=f"Balken nach Zuordnung, {period}: {listed}.",
        x="clicks",
        y="label",
        notes=(
            "Seiten gehören zu einer Leistung der Liste, einer ohne Status, oder ausdrücklich zu keiner.",
        ),
        height=220,
    )
    return (exhibit,)
