"""The sign-in of the stand-in: OAuth 2 JWT-bearer grants in, short-lived tokens out."""

from __future__ import annotations

import base64
import binascii
import json
import secrets
import threading
import time
from urllib.parse import parse_qs

_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_PARTS_OF_A_JWT = 3


class TokenOffice:
    """Issues access tokens and knows which still hold; safe to share between threads."""

    def __init__(self, lifetime: float) -> None:
        self._lifetime = lifetime
        self._valid_until: dict[str, float] = {}
        self._lock = threading.Lock()

    def grant(self, form: bytes) -> tuple[int, bytes]:
        """Status and JSON body for a token request; 400 invalid_grant without a JWT that names its issuer."""
        fields = parse_qs(form.decode("utf-8", "replace"))
        if fields.get("grant_type", [""])[0] != _GRANT:
            return 400, _refusal("unsupported_grant_type", "Invalid grant_type")
        if not _issuer(fields.get("assertion", [""])[0]):
            return 400, _refusal("invalid_grant", "Invalid JWT: iss field missing.")
        token = "demo-" + secrets.token_hex(16)
        with self._lock:
            self._valid_until[token] = time.monotonic() + self._lifetime
        answer = {"access_token": token, "expires_in": int(self._lifetime), "token_type": "Bearer"}
        return 200, json.dumps(answer).encode()

    def holds(self, authorization: str) -> bool:
        """Whether an Authorization header carries a token that is still valid."""
        scheme, _, token = authorization.partition(" ")
        with self._lock:
            until = self._valid_until.get(token.strip(), 0.0)
        return scheme == "Bearer" and time.monotonic() < until

    def revoke_all(self) -> None:
        """All tokens stop to hold, as when an administrator disables the key."""
        with self._lock:
            self._valid_until.clear()


def _issuer(assertion: str) -> str:
    parts = assertion.split(".")
    if len(parts) != _PARTS_OF_A_JWT:
        return ""
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (binascii.Error, ValueError):
        return ""
    return str(claims.get("iss", "")) if isinstance(claims, dict) else ""


def _refusal(error: str, description: str) -> bytes:
    return json.dumps({"error": error, "error_description": description}).encode()
