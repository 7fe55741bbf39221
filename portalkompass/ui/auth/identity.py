"""Who is asking: reads and verifies the signed cookie that Streamlit writes after a login.

Streamlit looks at the cookie only when a websocket opens, and holds it valid for a month. Here every request is
judged, with the session length of the settings, so the cookie's own signature and time are checked again:
itsdangerous, salted with the cookie's name, split into chunks where it is long (see ``streamlit.auth_util``).
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from itsdangerous import BadSignature, URLSafeTimedSerializer

from portalkompass.settings import Login, SettingsError
from portalkompass.ui.auth.revoked_sessions import REVOKED
from portalkompass.ui.auth.roles import Person, groups_in, roles_of, sites_of
from portalkompass.ui.auth.streamlit_internals import CALLBACK, COOKIE, get_cookie_with_chunks

SHORTEST_SECRET = 32
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class OidcConfig:
    """A usable login: its settings and its secrets, which are never shown."""

    login: Login
    client_secret: str = field(repr=False)
    cookie_secret: str = field(repr=False)

    @property
    def origin(self) -> str:
        """Scheme and host of the app as browsers name it."""
        address = urlsplit(self.login.address)
        return f"{address.scheme}://{address.netloc}"

    @property
    def base(self) -> str:
        """Sub-path of the app, without a slash at its end; "" at the root."""
        return urlsplit(self.login.address).path.rstrip("/")

    @property
    def secure(self) -> bool:
        """Whether cookies go over TLS only."""
        return self.origin.startswith("https:")

    @property
    def seconds(self) -> int:
        """Length of a session."""
        return round(self.login.session_hours * 3600)

    def secrets(self) -> dict[str, Any]:
        """What ``st.secrets`` would otherwise read from a file."""
        auth = {
            "redirect_uri": self.login.address.rstrip("/") + CALLBACK,
            "cookie_secret": self.cookie_secret,
            "client_id": self.login.client_id,
            "client_secret": self.client_secret,
            "server_metadata_url": self.login.metadata_url,
            "client_kwargs": {"scope": self.login.scope},
        }
        return {"auth": auth}


def open_oidc(login: Login) -> OidcConfig:
    """The login of the settings with its secrets.

    Raises:
        SettingsError: something is missing or weak; the sentence names the key, never a value.
    """
    for name in ("metadata_url", "address"):
        _refuse_open_way(name, getattr(login, name))
    if not login.client_id:
        raise SettingsError("Anmeldung: login.client_id fehlt.")
    if not any((login.read, login.edit, login.moderate, login.administer)):
        raise SettingsError("Anmeldung: keiner Rolle ist eine Gruppe zugeordnet; niemand käme hinein.")
    client, cookie = (_secret(login, name) for name in ("client_secret_file", "cookie_secret_file"))
    if len(cookie) < SHORTEST_SECRET:
        raise SettingsError(
            f"Anmeldung: die Datei login.cookie_secret_file braucht mindestens {SHORTEST_SECRET} Zeichen."
        )
    return OidcConfig(login, client, cookie)


def person_of(cookies: Mapping[str, str], oidc: OidcConfig) -> Person | None:
    """Whoever the cookie names; None without one, with a forged, foreign, expired or signed-out one."""
    read = _Reader(cookies, oidc)
    try:
        payload = get_cookie_with_chunks(read.one, COOKIE)
        claims = json.loads(payload) if payload else None
    except (ValueError, UnicodeDecodeError):
        return None
    if not isinstance(claims, dict) or claims.get("origin") != oidc.origin:
        return None
    key = hashlib.sha256(payload or b"").hexdigest()  # holds the nonce of the login, so no two are alike
    if claims.get("is_logged_in") is not True or REVOKED.holds(key):
        return None
    groups = groups_in(claims, oidc.login.group_claim)
    roles, sites = roles_of(groups, oidc.login), sites_of(groups, oidc.login)
    return Person(
        _name(claims, oidc.login), roles, sites, read.signed_at + oidc.seconds, key, _line(claims.get("sub"))
    )


class _Reader:
    """Takes single cookies out of the request, verified; remembers when the oldest was signed."""

    def __init__(self, cookies: Mapping[str, str], oidc: OidcConfig) -> None:
        self.cookies = cookies
        self.oidc = oidc
        self.signed_at = float("inf")

    def one(self, name: str) -> bytes | None:
        serializer = URLSafeTimedSerializer(self.oidc.cookie_secret, salt=name)
        try:
            value, moment = serializer.loads(
                self.cookies.get(name, ""), max_age=self.oidc.seconds, return_timestamp=True
            )
        except BadSignature:
            return None
        self.signed_at = min(self.signed_at, moment.timestamp())
        return value.encode("utf-8") if isinstance(value, str) else None


def over(person: Person, grace: float = 0.0) -> bool:
    """Whether a login that was valid when the connection opened has ended since, by ``grace`` seconds or earlier."""
    return time.time() >= person.until + grace or REVOKED.holds(person.key)


def _name(claims: Mapping[str, Any], login: Login) -> str:
    """One line of at most 60 characters: the name stands in the audit, on the screen and in the log."""
    values = (claims.get(name) for name in (login.name_claim, "preferred_username", "email", "sub"))
    return next((line for value in values if (line := _line(value))), "unbekannt")


def _line(value: object) -> str:
    return "".join(char for char in str(value or "") if char.isprintable()).strip()[:60]


def _secret(login: Login, name: str) -> str:
    path = getattr(login, name)
    if not path:
        raise SettingsError(f"Anmeldung: login.{name} fehlt.")
    try:
        text = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"Anmeldung: die Datei aus login.{name} lässt sich nicht lesen.") from None
    if not text:
        raise SettingsError(f"Anmeldung: die Datei aus login.{name} ist leer.")
    return text


def _refuse_open_way(name: str, address: str) -> None:
    """Secrets and cookies go over TLS; plain HTTP is for this machine only."""
    parts = urlsplit(address)
    here = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not (parts.netloc and (parts.scheme == "https" or here)) or parts.query or parts.fragment:
        raise SettingsError(f"Anmeldung: login.{name} muss eine Adresse mit https:// sein.")
