"""What the stand-in answers to each address: Google's shapes, from a world."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from etl.demo.server.collect import Supply
from etl.demo.server.injected_faults import RequestKind
from etl.demo.server.question import ApiError, Question, read_question
from etl.demo.server.replies import Archive

_SITE = re.compile(r"^/webmasters/v3/sites/([^/]+)$")
_QUERY = re.compile(r"^/webmasters/v3/sites/([^/]+)/searchAnalytics/query$")
_SITEMAPS = re.compile(r"^/webmasters/v3/sites/([^/]+)/sitemaps$")


@dataclass(frozen=True, slots=True)
class Target:
    """What a request is about."""

    kind: RequestKind
    site: str = ""


def target_of(method: str, path: str) -> Target:
    """The route of a path (without query string); kind "other" has no answer."""
    if method == "POST":
        if path == "/token":
            return Target("token")
        if path == "/v1/urlInspection/index:inspect":
            return Target("inspection")
        if found := _QUERY.match(path):
            return Target("query", unquote(found[1]))
    elif method == "GET":
        if path == "/webmasters/v3/sites":
            return Target("sites")
        if found := _SITEMAPS.match(path):
            return Target("sitemaps", unquote(found[1]))
        if found := _SITE.match(path):
            return Target("site", unquote(found[1]))
    return Target("other")


def answer(
    target: Target, body: Mapping[str, Any], supply: Supply, archive: Archive, page_rows: int
) -> bytes:
    """The JSON answer of a signed-in request.

    `page_rows` > 0 makes pages shorter than rowLimit although more rows follow.

    Raises:
        ApiError: as Google refuses it.
    """
    match target.kind:
        case "sites":
            return _json({"siteEntry": [_site_entry(site) for site in supply.world.sites]})
        case "site":
            return _json(_site_entry(_permitted(target.site, supply)))
        case "sitemaps":
            return _json(_sitemaps(_permitted(target.site, supply), supply))
        case "inspection":
            return _json(_inspection(body, supply))
        case "query":
            return _query(_permitted(target.site, supply), body, supply, archive, page_rows)
        case _:
            raise ApiError(404, "notFound", "Not Found")


def _permitted(site: str, supply: Supply) -> str:
    if site in supply.world.sites:
        return site
    message = (
        f"User does not have sufficient permission for site '{site}'. "
        "See also: https://support.google.com/webmasters/answer/2451999."
    )
    raise ApiError(403, "forbidden", message)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _site_entry(site: str) -> dict[str, str]:
    return {"siteUrl": site, "permissionLevel": "siteRestrictedUser"}


def _query(site: str, body: Mapping[str, Any], supply: Supply, archive: Archive, page_rows: int) -> bytes:
    question, start_row, row_limit = read_question(body)
    if page_rows:
        row_limit = min(row_limit, page_rows)
    rows = archive.answer(site, question, supply).page(start_row, row_limit)
    kind = "byPage" if question.by_page else "byProperty"
    parts = [b'"rows":[' + rows + b"]"] if rows else []
    parts.append(f'"responseAggregationType":"{kind}"'.encode())
    if metadata := _metadata(question, supply):
        parts.append(b'"metadata":' + _json(metadata))
    return b"{" + b",".join(parts) + b"}"


def _metadata(question: Question, supply: Supply) -> dict[str, str]:
    """firstIncompleteDate: only with provisional data, grouped by date, over a range that touches such days."""
    first = supply.first_incomplete()
    if question.state != "all" or "date" not in question.dimensions or question.end < first:
        return {}
    provisional = supply.days(replace(question, start=max(question.start, first)))
    return {"firstIncompleteDate": first.isoformat()} if provisional else {}


def _known_pages(site: str, supply: Supply) -> list[str]:
    last = min(supply.last_final, supply.world.last_day)
    return list(supply.world.rows(site, "web", last, ("page",), True).keys[0])


def _stamp(day: dt.date, hour: int) -> str:
    return f"{day.isoformat()}T{hour:02d}:00:00Z"


def _sitemaps(site: str, supply: Supply) -> dict[str, object]:
    count = len(_known_pages(site, supply))
    return {
        "sitemap": [
            {
                "path": site.replace("sc-domain:", "https://").rstrip("/") + "/sitemap.xml",
                "lastSubmitted": _stamp(supply.today - dt.timedelta(days=30), 6),
                "lastDownloaded": _stamp(supply.today - dt.timedelta(days=1), 3),
                "isPending": False,
                "isSitemapsIndex": False,
                "type": "sitemap",
                "warnings": "0",
                "errors": "0",
                "contents": [{"type": "web", "submitted": str(count), "indexed": "0"}],
            }
        ]
    }


def _inspection(body: Mapping[str, Any], supply: Supply) -> dict[str, object]:
    url, site = body.get("inspectionUrl"), body.get("siteUrl")
    if not isinstance(url, str) or not isinstance(site, str):
        raise ApiError(400, "invalidArgument", "Request contains an invalid argument.")
    _permitted(site, supply)
    if not site.startswith("sc-domain:") and not url.startswith(site):
        raise ApiError(403, "forbidden", "You do not own this site, or the inspected URL is not part of it.")
    if url not in _known_pages(site, supply):
        state: dict[str, object] = {"verdict": "NEUTRAL", "coverageState": "URL is unknown to Google"}
    else:
        state = {
            "verdict": "PASS",
            "coverageState": "Submitted and indexed",
            "robotsTxtState": "ALLOWED",
            "indexingState": "INDEXING_ALLOWED",
            "pageFetchState": "SUCCESSFUL",
            "lastCrawlTime": _stamp(supply.today - dt.timedelta(days=1 + len(url) % 20), len(url) % 24),
            "googleCanonical": url,
            "userCanonical": url,
            "crawledAs": "MOBILE",
        }
    return {"inspectionResult": {"indexStatusResult": state}}
