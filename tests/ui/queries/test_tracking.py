"""The watch list, clicked through: chips under Rankings, a button on one query's page, and who may not."""

import pytest

from portalkompass.settings import load_settings
from portalkompass.ui.auth import permissions
from portalkompass.workspace import audit_list, track, tracked_queries, workspace_of
from portalkompass.workspace.tracked_queries import MOST_TRACKED
from tests.warehouse_fixture import SITE, publish

RANKINGS, QUERIES = "traffic/rankings.py", "traffic/queries.py"
LIST = "rankingansicht=beobachtet"
CHIPS = "beobachtete-suchanfragen"


@pytest.fixture
def workspace(screen):
    settings = load_settings()
    publish(settings)
    return workspace_of(settings)


def names(workspace):
    return [one.query for one in tracked_queries(workspace, SITE)]


def test_chips_put_queries_on_the_list_and_take_them_off(workspace, screen):
    app = screen(RANKINGS, LIST, kuerzel="Ina")
    assert app.multiselect(key=CHIPS).value == []
    assert "kennzeichen reservieren" in app.multiselect(key=CHIPS).options  # a proposal
    app.multiselect(key=CHIPS).select("kennzeichen reservieren").run()
    assert not app.exception
    assert names(workspace) == ["kennzeichen reservieren"]
    assert app.multiselect(key=CHIPS).value == ["kennzeichen reservieren"]
    app.multiselect(key=CHIPS).set_value([]).run()
    assert names(workspace) == []
    assert list(audit_list(workspace)["who"].head(2)) == ["Ina", "Ina"]


def test_chips_take_off_nothing_that_somebody_else_put_on_the_list_meanwhile(workspace, screen):
    track(workspace, SITE, "hund anmelden", "Ina")
    app = screen(RANKINGS, LIST, kuerzel="Ina")
    track(workspace, SITE, "wohngeld", "Bert")
    app.multiselect(key=CHIPS).set_value([]).run()
    assert not app.exception
    assert names(workspace) == ["wohngeld"]


def test_a_query_in_full_is_tracked_by_one_click_and_let_go_by_another(workspace, screen):
    app = screen(QUERIES, "anfrage=hund+anmelden")
    app.button(key="beobachten").click().run()
    assert names(workspace) == ["hund anmelden"]
    assert app.button(key="beobachten").label == "Nicht mehr beobachten"
    app.button(key="beobachten").click().run()
    assert names(workspace) == []


def test_a_full_list_says_so(workspace, screen):
    for number in range(MOST_TRACKED):
        track(workspace, SITE, f"anfrage {number}", "Ina")
    app = screen(QUERIES, "anfrage=hund+anmelden")
    app.button(key="beobachten").click().run()
    assert [error.value for error in app.error] == ["Beobachtet werden höchstens 100 Suchanfragen\\."]
    assert len(names(workspace)) == MOST_TRACKED


def test_whoever_may_only_read_sees_the_list_without_controls(workspace, screen, monkeypatch):
    track(workspace, SITE, "hund anmelden", "Ina")
    monkeypatch.setattr(permissions, "may", lambda role: role == "read")
    app = screen(RANKINGS, LIST)
    assert not app.multiselect
    assert len(app.dataframe) == 2
    assert not [one for one in screen(QUERIES, "anfrage=hund+anmelden").button if one.key == "beobachten"]
