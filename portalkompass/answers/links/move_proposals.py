"""Pages that probably moved, by when Google showed them, their titles and queries: for a person to confirm."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from portalkompass.answers.base import estimate_rows
from portalkompass.answers.base.question import Question
from portalkompass.metrics import pages
from portalkompass.metrics.queries import queries_of_pages
from portalkompass.metrics.selection import within
from portalkompass.proposals.moves import moved_pages
from portalkompass.schema import STAFF_PAGES

GONE_DAYS = 28
"""Days without a page until it counts as vanished, and of the archive before a page counts as new."""
LEAST_IMPRESSIONS = 100
MOST_PAGES, ROWS_SHOWN = 1_000, 20


def move_proposals(question: Question) -> pd.DataFrame:
    """old_url, new_url, date, title_likeness, query_overlap, confidence over the whole archive, the surest first.

    Moves that are known already are none; nothing is proposed where the archive is too short to tell.
    """
    archive = question.archive
    if archive is None:
        return moved_pages(pd.DataFrame(), pd.DataFrame(), pd.DataFrame())
    spans = question.warehouse.ask(
        lambda t: pages.shown_spans(within(question.rows(t, "search_page_day"), archive))
    )
    seen = spans[(spans["impressions"] >= LEAST_IMPRESSIONS) & (spans["url"] != STAFF_PAGES)]
    names = estimate_rows.titles(question).set_index("url")["title"]
    titled = seen.assign(title=seen["url"].map(names).fillna("")).sort_values(
        ["impressions", "url"], ascending=[False, True]
    )
    margin = dt.timedelta(days=GONE_DAYS)
    gone = titled[titled["last"] <= pd.Timestamp(archive.end - margin)]
    gone = gone[~gone["url"].isin(list(question.moves))].head(MOST_PAGES)
    come = titled[titled["first"] >= pd.Timestamp(archive.start + margin)].head(MOST_PAGES)
    if gone.empty or come.empty:
        return moved_pages(gone, come, pd.DataFrame())
    chosen = pd.DataFrame({"url": [*gone["url"], *come["url"]]}).drop_duplicates().astype("str")
    queries = question.warehouse.ask(
        lambda t: queries_of_pages(question.sums(t, "search_page_query_day", archive), t["chosen"]),
        chosen=chosen,
    )
    found = moved_pages(gone, come, queries)
    return found[found["old_url"] != found["new_url"]].head(ROWS_SHOWN)
