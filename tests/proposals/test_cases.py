"""Sixty titles and queries in everyday words, written before the synonyms, and 28 that are no service."""

import csv
from pathlib import Path

import pytest

from portalkompass.proposals import THRESHOLD, Subject, propose
from tests.proposals.shipped import services

with (Path(__file__).parent / "cases.csv").open(encoding="utf-8", newline="") as _file:
    CASES = list(csv.DictReader(_file, delimiter=";"))
POSITIVE = [case for case in CASES if case["expected"]]
NEGATIVE = [case for case in CASES if not case["expected"]]


def subject(case):
    text = case["text"]
    return Subject(title=text) if case["kind"] == "title" else Subject(queries=(text,))


@pytest.fixture(scope="module")
def answers():
    return dict(
        zip([c["text"] for c in CASES], propose([subject(c) for c in CASES], services()), strict=True)
    )


def test_there_are_enough_cases_and_services():
    assert (len(POSITIVE), len(NEGATIVE)) == (60, 28)
    assert len(services()) >= 189


def test_the_right_service_is_among_the_first_three_in_at_least_nine_of_ten_cases(answers):
    right = [
        c for c in POSITIVE if set(c["expected"].split("|")) & {p.service_id for p in answers[c["text"]]}
    ]

    assert len(right) / len(POSITIVE) >= 0.9


def test_no_proposal_rather_than_a_wrong_one(answers):
    wrong = {
        case["text"]: [p.service_id for p in answers[case["text"]]]
        for case in POSITIVE
        if answers[case["text"]] and answers[case["text"]][0].service_id not in case["expected"].split("|")
    }

    assert wrong == {}


@pytest.mark.parametrize("case", NEGATIVE, ids=lambda case: case["text"])
def test_what_is_no_service_gets_no_proposal(case, answers):
    assert answers[case["text"]] == ()


def test_proposals_are_at_least_as_sure_as_the_threshold_and_fall(answers):
    for proposals in answers.values():
        sure = [proposal.confidence for proposal in proposals]
        assert sure == sorted(sure, reverse=True)
        assert all(THRESHOLD <= one <= 1 for one in sure)
        assert len(proposals) <= 3
