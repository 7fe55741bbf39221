"""One spelling per page: URL normalisation, page kinds and property membership (shared with etl).

Google, the portal and Matomo spell the same page differently. Facts only meet when every source
goes through ``normalise`` before anything is stored or joined.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

from portalkompass.settings import PageKind

RULES = 2
"""To be raised when addresses are spelled otherwise than before: stored ones are then brought in step."""
OTHER_KIND = "Sonstige"
"""Page kind of every path that no pattern names."""

_TRACKING = re.compile(
    r"(?i)^(utm_.*|mtm_.*|matomo_.*|pk_.*|piwik_.*|mc_.*|_hs.*|gad_.*|_ga|_gl|"
    r"gclid|gclsrc|gbraid|wbraid|dclid|fbclid|msclkid|yclid|twclid|igshid|srsltid)(=|$)"
)
_SESSION = re.compile(r"(?i);jsessionid=[^/?#]*")
_SCHEME = re.compile(r"(?i)^[a-z][a-z0-9+.-]*:")
_BARE_HOST = re.compile(r"(?i)^[\w-]+(\.[\w-]+)*\.[a-z]{2,}(:\d+)?(/|\?|#|$)")
_PLAIN = re.compile(  # most URLs of most sources: already in the one spelling, so the parser is spared
    r"https://(?!www\.)[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/|(?:/[A-Za-z0-9_-][A-Za-z0-9._~-]*)+)"
)
_INDEX = re.compile(r"(?i)/index\.html?$")
_SLASHES = re.compile(r"/{2,}")
_BEYOND_ASCII = re.compile(r"[A-Za-z]?(?:%[89A-F][0-9A-F])+")
"""A run of percent-encoded bytes of UTF-8, with the letter before it that an accent may belong to."""
_DEFAULT_PORT = re.compile(r":(80|443)?$")
_MOST_ROUNDS = 4


@lru_cache(maxsize=65_536)
def normalise(url: str) -> str:
    """The one spelling of a URL; idempotent, and never an exception whatever the text.

    http is folded to https, the host loses ``www.``, upper case and the default port; fragment,
    session id, tracking parameters, trailing and doubled slashes and a last ``index.html`` go; other parameters are
    kept, sorted; percent encoding is made uniform (UTF-8, upper case, umlauts composed). ``host/path`` without a scheme
    is read as https. What is no web address (a bare path, a label such as ``(Mitarbeiterseiten)``) comes back
    stripped of surrounding blanks and otherwise unchanged.
    """
    text = url.strip()
    if _PLAIN.fullmatch(text) and not _INDEX.search(text):
        return text
    if not _SCHEME.match(text) and _BARE_HOST.match(text):
        text = f"https://{text}"
    for _ in range(_MOST_ROUNDS):  # one round is enough for all but maliciously nested encodings
        once = _normalise_once(text)
        if once == text:
            return once
        text = once
    return text


def _normalise_once(text: str) -> str:
    if not text.lower().startswith(("http://", "https://")):
        return text
    try:
        parts = urlsplit(canonicalize_url(_SESSION.sub("", text)))
        host = _plain_host(parts)
    except (ValueError, UnicodeError):
        return text
    if not host:
        return text
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _TRACKING.match(pair))
    return urlunsplit(("https", host, _composed(_clean(parts.path)) or "/", _composed(query), ""))


def _clean(path: str) -> str:
    """The path without doubled and trailing slashes and a last ``index.html``."""
    path = _SLASHES.sub("/", path).rstrip("/")
    while _INDEX.search(path):
        path = _INDEX.sub("", path).rstrip("/")
    return path


def _composed(encoded: str) -> str:
    """The same with composed letters: ``u%CC%88`` (u and two dots) as ``%C3%BC`` (ü)."""
    return _BEYOND_ASCII.sub(_composed_run, encoded) if "%C" in encoded else encoded


def _composed_run(found: re.Match[str]) -> str:
    try:
        text = unquote(found[0], errors="strict")
    except UnicodeDecodeError:
        return found[0]
    return quote(unicodedata.normalize("NFC", text), safe="")


def _plain_host(parts: SplitResult) -> str:
    """Host without user, default port, final dot and ``www.`` (kept where it is the domain itself)."""
    host = _DEFAULT_PORT.sub("", parts.netloc.rpartition("@")[2].lower()).rstrip(".")
    while host.startswith("www.") and "." in host[4:]:
        host = host[4:]
    return host


def host_of(url: str) -> str:
    """Host of a URL in its normalised spelling, with a port that is not the default; "" if there is none."""
    try:
        return urlsplit(normalise(url)).netloc
    except ValueError:
        return ""


def path_of(url: str) -> str:
    """Path of a URL as people read it: percent encoding undone, no parameters; "/" for the start page.

    Patterns (page kinds, links) are matched against this text. A bare path is cleaned in the same way.
    """
    try:
        path = urlsplit(normalise(url)).path
    except ValueError:
        return "/"
    return _clean(readable(path)) or "/"


def readable(url: str) -> str:
    """The address as people read it: percent encoding undone, umlauts as one letter; nothing else changes."""
    return unicodedata.normalize("NFC", unquote(url, errors="replace"))


def page_kind(path: str, page_kinds: Sequence[PageKind]) -> str:
    """Kind of a page by its path (see ``path_of``): the first pattern that matches wins, else "Sonstige"."""
    for kind in page_kinds:
        if _compiled(kind.pattern).search(path):
            return kind.kind
    return OTHER_KIND


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def belongs_to(url: str, site: str) -> bool:
    """Whether a URL belongs to a Search Console property.

    ``sc-domain:example.de`` takes the domain and all its subdomains; a URL prefix takes its host and
    the pages at or below its path. Protocol and ``www.`` make no difference, because stored URLs have
    lost them. Text that is no web address belongs to no property.
    """
    host = host_of(url)
    if not host:
        return False
    if site.startswith("sc-domain:"):
        domain = host_of(site.removeprefix("sc-domain:"))
        name = host.partition(":")[0]
        return bool(domain) and (name == domain or name.endswith(f".{domain}"))
    if host != host_of(site):
        return False
    root, path = path_of(site), path_of(url)
    return root in ("/", path) or path.startswith(f"{root}/")
