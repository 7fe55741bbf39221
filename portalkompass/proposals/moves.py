"""Pages that probably moved: one address vanished, another appeared, with a similar title and the same queries."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from portalkompass import spelling

BEFORE, AFTER = 56, 28
"""Days that the new address may appear before the old one is last shown, and after it."""
TITLE_ALIKE, TITLE_SAME = 60.0, 90.0
LEAST_OVERLAP = 0.2
COLUMNS = ("old_url", "new_url", "date", "title_likeness", "query_overlap", "confidence")


def moved_pages(gone: pd.DataFrame, come: pd.DataFrame, queries: pd.DataFrame) -> pd.DataFrame:
    """COLUMNS, the surest first (ties by old address): each vanished address with at most one new one.

    ``gone`` (url, title, last) were shown until ``last`` and no more, ``come`` (url, title, first) from ``first`` on;
    ``queries`` (url, query, impressions) are those of both. query_overlap is the part of impressions that both pages'
    queries have in common (0–1), title_likeness the likeness of the titles (0–1), confidence their mean. A pair needs
    a similar title and a common query; where one of the pages has no listed query, nearly the same title. ``date`` is
    the first day without the old address, or of the new one where that is later.
    """
    if gone.empty or come.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    alike = process.cdist(
        gone["title"].map(spelling.key).tolist(),
        come["title"].map(spelling.key).tolist(),
        scorer=fuzz.token_sort_ratio,
        score_cutoff=TITLE_ALIKE,
    )
    last, first = gone["last"].to_numpy(), come["first"].to_numpy()
    days = (first[None, :] - last[:, None]) / np.timedelta64(1, "D")
    shares = _shares(queries)
    found = []
    for old, new in zip(*np.nonzero((alike > 0) & (days >= -BEFORE) & (days <= AFTER)), strict=True):
        old_url, new_url = str(gone["url"].iloc[old]), str(come["url"].iloc[new])
        overlap = _overlap(shares.get(old_url), shares.get(new_url))
        title = float(alike[old, new])
        if title < TITLE_SAME if overlap is None else overlap < LEAST_OVERLAP:
            continue
        day = max(pd.Timestamp(last[old]) + dt.timedelta(days=1), pd.Timestamp(first[new]))
        sure = title / 100 if overlap is None else (title / 100 + overlap) / 2
        known = float("nan") if overlap is None else overlap
        found.append((old_url, new_url, day, title / 100, known, round(sure, 3)))
    rows = pd.DataFrame(found, columns=list(COLUMNS))
    ordered = rows.sort_values(["confidence", "old_url", "new_url"], ascending=[False, True, True])
    return ordered.drop_duplicates("old_url").reset_index(drop=True)


def _shares(queries: pd.DataFrame) -> dict[str, pd.Series[float]]:
    """Each page's queries with their part of its listed impressions."""
    return {
        str(url): rows.set_index("query")["impressions"] / max(rows["impressions"].sum(), 1)
        for url, rows in queries.groupby("url")
    }


def _overlap(old: pd.Series[float] | None, new: pd.Series[float] | None) -> float | None:
    """Common part of two pages' shares; None where one of them has no query."""
    if old is None or new is None:
        return None
    both = old.index.intersection(new.index)
    return float(np.minimum(old[both].to_numpy(), new[both].to_numpy()).sum())
