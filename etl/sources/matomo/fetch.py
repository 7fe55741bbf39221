"""All reports of a few days: one block per period is asked for, so a request covers several days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from etl.sources.matomo.client import Client
from etl.sources.matomo.replies import ActionRow, Days, Figures, read_actions, read_figures
from etl.sources.rounds import days_between
from portalkompass.settings import Matomo


@dataclass(frozen=True, slots=True)
class DayReports:
    """What Matomo says about one day.

    ``visits`` comes from the visit summary and ``page_views`` from the action summary: neither can be had by
    adding up pages, because a visit sees several pages and rare pages are merged. ``conversions`` by goal.
    ``searches`` are words of the portal's own search, ``unfound`` those of them that found nothing at least once.
    ``silent``: not a single figure and no row, which may as well mean that the archive is not ready.
    """

    day: dt.date
    visits: int
    page_views: int
    pages: Sequence[ActionRow]
    outlinks: Sequence[ActionRow]
    conversions: Mapping[int, int]
    silent: bool = False
    searches: Sequence[ActionRow] = ()
    unfound: Sequence[ActionRow] = ()


def fetch_days(
    client: Client, settings: Matomo, goals: Sequence[int], first: dt.date, last: dt.date
) -> list[DayReports]:
    """The days of a span that every report answers for, newest first.

    A day that one of the reports leaves out is not there: it stays missing instead of being half. A day whose
    pages or views are an empty list although it had visits is left out, too: its archive is not ready.
    """
    span = {"period": "day", "date": f"{first.isoformat()},{last.isoformat()}"}
    visits = client.ask("VisitsSummary.get", span, read_figures)
    actions = client.ask("Actions.get", span, read_figures)
    pages = _rows(client, settings, "Actions.getPageUrls", span)
    outlinks = _rows(client, settings, "Actions.getOutlinks", span) if settings.service_hosts else None
    conversions = {
        goal: client.ask("Goals.get", span | {"idGoal": str(goal)}, read_figures) for goal in goals
    }
    # A website without a search of its own answers both with empty lists; neither decides whether a day is whole.
    searches, unfound = (
        _rows(client, settings, f"Actions.getSiteSearch{words}", span) if settings.site_search else {}
        for words in ("Keywords", "NoResultKeywords")
    )
    answers: list[Container[dt.date]] = [visits, actions, pages, *conversions.values()]
    if outlinks is not None:
        answers.append(outlinks)
    return [
        DayReports(
            day=day,
            visits=visits[day].nb_visits,
            page_views=actions[day].nb_pageviews,
            pages=pages[day],
            outlinks=outlinks[day] if outlinks is not None else (),
            conversions={goal: figures[day].nb_conversions for goal, figures in conversions.items()},
            searches=searches.get(day, ()),
            unfound=unfound.get(day, ()),
            silent=not (visits[day].given or actions[day].given or pages[day]),
        )
        for day in reversed(days_between(first, last))
        if all(day in answer for answer in answers) and not _half(visits[day], actions[day], pages[day])
    ]


def _half(visits: Figures, actions: Figures, pages: Sequence[ActionRow]) -> bool:
    """Whether one report counts what another one leaves empty."""
    if not visits.given:
        return bool(actions.nb_pageviews or pages)
    return bool((visits.nb_visits or pages) and not actions.given) or bool(actions.nb_pageviews and not pages)


def requests_per_span(settings: Matomo, goals: int) -> int:
    """Requests that a span of days costs at least; paging adds some."""
    reports = 1 + bool(settings.service_hosts) + 2 * settings.site_search
    pages = 2 if settings.rows_per_request else 1
    return 2 + reports * pages + goals


def _rows(client: Client, settings: Matomo, method: str, span: Mapping[str, str]) -> Days:
    """Every row of an action report; without ``filter_limit`` Matomo would cut it silently after 100."""
    if not settings.rows_per_request:
        return client.ask(method, {**span, "flat": "1", "filter_limit": "-1"}, read_actions)
    return _page_through(client, settings.rows_per_request, method, span)


def _page_through(client: Client, limit: int, method: str, span: Mapping[str, str]) -> Days:
    """Pages of rows until the empty answer.

    The next page starts after the rows received, not after those asked for: a server may allow fewer. Sorted
    by label, because the order of equal figures may differ from request to request.
    """
    rows_by_day: Days = {}
    offset = 0
    while True:
        page = client.ask(
            method,
            {
                **span,
                "flat": "1",
                "filter_limit": str(limit),
                "filter_offset": str(offset),
                "filter_sort_column": "label",
                "filter_sort_order": "asc",
            },
            read_actions,
        )
        for day, rows in page.items():
            rows_by_day.setdefault(day, []).extend(rows)
        longest = max(map(len, page.values()), default=0)
        if longest == 0:
            return rows_by_day
        offset += longest
