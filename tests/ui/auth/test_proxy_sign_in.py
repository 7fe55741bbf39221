"""Whom the app believes where a gate in front signs in people: the configured proxy, with a signature, for this app."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from starlette.requests import HTTPConnection
from starlette.types import Scope

from portalkompass.settings import Login, SettingsError, TrustedProxy
from portalkompass.ui.auth.identity import COOKIE, SECONDS_OF_WORK, open_oidc, person_of
from portalkompass.ui.auth.provider.signed_tokens import TokenError
from portalkompass.ui.auth.proxy_sign_in import ProxySignIn
from portalkompass.ui.auth.revoked_sessions import REVOKED
from portalkompass.ui.auth.roles import Person
from tests.ui.auth.provider.tokens import rsa, token

KEY = rsa()
HEADER = "X-Portalkompass-Person"
PROXY = "10.1.1.1"


def login(folder: Path, **changes: object) -> Login:
    """Settings of a proxy that signs with ``KEY``; changes are those of ``login.proxy``."""
    (folder / "zugang.pem").write_bytes(KEY.as_pem(private=False))
    proxy = {
        "keys": str(folder / "zugang.pem"),
        "issuer": "https://zugang.example",
        "audience": "portalkompass",
    }
    return Login(
        mode="proxy",
        address="https://pk.stadt.example/portalkompass",
        proxies=(PROXY,),
        read=("lesen",),
        administer=("verwalten",),
        proxy=TrustedProxy(**proxy | changes),  # type: ignore[arg-type]
    )


def sign_in(
    gate: ProxySignIn, settings: Login, *headers: tuple[str, str], peer: str = PROXY
) -> Person | None:
    """Who comes in with these headers from this peer."""
    scope = gate.signed_in(asking(*headers), peer)
    return person_of(HTTPConnection(scope).cookies, open_oidc(settings))


def asking(*headers: tuple[str, str]) -> Scope:
    raw = [(name.lower().encode(), value.encode()) for name, value in headers]
    return {"type": "http", "path": "/", "method": "GET", "headers": raw}


def test_the_statement_is_the_person_with_name_groups_and_an_end(tmp_path: Path) -> None:
    settings = login(tmp_path)
    gate = ProxySignIn(open_oidc(settings))
    for written in ("{}", "Bearer {}"):
        made = written.format(token(KEY, name="Lena", groups=["lesen"]))
        person = sign_in(gate, settings, (HEADER, made))
        assert person is not None
        assert (person.name, person.account, person.highest) == ("Lena", "lena", "Lesen")
        assert abs(person.until - time.time() - 15 * 60 - SECONDS_OF_WORK) < 5
    changed = sign_in(gate, settings, (HEADER, token(KEY, name="Lena", groups=["verwalten"])))
    assert changed is not None
    assert changed.highest == "Verwalten", "the next request brings the roles of today"


def test_nobody_brings_a_login_of_his_own(tmp_path: Path) -> None:
    settings = login(tmp_path)
    gate = ProxySignIn(open_oidc(settings))
    best = HTTPConnection(gate.signed_in(asking((HEADER, token(KEY, groups=["verwalten"]))), PROXY)).cookies[
        COOKIE
    ]
    brought = f"a=1; {COOKIE}={best}; {COOKIE}_1=x; b=2"
    person = sign_in(gate, settings, ("Cookie", brought), (HEADER, token(KEY, groups=["lesen"])))
    assert person is not None
    assert person.highest == "Lesen"
    left = HTTPConnection(gate.anonymous(asking(("Cookie", brought), (HEADER, "x"))))
    assert left.cookies == {"a": "1", "b": "2"}
    assert HEADER not in left.headers


@pytest.mark.parametrize("peer", ["10.9.9.9", "127.0.0.1", ""])
def test_a_good_statement_from_elsewhere_is_refused(tmp_path: Path, peer: str) -> None:
    settings = login(tmp_path)
    with pytest.raises(TokenError, match="nicht vom eingetragenen Proxy"):
        sign_in(ProxySignIn(open_oidc(settings)), settings, (HEADER, token(KEY, groups=["lesen"])), peer=peer)


def test_what_is_missing_twice_unsigned_late_or_for_others_is_refused(tmp_path: Path) -> None:
    settings = login(tmp_path, max_age_seconds=300)
    gate = ProxySignIn(open_oidc(settings))
    good, now = token(KEY, groups=["verwalten"]), int(time.time())
    for headers, reason in (
        ((), "ohne Angabe"),
        (((HEADER, good), (HEADER, good)), "mehrere"),
        (((HEADER, "lena"),), "Signatur"),
        (((HEADER, token(rsa(), groups=["verwalten"])),), "Signatur"),
        (((HEADER, token(KEY, exp=now - 60)),), "abgelaufen"),
        (((HEADER, token(KEY, iat=now - 900, exp=now + 900)),), "abgelaufen"),
        (((HEADER, token(KEY, aud="anderes")),), "andere Anwendung"),
        (((HEADER, token(KEY, iss="https://x.example")),), "Aussteller"),
        (((HEADER, token(KEY, sub=None)),), "ohne Kennung"),
    ):
        with pytest.raises(TokenError, match=reason):
            sign_in(gate, settings, *headers)


def test_a_statement_for_one_request_is_believed_once(tmp_path: Path) -> None:
    settings = login(tmp_path, single_use=True)
    gate = ProxySignIn(open_oidc(settings))
    for number in range(3):
        made = token(KEY, groups=["lesen"], jti=f"nummer {number}")
        assert sign_in(gate, settings, (HEADER, made)) is not None
        with pytest.raises(TokenError, match="schon einmal"):
            sign_in(gate, settings, (HEADER, made))
    with pytest.raises(TokenError, match="ohne jti"):
        sign_in(gate, settings, (HEADER, token(KEY, groups=["lesen"])))


def test_a_session_that_was_ended_stays_ended_with_the_next_statement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTALKOMPASS_DATA_DIR", str(tmp_path))
    settings = login(tmp_path)
    gate = ProxySignIn(open_oidc(settings))
    person = sign_in(gate, settings, (HEADER, token(KEY, groups=["lesen"], sid="eins")))
    assert person is not None
    REVOKED.add(person.session, time.time() + 60)
    with pytest.raises(TokenError, match="Sitzung beendet"):
        sign_in(gate, settings, (HEADER, token(KEY, groups=["verwalten"], sid="eins")))
    assert sign_in(gate, settings, (HEADER, token(KEY, groups=["lesen"], sid="zwei"))) is not None


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"keys": ""}, "login.proxy.keys"),
        ({"keys": "/nirgends"}, "login.proxy.keys"),
        ({"keys": "http://zugang.example/jwks"}, "https://"),
        ({"keys": "ftp://zugang.example/jwks"}, "https://"),
        ({"issuer": ""}, "login.proxy.issuer"),
        ({"audience": ""}, "login.proxy.audience"),
    ],
)
def test_a_proxy_that_is_not_complete_is_refused_with_the_name_of_the_key(
    tmp_path: Path, change: dict[str, object], named: str
) -> None:
    with pytest.raises(SettingsError, match=named):
        ProxySignIn(open_oidc(login(tmp_path, **change)))
    without = login(tmp_path).model_copy(update={"proxies": ()})
    with pytest.raises(SettingsError, match=r"login\.proxies"):
        ProxySignIn(open_oidc(without))
