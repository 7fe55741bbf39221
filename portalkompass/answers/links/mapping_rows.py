"""Rows of the mapping board: coverage by mark, pages and queries without one, and proposals for them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from portalkompass.answers.base.link_rows import MARKS, OPEN, service_map
from portalkompass.answers.base.page_rows import page_rows
from portalkompass.answers.base.question import Question
from portalkompass.metrics import mapping, pages
from portalkompass.metrics.measures import LazyFrame
from portalkompass.proposals import ServiceName, Subject, propose
from portalkompass.schema import STAFF_PAGES
from portalkompass.urls import path_of
from portalkompass.warehouse.engine import Tables
from portalkompass.workspace import rejected_proposals

AMOUNTS = ("clicks", "impressions", "unique_page_views")
LARGEST_LISTED = 60
"""Largest unmapped pages and queries that are listed; the rest follows as these are mapped."""
QUERIES_PER_PAGE = 5
PROPOSAL_COLUMNS = ("source", "subject", "service_id", "name", "confidence", "evidence")


def marked_pages(question: Question) -> pd.DataFrame:
    """All pages that Google or the portal showed in the period: url, label, path, mark and the AMOUNTS.

    Most clicks first. A page that only the portal knows has no Google figures (0), one that only Google
    knows no portal figures (missing).
    """
    rows = page_rows(question)[["url", "label", "page_kind", "clicks", "impressions"]]
    rows = rows.merge(_portal(question), on="url", how="outer")
    rows = rows.merge(service_map(question).page_mark, on="url", how="left")
    shown = rows[(rows["impressions"].fillna(0) > 0) | rows["unique_page_views"].notna()]
    filled = shown.assign(
        label=shown["label"].fillna(shown["url"]),
        path=shown["url"].map(path_of),
        mark=shown["mark"].fillna(OPEN),
        clicks=shown["clicks"].fillna(0).astype("int64"),
        impressions=shown["impressions"].fillna(0).astype("int64"),
    )
    order = ["clicks", "impressions", "url"]
    return filled.sort_values(order, ascending=[False, False, True]).reset_index(drop=True)


def _portal(question: Question) -> pd.DataFrame:
    views = question.warehouse.ask(lambda t: pages.portal_views(question.own(t, "portal_page"), question.now))
    return views[["url", "unique_page_views"]].astype({"unique_page_views": "Int64"})


def coverage(marked: pd.DataFrame) -> pd.DataFrame:
    """One row a mark, in the order of MARKS: label, pages, the AMOUNTS and their shares (missing without any).

    Portal views are missing, not 0, where the portal gave none for any page.
    """
    summed = marked.groupby("mark")[list(AMOUNTS)].sum()
    rows = summed.reindex(list(MARKS), fill_value=0).astype("float64")
    rows.insert(0, "pages", marked.groupby("mark").size().reindex(list(MARKS), fill_value=0))
    for name in AMOUNTS:
        total = rows[name].sum()
        rows[f"{name}_share"] = rows[name] / total if total else float("nan")
    if marked["unique_page_views"].isna().all():
        rows["unique_page_views"] = float("nan")
    return rows.assign(label=list(MARKS.values())).reset_index()


def unmapped_pages(marked: pd.DataFrame) -> pd.DataFrame:
    """The largest pages without a mark; folded staff pages are never among them."""
    return marked[(marked["mark"] == OPEN) & (marked["url"] != STAFF_PAGES)].head(LARGEST_LISTED)


def unmapped_queries(question: Question) -> pd.DataFrame:
    """The largest queries that reach no service (see ``metrics.mapping.open_queries``), above the threshold."""
    resolved, least = service_map(question), question.least_impressions

    def build(tables: Tables) -> LazyFrame:
        rows = question.sums(tables, "search_page_query_day")
        return mapping.open_queries(rows, tables["query_mark"], tables["page_mark"], least).head(
            LARGEST_LISTED
        )

    return question.warehouse.ask(build, query_mark=resolved.query_mark, page_mark=resolved.page_mark)


def proposals(
    question: Question, open_pages: pd.DataFrame, open_queries: pd.DataFrame, services: Sequence[ServiceName]
) -> pd.DataFrame:
    """PROPOSAL_COLUMNS, best first within a subject (url or query); what was rejected is not proposed again."""
    asked = _queries_of(question, open_pages["url"].tolist())
    subjects = [
        *(
            ("url", url, Subject(label if label != url else "", path.rsplit("/", 1)[-1], asked.get(url, ())))
            for url, label, path in zip(
                open_pages["url"], open_pages["label"], open_pages["path"], strict=True
            )
        ),
        *(("query", query, Subject(queries=(query,))) for query in open_queries["query"]),
    ]
    rejected = {
        (proposal.source, proposal.subject, proposal.service_id)
        for proposal in rejected_proposals(question.workspace, question.filters.site)
    }
    city = question.settings.city
    home = " ".join((city.name.removeprefix("Stadt "), *city.also_called))
    proposed = propose([subject for _, _, subject in subjects], services, home=home)
    rows = [
        (source, text, proposal.service_id, proposal.name, proposal.confidence, proposal.evidence)
        for (source, text, _), several in zip(subjects, proposed, strict=True)
        for proposal in several
        if (source, text, proposal.service_id) not in rejected
    ]
    return pd.DataFrame(rows, columns=list(PROPOSAL_COLUMNS))


def _queries_of(question: Question, urls: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The queries that bring most impressions to each page; inside the app only, never shown."""
    if not urls:
        return {}
    rows = question.warehouse.ask(
        lambda t: mapping.queries_of_pages(question.sums(t, "search_page_query_day"), t["chosen"]),
        chosen=pd.DataFrame({"url": list(urls)}, dtype="str"),
    )
    return {
        str(url): tuple(group["query"].head(QUERIES_PER_PAGE))
        for url, group in rows.groupby("url", sort=False)
    }
