"""Raw page URL -> the one spelling, or the one name of all staff pages."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, Sequence
from functools import lru_cache

from portalkompass.schema import STAFF_PAGES
from portalkompass.settings import PageKind
from portalkompass.urls import normalise, page_kind, path_of

_REMEMBERED = 200_000


def page_folder(
    kinds: Sequence[PageKind], spellings: MutableMapping[str, str] | None = None
) -> Callable[[str], str]:
    """A folding function that remembers, since URLs recur every day.

    ``spellings`` collects how the source spells each page (normalised -> raw), for requests that need it.
    """

    @lru_cache(maxsize=_REMEMBERED)
    def fold(url: str) -> str:
        clean = normalise(url)
        if page_kind(path_of(clean), kinds) == "Mitarbeiter":
            return STAFF_PAGES
        if spellings is not None:
            spellings[clean] = url
        return clean

    return fold
