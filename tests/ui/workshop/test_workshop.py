import dataclasses
import datetime as dt
import itertools
import random
import shutil
import sqlite3
from contextlib import closing
from urllib.parse import urlencode

import pytest

from portalkompass.answers import Filters
from portalkompass.answers.asking import ask
from portalkompass.answers.workshop.decision import basis
from portalkompass.answers.workshop.scenario_book import new_scenario
from portalkompass.screens import screen_of
from portalkompass.settings import load_settings
from portalkompass.warehouse.reader import open_published
from portalkompass.workspace import (
    assess,
    assessment_rounds,
    audit_list,
    cast,
    change_remark,
    close_workspace,
    decisions,
    drafts_of,
    load_scenario,
    promises,
    remarks,
    rounds,
    save_scenario,
    scenario_list,
    workspace_of,
)
from tests.warehouse_fixture import SITE, publish, settings_for

PAGE = "services/prioritisation.py"
REVISIONS = itertools.count(1_000, 1_000)
"""No workspace of one test has a revision of another's, so that only what depends on links alone is measured once."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A published state for all tests, with two workspaces to copy: a new one, and one with a saved scenario."""
    folder = tmp_path_factory.mktemp("workshop")
    settings = settings_for(folder / "data")
    publish(settings)
    for name in ("new", "saved"):
        workspace = workspace_of(settings)
        if name == "saved":
            question = ask(
                open_published(settings),
                workspace,
                Filters(SITE, dt.date(2024, 12, 1), dt.date(2025, 11, 30)),
                settings,
            )
            draft = new_scenario(question, basis(question), None, "Workshop Januar")
            earlier = dataclasses.replace(
                draft, snapshot="früher"
            )  # so that there is something to bring up to date
            save_scenario(workspace, earlier, "Moderation")
        close_workspace(settings.workspace_url)
        shutil.copy(folder / "data" / "workspace.db", folder / f"{name}.db")
    return folder


def lay(folder, name):
    """Put this workspace in place of the one before, as a restore does."""
    workspace = load_settings().data_dir / "workspace.db"
    close_workspace(load_settings().workspace_url)
    for old in workspace.parent.glob("workspace.db*"):
        old.unlink()
    shutil.copy(folder / f"{name}.db", workspace)
    with closing(sqlite3.connect(workspace)) as connection, connection:
        connection.execute("UPDATE meta SET revision = ?", (next(REVISIONS),))


@pytest.fixture
def workshop(screen, folder, monkeypatch):
    monkeypatch.setenv("PORTALKOMPASS_DATA_DIR", str(folder / "data"))
    load_settings.cache_clear()
    lay(folder, "new")
    return lambda ansicht="", szenario="", beamer="", **session: screen(
        PAGE, urlencode({"ansicht": ansicht, "szenario": szenario, "beamer": beamer}), **session
    )


@pytest.fixture
def kept(workshop, folder):
    """The screen with the scenario "Workshop Januar", which somebody saved; opens the list of scenarios."""
    lay(folder, "saved")
    return lambda ansicht="szenarien", **session: workshop(ansicht, szenario="Workshop Januar", **session)


def said(app):
    return " ".join(element.value.replace("\\", "") for element in app.markdown)


def go(app, view):
    """To another view by its address, as the controls do."""
    app.query_params["ansicht"] = view
    return app.run()


def save(app, name):
    go(app, "szenarien")
    app.text_input(key="szenario-name").set_value(name)
    next(button for button in app.button if button.label == "Szenario speichern").click()
    return app.run()


VIEWS = [view.slug for view in screen_of("priorisierung").views]
WALKS, STEPS_OF_A_WALK = 2, 18
ACTIONS = (
    "workshop-anlegen",
    "einschaetzung-auf",
    "einschaetzung-zeigen",
    "einschaetzung-zu",
    "einschaetzung-wieder",
    "abstimmung-auf",
    "abstimmung-zu",
    "schritt-weiter",
    "schritt-uhr",
    "szenario-schloss",
    "entscheidung-fest",
)
"""Buttons that a walk presses where it meets them."""


def begin(app):
    """The one button: everything is proposed."""
    app.button(key="workshop-anlegen").click()
    return app.run()


def has_content(app):
    """Something beyond a sentence: a table, a chart, fields to fill, counts, or a list in large letters."""
    charts = app.get("vega_lite_chart") + app.get("arrow_vega_lite_chart")
    noted = [one for one in app.text_input if (one.key or "").startswith("protokoll")]
    large = len(app.header) + len(app.title) > 3
    return bool(
        app.dataframe
        or charts
        or app.data_editor
        or app.radio
        or app.text_area
        or noted
        or app.metric
        or large
    )


def assert_no_dead_end(app, where):
    assert not app.exception, where
    assert not app.error, where
    assert has_content(app), where
    assert not [one.value for one in app.info if "bitte" in one.value.lower()], where


def assert_no_view_is_one(app, views):
    for view in views:
        assert_no_dead_end(go(app, view), view)


def press(app, lot):
    """One of the buttons that stand there, drawn; "" where there is none of them."""
    there = [one for one in app.button if one.key in ACTIONS and not one.disabled]
    if not there:
        return ""
    button = lot.choice(there)
    if button.key == "entscheidung-fest":
        app.radio(key="entscheidung-wort").set_value("beschlossen")
    button.click().run()
    return button.key


@pytest.mark.parametrize("walk", range(WALKS))
def test_no_view_leads_nowhere_in_any_order_of_the_steps(workshop, walk):
    """Views, buttons and projector in an order that is drawn; from the first view on a workshop may begin or not."""
    lot, way = random.Random(f"walk {walk}"), []
    app = workshop(szenario=lot.choice(("Nachfrage", "Alle Kriterien")))
    for _ in range(STEPS_OF_A_WALK):
        if lot.random() < 0.4 and (pressed := press(app, lot)):
            way.append(pressed)
        elif lot.random() < 0.2:
            turned = app.query_params.get("beamer") != ["true"]
            app.query_params["beamer"] = "true" if turned else ""
            app.run()
            way.append("beamer" if turned else "schirm")
        else:
            way.append(lot.choice(VIEWS))
            go(app, way[-1])
        assert_no_dead_end(app, " → ".join(way))


def test_rounds_without_a_voice_and_one_service_alone_are_no_dead_ends(workshop):
    """What an earlier screen answered with a sentence alone: an empty vote that is locked, nothing to compare."""
    app = begin(workshop())
    name = app.session_state["szenario-gewaehlt"]
    workspace = workspace_of(load_settings())
    scenario = load_scenario(workspace, name)
    keep = scenario.matrix.index[:1]
    alone = dataclasses.replace(
        scenario, matrix=scenario.matrix.loc[keep], services=scenario.services.loc[keep]
    )
    scenario = save_scenario(workspace, alone, "Anna")
    app.run()
    assert_no_view_is_one(app, ("vergleich", "sicherheit", "quadrant", "plan"))
    for view, opens, ends in (
        ("einschaetzung", "einschaetzung-auf", "einschaetzung-zu"),
        ("stimmen", "abstimmung-auf", "abstimmung-zu"),
    ):
        go(app, view).button(key=opens).click().run()
        app.button(key=ends).click().run()
        assert_no_dead_end(app, view)
    go(app, "szenarien").button(key="szenario-schloss").click().run()
    assert load_scenario(workspace, name).locked
    for stage in ("", "true"):
        app.query_params["beamer"] = stage
        assert_no_view_is_one(app, ("einschaetzung", "stimmen", "sicherheit"))


def test_the_projector_keeps_the_scenario_over_several_runs(kept):
    app = kept()
    app.toggle(key="beamer").set_value(True).run()
    app.slider(key="gewicht-clicks").set_value(100).run()
    app.slider(key="gewicht-clicks").set_value(0).run()
    app.toggle(key="beamer").set_value(False).run()
    assert app.selectbox(key="szenario").value == "Workshop Januar"


def test_swing_weighting_ends_in_the_sliders(workshop):
    app = workshop()
    app.toggle(key="swing").set_value(True).run()
    app.selectbox(key="swing-erster").set_value("unmet_demand").run()
    app.button(key="swing-weiter").click().run()
    app.slider(key="swing-clicks").set_value(20).run()
    assert "59 % (57 % bis 61 %)" in said(app).replace("\xa0", " ")
    app.button(key="swing-fertig").click().run()
    assert not app.exception
    weights = {
        name: app.slider(key=f"gewicht-{name}").value for name in ("clicks", "relative_trend", "unmet_demand")
    }
    assert weights == {"clicks": 20, "relative_trend": 50, "unmet_demand": 100}


def test_pairwise_answers_end_in_the_sliders(workshop):
    app = workshop()
    app.toggle(key="paarvergleich").set_value(True).run()
    for _ in range(3):
        app.button(key="paarvergleich-links").click().run()
    assert "von 3" in said_below(app)
    app.button(key="paarvergleich-zurueck").click().run()
    assert "von 2" in said_below(app)
    app.button(key="paarvergleich-fertig").click().run()
    assert not app.exception
    names = ("clicks", "relative_trend", "unmet_demand")
    assert max(app.slider(key=f"gewicht-{name}").value for name in names) == 100
    assert not app.toggle(key="paarvergleich").value


def test_comparisons_that_were_begun_go_on_after_another_view_and_a_reload(workshop, opened_by):
    opened_by(b"anna")
    app = workshop()
    app.toggle(key="paarvergleich").set_value(True)
    app.toggle(key="swing").set_value(True).run()
    app.button(key="paarvergleich-links").click().run()
    app.button(key="swing-weiter").click().run()
    app.slider(key="swing-relative_trend").set_value(20).run()
    go(app, "sicherheit")
    go(app, "rangfolge")
    for again in (app, workshop()):
        assert "2. Was wiegt mehr?" in said(again)
        assert again.slider(key="swing-relative_trend").value == 20
        assert len([one for one in again.slider if one.key.startswith("swing-")]) == 2
    opened_by(b"bert")
    other = workshop()
    assert not other.toggle(key="swing").value and not other.toggle(key="paarvergleich").value
    opened_by(b"anna")
    app = workshop()
    app.button(key="paarvergleich-fertig").click().run()
    app = workshop()
    assert not app.toggle(key="swing").value and not app.toggle(key="paarvergleich").value


def said_below(app):
    return " ".join(caption.value for caption in app.caption)


def test_a_saved_scenario_keeps_the_sliders_weights_and_is_shown_at_once(workshop):
    app = workshop()
    app.slider(key="gewicht-clicks").set_value(100).run()
    app = save(app, "Workshop Januar")
    assert not app.exception
    assert app.selectbox(key="szenario").value == "Workshop Januar"
    kept = load_scenario(workspace_of(load_settings()), "Workshop Januar")
    assert kept.weights["clicks"] == 100.0
    assert kept.data_date is not None


def test_a_scenario_of_its_own_brings_its_weights_along(workshop):
    app = workshop()
    app.slider(key="gewicht-clicks").set_value(100).run()
    app = save(app, "Workshop Januar")
    before = app.slider(key="gewicht-clicks").value
    app.selectbox(key="szenario").set_value("Nachfrage").run()
    assert app.slider(key="gewicht-clicks").value == 50
    app.selectbox(key="szenario").set_value("Workshop Januar").run()
    assert app.slider(key="gewicht-clicks").value == before == 100


def test_a_decision_locks_the_scenario_and_needs_a_reason_where_something_is_put_off(kept):
    app = kept("beschluesse")
    assert app.radio(key="entscheidung-wort").value is None
    assert app.selectbox(key="entscheidung-leistung").value == "hundesteuer"
    app.button(key="entscheidung-fest").click().run()
    assert "eine Entscheidung" in app.error[0].value
    app.radio(key="entscheidung-wort").set_value("zurückgestellt")
    app.button(key="entscheidung-fest").click().run()
    assert "nennt bitte den Grund" in app.error[0].value
    app.text_input(key="entscheidung-grund").set_value("Vertrag fehlt")
    next(one for one in app.button if one.label == "Entscheidung festhalten").click().run()
    assert not app.exception
    assert bool(scenario_list(workspace_of(load_settings()))["locked"][0])
    # the minutes offer their files without making one, and say what the list cannot hold
    app = go(app, "protokoll")
    assert not app.exception
    assert any("nicht auf der Liste" in one.value for one in app.caption)


def test_new_entries_outlive_another_view_and_a_reload(kept, opened_by):
    opened_by(b"anna")
    app = kept("protokoll")
    app.text_input(key="protokoll-neu-text").set_value("Wer zahlt? <b>")
    app.text_input(key="protokoll-neu-wer").set_value("FB 20").run()
    go(app, "szenarien").text_input(key="szenario-name").set_value("Februar").run()
    assert go(app, "protokoll").text_input(key="protokoll-neu-text").value == "Wer zahlt? <b>"
    app = kept("protokoll")
    assert app.text_input(key="protokoll-neu-wer").value == "FB 20"
    app.button(key="protokoll-neu-fest").click().run()
    assert not app.exception
    workspace = workspace_of(load_settings())
    scenario = load_scenario(workspace, "Workshop Januar")
    assert [(one.text, one.owner) for one in remarks(workspace, scenario.id)] == [("Wer zahlt? <b>", "FB 20")]
    app = kept("szenarien")
    assert app.text_input(key="szenario-name").value == "Februar"
    assert go(app, "protokoll").text_input(key="protokoll-neu-text").value == ""
    opened_by(b"bert")
    assert kept("szenarien").text_input(key="szenario-name").value == ""
    assert "Februar" not in str(audit_list(workspace).to_dict())


def test_an_entry_of_the_minutes_is_asked_for_before_it_goes(kept):
    app = kept("protokoll")
    app.text_input(key="protokoll-neu-text").set_value("Wer zahlt?").run()
    app.button(key="protokoll-neu-fest").click().run()
    workspace = workspace_of(load_settings())
    scenario = load_scenario(workspace, "Workshop Januar")
    (remark,) = remarks(workspace, scenario.id)
    assert "„Wer zahlt?“ aus dem Protokoll nehmen?" in said(app)
    yes = app.button(key=f"protokoll-weg-{remark.id}")
    assert yes.label == "Ja, löschen"
    change_remark(workspace, remark.id, "text", "Wer zahlt?", "Wer zahlt was?", "Bert")
    yes.click().run()
    assert "inzwischen" in app.error[0].value  # what was not in sight stays
    assert [one.text for one in remarks(workspace, scenario.id)] == ["Wer zahlt was?"]
    app.button(key=f"protokoll-weg-{remark.id}").click().run()
    assert remarks(workspace, scenario.id) == []


def test_why_and_what_if_answer_for_two_services(workshop):
    app = workshop(ansicht="Warum?")
    assert "Hundesteuer" in said(app)
    assert "Rang in der Bahn" in said(app)


def test_a_step_of_the_ladder_can_be_tried_in_its_wording(workshop):
    app = workshop(ansicht="Warum?", szenario="Alle Kriterien")
    app.selectbox(key="wenn-kriterium").set_value("efa_step").run()
    (box,) = [one for one in app.selectbox if one.key.startswith("wenn-") and one.key.endswith("-efa_step")]
    assert box.options[:2] == ["unbekannt", "0 · keine nachnutzbare Lösung bekannt"]
    before = next(text for text in said(app).split("**") if "Rang in der Bahn" in text)
    box.set_value(5.0).run()
    assert not app.exception
    assert said(app) != before


def test_the_mandate_that_separates_nothing_is_said_in_sight(workshop):
    app = workshop(szenario="Alle Kriterien")
    # beside the reason for the first place, not among the further notes that have to be opened
    (shown,) = [
        one.value for one in app.caption if "liegt vor" in one.value or "liegt gleichauf" in one.value
    ]
    assert "trennt nicht: 8 von 8 Leistungen" in shown.replace("\\", "")


def test_a_decided_scenario_offers_a_copy_instead_of_opening_it_again(kept):
    app = kept()
    assert "Festschreiben" in [button.label for button in app.button]
    go(app, "beschluesse")
    app.radio(key="entscheidung-wort").set_value("beschlossen")
    app.button(key="entscheidung-fest").click().run()
    assert not app.exception
    (promise,) = promises(workspace_of(load_settings()))  # kept with the decision, of the data of today
    assert promise.content["clicks"]["end"] == "2026-02-28"
    go(app, "szenarien")
    assert "Wieder öffnen" not in [button.label for button in app.button]
    assert any("eine Kopie unter neuem Namen" in caption.value for caption in app.caption)


def test_the_saved_ranking_stands_beside_todays(kept):
    app = kept()
    assert "Heute ergibt sich dieselbe Reihenfolge wie gespeichert" in [one.value for one in app.header]


def test_the_projector_hides_what_the_room_does_not_need(workshop):
    app = workshop(beamer="true")
    assert not app.exception
    assert app.segmented_control(key="ansicht-teil").options == [
        "Vorbereiten",
        "Einschätzen",
        "Gewichten",
        "Entscheiden",
    ]
    assert app.segmented_control(key="ansicht").options == [
        "Rangfolge",
        "Sicherheit",
        "Quadrant",
        "Plan",
        "Beschlüsse",
    ]
    assert "szenario" not in {box.key for box in app.selectbox}


def test_only_what_is_in_sight_is_made_when_a_weight_moves(workshop):
    app = workshop()
    app.slider(key="gewicht-clicks").set_value(80).run()
    # the open lane and the candidates; the other lanes and the criteria wait until they are opened
    assert len(app.dataframe) == 2
    app.toggle(key="kriterien-zeigen").set_value(True).run()
    assert len(app.dataframe) == 3


def test_a_candidate_joins_the_scenario_and_is_counted_apart(kept):
    app = kept("rangfolge")
    app.button(key="kandidat-aufnehmen").click().run()
    assert not app.exception
    assert not app.error
    assert {metric.label: metric.value for metric in app.metric}["Kandidaten"] == "1"
    assert {metric.label: metric.value for metric in app.metric}["Anstehende Leistungen"] == "8"
    kept = load_scenario(workspace_of(load_settings()), "Workshop Januar")
    assert kept.services["list"].value_counts().to_dict() == {"anstehend": 8, "Kandidat": 1}
    assert kept.matrix.loc["wunschkennzeichen", "clicks"] > 0


def test_lanes_and_anchors_of_a_scenario_of_its_own_can_be_edited(workshop):
    app = workshop(ansicht="Bahnen")
    assert not app.data_editor
    app = save(app, "Workshop Januar")
    go(app, "grundlagen")
    assert not app.exception
    assert [editor.key.partition("-")[0] for editor in app.data_editor] == ["bahnen", "anker"]


def test_who_gave_a_name_stands_in_the_audit(workshop):
    app = workshop(ansicht="Szenarien")
    app.text_input(key="kuerzel").set_value("Erika (FB 04)").run()
    save(app, "Mit Namen")
    workspace = workspace_of(load_settings())
    assert audit_list(workspace, limit=1)["who"].tolist() == ["Erika (FB 04)"]


def enter(app, place, column, value, editor="bahnen"):
    """One cell of the opened table; what was entered before stays in the editor."""
    key = next(one.key for one in app.data_editor if one.key.startswith(editor))
    edits = {"edited_rows": {}, "added_rows": [], "deleted_rows": []} | dict(app.session_state[key])
    edits["edited_rows"] = {
        **edits["edited_rows"],
        place: {**edits["edited_rows"].get(place, {}), column: value},
    }
    app.session_state[key] = edits
    return app.run()


@pytest.fixture
def two_people(kept):
    """Two facilitators with the lanes of one scenario open."""
    anna = kept("grundlagen", kuerzel="Anna")
    bernd = kept("grundlagen", kuerzel="Bernd")
    return anna, bernd


def stored():
    return load_scenario(workspace_of(load_settings()), "Workshop Januar")


def test_of_two_people_in_one_table_nothing_is_lost(two_people):
    anna, bernd = two_people
    services = list(stored().services.index)
    anna = enter(anna, 0, "lane_reason", "Grund von Anna")
    bernd = enter(bernd, 1, "lane_reason", "Grund von Bernd")
    assert stored().services["lane_reason"].to_dict()[services[0]] == "Grund von Anna"
    assert stored().services["lane_reason"].to_dict()[services[1]] == "Grund von Bernd"
    assert any("Gespeichert um" in one.value for one in bernd.caption)
    assert "Grund von Anna" in bernd.info[0].value
    assert "Anna, " in bernd.info[0].value.replace("\\", "")
    # the first one goes on in the table as it was opened: the first entry is not written back over anything
    anna = enter(anna, 2, "lane_reason", "Noch ein Grund")
    reasons = stored().services["lane_reason"].to_dict()
    assert [reasons[service] for service in services[:3]] == [
        "Grund von Anna",
        "Grund von Bernd",
        "Noch ein Grund",
    ]


def test_the_same_cell_filled_differently_shows_both_and_waits_for_a_choice(two_people):
    anna, bernd = two_people
    service = stored().services.index[0]
    enter(anna, 0, "lane_reason", "Vertrag")
    bernd = enter(bernd, 0, "lane_reason", "Personal")
    assert stored().services["lane_reason"].to_dict()[service] == "Vertrag"
    assert "gespeichert ist „Vertrag“ (Anna" in said(bernd)
    assert "„Personal“ (Bernd" in said(bernd)
    # it is there for everyone, and after a reload, too
    again = two_people[0].run()
    assert "„Personal“ (Bernd" in said(again)
    next(one for one in again.button if one.label == "„Personal“ übernehmen").click().run()
    assert not again.exception
    assert stored().services["lane_reason"].to_dict()[service] == "Personal"
    assert "gespeichert ist" not in said(again)
    assert again.data_editor[0].value["lane_reason"][0] == "Personal"


def test_a_lane_without_its_reason_stays_as_draft_after_a_reload(two_people, workshop):
    anna, _ = two_people
    before = stored().services["lane"].tolist()
    other = next(lane for lane in ("startbar", "erst klären") if lane != before[0])
    anna = enter(anna, 0, "lane", other)
    assert stored().services["lane"].tolist() == before
    assert "Bitte den Grund nennen" in anna.warning[0].value
    reloaded = workshop("grundlagen", szenario="Workshop Januar")
    assert reloaded.data_editor[0].value["lane"][0] == other
    enter(reloaded, 0, "lane_reason", "Im Termin besprochen")
    assert stored().services["lane"].tolist()[0] == other


def test_several_cells_pasted_at_once_are_one_save_with_a_line_each(two_people):
    anna, _ = two_people
    workspace = workspace_of(load_settings())
    revision, lines = workspace.revision(), len(audit_list(workspace))
    key = anna.data_editor[0].key
    edits = {place: {"lane_reason": f"Grund {place}"} for place in range(4)}
    anna.session_state[key] = {"edited_rows": edits, "added_rows": [], "deleted_rows": []}
    anna.run()
    assert workspace.revision() == revision + 1
    assert len(audit_list(workspace)) == lines + 4
    assert set(audit_list(workspace, limit=4)["who"]) == {"Anna"}


def test_an_assessment_is_saved_cell_by_cell(workshop):
    app = save(workshop(szenario="Alle Kriterien"), "Workshop Januar")
    go(app, "einschaetzung")
    app = enter(app, 0, "note", "mit der Kasse klären", "einschaetzung")
    assert not app.exception
    criterion = next(one for one in stored().criteria if one["kind"] == "assessed")
    service = stored().services.index[0]
    assert stored().assessments[service][criterion["id"]]["note"] == "mit der Kasse klären"
    typed = [
        one
        for one, own in stored().assessments.items()
        if any(not cell.get("listed") for cell in own.values())
    ]
    assert typed == [service]  # all else is from the list


def test_an_anchor_that_makes_no_scale_waits_for_the_other_one(two_people):
    anna, _ = two_people
    (lower, upper) = anna.data_editor[1].value[["lower", "upper"]].iloc[0]
    anna = enter(anna, 0, "lower", upper * 2, "anker")
    assert stored().anchors == {}
    assert anna.warning
    anna = enter(anna, 0, "upper", upper * 4, "anker")
    assert list(stored().anchors.values()) == [(upper * 2, upper * 4)]
    assert not anna.warning
    assert lower < upper


def test_a_newer_decision_is_never_saved_over_without_a_choice(kept):
    anna = kept("beschluesse", kuerzel="Anna")
    bernd = kept("beschluesse", kuerzel="Bernd")
    service = anna.selectbox(key="entscheidung-leistung").value
    bernd.text_input(key="entscheidung-grund").set_value("Vertrag fehlt").run()
    anna.radio(key="entscheidung-wort").set_value("beschlossen")
    anna.button(key="entscheidung-fest").click().run()
    assert not anna.exception

    bernd.selectbox(key="entscheidung-leistung").set_value(service)
    bernd.radio(key="entscheidung-wort").set_value("zurückgestellt")
    bernd.button(key="entscheidung-fest").click().run()
    workspace = workspace_of(load_settings())
    (decision,) = decisions(workspace)
    assert (decision.decision, decision.updated_by) == ("beschlossen", "Anna")
    assert "Anna" in bernd.warning[0].value
    assert bernd.table[-1].value.loc["Entscheidung"].tolist() == ["zurückgestellt", "beschlossen"]
    assert bernd.text_input(key="entscheidung-grund").value == "Vertrag fehlt"
    # what was typed outlives a reload
    again = kept("beschluesse", kuerzel="Bernd")
    assert again.selectbox(key="entscheidung-leistung").value == service
    assert any("Entwurf von Bernd" in one.value for one in again.caption)
    assert again.text_input(key="entscheidung-grund").value == "Vertrag fehlt"
    again.button(key="entscheidung-meine").click().run()
    assert not again.exception
    (decision,) = decisions(workspace)
    assert (decision.decision, decision.reason, decision.updated_by) == (
        "zurückgestellt",
        "Vertrag fehlt",
        "Bernd",
    )
    assert audit_list(workspace, limit=1)["detail"][0] == (
        f"{service}: beschlossen → zurückgestellt (Vertrag fehlt)"
    )


def test_the_form_follows_what_is_stored_where_nothing_was_entered(kept):
    anna = kept("beschluesse", kuerzel="Anna")
    service = anna.selectbox(key="entscheidung-leistung").value
    anna.radio(key="entscheidung-wort").set_value("beschlossen")
    anna.button(key="entscheidung-fest").click().run()
    anna.selectbox(key="entscheidung-leistung").set_value(service).run()
    assert anna.radio(key="entscheidung-wort").value == "beschlossen"
    anna.radio(key="entscheidung-wort").set_value("keine")
    anna.button(key="entscheidung-fest").click().run()
    assert decisions(workspace_of(load_settings())) == []


def test_reload_and_link_keep_scenario_and_weights(kept, screen):
    app = kept()
    app.slider(key="gewicht-clicks").set_value(80).run()
    assert app.query_params["szenario"] == "Workshop Januar"
    again = screen(PAGE, urlencode({"szenario": "Workshop Januar", "gewicht-clicks": 80}))
    assert again.selectbox(key="szenario").value == "Workshop Januar"
    assert again.slider(key="gewicht-clicks").value == 80
    assert "Gewichte geändert" in said(again)


def test_a_locked_scenario_keeps_its_weights_whatever_the_sliders_or_the_address_say(workshop, screen):
    app = workshop()
    app.slider(key="gewicht-clicks").set_value(100).run()
    app = save(app, "Workshop Januar")
    app.button(key="szenario-schloss").click().run()
    assert app.slider(key="gewicht-fest-clicks").disabled
    again = screen(PAGE, urlencode({"szenario": "Workshop Januar", "gewicht-clicks": 5}))
    assert not again.exception
    assert again.slider(key="gewicht-fest-clicks").value == 100
    assert "Gewichte geändert" not in said(again)


def test_moved_sliders_stay_while_others_save_weights_and_a_clash_shows_both(kept):
    anna = kept(kuerzel="Anna")
    bernd = kept(kuerzel="Bernd")
    bernd.slider(key="gewicht-clicks").set_value(80).run()
    anna.slider(key="gewicht-unmet_demand").set_value(10).run()
    anna.button(key="szenario-gewichte").click().run()
    bernd.run()
    # the slider that Bernd did not touch follows, the one he moved stays
    assert bernd.slider(key="gewicht-unmet_demand").value == 10
    assert bernd.slider(key="gewicht-clicks").value == 80
    assert not bernd.warning
    anna.slider(key="gewicht-clicks").set_value(20).run()
    anna.button(key="szenario-gewichte").click().run()
    bernd.button(key="szenario-gewichte").click().run()
    assert stored().weights["clicks"] == 20
    assert "Gespeichert ist inzwischen 20 (von Anna), Ihr Regler steht auf 80" in bernd.warning[
        0
    ].value.replace("\\", "")
    bernd.button(key="szenario-gewichte").click().run()
    assert stored().weights["clicks"] == 80


def asked(app):
    return {name: value if isinstance(value, str) else value[0] for name, value in app.query_params.items()}


def test_weights_and_scenario_stand_in_the_address_and_come_from_it(workshop, screen):
    app = workshop(szenario="Alle Kriterien")
    app.slider(key="gewicht-relative_trend").set_value(80).run()
    assert asked(app)["gewicht-relative_trend"] == "80"
    other = screen(PAGE, urlencode(asked(app)))
    assert other.slider(key="gewicht-relative_trend").value == 80
    assert other.selectbox(key="szenario").value == "Alle Kriterien"
    other.button(key="gewichte-zurueck").click().run()
    assert not [name for name in asked(other) if name.startswith("gewicht-")]
    assert other.slider(key="gewicht-relative_trend").value == 50
    other.slider(key="gewicht-relative_trend").set_value(80).run()
    other.selectbox(key="szenario").set_value("Nachfrage").run()
    assert {name for name in asked(other) if name.startswith(("gewicht-", "szenario"))} == {"szenario"}


def test_a_weight_of_the_address_that_is_none_does_not_count(screen):
    publish(load_settings())
    app = screen(PAGE, "gewicht-clicks=500&gewicht-relative_trend=viel")
    assert not app.exception
    assert [app.slider(key=f"gewicht-{name}").value for name in ("clicks", "relative_trend")] == [50, 50]


def test_deleting_a_scenario_asks_and_leaves_what_someone_changed_since(kept):
    app = kept()
    assert "Ja, löschen" in [one.label for one in app.button]
    other = kept(kuerzel="Bernd")
    other.slider(key="gewicht-clicks").set_value(80).run()
    other.button(key="szenario-gewichte").click().run()
    app.button(key="szenario-loeschen").click().run()
    assert "inzwischen von Bernd geändert" in app.error[0].value
    assert stored().weights["clicks"] == 80
    app.button(key="szenario-loeschen").click().run()
    assert scenario_list(workspace_of(load_settings())).empty


def test_before_a_round_opens_it_is_said_that_no_phone_reaches_it(kept):
    app = kept("stimmen")
    assert "nur auf diesem Rechner" in app.warning[0].value
    assert app.button(key="abstimmung-auf")


@pytest.mark.parametrize("button", ["szenario-schloss", "szenario-heute"])
def test_lock_and_refresh_act_on_what_was_in_sight_not_on_what_someone_saved_since(kept, button):
    anna = kept()
    bernd = kept(kuerzel="Bernd")
    bernd.slider(key="gewicht-clicks").set_value(80).run()
    bernd.button(key="szenario-gewichte").click().run()
    before = stored()
    anna.button(key=button).click().run()
    assert not anna.exception
    assert "inzwischen von Bernd geändert" in anna.error[0].value
    assert (stored().version, stored().locked) == (before.version, False)
    # the new state is in sight now: the same button acts on it
    anna.button(key=button).click().run()
    assert not anna.error
    assert (stored().version, stored().weights["clicks"]) == (before.version + 1, 80)


def test_a_lock_pressed_twice_by_two_people_does_not_open_the_scenario_again(kept):
    anna = kept()
    bernd = kept(kuerzel="Bernd")
    bernd.button(key="szenario-schloss").click().run()
    anna.button(key="szenario-schloss").click().run()
    assert "inzwischen von Bernd geändert" in anna.error[0].value
    assert stored().locked
    assert anna.button(key="szenario-schloss").label == "Wieder öffnen"


def test_moved_sliders_stay_while_the_figures_are_brought_up_to_date(kept):
    app = kept()
    before = stored()
    app.slider(key="gewicht-clicks").set_value(80).run()
    app.button(key="szenario-heute").click().run()
    assert "Messwerte sind auf dem heutigen Stand" in app.success[0].value
    assert app.slider(key="gewicht-clicks").value == 80
    assert (stored().version, stored().weights) == (before.version + 1, before.weights)


def test_two_people_draft_a_decision_on_one_service_each_for_themselves(kept):
    anna = kept("beschluesse", kuerzel="Anna")
    bernd = kept("beschluesse", kuerzel="Bernd")
    anna.text_input(key="entscheidung-grund").set_value("Vertrag fehlt").run()
    bernd.radio(key="entscheidung-wort").set_value("beschlossen").run()
    assert bernd.text_input(key="entscheidung-grund").value == ""
    told = " ".join(one.value.replace("\\", "") for one in bernd.caption)
    assert "Entwurf von Anna, " in told
    assert "zu „Hundesteuer und -marke“: noch ohne Entscheidung (Vertrag fehlt); nicht festgehalten." in told
    again = kept("beschluesse", kuerzel="Anna")
    assert not again.exception
    assert again.radio(key="entscheidung-wort").value is None
    assert again.text_input(key="entscheidung-grund").value == "Vertrag fehlt"
    # one's own decision takes away one's own draft only
    bernd.button(key="entscheidung-fest").click().run()
    (kept,) = decisions(workspace_of(load_settings()))
    assert (kept.decision, kept.reason, kept.updated_by) == ("beschlossen", "", "Bernd")
    again.run()
    assert again.text_input(key="entscheidung-grund").value == "Vertrag fehlt"
    assert "Entwurf von Bernd" not in " ".join(one.value for one in again.caption)


def test_a_draft_begun_without_a_name_goes_along_with_the_name(kept):
    app = kept("beschluesse")
    app.text_input(key="entscheidung-grund").set_value("Vertrag").run()
    app.text_input(key="kuerzel").set_value("Anna").run()
    assert app.text_input(key="entscheidung-grund").value == "Vertrag"
    app.text_input(key="entscheidung-grund").set_value("Vertrag fehlt").run()
    drafts = drafts_of(workspace_of(load_settings()), stored().id, "entscheidung")
    assert {who: one.value["reason"] for who, one in drafts["hundesteuer"].items()} == {
        "Anna": "Vertrag fehlt"
    }


def test_sliders_that_nobody_moved_are_no_agreement_on_the_moderators_screen(kept):
    app = kept("stimmen")
    app.button(key="abstimmung-auf").click().run()
    workspace = workspace_of(load_settings())
    (one,) = rounds(workspace, stored().id)
    begin = {str(criterion["id"]): float(criterion["start"]) for criterion in one.criteria}
    cast(workspace, one.id, "p1", {**begin, "clicks": 80.0}, moved=["clicks"])
    cast(workspace, one.id, "p2", {**begin, "unmet_demand": 80.0}, moved=["unmet_demand"])
    cast(workspace, one.id, "p3", begin, moved=[])
    app.run()
    assert {metric.label: metric.value for metric in app.metric}["Abgegebene Stimmen"] == "3"
    captions = {one.value.replace("\xa0", " ") for one in app.caption}
    assert "Davon 1 Stimme ohne einen bewegten Regler: nicht gezählt." in captions
    app.button(key="abstimmung-zeigen").click().run()
    assert not app.exception
    assert "keine zwei Beteiligten dieselben beiden Kriterien gewichtet haben" in said(app)
    both = {**begin, "clicks": 80.0, "unmet_demand": 20.0}
    for participant in ("p2", "p3"):
        cast(workspace, one.id, participant, both, moved=["clicks", "unmet_demand"])
    app.run()
    assert "Zwei Beteiligte verteilen im Mittel 100" in said(app)
    assert "Mit den Gewichten" not in said(app)
    for number, department in enumerate(("FB 20", "FB 20", "FB 20", "FB 50", "FB 50")):
        cast(workspace, one.id, f"d{number}", both, moved=["clicks"], department=department)
    app.run()
    assert "Mit den Gewichten beider Stellen " in said(app)
    assert "FB" not in said(app)


def test_two_facilitators_fill_the_same_field_and_both_values_stay_to_choose(workshop):
    begin(workshop(kuerzel="Anna"))
    (name,) = scenario_list(workspace_of(load_settings()))["name"]
    anna = workshop("ablauf", szenario=name, kuerzel="Anna")
    bernd = workshop("ablauf", szenario=name, kuerzel="Bernd")
    anna.text_area[0].set_value("Erika").run()
    bernd.text_area[0].set_value("Paul").run()
    told = bernd.error[0].value.replace("\\", "")
    assert "Gespeichert ist inzwischen „Erika“ (von Anna). Ihre Eingabe „Paul“" in told
    assert bernd.text_area[0].value == "Paul"
    next(one for one in bernd.button if one.label == "Meine Eingabe speichern").click().run()
    assert not bernd.error
    assert anna.run().text_area[0].value == "Paul"
    # a new name goes along with both, wherever they are
    anna.text_input(key="ablauf-name-1").set_value("Workshop Februar").run()
    assert not anna.exception
    assert scenario_list(workspace_of(load_settings()))["name"].tolist() == ["Workshop Februar"]
    assert [anna.session_state["szenario"], bernd.run().session_state["szenario"]] == ["Workshop Februar"] * 2
    # minutes of two steps are two fields
    anna.number_input[0].set_value(20).run()
    bernd.number_input[2].set_value(25).run()
    assert not bernd.error
    # a third value has to be seen before it is saved over, and what is kept may be nothing
    anna.date_input[0].set_value(None).run()
    bernd.date_input[0].set_value(dt.date(2026, 1, 5)).run()
    assert "„leer“" in bernd.error[0].value
    anna.date_input[0].set_value(dt.date(2026, 2, 1)).run()
    bernd.run()
    next(one for one in bernd.button if one.label == "Meine Eingabe speichern").click().run()
    assert "„01.02.2026“" in bernd.error[0].value.replace("\\", "")
    anna.date_input[0].set_value(None).run()
    next(one for one in bernd.button if one.label == "Gespeichertes behalten").click().run()
    assert (len(bernd.error), bernd.date_input[0].value) == (0, None)
    # the clock is everybody's, and goes along with the way on
    anna.button(key="schritt-uhr").click().run()
    assert "Vorbereiten: noch 20 von 20" in said(bernd.run())
    anna.button(key="schritt-weiter").click().run()
    assert "Einschätzen: noch 30 von 30" in said(bernd.run())
    assert anna.segmented_control(key="ansicht-teil").value == "Einschätzen"
    anna.button(key="schritt-weiter").click().run()
    bernd.button(key="schritt-weiter").click().run()  # from a step whose time is over: the clock stays
    assert "Gewichten: noch 25 von 25" in said(anna.run())


def test_criteria_of_a_workshop_are_chosen_anew_until_the_first_decision(workshop):
    app = begin(workshop())
    box = next(one for one in app.multiselect if one.key.startswith("auswahl-kriterien"))
    box.set_value([one for one in box.value if one != "effort"]).run()
    app.button(key="auswahl-fertig").click().run()
    assert not app.exception
    (name,) = scenario_list(workspace_of(load_settings()))["name"]
    kept = load_scenario(workspace_of(load_settings()), name)
    assert "effort" not in {one["id"] for one in kept.criteria}
    assert "effort" not in kept.matrix


def test_departments_assess_and_the_facilitator_asks_again_and_takes_over(workshop):
    app = begin(workshop())
    name = app.session_state["szenario-gewaehlt"]
    go(app, "einschaetzung")
    app.button(key="einschaetzung-auf").click().run()
    assert not app.exception
    workspace = workspace_of(load_settings())
    scenario = load_scenario(workspace, name)
    (one,) = assessment_rounds(workspace, scenario.id)
    ladder, content = one.criteria[0], one.assessing
    service = next(iter(content["cells"]))
    department = next(iter(content["departments"]))

    def say(voting, values):
        for device, value in enumerate(values):
            assess(workspace, voting.id, f"p{device}", department=department, opened=service)
            assess(workspace, voting.id, f"p{device}", given={service: {ladder["id"]: value}})

    steps = [level["value"] for level in ladder["levels"]]
    say(one, (steps[0], steps[0], steps[-1], None))
    app.run()
    assert {metric.label: metric.value for metric in app.metric} == {
        "Geräte": "4",
        "Einschätzungen": "3",
        "Weiß nicht": "1",
    }
    app.button(key="einschaetzung-zeigen").click().run()
    assert not app.exception
    assert "Außenseiter sprechen zuerst" in {one.value for one in app.header}
    app.button(key="einschaetzung-wieder").click().run()
    second, first = assessment_rounds(workspace, scenario.id)
    assert (first.is_open, second.assessing["cells"]) == (False, {service: [ladder["id"]]})
    say(second, (steps[1], steps[1]))
    app.button(key="einschaetzung-zu").click().run()
    app.button(key="einschaetzung-einige").click().run()
    assert not app.exception
    assert load_scenario(workspace, name).matrix.loc[service, ladder["id"]] == steps[1]
    assert "Alle Felder mit Stimmen sind übernommen." in {one.value for one in app.caption}
    app.query_params["beamer"] = "true"
    app.run()
    assert not app.exception
    assert not app.data_editor
