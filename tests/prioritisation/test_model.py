import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portalkompass.prioritisation import PrioritisationError, ends, evaluate, ranking
from tests.prioritisation.example import CRITERIA, MATRIX, WEIGHTS, criterion

LINEAR = tuple(criterion(name, lower=0, upper=100) for name in ("x", "y", "z"))


def test_the_hand_worked_example() -> None:
    found = evaluate(MATRIX, CRITERIA, WEIGHTS)
    assert found.values.loc["a"].tolist() == pytest.approx([0.5, 0.5, 0.3])
    assert found.values.loc["b"].tolist() == pytest.approx([0, 1, 1])
    assert found.score.tolist() == pytest.approx([45.0, 50.0, 62.5])
    assert found.score_low.tolist() == pytest.approx([45.0, 50.0, 50.0])
    assert found.score_high.tolist() == pytest.approx([45.0, 50.0, 75.0])
    assert found.known_criteria.tolist() == [3, 3, 2]
    assert found.weights.to_dict() == {"clicks": 0.5, "effort": 0.25, "trend": 0.25}


@pytest.mark.parametrize(
    ("raw", "value"), [(0, 0.0), (100, 0.0), (1000, 0.5), (10_000, 1.0), (1_000_000, 1.0), (-5, 0.0)]
)
def test_a_log_scale_ends_at_its_anchors(raw: float, value: float) -> None:
    found = evaluate(pd.DataFrame({"clicks": [raw]}, index=["a"]), CRITERIA[:1], {"clicks": 1})
    assert found.values.loc["a", "clicks"] == pytest.approx(value)


def test_a_criterion_without_a_column_is_unknown_for_everyone() -> None:
    found = evaluate(MATRIX.drop(columns="trend"), CRITERIA, WEIGHTS)
    assert (found.score_high - found.score_low).tolist() == pytest.approx([25, 25, 50])


def test_criteria_of_no_weight_neither_count_nor_widen() -> None:
    found = evaluate(MATRIX, CRITERIA, {"clicks": 1, "effort": 0, "trend": 0})
    assert found.score_low.equals(found.score_high)
    assert (found.counted_criteria, found.known_criteria.tolist()) == (1, [1, 1, 1])


@pytest.mark.parametrize(
    ("weights", "sentence"),
    [
        ({}, "Mindestens ein Gewicht"),
        ({"clicks": 0}, "Mindestens ein Gewicht"),
        ({"clicks": -1, "trend": 2}, "ab 0"),
        ({"clicks": math.nan}, "ab 0"),
        ({"clicks": math.inf}, "ab 0"),
    ],
)
def test_weights_that_make_no_score_are_refused(weights: dict[str, float], sentence: str) -> None:
    with pytest.raises(PrioritisationError, match=sentence):
        evaluate(MATRIX, CRITERIA, weights)


@pytest.mark.parametrize(
    ("matrix", "sentence"),
    [
        (pd.DataFrame({"clicks": [1, 2]}, index=["a", "a"]), "doppelt"),
        (pd.DataFrame({"clicks": ["viele"]}, index=["a"]), "keine Zahl"),
        (pd.DataFrame({"clicks": [math.inf]}, index=["a"]), "unendlich"),
    ],
)
def test_values_that_are_no_values_are_refused(matrix: pd.DataFrame, sentence: str) -> None:
    with pytest.raises(PrioritisationError, match=sentence):
        evaluate(matrix, CRITERIA, WEIGHTS)


def test_no_services_are_an_empty_ranking() -> None:
    assert ranking(evaluate(MATRIX.iloc[:0], CRITERIA, WEIGHTS)).empty


numbers = st.floats(-50, 150, allow_nan=False)
maybe = st.one_of(st.just(math.nan), numbers)


def table(cell: st.SearchStrategy[float]) -> st.SearchStrategy[pd.DataFrame]:
    rows = st.lists(st.tuples(cell, cell, cell), min_size=2, max_size=12)
    return rows.map(
        lambda cells: pd.DataFrame(
            cells, columns=["x", "y", "z"], index=[f"s{n:02}" for n in range(len(cells))]
        )
    )


weightings = st.tuples(*[st.floats(0.05, 10)] * 3).map(lambda three: dict(zip("xyz", three, strict=True)))


@pytest.mark.filterwarnings("ignore:Alternatives with indices")
@given(table(numbers), weightings)
def test_an_independent_method_with_fixed_bounds_gives_the_same_order(
    matrix: pd.DataFrame, weights: dict[str, float]
) -> None:
    from pymcdm.methods import SPOTIS  # takes its time; every worker imports this file

    found = evaluate(matrix, LINEAR, weights)
    spotis = SPOTIS(np.array([[0.0, 100.0]] * 3))
    distance = spotis(matrix.clip(0, 100).to_numpy(), found.weights.to_numpy(), np.ones(3), verbose=False)
    assert (100 * (1 - np.asarray(distance))).tolist() == pytest.approx(found.score.tolist(), abs=1e-8)


@given(table(maybe), weightings, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(
    matrix: pd.DataFrame, weights: dict[str, float], random: object
) -> None:
    lanes = {service: "startbar" if number % 2 else "" for number, service in enumerate(matrix.index)}
    names = list(matrix.index)
    random.shuffle(names)  # type: ignore[attr-defined]
    straight = ranking(evaluate(matrix, LINEAR, weights), lanes)
    shuffled = ranking(evaluate(matrix.loc[names], LINEAR, weights), lanes)
    pd.testing.assert_frame_equal(straight, shuffled, check_exact=True)


@given(table(numbers), weightings, st.floats(-1e6, 1e6))
def test_adding_an_extreme_service_changes_no_order(
    matrix: pd.DataFrame, weights: dict[str, float], extreme: float
) -> None:
    before = ranking(evaluate(matrix, LINEAR, weights))
    more = pd.concat([matrix, pd.DataFrame({"x": extreme, "y": -extreme, "z": extreme}, index=["zz"])])
    after = ranking(evaluate(more, LINEAR, weights))
    rest = after[after["service_id"] != "zz"]
    assert rest["service_id"].tolist() == before["service_id"].tolist()
    assert rest["score"].tolist() == before["score"].tolist()


@given(table(maybe), weightings, st.integers(0, 11), st.sampled_from("xyz"))
def test_a_missing_value_never_changes_a_known_score_and_only_widens_its_own(
    matrix: pd.DataFrame, weights: dict[str, float], row: int, column: str
) -> None:
    service = matrix.index[row % len(matrix)]
    before = evaluate(matrix, LINEAR, weights)
    poorer = matrix.copy()
    poorer.loc[service, column] = math.nan
    after = evaluate(poorer, LINEAR, weights)
    others = matrix.index != service
    assert after.score[others].tolist() == before.score[others].tolist()
    assert after.score_low[service] <= before.score_low[service] + 1e-9
    assert after.score_high[service] >= before.score_high[service] - 1e-9


@given(table(maybe), weightings, st.lists(st.floats(0, 40), min_size=12, max_size=12))
def test_points_lie_in_their_span_and_intervals_only_widen_it(
    matrix: pd.DataFrame, weights: dict[str, float], widths: list[float]
) -> None:
    low, high = ends("x")
    spread = np.array(widths[: len(matrix)])
    plain = evaluate(matrix, LINEAR, weights)
    wide = evaluate(matrix.assign(**{low: matrix["x"] - spread, high: matrix["x"] + spread}), LINEAR, weights)
    for found in (plain, wide):
        assert (found.score_low >= -1e-9).all() and (found.score_high <= 100 + 1e-9).all()
        assert (found.score_low <= found.score + 1e-9).all() and (
            found.score <= found.score_high + 1e-9
        ).all()
    assert wide.score.tolist() == plain.score.tolist()
    assert (wide.score_low <= plain.score_low + 1e-9).all() and (
        wide.score_high >= plain.score_high - 1e-9
    ).all()
    assert wide.known_criteria.tolist() == plain.known_criteria.tolist()


@given(table(maybe), weightings, st.integers(0, 11), st.sampled_from("xyz"), st.floats(0, 100))
def test_a_better_value_never_takes_points(
    matrix: pd.DataFrame, weights: dict[str, float], row: int, column: str, more: float
) -> None:
    service = matrix.index[row % len(matrix)]
    before, better = evaluate(matrix, LINEAR, weights), matrix.copy()
    better.loc[service, column] += more
    after = evaluate(better, LINEAR, weights)
    for name in ("score", "score_low", "score_high"):
        assert getattr(after, name)[service] >= getattr(before, name)[service] - 1e-9


def test_an_interval_is_scaled_like_its_value_and_turned_where_less_is_better() -> None:
    low, high = ends("effort")
    matrix = pd.DataFrame({"effort": [3.0, math.nan], low: [2.0, 1.0], high: [4.0, 2.0]}, index=["a", "b"])
    found = evaluate(matrix, CRITERIA[1:2], {"effort": 1})
    assert found.values_low["effort"].tolist() == [0.25, 0.0]
    assert found.values_high["effort"].tolist() == [0.75, 1.0]
    assert found.score.tolist() == [50.0, 50.0]
