"""Words that probably mean the city: similar, clicked, and no other town."""

import pandas as pd

from portalkompass.proposals import city_names

ROWS = pd.DataFrame(
    [
        ("levekusen wohngeld", 8, 20),
        ("Bürgeramt Levekusen", 2, 10),
        ("lev kennzeichen", 6, 30),
        ("level 5", 9, 30),
        ("leverkussen", 4, 5),  # too few clicks
        ("lewerkusen", 5, 500),  # seen often, clicked by nobody who meant another thing
        ("leichlingen ausweis", 20, 40),
        ("wohngeld", 50, 100),
        ("everkusen", 9, 10),  # begins otherwise
    ],
    columns=["query", "clicks", "impressions"],
)


def test_only_similar_words_that_are_clicked_like_the_name_are_proposed():
    found = city_names(ROWS, ("leverkusen",), own_ctr=0.4)
    # "level" is no beginning of the name; 6 / 30 is just half of 0.4
    assert found.to_dict("records") == [
        {
            "word": "levekusen",
            "kind": "ähnliche Schreibweise",
            "queries": 2,
            "clicks": 10,
            "impressions": 30,
            "ctr": 10 / 30,
            "query": "levekusen wohngeld",
        },
        {
            "word": "lev",
            "kind": "Kurzform",
            "queries": 1,
            "clicks": 6,
            "impressions": 30,
            "ctr": 0.2,
            "query": "lev kennzeichen",
        },
    ]


def test_without_a_name_or_a_query_nothing_is_proposed():
    assert city_names(ROWS, (), own_ctr=0.4).empty
    assert city_names(ROWS.head(0), ("leverkusen",), own_ctr=0.4).empty
