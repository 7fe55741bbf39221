"""One page, one spelling."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portalkompass.settings import PageKind
from portalkompass.urls import belongs_to, host_of, normalise, page_kind, path_of

HUND = "https://portal.leverkusen.example/leistung/hundesteuer"
KINDS = (
    PageKind(kind="Mitarbeiter", pattern="(?i)(^|/)mitarbeiter(/|$)"),
    PageKind(kind="Leistung", pattern="(?i)(^|/)leistung/."),
    PageKind(kind="Suche/Start", pattern="^/$"),
)

nasty_url = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["", "http://", "HTTPS://", "http:/", "//", "https://user@", "https://["]),
    st.text(max_size=12),
    st.sampled_from(["", ".de", ":443", ":x", "]", ".", "www."]),
    st.sampled_from(["", "/", "//", "/../", "/%2F%zz%C3%BC/", "/a;jsessionid=1", "?%75tm_a=1&b", "#"]),
    st.text(alphabet=st.characters(), max_size=20),
)


@pytest.mark.parametrize(
    "spelling",
    [
        "http://portal.leverkusen.example/leistung/hundesteuer",
        "https://www.portal.leverkusen.example/leistung/hundesteuer/",
        "HTTPS://Portal.Leverkusen.EXAMPLE:443/leistung/hundesteuer#kosten",
        "http://portal.leverkusen.example:80/leistung/hundesteuer//",
        "https://portal.leverkusen.example/leistung/hundesteuer?utm_source=brief&gclid=1&mtm_kwd=x&pk_vid=2",
        "https://portal.leverkusen.example/leistung/hundesteuer?fbclid=x&mc_cid=4&matomo_campaign=5",
        "https://portal.leverkusen.example/leistung/hundesteuer;jsessionid=0A1B2C",
        "https://portal.leverkusen.example/leistung/./alt/../hundesteuer",
        "https://portal.leverkusen.example//leistung///hundesteuer",
        "https://portal.leverkusen.example/leistung/hundesteuer/index.html",
        "https://portal.leverkusen.example/leistung//hundesteuer/Index.HTM#kosten",
        "portal.leverkusen.example/leistung/hundesteuer",
        "  https://user:geheim@portal.leverkusen.example/leistung/hundesteuer ",
    ],
)
def test_every_spelling_of_a_page_becomes_one(spelling: str) -> None:
    assert normalise(spelling) == HUND


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.de", "https://a.de/"),
        ("https://a.de/?b=2&a=1", "https://a.de/?a=1&b=2"),
        ("https://a.de/x?id=7&utm_medium=mail", "https://a.de/x?id=7"),
        ("https://a.de/gebühr", "https://a.de/geb%C3%BChr"),
        ("https://a.de/geb%c3%bchr", "https://a.de/geb%C3%BChr"),
        ("https://a.de/gebu\u0308hr", "https://a.de/geb%C3%BChr"),
        ("https://a.de/geb%75%cc%88hr?q=u%CC%88", "https://a.de/geb%C3%BChr?q=%C3%BC"),
        ("https://a.de/%E4%CC%88", "https://a.de/%E4%CC%88"),
        ("https://a.de/index.html?id=3", "https://a.de/?id=3"),
        ("https://a.de/index.php", "https://a.de/index.php"),
        ("https://a.de/index.html/x", "https://a.de/index.html/x"),
        ("https://a.de/mein-index.html", "https://a.de/mein-index.html"),
        ("https://a.de/Leistung", "https://a.de/Leistung"),
        ("https://a.de:8443/x", "https://a.de:8443/x"),
        ("https://www.de/x", "https://www.de/x"),
        ("(Mitarbeiterseiten)", "(Mitarbeiterseiten)"),
        ("/leistung/hund", "/leistung/hund"),
        ("mailto:amt@a.de", "mailto:amt@a.de"),
        ("", ""),
    ],
)
def test_what_is_kept_and_what_is_folded(url: str, expected: str) -> None:
    assert normalise(url) == expected


@given(st.one_of(st.text(max_size=60), nasty_url))
@example("https://a.de/%25%32%46")
@example("https://[::1/x")
@example("https://www.www.a.de/;jsessionid=1;jsessionid=2")
@example("https://a.de/?%75tm_source=1")
@example("https://a.de/\ud800")
@example("https://a.de/index.html//index.htm")
@example("https://a.de/a%CC%A3%CC%88u%CC%88%E4")
def test_normalising_twice_changes_nothing_and_nothing_raises(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert path_of(text) == path_of(once)
    assert host_of(text) == host_of(once)
    assert belongs_to(text, text) in (True, False)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        (HUND + "/?id=3", "/leistung/hundesteuer"),
        ("https://a.de", "/"),
        ("https://a.de/geb%C3%BChr", "/gebühr"),
        ("/leistung/hund/", "/leistung/hund"),
    ],
)
def test_the_path_is_what_people_read(url: str, path: str) -> None:
    assert path_of(url) == path


def test_the_host_is_normalised_too() -> None:
    assert host_of("http://WWW.Leverkusen.de:80/x") == "leverkusen.de"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/mitarbeiter/leistung/x", "Mitarbeiter"),
        ("/leistung/hund", "Leistung"),
        ("/leistung", "Sonstige"),
        ("/", "Suche/Start"),
    ],
)
def test_the_first_matching_page_kind_wins(path: str, kind: str) -> None:
    assert page_kind(path, KINDS) == kind


@pytest.mark.parametrize(
    ("url", "site", "expected"),
    [
        (HUND, "sc-domain:leverkusen.example", True),
        ("https://leverkusen.example/", "sc-domain:leverkusen.example", True),
        ("https://nicht-leverkusen.example/", "sc-domain:leverkusen.example", False),
        ("http://www.portal.leverkusen.example/x", "https://portal.leverkusen.example/", True),
        (HUND, "https://www.portal.leverkusen.example/", True),
        (HUND, "https://leverkusen.example/", False),
        (HUND, "https://portal.leverkusen.example/leistung/", True),
        (
            "https://portal.leverkusen.example/leistungen",
            "https://portal.leverkusen.example/leistung/",
            False,
        ),
        ("(Mitarbeiterseiten)", "https://portal.leverkusen.example/", False),
        (HUND, "", False),
    ],
)
def test_belonging_to_a_property(url: str, site: str, expected: bool) -> None:
    assert belongs_to(url, site) is expected
