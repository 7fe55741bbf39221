"""Which vanished page probably is which new one: time, title and queries, each of them needed."""

import pandas as pd

from portalkompass.proposals import moved_pages

GONE = pd.DataFrame(
    {
        "url": ["/alt/hund", "/alt/wohngeld", "/alt/ohne"],
        "title": ["Hundesteuer anmelden", "Wohngeld", "Öffnungszeiten Zoo"],
        "last": pd.to_datetime(["2025-03-10", "2025-03-10", "2025-03-10"]),
    }
)
COME = pd.DataFrame(
    {
        "url": ["/neu/hund", "/neu/katze", "/spaet/wohngeld", "/neu/ohne"],
        "title": ["Anmelden: Hundesteuer", "Hundesteuer anmelden", "Wohngeld", "Oeffnungszeiten Zoo"],
        "first": pd.to_datetime(["2025-02-20", "2025-03-01", "2025-06-01", "2025-03-20"]),
    }
)
QUERIES = pd.DataFrame(
    [
        ("/alt/hund", "hundesteuer", 75),
        ("/alt/hund", "hund anmelden", 25),
        ("/neu/hund", "hundesteuer", 50),
        ("/neu/hund", "hundemarke", 50),
        ("/neu/katze", "katzensteuer", 10),
        ("/alt/wohngeld", "wohngeld", 10),
        ("/spaet/wohngeld", "wohngeld", 10),
    ],
    columns=["url", "query", "impressions"],
)


def test_a_pair_needs_the_same_weeks_a_similar_title_and_common_queries():
    found = moved_pages(GONE, COME, QUERIES)
    # /alt/hund shares half of /neu/hund's impressions; Wohngeld came months later; the Zoo has its title only.
    assert pd.isna(found["query_overlap"].iloc[0])
    assert found.fillna({"query_overlap": -1}).to_dict("records") == [
        {
            "old_url": "/alt/ohne",
            "new_url": "/neu/ohne",
            "date": pd.Timestamp("2025-03-20"),
            "title_likeness": 1.0,
            "query_overlap": -1.0,
            "confidence": 1.0,
        },
        {
            "old_url": "/alt/hund",
            "new_url": "/neu/hund",
            "date": pd.Timestamp("2025-03-11"),
            "title_likeness": 1.0,
            "query_overlap": 0.5,
            "confidence": 0.75,
        },
    ]


def test_other_titles_and_nothing_to_compare_give_no_pair():
    assert moved_pages(GONE.assign(title="ganz anders"), COME, QUERIES).empty
    assert moved_pages(GONE.head(0), COME, QUERIES).empty
    assert moved_pages(GONE, COME.head(0), QUERIES).empty
