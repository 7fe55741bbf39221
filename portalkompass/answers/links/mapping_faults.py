"""What is wrong with the links: some get less of a page than they ask for, some match nothing."""

from __future__ import annotations

from dataclasses import asdict

import pandas as pd

from portalkompass import german
from portalkompass.answers.base.link_rows import MARKS, every_query, every_url
from portalkompass.answers.base.question import Question, columns
from portalkompass.exhibit import Exhibit, Field
from portalkompass.schema import STAFF_PAGES
from portalkompass.workspace import conflicts, dead_links, links

CONFLICTS_SHOWN = 200
REASONS = {
    "geteilt": "mehrere Leistungen teilen sich die Seite",
    "überdeckt": "eine genauere Zuordnung geht vor",
}
MATCH_NAMES = {
    "exact": "genau",
    "prefix": "beginnt mit",
    "contains": "enthält",
    "regex": "regulärer Ausdruck",
}


def exhibits(question: Question) -> tuple[Exhibit, ...]:
    """Conflicts and dead patterns over all pages and queries of the property, not of the period alone."""
    rules, urls = links(question.workspace), every_url(question)
    # All queries of a page are among those of the property, which are a third of the rows.
    queries = every_query(question, "search_query_day") or every_query(question, "search_page_query_day")
    names = {link.service_id: link.service_name or link.service_id for link in rules}
    clash = conflicts([url for url in urls if url != STAFF_PAGES], rules)
    patterns = {link.id: link.pattern for link in rules}
    clash = clash.assign(
        service=clash["service"].map(names),
        pattern=clash["link_id"].map(patterns),
        reason=clash["reason"].map(REASONS),
    )
    dead = pd.DataFrame(
        [asdict(link) for link in dead_links(urls, queries, rules)],
        columns=["id", "source", "match", "pattern", "service_id", "service_name", "target", "note"],
    )
    goal = dead["service_name"].where(dead["service_name"] != "", dead["service_id"])
    dead = dead.assign(goal=goal.where(goal != "", MARKS["keine_leistung"]))
    return _conflicts(question, clash.head(CONFLICTS_SHOWN)), _dead(question, dead)


def _conflicts(question: Question, rows: pd.DataFrame) -> Exhibit:
    count = german.count(len(rows), "Zuordnung bekommt", "Zuordnungen bekommen")
    return question.exhibit(
        "mapping_conflicts",
        "table",
        rows,
        (
            Field("url", "Adresse", "link"),
            *columns(service="Leistung", pattern="Muster"),
            *columns("percent", wanted_share="Gewünschter Anteil", share="Erhaltener Anteil"),
            Field("reason", "Grund"),
        ),
        headline=f"{count} weniger als gewünscht",
        subtitle="Mehrere Zuordnungen greifen auf dieselbe Seite",
        alt="Tabelle der Seiten, auf die mehrere Zuordnungen greifen.",
        source="Zuordnungen im Arbeitsbereich",
    )


def _dead(question: Question, rows: pd.DataFrame) -> Exhibit:
    shown = rows.assign(
        source_name=rows["source"].map({"url": "Pfad", "query": "Suchanfrage"}),
        match_name=rows["match"].map(MATCH_NAMES),
    )
    return question.exhibit(
        "dead_links",
        "table",
        shown,
        columns(pattern="Muster", source_name="Gilt für", match_name="Vergleich", goal="Leistung"),
        headline=f"{german.count(len(rows), 'Muster trifft', 'Muster treffen')} nichts",
        subtitle="Zuordnungen, zu denen es im gesamten Datenbestand keine Seite und keine Suchanfrage gibt",
        alt="Tabelle der Muster, die auf keine Seite und keine Suchanfrage passen.",
        source="Zuordnungen im Arbeitsbereich",
        notes=(
            "Mitgelieferte Muster dürfen stehen bleiben: Sie greifen, sobald eine solche Seite erscheint.",
        ),
    )
