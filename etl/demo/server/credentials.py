"""A throw-away service account whose tokens come from the stand-in."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_EMAIL = "demo@portalkompass.example"
FILE_NAME = "dienstkonto-beispiel.json"


@lru_cache(maxsize=1)
def _private_key() -> str:
    """One key per process: it protects nothing, and making one takes a while."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode("ascii")


def write_credentials(folder: Path, token_uri: str) -> Path:
    """Write a service-account key file into `folder` (made if missing) and return its path."""
    account = {
        "type": "service_account",
        "project_id": "portalkompass-beispiel",
        "private_key_id": "beispiel",
        "private_key": _private_key(),
        "client_email": CLIENT_EMAIL,
        "client_id": "1",
        "token_uri": token_uri,
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE_NAME
    path.touch(mode=0o600)
    path.write_text(json.dumps(account, indent=2), encoding="utf-8")
    return path
