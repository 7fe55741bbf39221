import pandas as pd

from portalkompass.exhibit import Exhibit, Field
from portalkompass.ui.tables import list_tools

ROWS = pd.DataFrame(
    {
        "query": ["Straßenverkehrsamt Leverkusen", "strassenverkehrsamt", "hund (anmelden)", "Müll"],
        "clicks": [4, 3, 2, 1],
        "gain": [-5.0, None, 9.0, 1.0],
    }
)
TABLE = Exhibit(
    "queries",
    "table",
    ROWS,
    (Field("query", "Suchanfrage"), Field("clicks", "Klicks", "integer")),
    headline="4 Suchanfragen",
    subtitle="",
    source="",
    data_date=None,
    alt="",
)


def found(text):
    return list_tools.matching(TABLE, text)["clicks"].tolist()


def test_a_search_finds_every_spelling_and_all_words_in_any_order():
    assert found("strassenverkehrsamt") == found("Straßenverkehrsamt") == [4, 3]
    assert found("lever STRASSEN") == [4]
    assert found("muell") == [1]
    assert found("") == found("   ") == [4, 3, 2, 1]


def test_a_search_is_text_and_no_pattern():
    assert found("(anmelden)") == [2]
    assert found(".*") == []


def test_gains_and_losses_stand_first_and_what_has_none_last():
    order = [list_tools.in_order(ROWS, rising=rising)["clicks"].tolist() for rising in (None, True, False)]
    assert order == [[4, 3, 2, 1], [4, 1, 2, 3], [2, 1, 4, 3]]
