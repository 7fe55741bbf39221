"""Seiten: which pages bring people to the portal, what changed, what is new and what is gone."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import events, wording
from portalkompass.answers.base.answer import Answer, Figure
from portalkompass.answers.base.missing_data import LOAD_PORTAL, no_search_data
from portalkompass.answers.base.page_rows import BY_PAGE, bar_of_pages, linked, page_rows, page_table
from portalkompass.answers.base.question import Question, count_card, field, in_words, measures
from portalkompass.answers.base.window_rows import answering
from portalkompass.answers.courses.both_periods import MEASURES, MOST_ROWS, SUMS, both_periods
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

BARS_SHOWN = 10
HALF = 0.5


def answer(question: Question) -> Answer:
    """Top pages, all pages with change and share, new and vanished ones; portal views beside.

    Shares are those of all pages that the filters leave.
    """
    question = answering(question, "search_page_day")
    if missing := no_search_data(question, "search_page_day"):
        return missing
    rows = page_rows(question)
    shown = rows[rows["clicks"] + rows["impressions"] > 0]
    has_portal = bool(shown["unique_page_views"].notna().any())
    return question.answer(
        message=_message(shown, question),
        exhibits=(
            bar_of_pages(question, shown, BARS_SHOWN),
            _table(question, shown, has_portal),
            _changed(question, rows, "new"),
            _changed(question, rows, "vanished"),
        ),
        figures=_cards(rows, question),
        caveats=events.cautions(
            question, "search_page_day", events.PORTAL_PAGES, changed=[one.id for one in MEASURES]
        ),
        next_steps=() if has_portal or question.scope else (LOAD_PORTAL,),
    )


def _message(shown: pd.DataFrame, question: Question) -> str:
    if shown["clicks"].sum() == 0:
        return f"Im Zeitraum {question.period} gab es keine Klicks auf Seiten."
    half = int((shown["cumulative_share"] < HALF).sum()) + 1
    pages = german.count(half, "Seite bringt", "Seiten bringen")
    return (
        f"{pages} die Hälfte der {german.number(shown['clicks'].sum())} Seitenklicks; "
        f"an der Spitze steht „{shown.iloc[0]['label']}“ ({question.period})."
    )


def _cards(rows: pd.DataFrame, question: Question) -> tuple[Figure, ...]:
    clicked = count_card(
        "Seiten mit Klicks",
        int((rows["clicks"] > 0).sum()),
        "Seiten, auf die im Zeitraum mindestens einmal aus der Google-Suche geklickt wurde.",
    )
    if not _comparable(question):
        return (clicked,)
    return (
        clicked,
        count_card("Neue Seiten", int(rows["new"].sum()), _meaning(question, "new")),
        count_card("Verschwundene Seiten", int(rows["vanished"].sum()), _meaning(question, "vanished")),
    )


def _comparable(question: Question) -> bool:
    """Whether pages of both sides are known: what is not loaded is neither new nor gone."""
    return question.before is not None and question.factor("search_page_day") is not None


def _meaning(question: Question, kind: str) -> str:
    """What new and vanished mean, with the days that are compared."""
    if question.like is None or question.before is None:
        return ""
    shown, absent = (question.like, question.before) if kind == "new" else (question.before, question.like)
    return f"Von Google angezeigt: {in_words(shown)}; gar nicht angezeigt: {in_words(absent)}."


def _table(question: Question, shown: pd.DataFrame, has_portal: bool) -> Exhibit:
    days = wording.same_days(question.exposure("search_page_day"), SUMS)
    notes = (BY_PAGE, *(m.explained for m in (CHANGE, SHARE, CTR, POSITION)), *days)
    compared = "ohne Vergleich"
    if question.before is not None and _comparable(question):
        compared = f"Vergleich mit {in_words(question.before)}"
    source = question.google
    if has_portal:
        source += f"; {question.portal}, nur ganze Berichtszeiträume"
        notes = (*notes, f"{PORTAL_VIEWS.explained} Portal- und Google-Werte werden nie addiert.")
    rows, fields, folded = both_periods(question, shown.head(MOST_ROWS), question.factor("search_page_day"))
    return page_table(
        question,
        "page_table",
        linked(rows),
        (
            *fields,
            *measures(SHARE, CUMULATIVE_SHARE),
            *((field(PORTAL_VIEWS),) if has_portal else ()),
            Field("page_kind", "Art"),
        ),
        folded=(*folded, CUMULATIVE_SHARE.id),
        headline=f"{german.count(len(shown), 'Seite', 'Seiten')} in der Google-Suche",
        subtitle=f"Klicks, Veränderung, Anteil und Position je Seite · {question.period} · {compared}",
        told=f"Tabelle der Seiten nach Klicks, {question.period}.",
        source=source,
        notes=notes,
    )


def _changed(question: Question, rows: pd.DataFrame, kind: str) -> Exhibit | None:
    """New pages by their clicks, vanished ones by the clicks they had; nothing when there are none."""
    suffix = "_before" if kind == "vanished" else ""
    changed = rows[rows[kind]].sort_values([f"clicks{suffix}", "url"], ascending=[False, True])
    if changed.empty or question.before is None or not _comparable(question):
        return None
    adjective = {"new": "neue", "vanished": "verschwundene"}[kind]
    period = question.now if kind == "new" else question.before
    return page_table(
        question,
        f"{kind}_pages",
        linked(changed.head(MOST_ROWS)),
        (
            field(CLICKS, f"clicks{suffix}"),
            field(IMPRESSIONS, f"impressions{suffix}"),
            field(POSITION, f"position{suffix}"),
            Field("page_kind", "Art"),
        ),
        headline=german.count(len(changed), f"{adjective} Seite", f"{adjective} Seiten"),
        subtitle=f"Werte aus dem Zeitraum {in_words(period)}",
        notes=(_meaning(question, kind),),
        over=(period,),
    )
