"""What is asked from the OpenID provider besides the login itself: its metadata, its keys, what it says of a person."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any

import httpx2

from portalkompass.ui.auth.provider.signed_tokens import TIMEOUT, TokenKeys

KEPT_SECONDS = 3600.0
ENDED = (400, 401, 403)
"""Answers to a person's token that mean: it does not hold any more."""


class ProviderUnreachable(Exception):
    """The provider gave no usable answer; nothing follows from that about the person."""


class IdentityProvider:
    """The provider behind an address of metadata; its answer is kept for an hour."""

    def __init__(self, metadata_url: str) -> None:
        self._metadata_url = metadata_url
        self._turn = threading.Lock()
        self._metadata: Mapping[str, Any] = {}
        self._keys: TokenKeys | None = None
        self._read_at = float("-inf")

    @property
    def issuer(self) -> str:
        """The provider's name in its tokens. Blocks on the first call.

        Raises:
            ProviderUnreachable: the metadata cannot be read.
        """
        return str(self._known()[0]["issuer"])

    @property
    def keys(self) -> TokenKeys:
        """The keys it signs with. Blocks on the first call.

        Raises:
            ProviderUnreachable: the metadata cannot be read.
        """
        return self._known()[1]

    def person(self, access_token: str) -> Mapping[str, Any] | None:
        """What the provider says of the person now (userinfo); None if the token holds no more. Blocks.

        Raises:
            ProviderUnreachable: no usable answer.
        """
        address = str(self._known()[0].get("userinfo_endpoint", ""))
        try:
            answer = httpx2.get(
                address,
                headers={"Authorization": f"Bearer {access_token}"},
                timeout=TIMEOUT,
                follow_redirects=False,
            )
            if answer.status_code in ENDED:
                return None
            answer.raise_for_status()
            claims = answer.json()
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError):
            raise ProviderUnreachable from None
        if not isinstance(claims, dict):
            raise ProviderUnreachable
        return claims

    def _known(self) -> tuple[Mapping[str, Any], TokenKeys]:
        with self._turn:
            if self._keys is None or time.monotonic() - self._read_at > KEPT_SECONDS:
                try:
                    answer = httpx2.get(self._metadata_url, timeout=TIMEOUT, follow_redirects=False)
                    answer.raise_for_status()
                    metadata = answer.json()
                    keys = TokenKeys(metadata["jwks_uri"])
                    self._metadata = {"issuer": metadata["issuer"], **metadata}
                except (httpx2.HTTPError, ValueError, KeyError, TypeError):
                    raise ProviderUnreachable from None
                self._keys, self._read_at = keys, time.monotonic()
            return self._metadata, self._keys
