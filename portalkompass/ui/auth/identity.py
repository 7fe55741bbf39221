"""Who is asking: reads and verifies the signed cookie that Streamlit writes after a login.

Streamlit looks at the cookie only when a websocket opens, and holds it valid for a month. Here every request is
judged, with the session length of the settings, so the cookie's own signature and time are checked again:
itsdangerous, salted with the cookie's name, split into chunks where it is long (see ``streamlit.auth_util``).
Where a proxy signs in people, its statement is turned into the same cookie (``proxy_sign_in``), for one request.
"""

from __future__ import annotations

import hashlib
import json
import math
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from itsdangerous import BadSignature, URLSafeTimedSerializer

from portalkompass.settings import Login, SettingsError
from portalkompass.ui.auth.provider.identity_provider import IdentityProvider
from portalkompass.ui.auth.provider.role_checks import RoleChecks
from portalkompass.ui.auth.revoked_sessions import REVOKED, mark
from portalkompass.ui.auth.roles import Person, groups_in, roles_of, sites_of
from portalkompass.ui.streamlit_internals import CALLBACK, COOKIE, TOKENS_COOKIE, get_cookie_with_chunks

SHORTEST_SECRET = 32
LOOPBACK = ("localhost", "127.0.0.1", "::1")
GRACE = 60.0
"""Seconds an open screen keeps its connection after the end, so that it can say so itself."""
MINUTES_BEHIND_PROXY = 15.0
SECONDS_OF_WORK = 600.0
"""What a screen that is just working may go on beyond that: an import may take ten minutes."""


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
        """Length of a session; behind a proxy that signs in people the longest of a connection."""
        if self.login.by_proxy:
            return round((self.login.roles_minutes or MINUTES_BEHIND_PROXY) * 60 + SECONDS_OF_WORK)
        return round(self.login.session_hours * 3600)

    @property
    def grace(self) -> float:
        """Seconds from the end of a session until its open connections are closed."""
        return 0.0 if self.login.by_proxy else GRACE

    @property
    def renewed_before(self) -> float:
        """Seconds before that end from which a connection at rest is renewed; none is without such a proxy."""
        return SECONDS_OF_WORK if self.login.by_proxy else -math.inf

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
    _refuse_open_way("address", login.address)
    if not any((login.read, login.edit, login.moderate, login.administer)):
        raise SettingsError("Anmeldung: keiner Rolle ist eine Gruppe zugeordnet; niemand käme hinein.")
    if login.by_proxy:
        return OidcConfig(login, "", _secret_of_this_process())
    _refuse_open_way("metadata_url", login.metadata_url)
    if not login.client_id:
        raise SettingsError("Anmeldung: login.client_id fehlt.")
    client, cookie = (_secret(login, name) for name in ("client_secret_file", "cookie_secret_file"))
    if len(cookie) < SHORTEST_SECRET:
        raise SettingsError(
            f"Anmeldung: die Datei login.cookie_secret_file braucht mindestens {SHORTEST_SECRET} Zeichen."
        )
    return OidcConfig(login, client, cookie)


def person_of(cookies: Mapping[str, str], oidc: OidcConfig) -> Person | None:
    """Whoever the cookie names; None without one, with a forged, foreign, expired or signed-out one."""
    read = _Reader(cookies, oidc)
    claims = read.claims()
    if claims is None:
        return None
    person, checks = _person(claims, read, oidc), role_checks(oidc.login)
    if REVOKED.ended(person):
        return None
    if checks is None:
        return person
    said = checks.claims(person.key, read.signed_at)
    if said is None:
        return None
    if (
        said
    ):  # providers leave the claim of groups out where there are none: that must not bring back the old ones
        path = oidc.login.group_claim
        claims = {name: value for name, value in claims.items() if name not in (path, path.partition(".")[0])}
    return _person({**claims, **said}, read, oidc)


def look_again(cookies: Mapping[str, str], oidc: OidcConfig) -> None:
    """Ask the provider about the person of this cookie where that is due; blocks. What it ended is over here, too."""
    read = _Reader(cookies, oidc)
    claims, checks = read.claims(), role_checks(oidc.login)
    if claims is None or checks is None or not checks.due(read.key, read.signed_at):
        return
    person = _person(claims, read, oidc)
    if REVOKED.ended(person):
        return
    try:
        tokens = json.loads(get_cookie_with_chunks(_Reader(cookies, oidc).one, TOKENS_COOKIE) or b"{}")
    except (ValueError, UnicodeDecodeError):
        tokens = {}
    if not checks.holds(read.key, str(claims.get("sub", "")), str(tokens.get("access_token", ""))):
        REVOKED.add(person.key, person.until)


def due(cookies: Mapping[str, str], oidc: OidcConfig) -> bool:
    """Whether ``look_again`` has something to ask; blocks never."""
    checks = role_checks(oidc.login)
    if checks is None:
        return False
    read = _Reader(cookies, oidc)
    return read.claims() is not None and checks.due(read.key, read.signed_at)


@lru_cache(maxsize=4)
def provider_of(login: Login) -> IdentityProvider:
    """The OpenID provider of the settings; one for all who ask, since it keeps what it read."""
    return IdentityProvider(login.metadata_url)


@lru_cache(maxsize=4)
def role_checks(login: Login) -> RoleChecks | None:
    """What reads roles again from the provider; None where the login's own hold until its end."""
    if login.by_proxy or not login.roles_minutes:
        return None
    return RoleChecks(provider_of(login), login.roles_minutes)


@lru_cache(maxsize=1)
def _secret_of_this_process() -> str:
    return secrets.token_urlsafe(48)


class _Reader:
    """Takes single cookies out of the request, verified; remembers when the oldest was signed."""

    def __init__(self, cookies: Mapping[str, str], oidc: OidcConfig) -> None:
        self.cookies = cookies
        self.oidc = oidc
        self.signed_at = float("inf")
        self.key = ""

    def claims(self) -> dict[str, Any] | None:
        """What the login cookie says, if it is one of this app and of a login; its digest is the key of the login."""
        try:
            payload = get_cookie_with_chunks(self.one, COOKIE)
            claims = json.loads(payload) if payload else None
        except (ValueError, UnicodeDecodeError):
            return None
        if not isinstance(claims, dict) or claims.get("origin") != self.oidc.origin:
            return None
        self.key = hashlib.sha256(
            payload or b""
        ).hexdigest()  # holds the nonce of the login, so no two are alike
        return claims if claims.get("is_logged_in") is True else None

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


def _person(claims: Mapping[str, Any], read: _Reader, oidc: OidcConfig) -> Person:
    groups = groups_in(claims, oidc.login.group_claim)
    issuer, subject, session = (str(claims.get(name) or "") for name in ("iss", "sub", "sid"))
    return Person(
        _name(claims, oidc.login),
        roles_of(groups, oidc.login),
        sites_of(groups, oidc.login),
        read.signed_at + oidc.seconds,
        read.key,
        _line(claims.get("sub")),
        mark("sub", issuer, subject) if subject else "",
        mark("sid", issuer, session) if session else "",
    )


def over(person: Person, grace: float = 0.0) -> bool:
    """Whether a login that was valid when the connection opened has ended since, by ``grace`` seconds or earlier."""
    return time.time() >= person.until + grace or REVOKED.ended(person)


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
        text = Path(path).read_text(encoding="utf-8-sig").strip()
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"Anmeldung: die Datei aus login.{name} lässt sich nicht lesen.") from None
    if not text:
        raise SettingsError(f"Anmeldung: die Datei aus login.{name} ist leer.")
    return text


def is_closed_way(address: str) -> bool:
    """Whether nobody can read along on the way there: TLS, or this machine."""
    parts = urlsplit(address)
    here = parts.scheme == "http" and parts.hostname in LOOPBACK
    return bool(parts.netloc) and (parts.scheme == "https" or here)


def _refuse_open_way(name: str, address: str) -> None:
    """Secrets and cookies go over TLS; plain HTTP is for this machine only."""
    parts = urlsplit(address)
    if not is_closed_way(address) or parts.query or parts.fragment:
        raise SettingsError(f"Anmeldung: login.{name} muss eine Adresse mit https:// sein.")
