"""Zuordnung: how much of the demand is tied to services, and what to tie next.

Exhibits: mapping_coverage, unmapped_pages, unmapped_queries, mapping_conflicts, dead_links (tables to show);
mapping_proposals and mapping_choices are the material of the dialogue and are not shown as such.
"""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import wording
from portalkompass.answers.base.answer import Answer, Figure
from portalkompass.answers.base.grains import PAGE_QUERY
from portalkompass.answers.base.link_rows import OPEN
from portalkompass.answers.base.missing_data import no_search_data
from portalkompass.answers.base.question import Question, columns, measures
from portalkompass.answers.links import mapping_faults, mapping_rows
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.measures import CLICKS, IMPRESSIONS, PORTAL_VIEWS, Measure
from portalkompass.proposals import THRESHOLD

MEASURES: tuple[Measure, ...] = (CLICKS, IMPRESSIONS, PORTAL_VIEWS)
SHORT = {"clicks": "Klicks", "impressions": "Impr.", "unique_page_views": "Ansichten"}
"""Labels for a table that has to fit beside the navigation."""


def answer(question: Question) -> Answer:
    """Coverage by mark, unmapped pages and queries with proposals, conflicts and dead patterns.

    Raises:
        ListFault: the pick list or the list of synonyms cannot be used.
    """
    if missing := no_search_data(question):
        return missing
    marked = mapping_rows.marked_pages(question)
    rows = mapping_rows.coverage(marked)
    open_pages, open_queries = mapping_rows.unmapped_pages(marked), mapping_rows.unmapped_queries(question)
    pages, queries = (rows.head(mapping_rows.LARGEST_LISTED) for rows in (open_pages, open_queries))
    known_queries = question.covered(PAGE_QUERY, question.now) > 0
    choices = mapping_rows.choices(question)
    proposed = mapping_rows.proposals(question, pages, queries, mapping_rows.named(question, choices))
    return question.answer(
        message=_message(question, rows),
        exhibits=(
            _coverage(question, rows),
            _pages(question, pages, len(open_pages)),
            _queries(question, queries, len(open_queries)) if known_queries else None,
            _material(question, "mapping_proposals", proposed),
            _material(question, "mapping_choices", choices),
            *mapping_faults.exhibits(question),
        ),
        figures=_cards(rows),
    )


def _share(rows: pd.DataFrame, name: str) -> float:
    """Marked part of an amount; NaN where there is none at all."""
    return float(1 - rows.loc[rows["mark"] == OPEN, f"{name}_share"].iloc[0])


def _message(question: Question, rows: pd.DataFrame) -> str:
    left = int(rows.loc[rows["mark"] == OPEN, "pages"].iloc[0])
    share = _share(rows, "clicks")
    start = f"{wording.begins(wording.share_of_all(share))} der Seitenklicks sind zugeordnet"
    if german.is_missing(share):
        start = f"Im Zeitraum {question.period} gab es keine Klicks auf Seiten"
    if not left:
        return f"{start}; keine Seite ist offen."
    return f"{start}; {german.count(left, 'Seite ist', 'Seiten sind')} noch offen."


def _cards(rows: pd.DataFrame) -> tuple[Figure, ...]:
    return tuple(
        Figure(
            f"{measure.unit} zugeordnet",
            german.percent(_share(rows, measure.id)),
            f"Anteil auf Seiten mit einer der drei Marken. {measure.definition}",
        )
        for measure in MEASURES
    )


def _coverage(question: Question, rows: pd.DataFrame) -> Exhibit:
    fields = (
        Field("label", "Zuordnung"),
        Field("pages", "Seiten", "integer"),
        *(
            part
            for measure, short in zip(MEASURES, SHORT.values(), strict=True)
            for part in (
                Field(measure.id, short, "integer", help=measure.definition),
                Field(f"{measure.id}_share", f"Anteil {short}", "percent"),
            )
        ),
    )
    listed = float(rows.loc[rows["mark"] == "leistung", "clicks_share"].iloc[0])
    told = wording.listed(rows["label"], rows["clicks_share"], german.percent)
    return question.exhibit(
        "mapping_coverage",
        "table",
        rows[["mark", *(f.name for f in fields)]],
        fields,
        headline=f"{german.percent(listed)} der Seitenklicks gehören zu Leistungen der Liste"
        if not german.is_missing(listed)
        else f"Keine Klicks auf Seiten im Zeitraum {question.period}",
        subtitle=f"Klicks, Impressionen und Seitenansichten nach Zuordnung der Seite · {question.period}",
        alt=f"Tabelle nach Zuordnung, {question.period}; Anteil der Klicks: {told}.",
        source=f"{question.google}; {question.portal}",
        notes=(
            "Zuordnungen sind: Leistung der Liste, Leistung ohne Status oder ausdrücklich keine Leistung.",
            "Klicks und Seitenansichten stammen aus zwei Quellen und werden nie addiert.",
        ),
    )


def _largest(listed: int, every: int) -> str:
    """What a list of the largest ones says of its length."""
    return "Die größten zuerst" if listed == every else f"Die {german.number(listed)} größten"


def _pages(question: Question, rows: pd.DataFrame, every: int) -> Exhibit:
    return question.table(
        "unmapped_pages",
        rows,
        (
            *columns(label="Seite", path="Pfad"),
            *measures(CLICKS, IMPRESSIONS, PORTAL_VIEWS),
            Field("url", "Adresse", "link"),
        ),
        headline=f"{german.count(every, 'Seite', 'Seiten')} ohne Zuordnung",
        subtitle=f"{_largest(len(rows), every)} · {question.period}",
        told=f"Tabelle der größten Seiten ohne Zuordnung, {question.period}.",
        source=f"{question.google}; {question.portal}",
    )


def _queries(question: Question, rows: pd.DataFrame, every: int) -> Exhibit:
    least = question.least_impressions
    return question.exhibit(
        "unmapped_queries",
        "table",
        rows,
        (Field("query", "Suchanfrage"), *measures(IMPRESSIONS, CLICKS)),
        headline=f"{german.count(every, 'Suchanfrage', 'Suchanfragen')} ohne Leistung",
        subtitle=f"{_largest(len(rows), every)} · {question.period} · ab "
        f"{german.count(least, 'Impression', 'Impressionen')}",
        alt=f"Tabelle der größten Suchanfragen, die keine Leistung erreichen, {question.period}.",
        names_queries=True,
        notes=(
            "Gezählt wird nur, was auf Seiten ohne Leistung landet. Was die Seite einer Leistung erreicht, "
            "gehört schon zu deren Nachfrage.",
        ),
    )


def _material(question: Question, name: str, rows: pd.DataFrame) -> Exhibit:
    """Rows for the dialogue, with the confidence below which nothing is proposed."""
    return question.exhibit(
        name,
        "table",
        rows,
        tuple(Field(column, column) for column in rows.columns),
        headline="Vorschläge",
        subtitle=f"ab einer Übereinstimmung von {german.percent(THRESHOLD, 0)}",
        alt="Vorschläge für die Zuordnung.",
    )
