"""Raw page URL -> the one spelling, or the one name of all pages of single employees."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, Sequence
from functools import lru_cache

from portalkompass.schema import STAFF_PAGES
from portalkompass.settings import PageKind
from portalkompass.urls import belongs_to, host_of, normalise, page_kind, path_of

REMEMBERED_PAGES = 200_000
_STAFF_KIND = "Mitarbeiter"


def fold_staff(url: str, kinds: Sequence[PageKind]) -> str:
    """A normalised URL as it is, or the one name of all staff pages."""
    return STAFF_PAGES if page_kind(path_of(url), kinds) == _STAFF_KIND else url


def own_page(text: str, site: str, kinds: Sequence[PageKind]) -> str:
    """The page that a cell of a file names.

    Raises:
        ValueError: no web address, or a page of another property; in German.
    """
    url = normalise(text)
    if not host_of(url):
        raise ValueError("keine Web-Adresse")
    if not belongs_to(url, site):
        raise ValueError(f"die Seite gehört nicht zu {site}")
    return fold_staff(url, kinds)


def page_folder(
    kinds: Sequence[PageKind], spellings: MutableMapping[str, str] | None = None
) -> Callable[[str], str]:
    """A folding function that remembers, since URLs recur every day.

    ``spellings`` collects how the source spells each page (normalised -> raw), for requests that need it.
    """

    @lru_cache(maxsize=REMEMBERED_PAGES)
    def fold(url: str) -> str:
        clean = normalise(url)
        folded = fold_staff(clean, kinds)
        if spellings is not None and folded == clean:
            spellings[clean] = url
        return folded

    return fold
