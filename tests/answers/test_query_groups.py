import pandas as pd
import pytest

from portalkompass.answers.position_mix import mix
from portalkompass.answers.query_groups import is_question, names_city, topics
from portalkompass.settings import Settings


def test_only_the_name_of_the_city_makes_a_query_a_brand_query():
    queries = pd.Series(["Wohngeld Leverkusen", "stadt köln", "wohngeld"])
    assert names_city(queries, Settings()).tolist() == [True, False, False]


def test_a_question_begins_like_one():
    assert is_question(pd.Series(["wie hoch ist wohngeld", "wohngeld wie", "wiese"])).tolist() == [
        True,
        False,
        False,
    ]


def test_a_topic_is_the_shared_word_with_the_most_impressions():
    rows = pd.DataFrame(
        {
            "query": ["solar förderung", "solaranlage antrag", "hund anmelden", "förderung kita"],
            "impressions": [50, 40, 30, 20],
        }
    )
    # „solar“ and „solaranlage“ do not begin with the same six letters; „förderung“ is shared by two queries.
    assert topics(rows, Settings()).tolist() == ["Förderung", "", "", "Förderung"]


def test_the_mean_position_is_split_into_same_queries_and_other_ones():
    """Query a climbs from 10 to 8; b is new at 40 with as many impressions: mean 10 → 24, so 16 places are mix."""
    rows = pd.DataFrame(
        {
            "impressions": [100, 100],
            "impressions_before": [100, 0],
            "position": [8.0, 40.0],
            "position_before": [10.0, float("nan")],
        }
    )
    assert mix(rows) == pytest.approx((-2.0, 16.0))
