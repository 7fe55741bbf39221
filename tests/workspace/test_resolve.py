from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portalkompass.workspace import ServiceLink, conflicts, dead_links, resolve_pages, resolve_queries
from portalkompass.workspace.links import patterns, resolve

HOST = "https://portal.leverkusen.example"


def page(match: str, pattern: str, service: str, share: float = 1.0, id: int = 0) -> ServiceLink:
    target = "leistung" if service else "keine_leistung"
    return ServiceLink(target, "url", match, pattern, service_id=service, share=share, id=id)


def query(match: str, pattern: str, service: str) -> ServiceLink:
    return ServiceLink(
        "leistung" if service else "keine_leistung", "query", match, pattern, service_id=service
    )


def rows(frame: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    return list(frame[list(columns)].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("match", "pattern", "path", "hit"),
    [
        ("exact", "/leistung/wohngeld", "/leistung/wohngeld", True),
        ("exact", "/leistung/wohngeld", "/leistung/wohngeld-plus", False),
        ("exact", "/Leistung/Wohngeld", "/leistung/WOHNGELD", True),
        ("exact", "/leistung/wohngeld", "/leistung/wohngeld?id=3", True),
        ("prefix", "/leistung/", "/leistung/wohngeld", True),
        ("prefix", "/wohngeld", "/leistung/wohngeld", False),
        ("contains", "wohngeld", "/leistung/pflegewohngeld", True),
        ("contains", "leverkusen", "/leistung/x", False),
        ("exact", "/leistung/müllabfuhr", "/leistung/Muellabfuhr", True),
        ("prefix", "/leistung/strassen", "/leistung/straßenreinigung", True),
        ("regex", "stra(ß|ss)en[-_]amt", "/leistung/strassen-amt", True),
        ("regex", "führer", "/leistung/fuehrerschein", True),
        ("contains", "müll", "/leistung/mull", False),
        ("exact", "/leistung//hund/index.html", "/leistung/hund", True),
        ("contains", "prüfung", "/fischerpr%C3%BCfung", True),
        ("regex", "(^|[/-])wohngeld([/-]|$)", "/leistung/pflegewohngeld", False),
        ("regex", "(^|[/-])WOHNGELD([/-]|$)", "/leistung/wohngeld", True),
    ],
)
def test_patterns_match_paths_without_regard_to_case(match: str, pattern: str, path: str, hit: bool) -> None:
    found = resolve_pages([HOST + path], [page(match, pattern, "s")])
    assert rows(found, "url", "service", "share") == ([(HOST + path, "s", 1.0)] if hit else [])


def test_a_url_reaches_a_service_once_by_its_most_specific_link() -> None:
    links = [
        page("regex", "hund", "h", id=1),
        page("contains", "hund", "h", 0.4, id=2),
        page("contains", "hundesteuer", "h", 0.5, id=3),
        page("contains", "teuer-hund", "x", id=4),
    ]
    found = resolve_pages([f"{HOST}/hundesteuer"], links)
    assert rows(found, "service", "match", "link_id", "share") == [("h", "contains", 3, 0.5)]


def test_shares_of_one_kind_are_scaled_down_in_proportion_and_reported() -> None:
    links = [page("contains", "amt", "a", 1.0, id=1), page("contains", "geld", "b", 0.6, id=2)]
    found = resolve_pages([f"{HOST}/amt-geld"], links)
    assert rows(found, "service", "share") == [("a", 0.625), ("b", 0.375)]
    assert rows(conflicts([f"{HOST}/amt-geld"], links), "service", "wanted_share", "share", "reason") == [
        ("a", 1.0, 0.625, "geteilt"),
        ("b", 0.6, 0.375, "geteilt"),
    ]


def test_a_more_specific_kind_is_served_first() -> None:
    links = [
        page("exact", "/pflegewohngeld", "pflege", 0.75, id=1),
        page("contains", "wohngeld", "wohn", 1.0, id=2),
        page("regex", "geld$", "geld", 1.0, id=3),
    ]
    url = f"{HOST}/pflegewohngeld"
    assert rows(resolve_pages([url], links), "service", "share") == [("pflege", 0.75), ("wohn", 0.25)]
    assert rows(conflicts([url], links), "service", "share", "reason") == [
        ("geld", 0.0, "überdeckt"),
        ("wohn", 0.25, "geteilt"),
    ]


def test_shares_that_fit_stay_as_they_are() -> None:
    links = [page("contains", "amt", "a", 0.5), page("regex", "geld", "b", 0.5)]
    assert rows(resolve_pages([f"{HOST}/amt-geld"], links), "service", "share") == [("a", 0.5), ("b", 0.5)]
    assert conflicts([f"{HOST}/amt-geld"], links).empty


@pytest.mark.parametrize(
    ("mark", "service", "targets"),
    [
        ("exact", "prefix", ["keine_leistung"]),
        ("prefix", "contains", ["keine_leistung"]),
        ("prefix", "prefix", ["keine_leistung"]),
        ("contains", "exact", ["leistung"]),
        ("regex", "contains", ["leistung"]),
    ],
)
def test_no_service_counts_unless_a_service_matches_more_specifically(
    mark: str, service: str, targets: list[str]
) -> None:
    links = [page(mark, "/amt", ""), page(service, "/amt", "s")]
    assert list(resolve_pages([f"{HOST}/amt"], links)["target"]) == targets


def test_the_row_of_staff_pages_can_be_marked() -> None:
    found = resolve_pages(["(Mitarbeiterseiten)"], [page("contains", "(mitarbeiterseiten)", "")])
    assert rows(found, "url", "target") == [("(Mitarbeiterseiten)", "keine_leistung")]


def test_queries_may_ask_for_several_services_and_exclusions_hold() -> None:
    links = [
        query("contains", "hund", "hundesteuer"),
        query("contains", "halten", "haustierhaltung"),
        query("exact", "hund entlaufen", ""),
        page("contains", "hund", "seite"),
    ]
    found = resolve_queries(["Hund halten", "hund entlaufen", "katze"], links)
    assert rows(found, "query", "service") == [
        ("Hund halten", "haustierhaltung"),
        ("Hund halten", "hundesteuer"),
        ("hund entlaufen", ""),
    ]


def test_links_that_match_nothing_are_dead() -> None:
    alive, dead, asked, silent = (
        page("contains", "hund", "h"),
        page("contains", "katze", "k"),
        query("contains", "angel", "f"),
        query("contains", "hund", "h"),
    )
    assert dead_links([f"{HOST}/hund"], ["angelschein"], [alive, dead, asked, silent]) == [dead, silent]


@pytest.mark.parametrize("size", [1, 2, 100])
def test_dead_links_are_the_same_however_many_texts_are_looked_at_at_a_time(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolve, "TEXTS_AT_A_TIME", size)
    words = [f"wort {number}" for number in range(7)]
    asked = [query("exact", word, "s") for word in (*words, "fehlt")]
    assert dead_links([], words, asked) == asked[-1:]


@pytest.mark.parametrize("together", [1, 2, 50])
@pytest.mark.parametrize(
    "expressions",
    [
        ["a|b", "^müll$", "(?i)HUND", "strasse?n?", "fehlt"],
        [r"\Qa|b(", "b", "hund"],  # unclosed: quotes all that follows
        ["(?P<one>a)", "(?P<one>b)", "hund"],  # the same name
        ["hund", r"a\pL{300}", r"b\pL{300}"],  # too large together
        ["fehlt", "fehlt auch"],
    ],
)
def test_patterns_looked_for_together_find_what_each_finds_alone(
    together: int, expressions: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patterns, "TOGETHER", together)
    texts = patterns.Texts(["Hund", "a|b(", "b", "Müll", "Straßen", "hundehaltung", ""])
    asked = [("contains", "hund"), *(("regex", expression) for expression in expressions), ("exact", "b")]
    found = [places.tolist() for places in texts.matching_each(asked)]
    assert found == [texts.matching(*pattern).tolist() for pattern in asked]
    assert found[0] == [0, 5]


@pytest.mark.parametrize(("urls", "links"), [([], [page("exact", "/a", "s")]), ([HOST], []), ([], [])])
def test_nothing_to_resolve_is_an_empty_table(urls: list[str], links: list[ServiceLink]) -> None:
    found = resolve_pages(urls, links)
    assert found.empty
    assert list(found.columns) == ["url", "target", "service", "share", "match", "link_id"]
    assert found["share"].dtype == "float64"
    assert conflicts(urls, links).empty
    assert resolve_queries(urls, links).empty


any_link = st.builds(
    page,
    st.sampled_from(["exact", "prefix", "contains", "regex"]),
    st.sampled_from(["/a", "/ab", "/b", "/a/b"]),
    st.sampled_from(["", "s", "t", "u"]),
    st.floats(0.01, 1),
)


@given(st.lists(any_link, max_size=8), st.randoms())
def test_shares_never_exceed_one_and_order_does_not_matter(links: list[ServiceLink], random: Any) -> None:
    links = [ServiceLink(**{**_fields(link), "id": number}) for number, link in enumerate(links)]
    urls = [HOST + path for path in ("/a", "/ab", "/b", "/a/b", "/c")]
    found = resolve_pages(urls, links)
    assert found.groupby("url")["share"].sum().le(1 + 1e-9).all()
    assert not found.duplicated(["url", "service"]).any()
    random.shuffle(urls)
    pd.testing.assert_frame_equal(resolve_pages(urls, links), found)


def _fields(link: ServiceLink) -> dict[str, Any]:
    return {name: getattr(link, name) for name in ServiceLink.__dataclass_fields__}


def test_fifty_thousand_urls_and_three_hundred_links_are_resolved() -> None:
    kinds = ("exact", "prefix", "contains", "regex")
    links = [page(kinds[n % 4], f"/wort{n}/", f"s{n}", id=n) for n in range(300)]
    urls = [f"{HOST}/wort{n % 600}/seite-{n}" for n in range(50_000)]
    found = resolve_pages(urls, links)
    assert len(found) == 83 * 225 + 150  # 83 full rounds of 600 and 200 more; whole paths never match
