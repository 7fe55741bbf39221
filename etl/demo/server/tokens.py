"""The sign-in of the stand-in: OAuth 2 JWT-bearer grants in, tokens out."""

from __future__ import annotations

import json
import secrets
from urllib.parse import parse_qs

from google.auth import jwt

from etl.demo.server.api_error import ApiError

_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_LIFETIME_SECONDS = 3600
"""What clients are told; the stand-in itself takes a token as long as it runs."""


class Tokens:
    """Access tokens that were handed out; safe to share between threads."""

    def __init__(self) -> None:
        self._valid: set[str] = set()

    def grant(self, form: bytes) -> bytes:
        """JSON with a new token for the form of a token request.

        Raises:
            ApiError: 400, the form has no JWT that names its issuer.
        """
        fields = parse_qs(form.decode("utf-8", "replace"))
        if fields.get("grant_type", [""])[0] != _GRANT:
            raise _rejected("unsupported_grant_type", "Invalid grant_type")
        if not _issuer(fields.get("assertion", [""])[0]):
            raise _rejected("invalid_grant", "Invalid JWT: iss field missing.")
        token = "demo-" + secrets.token_hex(16)
        self._valid.add(token)
        reply = {"access_token": token, "expires_in": _LIFETIME_SECONDS, "token_type": "Bearer"}
        return json.dumps(reply).encode()

    def holds(self, authorization: str) -> bool:
        """Whether an Authorization header carries a token that was handed out."""
        scheme, _, token = authorization.partition(" ")
        return scheme == "Bearer" and token.strip() in self._valid


def _issuer(assertion: str) -> str:
    try:
        claims = jwt.decode(assertion, verify=False)  # type: ignore[no-untyped-call]
    except ValueError:
        return ""
    return str(claims.get("iss", ""))


def _rejected(error: str, description: str) -> ApiError:
    return ApiError(400, {"error": error, "error_description": description})
