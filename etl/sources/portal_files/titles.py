"""Page titles without the name that a portal hangs onto every one of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

SEPARATORS = (" – ", " - ", " | ", " — ")
SHARE = 0.8
"""Share of the distinct titles that must end alike before the end is taken for a suffix."""
ENOUGH = 3
"""Fewer titles than this say nothing about a common suffix."""


def without_suffix(titles: Mapping[str, str]) -> dict[str, str]:
    """The titles by page, cut before the common ending: ``Wohngeld – Kommunalportal …`` → ``Wohngeld``.

    The ending is what follows the last separator. Titles that lack it stay as they are.
    """
    distinct = set(titles.values())
    endings = Counter(ending for title in distinct if (ending := _ending(title)))
    if len(distinct) < ENOUGH or not endings:
        return dict(titles)
    common = min(endings, key=lambda ending: (-endings[ending], ending))
    if endings[common] < SHARE * len(distinct):
        return dict(titles)
    return {page: (title.removesuffix(common).strip() or title) for page, title in titles.items()}


def _ending(title: str) -> str:
    start = max(title.rfind(separator) for separator in SEPARATORS)
    return title[start:] if start > 0 else ""
