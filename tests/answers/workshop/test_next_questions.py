"""Das zuerst klären: the table against the model, and who can tell."""

import pandas as pd
import pytest

from portalkompass.answers.workshop.decision import Basis, weighed
from portalkompass.answers.workshop.question_rows import ALL, UNNAMED, question_table
from tests.prioritisation.example import criterion

NAMES = ("clicks", "ease")


@pytest.fixture
def question(house):
    return house.question()


def table(question, rows):
    criteria = tuple(criterion(name, label=name, upper=100.0) for name in NAMES)
    matrix = pd.DataFrame.from_dict(rows, orient="index", columns=list(NAMES), dtype="float64")
    texts = pd.DataFrame({"name": matrix.index, "list": "anstehend", "lane": "startbar"}, index=matrix.index)
    texts = texts.assign(lane_reason="", trend_note="")
    return question_table(
        question, weighed(Basis("Probe", "1", texts, matrix, criteria, dict.fromkeys(NAMES, 1.0), None))
    )


def test_the_first_question_is_the_one_that_changes_most(question):
    made = table(question, {"a": [90, 90], "b": [50, None], "c": [50, 50], "d": [80, 70], "e": [0, 0]})
    rows = made.frame
    assert rows["change"].is_monotonic_decreasing
    assert rows["place"].tolist() == list(range(1, len(rows) + 1))
    assert rows.loc[0, ["name", "what"]].tolist() == ["b", "„ease“"]
    assert made.headline == "Zuerst klären: „ease“ bei „b“"
    assert set(rows["who"]) <= {UNNAMED, ALL, "aus den Daten"}


def test_one_service_or_nothing_open_asks_nothing(question):
    assert table(question, {"a": [90, None]}) is None
    assert table(question, {"a": [90, 90], "b": [10, 10], "c": [5, 5], "d": [1, 1]}) is None
