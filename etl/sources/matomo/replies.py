"""Typed reading of Matomo's replies: bytes -> one block per day."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, TypeVar

import msgspec

T = TypeVar("T")
_Count = Annotated[int, msgspec.Meta(ge=0)]


class ActionRow(msgspec.Struct, gc=False):
    """One row of an action report; only rows of real pages and links carry a ``url``.

    Matomo 3 writes some numbers as text; both are read.
    """

    label: object = ""
    url: str | None = None
    nb_visits: _Count = 0
    nb_hits: _Count = 0


class Figures(msgspec.Struct, gc=False):
    """The figures of a summary report; which of them are there depends on the method.

    ``given`` is false where Matomo wrote an empty list: no visits, or an archive that is not ready yet.
    """

    nb_visits: _Count = 0
    nb_pageviews: _Count = 0
    nb_conversions: _Count = 0
    given: bool = True


class WebsiteReply(msgspec.Struct):
    """A website as SitesManager.getSiteFromId describes it; numbers may come as text."""

    name: str = ""
    main_url: str = ""
    ts_created: str = ""
    timezone: str = ""


class GoalReply(msgspec.Struct):
    """A goal of the website."""

    idgoal: int = 0
    name: str = ""


class VersionReply(msgspec.Struct):
    """The reply to API.getMatomoVersion."""

    value: str = ""


Days = dict[dt.date, list[ActionRow]]
_ACTIONS = msgspec.json.Decoder(dict[dt.date, list[ActionRow]], strict=False)
_FIGURES = msgspec.json.Decoder(dict[dt.date, Figures | list[Figures]], strict=False)
_WEBSITE = msgspec.json.Decoder(WebsiteReply | list[WebsiteReply], strict=False)
_GOALS = msgspec.json.Decoder(dict[str, GoalReply] | list[GoalReply], strict=False)
_VERSION = msgspec.json.Decoder(VersionReply)


def read_actions(body: bytes) -> Days:
    """Rows per day; a day without rows is an empty list, and no day at all an empty list instead of an object."""
    return {} if _is_empty(body) else _ACTIONS.decode(body)


def read_figures(body: bytes) -> dict[dt.date, Figures]:
    """Figures per day; PHP writes a day without figures as an empty list: zeros that are not given."""
    if _is_empty(body):
        return {}
    blocks = _FIGURES.decode(body)
    return {day: _first(block, Figures(given=False)) for day, block in blocks.items()}


def read_website(body: bytes) -> WebsiteReply:
    """The website; older versions wrap it in a list."""
    reply: WebsiteReply | list[WebsiteReply] = _WEBSITE.decode(body)
    return _first(reply, WebsiteReply())


def read_goals(body: bytes) -> dict[int, str]:
    """Names of the goals by their number."""
    reply = _GOALS.decode(body)
    goals = reply.values() if isinstance(reply, dict) else reply
    return {goal.idgoal: goal.name for goal in goals}


def read_version(body: bytes) -> str:
    """The server's version, e.g. 5.1.2."""
    return _VERSION.decode(body).value


def _first(block: T | list[T], nothing: T) -> T:
    if isinstance(block, list):
        return block[0] if block else nothing
    return block


def _is_empty(body: bytes) -> bool:
    return body.strip() == b"[]"
