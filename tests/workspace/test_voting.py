import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import sqlalchemy as sa

from portalkompass.workspace import (
    Decision,
    Round,
    RoundClosed,
    Workspace,
    WorkspaceError,
    adopt,
    audit_list,
    ballot_of,
    ballots,
    cast,
    close_round,
    decide,
    load_scenario,
    lock_scenario,
    open_round,
    opinions,
    round_of_code,
    rounds,
    save_scenario,
    show_spread,
    signing_key,
)
from portalkompass.workspace.storage.database import now
from portalkompass.workspace.storage.tables import voting_rounds
from portalkompass.workspace.workshop.voting import ALPHABET, CODE_LENGTH
from tests.workspace.test_scenarios import DRAFT

CRITERIA = (
    {"id": "clicks", "label": "Klicks", "help": "Quelle", "start": 50},
    {"id": "effort", "label": "Aufwand", "help": "Quelle", "start": 50},
)
POINTS = {"clicks": 80.0, "effort": 20.0}


@pytest.fixture
def opened(workspace: Workspace) -> Round:
    voted = tuple(one for one in DRAFT.criteria if one["id"] in POINTS)
    scenario = save_scenario(workspace, replace(DRAFT, criteria=voted), "anna")
    return open_round(workspace, scenario, CRITERIA, "anna")


def test_a_code_has_fifty_random_bits_and_may_be_typed_carelessly(
    workspace: Workspace, opened: Round
) -> None:
    assert len(set(ALPHABET)) ** CODE_LENGTH == 2**50
    typed = f" {opened.written_code.lower()} "
    assert round_of_code(workspace, typed) == opened
    assert round_of_code(workspace, "AAAAA-AAAAA") is None
    assert round_of_code(workspace, "' OR 1=1 --") is None


def test_a_second_ballot_of_a_participant_replaces_the_first(workspace: Workspace, opened: Round) -> None:
    cast(workspace, opened.id, "p1", POINTS, "Kim")
    cast(workspace, opened.id, "p2", {"clicks": 0, "effort": 100})
    cast(workspace, opened.id, "p1", {"clicks": 10, "effort": 90}, "Kim")
    assert ballots(workspace, opened).to_numpy().tolist() == [[10.0, 90.0], [0.0, 100.0]]
    own = ballot_of(workspace, opened.id, "p1")
    assert own is not None
    assert own["nickname"] == "Kim"


def test_only_moved_sliders_are_opinions(workspace: Workspace, opened: Round) -> None:
    cast(workspace, opened.id, "p1", {"clicks": 80, "effort": 50}, moved=["clicks", "unbekannt"])
    cast(workspace, opened.id, "p2", {"clicks": 50, "effort": 50}, moved=[])
    cast(workspace, opened.id, "p3", {"clicks": 50, "effort": 50}, moved=["clicks", "effort"])
    points, held = opinions(workspace, opened)
    assert points.to_numpy().tolist() == [[80.0, 50.0], [50.0, 50.0]]
    assert held.to_numpy().tolist() == [[True, False], [True, True]]
    assert len(ballots(workspace, opened)) == 3


def test_a_ballot_that_does_not_tell_is_an_opinion_as_a_whole_once_a_slider_was_moved(
    workspace: Workspace, opened: Round
) -> None:
    cast(workspace, opened.id, "p1", {"clicks": 80, "effort": 50})
    cast(workspace, opened.id, "p2", {"clicks": 50, "effort": 50})
    points, held = opinions(workspace, opened)
    assert points.to_numpy().tolist() == [[80.0, 50.0]]
    assert held.to_numpy().tolist() == [[True, True]]


def test_a_round_without_ballots_holds_no_opinion(workspace: Workspace, opened: Round) -> None:
    points, held = opinions(workspace, opened)
    assert (points.shape, held.shape) == ((0, 2), (0, 2))


def test_ballots_raise_no_revision_and_leave_no_audit_line(workspace: Workspace, opened: Round) -> None:
    before = workspace.revision(), len(audit_list(workspace))
    cast(workspace, opened.id, "p1", POINTS)
    assert (workspace.revision(), len(audit_list(workspace))) == before


@pytest.mark.parametrize(
    ("weights", "sentence"),
    [
        ({"clicks": 1.0}, "passt nicht"),
        ({**POINTS, "trend": 1.0}, "passt nicht"),
        ({"clicks": -1.0, "effort": 1.0}, "zwischen 0 und 100"),
        ({"clicks": float("nan"), "effort": 1.0}, "zwischen 0 und 100"),
        ({"clicks": 0.0, "effort": 0.0}, "Mindestens ein"),
    ],
)
def test_unusable_ballots_are_refused(
    workspace: Workspace, opened: Round, weights: dict[str, float], sentence: str
) -> None:
    with pytest.raises(WorkspaceError, match=sentence):
        cast(workspace, opened.id, "p1", weights)
    assert ballots(workspace, opened).empty


def test_a_closed_round_takes_nothing_and_forgets_names(workspace: Workspace, opened: Round) -> None:
    cast(workspace, opened.id, "p1", POINTS, "Kim")
    close_round(workspace, opened, "anna")
    with pytest.raises(RoundClosed, match="beendet"):
        cast(workspace, opened.id, "p2", POINTS)
    assert round_of_code(workspace, opened.code) is None
    own = ballot_of(workspace, opened.id, "p1")
    assert own is not None
    assert own["nickname"] == ""
    assert ballots(workspace, opened).to_numpy().tolist() == [[80.0, 20.0]]


def test_with_the_lock_or_the_first_decision_a_round_ends(workspace: Workspace, opened: Round) -> None:
    cast(workspace, opened.id, "p1", POINTS, "Erika")
    lock_scenario(workspace, load_scenario(workspace, DRAFT.name), "anna")
    with pytest.raises(RoundClosed):
        cast(workspace, opened.id, "p2", POINTS)
    lock_scenario(workspace, load_scenario(workspace, DRAFT.name), "anna", locked=False)
    again = open_round(workspace, load_scenario(workspace, DRAFT.name), opened.criteria, "anna")
    decide(workspace, Decision(opened.scenario_id, "a", "beschlossen", dt.date(2025, 12, 17)), "anna")
    with pytest.raises(RoundClosed):
        cast(workspace, again.id, "p2", POINTS)
    assert [voting.is_open for voting in rounds(workspace, opened.scenario_id)] == [False, False]
    kept = ballot_of(workspace, opened.id, "p1")
    assert kept is not None
    assert kept["nickname"] == ""


def test_a_code_expires(workspace: Workspace, opened: Round) -> None:
    with workspace.collecting() as connection:
        connection.execute(sa.update(voting_rounds).values(expires_at=now() - dt.timedelta(seconds=1)))
    assert round_of_code(workspace, opened.code) is None
    with pytest.raises(RoundClosed):
        cast(workspace, opened.id, "p1", POINTS)


def test_one_round_at_a_time_on_an_open_scenario(workspace: Workspace, opened: Round) -> None:
    scenario = load_scenario(workspace, DRAFT.name)
    with pytest.raises(WorkspaceError, match="läuft schon"):
        open_round(workspace, scenario, CRITERIA, "anna")
    close_round(workspace, opened, "anna")
    second = open_round(workspace, scenario, CRITERIA, "anna")
    assert [one.id for one in rounds(workspace, scenario.id)] == [second.id, opened.id]
    locked = lock_scenario(workspace, scenario, "anna")
    with pytest.raises(WorkspaceError, match="festgeschrieben"):
        open_round(workspace, locked, CRITERIA, "anna")


def test_adopted_weights_are_the_scenarios_and_refuse_older_edits(
    workspace: Workspace, opened: Round
) -> None:
    scenario = load_scenario(workspace, DRAFT.name)
    adopt(workspace, opened, {"clicks": 60.0, "effort": 40.0}, "anna")
    assert load_scenario(workspace, DRAFT.name).weights == {"clicks": 60.0, "effort": 40.0}
    assert rounds(workspace, scenario.id)[0].adopted_at is not None
    lines = audit_list(workspace)
    (line,) = lines[lines["what"] == "Gewichte geändert"].to_dict("records")
    assert line["who"] == "anna"
    told = "Workshop Januar · „Clicks“: 50\xa0% → 60\xa0%; „Effort“: 25\xa0% → 40\xa0%"
    assert line["detail"] == told
    with pytest.raises(WorkspaceError, match="Version 2"):
        save_scenario(workspace, replace(scenario, note="alt"), "berta")
    with pytest.raises(WorkspaceError, match="nicht übernehmen"):
        adopt(workspace, opened, {}, "anna")


def test_a_median_of_other_criteria_is_not_adopted(workspace: Workspace, opened: Round) -> None:
    scenario = load_scenario(workspace, DRAFT.name)
    save_scenario(workspace, replace(scenario, criteria=scenario.criteria[:1]), "anna")
    with pytest.raises(WorkspaceError, match="andere Kriterien"):
        adopt(workspace, opened, {"clicks": 60.0, "effort": 40.0}, "anna")
    assert rounds(workspace, scenario.id)[0].adopted_at is None


def test_the_spread_is_shown_to_every_screen(workspace: Workspace, opened: Round) -> None:
    show_spread(workspace, opened, "anna", shown=True)
    assert rounds(workspace, opened.scenario_id)[0].shown


def test_forty_ballots_at_once_are_all_kept(workspace: Workspace, opened: Round) -> None:
    def vote(number: int) -> None:
        cast(workspace, opened.id, f"p{number % 20}", {"clicks": number % 20 + 1.0, "effort": 1.0})

    with ThreadPoolExecutor(15) as pool:
        list(pool.map(vote, range(40)))
    assert sorted(ballots(workspace, opened)["clicks"]) == [float(n) for n in range(1, 21)]


def test_the_signing_key_is_made_once(workspace: Workspace) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: signing_key(workspace), range(8)))
    assert len(keys) == 1
    assert len(keys.pop()) == 64
