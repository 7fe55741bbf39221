"""A connection to a source over HTTP: time-out, proxy and own certificates, the same for every source."""

from __future__ import annotations

import re
from pathlib import Path

import httplib2

from etl.errors import LoadError
from portalkompass.settings import Matomo, SearchConsole

_PROXY = re.compile(r"https?://[^/\s]+/?$", re.IGNORECASE)


def open_http(settings: Matomo | SearchConsole, section: str) -> httplib2.Http:
    """A connection for one thread; ``section`` names the settings in sentences.

    Without a proxy of its own the usual environment variables count.

    Raises:
        LoadError: the proxy is no address (the library would take it for none and connect directly), or
            the CA file is missing.
    """
    proxy, ca_file = settings.proxy, settings.ca_file
    if proxy and not _PROXY.match(proxy):
        raise LoadError(f"{section}.proxy ist keine Adresse der Form „http://proxy.stadt.example:3128“.")
    if ca_file and not Path(ca_file).is_file():
        raise LoadError(f"Die Zertifikatsdatei {ca_file} ({section}.ca_file) gibt es nicht.")
    way = (
        httplib2.proxy_info_from_url(proxy, method="https") if proxy else httplib2.proxy_info_from_environment
    )
    return httplib2.Http(timeout=settings.timeout_seconds, proxy_info=way, ca_certs=ca_file or None)
