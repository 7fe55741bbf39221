"""Zuordnung, clicked through: the fixture's page Hundesteuer has lost its links."""

import dataclasses

import pandas as pd
import pytest

from portalkompass import german
from portalkompass.settings import load_settings
from portalkompass.ui.links.link_actions import by_name
from portalkompass.workspace import (
    add_link,
    delete_link,
    links,
    rejected_proposals,
    update_link,
    workspace_of,
)
from portalkompass.workspace.links.service_links import ServiceLink
from tests.warehouse_fixture import SITE, publish

PAGE = SITE + "leistung/hundesteuer"
SCREEN = "services/services.py"


@pytest.fixture
def opened(screen):
    """The tab, signed as Ina, with the page unmapped."""
    settings = load_settings()
    publish(settings)
    workspace = workspace_of(settings)
    for link in links(workspace):
        if link.service_id == "hundesteuer":
            delete_link(workspace, link, "Olaf")
    return workspace, screen(SCREEN, "ansicht=zuordnung", kuerzel="Ina")


def own(workspace):
    return [link for link in links(workspace) if link.updated_by == "Ina"]


def button(app, key):
    return next(one for one in app.button if one.key == key)


def test_accepting_a_proposal_links_the_page_with_who_and_counts_it(opened):
    workspace, app = opened
    button(app, f"ja-url-{PAGE}-hundesteuer").click().run()

    assert not app.exception
    assert [one.value.replace("\\", "") for one in app.success] == [
        "„Hundesteuer“ gehört jetzt zu „Hundesteuer und -marke“."
    ]
    link = own(workspace)[0]
    assert (link.target, link.service_id, link.match, link.pattern) == (
        "leistung", "hundesteuer", "exact", "/leistung/hundesteuer",
    )  # fmt: skip
    assert "keine Seite ist offen" in app.markdown[1].value
    assert not [one for one in app.button if one.key.startswith("ja-url-")]


def test_without_a_name_nothing_is_written(opened):
    workspace, app = opened
    app.text_input(key="kuerzel").set_value("")
    button(app, f"ja-url-{PAGE}-hundesteuer").click().run()

    assert [one.value.replace("\\", "") for one in app.error] == [
        "Bitte zuerst Ihren Namen oder Ihr Kürzel eintragen. Es wurde nichts gespeichert."
    ]
    assert own(workspace) == []


def test_refusing_a_proposal_is_remembered(opened):
    workspace, app = opened
    button(app, f"nein-url-{PAGE}-hundesteuer").click().run()

    assert [(one.subject, one.service_id, one.updated_by) for one in rejected_proposals(workspace, SITE)] == [
        (PAGE, "hundesteuer", "Ina")
    ]
    assert f"ja-url-{PAGE}-hundesteuer" not in [one.key for one in app.button]


def test_a_refused_proposal_can_be_allowed_again(opened):
    workspace, app = opened
    assert "ablehnung-zuruecknehmen" not in [one.key for one in app.button]
    button(app, f"nein-url-{PAGE}-hundesteuer").click().run()
    day = german.date(rejected_proposals(workspace, SITE)[0].updated_at)
    assert [one.options for one in app.selectbox if one.key == "ablehnung-wahl"] == [
        [f"/leistung/hundesteuer → Hundesteuer und -marke (Ina, {day})"]
    ]
    button(app, "ablehnung-zuruecknehmen").click().run()

    assert not app.exception
    assert rejected_proposals(workspace, SITE) == []
    assert f"ja-url-{PAGE}-hundesteuer" in [one.key for one in app.button]
    assert [one.value.replace("\\", "") for one in app.success] == [
        "„Hundesteuer und -marke“ wird für „/leistung/hundesteuer“ wieder vorgeschlagen, wenn die "
        "Übereinstimmung reicht."
    ]


def test_a_page_can_be_marked_as_no_service(opened):
    workspace, app = opened
    button(app, f"keine-url-{PAGE}").click().run()

    assert [(link.target, link.pattern) for link in own(workspace)] == [
        ("keine_leistung", "/leistung/hundesteuer")
    ]


def test_of_two_editors_the_second_sees_both_versions_and_loses_nothing(opened):
    workspace, app = opened
    link = add_link(workspace, ServiceLink("keine_leistung", "url", "exact", "/alt"), "Olaf")
    app.text_input(key="zuordnung-suche").set_value("/alt").run()
    app.session_state["zuordnungen-0"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.run()
    app.text_input(key=f"muster-{link.id}").set_value("/neu").run()
    update_link(workspace, dataclasses.replace(link, note="von Olaf"), "Olaf")
    button(app, f"speichern-{link.id}").click().run()
    assert "inzwischen von Olaf geändert" in app.error[0].value
    assert app.table[0].value.to_dict("index") == {
        "Muster": {"Ihre Fassung": "\\/neu", "Gespeichert ist": "\\/alt"},
        "Notiz": {"Ihre Fassung": "", "Gespeichert ist": "von Olaf"},
    }
    assert app.text_input(key=f"muster-{link.id}").value == "/neu"
    # another view and back: the form is open as it was
    app.segmented_control(key="ansicht").set_value("uebersicht").run()
    app.segmented_control(key="ansicht").set_value("zuordnung").run()
    assert app.text_input(key=f"muster-{link.id}").value == "/neu"
    button(app, "zuordnungen-gespeichertes").click().run()
    assert app.text_input(key=f"muster-{link.id}").value == "/alt"
    assert app.text_input(key=f"notiz-{link.id}").value == "von Olaf"


def test_a_free_name_becomes_a_service_without_status_with_an_id_of_its_own():
    choices = pd.DataFrame(
        {"service_id": ["hund", "taxi"], "name": ["Hund", "Taxi"], "target": ["leistung", "ohne_status"]}
    )

    assert by_name("Hüpfburg (groß) 2", choices) == ("ohne_status", "huepfburg-gross", "Hüpfburg (groß) 2")
    assert by_name("hund", choices) == ("leistung", "hund", "Hund")
    assert by_name("HÜND", choices.replace("Hund", "Huend")) == ("leistung", "hund", "Huend")
    assert by_name("Taxi!", choices) == ("ohne_status", "taxi-2", "Taxi!")


def rule(app, pattern, *, match="prefix", source="url"):
    """The open form with a pattern in it."""
    app.session_state["regel"] = True
    app.run()
    app.selectbox(key="regel-gilt").set_value(source)
    app.selectbox(key="regel-vergleich").set_value(match)
    app.text_input(key="regel-muster").set_value(pattern).run()
    assert not app.exception
    return app


def said(app):
    return [one.value.replace("\\", "").replace("\u00a0", " ") for one in app.markdown]


def test_a_new_rule_says_what_it_reaches_and_is_saved_with_its_share(opened):
    workspace, app = opened
    rule(app, "/leistung/hunde")
    assert any(text.startswith("Trifft 1 Seite mit ") for text in said(app))
    app.selectbox(key="regel-leistung").set_value("hundesteuer")
    app.number_input(key="regel-anteil").set_value(40)
    button(app, "regel-anlegen").click().run()

    assert not app.exception
    assert [one.value.replace("\\", "") for one in app.success] == [
        "Regel „/leistung/hunde“ → „Hundesteuer und -marke“ angelegt."
    ]
    assert [(one.target, one.service_id, one.match, one.pattern, one.share) for one in own(workspace)] == [
        ("leistung", "hundesteuer", "prefix", "/leistung/hunde", 0.4)
    ]
    assert app.text_input(key="regel-muster").value == ""


def test_a_rule_without_service_or_with_a_faulty_pattern_is_not_saved(opened):
    workspace, app = opened
    rule(app, "leistung", match="prefix")
    assert "Ein Pfad beginnt mit „/“ (ohne Rechnernamen)." in [
        one.value.replace("\\", "") for one in app.error
    ]
    rule(app, "niemals", match="contains")
    assert "Das Muster trifft im Zeitraum nichts. Es darf trotzdem angelegt werden." in said(app)
    button(app, "regel-anlegen").click().run()

    assert [one.value.replace("\\", "") for one in app.error] == [
        "Bitte eine Leistung auswählen oder einen Namen eintragen."
    ]
    assert own(workspace) == []
    assert app.text_input(key="regel-muster").value == "niemals"
