"""Seiten: which pages bring people to the portal, what changed, what is new and what is gone."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import events
from portalkompass.answers.base.answer import Answer, Figure, Filters
from portalkompass.answers.base.missing_data import LOAD_PORTAL, no_search_data
from portalkompass.answers.base.page_rows import BY_PAGE, bar_of_pages, linked, page_rows
from portalkompass.answers.base.question import Question, ask, field
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.measures import (
    CHANGE,
    CLICKS,
    CTR,
    CUMULATIVE_SHARE,
    IMPRESSIONS,
    PORTAL_VIEWS,
    POSITION,
    SHARE,
)
from portalkompass.settings import Settings
from portalkompass.warehouse.reader import Warehouse
from portalkompass.workspace import Workspace

BARS, ROWS, CHANGED_ROWS = 10, 1000, 50
HALF = 0.5


def answer(
    warehouse: Warehouse, workspace: Workspace, filters: Filters, settings: Settings, kind: str = ""
) -> Answer:
    """Top pages, all pages with change and share, new and vanished ones; portal views beside.

    ``kind`` narrows all of it to pages of one kind; shares stay those of all pages.
    """
    question = ask(warehouse, workspace, filters, settings)
    if missing := no_search_data(question):
        return missing
    every = page_rows(question)
    rows = every[every["page_kind"] == kind] if kind else every
    shown = rows[rows["clicks"] + rows["impressions"] > 0]
    has_portal = bool(shown["unique_page_views"].notna().any())
    changed = (*_changed(question, rows, "new"), *_changed(question, rows, "vanished"))
    return Answer(
        message=_of_kind(shown, question, kind) if kind else _message(shown, question),
        exhibits=(*bar_of_pages(question, shown, BARS, kind), _table(question, shown, has_portal), *changed),
        figures=_cards(rows, question),
        caveats=(*events.cut_comparison(question), *events.caveats(question)),
        next_steps=() if has_portal else (LOAD_PORTAL,),
        data_date=question.data_date,
        sample=warehouse.sample,
    )


def _message(shown: pd.DataFrame, question: Question) -> str:
    period = german.period(question.now.start, question.now.end)
    if shown["clicks"].sum() == 0:
        return f"Im Zeitraum {period} gab es keine Klicks auf Seiten."
    half = int((shown["cumulative_share"] < HALF).sum()) + 1
    pages = german.count(half, "Seite bringt", "Seiten bringen")
    return (
        f"{pages} die Hälfte der {german.number(shown['clicks'].sum())} Seitenklicks; "
        f"an der Spitze steht „{shown.iloc[0]['label']}“ ({period})."
    )


def _of_kind(shown: pd.DataFrame, question: Question, kind: str) -> str:
    period = german.period(question.now.start, question.now.end)
    if shown["clicks"].sum() == 0:
        return f"Im Zeitraum {period} gab es keine Klicks auf Seiten der Art „{kind}“."
    clicked = int((shown["clicks"] > 0).sum())
    pages = german.count(clicked, "Seite der Art", "Seiten der Art")
    return (
        f"{pages} „{kind}“ {'bringt' if clicked == 1 else 'bringen'} {german.percent(shown['share'].sum(), 0)} aller "
        f"Seitenklicks ({german.count(shown['clicks'].sum(), 'Klick', 'Klicks')}); an der Spitze steht "
        f"„{shown.iloc[0]['label']}“ ({period})."
    )


def _cards(rows: pd.DataFrame, question: Question) -> tuple[Figure, ...]:
    clicked = Figure(
        "Seiten mit Klicks",
        german.number(int((rows["clicks"] > 0).sum())),
        "Seiten, auf die im Zeitraum mindestens einmal aus der Google-Suche geklickt wurde.",
    )
    if question.before is None:
        return (clicked,)
    return (
        clicked,
        Figure("Neue Seiten", german.number(int(rows["new"].sum())), NEW),
        Figure("Verschwundene Seiten", german.number(int(rows["vanished"].sum())), VANISHED),
    )


NEW = "Im Zeitraum von Google angezeigt, im Vergleichszeitraum gar nicht."
VANISHED = "Im Vergleichszeitraum von Google angezeigt, im Zeitraum gar nicht mehr."


def _table(question: Question, shown: pd.DataFrame, has_portal: bool) -> Exhibit:
    fields = (
        Field("label", "Seite"),
        Field("page_kind", "Art"),
        field(CLICKS),
        field(CHANGE),
        field(SHARE),
        field(CUMULATIVE_SHARE),
        field(IMPRESSIONS),
        field(CTR),
        field(POSITION),
        *((field(PORTAL_VIEWS),) if has_portal else ()),
        Field("url", "Adresse", "link"),
    )
    period = german.period(question.now.start, question.now.end)
    portal = f"; {question.portal}, nur ganze Berichtszeiträume" if has_portal else ""
    portal_notes = (
        (f"{PORTAL_VIEWS.label}: {PORTAL_VIEWS.definition} Portal- und Google-Werte werden nie addiert.",)
        if has_portal
        else ()
    )
    return question.exhibit(
        "page_table",
        "table",
        linked(shown.head(ROWS))[[f.name for f in fields]],
        fields,
        headline=f"{german.count(len(shown), 'Seite', 'Seiten')} in der Google-Suche",
        subtitle=f"Klicks, Veränderung, Anteil und Position je Seite · {period} · {_compared(question)}",
        alt=f"Tabelle der Seiten nach Klicks, {period}.",
        source=question.google + portal,
        notes=(
            BY_PAGE,
            *(f"{m.label}: {m.definition}" for m in (CHANGE, SHARE, CTR, POSITION)),
            *portal_notes,
        ),
        row_key="url",
    )


def _compared(question: Question) -> str:
    if question.before is None:
        return "ohne Vergleich"
    return f"Vergleich mit {german.period(question.before.start, question.before.end)}"


def _changed(question: Question, rows: pd.DataFrame, kind: str) -> tuple[Exhibit, ...]:
    """New pages by their clicks, vanished ones by the clicks they had; nothing when there are none."""
    suffix = "_before" if kind == "vanished" else ""
    found = rows[rows[kind]].sort_values([f"clicks{suffix}", "url"], ascending=[False, True])
    if found.empty or question.before is None:
        return ()
    word = {"new": ("neue Seite", "neue Seiten"), "vanished": ("verschwundene Seite", "verschwundene Seiten")}
    period = question.now if kind == "new" else question.before
    fields = (
        Field("label", "Seite"),
        Field("page_kind", "Art"),
        field(CLICKS, f"clicks{suffix}"),
        field(IMPRESSIONS, f"impressions{suffix}"),
        field(POSITION, f"position{suffix}"),
        Field("url", "Adresse", "link"),
    )
    exhibit = question.exhibit(
        f"{kind}_pages",
        "table",
        linked(found.head(CHANGED_ROWS))[[f.name for f in fields]],
        fields,
        headline=german.count(len(found), *word[kind]),
        subtitle=f"Werte aus dem Zeitraum {german.period(period.start, period.end)}",
        alt=f"Tabelle: {german.count(len(found), *word[kind])}.",
        notes=(NEW if kind == "new" else VANISHED,),
        row_key="url",
    )
    return (exhibit,)
