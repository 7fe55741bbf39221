"""Words that may be the city's name misspelled or cut short: proposals for a setting, always for a person to judge."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from rapidfuzz import fuzz

from portalkompass import spelling
from portalkompass.proposals.german_words import PLACES

ALIKE = 82.0
"""Similarity (0 to 100) from which a word may be the name misspelled: one wrong letter of five is too many."""
SHORTEST, LONGEST_CUT = 3, 5
"""Letters of a name cut short: "lev", "lever"."""
LEAST_CLICKS = 5
LEAST_SHARE = 0.5
"""Of the click rate that queries with the city's name have: who means another town does not click here."""
COLUMNS = ("word", "kind", "queries", "clicks", "impressions", "ctr", "query")
MISSPELLED, CUT_SHORT = "ähnliche Schreibweise", "Kurzform"


def city_names(rows: pd.DataFrame, names: Sequence[str], own_ctr: float) -> pd.DataFrame:
    """Words of queries that do not name the city yet, but probably mean it: COLUMNS, most clicks first (ties by word).

    ``rows`` (query, clicks, impressions) are the queries that do not name it, ``names`` its own words, folded, and
    ``own_ctr`` the click rate of the queries that do. A word is similar to a name or its beginning, begins with the
    same letter, was clicked at least LEAST_CLICKS times and at least half as often per impression as the name itself.
    Names of other towns are none. ``query`` is the strongest query with the word.
    """
    wanted = [name for name in names if len(name) >= spelling.SHORTEST_PART]
    found = _with_words(rows, {name[0] for name in wanted})
    kinds = {word: kind for word in found["word"].unique() if (kind := _kind(word, wanted))}
    candidates = found[found["word"].isin(kinds)].sort_values(
        ["clicks", "impressions", "query"], ascending=[False, False, True]
    )
    summed = candidates.groupby("word", sort=True).agg(
        queries=("query", "nunique"),
        clicks=("clicks", "sum"),
        impressions=("impressions", "sum"),
        query=("query", "first"),
    )
    rated = summed.assign(ctr=summed["clicks"] / summed["impressions"]).reset_index()
    clicked = rated[(rated["clicks"] >= LEAST_CLICKS) & (rated["ctr"] >= LEAST_SHARE * own_ctr)]
    told = clicked.assign(kind=clicked["word"].map(kinds))
    return told.sort_values(["clicks", "word"], ascending=[False, True])[list(COLUMNS)].reset_index(drop=True)


def _with_words(rows: pd.DataFrame, initials: set[str]) -> pd.DataFrame:
    """The rows once for each different word that begins with one of the letters."""
    plain = rows["query"].map(spelling.folded)
    # A tenth of the queries is left before their words are taken apart.
    near = plain.str.contains(f"(?:^|[^a-z0-9])[{''.join(sorted(initials))}]") if initials else plain == "\0"
    words = plain[near].map(lambda text: sorted(set(spelling.words(text))))
    parted = rows[near].assign(word=words).explode("word")
    return parted[parted["word"].str[:1].isin(initials)].astype({"word": "str"})


def _kind(word: str, names: Sequence[str]) -> str:
    if word in PLACES:
        return ""
    if any(word[0] == name[0] and fuzz.ratio(word, name) >= ALIKE for name in names):
        return MISSPELLED
    short = SHORTEST <= len(word) <= LONGEST_CUT
    return CUT_SHORT if short and any(name.startswith(word) and name != word for name in names) else ""
