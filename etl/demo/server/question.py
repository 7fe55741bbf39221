"""A searchAnalytics.query request: parsed, or refused as Google refuses it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from etl.demo.server.injected_faults import error_body

SEARCH_TYPES = ("web", "image", "video", "news", "discover", "googleNews")
DIMENSIONS = ("date", "hour", "query", "page", "country", "device", "searchAppearance")
_STATES = ("final", "all", "hourlyAll")
_AGGREGATIONS = ("auto", "byPage", "byProperty")
_MOST_ROWS = 25_000
_WITHOUT = {"discover": ("query", "device"), "googleNews": ("query",)}


class ApiError(Exception):
    """A refusal with Google's status and body."""

    def __init__(self, code: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.body = error_body(code, reason, message)


@dataclass(frozen=True, slots=True)
class Filter:
    """Keeps rows whose key passes."""

    dimension: str
    operator: str
    expression: str

    def passes(self) -> Callable[[str], bool]:
        """The test of one key; countries and devices are compared without regard to case."""
        loose = self.dimension in ("country", "device")
        wanted = self.expression.lower() if loose else self.expression

        def plain(key: str) -> str:
            return key.lower() if loose else key

        match self.operator:
            case "equals":
                return lambda key: plain(key) == wanted
            case "notEquals":
                return lambda key: plain(key) != wanted
            case "contains":
                return lambda key: wanted in plain(key)
            case "notContains":
                return lambda key: wanted not in plain(key)
            case "includingRegex":
                return lambda key: re.search(self.expression, key) is not None
            case _:
                return lambda key: re.search(self.expression, key) is None


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
    return ApiError(400, reason, message)


def _day(body: Mapping[str, Any], name: str) -> dt.date:
    text = body.get(name)
    if not text:
        raise _bad(f"Required parameter: {name}", "required")
    if not isinstance(text, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise _bad(f"Invalid value for {name}: '{text}'. Dates must be in the format YYYY-MM-DD.")
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise _bad(f"Invalid value for {name}: '{text}' is not a date.") from None


def _one_of(body: Mapping[str, Any], name: str, allowed: tuple[str, ...], default: str) -> str:
    value = body.get(name, default)
    for choice in allowed:
        if isinstance(value, str) and choice.lower() == value.lower().replace("_", ""):
            return choice
    raise _bad(f"Invalid value '{value}' for {name}.")


def _whole(body: Mapping[str, Any], name: str, default: int, least: int, most: int) -> int:
    value = body.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise _bad(f"Invalid value '{value}' for {name}: must be within [{least}, {most}].")
    return value


def _dimension(value: object) -> str:
    for choice in DIMENSIONS:
        if isinstance(value, str) and choice.lower() == value.lower().replace("_", ""):
            return choice
    raise _bad(f"Invalid value '{value}' for dimensions.")


def _filters(body: Mapping[str, Any]) -> tuple[Filter, ...]:
    filters = []
    for group in body.get("dimensionFilterGroups") or ():
        for part in group.get("filters") or ():
            dimension = _dimension(part.get("dimension"))
            operator = part.get("operator", "equals")
            known = ("equals", "notEquals", "contains", "notContains", "includingRegex", "excludingRegex")
            if operator not in known or dimension in ("date", "hour") or "expression" not in part:
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
    start, end = _day(body, "startDate"), _day(body, "endDate")
    if start > end:
        raise _bad("startDate must not be later than endDate.")
    dimensions = tuple(_dimension(value) for value in body.get("dimensions") or ())
    if len(set(dimensions)) != len(dimensions):
        raise _bad("Dimensions must be unique.")
    type_name = "type" if "type" in body else "searchType"
    search_type = _one_of(body, type_name, SEARCH_TYPES, "web")
    filters = _filters(body)
    used = {*dimensions, *(part.dimension for part in filters)}
    for name in _WITHOUT.get(search_type, ()):
        if name in used:
            raise _bad(f"Dimension '{name}' is not supported for type '{search_type}'.")
    if "searchAppearance" in dimensions and len(dimensions) > 1:
        raise _bad("Dimension 'searchAppearance' cannot be combined with other dimensions.")
    state = _one_of(body, "dataState", _STATES, "final")
    if ("hour" in dimensions) != (state == "hourlyAll") or ("hour" in dimensions and used != {"hour"}):
        raise _bad("Dimension 'hour' needs dataState 'hourly_all' and, here, no other dimension.")
    aggregation = _one_of(body, "aggregationType", _AGGREGATIONS, "auto")
    paged = "page" in used or search_type in _WITHOUT
    if aggregation == "byProperty" and paged:
        raise _bad("'byProperty' is not a valid aggregation type in the context of the request.")
    question = Question(
        start=start,
        end=end,
        dimensions=dimensions,
        search_type=search_type,
        state=state,
        by_page=paged or aggregation == "byPage",
        filters=filters,
    )
    return question, _whole(body, "startRow", 0, 0, 2**31), _whole(body, "rowLimit", 1000, 1, _MOST_ROWS)
