"""Cookies, roles and places: what is believed, and what is not."""

import json
import re
import time
from dataclasses import replace

import pytest
from itsdangerous import URLSafeTimedSerializer
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from portalkompass.settings import Login, PropertyAccess, SettingsError
from portalkompass.ui.auth import deep_link, login_pages
from portalkompass.ui.auth.identity import COOKIE, OidcConfig, open_oidc, person_of
from portalkompass.ui.auth.revoked_sessions import REVOKED
from portalkompass.ui.auth.roles import LADDER, Person, groups_in, needed_for, roles_of, sites_of
from portalkompass.workspace import Action
from tests.hostile.texts import TEXTS

SECRET = "a" * 40
LOGIN = Login(
    metadata_url="https://konto.stadt.example/.well-known/openid-configuration",
    address="https://pk.stadt.example/portalkompass",
    client_id="portalkompass",
    read=("lesen",),
    edit=("bearbeiten",),
    moderate=("moderieren",),
    administer=("verwalten",),
)
ENTRANCE = OidcConfig(LOGIN, "geheim", SECRET)
PLAIN = login_pages.without_role(Person("Lena", frozenset(), None, 0.0), ENTRANCE).body.decode()
CLAIMS = {"origin": "https://pk.stadt.example", "is_logged_in": True, "name": "Lena", "groups": ["lesen"]}


def cookie(claims, secret=SECRET, name=COOKIE):
    """As Streamlit itself signs it."""
    return create_signed_value(secret, name, json.dumps(claims)).decode()


def test_a_cookie_that_streamlit_signed_names_the_person_until_the_session_ends():
    person = person_of({COOKIE: cookie(CLAIMS)}, ENTRANCE)
    assert (person.name, person.roles, person.sites) == ("Lena", frozenset(["read"]), None)
    assert abs(person.until - time.time() - 10 * 3600) < 5


@pytest.mark.parametrize(
    "cookies",
    [
        {},
        {COOKIE: ""},
        {COOKIE: "1"},
        {COOKIE: json.dumps(CLAIMS)},
        {COOKIE: cookie(CLAIMS, secret="b" * 40)},
        {COOKIE: cookie(CLAIMS, name="_streamlit_user_tokens")},
        {COOKIE: cookie(CLAIMS)[:-2]},
        {COOKIE: cookie(CLAIMS | {"origin": "https://anderswo.example"})},
        {COOKIE: cookie({name: value for name, value in CLAIMS.items() if name != "origin"})},
        {COOKIE: cookie(CLAIMS | {"is_logged_in": False})},
        {COOKIE: cookie(CLAIMS | {"is_logged_in": 1})},
        {COOKIE: cookie([1])},
        {COOKIE: create_signed_value(SECRET, COOKIE, "{").decode()},
        {COOKIE: create_signed_value(SECRET, COOKIE, "chunks-2").decode()},
        {"_streamlit_user_tokens": cookie(CLAIMS)},
    ],
    ids=[
        "none",
        "empty",
        "a word",
        "unsigned",
        "foreign secret",
        "signed for another cookie",
        "cut off",
        "of another origin",
        "without origin",
        "not logged in",
        "logged in as 1",
        "a list",
        "broken JSON",
        "a part without its parts",
        "under another name",
    ],
)
def test_a_cookie_that_is_merely_present_opens_nothing(cookies):
    assert person_of(cookies, ENTRANCE) is None


def test_the_session_ends_with_its_length_whatever_the_browser_keeps(monkeypatch):
    kept = {COOKIE: cookie(CLAIMS)}
    later = time.time() + 10 * 3600 + 5
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)
    assert person_of(kept, ENTRANCE) is None


def test_a_long_list_of_groups_is_put_together_from_its_parts():
    claims = CLAIMS | {"groups": [f"gruppe-{number}" for number in range(900)] + ["verwalten"]}
    text = json.dumps(claims)
    parts = [text[start : start + 3000] for start in range(0, len(text), 3000)]
    jar = {COOKIE: create_signed_value(SECRET, COOKIE, f"chunks-{len(parts)}").decode()}
    for number, part in enumerate(parts, start=1):
        name = f"{COOKIE}_{number}"
        jar[name] = create_signed_value(SECRET, name, part).decode()
    assert person_of(jar, ENTRANCE).roles == frozenset(LADDER)
    swapped = jar | {f"{COOKIE}_1": jar[f"{COOKIE}_2"]}
    assert person_of(swapped, ENTRANCE) is None


def test_a_login_that_was_ended_stays_ended(tmp_path, monkeypatch):
    monkeypatch.setenv("PORTALKOMPASS_DATA_DIR", str(tmp_path))
    jar = {COOKIE: cookie(CLAIMS | {"nonce": "einmal"})}
    person = person_of(jar, ENTRANCE)
    REVOKED.add(person.key, person.until)
    assert person_of(jar, ENTRANCE) is None
    assert person_of({COOKIE: cookie(CLAIMS | {"nonce": "zweimal"})}, ENTRANCE).name == "Lena"


@pytest.mark.parametrize(
    ("groups", "highest"),
    [
        (["lesen"], 1),
        (["bearbeiten"], 2),
        (["lesen", "moderieren"], 3),
        (["verwalten"], 4),
        (["Lesen"], 0),
        ([], 0),
    ],
)
def test_the_highest_group_counts_and_brings_the_lower_roles(groups, highest):
    assert roles_of(groups, LOGIN) == frozenset(LADDER[:highest])


@pytest.mark.parametrize(
    ("claims", "path", "groups"),
    [
        ({"groups": ["a", "b"]}, "groups", ("a", "b")),
        ({"groups": "a"}, "groups", ("a",)),
        ({"realm_access": {"roles": ["a"]}}, "realm_access.roles", ("a",)),
        ({"https://x.example/groups": ["a"]}, "https://x.example/groups", ("a",)),
        ({"groups": ["a", 1, None]}, "groups", ("a",)),
        ({"groups": {"a": 1}}, "groups", ()),
        ({}, "realm_access.roles", ()),
        ({"realm_access": "roles"}, "realm_access.roles", ()),
    ],
)
def test_groups_are_found_where_the_setting_says(claims, path, groups):
    assert groups_in(claims, path) == groups


def test_properties_are_shared_out_by_group():
    login = LOGIN.model_copy(
        update={
            "properties": (
                PropertyAccess(group="nord", sites=("a", "b")),
                PropertyAccess(group="süd", sites=("c",)),
            )
        }
    )
    assert sites_of(["lesen"], LOGIN) is None
    assert sites_of(["lesen"], login) == frozenset()
    assert sites_of(["nord", "süd"], login) == {"a", "b", "c"}


@pytest.mark.parametrize(
    "place",
    [
        "https://evil.example/portalkompass/",
        "//evil.example/portalkompass/",
        "/\\evil.example",
        "/portalkompass/\\\\evil",
        "/portalkompass/x\r\nSet-Cookie: a=b",
        "/portalkompass",
        "/anderes/seiten",
        "/portalkompass/anmelden/los",
        "/portalkompass/" + "x" * 3000,
        "",
    ],
)
def test_only_places_of_this_app_are_remembered(place):
    assert not deep_link.is_ours(place, ENTRANCE)
    signed = URLSafeTimedSerializer(SECRET, salt=deep_link.COOKIE).dumps(place)
    assert deep_link.remembered({deep_link.COOKIE: signed}, ENTRANCE) == "/portalkompass/"


def test_a_place_is_only_believed_with_a_signature():
    place = "/portalkompass/seiten?zeitraum=Letzte+28+Tage"
    signed = URLSafeTimedSerializer(SECRET, salt=deep_link.COOKIE).dumps(place)
    assert deep_link.remembered({deep_link.COOKIE: signed}, ENTRANCE) == place
    assert deep_link.remembered({deep_link.COOKIE: place}, ENTRANCE) == "/portalkompass/"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"metadata_url": ""}, "metadata_url"),
        ({"metadata_url": "http://konto.stadt.example/x"}, "metadata_url"),
        ({"address": "http://pk.stadt.example"}, "address"),
        ({"address": "https://pk.stadt.example/?a"}, "address"),
        ({"client_id": ""}, "client_id"),
        ({"client_secret_file": ""}, "client_secret_file"),
        ({"client_secret_file": "/nirgends"}, "client_secret_file"),
        ({"read": (), "edit": (), "moderate": (), "administer": ()}, "Rolle"),
    ],
)
def test_a_login_that_is_not_complete_is_refused_with_the_name_of_the_key(tmp_path, change, named):
    files = {}
    for name, text in (("client_secret_file", "geheim"), ("cookie_secret_file", SECRET)):
        (tmp_path / name).write_text(text + "\n", encoding="utf-8")
        files[name] = str(tmp_path / name)
    assert open_oidc(LOGIN.model_copy(update=files)).cookie_secret == SECRET
    with pytest.raises(SettingsError, match=named) as fault:
        open_oidc(LOGIN.model_copy(update=files | change))
    assert "geheim" not in str(fault.value)


def test_secrets_that_an_editor_of_windows_saved_are_the_same_secrets(tmp_path):
    files = {}
    for name, text in (("client_secret_file", "geheim"), ("cookie_secret_file", SECRET)):
        (tmp_path / name).write_bytes(f"{text}\r\n".encode("utf-8-sig"))
        files[name] = str(tmp_path / name)
    entrance = open_oidc(LOGIN.model_copy(update=files))
    assert (entrance.client_secret, entrance.cookie_secret) == ("geheim", SECRET)


def test_a_short_cookie_secret_is_refused(tmp_path):
    (tmp_path / "kurz").write_text("kurz", encoding="utf-8")
    files = {"client_secret_file": str(tmp_path / "kurz"), "cookie_secret_file": str(tmp_path / "kurz")}
    with pytest.raises(SettingsError, match="32 Zeichen"):
        open_oidc(LOGIN.model_copy(update=files))


def test_secrets_show_nowhere_in_the_text_of_the_object():
    assert "geheim" not in repr(ENTRANCE)
    assert SECRET not in repr(replace(ENTRANCE))


@pytest.mark.parametrize(
    ("action", "role"),
    [
        (Action.LINK, "edit"),
        (Action.EDIT_SCENARIO, "moderate"),
        (Action.SHOW_BALLOTS, "moderate"),
        (Action.EDIT_PROFILE, "administer"),
    ],
)
def test_a_write_needs_the_role_of_its_kind_and_one_that_is_not_listed_the_highest(action, role):
    assert needed_for(action) == role


@pytest.mark.parametrize("number", range(0, len(TEXTS), 25))
def test_a_hostile_name_is_one_harmless_line(number):
    for text in TEXTS[number : number + 25]:
        person = person_of({COOKIE: cookie(CLAIMS | {"name": text, "nonce": text})}, ENTRANCE)
        assert person.name.isprintable()
        assert 0 < len(person.name) <= 60
        page = login_pages.without_role(person, ENTRANCE).body.decode()
        tags = set(re.findall(r"<[^>]*", page)) - set(re.findall(r"<[^>]*", PLAIN))
        assert tags == set(), text


def test_a_name_of_nothing_but_control_characters_falls_back():
    assert person_of({COOKIE: cookie(CLAIMS | {"name": "\n\u202e", "sub": "lena"})}, ENTRANCE).name == "lena"
