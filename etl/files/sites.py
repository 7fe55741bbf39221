"""Which property a file belongs to; a file of another property is rejected before it is loaded."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlsplit

import duckdb

from etl.errors import LoadError
from portalkompass.settings import Settings
from portalkompass.urls import belongs_to, host_of

_EXPORT_NAME = re.compile(
    r"(?P<site>.+?)-(?:Performance|Leistung|Search-Analytics|Discover)\b", re.IGNORECASE
)
CLEAR_SHARE = 0.8
"""Share of the pages that one host must hold to stand for the property where none is configured."""
_HOST = re.compile(r"(?i)[a-z0-9-]+(\.[a-z0-9-]+)+")


def known_sites(connection: duckdb.DuckDBPyConnection, settings: Settings) -> tuple[str, ...]:
    """The configured properties; where none is configured, those that the warehouse holds."""
    if settings.search_console.sites:
        return settings.search_console.sites
    return tuple(row[0] for row in connection.execute("SELECT site FROM sites ORDER BY site").fetchall())


def checked_site(site: str) -> str:
    """A property as typed, in Google's spelling: ``sc-domain:example.de`` or ``https://www.example.de/``.

    Raises:
        LoadError: it is neither.
    """
    text = site.strip()
    if text.startswith("sc-domain:") and _HOST.fullmatch(text.removeprefix("sc-domain:")):
        return text.lower()
    if text.startswith(("https://", "http://")) and host_of(text):
        return text if text.endswith("/") else f"{text}/"
    raise LoadError(
        f"„{site}“ ist keine Property. Erlaubt sind „sc-domain:beispiel.de“ und „https://www.beispiel.de/“."
    )


def choose_site(
    name: str, urls: Sequence[str], *, explicit: str | None, known: Sequence[str], hint: str = ""
) -> str:
    """The property of a file, by its pages: ``explicit``, else a known one, else ``hint``, else their host.

    A property fits when at least half of the pages belong to it. Without pages, ``hint`` or the only
    known property decides.

    Raises:
        LoadError: the pages belong to another property, or nothing tells which it is.
    """
    if explicit is not None:
        site = checked_site(explicit)
        if urls and not fits(urls, site):
            raise LoadError(
                f"{name} gehört zu einer anderen Property: Die Seiten liegen unter {main_host(urls)}, "
                f"angegeben ist {site}. Bitte die andere Property angeben oder weglassen."
            )
        return site
    if not urls and (hint or len(known) == 1):
        if hint and known and hint not in known:
            raise _other_property(name, hint, known)
        return hint or known[0]
    if not urls:
        raise LoadError(
            f"{name}: Die Datei nennt keine Webadressen, nur Pfade oder gar keine Seiten. Bitte die Property "
            "angeben: „Gehört zur Property“ in der App oder --site https://www.beispiel.de/."
        )
    if known:
        fitting = [site for site in known if fits(urls, site)]
        if not fitting:
            raise _other_property(name, main_host(urls), known)
        return hint if hint in fitting else fitting[0]
    return hint if hint and fits(urls, hint) else _from_hosts(name, urls)


def _other_property(name: str, other: str, known: Sequence[str]) -> LoadError:
    return LoadError(
        f"{name} gehört zu einer anderen Property ({other}); eingerichtet ist {', '.join(known)}. "
        "Soll sie trotzdem geladen werden, bitte die Property mit --site angeben."
    )


def fits(urls: Sequence[str], site: str) -> bool:
    """Whether at least half of the pages belong to the property."""
    return 2 * sum(belongs_to(url, site) for url in urls) >= len(urls)


def main_host(urls: Sequence[str]) -> str:
    """The host that most pages share."""
    hosts = Counter(host_of(url) or url for url in urls)
    return _most_frequent(hosts)


def _most_frequent(hosts: Counter[str]) -> str:
    """The host with the highest count, of equal ones the first by name; "" where there is none."""
    return min(hosts, key=lambda host: (-hosts[host], host), default="")


def host_of_paths(connection: duckdb.DuckDBPyConnection, settings: Settings, site: str) -> str:
    """The host that pages given as bare paths belong to; "" where nothing tells it.

    The setting, else the property's own host; of a domain property the host of nearly all pages known so far.
    """
    if settings.portal.host:
        return host_of(settings.portal.host)
    if site.startswith("http"):
        return host_of(site)
    rows = connection.execute(
        "SELECT host, count(*) FROM pages WHERE site = ? AND host <> '' GROUP BY host", [site]
    ).fetchall()
    hosts: Counter[str] = Counter(dict(rows))
    host = _most_frequent(hosts)
    return host if host and hosts[host] >= CLEAR_SHARE * hosts.total() else ""


def _from_hosts(name: str, urls: Sequence[str]) -> str:
    """URL-prefix property of the host of nearly all pages, spelled as the file does (with or without www.)."""
    roots = Counter(root for root in map(_root, urls) if root[1])
    hosts = Counter(host for _, host in roots.elements())
    if not hosts:
        raise LoadError(f"{name}: Keine Seite nennt eine Webadresse. Bitte die Property mit --site angeben.")
    host = _most_frequent(hosts)
    if hosts[host] < CLEAR_SHARE * hosts.total():
        raise LoadError(
            f"{name}: Die Seiten liegen unter mehreren Adressen. Bitte die Property mit --site angeben."
        )
    scheme = "https" if ("https", host) in roots else "http"
    return f"{scheme}://{host}/"


def _root(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return "", ""
    return parts.scheme.lower(), parts.netloc.lower()


def site_in_name(name: str) -> str:
    """Property in the name of a Search Console export, "" if there is none.

    Google writes ``https___www.example.de_-Performance-on-Search-2025-12-15`` for a URL prefix and
    ``example.de-Performance…`` (or ``sc-domain_example.de-…``) for a domain.
    """
    match = _EXPORT_NAME.match(name)
    if match is None:
        return ""
    text = match["site"]
    for scheme in ("https", "http"):
        if text.startswith(f"{scheme}___"):
            path = text.removeprefix(f"{scheme}___").replace("_", "/")
            return f"{scheme}://{path}" if path.endswith("/") else f"{scheme}://{path}/"
    domain = re.sub(r"^sc-domain[_:]", "", text)
    return f"sc-domain:{domain.lower()}" if _HOST.fullmatch(domain) else ""
