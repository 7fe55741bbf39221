"""What the Matomo stand-in answers: reports of a small website in the shapes of the Reporting API."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

DEFAULT_ROWS = 100
"""Rows that Matomo sends when nobody asks for more."""
Form = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Action:
    """A page or a link on one day; the overflow row is one without ``url``."""

    label: str
    url: str
    visits: int
    hits: int


@dataclass(frozen=True, slots=True)
class WebsiteDay:
    """One day of the website; ``conversions`` by goal.

    ``unarchived``: methods that answer the day with an empty list, as while its archive is not ready.
    ``zeros``: the summaries name zeros instead of an empty list.
    """

    visits: int = 0
    page_views: int = 0
    pages: tuple[Action, ...] = ()
    outlinks: tuple[Action, ...] = ()
    conversions: Mapping[int, int] = field(default_factory=dict)
    searches: tuple[Action, ...] = ()
    unfound: tuple[Action, ...] = ()
    unarchived: frozenset[str] = frozenset()
    zeros: bool = False


@dataclass(frozen=True, slots=True)
class MatomoWebsite:
    """A website of the installation; ``goals`` are names by number."""

    days: Mapping[dt.date, WebsiteDay]
    number: int = 3
    name: str = "Stadtportal"
    main_url: str = "https://portal.stadt.example"
    created: str = "2025-03-01 08:15:00"
    timezone: str = "Europe/Berlin"
    goals: Mapping[int, str] = field(default_factory=dict)


class ApiFault(Exception):
    """Matomo's own error: HTTP 200 with result and message."""


def report(website: MatomoWebsite, form: Form, *, most_rows: int | None = None) -> object:
    """The reply to an API call as plain JSON values; ``most_rows`` is a limit of the server's own.

    Raises:
        ApiFault: unknown method or website.
    """
    method = form.get("method", "")
    if method == "API.getMatomoVersion":
        return {"value": "5.2.0"}
    if form.get("idSite") != str(website.number):
        given = form.get("idSite", "")
        raise ApiFault(f"An unexpected website was found in the request: website id was set to '{given}' .")
    if method == "SitesManager.getSiteFromId":
        return {
            "idsite": website.number,
            "name": website.name,
            "main_url": website.main_url,
            "ts_created": website.created,
            "timezone": website.timezone,
        }
    if method == "Goals.getGoals":
        return {
            str(n): {"idsite": website.number, "idgoal": n, "name": name} for n, name in website.goals.items()
        }
    return _by_period(website, form, most_rows)


def _by_period(website: MatomoWebsite, form: Form, most_rows: int | None) -> object:
    """One block per day for a span of days, one sum for a range; a single day is answered without a block."""
    first, _, last = form.get("date", "").partition(",")
    days = _days(dt.date.fromisoformat(first), dt.date.fromisoformat(last or first))
    if form.get("period") == "range" or not last:
        return _block([website.days.get(day, WebsiteDay()) for day in days], form, most_rows)
    return {day.isoformat(): _block([website.days.get(day, WebsiteDay())], form, most_rows) for day in days}


def _block(days: list[WebsiteDay], form: Form, most_rows: int | None) -> object:
    """The figures of some days; PHP writes an empty table as an empty list."""
    method = form["method"]
    if any(method in day.unarchived for day in days):
        return []
    zeros = any(day.zeros for day in days)
    if method == "VisitsSummary.get":
        visits = sum(day.visits for day in days)
        actions = sum(day.page_views for day in days) + sum(a.hits for day in days for a in day.outlinks)
        return (
            {"nb_visits": visits, "nb_actions": actions, "bounce_count": visits // 3}
            if visits or zeros
            else []
        )
    if method == "Actions.get":
        views = sum(day.page_views for day in days)
        return (
            {"nb_pageviews": views, "nb_uniq_pageviews": views, "nb_downloads": 0} if views or zeros else []
        )
    if method == "Goals.get":
        converted = sum(day.conversions.get(int(form["idGoal"]), 0) for day in days)
        return {"nb_conversions": converted, "revenue": 0} if converted else []
    if method == "Actions.getPageUrls":
        return _rows((action for day in days for action in day.pages), form, most_rows)
    if method == "Actions.getOutlinks":
        return _rows((action for day in days for action in day.outlinks), form, most_rows)
    if method == "Actions.getSiteSearchKeywords":
        return _rows((action for day in days for action in day.searches), form, most_rows)
    if method == "Actions.getSiteSearchNoResultKeywords":
        return _rows((action for day in days for action in day.unfound), form, most_rows)
    raise ApiFault(f"The method '{method}' does not exist or is not available in the module.")


def _rows(actions: Iterable[Action], form: Form, most_rows: int | None) -> list[dict[str, Any]]:
    sums: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for action in actions:
        key = (action.label, action.url) if form.get("flat") == "1" else (_folder(action.label), "")
        sums[key][0] += action.visits
        sums[key][1] += action.hits
    rows = [_row(label, url, *figures) for (label, url), figures in sums.items()]
    if form.get("filter_sort_column") == "label":
        rows.sort(key=lambda row: str(row["label"]))
    else:
        rows.sort(key=lambda row: -int(row["nb_visits"]))
    # The overflow row stays last, however the rest is sorted.
    rows.sort(key=lambda row: "url" not in row)
    limit = int(form.get("filter_limit", DEFAULT_ROWS))
    offset = int(form.get("filter_offset", 0))
    limits = [bound for bound in (limit, most_rows) if bound is not None and bound >= 0]
    return rows[offset : offset + min(limits)] if limits else rows[offset:]


def _row(label: str, url: str, visits: int, hits: int) -> dict[str, Any]:
    row: dict[str, Any] = {"label": label, "nb_visits": visits, "nb_hits": hits, "sum_time_spent": hits * 20}
    return row | {"url": url, "segment": f"pageUrl=={url}"} if url else row


def _folder(label: str) -> str:
    """Without flat=1 the report shows folders of the first level."""
    return label.strip("/").partition("/")[0] or "/index"


def _days(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
