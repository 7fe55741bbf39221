"""The way to Matomo from the settings: address, token and transport."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import httplib2

from etl.sources.retries import Refused
from etl.sources.transport import open_http
from portalkompass import german
from portalkompass.settings import Matomo

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def api_address(url: str) -> str:
    """``index.php`` of the installation, without parameters.

    Raises:
        Refused: not configured, no web address, or http to another machine (the token would be readable).
    """
    if not url:
        raise Refused(
            "Es ist kein Matomo eingerichtet. Bitte matomo.url setzen; die Anleitung steht in docs/handbuch.md."
        )
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        raise Refused("matomo.url ist keine Web-Adresse der Form „https://matomo.stadt.example/“.")
    if parts.scheme == "http" and host not in _LOOPBACK:
        raise Refused("matomo.url muss mit https:// beginnen: Über http wäre der Token unterwegs lesbar.")
    folder = parts.path.removesuffix("index.php").rstrip("/")
    return urlunsplit((parts.scheme, parts.netloc, f"{folder}/index.php", "", ""))


def read_token(settings: Matomo) -> str:
    """The token of the file, without surrounding blanks.

    Raises:
        Refused: not configured, missing, unreadable or no token; never quotes its content.
    """
    if not settings.token_file:
        raise Refused(
            "Es ist kein Matomo-Token eingerichtet. Bitte matomo.token_file auf die Datei mit dem Token setzen; "
            "die Anleitung steht in docs/handbuch.md."
        )
    path = Path(settings.token_file).expanduser()
    try:
        token = path.read_text(encoding="utf-8-sig").strip()
    except FileNotFoundError:
        raise Refused(f"Die Token-Datei {path} (matomo.token_file) gibt es nicht.") from None
    except OSError as error:
        raise Refused(
            f"Die Token-Datei {path} (matomo.token_file) ist nicht lesbar: {german.why_unreadable(error)}."
        ) from None
    except UnicodeDecodeError:
        raise Refused(f"Die Token-Datei {path} (matomo.token_file) ist keine Textdatei.") from None
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise Refused(
            f"Die Datei {path} (matomo.token_file) enthält keinen Matomo-Token (eine Zeile aus Buchstaben und "
            "Ziffern)."
        )
    return token


def open_transport(settings: Matomo) -> httplib2.Http:
    """A connection with time-out, proxy and own CA file, as for the Search Console; it follows no redirect.

    Raises:
        LoadError: the CA file does not exist, or the proxy is no address.
    """
    transport = open_http(settings, "matomo")
    # A redirect would carry the token to an address that nobody configured.
    transport.follow_redirects = False
    return transport
