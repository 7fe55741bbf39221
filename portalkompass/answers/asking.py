"""From filters to a question: its periods, moved pages, and what its filters choose, resolved once."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from portalkompass import german
from portalkompass.answers.base import grains, service_list
from portalkompass.answers.base.answer import Filters
from portalkompass.answers.base.headline import hidden_shares
from portalkompass.answers.base.link_rows import every_listed_query, links_state, service_map
from portalkompass.answers.base.periods import comparable
from portalkompass.answers.base.query_groups import city_pattern, names_city
from portalkompass.answers.base.question import MOVES, PAGES_CHOSEN, QUERIES_CHOSEN, Question
from portalkompass.answers.base.scope import Match, Scope
from portalkompass.metrics.selection import Period
from portalkompass.schema import MONTH_GRAINS
from portalkompass.settings import Settings
from portalkompass.spelling import folded
from portalkompass.urls import readable
from portalkompass.warehouse.reader import Warehouse
from portalkompass.workspace import Workspace, page_moves, resolved


def ask(warehouse: Warehouse, workspace: Workspace, filters: Filters, settings: Settings) -> Question:
    """The question behind a page's arguments.

    Raises:
        WarehouseError, WorkspaceError: with a German sentence; the first also where the OZG list as of a day is asked
            for that lies before the first one.
    """
    now = Period(filters.start, filters.end)
    warehouse = service_list.listed_on(warehouse, settings, filters.as_of)
    final_days = warehouse.first_day(filters.site), warehouse.data_date(filters.site)
    pair = comparable(now, filters.compare, *final_days, filters.compare_from, filters.compare_to)
    like, before = pair or (None, None)
    months = all(warehouse.holds(table.name) for table in MONTH_GRAINS.values())
    moves = resolved(page_moves(workspace, filters.site), settings.current_day())
    if moves:
        rows = pd.DataFrame(moves, columns=["url", "new_url", "moved_on"])
        warehouse = warehouse.beside(hashlib.sha256(repr(moves).encode()).hexdigest(), **{MOVES: rows})
    by_old = {old: (new, day) for old, new, day in moves}
    question = Question(warehouse, workspace, filters, settings, now, like, before, months, by_old)
    return narrowed(question, filters.scope)


def narrowed(question: Question, scope: Scope) -> Question:
    """The question about this part of the traffic, with what its filters choose, their words and what they cost.

    A filter with a fault chooses nothing; `answers.base.missing_data` says what is wrong with it.
    """
    whole = question.whole
    if not scope:
        return whole
    question = replace(whole, filters=replace(whole.filters, scope=scope))
    chosen: dict[str, pd.DataFrame] = {}
    if scope.by_page:
        key = (scope, *links_state(question))
        chosen[PAGES_CHOSEN] = whole.once("pages chosen", lambda: _pages(question), *key)
    if scope.by_query:
        chosen[QUERIES_CHOSEN] = whole.once(
            "queries chosen", lambda: _queries(question), scope, city_pattern(question.settings)
        )
    own = replace(question, warehouse=question.warehouse.further_beside(**chosen), chosen=chosen)
    return replace(own, filtered=scope.told(_service_name(question)), costs=_costs(own))


def _pages(question: Question) -> pd.DataFrame:
    """url of the pages, by the addresses that they have today."""
    scope, whole = question.scope, question.whole
    pages = whole.warehouse.ask(lambda t: whole.own(t, "pages").select("url", "page_kind").sort("url"))
    today = pd.DataFrame({"url": [new for new, _ in question.moves.values()]}).astype("str")
    pages = pd.concat([pages, today], ignore_index=True).drop_duplicates("url")
    if scope.page:
        match = scope.page if scope.page.how != "is" else Match("is", question.url_today(scope.page.text))
        pages = pages[_matching(pages["url"], match, in_words=True)]
    if scope.kind:
        pages = pages[pages["page_kind"] == scope.kind]
    if scope.service or scope.department:
        served = service_map(whole).service_page
        if scope.service:
            served = served[served["service"] == scope.service]
        if scope.department:
            served = served[served["service"].isin(of_department(question, scope.department))]
        pages = pages[pages["url"].isin(served["url"])]
    return pages[["url"]].astype("str").reset_index(drop=True)


def of_department(question: Question, department: str) -> frozenset[str]:
    """Ids of the services for which the list names the department."""
    listed = service_list.services(question.warehouse, question.settings)
    return frozenset(listed.loc[service_list.named(listed, department), "service"])


def _queries(question: Question) -> pd.DataFrame:
    """query of the queries that Google lists on any day."""
    scope = question.scope
    queries = every_listed_query(question.whole)
    if scope.query:
        queries = queries[_matching(queries, scope.query)]
    if scope.brand:
        named = names_city(queries, question.settings)
        queries = queries[named if scope.brand == "with" else ~named]
    return queries.to_frame().reset_index(drop=True)


def _matching(texts: pd.Series[str], match: Match, *, in_words: bool = False) -> pd.Series[bool]:
    """Which texts match; by RE2, so that no pattern can stall anything. ``in_words``: addresses as people read them.

    A part is found in any spelling (`portalkompass.spelling`); ``is`` only composes the letters of what was asked.
    """
    if match.fault:
        return pd.Series(False, index=texts.index)
    if match.how == "is":
        return texts.isin([match.text, unicodedata.normalize("NFC", match.text)])
    if match.how == "regex":
        found = pc.match_substring_regex(pa.array(texts, pa.string()), match.text)
    else:
        read: Callable[[str], str] = readable if in_words else str
        own = pa.array([folded(read(text)) for text in texts], pa.string())
        found = pc.match_substring(own, folded(read(match.text)))
    return pd.Series(found.to_numpy(zero_copy_only=False), index=texts.index)


def _service_name(question: Question) -> str:
    service = question.scope.service
    if not service:
        return ""
    listed = service_list.services(question.warehouse, question.settings)
    extra = service_map(question.whole).extra
    names = dict(zip(extra["service_id"], extra["name"], strict=True)) | dict(
        zip(listed["service"], listed["name"], strict=True)
    )
    return str(names.get(service, service))


def _costs(question: Question) -> tuple[str, ...]:
    """What the filters cost: one sentence on Google's figures, one on the portal's; none where they cost nothing."""
    scope, source = question.scope, question.source(grains.SITE).table
    parts = []
    if "query" in grains.COLUMNS.get(source, ()):
        hidden = hidden_shares(question.of(scope.without_queries)).now
        lacking = (
            "wie viele Klicks zu keiner gehören, ist nicht bekannt"
            if hidden is None
            else f"{german.percent(hidden, 0)} der Klicks im Zeitraum gehören zu keiner und fehlen hier"
        )
        parts.append(f"gezählt wird nur, was Google einer genannten Suchanfrage zuordnet; {lacking}")
    if "url" in grains.COLUMNS.get(source, ()):
        parts.append(
            "gezählt wird je Seite statt je Property: Zeigt Google zwei Seiten in einem Ergebnis, zählen beide"
        )
    told = "; ".join(parts)
    portal = (
        ("Die Portalstatistik kennt weder Geräte noch Länder oder Suchanfragen; ihre Zahlen fehlen hier.",)
        if scope.columns - {"url"}
        else ()
    )
    return ((f"{told[:1].upper()}{told[1:]}.",) if told else ()) + portal
