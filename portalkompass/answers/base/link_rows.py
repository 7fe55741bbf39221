"""Which page and query belongs to which service: resolved once per snapshot and link revision.

Pages and queries apart: most answers need the pages alone, and a property lists forty times as many queries.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import narwhals as nw
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from portalkompass.answers.base import service_list
from portalkompass.answers.base.grains import PAGE_QUERY, QUERY, QUERY_DEVICE
from portalkompass.answers.base.question import Question
from portalkompass.metrics.measures import LazyFrame
from portalkompass.schema import LINK_TABLES, MONTH_GRAINS, Table
from portalkompass.warehouse.engine import Tables
from portalkompass.workspace import (
    ServiceLink,
    extra_services,
    links,
    links_digest,
    page_tables,
    query_tables,
)

LISTED_QUERIES = "search_grain_queries"
"""The queries that grains with sums by month list; snapshots of older versions lack it."""
OPEN = "offen"
MARKS = {
    "leistung": "Leistung der Liste",
    "ohne_status": "Leistung ohne Status",
    "keine_leistung": "Keine Leistung",
    OPEN: "Noch nicht zugeordnet",
}


@dataclass(frozen=True, slots=True, eq=False)
class ServiceMap:
    """Resolved links of one property's pages as frames for the metrics.

    ``service_page`` (url, service, share), ``page_mark`` (url, mark; one row a page that carries a mark), ``extra``
    (service_id, name of services without status), ``asked``: services that have query links, so that no unmet demand
    is a known 0 for them.
    """

    service_page: pd.DataFrame
    page_mark: pd.DataFrame
    extra: pd.DataFrame
    asked: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class QueryMap:
    """The same of its listed queries: ``service_query`` (query, service), ``query_mark`` (query, mark)."""

    service_query: pd.DataFrame
    query_mark: pd.DataFrame


def links_state(question: Question) -> tuple[str, int]:
    """What says which pages and queries belong to which service, beside the snapshot."""
    return question.workspace.url, question.workspace.links_revision()


def service_map(question: Question) -> ServiceMap:
    """The property's map; a changed link or a new snapshot is seen by the next call."""
    key = ("service map", question.filters.site, *links_state(question))
    return question.warehouse.once(key, lambda: _resolve(question))


def query_map(question: Question) -> QueryMap:
    """The same for the property's queries."""
    key = ("query map", question.filters.site, *links_state(question))
    return question.warehouse.once(key, lambda: _resolve_queries(question))


def _resolve(question: Question) -> ServiceMap:
    rules = links(question.workspace)
    names = ("service_page", "page_mark")
    frames = _from_lake(question, rules, names) or page_tables(every_url(question), rules)
    frames = frames | _inherited(question, frames)
    asked = frozenset(link.service_id for link in rules if link.source == "query" and link.service_id)
    texts = {name: _texts(frame) for name, frame in frames.items()}
    return ServiceMap(**texts, extra=extra_services(question.workspace), asked=asked)


def _resolve_queries(question: Question) -> QueryMap:
    rules = links(question.workspace)
    frames = _from_lake(question, rules, ("service_query", "query_mark")) or query_tables(
        every_query(question, "search_page_query_day"), rules
    )
    return QueryMap(**{name: _texts(frame) for name, frame in frames.items()})


def _inherited(question: Question, frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Services and marks of moved pages: a new address that no link names has those of its old ones.

    Of several old addresses the first in the alphabet with a link tells. The old ones keep theirs, for the days after
    the move on which Google still shows them.
    """
    names = ("page_mark", "service_page")
    heirs = heirs_of(question, set(frames["page_mark"]["url"]))
    return {name: with_heirs(frames[name], heirs) for name in names} if heirs else {}


def heirs_of(question: Question, linked: Collection[str]) -> dict[str, str]:
    """Old address → new one, of moved pages whose new address has no link and whose old one has."""
    heirs: dict[str, str] = {}
    for old in sorted(question.moves):
        new = question.url_today(old)
        if old in linked and new not in linked:
            heirs.setdefault(new, old)
    return {old: new for new, old in heirs.items()}


def with_heirs(rows: pd.DataFrame, heirs: Mapping[str, str]) -> pd.DataFrame:
    """The rows (url, …), those of old addresses again for the new ones."""
    inherited = rows[rows["url"].isin(list(heirs))]
    return pd.concat([rows, inherited.assign(url=inherited["url"].map(heirs))], ignore_index=True)


def _from_lake(
    question: Question, rules: Sequence[ServiceLink], names: Collection[str]
) -> dict[str, pd.DataFrame]:
    """What the lake holds, where it was resolved by these very links: the list of all queries need not come here."""
    if question.warehouse.links != links_digest(rules):
        return {}

    def rows(table: Table) -> pd.DataFrame:
        every = question.warehouse.ask(lambda t: question.own(t, table.name).sort(*table.key))
        return every.drop(columns="site")

    return {name: rows(LINK_TABLES[name]) for name in names}


def every_url(question: Question) -> list[str]:
    """All pages of the property, in no order."""
    rows = question.warehouse.ask(lambda t: question.own(t, "pages").select("url").unique())
    return rows["url"].tolist()


def every_query(question: Question, grain: str) -> list[str]:
    """All queries of the property that the query grain lists, over all days, in no order."""
    return _queries_of(question, grain).tolist()


def _queries_of(question: Question, grain: str) -> pd.Series[str]:
    def build(tables: Tables) -> LazyFrame:
        if grain in MONTH_GRAINS and LISTED_QUERIES in tables:
            return question.own(tables, LISTED_QUERIES).filter(nw.col("grain") == grain).select("query")
        # Grouped, since Narwhals numbers all rows to find the different ones.
        return question.own(tables, question.shortest(grain)).group_by("query").agg(rows=nw.len())

    return question.whole.frame_once("every query", lambda: question.warehouse.ask(build), grain)["query"]


def every_listed_query(question: Question) -> pd.Series[str]:
    """All queries of the property that any of its query grains lists, over all days, in order."""

    def make() -> pd.DataFrame:
        loaded = [table for table in (QUERY, PAGE_QUERY, QUERY_DEVICE) if question.has_rows(table)]
        lists = [pa.array(_queries_of(question, table), pa.large_string()) for table in loaded]
        listed = pc.unique(pa.chunked_array(lists, pa.large_string()))
        ordered = listed.take(pc.sort_indices(listed))
        rows: pd.DataFrame = pa.table({"query": ordered.filter(pc.not_equal(ordered, ""))}).to_pandas()
        return rows

    return question.whole.frame_once("every listed query", make)["query"]


def _texts(frame: pd.DataFrame) -> pd.DataFrame:
    """Text columns as text even where there is no row: an empty column has no type to join on."""
    texts = {name: "str" for name in frame.columns if name != "share"}
    shares = {"share": "float64"} if "share" in frame.columns else {}
    return frame.astype({**texts, **shares}).reset_index(drop=True)


def service_names(question: Question) -> dict[str, str]:
    """Service → name, of the list and of those that the city added."""
    listed = question.warehouse.ask(lambda t: t["services"].select("service", "name").sort("service"))
    extra = service_map(question).extra
    return dict(zip(extra["service_id"], extra["name"], strict=True)) | dict(
        zip(listed["service"], listed["name"], strict=True)
    )


def names_to_choose(question: Question) -> pd.DataFrame:
    """service, name (unique) of every service of the list and every one with a page: what can be chosen."""
    listed = service_list.services(question.warehouse, question.settings)[["service", "name"]]
    extra = service_map(question).extra.rename(columns={"service_id": "service"})[["service", "name"]]
    rows = pd.concat([listed, extra], ignore_index=True).drop_duplicates("service")
    twins = rows["name"].duplicated(keep=False)
    named = rows.assign(name=rows["name"].where(~twins, rows["name"] + " (" + rows["service"] + ")"))
    return named.sort_values("name").reset_index(drop=True)
