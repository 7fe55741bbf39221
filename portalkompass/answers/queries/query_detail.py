"""One query: its course in all measures, why its clicks changed, its pages and devices, and queries like it."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from portalkompass import german
from portalkompass.answers.asking import narrowed
from portalkompass.answers.base import events, query_groups, wording
from portalkompass.answers.base.answer import Answer, Figure
from portalkompass.answers.base.estimate_rows import page_labels
from portalkompass.answers.base.grains import PAGE_QUERY, QUERY, QUERY_DEVICE
from portalkompass.answers.base.headline import cards, headline, sentence
from portalkompass.answers.base.missing_data import no_search_data
from portalkompass.answers.base.page_rows import linked
from portalkompass.answers.base.question import Question, measures
from portalkompass.answers.base.scope import DEVICES, Match
from portalkompass.answers.base.window_rows import answering, of_one
from portalkompass.answers.courses import trending
from portalkompass.answers.courses.course import courses
from portalkompass.answers.courses.why_rows import why_exhibits
from portalkompass.answers.queries.queries import query_rows
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.measures import CHANGE, CLICKS, CTR, IMPRESSIONS, POSITION, SHARE
from portalkompass.metrics.pages import compared, segments

NEIGHBOURS_SHOWN = 15
_MEASURES = (CLICKS, CHANGE, IMPRESSIONS, CTR, POSITION)


def answer(question: Question, query: str = "") -> Answer:
    """All that is known of the ``query``; a sentence where Google does not name it, or too rarely to be shown."""
    if (export := answering(question, QUERY)).window:
        return of_one(export, QUERY, "query", query)
    scope = replace(question.scope, query=Match("is", query), brand="")
    words = " · ".join(filter(None, (f"Suchanfrage „{query}“", question.filtered)))
    own = replace(narrowed(question, scope), filtered=words)
    if missing := no_search_data(own, QUERY):
        return missing
    rows = trending.compared_trend(own, own.filters.grain)
    return question.answer(
        message=f"{sentence(own, CLICKS, f'„{query}“, {own.period}: {CLICKS.label}')}.",
        exhibits=(
            courses(own, rows, "query_course"),
            *why_exhibits(own, question),
            _pages(own),
            _devices(own),
            _neighbours(question, query),
        ),
        figures=(*cards(own, headline(own, own.now)), _share(question, own)),
        caveats=(*own.costs[:1], *events.cautions(own, QUERY, PAGE_QUERY)),
    )


def _share(question: Question, own: Question) -> Figure:
    """Its part of the clicks of all queries that Google names."""
    listed = query_rows(question.of(question.scope.without_queries))["clicks"].sum()
    clicks = headline(own, own.now).clicks
    share = clicks / listed if listed and clicks is not None else None
    meaning = "Anteil an den Klicks aller Suchanfragen, die Google nennt und die oft genug gezeigt wurden."
    return Figure("Anteil an genannten", german.percent(share, 1), meaning, id=SHARE.id, number=share)


def _pages(own: Question) -> Exhibit | None:
    """The pages that Google shows for it, most clicked first."""
    if own.reason(PAGE_QUERY) or not own.has_rows(PAGE_QUERY):
        return None
    factor = own.factor(PAGE_QUERY)
    rows = own.warehouse.ask(
        lambda t: compared(own.sums(t, PAGE_QUERY, *own.periods), "url", *own.periods, factor).sort(
            "clicks", "impressions", "url", descending=[True, True, False]
        )
    )
    rows = rows[rows["impressions"] > 0]
    if rows.empty:
        return None
    labelled = rows.assign(label=rows["url"].map(page_labels(own)).fillna(rows["url"]))
    pages = german.count(len(rows), "Seite erscheint", "Seiten erscheinen")
    first = labelled.iloc[0]
    tied = wording.tied(labelled["clicks"])
    most = (
        f"die meisten Klicks hat „{first['label']}“{tied}" if first["clicks"] > 0 else "keine wurde geklickt"
    )
    return own.table(
        "query_pages",
        linked(labelled),
        (Field("label", "Seite"), *measures(*_MEASURES), Field("url", "Adresse", "link")),
        headline=f"{pages} zu dieser Suchanfrage; {most}",
        subtitle=f"Seiten zur Suchanfrage · {own.period}",
        row_key="url",
        notes=(
            "Hier zählt Google je Seite: Die Summe kann über der Zahl der Suchen liegen.",
            CHANGE.explained,
        ),
        names_queries=True,
    )


def _devices(own: Question) -> Exhibit | None:
    """How its clicks divide between devices, where that grain is loaded."""
    if own.reason(QUERY_DEVICE) or not own.has_rows(QUERY_DEVICE):
        return None
    factor = own.factor(QUERY_DEVICE)
    rows = own.warehouse.ask(lambda t: segments(own.rows(t, QUERY_DEVICE), "device", *own.periods, factor))
    rows = rows[rows["impressions"] > 0].replace({"device": DEVICES})
    if rows.empty:
        return None
    return own.table(
        "query_devices",
        rows,
        (Field("device", "Gerät"), *measures(CLICKS, CHANGE, SHARE, IMPRESSIONS, CTR, POSITION)),
        headline=wording.most_clicks(rows, "device", own.period),
        subtitle=f"Nach Gerät · {own.period}",
        notes=(CHANGE.explained,),
        names_queries=True,
    )


def _neighbours(question: Question, query: str) -> Exhibit | None:
    """Listed queries that share its words (other than the city's name), the most shown first."""
    rows = query_rows(question.of(question.scope.without_queries))
    rows = rows[rows["query"] != query]
    common = query_groups.shared_words(rows["query"], query, question.settings)
    near = rows.assign(common=common)[common > 0]
    if near.empty:
        return None
    near = near.sort_values(["common", "impressions", "query"], ascending=[False, False, True])
    amount = german.count(len(near), "weitere Suchanfrage teilt", "weitere Suchanfragen teilen")
    return question.table(
        "query_neighbours",
        near.head(NEIGHBOURS_SHOWN),
        (Field("query", "Suchanfrage"), *measures(*_MEASURES)),
        headline=f"{amount} ein Wort mit ihr",
        subtitle=f"Verwandte Suchanfragen, die mit den meisten gemeinsamen Wörtern zuerst · {question.period}",
        row_key="query",
        notes=(CHANGE.explained,),
        names_queries=True,
    )


def listed(question: Question) -> pd.DataFrame:
    """query of all that can be shown in full, most clicked first: what a reader can choose from."""
    return query_rows(question)[["query"]]
