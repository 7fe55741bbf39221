"""A searchAnalytics.query request: parsed, or answered with Google's error."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from etl.demo.server.api_error import ApiError, api_error

SEARCH_TYPES = ("web", "image", "video", "news", "discover", "googleNews")
DIMENSIONS = ("date", "hour", "query", "page", "country", "device", "searchAppearance")
_STATES = ("final", "all", "hourlyAll")
_AGGREGATIONS = ("auto", "byPage", "byProperty")
_MOST_ROWS = 25_000
_TESTS: dict[str, Callable[[str, str], bool]] = {
    "equals": lambda key, text: key == text,
    "notEquals": lambda key, text: key != text,
    "contains": lambda key, text: text in key,
    "notContains": lambda key, text: text not in key,
    "includingRegex": lambda key, text: re.search(text, key) is not None,
    "excludingRegex": lambda key, text: re.search(text, key) is None,
}
_WITHOUT = {"discover": ("query", "device"), "googleNews": ("query",)}


@dataclass(frozen=True, slots=True)
class Filter:
    """Keeps rows whose key passes."""

    dimension: str
    operator: str
    expression: str

    def passes(self, key: str) -> bool:
        """The test of one key; countries and devices are compared without regard to case."""
        expression = self.expression
        if self.dimension in ("country", "device") and not self.operator.endswith("Regex"):
            key, expression = key.lower(), expression.lower()
        return _TESTS[self.operator](key, expression)


@dataclass(frozen=True, slots=True)
class Question:
    """A valid request; hashable without its page, so that answers can be kept."""

    start: dt.date
    end: dt.date
    dimensions: tuple[str, ...]
    search_type: str
    state: str
    by_page: bool
    filters: tuple[Filter, ...]

    @property
    def needed(self) -> tuple[str, ...]:
        """Dimensions to ask the world for: grouped ones first, then those only filtered by."""
        grouped = [name for name in self.dimensions if name not in ("date", "hour")]
        return tuple(dict.fromkeys([*grouped, *(f.dimension for f in self.filters)]))


def _bad(message: str, reason: str = "invalidParameter") -> ApiError:
    return api_error(400, reason, message)


def _day(body: Mapping[str, Any], name: str) -> dt.date:
    text = body.get(name)
    if not text:
        raise _bad(f"Required parameter: {name}", "required")
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(text)):
        with suppress(ValueError):
            return dt.date.fromisoformat(str(text))
    raise _bad(f"Invalid value for {name}: '{text}'. Dates must be in the format YYYY-MM-DD.")


def _one_of(value: object, name: str, allowed: tuple[str, ...]) -> str:
    for choice in allowed:
        if isinstance(value, str) and choice.lower() == value.lower().replace("_", ""):
            return choice
    raise _bad(f"Invalid value '{value}' for {name}.")


def _whole(body: Mapping[str, Any], name: str, default: int, least: int, most: int) -> int:
    value = body.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise _bad(f"Invalid value '{value}' for {name}: must be within [{least}, {most}].")
    return value


def _filters(body: Mapping[str, Any]) -> tuple[Filter, ...]:
    filters = []
    for group in body.get("dimensionFilterGroups") or ():
        for part in group.get("filters") or ():
            dimension = _one_of(part.get("dimension"), "dimensions", DIMENSIONS)
            operator = part.get("operator", "equals")
            if operator not in _TESTS or dimension in ("date", "hour") or "expression" not in part:
                raise _bad("Invalid dimension filter.")
            if operator.endswith("Regex"):
                try:
                    re.compile(str(part["expression"]))
                except re.error:
                    raise _bad("Invalid regular expression in dimension filter.") from None
            filters.append(Filter(dimension, operator, str(part["expression"])))
    return tuple(filters)


def read_question(body: Mapping[str, Any]) -> tuple[Question, int, int]:
    """The question with startRow and rowLimit.

    Raises:
        ApiError: 400 with Google's reason, for values and combinations that Google does not allow.
    """
    type_name = "type" if "type" in body else "searchType"
    search_type = _one_of(body.get(type_name, "web"), type_name, SEARCH_TYPES)
    aggregation = _one_of(body.get("aggregationType", "auto"), "aggregationType", _AGGREGATIONS)
    dimensions = tuple(_one_of(value, "dimensions", DIMENSIONS) for value in body.get("dimensions") or ())
    filters = _filters(body)
    paged = search_type in _WITHOUT or "page" in {*dimensions, *(part.dimension for part in filters)}
    question = Question(
        start=_day(body, "startDate"),
        end=_day(body, "endDate"),
        dimensions=dimensions,
        search_type=search_type,
        state=_one_of(body.get("dataState", "final"), "dataState", _STATES),
        by_page=paged or aggregation == "byPage",
        filters=filters,
    )
    if paged and aggregation == "byProperty":
        raise _bad("'byProperty' is not a valid aggregation type in the context of the request.")
    _check_combination(question)
    return question, _whole(body, "startRow", 0, 0, 2**31), _whole(body, "rowLimit", 1000, 1, _MOST_ROWS)


def _check_combination(question: Question) -> None:
    asked = question.dimensions
    used = {*asked, *(part.dimension for part in question.filters)}
    hourly = question.state == "hourlyAll"
    for wrong, message in (
        (question.start > question.end, "startDate must not be later than endDate."),
        (len(set(asked)) != len(asked), "Dimensions must be unique."),
        (
            not used.isdisjoint(_WITHOUT.get(question.search_type, ())),
            f"A dimension is not supported for type '{question.search_type}'.",
        ),
        (
            "searchAppearance" in asked and len(asked) > 1,
            "'searchAppearance' cannot be combined with others.",
        ),
        (hourly != ("hour" in asked), "Dimension 'hour' and dataState 'hourly_all' need each other."),
        (hourly and used != {"hour"}, "Dimension 'hour' cannot, here, be combined with others."),
    ):
        if wrong:
            raise _bad(message)
