import math

import pandas as pd
import pytest

from portalkompass.prioritisation import (
    PrioritisationError,
    contributions,
    differences,
    ends,
    evaluate,
    notices,
    why,
)
from tests.prioritisation.example import CRITERIA, MATRIX, WEIGHTS, criterion

FOUND = evaluate(MATRIX, CRITERIA, WEIGHTS)


def test_contributions_sum_to_the_lowest_score() -> None:
    points = contributions(FOUND)
    assert points.loc["a"].tolist() == pytest.approx([25, 12.5, 7.5])
    assert points.sum(axis=1).tolist() == pytest.approx(FOUND.score_low.tolist())
    assert math.isnan(points.loc["c", "effort"])


def test_differences_are_listed_from_the_largest_unknown_last() -> None:
    rows = differences(FOUND, "a", "c")
    assert rows["criterion"].tolist() == ["clicks", "trend", "effort"]
    assert rows["difference"].tolist()[:2] == pytest.approx([-25, 7.5])
    assert math.isnan(rows["difference"][2])


def test_why_names_what_speaks_for_against_and_what_is_unknown() -> None:
    assert why(FOUND, "b", "a", {"b": "Bauportal", "a": "Abfall"}) == (
        "Bauportal liegt vor Abfall (50,0 zu 45,0 Punkten). Dafür spricht: Trend (+17,5); Effort (+12,5). "
        "Dagegen spricht: Clicks (−25,0)."
    )
    assert why(FOUND, "c", "b") == (
        "c liegt vor b (62,5 zu 50,0 Punkten). Dafür spricht: Clicks (+50,0). "
        "Dagegen spricht: Trend (−25,0). Nicht vergleichbar, weil Angaben fehlen: Effort. "
        "Die Spannen überschneiden sich; die Reihenfolge ist damit nicht sicher."
    )


def test_a_service_that_is_not_there_is_refused() -> None:
    with pytest.raises(PrioritisationError, match="„x“ steht nicht"):
        differences(FOUND, "a", "x")


def test_a_criterion_that_is_the_same_for_all_is_a_warning() -> None:
    mandate = criterion("mandate", "ladder", 0, 1)
    matrix = pd.DataFrame({"mandate": [1] * 8}, index=list("abcdefgh"))
    assert [notice.message for notice in notices(evaluate(matrix, [mandate], {"mandate": 1}))] == [
        "„Mandate“ trennt nicht: 8 von 8 Leistungen haben denselben Wert (100,0 von 100 Punkten des "
        "Kriteriums)."
    ]


def test_values_that_differ_beyond_an_anchor_only_separate_nothing() -> None:
    matrix = pd.DataFrame({"x": [1.1, 2.0, 3.0]}, index=list("abc"))
    kinds = [notice.kind for notice in notices(evaluate(matrix, [criterion("x")], {"x": 1}))]
    assert kinds == ["no_variance", "clipped"]
    apart = notices(evaluate(matrix.assign(x=[0.9, 2.0, 3.0]), [criterion("x")], {"x": 1}))
    assert [notice.kind for notice in apart] == ["clipped"]


def test_why_says_of_whom_nothing_is_known() -> None:
    matrix = pd.DataFrame({"x": [0.4, math.nan]}, index=list("ab"))
    assert why(evaluate(matrix, [criterion("x")], {"x": 1}), "b", "a") == (
        "b liegt vor a (50,0 zu 40,0 Punkten). Nicht vergleichbar, weil Angaben fehlen: X. "
        "Über b ist nichts bekannt: geschätzt, 0 bis 100 Punkte. "
        "Die Spannen überschneiden sich; die Reihenfolge ist damit nicht sicher."
    )


def test_values_beyond_an_anchor_are_a_warning() -> None:
    found = [(notice.kind, notice.message) for notice in notices(FOUND)]
    assert found == [("clipped", "„Trend“: 1 Wert liegt jenseits der Anker; gezählt wird der Anker.")]


def test_two_criteria_that_say_the_same_are_a_warning() -> None:
    pair = (criterion("x"), criterion("y"))
    matrix = pd.DataFrame({"x": [0.1, 0.5, 0.9], "y": [0.2, 0.6, 0.8]}, index=list("abc"))
    found = notices(evaluate(matrix, pair, {"x": 1, "y": 1}))
    # r = 0,24 / √(0,32 · 0,18667) = 0,98
    assert [notice.message for notice in found] == [
        "„X“ und „Y“ sagen fast dasselbe (r = 0,98) und zählen so doppelt."
    ]
    two = matrix.iloc[:2]
    assert notices(evaluate(two, pair, {"x": 1, "y": 1})) == []


@pytest.mark.parametrize(("width", "words"), [(0.1, "X (+20,0)"), (0.3, "X (+20,0, nicht sicher)")])
def test_why_says_which_difference_is_not_certain(width: float, words: str) -> None:
    low, high = ends("x")
    matrix = pd.DataFrame(
        {"x": [0.6, 0.4], low: [0.6 - width, 0.4 - width], high: [0.6, 0.4]}, index=list("ab")
    )
    found = why(evaluate(matrix, [criterion("x")], {"x": 1}), "a", "b")
    assert f"Dafür spricht: {words}." in found
