import pytest

from portalkompass.proposals.german_words import stem, words


def test_words_are_folded_as_urls_write_them_and_numbers_left_out():
    assert words("Größere Mülltonne 240 l – über/Straße") == [
        "groessere", "muelltonne", "l", "ueber", "strasse",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("anmeldung", "anmelden"),
        ("hund", "hunde"),
        ("bescheinigungen", "bescheinigung"),
        ("zulassen", "zulassung"),
        ("kinder", "kind"),
    ],
)
def test_forms_of_one_word_share_a_stem(one, other):
    assert stem(one) == stem(other)


@pytest.mark.parametrize(
    ("one", "other"), [("anmeldung", "abmeldung"), ("hundesteuer", "grundsteuer"), ("pass", "pacht")]
)
def test_other_words_do_not(one, other):
    assert stem(one) != stem(other)
