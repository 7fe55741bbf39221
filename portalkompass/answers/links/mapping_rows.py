"""Rows of the mapping board: coverage by mark, what has none, services to choose, proposals, what a rule reaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import narwhals as nw
import pandas as pd

from portalkompass.answers.base import service_list
from portalkompass.answers.base.link_rows import MARKS, OPEN, query_map, service_map
from portalkompass.answers.base.page_rows import page_rows, portal_views
from portalkompass.answers.base.question import Question
from portalkompass.metrics import queries
from portalkompass.proposals import ServiceName, Subject, municipal_services, propose, with_synonyms
from portalkompass.schema import STAFF_PAGES
from portalkompass.urls import path_of
from portalkompass.workspace import ServiceLink, rejected_proposals
from portalkompass.workspace.links.patterns import Texts

AMOUNTS = ("clicks", "impressions", "unique_page_views")
LARGEST_LISTED = 60
"""Largest unmapped pages and queries that are listed; the rest follows as these are mapped."""
QUERIES_PER_PAGE = 5
PROPOSAL_COLUMNS = ("source", "subject", "service_id", "name", "confidence", "evidence")
LISTED, ADDED, OFFERED = "Liste der Stadt", "ohne Status, schon zugeordnet", "ohne Status, Auswahlliste"
"""Groups of services to choose from: the OZG list, the city's own additions, the pick list."""
REACH_SHOWN = 8


def marked_pages(question: Question) -> pd.DataFrame:
    """All pages that Google or the portal showed in the period: url, label, path, mark and the AMOUNTS.

    Most clicks first. A page that only the portal knows has no Google figures (0), one that only Google
    knows no portal figures (missing).
    """
    portal = portal_views(question)[["url", "unique_page_views"]].astype({"unique_page_views": "Int64"})
    rows = page_rows(question)[["url", "label", "page_kind", "clicks", "impressions"]]
    rows = rows.merge(portal, on="url", how="outer")
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
    """Pages without a mark, the largest first; folded staff pages are never among them."""
    return marked[(marked["mark"] == OPEN) & (marked["url"] != STAFF_PAGES)]


def unmapped_queries(question: Question) -> pd.DataFrame:
    """Queries that reach no service (see ``metrics.queries.open_queries``), above the threshold, the largest first."""
    least = question.least_impressions
    return question.warehouse.ask(
        lambda t: queries.open_queries(
            question.sums(t, "search_page_query_day"), t["query_mark"], t["page_mark"], least
        ),
        query_mark=query_map(question).query_mark,
        page_mark=service_map(question).page_mark,
    )


def choices(question: Question) -> pd.DataFrame:
    """service_id, name, target (leistung or ohne_status), group; each id once, in the order of the groups.

    Raises:
        ListFault: the pick list cannot be used.
    """
    listed = service_list.services(question.warehouse, question.settings)
    has_status = listed[listed["list"] != service_list.WITHOUT_STATUS]
    offered = municipal_services(question.settings.data_file("municipal_services.csv"))
    parts = (
        (has_status.rename(columns={"service": "service_id"}), "leistung", LISTED),
        (service_map(question).extra, "ohne_status", ADDED),
        (offered.rename(columns={"id": "service_id"}), "ohne_status", OFFERED),
    )
    rows = pd.concat(
        [
            frame[["service_id", "name"]].astype("str").assign(target=target, group=group)
            for frame, target, group in parts
        ],
        ignore_index=True,
    )
    return rows.drop_duplicates("service_id").reset_index(drop=True)


def named(question: Question, rows: pd.DataFrame) -> tuple[ServiceName, ...]:
    """The choices with their everyday words, for proposals.

    Raises:
        ListFault: the list of synonyms cannot be used.
    """
    plain = [ServiceName(key, name) for key, name in zip(rows["service_id"], rows["name"], strict=True)]
    return with_synonyms(plain, question.settings.data_file("service_synonyms.csv"))


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
        lambda t: queries.queries_of_pages(question.sums(t, "search_page_query_day"), t["chosen"]),
        chosen=pd.DataFrame({"url": list(urls)}, dtype="str"),
    )
    return {
        str(url): tuple(group["query"].head(QUERIES_PER_PAGE))
        for url, group in rows.groupby("url", sort=False)
    }


@dataclass(frozen=True, slots=True)
class Reach:
    """How many pages or queries match, their clicks and impressions in the period, and the largest of them.

    ``rows``: text (path or query), mark (in words; empty for queries), clicks, impressions. Queries below the
    threshold of impressions are counted, and never listed.
    """

    count: int
    clicks: int
    impressions: int
    rows: pd.DataFrame


def reach(question: Question, link: ServiceLink) -> Reach:
    """Matches among everything that was shown in the period; the pattern must be valid (``link_fault``)."""
    if link.source == "url":
        pages = marked_pages(question)
        pages = pages[pages["url"] != STAFF_PAGES]
        rows, least = pages.assign(text=pages["path"], mark=pages["mark"].map(MARKS)), 0
    else:
        queries = question.warehouse.ask(
            lambda t: (
                question.rows_now(t, "search_query_day")
                .group_by("query")
                .agg(nw.col("clicks").sum().cast(nw.Int64), nw.col("impressions").sum().cast(nw.Int64))
            )
        )
        rows = queries[queries["query"].fillna("") != ""].assign(text=lambda frame: frame["query"], mark="")
        least = question.least_impressions
    hits = rows.iloc[Texts(rows["text"].tolist()).matching(link.match, link.pattern)]
    listed = hits[hits["impressions"] >= least].sort_values(
        ["clicks", "impressions", "text"], ascending=[False, False, True]
    )
    return Reach(
        len(hits),
        int(hits["clicks"].sum()),
        int(hits["impressions"].sum()),
        listed[["text", "mark", "clicks", "impressions"]].head(REACH_SHOWN).reset_index(drop=True),
    )
