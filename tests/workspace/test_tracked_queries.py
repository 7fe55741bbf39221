import pytest

from portalkompass.workspace import WorkspaceError, audit_list, track, tracked_queries, untrack
from portalkompass.workspace.tracked_queries import LONGEST, MOST_TRACKED

SITE, OTHER = "https://portal.stadt.example/", "https://andere.example/"


def names(workspace, site=SITE):
    return [one.query for one in tracked_queries(workspace, site)]


def test_each_property_has_a_list_of_its_own_of_queries_as_google_lists_them(workspace):
    track(workspace, SITE, "  Hund   anmelden ", "Ina")
    track(workspace, SITE, "hund anmelden", "Olaf")
    track(workspace, OTHER, "wohngeld", "Ina")

    assert [(one.query, one.updated_by) for one in tracked_queries(workspace, SITE)] == [
        ("hund anmelden", "Ina")
    ]
    assert names(workspace, OTHER) == ["wohngeld"]


def test_what_goes_on_and_off_the_list_stands_in_the_audit(workspace):
    before = workspace.revision()
    track(workspace, SITE, "wohngeld", "Ina")
    untrack(workspace, SITE, "wohngeld", "Olaf")

    assert names(workspace) == []
    assert workspace.revision() == before + 2
    assert audit_list(workspace)[["who", "what", "detail"]].head(2).to_numpy().tolist() == [
        ["Olaf", "Suchanfrage wird nicht mehr beobachtet", "wohngeld"],
        ["Ina", "Suchanfrage wird beobachtet", "wohngeld"],
    ]


def test_an_empty_or_endless_query_and_one_too_many_are_refused(workspace):
    for query, fault in ((" ", "fehlt"), ("x" * (LONGEST + 1), "500 Zeichen")):
        with pytest.raises(WorkspaceError, match=fault):
            track(workspace, SITE, query, "Ina")
    for number in range(MOST_TRACKED):
        track(workspace, SITE, f"anfrage {number}", "Ina")
    with pytest.raises(WorkspaceError, match="höchstens 100"):
        track(workspace, SITE, "noch eine", "Ina")
    track(workspace, SITE, "anfrage 7", "Ina")  # there already
    assert len(names(workspace)) == MOST_TRACKED
