"""What each department's weights change in the order: told of known services, named only where it is allowed."""

import pandas as pd
import pytest

from portalkompass.answers.workshop.decision import CANDIDATE, Basis, weighed
from portalkompass.answers.workshop.meeting.department_weights import differences_told
from tests.prioritisation.example import criterion

NAMES = ("use", "ease")
CRITERIA = tuple(criterion(name, label=name, upper=100.0) for name in NAMES)
ROWS = {"a": (100, 0, "startbar"), "b": (90, 60, "startbar"), "c": (0, 100, "erst klären")}
"""Equal weights: b 75, then a and c with 50 each. Only use: a, b, c. Only ease: c, b, a."""


def base(rows):
    matrix = pd.DataFrame.from_dict(
        {name: own[:2] for name, own in rows.items()}, orient="index", columns=list(NAMES), dtype="float64"
    )
    lists = [CANDIDATE if name == "new" else "anstehend" for name in rows]
    lanes = [own[2] for own in rows.values()]
    texts = pd.DataFrame({"name": list(rows), "list": lists, "lane": lanes}, index=matrix.index)
    return Basis("Probe", "1", texts, matrix, CRITERIA, dict.fromkeys(NAMES, 1.0), None)


def votes(*ballots):
    """(department, use, ease) of each ballot."""
    points = pd.DataFrame([own[1:] for own in ballots], columns=list(NAMES), dtype="float64")
    held = pd.DataFrame(True, index=points.index, columns=points.columns)
    return (points, held), pd.Series([own[0] for own in ballots], dtype="str")


def told(ballots, rows=ROWS, *, named=True, full=True):
    probe = base(rows)
    return differences_told(probe, weighed(probe), *votes(*ballots), named=named, full=full)


BALLOTS = (("FB 36", 100, 0), ("FB 50", 0, 100), ("FB 36", 100, 0), ("FB 20", 50, 50), ("", 0, 100))


def test_each_department_is_told_by_the_ranks_that_its_weights_change_the_largest_change_first():
    assert told(BALLOTS) == (
        "Mit den Gewichten von FB 36 (2\xa0Stimmen) stehen über alle Bahnen „a“ auf Rang 1 statt 2, "
        "„b“ auf Rang 2 statt 1 und „c“ auf Rang 3 statt 2; in der Bahn „startbar“ führt „a“ statt „b“.",
        "Mit den Gewichten von FB 50 (1\xa0Stimme) stehen über alle Bahnen „a“ auf Rang 3 statt 2, "
        "„b“ auf Rang 2 statt 1 und „c“ auf Rang 1 statt 2.",
        "Mit den Gewichten von FB 20 (1\xa0Stimme) bleibt jeder Rang.",
    )


def test_without_the_setting_no_department_is_named_and_alike_ones_are_counted_together():
    without = told([*BALLOTS, ("FB 65", 60, 60), ("FB 65", 0, 0)], named=False)
    assert len(without) == 3
    assert without[2] == "Mit den Gewichten von 2 der 4 Stellen bleibt jeder Rang."
    assert without[0].startswith("Mit den Gewichten einer der 4 Stellen stehen über alle Bahnen „a“ auf")
    assert not [one for one in without if "FB" in one or "Stimme" in one]


def test_few_ballots_stay_unseen_as_everywhere():
    five = [("FB 36", 100, 0)] * 5 + [("FB 50", 0, 100)]
    assert told(BALLOTS[:4], named=False) == ()  # four ballots with a department
    assert len(told(five, named=False)) == 2
    assert [one.split(" (")[0] for one in told(five, full=False)] == ["Mit den Gewichten von FB 36"]
    assert told(BALLOTS, full=False) == ()


@pytest.mark.parametrize("ballots", [BALLOTS[:1], [("", 100, 0), ("", 0, 100)]])
def test_one_department_alone_differs_from_nobody(ballots):
    assert told(ballots) == ()


def test_services_of_which_too_little_is_known_and_candidates_are_not_told():
    unknown = {**ROWS, "c": (None, None, "erst klären"), "new": (100, 100, CANDIDATE)}
    first = told([("FB 36", 100, 0), ("FB 50", 50, 50)], unknown)[0]
    assert first == (
        "Mit den Gewichten von FB 36 (1\xa0Stimme) stehen über alle Bahnen „a“ auf Rang 1 statt 2 und "
        "„b“ auf Rang 2 statt 1; in der Bahn „startbar“ führt „a“ statt „b“."
    )
    alone = {"a": (100, 0, "startbar"), "b": (0, None, "startbar"), "c": (None, None, "startbar")}
    assert "führt" not in " ".join(told([("FB 36", 0, 100), ("FB 50", 50, 50)], alone))
