"""A connection to a source over HTTP: time-out, proxy and own certificates, the same for every source."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import urllib.error
from pathlib import Path

import httplib2
import socks

from etl.errors import LoadError
from portalkompass.settings import Matomo, Pvog, SearchConsole

PROXY_REFUSALS = frozenset(
    {
        http.client.UNAUTHORIZED,
        http.client.FORBIDDEN,
        http.client.PROXY_AUTHENTICATION_REQUIRED,
        http.client.UNAVAILABLE_FOR_LEGAL_REASONS,
    }
)
"""What a proxy answers that does not let a request pass, whether to CONNECT or with a page of its own."""
_PROXY = re.compile(r"https?://[^/\s]+/?$", re.IGNORECASE)
_BROKEN: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str], ...] = (
    (TimeoutError, "Zeitüberschreitung"),
    (ConnectionRefusedError, "Verbindung abgelehnt"),
    ((socket.gaierror, httplib2.ServerNotFoundError), "Rechnername nicht gefunden"),
    (ssl.SSLCertVerificationError, "Zertifikat nicht vertrauenswürdig"),
    (ssl.SSLError, "verschlüsselte Verbindung nicht zustande gekommen"),
    (http.client.IncompleteRead, "Antwort unvollständig"),
    ((ConnectionError, http.client.BadStatusLine), "Verbindung abgebrochen"),
)
"""What a broken connection raises, and what it means; the first that fits."""


def open_http(settings: Matomo | Pvog | SearchConsole, section: str) -> httplib2.Http:
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


def connection_words(error: BaseException | None) -> str:
    """What broke a connection, in German: neither the class nor the message, which may quote a request's secrets."""
    if isinstance(error, urllib.error.HTTPError):
        return f"die Gegenstelle antwortet mit HTTP {error.code}"
    if isinstance(error, urllib.error.URLError) and isinstance(error.reason, Exception):
        return connection_words(error.reason)
    return next((words for kinds, words in _BROKEN if isinstance(error, kinds)), "Verbindung gestört")


def refused_tunnel(error: Exception) -> int | None:
    """The status with which the proxy refused to connect; None for every other fault."""
    # PySocks takes its own refusal for a fault of the socket and wraps it.
    refusal = error.socket_err if isinstance(error, socks.GeneralProxyError) else error
    if not isinstance(refusal, socks.HTTPError):
        return None
    status = str(refusal.msg).partition(":")[0]
    return int(status) if status.isdecimal() and int(status) in PROXY_REFUSALS else None


def proxy_sentence(status: int, section: str, far: str, allow: str) -> str:
    """German: that a proxy refuses, not ``far``, and what it should ``allow``."""
    return (
        f"Ein Proxy oder eine Firewall vor {far} verweigert den Zugriff (HTTP {status}); die Antwort kommt nicht von "
        f"{far}. Bitte {allow} und {section}.proxy prüfen."
    )
