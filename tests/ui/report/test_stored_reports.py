"""Stored reports on the screen: the second one from the first, texts of two people, what was delivered."""

import datetime as dt

import pytest
from streamlit.testing.v1 import AppTest

from portalkompass import german
from portalkompass.screens import saved_report
from portalkompass.settings import load_settings
from portalkompass.ui.report import texts
from portalkompass.workspace import (
    STANDARD_PAGES,
    Report,
    add_page,
    audit_list,
    cells_of,
    create_report,
    deliver_report,
    pages_of,
    report_list,
    save_texts,
    workspace_of,
)
from tests.warehouse_fixture import publish

TEXT = {"headline": "DMS", "points": "Pilot läuft", "development": "Vergabe im März", "responsible": "FB 12"}
SCREEN = "report/report.py"


@pytest.fixture
def workspace(screen):
    publish(load_settings())
    return workspace_of(load_settings())


@pytest.fixture
def report(workspace):
    made = create_report(
        workspace, Report("Sachstand", committee="Rat", session=dt.date(2025, 12, 15)), ("top_pages",), "Ina"
    )
    add_page(workspace, made.id, "text", "text", "Ina", TEXT)
    return report_list(workspace)[0]


def text_of(workspace, report):
    return pages_of(workspace, report.id)[-1]


def told(elements):
    return [element.value.replace("\\", "") for element in elements]


def test_a_new_report_begins_with_every_standard_page_and_stays(screen, workspace):
    app = screen(SCREEN)
    app.text_input(key="bericht-neu-gremium").set_value("Digitalausschuss")
    app.date_input(key="bericht-neu-sitzung").set_value(dt.date(2026, 6, 15))
    app.button(key="bericht-neu-anlegen").click().run()
    assert not app.exception
    (report,) = report_list(workspace)
    assert (report.name, report.committee, report.session) == (
        "Sachstand Digitalisierung",
        "Digitalausschuss",
        dt.date(2026, 6, 15),
    )
    pages = pages_of(workspace, report.id)
    assert [page.key for page in pages if page.kind == "standard"] == list(STANDARD_PAGES)
    assert "Fusion der ivl mit der regio iT" in [page.name for page in pages if page.kind == "text"]
    again = screen(SCREEN)  # a new session: a reload
    assert again.selectbox(key="bericht").value == str(report.id)
    assert any("1. Auf einen Blick" in line for line in told(again.markdown))
    assert any(
        "Ohne Folie, weil noch ohne Inhalt: Noch ist keine Entscheidung" in line
        for line in told(again.caption)
    )


def test_the_second_report_from_the_first_takes_at_most_ten_interactions(screen, workspace, report):
    """Counted are fields filled and buttons pressed, the opening of boxes among them."""
    deliver_report(workspace, report, {}, {}, "Ina")
    app = screen(SCREEN)  # half a year later: the last report is open by itself
    assert app.selectbox(key="bericht").value == str(report.id)
    steps = 1  # opens the box "Wie letztes Mal, neue Daten"
    app.date_input(key="bericht-weiter-sitzung").set_value(dt.date(2026, 6, 15))
    steps += 1
    app.button(key="bericht-weiter-anlegen").click().run()
    steps += 1
    second = next(one for one in report_list(workspace) if one.previous == report.id)
    captions = told(app.caption)
    page = text_of(workspace, second)
    app.button(key=f"seite-bearbeiten-{page.id}").click().run()
    steps += 1
    app.text_input(key=f"seite-development-{page.id}").set_value("Vertrag unterschrieben")
    steps += 1
    app.button(key=f"seite-speichern-{page.id}").click().run()
    steps += 1
    assert not app.exception
    assert any("Geändert seit dem 15.12.2025: Letzte Entwicklung" in line for line in told(app.markdown))
    steps += 1  # opens the box "Übergeben"
    app.button(key="bericht-uebergeben").click().run()
    steps += 1
    steps += 1  # takes the presentation
    assert not app.exception
    done = next(one for one in report_list(workspace) if one.id == second.id)
    assert (done.delivered, done.session, done.since) == (True, dt.date(2026, 6, 15), dt.date(2025, 12, 15))
    today = report_list(workspace)[
        -1
    ].delivered_at.date()  # nothing was frozen, so that only this day is known
    assert done.since_state == today
    assert any(f"verglichen mit dem Stand vom {german.date(today)}" in line for line in captions)
    assert steps <= 10


def test_a_remark_and_a_highlighted_bar_are_written_in_the_form_of_a_page(screen, workspace, report):
    page = pages_of(workspace, report.id)[0]
    app = screen(SCREEN)
    app.button(key=f"seite-bearbeiten-{page.id}").click().run()
    names = app.multiselect(key=f"seite-highlighted-{page.id}").options
    assert len(names) > 1
    app.text_input(key=f"seite-remark-{page.id}").set_value("Neu: *digital* <b>x</b>")
    app.multiselect(key=f"seite-highlighted-{page.id}").set_value([names[1]])
    app.button(key=f"seite-speichern-{page.id}").click().run()
    assert not app.exception
    stored = pages_of(workspace, report.id)[0]
    assert (stored.remark, stored.series) == ("Neu: *digital* <b>x</b>", (names[1],))
    app.button(key=f"seite-bearbeiten-{page.id}").click().run()
    assert app.multiselect(key=f"seite-highlighted-{page.id}").value == [names[1]]


def test_what_was_typed_outlives_another_view(screen, workspace, report):
    page = text_of(workspace, report)
    app = screen(SCREEN, f"bericht={report.id}")
    app.button(key=f"seite-bearbeiten-{page.id}").click().run()
    app.text_input(key=f"seite-development-{page.id}").set_value("Vergabe im Mai").run()
    # What is left of the session after another view: this, and none of the fields.
    app = screen(SCREEN, f"bericht={report.id}", **{"bericht-form": app.session_state["bericht-form"]})
    assert app.text_input(key=f"seite-development-{page.id}").value == "Vergabe im Mai"
    app.button(key=f"seite-speichern-{page.id}").click().run()
    assert not app.exception
    assert text_of(workspace, report).development == "Vergabe im Mai"


def test_two_people_with_one_text_see_both_and_choose(screen, workspace, report):
    page = text_of(workspace, report)
    app = screen(SCREEN)
    app.button(key=f"seite-bearbeiten-{page.id}").click().run()
    cell = (str(page.id), "development")
    before = cells_of(report, pages_of(workspace, report.id))
    save_texts(
        workspace, report.id, before, {cell: "Vergabe verschoben", (cell[0], "responsible"): "FB 10"}, "Olaf"
    )
    app.text_input(key=f"seite-development-{page.id}").set_value("Vergabe im Mai")
    app.button(key=f"seite-speichern-{page.id}").click().run()
    assert (text_of(workspace, report).development, text_of(workspace, report).responsible) == (
        "Vergabe verschoben",
        "FB 10",
    )
    assert any("gespeichert ist „Vergabe verschoben“ (Olaf" in line for line in told(app.markdown))
    assert texts.KEPT in told(app.caption)
    protocol = audit_list(workspace)
    assert (protocol["what"][0], protocol["detail"][0]) == (
        "Bericht, nicht gespeicherte Fassung",
        "Sachstand · DMS, Letzte Entwicklung: Vergabe im Mai; gespeichert bleibt: Vergabe verschoben",
    )
    app = screen(SCREEN)  # as a reload does: nothing of the session is left
    assert any("eingetragen wurde auch „Vergabe im Mai“" in line for line in told(app.markdown))
    app.button(key="bericht-uebernehmen-0").click().run()
    assert text_of(workspace, report).development == "Vergabe im Mai"
    assert not [button for button in app.button if button.key == "bericht-uebernehmen-0"]
    assert audit_list(workspace)["detail"][0] == (
        "Sachstand · DMS, Letzte Entwicklung: Vergabe verschoben → Vergabe im Mai"
    )


def test_free_days_to_compare_with_need_both_ends_and_stand_in_the_form_again(screen, workspace, report):
    app = screen(SCREEN)
    app.button(key="bericht-angaben").click().run()
    app.selectbox(key="bericht-kopf-compare").set_value("frei")
    app.date_input(key="bericht-kopf-compare-ab").set_value(dt.date(2024, 6, 30))
    app.button(key="bericht-kopf-speichern").click().run()
    assert told(app.error) == ["Ein freier Vergleich braucht den ersten und den letzten Tag."]
    app.date_input(key="bericht-kopf-compare-bis").set_value(dt.date(2024, 1, 1))
    app.button(key="bericht-kopf-speichern").click().run()
    assert not app.exception
    assert report_list(workspace)[0].compare == "2024-01-01/2024-06-30"
    assert any("Vergleich: Jan. bis Juni 2024" in line for line in told(app.caption))
    assert audit_list(workspace)["detail"][0].endswith("Vergleich: vorjahr → Januar bis Juni 2024")
    app.button(key="bericht-angaben").click().run()
    assert app.selectbox(key="bericht-kopf-compare").value == "frei"
    assert app.date_input(key="bericht-kopf-compare-bis").value == dt.date(2024, 6, 30)


def test_a_pasted_text_that_is_too_long_is_refused_and_stays_in_the_form(screen, workspace, report):
    page = text_of(workspace, report)
    app = screen(SCREEN)
    app.button(key=f"seite-bearbeiten-{page.id}").click().run()
    pasted = "<script>alert(1)</script> =1+1 " + "x" * 1200
    app.text_area(key=f"seite-points-{page.id}").set_value(pasted)
    app.button(key=f"seite-speichern-{page.id}").click().run()
    assert "Eine Zeile in „Punkte“ hat 1.231 Zeichen" in told(app.error)[0]
    assert app.text_area(key=f"seite-points-{page.id}").value == pasted
    assert text_of(workspace, report).points == "Pilot läuft"


def test_a_reload_keeps_the_form_open_with_what_was_typed_and_what_it_rests_on(
    screen, workspace, report, opened_by
):
    opened_by(b"anna")
    page = text_of(workspace, report)
    app = screen(SCREEN)
    app.button(key="bericht-angaben").click().run()
    app.text_input(key="bericht-kopf-committee").set_value("Kreistag <b>").run()
    app.button(key=f"seite-bearbeiten-{page.id}").click().run()
    app.text_area(key=f"seite-points-{page.id}").set_value("Getippt").run()
    mine = cells_of(report, pages_of(workspace, report.id))
    theirs = {(str(page.id), "points"): "Von Bert"}
    save_texts(workspace, report.id, mine, theirs, "Bert")

    app = screen(SCREEN)
    assert not app.exception
    assert app.text_area(key=f"seite-points-{page.id}").value == "Getippt"
    app.button(key=f"seite-speichern-{page.id}").click().run()
    assert text_of(workspace, report).points == "Von Bert"  # saved over by nobody: both are shown
    assert any("eingetragen wurde auch „Getippt“" in line for line in told(app.markdown))
    assert app.text_input(key="bericht-kopf-committee").value == "Kreistag <b>"
    opened_by(b"bert")
    assert "bericht-kopf-committee" not in {field.key for field in screen(SCREEN).text_input}
    opened_by(b"anna")
    app = screen(SCREEN)
    app.button(key="bericht-kopf-schliessen").click().run()
    assert "bericht-kopf-committee" not in {field.key for field in screen(SCREEN).text_input}


def test_order_and_choice_of_pages_and_no_way_to_change_what_was_delivered(screen, workspace, report):
    first, text = pages_of(workspace, report.id)
    app = screen(SCREEN)
    app.button(key=f"seite-bearbeiten-{text.id}").click().run()
    app.number_input(key=f"seite-platz-{text.id}").set_value(1)
    app.button(key=f"seite-speichern-{text.id}").click().run()
    app.button(key=f"seite-runter-{text.id}").click().run()
    app.button(key=f"seite-hoch-{text.id}").click().run()
    app.button(key=f"seite-zeigen-{first.id}").click().run()
    pages = pages_of(workspace, report.id)
    assert [(page.key, page.shown) for page in pages] == [("text", True), ("top_pages", False)]
    app.button(key="bericht-uebergeben").click().run()
    assert not app.exception
    keys = {button.key for button in app.button}
    assert not {f"seite-bearbeiten-{text.id}", f"seite-hoch-{text.id}", "bericht-uebergeben"} & keys
    assert app.selectbox(key="bericht").value == str(report.id)


def _pages_for_one_property():
    """The script of a screen: the pages of the report for somebody to whom only the property of the data is open."""
    import dataclasses

    from portalkompass.ui import reading
    from portalkompass.ui.report import page_list
    from portalkompass.workspace import pages_of, report_list
    from tests.warehouse_fixture import SITE

    now = reading.current()
    now = dataclasses.replace(now, warehouse=now.warehouse.limited_to(frozenset({SITE})))
    (report,) = report_list(now.workspace)
    page_list.show(now, report, pages_of(now.workspace, report.id), changeable=True)


def test_a_page_of_a_property_that_is_not_open_shows_no_words_of_its_own_and_no_form(workspace, report):
    words = {"headline": "5.678 Klicks", "note": "Spitze: 912 an einem Tag", "title": "Seiten"}
    foreign = {"site": "https://andere.example/", "before": {"headline": "4.321 Klicks"}}
    own = add_page(workspace, report.id, "own", "top_pages", "Olaf", {**words, **foreign})
    cells = cells_of(report, pages_of(workspace, report.id))
    app = AppTest.from_function(_pages_for_one_property, default_timeout=60)
    app.session_state["bericht-form"] = {"report": report.id, "row": str(own.id), "cells": cells, "typed": {}}
    app.run()
    assert not app.exception
    assert told(app.markdown)[-1].startswith(f"3. {saved_report.UNSEEN}")
    everything = repr(app.main)
    assert not [text for text in ("5.678", "912", "4.321") if text in everything]
    keys = {button.key for button in app.button}
    assert f"seite-zeigen-{own.id}" in keys
    assert not {f"seite-bearbeiten-{own.id}", f"seite-weg-{own.id}"} & keys


def test_a_deleted_report_is_gone_with_its_pages(screen, workspace, report):
    app = screen(SCREEN)
    app.button(key="bericht-loeschen").click().run()
    assert not app.exception
    assert report_list(workspace) == []


def test_the_preview_shows_each_page_that_has_content(screen, workspace, report):
    app = screen(SCREEN)
    app.toggle(key="bericht-vorschau").set_value(True).run()
    assert not app.exception
    assert not app.error
    assert len(app.get("image")) == 2
