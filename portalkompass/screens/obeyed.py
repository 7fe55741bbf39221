"""Which filters a view obeys. One it cannot obey stays in the address, grey with its reason and without effect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from portalkompass.answers import Filters
from portalkompass.answers.base import grains
from portalkompass.answers.base.scope import WHOLE, Match, Scope
from portalkompass.screens.catalogue import View
from portalkompass.screens.presets import usual_grain

SEARCH_TYPE = "search_type"
OPTIONS: dict[str, frozenset[str]] = {
    "device": frozenset({"device"}),
    "country": frozenset({"country"}),
    "page": frozenset({"page-contains", "page-is", "page-regex"}),
    "kind": frozenset({"kind"}),
    "service": frozenset({"only-service"}),
    "department": frozenset({"department"}),
    "query": frozenset({"query-contains", "query-is", "query-regex"}),
    "brand": frozenset({"brand"}),
    "appearance": frozenset({"appearance"}),
    SEARCH_TYPE: frozenset({"type"}),
}
"""Parts of a scope, and the search type, with the names that `View.filters` has for them."""
_ANY: dict[str, Any] = {"page": Match("is", "/"), "query": Match("is", "x"), "brand": "with"}
"""What stands for a part of which it is only asked whether it could be told."""


def refused(loaded: Callable[[str], bool], asked: Filters, view: View) -> dict[str, str]:
    """The parts that the view cannot obey, each with the reason as a German sentence.

    ``loaded`` says of a grain whether it has any row. Some parts can be obeyed alone but not together: the first
    of them counts, in the order of ``OPTIONS``.
    """
    reasons: dict[str, str] = {}
    told = WHOLE
    for part in sorted(OPTIONS, key=lambda part: not given(asked.scope, part)):
        if not OPTIONS[part] & view.filters:
            reasons[part] = f"„{view.title}“ lässt sich danach nicht filtern."
        elif part != SEARCH_TYPE:
            own = getattr(asked.scope, part)
            trial = replace(told, **{part: own or _ANY.get(part, "x")})
            if reason := grains.source(view.grain, trial, loaded).reason:
                reasons[part] = reason
            elif own:
                told = trial
    return reasons


def given(scope: Scope, part: str) -> bool:
    """Whether this part of the scope narrows anything."""
    return part != SEARCH_TYPE and bool(getattr(scope, part))


def heard(asked: Filters, view: View, refused: Mapping[str, str]) -> Filters:
    """The question without what the view cannot obey: then it is the same question, and answered from the cache."""
    scope = asked.scope
    for part in refused:
        if part != SEARCH_TYPE:
            scope = without(scope, part)
    asked = replace(asked, scope=scope, search_type="web" if SEARCH_TYPE in refused else asked.search_type)
    if "grain" not in view.filters:
        asked = replace(asked, grain=usual_grain(asked.start, asked.end))
    if "compare" not in view.filters:
        asked = replace(asked, compare="previous_year", compare_from=None, compare_to=None)
    return asked


def without(scope: Scope, part: str) -> Scope:
    """The scope without one of its filters."""
    return replace(scope, **{part: getattr(WHOLE, part)})
