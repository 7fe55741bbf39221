"""Signed statements about people (JWT): which key signed them, who made them, for whom, and until when.

What a token says of itself chooses neither the key nor the way of signing: the kind of our key does, so a public key
is never taken for a shared secret, and nothing unsigned is read.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, OctKey, OKPKey, RSAKey

from portalkompass.settings import SettingsError

BY_PUBLIC_KEY = ("RS256", "PS256", "ES256", "EdDSA")
BY_SECRET = ("HS256",)
SHORTEST_SECRET = 32
SECONDS_BETWEEN_LOOKS = 60.0
"""An unknown key is a reason to ask again for the keys of an address, but not with every request."""
TIMEOUT = 5.0
LEEWAY = 10
"""Seconds by which the clocks of two machines may differ."""


Keys = RSAKey | ECKey | OKPKey | OctKey | KeySet
"""A single key checks every signature; of a set it is the one that the token names."""


class TokenError(Exception):
    """A token that is not believed; the message is a short German reason without anything of the token."""


class TokenKeys:
    """The keys that signatures are checked with: of a file, or of an address (JWKS) that is asked when needed."""

    def __init__(self, place: str) -> None:
        self._address = place if re.match(r"https?://", place) else ""
        self._keys: Keys = KeySet([]) if self._address else _read(Path(place))
        self._asked = float("-inf")
        self._turn = threading.Lock()

    def claims(self, token: str) -> Mapping[str, Any]:
        """What the token says, once its signature holds. May block to fetch keys.

        Raises:
            TokenError: no signature, a foreign one, one of a kind that the keys do not allow.
        """
        try:
            return self._decoded(token)
        except (JoseError, ValueError, TypeError):
            if not self._fetched():
                raise TokenError("Signatur ungültig") from None
        try:
            return self._decoded(token)
        except (JoseError, ValueError, TypeError):
            raise TokenError("Signatur ungültig") from None

    def _decoded(self, token: str) -> Mapping[str, Any]:
        allowed = BY_SECRET if isinstance(self._keys, OctKey) else BY_PUBLIC_KEY
        return jwt.decode(token, self._keys, algorithms=allowed).claims

    def _fetched(self) -> bool:
        """Whether the keys of the address were asked for just now, and came."""
        with self._turn:
            if not self._address or time.monotonic() - self._asked < SECONDS_BETWEEN_LOOKS:
                return False
            self._asked = time.monotonic()
            try:
                answer = httpx2.get(self._address, timeout=TIMEOUT, follow_redirects=False)
                answer.raise_for_status()
                self._keys = _public(answer.json())
            except (httpx2.HTTPError, ValueError, KeyError, TypeError, JoseError):
                raise TokenError("Schlüssel des Ausstellers nicht erreichbar") from None
            return True


def judged(
    claims: Mapping[str, Any], *, issuer: str, audience: str, max_age: float = 0.0
) -> Mapping[str, Any]:
    """The same claims, if they come from ``issuer``, are meant for ``audience`` and hold now.

    ``max_age`` is the most seconds since the token was made, 0: only its own end counts.

    Raises:
        TokenError: the German reason.
    """
    if claims.get("iss") != issuer:
        raise TokenError("falscher Aussteller")
    audiences = claims.get("aud")
    if audience not in (audiences if isinstance(audiences, list) else [audiences]):
        raise TokenError("für eine andere Anwendung ausgestellt")
    now = time.time()
    made, end = _moment(claims, "iat"), _moment(claims, "exp")
    begin = _moment(claims, "nbf") if "nbf" in claims else made
    if end <= now - LEEWAY or (max_age and made <= now - LEEWAY - max_age):
        raise TokenError("abgelaufen")
    if max(begin, made) > now + LEEWAY:
        raise TokenError("noch nicht gültig")
    return claims


def _moment(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TokenError(f"ohne Zeitangabe {name}")
    return float(value)


def _public(keys: Any) -> KeySet:  # noqa: ANN401 whatever the address answered
    """The keys of a JWKS that can check a signature; others may stand beside them."""
    usable = [
        key
        for key in keys["keys"]
        if key.get("kty") in ("RSA", "EC", "OKP") and key.get("use", "sig") == "sig"
    ]
    if not usable:
        raise ValueError
    return KeySet.import_key_set({"keys": usable})


def _read(file: Path) -> Keys:
    """A public key (PEM), a set of them (JWKS) or a secret that both sides know, by what the file holds.

    Raises:
        SettingsError: the sentence names neither path nor content.
    """
    try:
        text = file.read_text(encoding="utf-8-sig").strip()
    except (OSError, UnicodeDecodeError):
        raise SettingsError("die Datei lässt sich nicht lesen") from None
    if "PRIVATE KEY" in text:
        raise SettingsError("die Datei hält einen privaten Schlüssel; nötig ist der öffentliche")
    try:
        if text.startswith("-----"):
            return _from_pem(text)
        if text.startswith("{"):
            return _public(json.loads(text))
    except (JoseError, ValueError, KeyError, TypeError, AttributeError):
        raise SettingsError("die Datei hält keinen öffentlichen Schlüssel (PEM oder JWKS)") from None
    if len(text) < SHORTEST_SECRET:
        raise SettingsError(f"die Datei braucht mindestens {SHORTEST_SECRET} Zeichen oder einen Schlüssel")
    return OctKey.import_key(text)


def _from_pem(text: str) -> RSAKey | ECKey | OKPKey:
    for kind in (RSAKey, ECKey, OKPKey):
        try:
            return kind.import_key(text)
        except (JoseError, ValueError, TypeError):
            continue
    raise ValueError
