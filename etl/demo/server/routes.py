"""What the stand-in answers to each address: Google's shapes, from a world."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import unquote

from etl.demo.server.api_error import api_error, not_found
from etl.demo.server.collect import Supply
from etl.demo.server.question import Question, read_question
from etl.demo.server.replies import Encoded

RequestKind = Literal["token", "query", "sites", "site", "sitemaps", "inspection", "other"]
_SITES = "/webmasters/v3/sites"
_ROUTES: tuple[tuple[str, str, RequestKind], ...] = (
    ("POST", "/token", "token"),
    ("POST", "/v1/urlInspection/index:inspect", "inspection"),
    ("POST", f"{_SITES}/([^/]+)/searchAnalytics/query", "query"),
    ("GET", _SITES, "sites"),
    ("GET", f"{_SITES}/([^/]+)/sitemaps", "sitemaps"),
    ("GET", f"{_SITES}/([^/]+)", "site"),
)


@dataclass(frozen=True, slots=True)
class Target:
    """What a request is about."""

    kind: RequestKind
    site: str = ""


def target_of(method: str, path: str) -> Target:
    """The route of a path (a query string does not count); kind "other" has no answer."""
    for verb, pattern, kind in _ROUTES:
        match = re.fullmatch(pattern, path.partition("?")[0])
        if match and verb == method:
            return Target(kind, unquote("".join(match.groups())))
    return Target("other")


def answer(
    target: Target, body: bytes, supply: Supply, encoded: Callable[[str, Question, dt.date], Encoded]
) -> bytes:
    """The JSON answer of a signed-in request; ``encoded`` gives all rows of a question.

    Raises:
        ApiError: where Google answers with an error.
    """
    match target.kind:
        case "sites":
            return _json({"siteEntry": [_site_entry(site) for site in supply.world.sites]})
        case "site":
            return _json(_site_entry(_permitted(target.site, supply)))
        case "sitemaps":
            return _json(_sitemaps(_permitted(target.site, supply), supply))
        case "inspection":
            return _json(_inspection(json_object(body), supply))
        case "query":
            site = _permitted(target.site, supply)
            question, start_row, row_limit = read_question(json_object(body))
            rows = encoded(site, question, supply.today).page(start_row, row_limit)
            return _rows_answer(question, supply, rows)
        case _:
            raise not_found()


def json_object(body: bytes) -> dict[str, Any]:
    """The object in a request's body; empty where there is none."""
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _permitted(site: str, supply: Supply) -> str:
    if site in supply.world.sites:
        return site
    message = (
        f"User does not have sufficient permission for site '{site}'. "
        "See also: https://support.google.com/webmasters/answer/2451999."
    )
    raise api_error(403, "forbidden", message)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _site_entry(site: str) -> dict[str, str]:
    return {"siteUrl": site, "permissionLevel": "siteRestrictedUser"}


def _rows_answer(question: Question, supply: Supply, rows: bytes) -> bytes:
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
        raise api_error(400, "invalidArgument", "Request contains an invalid argument.")
    _permitted(site, supply)
    if not site.startswith("sc-domain:") and not url.startswith(site):
        raise api_error(403, "forbidden", "You do not own this site, or the inspected URL is not part of it.")
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
