"""A sentence names a first one only where there are rivals, known data and a margin."""

import math

import pandas as pd
import pytest

from portalkompass.answers.workshop.decision import Basis, decided, weighed
from portalkompass.answers.workshop.prioritisation import answer_on, ground
from portalkompass.answers.workshop.ranking_rows import contribution_chart, lane_tables, range_chart
from portalkompass.answers.workshop.workshop_rows import (
    change_sentences,
    drawn,
    quadrant,
    rank_shares,
    spread_chart,
)
from portalkompass.prioritisation import agreement, evaluate
from tests.prioritisation.example import criterion

NAMES = ("clicks", "ease", "reach", "cost")
CRITERIA = tuple(
    criterion(name, label=name, axis="umsetzbarkeit" if name in ("ease", "cost") else "nutzen", upper=100.0)
    for name in NAMES
)


@pytest.fixture
def question(house):
    return house.question()


def base(rows, lanes):
    """A scenario with these values (0 … 100) by service; None is unknown."""
    matrix = pd.DataFrame.from_dict(rows, orient="index", columns=list(NAMES), dtype="float64")
    texts = pd.DataFrame(
        {"name": matrix.index, "list": "anstehend", "lane": lanes, "lane_reason": "", "trend_note": ""},
        index=matrix.index,
    )
    return Basis("Probe", "1", texts, matrix, CRITERIA, dict.fromkeys(NAMES, 1.0), None)


UNKNOWN = [None, None, None, None]


def test_a_service_alone_in_its_lane_is_never_ahead_whatever_the_weights(question):
    lone = base({"a": [90, 90, 90, 90], "b": [80, 80, 80, 80]}, ["startbar", "erst klären"])
    decision, draws = weighed(lone), drawn(lone)
    told = "Jede Leistung steht allein in ihrer Bahn: Ein Rang dort sagt nichts"
    assert range_chart(question, decision, draws).headline == told
    assert rank_shares(question, decision, draws).headline == told
    assert lane_tables(question, decision)[0].headline == "Startbar: nur „a“"


def test_a_service_with_one_of_four_values_is_not_called_first(question):
    few = base({"a": [100, None, None, None], "b": [0, 0, 0, 0], "c": UNKNOWN}, ["startbar"] * 3)
    decision = weighed(few)
    assert decision.ranking["service_id"][0] == "a"
    assert "zu wenig bekannt" in lane_tables(question, decision)[0].headline
    assert "„a" not in rank_shares(question, decision, drawn(few)).headline
    assert "„a" not in range_chart(question, decision, drawn(few)).headline


def test_a_sure_leader_is_named_and_an_unsure_one_with_the_reason(question):
    sure = base({"a": [90, 90, 90, 90], "b": [10, 10, 10, 10]}, ["startbar"] * 2)
    assert lane_tables(question, weighed(sure))[0].headline == "Startbar: „a“ auf Rang 1"
    assert "„a“" in range_chart(question, weighed(sure), drawn(sure)).headline
    unsure = base({"a": [90, 90, 90, 90], "b": [100, 80, None, None]}, ["startbar"] * 2)
    assert lane_tables(question, weighed(unsure))[0].headline.endswith(
        "nicht sicher: Spannen überschneiden sich"
    )
    assert contribution_chart(question, weighed(unsure)).headline.startswith(
        "Über alle Bahnen liegt „a“ vorn (nicht sicher: Spannen überschneiden sich), "
    )


def test_rounding_lifts_nobody_above_the_middle_of_both_axes(question):
    middling = base(
        {"a": UNKNOWN, "b": [50 + 1e-9, 50 + 1e-9, 50, 50], "c": [10, 10, 10, 10]}, ["startbar"] * 3
    )
    exhibit = quadrant(question, weighed(middling))
    assert exhibit is not None
    assert exhibit.headline.startswith("Keine Leistung liegt mit bekannten Angaben")
    clear = base({"a": [60, 60, 60, 60], "c": [10, 10, 10, 10]}, ["startbar"] * 2)
    exhibit = quadrant(question, weighed(clear))
    assert exhibit is not None
    assert exhibit.headline == "Hoher Nutzen und gut umsetzbar: „a“"


def test_a_criterion_that_gives_all_the_same_sets_nobody_apart(question):
    same = base({"a": [100, 30, 10, 10], "b": [100, 10, 10, 10], "c": [100, 10, 10, 10]}, ["startbar"] * 3)
    headline = contribution_chart(question, weighed(same)).headline
    assert headline == "Über alle Bahnen liegt „a“ vorn, mit dem größten Vorsprung bei „ease“"
    level = base({"a": [100, 30, 10, 10], "b": [100, 30, 10, 10]}, ["startbar"] * 2)
    assert contribution_chart(question, weighed(level)).headline == "„a“ und „b“ haben gleich viele Punkte"


def test_a_bar_is_as_long_as_the_points_in_the_text(question):
    partly = base({"a": [100, 30, None, None], "b": UNKNOWN, "c": [10, 10, 10, 10]}, ["startbar"] * 3)
    decision = weighed(partly)
    bars = contribution_chart(question, decision).frame.groupby("name")["points"].sum()
    for row in decision.ranking.to_dict("records"):
        assert bars[row["told"]] == pytest.approx(row["score"], abs=0.05)


def test_what_has_no_weight_on_the_sliders_is_not_drawn(house):
    found = ground(house.question())
    assert found.all_weights(found.weighed(None)) is found.robustness
    only = found.weighed({"relative_trend": 0.0, "unmet_demand": 0.0})
    alone = drawn(found.basis, {"clicks": 1.0}).ranges
    assert found.all_weights(only).ranges.equals(alone)
    chart = answer_on(found, only, ("rank_ranges",)).exhibits[0]
    # with one criterion left there is one weighting, near the chosen or not
    assert chart.frame["first_near"].tolist() == pytest.approx(chart.frame["first_share"].tolist(), abs=0.02)


def test_one_ballot_or_equal_ones_lie_not_apart(question):
    decision = weighed(base({"a": [1, 2, 3, 4]}, ["startbar"]))
    ballot = dict.fromkeys(NAMES, 50.0)
    one, two = (agreement(pd.DataFrame([ballot] * count)) for count in (1, 2))
    assert spread_chart(question, decision, one).headline == "Erst eine Stimme: Einigkeit gibt es ab zweien"
    assert (
        spread_chart(question, decision, two).headline
        == "Bei keinem Kriterium liegen die Stimmen auseinander"
    )
    other = agreement(pd.DataFrame([ballot, {**ballot, "clicks": 100.0}]))
    assert spread_chart(question, decision, other).headline == (
        "Am weitesten auseinander liegen die Stimmen bei „clicks“"
    )


def test_a_criterion_that_nobody_weighed_is_left_out_and_few_opinions_are_counted(question):
    decision = weighed(base({"a": [1, 2, 3, 4]}, ["startbar"]))
    first, second, *others = NAMES
    points = pd.DataFrame(
        [{**dict.fromkeys(NAMES, 50.0), first: 90.0}, {**dict.fromkeys(NAMES, 50.0), first: 10.0}]
    )
    held = points.notna()
    held[others] = False
    held.loc[1, second] = False
    chart = spread_chart(question, decision, agreement(points, held))
    assert chart.frame["label"].tolist() == [decision.labels[first], decision.labels[second]]
    assert f"„{decision.labels[second]}“ 1" in chart.notes[0]
    assert f"„{decision.labels[others[0]]}“ 0" in chart.notes[0]
    assert f"„{decision.labels[first]}“" not in chart.notes[0]


def test_unknown_values_are_in_the_middle_only_for_the_order(question):
    blank = base({"a": UNKNOWN, "b": UNKNOWN}, ["startbar"] * 2)
    decision = decided(blank, evaluate(blank.matrix, CRITERIA, dict.fromkeys(NAMES, 1.0)))
    assert not math.isnan(decision.ranking["score"][0])
    assert "zu wenig bekannt" in contribution_chart(question, decision).headline


def test_ties_and_a_service_alone_are_said_as_such(question):
    level = base({"a": [50] * 4, "b": [50] * 4, "c": [10] * 4}, ["startbar"] * 3)
    decision, draws = weighed(level), drawn(level)
    assert rank_shares(question, decision, draws).headline == (
        "„a (startbar)“ und „b (startbar)“ stehen in je 100,0\xa0% aller Gewichtungen auf Rang 1 ihrer Bahn"
    )
    told = range_chart(question, decision, draws).headline
    assert told.endswith("vorn in ihrer Bahn: „a“ (gleichauf) und „b“ (gleichauf)")
    alone = weighed(base({"a": [50] * 4}, ["startbar"]))
    assert lane_tables(question, alone)[-1].headline == "Über alle Bahnen: nur „a“"
    assert contribution_chart(question, alone).headline == "Punkte je Kriterium; gereiht ist nur „a“"


def test_criteria_that_say_the_same_share_the_lead(question):
    same = weighed(base({"a": [90, 90, 20, 20], "b": [40, 40, 20, 20]}, ["startbar"] * 2))
    headline = contribution_chart(question, same).headline
    assert headline.endswith("liegt „a“ vorn, mit gleich großem Vorsprung bei „clicks“ und „ease“")


def test_no_sentence_says_that_a_hardly_known_service_overtakes(question):
    told = change_sentences(
        weighed(base({"a": [60, 60, 60, 60], "b": [None, None, None, 70]}, ["startbar"] * 2))
    )
    assert told == (
        "Bahn „startbar“: Über „b“ ist zu wenig bekannt (1 von 4 Kriterien) für eine Aussage über den ersten Platz.",
    )
