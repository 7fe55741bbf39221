"""What is typed in a form and not saved: kept over another view and a reload, its person's alone, gone once saved."""

import datetime as dt

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from portalkompass.settings import load_settings
from portalkompass.ui.streamlit_internals import COOKIE
from portalkompass.workspace import Annotation, add_annotation, workspace_of
from portalkompass.workspace import annotations as written
from portalkompass.workspace.storage.tables import annotations, typed_drafts
from tests.ui.auth.conftest import login_environment
from tests.ui.auth.cookies import cookie
from tests.warehouse_fixture import publish

HOSTILE = "<b>=1+1</b> [x](javascript:1) $e$"


def _form():
    """A form with a text, a day and a choice, and another view."""
    import streamlit as st

    from portalkompass.ui.drafts import forms

    if st.toggle("Andere Ansicht", key="anders"):
        return
    blank = {"neu-text": "", "neu-tag": None, "neu-art": "a"}
    forms.begin("neu", blank, {"neu-art": ["a", "b"]})
    st.text_input("Text", key="neu-text")
    st.date_input("Tag", None, key="neu-tag")
    st.selectbox("Art", ["a", "b"], key="neu-art")
    forms.keep("neu")
    if st.button("Speichern", key="fest"):
        forms.saved("neu", stay=("neu-art",))
        st.rerun()


def _record():
    """A list of records with the form of the one that is ticked."""
    import pandas as pd
    import streamlit as st

    from portalkompass.settings import load_settings
    from portalkompass.ui.editing import records
    from portalkompass.workspace import annotations, workspace_of

    notes = [one for one in annotations(workspace_of(load_settings())) if one.origin == "person"]
    chosen = records.listed("noten", notes, pd.DataFrame({"Name": [one.label for one in notes]}))
    if chosen is not None:
        key = f"name-{chosen.id}"
        st.text_input("Name", chosen.label, key=key)
        st.caption(f"Version {chosen.version}")
        records.remember("noten", [key])
        st.button("Speichern", key="fest", on_click=records.close, args=("noten",))


def _annotation():
    """The form of a new annotation, as *Rankings* shows it."""
    from portalkompass.answers import default_filters
    from portalkompass.ui import reading
    from portalkompass.ui.rankings import annotating

    now = reading.current()
    annotating._form(now, default_filters(now.warehouse, now.settings))


@pytest.fixture
def loaded(screen, opened_by):
    """A script in a newly loaded page of the browser with that token: ``loaded(_form, b"anna")``."""

    def load(script, token):
        opened_by(token)
        app = AppTest.from_function(script, default_timeout=60).run()
        assert not app.exception
        return app

    return load


def test_what_was_typed_outlives_another_view_and_a_reload_until_it_is_saved(loaded):
    app = loaded(_form, b"anna")
    app.text_input(key="neu-text").set_value(HOSTILE)
    app.date_input(key="neu-tag").set_value(dt.date(2025, 3, 1))
    app.selectbox(key="neu-art").set_value("b").run()
    app.toggle(key="anders").set_value(True).run()
    app.toggle(key="anders").set_value(False).run()
    assert app.text_input(key="neu-text").value == HOSTILE
    app = loaded(_form, b"anna")
    shown = app.text_input(key="neu-text").value, app.date_input(key="neu-tag").value
    assert shown == (HOSTILE, dt.date(2025, 3, 1))
    assert app.selectbox(key="neu-art").value == "b"
    assert loaded(_form, b"bert").text_input(key="neu-text").value == ""
    assert loaded(_form, b"").text_input(key="neu-text").value == ""
    app = loaded(_form, b"anna")
    app.button(key="fest").click().run()
    assert app.text_input(key="neu-text").value == ""
    assert app.selectbox(key="neu-art").value == "b"
    assert loaded(_form, b"anna").text_input(key="neu-text").value == ""


def test_a_form_emptied_by_hand_leaves_no_draft(loaded):
    app = loaded(_form, b"anna")
    app.text_input(key="neu-text").set_value("x").run()
    app.text_input(key="neu-text").set_value("").run()
    assert workspace_of(load_settings()).rows(typed_drafts.select()) == []


def test_the_form_of_a_record_is_open_again_and_rests_on_the_version_that_was_changed(loaded):
    workspace = workspace_of(load_settings())
    first, second = (
        add_annotation(workspace, Annotation(dt.date(2025, 3, day), name, None, name), "Ina")
        for day, name in ((1, "Eins"), (2, "Zwei"))
    )
    app = loaded(_record, b"anna")
    _tick(app, 1)
    app.text_input(key=f"name-{second.id}").set_value(HOSTILE).run()
    with workspace.engine.begin() as connection:
        connection.execute(annotations.update().where(annotations.c.id == second.id).values(version=7))
    app = loaded(_record, b"anna")
    assert app.text_input(key=f"name-{second.id}").value == HOSTILE
    assert app.caption[0].value == "Version 1"
    _tick(app, 0)
    app.text_input(key=f"name-{first.id}").set_value("Anders").run()
    _tick(app, 1)
    assert app.text_input(key=f"name-{second.id}").value == HOSTILE  # another row loses nothing either
    app.button(key="fest").click().run()
    assert loaded(_record, b"anna").text_input(key=f"name-{first.id}").value == "Anders"
    assert not loaded(_record, b"bert").text_input


def _tick(app, row):
    key = next(key for key in ("noten-0", "noten-1") if key in app.session_state)
    app.session_state[key] = {"selection": {"rows": [row], "columns": [], "cells": []}}
    app.run()
    assert not app.exception


def test_an_annotation_is_typed_on_after_a_reload_and_refused_without_a_name_it_stays(screen, loaded):
    publish(load_settings())
    app = loaded(_annotation, b"anna")
    app.text_input(key="anmerkung-text").set_value("Relaunch")
    app.date_input(key="anmerkung-tag").set_value(dt.date(2025, 11, 3)).run()
    app = loaded(_annotation, b"anna")
    app.button(key="anmerkung-speichern").click().run()
    assert "Kürzel" in app.error[0].value
    app = loaded(_annotation, b"anna")
    app.session_state["kuerzel"] = "Ina"
    app.button(key="anmerkung-speichern").click().run()
    assert not app.exception
    (saved,) = [one for one in written(workspace_of(load_settings())) if one.origin == "person"]
    assert (saved.label, saved.date) == ("Relaunch", dt.date(2025, 11, 3))
    assert app.text_input(key="anmerkung-text").value == ""
    assert loaded(_annotation, b"anna").text_input(key="anmerkung-text").value == ""


def test_with_a_login_a_draft_is_the_persons_on_any_device_and_kept_for_whoever_may_write(
    screen, tmp_path, monkeypatch
):
    origin = "http://127.0.0.1:8501"
    for name, value in login_environment(tmp_path, origin, "http://localhost:9", roles_minutes="0").items():
        monkeypatch.setenv(name, value)
    load_settings.cache_clear()

    def load(sub, group):
        jar = {COOKIE: cookie(origin, [group], name="Meier", sub=sub, iss="https://anmeldung.example")}
        monkeypatch.setattr(ContextProxy, "cookies", property(lambda _: jar))
        app = AppTest.from_function(_form, default_timeout=60).run()
        assert not app.exception
        return app

    load("emil", "pk-bearbeiten").text_input(key="neu-text").set_value("Geheim").run()
    assert load("emil", "pk-bearbeiten").text_input(key="neu-text").value == "Geheim"  # another login of his
    assert load("rosa", "pk-bearbeiten").text_input(key="neu-text").value == ""  # of the same name
    load("lena", "pk-lesen").text_input(key="neu-text").set_value("Liest nur").run()
    (row,) = workspace_of(load_settings()).rows(typed_drafts.select())
    assert "emil" not in str(row["owner"]) and "Meier" not in str(row["owner"])
    assert row["content"]["neu-text"] == "Geheim"


def _export():
    """The words of the export menu of one chart, under the headline of the session."""
    from dataclasses import replace

    import streamlit as st

    from portalkompass.ui.components import export_menu
    from tests.charts import sample_exhibits

    shown = replace(sample_exhibits.trend(), headline=st.session_state.get("satz", "Klicks steigen"))
    if not st.toggle("Zu", key="zu"):
        st.session_state["told"] = export_menu._words(shown, "k")


def test_words_of_an_export_are_kept_with_the_sentence_and_period_that_they_are_about(loaded):
    app = loaded(_export, b"anna")
    app.text_area(key="k-headline").set_value(HOSTILE)
    app.text_input(key="k-remark").set_value("Neu seit Oktober")
    app.multiselect(key="k-highlighted").set_value(["Vorjahr"]).run()
    app.toggle(key="zu").set_value(True).run()
    app.toggle(key="zu").set_value(False).run()
    told = (HOSTILE, "Neu seit Oktober", ("Vorjahr",))
    assert app.session_state["told"] == told
    assert loaded(_export, b"anna").session_state["told"] == told
    other = AppTest.from_function(_export, default_timeout=60)
    other.session_state["satz"] = "Klicks fallen"
    assert other.run().session_state["told"] == ("Klicks fallen", "", ())
    assert loaded(_export, b"bert").session_state["told"] == ("Klicks steigen", "", ())


def _named():
    """The field for the name, as the frame holds it."""
    import streamlit as st

    from portalkompass.ui.auth import author
    from portalkompass.ui.shell import own_name

    own_name.begin()
    author.ask()
    own_name.keep()
    st.session_state["told"] = author.name()


def test_a_name_is_asked_for_once_a_day_and_browser(loaded, monkeypatch):
    loaded(_named, b"anna").text_input(key="kuerzel").set_value("Anna (FB 50)").run()
    assert loaded(_named, b"bert").session_state["told"] == ""
    again = loaded(_named, b"anna")
    assert again.session_state["told"] == "Anna (FB 50)"
    again.text_input(key="kuerzel").set_value("Ina").run()
    assert loaded(_named, b"anna").session_state["told"] == "Ina"
    tomorrow = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
    monkeypatch.setattr("portalkompass.ui.shell.own_name._today", lambda: tomorrow)
    assert loaded(_named, b"anna").session_state["told"] == ""


def _listed():
    """The rows of a city's own list, one of them open."""
    from types import SimpleNamespace

    import streamlit as st

    from portalkompass.ui.data import directory_choice

    if st.toggle("Andere Ansicht", key="anders"):
        return
    offer = {"service": "bauportal", "name": "Bauportal", "reason": "ähnlich"}
    row = {"line": 2, "name": "Bauen", "service": "own-1", "service_name": "Bauen", "own": True, "reason": ""}
    reports = [{"proposals": [{**row, "offers": [offer]}]}]
    choice = directory_choice.draw(SimpleNamespace(settings=SimpleNamespace(demo=True)), reports)
    st.session_state["told"] = dict(choice.decisions)
    if st.button("Verwerfen", key="weg"):
        directory_choice.forget(reports)


def test_what_was_chosen_for_the_rows_of_a_list_is_there_when_the_file_is_checked_again(loaded):
    app = loaded(_listed, b"anna")
    assert app.session_state["told"] == {}
    key = app.data_editor[0].key
    edits = {"edited_rows": {0: {"Leistung": "Bauportal"}}, "added_rows": [], "deleted_rows": []}
    app.session_state[key] = edits
    assert app.run().session_state["told"] == {"Bauen": "bauportal"}
    app.toggle(key="anders").set_value(True).run()
    app.toggle(key="anders").set_value(False).run()
    assert app.session_state["told"] == {"Bauen": "bauportal"}
    app = loaded(_listed, b"anna")
    assert app.session_state["told"] == {"Bauen": "bauportal"}
    app.button(key="weg").click().run()
    assert loaded(_listed, b"anna").session_state["told"] == {}


def _proposal():
    """A form with a proposed name, as in a box that opens on a click, and something else to press."""
    import streamlit as st

    from portalkompass.ui.drafts import forms

    st.toggle("Anderes", key="anders")
    with forms.fields("bericht", {"bericht-name": "Sachstand", "bericht-ort": ""}):
        st.text_input("Name", key="bericht-name")
        st.text_input("Ort", key="bericht-ort")


def test_a_proposal_is_told_the_browser_with_every_run_until_somebody_changes_it():
    """The browser makes a field in a closed box only when the box opens, maybe many runs later."""
    app = AppTest.from_function(_proposal).run()
    for on in (True, False):
        app.toggle(key="anders").set_value(on).run()
        assert not app.exception
        told = app.text_input(key="bericht-name").proto
        assert (told.set_value, told.value) == (True, "Sachstand")
        assert not app.text_input(key="bericht-ort").proto.set_value
    app.text_input(key="bericht-name").set_value("Eigener").run()
    app.toggle(key="anders").set_value(True).run()
    assert app.text_input(key="bericht-name").value == "Eigener"
    assert not app.text_input(key="bericht-name").proto.set_value
