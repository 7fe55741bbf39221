"""Which filters a view obeys. One it cannot obey stays in the address, grey with its reason and without effect."""

from __future__ import annotations

from dataclasses import replace

from portalkompass.answers import Filters
from portalkompass.screens import View
from portalkompass.screens.presets import usual_grain

OPTIONS: dict[str, frozenset[str]] = {
    "device": frozenset({"device"}),
    "country": frozenset({"country"}),
    "page": frozenset({"page-contains", "page-is", "page-regex"}),
    "kind": frozenset({"kind"}),
    "service": frozenset({"only-service"}),
    "department": frozenset({"department"}),
    "query": frozenset({"query-contains", "query-is", "query-regex"}),
    "brand": frozenset({"brand"}),
    "search_type": frozenset({"type"}),
    "appearance": frozenset({"appearance"}),
}
"""Parts of a scope, and the search type, with the names that `View.filters` has for them."""


def refused(view: View) -> dict[str, str]:
    """The parts that the view cannot obey, each with the reason as a German sentence."""
    reason = f"„{view.title}“ lässt sich danach nicht filtern."
    return {part: reason for part, options in OPTIONS.items() if not options & view.filters}


def heard(asked: Filters, view: View) -> Filters:
    """The question without what the view cannot obey: then it is the same question, and answered from the cache."""
    off = refused(view)
    scope = replace(asked.scope, **{part: type_of(part) for part in off if part != "search_type"})
    asked = replace(asked, scope=scope, search_type="web" if "search_type" in off else asked.search_type)
    if "grain" not in view.filters:
        asked = replace(asked, grain=usual_grain(asked.start, asked.end))
    if "compare" not in view.filters:
        asked = replace(asked, compare="previous_year", compare_from=None, compare_to=None)
    return asked


def type_of(part: str) -> str | None:
    """What a part of a scope is where nothing is narrowed."""
    return None if part in ("page", "query") else ""
