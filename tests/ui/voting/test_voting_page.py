import datetime as dt
import re
import socket

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from portalkompass.prioritisation import load_criteria
from portalkompass.settings import SHIPPED_DATA, Settings, load_settings
from portalkompass.ui.auth.revoked_sessions import workspace_in_use
from portalkompass.ui.voting.voting_network import reach_fault
from portalkompass.ui.voting.voting_page import ballot
from portalkompass.ui.voting.voting_routes import ROUTES, SAVED
from portalkompass.ui.workshop.weights import reach
from portalkompass.workspace import (
    Agenda,
    Round,
    ballot_departments,
    begin_workshop,
    open_assessment,
    open_round,
    opinions,
    save_scenario,
    voices,
)
from tests.workspace.test_scenarios import DRAFT
from tests.workspace.test_voting import CRITERIA

NOW = dt.datetime(2025, 12, 17, tzinfo=dt.UTC)


def voting(criteria):
    told = tuple(
        {"id": one.id, "label": one.label, "help": one.help, "start": 50, "step": reach(one)}
        for one in criteria
    )
    return Round(1, "ABCDE12345", 1, told, False, "anna", NOW, NOW, None, None)


def words(html):
    """Words that a reader sees, without the head and the style."""
    body = re.sub(r"<(style|head|title)[^>]*>.*?</\1>", " ", html, flags=re.DOTALL)
    return re.sub(r"<[^>]+>", " ", body).split()


def test_the_longest_ballot_has_at_most_250_words_and_says_how_far_one_is():
    shipped = load_criteria(SHIPPED_DATA / "criteria.toml")
    most = max((shipped.chosen(preset.criteria) for preset in shipped.presets), key=len)
    page = ballot(voting(most), None)
    own = {"weights": {}, "moved": [], "nickname": "Kim"}
    saved = ballot(voting(most), own, SAVED, department="FB 36")
    assert max(len(words(page)), len(words(saved))) <= 250
    assert f"1/{len(most)} " in page
    assert f"{len(most)}/{len(most)} " in page


def test_wordings_with_a_comma_stay_whole_on_the_ballot():
    shipped = load_criteria(SHIPPED_DATA / "criteria.toml")
    one = next(own for own in shipped.criteria if own.id == "effort")
    dated = one.model_copy(update={"label": "Personal, Geld", "window": "Dez. 2024 bis Nov. 2025"})
    said = " ".join(words(ballot(voting([dated]), None)))
    assert (
        "1/1 Personal, Geld „über ein Jahr, Beschaffung nötig“ bis „wenige Tage, vorhandene Mittel“" in said
    )


def checked(page):
    return re.findall(r'name="m-([a-z_]+)" checked', page)


def test_a_slider_that_was_left_on_purpose_is_ticked_when_the_ballot_is_opened_again():
    criteria = load_criteria(SHIPPED_DATA / "criteria.toml").criteria[:3]
    round_ = voting(criteria)
    moved, meant, silent = (one.id for one in criteria)
    assert checked(ballot(round_, None)) == []
    own = {"weights": {moved: 80.0, meant: 50.0, silent: 50.0}, "moved": [moved, meant], "nickname": ""}
    assert checked(ballot(round_, own)) == [meant]
    # a ballot of an earlier version does not tell
    assert checked(ballot(round_, {**own, "moved": None})) == []


@pytest.fixture
def phone(tmp_path, monkeypatch):
    """A participant's browser without scripts, beside a workspace of its own."""
    monkeypatch.setenv("PORTALKOMPASS_DATA_DIR", str(tmp_path))
    load_settings.cache_clear()
    yield TestClient(Starlette(routes=ROUTES))
    load_settings.cache_clear()


def test_the_form_tells_sliders_that_were_moved_or_ticked_from_those_left_alone(phone):
    workspace = workspace_in_use()
    criteria = ({**CRITERIA[0], "start": 33}, CRITERIA[1])  # 33 is no step of a slider: browsers show 35
    one = open_round(workspace, save_scenario(workspace, DRAFT, "anna"), criteria, "anna")
    address = f"/w/{one.code}"

    def held(**fields):
        sent = {name.replace("_", "-"): value for name, value in fields.items()}
        assert "Ihre Gewichte sind gespeichert." in phone.post(address, data=sent).text
        return opinions(workspace, one)[1].to_numpy().tolist()

    assert checked(phone.get(address).text) == []
    assert held(g_clicks="80", g_effort="50") == [[True, False]]
    assert held(g_clicks="35", g_effort="50", m_effort="on") == [[False, True]]
    assert checked(phone.get(address).text) == ["effort"]
    assert held(g_clicks="35", g_effort="50") == []


def test_a_ballot_says_for_which_department_where_the_workshop_names_several(phone):
    workspace = workspace_in_use()
    agenda = Agenda(0, departments=("FB 36", "IT & Netz"))
    one = open_round(workspace, begin_workshop(workspace, DRAFT, agenda, "anna"), CRITERIA, "anna")
    address, points = f"/w/{one.code}", {"g-clicks": "80", "g-effort": "20"}

    def of():
        return ballot_departments(workspace, one).tolist()

    asked = phone.get(address).text
    assert "Für welche Stelle?" in asked
    assert "IT &amp; Netz" in asked
    assert "g-clicks" not in asked
    page = phone.post(address, data={"stelle": "IT & Netz"}).text
    assert 'name="stelle" value="IT &amp; Netz"' in page
    assert of() == []
    assert SAVED in phone.post(address, data={"stelle": "IT & Netz", **points}).text
    assert of() == ["IT & Netz"]
    assert ' value="IT &amp; Netz" selected' in phone.get(f"{address}?stelle=").text
    phone.post(address, data={"stelle": "<b>FB 1</b>", **points})
    assert of() == [""]
    assert "Stelle nennen" in phone.get(address).text
    assert phone.post(address, data={"stelle": "FB 36", "g-clicks": "viel"}).status_code == 400


def test_the_address_for_phones_is_tried_before_a_round_opens():
    assert "nur auf diesem Rechner" in reach_fault(Settings(), "http://localhost:8501")
    here = replace_address("http://127.0.0.1:8502")
    assert "gilt nur auf diesem Rechner" in reach_fault(here, "http://localhost:8501")
    with socket.socket() as free:
        free.bind(("127.0.0.2", 0))
        port = free.getsockname()[1]
        address = f"http://127.0.0.2:{port}"
        assert "antwortet nichts" in reach_fault(replace_address(address), "")
        free.listen()
        assert reach_fault(replace_address(address), "") == ""


def replace_address(address):
    return Settings().model_copy(update={"workshop_lan": True, "workshop_address": address})


def test_a_department_assesses_by_step_names_on_pages_of_at_most_250_words(phone):
    shipped = load_criteria(SHIPPED_DATA / "criteria.toml")
    ladders = [
        {"id": one.id, "label": one.label, "help": one.help, "direction": one.direction}
        | {"levels": [{"value": level.value, "label": level.label} for level in one.levels]}
        for one in shipped.criteria
        if one.levels
    ]
    ids = [one["id"] for one in ladders]
    workspace = workspace_in_use()
    asked = {
        "services": {"a": "Hundesteuer", "b": "Bauportal"},
        "departments": {"FB 20": ["a"], "IT & Netz": []},
        "cells": {"a": ids, "b": ids[:1]},
        "listed": {"a": "EfA/Nachnutzung; laut Anbieter <2026>"},
        "steps": {"a": {ids[0]: ladders[0]["levels"][1]["value"]}},
    }
    one = open_assessment(workspace, save_scenario(workspace, DRAFT, "anna"), ladders, asked, "anna")
    address = f"/w/{one.code}"
    assert "IT &amp; Netz" in phone.get(address).text
    first = phone.post(address, data={"stelle": "FB 20"})
    assert "Seite 1 von 2" in first.text
    assert "Hundesteuer" in first.text
    assert "Laut Liste: EfA/Nachnutzung; laut Anbieter &lt;2026&gt;" in first.text
    assert f"<span>{ladders[0]['levels'][1]['label']} (laut Liste)</span>" in first.text
    assert first.text.count("(laut Liste)") == 1
    assert checked_steps(first.text) == []  # nobody has said it yet
    assert len(words(first.text)) <= 250
    given = {f"k-{ids[0]}": str(ladders[0]["levels"][1]["value"]), f"k-{ids[1]}": "?"}
    second = phone.post(address, data={"seite": "1", "leistung": "a", **given})
    assert "Seite 2 von 2" in second.text
    assert len(words(second.text)) <= 250
    last = phone.post(address, data={"seite": "2", "leistung": "a"})
    assert f"1 von {len(ids)}\xa0Feldern eingeschätzt, 1 „weiß nicht“" in last.text.replace("\n", " ")
    opened = phone.post(address, data={"dazu": "b"})
    assert "Bauportal" in opened.text
    assert "Laut Liste" not in opened.text
    assert opened.url.path == address
    assert checked_steps(phone.get(f"{address}?seite=1").text) == [given[f"k-{ids[0]}"], "?"]
    said = voices(workspace, one)
    assert said["criterion"].tolist() == ids[:2]
    assert said["value"].isna().tolist() == [False, True]
    assert phone.post(address, data={"seite": "x", "leistung": "a"}).status_code == 400
    assert phone.post(address, data={"seite": "1", "leistung": "a", f"k-{ids[0]}": "viel"}).status_code == 400


def checked_steps(page):
    return re.findall(r'name="k-[a-z_]+" value="([^"]+)" checked', page)


def test_who_opens_the_round_again_goes_on_where_something_is_open(phone):
    ladder = [{"value": 1.0, "label": "wenig"}, {"value": 5.0, "label": "viel"}]
    criteria = [{"id": "effort", "label": "Aufwand", "help": "", "direction": "lower", "levels": ladder}]
    names = {"a": "Hundesteuer", "b": "Bauportal", "c": "Pflegewohngeld"}
    asked = {"services": names, "departments": {"FB 20": list(names)}, "listed": {}, "steps": {}}
    asked["cells"] = {service: ["effort"] for service in names}
    workspace = workspace_in_use()
    one = open_assessment(workspace, save_scenario(workspace, DRAFT, "anna"), criteria, asked, "anna")
    address = f"/w/{one.code}"
    phone.get(address)
    phone.post(address, data={"stelle": "FB 20"})
    assert "Seite 1 von 3" in phone.get(address).text
    phone.post(address, data={"seite": "2", "leistung": "b", "k-effort": "5.0"})
    assert "Seite 3 von 3" in phone.get(address).text
    phone.post(address, data={"seite": "3", "leistung": "c", "k-effort": "?"})
    assert "Seite 1 von 3" in phone.get(address).text
    phone.post(address, data={"seite": "1", "leistung": "a", "k-effort": "1.0"})
    assert "2 von 3\xa0Feldern" in phone.get(address).text.replace("\n", " ")


def test_a_refused_entry_is_shown_again_as_it_was_entered(phone):
    workspace = workspace_in_use()
    one = open_round(workspace, save_scenario(workspace, DRAFT, "anna"), CRITERIA, "anna")
    address = f"/w/{one.code}"
    phone.get(address)
    refused = phone.post(address, data={"g-clicks": "0", "g-effort": "0", "spitzname": "Kim <b>"})
    assert refused.status_code == 400
    assert re.findall(r'type="range"[^>]* value="(\d+)"', refused.text) == ["0", "0"]
    assert 'value="Kim &lt;b&gt;"' in refused.text
    wrong = phone.post("/w", data={"code": 'AB"CD'})
    assert 'value="AB&quot;CD"' in wrong.text


def test_the_pages_run_no_script_but_the_one_that_keeps_entries_on_the_device(phone):
    workspace = workspace_in_use()
    one = open_round(workspace, save_scenario(workspace, DRAFT, "anna"), CRITERIA, "anna")
    page = phone.get(f"/w/{one.code}")
    assert re.findall(r"<script[^>]*>", page.text) == ['<script type="module" src="keep.js">']
    assert "default-src 'none'" in page.headers["content-security-policy"]
    script = phone.get("/w/keep.js")
    assert script.headers["content-type"].startswith("text/javascript")
    for word in ("fetch(", "innerHTML", "eval(", "http", "document.write", "cookie"):
        assert word not in script.text
