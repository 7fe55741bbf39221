import dataclasses

import pandas as pd
import pytest
from pydantic import ValidationError

from portalkompass.answers.base.query_groups import (
    REST,
    by_rule,
    by_topic,
    is_question,
    names_city,
    summed_by,
    topics,
)
from portalkompass.answers.queries import queries
from portalkompass.answers.rankings import rankings
from portalkompass.answers.rankings.topic_groups import group_headline
from portalkompass.settings import QueryTopic, Settings
from tests.answers.conftest import OCTOBER, exhibit


def test_only_the_name_of_the_city_makes_a_query_a_brand_query():
    queries = pd.Series(["Wohngeld Leverkusen", "stadt köln", "wohngeld"])
    assert names_city(queries, Settings()).tolist() == [True, False, False]


def test_misspellings_and_nicknames_of_the_settings_count_as_the_city_short_ones_as_whole_words_only():
    city = Settings().city.model_copy(update={"also_called": ("lev", "levekusen")})
    queries = pd.Series(["levekusen wohngeld", "lev kennzeichen", "Lev-Kennzeichen", "relevanz", "level"])
    named = names_city(queries, Settings().model_copy(update={"city": city}))
    assert named.tolist() == [True, True, True, False, False]


def test_two_spellings_are_one_topic_named_as_the_stronger_query_writes_it():
    rows = pd.DataFrame(
        {
            "query": ["müllabfuhr", "muellabfuhr", "strassenverkehrsamt", "straßenverkehrsamt", "neue bauer"],
            "impressions": [50, 40, 30, 20, 10],
        }
    )
    assert topics(rows, Settings()).tolist() == [
        "Müllabfuhr",
        "Müllabfuhr",
        "Strassenverkehrsamt",
        "Strassenverkehrsamt",
        "",
    ]
    summed = by_topic(rows.assign(clicks=1, position=2.0), Settings())
    assert summed[["topic", "queries", "impressions"]].values.tolist() == [
        ["Müllabfuhr", 2, 90],
        ["Strassenverkehrsamt", 2, 50],
        ["neue bauer", 1, 10],
    ]


def test_a_rule_with_umlauts_finds_words_without_and_the_other_way_round():
    rules = (
        QueryTopic(name="Abfall", pattern="müll"),
        QueryTopic(name="Verkehr", pattern="strassenverkehr|f[uü]hrer"),
    )
    queries = pd.Series(["muellabfuhr", "mu\u0308ll", "Straßenverkehrsamt", "fuehrerschein", "mull"])
    assert by_rule(queries, Settings(query_topics=rules)).tolist() == [
        *["Abfall"] * 2,
        *["Verkehr"] * 2,
        REST,
    ]


def test_the_engine_and_pandas_count_the_same_queries_as_naming_the_city(changed_house):
    spelled = ("levekusen", "LEV ausweis", "relevanz", "Léverkusen", "leverkusener", "lev", "level")
    house = changed_house(
        "UPDATE search_query_day SET query = ['"
        + "', '".join(spelled)
        + f"'][1 + (hash(date, query) % {len(spelled)})::INTEGER]"
    )
    question = house.question(**OCTOBER)
    trend = exhibit(house.ask(rankings, **OCTOBER), "brand_trend").frame
    rows = question.warehouse.ask(
        lambda t: question.rows_now(t, "search_query_day").select("query", "clicks")
    )
    named = names_city(rows["query"], house.settings)
    assert trend.groupby("series")["clicks"].sum().to_dict() == {
        "Mit Stadtnamen": rows.loc[named, "clicks"].sum(),
        "Ohne Stadtnamen": rows.loc[~named, "clicks"].sum(),
    }


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


RULES = (
    QueryTopic(name="Tiere", pattern="hund|katze"),
    QueryTopic(name="Steuern", pattern="steuer"),
)


def test_the_first_rule_that_fits_names_the_group():
    queries = pd.Series(["Hundesteuer", "grundsteuer", "wetter"])
    assert by_rule(queries, Settings(query_topics=RULES)).tolist() == ["Tiere", "Steuern", REST]


def test_a_group_is_judged_by_sums_and_never_by_means_of_its_queries():
    rows = pd.DataFrame(
        {
            "group": ["Tiere", "Tiere", "Steuern"],
            "clicks": [30, 10, 60],
            "impressions": [100, 300, 100],
            "position": [2.0, 10.0, 5.0],
            "clicks_like": [30, 10, 60],
            "clicks_before": [20, 0, 0],
        }
    )
    found = summed_by(rows, "group").set_index("group")
    # (100 × 2 + 300 × 10) / 400; 40 of 400; 40 of 100; 40 after 20
    assert found.loc["Tiere", ["queries", "position", "ctr", "share", "change"]].tolist() == [
        2,
        8,
        0.1,
        0.4,
        1,
    ]
    assert pd.isna(found.loc["Steuern", "change"])


def test_the_change_of_a_group_counts_what_google_names_no_more(changed_house):
    # of the 4 clicks a day 3 went to a query of the same group that is named in September only
    gone = "query = 'kennzeichen reservieren' AND date BETWEEN '2025-09-01' AND '2025-09-30'"
    house = changed_house(
        f"INSERT INTO search_query_day SELECT * REPLACE ('wunschkennzeichen' AS query, 3 AS clicks) "
        f"FROM search_query_day WHERE {gone}",
        f"UPDATE search_query_day SET clicks = 1 WHERE {gone}",
    )
    asked = OCTOBER | {"compare": "previous_period"}
    for module, name, key in ((rankings, "topic_groups", "Fahrzeug"), (queries, "query_groups", "ohne")):
        groups = exhibit(house.ask(module, **asked), name).frame
        own = groups[groups["group"].str.startswith(key)].iloc[0]
        assert own["change"] == pytest.approx(0)
        assert own["queries"] == (1 if key == "Fahrzeug" else 2)


def test_a_rule_that_is_no_expression_is_refused():
    with pytest.raises(ValidationError, match="kein regulärer Ausdruck"):
        QueryTopic(name="Tiere", pattern="(hund")


def test_groups_stand_in_order_of_clicks_with_the_rest_last(house):
    settings = house.settings.model_copy(update={"query_topics": RULES})
    answer = dataclasses.replace(house, settings=settings).ask(rankings, **OCTOBER)
    frame = exhibit(answer, "topic_groups").frame
    # "hund anmelden" 2 clicks a day, "kennzeichen reservieren" 4
    assert frame[["group", "clicks"]].values.tolist() == [["Tiere", 62], [REST, 124]]
    assert exhibit(answer, "topic_groups").headline == (
        "„Tiere“ bringt 33\u00a0% der Klicks mit genannter Suchanfrage"
    )
    assert not exhibit(answer, "topic_groups").names_queries


@pytest.mark.parametrize(("change", "ends"), [(0.004, "Suchanfrage"), (0.006, "(+1\N{NO-BREAK SPACE}%)")])
def test_no_group_is_said_to_grow_by_nothing(change, ends):
    rows = pd.DataFrame(
        {"group": ["Steuern"], "clicks": [502], "share": [0.5], "change": [change], "clicks_before": [500]}
    )
    assert group_headline(rows, "Oktober 2025").endswith(ends)
    assert group_headline(rows, "Oktober 2025", daily=True).endswith(ends.replace("(+", "(je Tag +"))
