"""What a rule would reach before it is saved: the pages or queries of the property that its pattern matches."""

from __future__ import annotations

from dataclasses import dataclass

import narwhals as nw
import pandas as pd

from portalkompass.answers.base.link_rows import MARKS
from portalkompass.answers.base.question import Question
from portalkompass.answers.links import mapping_rows
from portalkompass.schema import STAFF_PAGES
from portalkompass.workspace import ServiceLink
from portalkompass.workspace.links.patterns import Texts

ROWS_SHOWN = 8


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
        pages = mapping_rows.marked_pages(question)
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
        listed[["text", "mark", "clicks", "impressions"]].head(ROWS_SHOWN).reset_index(drop=True),
    )
