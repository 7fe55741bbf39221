"""Links resolved to pages and queries: pure, deterministic, over distinct URLs and queries.

Rules
    * Patterns match paths (``urls.path_of``), never hosts, and queries as they are listed.
    * A URL reaches a service at most once, by its most specific link:
      exact > prefix > contains > regex, then the longer pattern, then the older link.
    * Services of one URL are served from the most to the least specific kind of match, and their
      shares sum to at most 1: a kind gets what the more specific ones left; within one kind shares
      are scaled down in proportion. Both are reported by ``conflicts``.
    * *Keine Leistung* counts unless a service matches by a more specific kind. Of a tie it wins:
      the mark was set to keep something out.
    * Links of the target ``leistung`` and ``ohne_status`` are treated alike.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import pandas as pd

from portalkompass.schema import STAFF_PAGES
from portalkompass.urls import path_of
from portalkompass.workspace.links.patterns import MATCHES, Texts
from portalkompass.workspace.links.service_links import ServiceLink

PAGE_COLUMNS = ("url", "target", "service", "share", "match", "link_id")
QUERY_COLUMNS = ("query", "target", "service", "match", "link_id")
CONFLICT_COLUMNS = ("url", "service", "match", "link_id", "wanted_share", "share", "reason")

_NO_SERVICE = "keine_leistung"
_MATCHING = "folded"
"""Changes whenever patterns match otherwise than before, so that no lake keeps what older rules found."""
TEXTS_AT_A_TIME = 4_096
"""Texts looked at before links that have matched already are left out."""


def resolve_pages(urls: Sequence[str], links: Sequence[ServiceLink]) -> pd.DataFrame:
    """Which page serves which service, and with which share.

    One row per URL and service: url (as given), target, service ("" for keine_leistung), share
    (0 < share ≤ 1), match, link_id; sorted by url, service. Shares of 0 (see rules) and pages that no link
    matches are absent. Duplicates in ``urls`` count once. 50,000 URLs × 300 links take a few seconds.
    """
    hits = _page_hits(urls, links)
    return _tidy(hits[hits["share"] > 0], PAGE_COLUMNS, "url")


def resolve_queries(queries: Sequence[str], links: Sequence[ServiceLink]) -> pd.DataFrame:
    """Which listed query asks for which service: query, target, service, match, link_id.

    A query may ask for several services; it counts whole for each, because query links only serve
    unmet demand, which is never summed over services. Sorted by query, service.
    """
    hits = _ranked(_hits(sorted(set(queries)), links, "query"), links, "query")
    return _tidy(hits, QUERY_COLUMNS, "query")


def conflicts(urls: Sequence[str], links: Sequence[ServiceLink]) -> pd.DataFrame:
    """Links that get less of a page than they ask for.

    url, service, match, link_id, wanted_share, share, reason: "geteilt" where services matched by the
    same kind ask for more than there is, "überdeckt" where more specific links leave nothing.
    """
    hits = _page_hits(urls, links)
    short = hits[hits["share"] < hits["wanted_share"] - 1e-9]
    reason = np.where(short["share"] > 0, "geteilt", "überdeckt")
    return _tidy(short.assign(reason=reason), CONFLICT_COLUMNS, "url")


def dead_links(
    urls: Sequence[str], queries: Sequence[str], links: Sequence[ServiceLink]
) -> list[ServiceLink]:
    """Links that match nothing at all, in the given order: a page that is gone, or a slip of the pen."""
    alive = _alive(urls, links, "url") | _alive(queries, links, "query")
    return [link for position, link in enumerate(links) if position not in alive]


def _alive(texts: Sequence[str], links: Sequence[ServiceLink], source: str) -> set[int]:
    """Positions of the links that match any of the texts. Most do within the first few thousand texts, so only the
    others look at all of them.
    """
    distinct = list(set(texts))
    waiting = [position for position, link in enumerate(links) if link.source == source]
    alive: set[int] = set()
    for begin in range(0, len(distinct), TEXTS_AT_A_TIME):
        some = _prepared(distinct[begin : begin + TEXTS_AT_A_TIME], source)
        alive |= {at for at in waiting if some.any_matching(links[at].match, _compared(links[at]))}
        waiting = [position for position in waiting if position not in alive]
    return alive


def resolve_all(
    urls: Sequence[str], queries: Sequence[str], links: Sequence[ServiceLink]
) -> dict[str, pd.DataFrame]:
    """The tables of ``schema.LINK_TABLES`` for one property, without ``site``; the empty query is none.

    A page or query carries one mark: a service of the list goes before one without status, any before none.
    The folded staff pages belong to no service by nature.
    """
    return page_tables(urls, links) | query_tables(queries, links)


def page_tables(urls: Sequence[str], links: Sequence[ServiceLink]) -> dict[str, pd.DataFrame]:
    """Those tables of `resolve_all` that are of pages: service_page and page_mark."""
    pages = resolve_pages([url for url in urls if url != STAFF_PAGES], links)
    staff = pd.DataFrame({"url": [STAFF_PAGES], "mark": [_NO_SERVICE]}) if STAFF_PAGES in urls else None
    return {
        "service_page": pages.loc[pages["service"] != "", ["url", "service", "share"]],
        "page_mark": pd.concat([_marks(pages, "url"), staff], ignore_index=True),
    }


def query_tables(queries: Sequence[str], links: Sequence[ServiceLink]) -> dict[str, pd.DataFrame]:
    """Those that are of queries: service_query and query_mark."""
    asked = resolve_queries([query for query in queries if query], links)
    return {
        "service_query": asked.loc[asked["service"] != "", ["query", "service"]],
        "query_mark": _marks(asked, "query"),
    }


def _marks(resolved: pd.DataFrame, key: str) -> pd.DataFrame:
    order = {"leistung": 0, "ohne_status": 1, _NO_SERVICE: 2}
    ranked = resolved.assign(rank=resolved["target"].map(order)).sort_values([key, "rank"], kind="stable")
    return ranked.drop_duplicates(key)[[key, "target"]].rename(columns={"target": "mark"})


def links_digest(links: Sequence[ServiceLink]) -> str:
    """Tells whether pages and queries were resolved by these links: everything that resolving looks at, in order."""
    looked_at = [
        (link.target, link.source, link.match, link.pattern, link.service_id, link.share) for link in links
    ]
    return hashlib.sha256(repr((_MATCHING, looked_at)).encode()).hexdigest()[:16]


def _page_hits(urls: Sequence[str], links: Sequence[ServiceLink]) -> pd.DataFrame:
    """Every URL × service with the share it gets (0 where nothing is left) beside the wanted one."""
    hits = _ranked(_hits(sorted(set(urls)), links, "url"), links, "url")
    hits["share"] = 1.0
    served = hits["target"] != _NO_SERVICE
    hits.loc[served, "share"] = _shared_out(hits[served])
    return hits


def _compared(link: ServiceLink) -> str:
    """What the link compares with: a whole path in the spelling that stored addresses have."""
    whole = link.source == "url" and link.match == "exact"
    return path_of(link.pattern) if whole else link.pattern


def _prepared(texts: Sequence[str], source: str) -> Texts:
    return Texts([path_of(text) for text in texts] if source == "url" else texts)


def _hits(texts: list[str], links: Sequence[ServiceLink], source: str) -> pd.DataFrame:
    """Every text × link that matches: the text (url or query) and the link's position."""
    prepared = _prepared(texts, source)
    own = [position for position, link in enumerate(links) if link.source == source]
    matching = prepared.matching_each([(links[at].match, _compared(links[at])) for at in own])
    link = np.repeat(np.array(own, dtype=np.int64), [len(places) for places in matching])
    place = np.concatenate([np.array([], dtype=np.int64), *matching])
    return pd.DataFrame({source: np.array(texts, dtype=object)[place], "link": link})


def _ranked(hits: pd.DataFrame, links: Sequence[ServiceLink], text: str) -> pd.DataFrame:
    """One row per text and service by its most specific link, *keine Leistung* settled."""
    rows = hits.join(_described(links), on="link")
    rows = rows.sort_values([text, "service", "kind", "brevity", "link"], kind="stable")
    rows = rows.drop_duplicates([text, "service"])
    excluded = rows["target"] == _NO_SERVICE
    kinds = rows.assign(no=rows["kind"].where(excluded), yes=rows["kind"].where(~excluded))
    best = kinds.groupby(text)[["no", "yes"]].transform("min")
    wins = best["yes"].isna() | (best["no"] <= best["yes"])
    return rows[excluded == wins].reset_index(drop=True)


def _described(links: Sequence[ServiceLink]) -> pd.DataFrame:
    """The links as a frame by position; brevity sorts longer patterns first."""
    return pd.DataFrame(
        {
            "target": [link.target for link in links],
            "service": [link.service_id for link in links],
            "match": [link.match for link in links],
            "kind": pd.Series([MATCHES.index(link.match) for link in links], dtype="int64"),
            "brevity": pd.Series([-len(link.pattern) for link in links], dtype="int64"),
            "wanted_share": pd.Series([link.share for link in links], dtype="float64"),
            "link_id": pd.Series([link.id for link in links], dtype="int64"),
        }
    )


def _shared_out(hits: pd.DataFrame) -> pd.Series[float]:
    """Share of every row of services: its kind's part of what more specific kinds left of the URL."""
    by_kind = hits.groupby(["url", "kind"])["wanted_share"].sum()
    before = by_kind.groupby("url").cumsum() - by_kind
    factor = ((1.0 - before).clip(lower=0.0) / by_kind).clip(upper=1.0)
    per_row = factor.reindex(pd.MultiIndex.from_frame(hits[["url", "kind"]])).to_numpy()
    return pd.Series(hits["wanted_share"].to_numpy() * per_row, index=hits.index)


def _tidy(rows: pd.DataFrame, columns: tuple[str, ...], text: str) -> pd.DataFrame:
    return rows.sort_values([text, "service"], kind="stable")[list(columns)].reset_index(drop=True)
