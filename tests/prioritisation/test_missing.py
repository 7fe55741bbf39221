import math

import pytest

from portalkompass.prioritisation import (
    PrioritisationError,
    effect_sentence,
    effect_sentences,
    ends,
    evaluate,
    missing_effects,
    ranking,
    what_if,
)
from tests.prioritisation.example import CRITERIA, MATRIX, WEIGHTS


def test_a_missing_value_says_which_ranks_it_opens() -> None:
    # a 45, b 50, c 50 … 75 with the middle 62,5: c leads whatever effort is; at worst level with b
    found = missing_effects(evaluate(MATRIX, CRITERIA, WEIGHTS))
    assert found[["service_id", "criterion", "rank", "rank_best", "rank_worst"]].to_numpy().tolist() == [
        ["c", "effort", 1, 1, 1]
    ]
    assert not found["leads"][0]
    assert effect_sentence(found.iloc[0].to_dict(), "C").endswith("bliebe es bei Platz 1.")


def test_a_value_that_could_bring_the_first_place_is_named_first() -> None:
    # without trend b lies at 25 + (0 … 25), middle 37,5, behind a 45; with trend = 1 at 50
    matrix = MATRIX.loc[["a", "b"]].copy()
    matrix.loc["b", "trend"] = math.nan
    found = missing_effects(evaluate(matrix, CRITERIA, WEIGHTS), {"a": "startbar", "b": "startbar"})
    row = found.iloc[0].to_dict()
    assert (row["rank"], row["rank_best"], row["rank_worst"], row["leads"]) == (2, 1, 2, True)
    assert effect_sentence(row, "B") == (
        "Wäre „Trend“ bei „B“ bekannt, könnte „B“ auf Platz 1 der Bahn „startbar“ stehen (heute Platz 2)."
    )


def test_where_everything_is_known_there_is_nothing_to_say() -> None:
    matrix = MATRIX.copy().fillna(1.0)
    found = missing_effects(evaluate(matrix, CRITERIA, WEIGHTS))
    assert found.empty
    assert effect_sentences(found, {}) == []


def test_values_of_one_service_stand_in_one_sentence() -> None:
    # a without effort and trend: 25 + 12,5 + 12,5, level with b 50; either one at its worst gives 37,5
    matrix = MATRIX.loc[["a", "b"]].copy()
    matrix.loc["a", ["effort", "trend"]] = math.nan
    found = missing_effects(evaluate(matrix, CRITERIA, WEIGHTS), {"a": "startbar", "b": "startbar"})
    assert effect_sentences(found, {"a": "A", "b": "B"}) == [
        "Wäre bei „A“ eine dieser Angaben bekannt, könnte die Leistung Platz 1 der Bahn „startbar“ verlieren "
        "(bis Platz 2): „Effort“, „Trend“."
    ]
    assert effect_sentences(found.head(1), {"a": "A"}) == [
        "Wäre „Effort“ bei „A“ bekannt, könnte „A“ Platz 1 der Bahn „startbar“ verlieren (bis Platz 2)."
    ]


def test_a_leader_that_may_fall_is_said_so() -> None:
    # a without trend: 37,5 + (0 … 25), middle 50, level with b 50; at worst 37,5 behind
    matrix = MATRIX.loc[["a", "b"]].copy()
    matrix.loc["a", "trend"] = math.nan
    row = missing_effects(evaluate(matrix, CRITERIA, WEIGHTS)).iloc[0].to_dict()
    assert (row["rank"], row["rank_worst"], row["falls"]) == (1, 2, True)


def test_lanes_do_not_compete_and_uncounted_criteria_do_not_matter() -> None:
    matrix = MATRIX.copy()
    matrix.loc["b", "trend"] = math.nan
    evaluation = evaluate(matrix, CRITERIA, {**WEIGHTS, "trend": 0.0})
    assert missing_effects(evaluation)["criterion"].tolist() == ["effort"]
    alone = missing_effects(evaluate(matrix, CRITERIA, WEIGHTS), {"b": "startbar", "a": "erst klären"})
    assert alone[alone["service_id"] == "b"][["rank_best", "rank_worst"]].to_numpy().tolist() == [[1, 1]]


def test_what_if_changes_one_value_and_nothing_else() -> None:
    before = evaluate(MATRIX, CRITERIA, WEIGHTS)
    after = what_if(before, {("a", "clicks"): 10_000.0})
    # a: 50 + 12,5 + 7,5
    assert after.score["a"] == pytest.approx(70.0)
    assert after.score[["b", "c"]].tolist() == before.score[["b", "c"]].tolist()
    assert ranking(after)["service_id"].tolist() == ["a", "c", "b"]
    assert before.matrix.loc["a", "clicks"] == 1000
    with pytest.raises(PrioritisationError, match="steht nicht"):
        what_if(before, {("x", "clicks"): 1.0})


def test_a_value_that_is_tried_out_has_no_interval() -> None:
    low, high = ends("trend")
    before = evaluate(MATRIX.assign(**{low: 0.0, high: 1.0}), CRITERIA, WEIGHTS)
    assert before.score_high["a"] - before.score_low["a"] == pytest.approx(25)
    after = what_if(before, {("a", "trend"): 0.5})
    assert after.score_low["a"] == after.score_high["a"] == after.score["a"] == pytest.approx(50)
    assert after.score_high["b"] - after.score_low["b"] == pytest.approx(25)
