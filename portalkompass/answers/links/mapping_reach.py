"""What a rule would reach before it is saved: the pages or queries of the property that its pattern matches."""

from __future__ import annotations

from dataclasses import dataclass

import narwhals as nw
import pandas as pd

from portalkompass.answers.base.answer import Filters
from portalkompass.answers.base.question import ask
from portalkompass.answers.links import mapping_rows
from portalkompass.schema import STAFF_PAGES
from portalkompass.settings import Settings
from portalkompass.warehouse.reader import Warehouse
from portalkompass.workspace import ServiceLink, Workspace
from portalkompass.workspace.links.patterns import Texts

SHOWN = 8


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


def reach(
    warehouse: Warehouse, workspace: Workspace, filters: Filters, settings: Settings, link: ServiceLink
) -> Reach:
    """Matches among everything that was shown in the period; the pattern must be valid (``link_fault``)."""
    question = ask(warehouse, workspace, filters, settings)
    if link.source == "url":
        found = mapping_rows.marked_pages(question)
        found = found[found["url"] != STAFF_PAGES]
        found = found.assign(text=found["path"], mark=found["mark"].map(mapping_rows.MARKS))
        least = 0
    else:
        found = question.warehouse.ask(
            lambda t: (
                question.rows_now(t, "search_query_day")
                .group_by("query")
                .agg(nw.col("clicks").sum().cast(nw.Int64), nw.col("impressions").sum().cast(nw.Int64))
            )
        )
        found = found[found["query"].fillna("") != ""].assign(text=lambda frame: frame["query"], mark="")
        least = settings.privacy.min_query_impressions
    hits = found.iloc[Texts(found["text"].tolist()).matching(link.match, link.pattern)]
    listed = hits[hits["impressions"] >= least].sort_values(
        ["clicks", "impressions", "text"], ascending=[False, False, True]
    )
    return Reach(
        len(hits),
        int(hits["clicks"].sum()),
        int(hits["impressions"].sum()),
        listed[["text", "mark", "clicks", "impressions"]].head(SHOWN).reset_index(drop=True),
    )
