import re

import pytest
from playwright.sync_api import expect

from portalkompass.workspace import delete_link, links, open_workspace
from tests.browser.conftest import finished

pytestmark = pytest.mark.browser
PATIENCE = 30_000
"""Milliseconds; after a write the whole board is worked out anew."""


def expect_first(page, address, service):
    """Who leads the lane of what can be started, as the sentence of Priorisierung says."""
    expect_said(page, address, f"Bahn „startbar“ liegt „{service}“ vorn")


def expect_said(page, address, sentence):
    page.goto(f"{address}/priorisierung")
    finished(page)
    expect(page.get_by_text(re.compile(sentence)).first).to_be_visible(timeout=PATIENCE)


def unlink(folder, service):
    """As if nobody had mapped the service's pages yet."""
    workspace = open_workspace(f"sqlite:///{(folder / 'demo' / 'workspace.db').as_posix()}")
    for link in links(workspace):
        if link.service_id == service:
            delete_link(workspace, link, "Test")
    workspace.engine.dispose()


def take_back_a_rule(page, folder):
    """Find one rule in the list, tick its row, delete it."""
    page.get_by_role("textbox", name="Suchen in Muster").fill("/sitemap")
    page.keyboard.press("Enter")
    finished(page)
    expect(page.get_by_text(re.compile(r"^1 von \d+ Zuordnungen"))).to_be_visible(timeout=PATIENCE)
    table = page.locator("[data-testid=stDataFrame]").filter(has_text="mitgeliefert")
    # the rows are drawn, not built of elements: the box is in the first column below the head
    table.scroll_into_view_if_needed()
    place = table.bounding_box()
    page.mouse.click(place["x"] + 17, place["y"] + 52)
    finished(page)
    page.get_by_role("button", name="Zuordnung löschen").click()
    page.get_by_role("button", name="Ja, löschen").click()
    finished(page)
    expect(page.get_by_text("Zuordnung „/sitemap“ gelöscht.")).to_be_visible(timeout=PATIENCE)
    workspace = open_workspace(f"sqlite:///{(folder / 'demo' / 'workspace.db').as_posix()}")
    assert "/sitemap" not in [link.pattern for link in links(workspace)]
    workspace.engine.dispose()


def make_a_rule(page, folder):
    """Open the form, see what the pattern reaches, choose, save."""
    page.get_by_text("Neue Regel anlegen").click()
    finished(page)
    page.get_by_role("textbox", name="Muster", exact=True).fill("/leistung/wohngeld")
    page.keyboard.press("Enter")
    finished(page)
    expect(page.get_by_text(re.compile(r"^Trifft 1.Seite mit [\d.]+.Klicks"))).to_be_visible(timeout=PATIENCE)
    page.get_by_role("combobox", name="Leistung", exact=True).fill("Keine Leistung")
    page.get_by_role("option", name="Keine Leistung", exact=True).click()
    finished(page)
    page.get_by_role("button", name="Regel anlegen", exact=True).click()
    finished(page)
    expect(page.get_by_text("Regel „/leistung/wohngeld“ → „keine Leistung“ angelegt.")).to_be_visible(
        timeout=PATIENCE
    )
    workspace = open_workspace(f"sqlite:///{(folder / 'demo' / 'workspace.db').as_posix()}")
    made = [link for link in links(workspace) if link.updated_by == "Ina" and link.match == "prefix"]
    assert [(link.target, link.pattern) for link in made] == [("keine_leistung", "/leistung/wohngeld")]
    workspace.engine.dispose()


def test_an_accepted_proposal_changes_the_ranking_and_a_refused_one_stays_away(fresh_app, visit):
    unlink(fresh_app.folder, "hundesteuer")
    page = visit(f"{fresh_app.address}/leistungen")
    expect_said(page, fresh_app.address, "Bahn „startbar“ ist zu wenig bekannt für einen ersten Rang")
    page.goto(f"{fresh_app.address}/leistungen?ansicht=Zuordnung")
    finished(page)

    name = page.get_by_role("textbox", name="Ihr Name oder Kürzel")
    name.fill("Ina")
    name.press("Enter")
    finished(page)
    take_back_a_rule(page, fresh_app.folder)
    make_a_rule(page, fresh_app.folder)
    row = page.locator("[class*='st-key-offen-url-']").filter(has_text="Lastenrad")
    row.get_by_role("button", name="Ablehnen").click()
    finished(page)
    expect(page.get_by_text(re.compile("wird für .* nicht mehr vorgeschlagen"))).to_be_visible(
        timeout=PATIENCE
    )
    expect(row.get_by_text("Kein Vorschlag, der sicher genug wäre.")).to_be_visible(timeout=PATIENCE)

    page.get_by_role("button", name="Wieder vorschlagen").click()
    finished(page)
    expect(page.get_by_text(re.compile("wird für .* wieder vorgeschlagen"))).to_be_visible(timeout=PATIENCE)
    expect(row.get_by_role("button", name="Ablehnen")).to_be_visible(timeout=PATIENCE)

    first = page.locator("[class*='st-key-offen-url-']").first
    expect(first).to_contain_text("Hundesteuer", timeout=PATIENCE)
    first.get_by_role("button", name="Zuordnen").first.click()
    finished(page)
    expect(page.get_by_text("gehört jetzt zu „Hundesteuer und -marke“")).to_be_visible(timeout=PATIENCE)

    expect_first(page, fresh_app.address, "Hundesteuer und -marke")
