import math

import pandas as pd

from portalkompass.prioritisation import evaluate, ranking
from tests.prioritisation.example import CRITERIA, MATRIX, WEIGHTS

ONE = CRITERIA[2:]


def ranks(values: dict[str, float], lanes: dict[str, str] | None = None) -> list[tuple[object, ...]]:
    found = ranking(evaluate(pd.DataFrame({"trend": values}), ONE, {"trend": 1}), lanes)
    return list(found[["service_id", "rank", "rank_low", "rank_high"]].itertuples(index=False, name=None))


def test_the_hand_worked_example_ranks_by_the_middle_with_its_interval() -> None:
    found = ranking(evaluate(MATRIX, CRITERIA, WEIGHTS))
    columns = ["service_id", "rank", "rank_low", "rank_high", "rank_overall", "known_criteria", "criteria"]
    assert found[columns].to_numpy().tolist() == [
        ["c", 1, 1, 1, 1, 2, 3],  # 50 … 75: never behind b's 50
        ["b", 2, 1, 2, 2, 3, 3],  # level with c's lowest
        ["a", 3, 3, 3, 3, 3, 3],
    ]


def test_equal_scores_share_the_better_rank() -> None:
    assert ranks({"a": 0.5, "b": 0.9, "c": 0.5, "d": 0.1}) == [
        ("b", 1, 1, 1),
        ("a", 2, 2, 2),
        ("c", 2, 2, 2),
        ("d", 4, 4, 4),
    ]


def test_an_unknown_service_may_stand_anywhere_and_moves_the_others_by_one() -> None:
    assert ranks({"a": 0.9, "b": 0.2, "u": math.nan}) == [("a", 1, 1, 2), ("u", 2, 1, 3), ("b", 3, 2, 3)]


def test_all_unknown_leaves_every_rank_open() -> None:
    values = {"a": math.nan, "b": math.nan, "c": math.nan}
    assert ranks(values) == [("a", 1, 1, 3), ("b", 1, 1, 3), ("c", 1, 1, 3)]


def test_ranks_count_inside_the_lane_and_lanes_keep_their_order() -> None:
    lanes = {"a": "erst klären", "b": "startbar", "c": "wartet auf andere", "d": "startbar"}
    found = ranking(
        evaluate(
            pd.DataFrame({"trend": {"a": 0.9, "b": 0.1, "c": 0.5, "d": 0.4, "e": 0.2}}), ONE, {"trend": 1}
        ),
        lanes,
    )
    assert found[["service_id", "lane", "rank", "rank_overall"]].to_numpy().tolist() == [
        ["d", "startbar", 1, 3],
        ["b", "startbar", 2, 5],
        ["c", "wartet auf andere", 1, 2],
        ["a", "erst klären", 1, 1],
        ["e", "", 1, 4],
    ]
