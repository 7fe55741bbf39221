"""Which signatures are believed: of our keys, in the way that they allow, from that issuer, for us, and now."""

from __future__ import annotations

import base64
import hmac
import json
import time
from pathlib import Path

import pytest
from joserfc.jwk import ECKey, OctKey

from portalkompass.settings import SettingsError
from portalkompass.ui.auth.provider.signed_tokens import TokenError, TokenKeys, judged
from tests.ui.auth.provider.tokens import key_server, rsa, token

SECRET = "nur der Zugang und die App kennen diese Zeichen"
KEY = rsa()
OURS = {"issuer": "https://zugang.example", "audience": "portalkompass"}


def of_file(folder: Path, text: str) -> TokenKeys:
    (folder / "schluessel").write_text(text, encoding="utf-8")
    return TokenKeys(str(folder / "schluessel"))


@pytest.fixture
def keys(tmp_path: Path) -> TokenKeys:
    return of_file(tmp_path, KEY.as_pem(private=False).decode())


def by_hand(claims: str, algorithm: str, secret: bytes = b"") -> str:
    """A token that no library would make: unsigned, or signed with a public key as if it were a secret."""
    parts = [base64.urlsafe_b64encode(part.encode()) for part in (f'{{"alg":"{algorithm}"}}', claims)]
    signed = hmac.digest(secret, b".".join(part.rstrip(b"=") for part in parts), "sha256") if secret else b""
    return ".".join(part.decode().rstrip("=") for part in (*parts, base64.urlsafe_b64encode(signed)))


def test_public_keys_and_shared_secrets_are_told_apart_by_the_file(tmp_path: Path) -> None:
    curve = ECKey.generate_key("P-256")
    jwks = json.dumps({"keys": [KEY.as_dict(private=False), {"kty": "oct", "k": "c2VjcmV0"}]})
    for text, made in (
        (KEY.as_pem(private=False).decode(), token(KEY)),
        (curve.as_pem(private=False).decode(), token(curve, algorithm="ES256")),
        (jwks, token(KEY)),
        (f"{SECRET}\n", token(OctKey.import_key(SECRET), algorithm="HS256")),
        (f"\ufeff{SECRET}\r\n", token(OctKey.import_key(SECRET), algorithm="HS256")),
        ("\ufeff" + KEY.as_pem(private=False).decode(), token(KEY)),
        ("\ufeff" + jwks, token(KEY)),
    ):
        assert of_file(tmp_path, text).claims(made)["sub"] == "lena"


@pytest.mark.parametrize(
    "text",
    ["", "kurz", "{}", '{"keys": []}', '{"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}', "-----BEGIN PUBLIC KEY-----\nx",
     KEY.as_pem(private=True).decode()],
)  # fmt: skip
def test_a_file_of_no_use_is_named_without_its_content(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError) as fault:
        of_file(tmp_path, text)
    assert str(fault.value).startswith("die Datei ")
    assert not text or text not in str(fault.value)
    with pytest.raises(SettingsError, match="nicht lesen"):
        TokenKeys(str(tmp_path / "fehlt"))


def test_nothing_unsigned_foreign_or_signed_with_the_public_key_is_believed(keys: TokenKeys) -> None:
    claims = json.dumps(keys.claims(token(KEY)))
    head, body, signature = token(KEY).split(".")
    other_body = base64.urlsafe_b64encode(claims.replace("lena", "anna").encode()).decode().rstrip("=")
    for wrong in (
        "",
        "Unsinn",
        by_hand(claims, "none"),
        f"{head}.{body}.",
        f"{head}.{other_body}.{signature}",
        token(rsa()),
        by_hand(claims, "HS256", KEY.as_pem(private=False)),
        by_hand(claims, "HS256", KEY.as_pem(private=False).strip()),
        token(KEY) + "x",
    ):
        with pytest.raises(TokenError, match="Signatur ungültig"):
            keys.claims(wrong)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"iss": "https://anderswo.example"}, "Aussteller"),
        ({"iss": None}, "Aussteller"),
        ({"aud": "anderes"}, "andere Anwendung"),
        ({"aud": ["anderes", "weiteres"]}, "andere Anwendung"),
        ({"aud": None}, "andere Anwendung"),
        ({"exp": int(time.time()) - 11}, "abgelaufen"),
        ({"iat": int(time.time()) - 320}, "abgelaufen"),
        ({"exp": None}, "ohne Zeitangabe exp"),
        ({"iat": None}, "ohne Zeitangabe iat"),
        ({"exp": True}, "ohne Zeitangabe exp"),
        ({"iat": int(time.time()) + 36_000, "exp": int(time.time()) + 36_300}, "noch nicht"),
        ({"nbf": int(time.time()) + 36_000}, "noch nicht"),
    ],
)
def test_a_signed_token_is_judged_by_what_it_says(
    keys: TokenKeys, change: dict[str, object], reason: str
) -> None:
    assert judged(keys.claims(token(KEY, aud=["x", "portalkompass"])), max_age=300, **OURS)["sub"] == "lena"  # type: ignore[arg-type]
    with pytest.raises(TokenError, match=reason):
        judged(keys.claims(token(KEY, **change)), max_age=300, **OURS)  # type: ignore[arg-type]


def test_keys_of_an_address_are_asked_for_again_when_they_change_but_not_with_every_token(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = [rsa("eins")]
    with key_server(held) as address:
        keys = TokenKeys(address)
        assert keys.claims(token(held[0]))["sub"] == "lena"
        held[0] = rsa("zwei")
        with pytest.raises(TokenError, match="Signatur"):
            keys.claims(token(held[0]))
        later = time.monotonic() + 61
        monkeypatch.setattr("portalkompass.ui.auth.provider.signed_tokens.time.monotonic", lambda: later)
        assert keys.claims(token(held[0]))["sub"] == "lena"
        with pytest.raises(TokenError, match="Signatur"):
            keys.claims(token(rsa("drei")))
    with pytest.raises(TokenError, match="nicht erreichbar"):
        TokenKeys(address).claims(token(held[0]))
