"""Which page and query belongs to which service: resolved once per snapshot and link revision."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import narwhals as nw
import pandas as pd

from portalkompass.answers.question import Question
from portalkompass.schema import STAFF_PAGES
from portalkompass.workspace import extra_services, links, resolve_pages, resolve_queries

KEPT = 8
NO_SERVICE = "keine_leistung"


@dataclass(frozen=True, slots=True, eq=False)
class ServiceMap:
    """Resolved links of one property as frames for the metrics.

    ``service_page`` (url, service, share), ``service_query`` (query, service), ``page_mark`` (url, mark; one
    row a page that carries a mark), ``query_mark`` (query, mark; the same for queries), ``extra`` (service_id,
    name of services without status), ``asked``: services that have query links, so that no unmet demand is a
    known 0 for them.
    """

    service_page: pd.DataFrame
    service_query: pd.DataFrame
    page_mark: pd.DataFrame
    query_mark: pd.DataFrame
    extra: pd.DataFrame
    asked: frozenset[str]


_Key = tuple[str, str, str, int]
_resolved: OrderedDict[_Key, ServiceMap] = OrderedDict()
_turn = threading.Lock()


def service_map(question: Question) -> ServiceMap:
    """The property's map; a changed link or a new snapshot is seen by the next call."""
    workspace, site = question.workspace, question.filters.site
    key = (question.warehouse.name, site, workspace.url, workspace.links_revision())
    with _turn:
        if key not in _resolved:
            _resolved[key] = _resolve(question)
        _resolved.move_to_end(key)
        while len(_resolved) > KEPT:
            _resolved.popitem(last=False)
        return _resolved[key]


def _resolve(question: Question) -> ServiceMap:
    own = nw.col("site") == question.filters.site
    warehouse, found = question.warehouse, links(question.workspace)
    urls = warehouse.ask(lambda t: t["pages"].filter(own).select("url").unique().sort("url"))["url"].tolist()
    queries = warehouse.ask(
        lambda t: t["search_page_query_day"].filter(own).select("query").unique().sort("query")
    )["query"].tolist()
    pages = resolve_pages([url for url in urls if url != STAFF_PAGES], found)
    asked = resolve_queries([query for query in queries if query], found)
    return ServiceMap(
        _texts(pages.loc[pages["service"] != "", ["url", "service", "share"]]),
        _texts(asked.loc[asked["service"] != "", ["query", "service"]]),
        _marks(pages, "url", further=[STAFF_PAGES] if STAFF_PAGES in urls else []),
        _marks(asked, "query"),
        extra_services(question.workspace),
        frozenset(link.service_id for link in found if link.source == "query" and link.service_id),
    )


def _marks(resolved: pd.DataFrame, key: str, *, further: Sequence[str] = ()) -> pd.DataFrame:
    """One mark a page or query: a service of the list goes before one without status, any before none.

    ``further`` are pages that belong to no service by nature.
    """
    order = {"leistung": 0, "ohne_status": 1, NO_SERVICE: 2}
    ranked = resolved.assign(rank=resolved["target"].map(order)).sort_values([key, "rank"], kind="stable")
    first = ranked.drop_duplicates(key)[[key, "target"]].rename(columns={"target": "mark"})
    if further:
        own = pd.DataFrame({key: list(further), "mark": NO_SERVICE})
        first = pd.concat([first, own], ignore_index=True)
    return _texts(first)


def _texts(frame: pd.DataFrame) -> pd.DataFrame:
    """Text columns as text even where there is no row: an empty column has no type to join on."""
    texts = {name: "str" for name in frame.columns if name != "share"}
    shares = {"share": "float64"} if "share" in frame.columns else {}
    return frame.astype({**texts, **shares}).reset_index(drop=True)
