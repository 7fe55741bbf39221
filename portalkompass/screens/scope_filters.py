"""Which filters of traffic a view obeys with the data at hand; one that it cannot obey is off with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from portalkompass.answers import Filters
from portalkompass.answers.base import grains
from portalkompass.answers.base.question import Question
from portalkompass.answers.base.scope import WHOLE, Match, Scope
from portalkompass.screens.catalogue import View

PARTS: Mapping[str, str] = {
    "device": "device",
    "country": "country",
    "appearance": "appearance",
    "page-contains": "page",
    "page-is": "page",
    "page-regex": "page",
    "kind": "kind",
    "only-service": "service",
    "department": "department",
    "query-contains": "query",
    "query-is": "query",
    "query-regex": "query",
    "brand": "brand",
}
"""The part of a scope that each filter sets, by its name on the command line."""
_ANY: Mapping[str, Any] = {
    "device": "MOBILE",
    "country": "deu",
    "appearance": "VIDEO",
    "page": Match("contains", "/"),
    "kind": "Leistung",
    "service": "hundesteuer",
    "department": "Fachbereich",
    "query": Match("contains", "a"),
    "brand": "with",
}
"""Some value of each part: whether a grain tells it does not depend on which."""
_UNKNOWN = "Diese Ansicht lässt sich danach nicht filtern."


def available(question: Question, view: View) -> dict[str, str]:
    """Every filter of traffic by its name: "" where the view obeys it beside those that are set, else why it cannot.

    Looks at no more than one row of a table.
    """
    return {name: _reason(question, view, name) for name in PARTS}


def obeyed(filters: Filters, view: View) -> Filters:
    """The filters without those parts of the scope that the view never obeys: they stay for the next view."""
    known = {PARTS[name] for name in view.filters if name in PARTS}
    dropped = {part.name: getattr(WHOLE, part.name) for part in fields(Scope) if part.name not in known}
    return replace(filters, scope=replace(filters.scope, **dropped))


def _reason(question: Question, view: View, name: str) -> str:
    part = PARTS[name]
    own = obeyed(question.filters, view).scope
    asked = own if getattr(own, part) else replace(own, **{part: _ANY[part]})
    reason = grains.source(view.grain, asked, question.has_rows).reason
    return reason or ("" if name in view.filters else _UNKNOWN)
