"""Umgezogene Seiten, clicked through: enter, refuse, confirm a proposal, change, take a file."""

import dataclasses
import datetime as dt

import pytest

from etl.store.publish import draft
from portalkompass.settings import load_settings
from portalkompass.workspace import PageMove, add_moves, page_moves, update_move, workspace_of
from tests.warehouse_fixture import SITE, publish

SCREEN = "services/services.py"
NEW, OLD = SITE + "leistung/hundesteuer", SITE + "alt/hundesteuer"
MOVED = dt.date(2025, 5, 1)


@pytest.fixture
def opened(screen):
    """The tab with the list open, signed as Ina; the page came under another address."""
    settings = load_settings()
    publish(settings)
    with draft(settings) as connection:
        for table in ("search_page_day", "search_page_query_day"):
            connection.execute(
                f"UPDATE {table} SET url = '{OLD}' WHERE url = '{NEW}' AND date < DATE '{MOVED}'"
            )
    app = screen(SCREEN, "ansicht=zuordnung", kuerzel="Ina", umzuege=True)
    return workspace_of(settings), app


def button(app, key):
    return next(one for one in app.button if one.key == key)


def sentences(elements):
    return [one.value.replace("\\", "").replace("\u2060", "") for one in elements]


def test_a_proposal_is_confirmed_by_click(opened):
    workspace, app = opened
    button(app, f"umzug-ja-{OLD}").click().run()
    assert not app.exception
    move = page_moves(workspace, SITE)[0]
    assert (move.old_url, move.new_url, move.date, move.updated_by) == (OLD, NEW, MOVED, "Ina")
    assert f"Umzug von {OLD} eingetragen." in sentences(app.success)
    assert not [one for one in app.button if one.key.startswith("umzug-ja-")]


def test_a_move_is_entered_by_hand_and_a_wrong_one_refused_with_its_sentence(opened):
    workspace, app = opened
    app.text_input(key="umzug-neuer-alt").set_value(OLD)
    app.text_input(key="umzug-neuer-neu").set_value("https://anders.example/x")
    button(app, "umzug-eintragen").click().run()
    assert sentences(app.error) == ["Bitte den Tag des Umzugs angeben."]
    app.date_input(key="umzug-neuer-tag").set_value(MOVED)
    button(app, "umzug-eintragen").click().run()
    assert sentences(app.error) == [
        f"Die neue Adresse https://anders.example/x gehört nicht zur Property {SITE}."
    ]
    assert page_moves(workspace, SITE) == []
    app.text_input(key="umzug-neuer-neu").set_value(NEW)
    button(app, "umzug-eintragen").click().run()
    assert [(move.old_url, move.new_url) for move in page_moves(workspace, SITE)] == [(OLD, NEW)]
    assert app.text_input(key="umzug-neuer-alt").value == ""


def test_without_a_name_nothing_is_written(opened):
    workspace, app = opened
    app.text_input(key="kuerzel").set_value("")
    button(app, f"umzug-ja-{OLD}").click().run()
    assert page_moves(workspace, SITE) == []
    assert len(app.error) == 1


def test_a_move_is_changed_and_a_save_that_comes_too_late_shows_both_versions(opened):
    workspace, app = opened
    add_moves(workspace, [PageMove(SITE, OLD, NEW, MOVED)], "Olaf")
    app.session_state["umzug-liste-0"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.run()
    move = page_moves(workspace, SITE)[0]
    stamp = f"umzug-{move.id}"
    app.date_input(key=f"{stamp}-tag").set_value(dt.date(2025, 5, 2))
    update_move(workspace, dataclasses.replace(move, note="Relaunch"), "Olaf")
    button(app, f"{stamp}-speichern").click().run()
    assert "inzwischen von Olaf geändert" in sentences(app.error)[0]
    assert list(app.table[0].value.index) == ["Ab dem", "Notiz"]
    assert page_moves(workspace, SITE)[0].date == MOVED
    # what was entered stays, and may be saved over the version that is shown beside it
    assert app.date_input(key=f"{stamp}-tag").value == dt.date(2025, 5, 2)
    button(app, "umzug-liste-meine").click().run()
    assert not app.exception
    (kept,) = page_moves(workspace, SITE)
    assert (kept.date, kept.note, kept.updated_by) == (dt.date(2025, 5, 2), "", "Ina")
    assert not [one for one in app.button if one.key == f"{stamp}-speichern"]


def test_a_file_is_taken_over_and_a_wrong_one_refused(opened):
    workspace, app = opened
    head = "old_url;new_url;date\n"
    app.file_uploader(key="umzug-datei").set_value(
        ("umzuege.csv", f"{head}{OLD};{NEW};morgen\n".encode(), "text/csv")
    )
    app.run()
    button(app, "umzug-laden").click().run()
    assert "Zeile 2: „morgen“ ist kein Tag" in sentences(app.error)[0]
    app.file_uploader(key="umzug-datei").set_value(
        ("umzuege.csv", f"{head}{OLD};{NEW};01.05.2025\n".encode(), "text/csv")
    )
    app.run()
    button(app, "umzug-laden").click().run()
    assert [move.date for move in page_moves(workspace, SITE)] == [MOVED]
    assert sentences(app.success) == ["1\u00a0Umzug eingetragen; was es schon gab, blieb, wie es war."]
