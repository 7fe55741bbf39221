"""One folding of words, and the expression that finds what it makes one."""

from __future__ import annotations

import re
import unicodedata

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portalkompass.spelling import SHORTEST_PART, folded, folded_expression, key, pattern_of, words

german_letters = st.text(alphabet="abelmorsuvzäöüßéçAÄÖÜẞ -‐0", max_size=14)
names = st.text(alphabet="abelmoruvzäöü", min_size=2, max_size=9)


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Straßenverkehrsamt", "Strassenverkehrsamt"),
        ("Müllabfuhr", "Muellabfuhr"),
        ("Führerschein", "FUEHRERSCHEIN"),
        ("Öffnungszeiten", "oeffnungszeiten"),
        ("Café", "cafe"),
        ("MÜLLER", decomposed("müller")),
        ("GROẞ", "groß"),
        ("Kfz‑Zulassung", "kfz-zulassung"),
    ],
)
def test_two_spellings_of_one_word_are_one(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("führer", "fuhrer"), ("müll", "mull"), ("bauer", "bär"), ("neue", "neu"), ("maß", "mas")],
)
def test_other_words_stay_apart(one: str, other: str) -> None:
    assert folded(one) != folded(other)


@pytest.mark.parametrize("word", ["neue", "aktuell", "bauer", "poet", "steuer", "israel", "duell"])
def test_letters_that_look_like_a_written_out_umlaut_stay(word: str) -> None:
    assert folded(word) == word


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing_and_composing_makes_no_difference(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert folded(unicodedata.normalize("NFC", text)) == folded(unicodedata.normalize("NFD", text))


def test_a_hyphen_parts_words_and_blanks_do_not_count() -> None:
    assert words("Kfz-Zulassung  (§ 6)") == ["kfz", "zulassung", "6"]
    assert key("Kfz-Zulassung") == key(" KFZ  zulassung")


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("müll", "muellabfuhr"),
        (r"\bstraße\w*", "Strassenverkehrsamt"),
        ("f[uü]hrer", "führerschein"),
        ("f[uü]hrer", "fuhrerschein"),
        ("grü?n", "grün"),
        ("grü?n", "grn"),
        (r"\Dß", "gruß"),
        ("[a-zäöüß]+amt", "straßenverkehrsamt"),
        ("[^ä]nderung", "aenderung"),
        ("kfz[‐ ^]amt", "kfz-amt"),
        ("gr[t-ü]n", "grün"),
        (r"gr[\ü]n", "gruen"),
    ],
)
def test_a_rule_finds_every_spelling_in_python_and_in_re2(pattern: str, text: str) -> None:
    plain = folded_expression(pattern)
    assert re.search(plain, folded(text), re.IGNORECASE)
    assert pc.match_substring_regex(pa.array([folded(text)]), plain, ignore_case=True)[0].as_py()


def test_a_rule_without_umlauts_stays_as_it_is() -> None:
    assert folded_expression(r"^hund[-_ ]\S+$") == r"^hund[-_ ]\S+$"


CITY = pattern_of(("leverkusen", "Levekusen", "lev", "LEV Kennzeichen"))


@pytest.mark.parametrize(
    "query",
    [
        "leverkusener",
        "bad leverkusen",
        "wohngeld levekusen",
        "lev",
        "lev kennzeichen",
        "kfz-kennzeichen lev-ab 12",
        "lévèrkusen",
        "kennzeichen (lev)",
    ],
)
def test_the_city_is_found_by_name_misspelling_and_nickname(query: str) -> None:
    assert re.search(CITY, query)


@pytest.mark.parametrize("query", ["relevant", "levis jeans", "level", "klev", "olev1", "levé", "köln"])
def test_a_short_nickname_is_no_part_of_another_word(query: str) -> None:
    assert not re.search(CITY, query)


@pytest.mark.parametrize("query", ["bürgeramt müllheim", "muellheim", decomposed("müllheim"), "muéllheim"])
def test_an_umlaut_in_the_name_is_found_in_every_spelling(query: str) -> None:
    assert re.search(pattern_of(("Müllheim",)), query)


def test_without_a_name_nothing_is_looked_for() -> None:
    assert pattern_of(()) == pattern_of(("", " - ")) == ""


@given(german_letters, names)
def test_the_expression_finds_exactly_what_folding_finds(text: str, name: str) -> None:
    pattern, plain = pattern_of((name,)), key(name)
    expected = plain in folded(text) if len(plain) >= SHORTEST_PART else plain in words(text)
    for written in (text, decomposed(text)):
        lowered = written.lower()
        assert bool(re.search(pattern, lowered)) is expected
        assert pc.match_substring_regex(pa.array([lowered]), pattern)[0].as_py() is expected
        assert pd.Series([lowered], dtype="str").str.contains(pattern).tolist() == [expected]


@pytest.mark.filterwarnings("ignore:Possible:FutureWarning")
@given(st.text(alphabet="aäßü[]()|?*+{}2,\\dW.-^$é‐", max_size=12))
def test_what_was_a_regular_expression_stays_one(pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error:
        return
    re.compile(folded_expression(pattern))
