"""Daten and the editor of the list in a real browser: map, see, take back; edit, confirm, refuse a stale save."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import finished, run_etl

pytestmark = pytest.mark.browser

FOREIGN = (
    "Berichtsmonat;Netzadresse;Wie oft angesehen;Sachbearbeitung\n"
    "11.2025;https://portal.leverkusen.example/leistung/hundesteuer;1.200;x\n"
    "11.2025;https://portal.leverkusen.example/leistung/wohngeld;300;y\n"
    "11.2025;kaputt;300;y\n"
)


def pick(page, label, option):
    page.get_by_role("combobox", name=re.compile(label)).click()
    page.get_by_role("option", name=option, exact=True).click()
    finished(page)


def test_an_unknown_file_is_mapped_loaded_seen_and_taken_back(fresh_app, visit, tmp_path):
    file = tmp_path / "fachverfahren.csv"
    file.write_text(FOREIGN, encoding="cp1252")
    page = visit(f"{fresh_app.address}/daten")
    page.locator("input[type=file]").set_input_files(file)
    finished(page)
    page.get_by_role("button", name="Datei prüfen").click()
    expect(page.get_by_text("Spalten zuordnen: fachverfahren.csv")).to_be_visible(timeout=60_000)
    finished(page)
    # page and period are proposed by heading or by their cells; the figures are up to the person
    pick(page, "Wie oft angesehen", "Seitenansichten")
    sign(page, "Erika M.")
    page.get_by_role("button", name="Zuordnung speichern und prüfen").click()
    expect(page.get_by_text("Vorschau: fachverfahren.csv")).to_be_visible(timeout=60_000)
    expect(page.get_by_test_id("stAlert").filter(has_text="1 Zeile wurde abgewiesen")).to_be_visible()
    finished(page)
    page.get_by_role("button", name="Daten übernehmen").click()
    expect(page.get_by_text("Vorschau: fachverfahren.csv")).to_be_hidden(timeout=60_000)
    finished(page)
    expect(page.get_by_role("heading", name=re.compile("1.Zeile wurde zurückgewiesen"))).to_be_visible()
    # the mapping stands to choice for the next file, and the import can be taken back
    expect(page.get_by_role("combobox", name=re.compile("Spalten"))).to_be_visible()
    page.get_by_role("combobox", name=re.compile("Import zurücknehmen")).click()
    page.get_by_role("option", name=re.compile("fachverfahren.csv")).click()
    finished(page)
    page.get_by_role("button", name="Zurücknehmen", exact=True).click()
    said = page.get_by_test_id("stAlert").filter(has_text="fachverfahren.csv wurde zurückgenommen: 2 Zeilen")
    expect(said).to_be_visible(timeout=60_000)
    finished(page)
    expect(page.get_by_role("combobox", name=re.compile("Import zurücknehmen"))).to_have_count(0)
    assert not list((fresh_app.folder / "inbox").iterdir())


def sign(page, who):
    page.get_by_role("textbox", name="Ihr Name oder Kürzel").fill(who)
    page.get_by_role("textbox", name="Ihr Name oder Kürzel").press("Enter")
    finished(page)


def rename_first_service(page, name):
    """The grid is a drawing: a double click on the first cell opens its field, once the drawing is done."""
    grid = page.get_by_test_id("stDataFrame").locator(".dvn-scroller").first
    field = page.locator("textarea.gdg-input")
    for _ in range(4):
        grid.dblclick(position={"x": 110, "y": 52})
        page.wait_for_timeout(1500)
        if field.count():
            break
    field.fill(name)
    field.press("Enter")
    finished(page)


def test_an_edit_of_the_list_is_a_new_state_and_a_stale_one_is_refused_with_both_versions(
    fresh_app, visit, tmp_path
):
    page = visit(f"{fresh_app.address}/leistungen?ansicht=Liste+bearbeiten")
    sign(page, "Erika M.")
    rename_first_service(page, "Anlagen (neu)")
    page.get_by_role("button", name="Änderungen prüfen").click()
    expect(page.get_by_text("Unterschiede zum bisherigen Stand")).to_be_visible(timeout=60_000)
    finished(page)
    page.get_by_role("button", name="Als neuen Stand speichern").click()
    saved = page.get_by_test_id("stAlert").filter(has_text="Bearbeitet von Erika M.")
    expect(saved).to_be_visible(timeout=60_000)
    finished(page)
    with page.expect_download() as file:
        page.get_by_role("button", name="Liste als CSV").click()
    assert file.value.suggested_filename == "ozg_services_2025-12-17.csv"
    shipped = file.value.path().read_text(encoding="utf-8")
    assert shipped.startswith("service_id;name;list;status;")
    assert "anlagengenehmigung;Anlagen (neu);aktuell;" in shipped
    # meanwhile somebody else saves; what is open here rests on a state that is not the newest any more
    rename_first_service(page, "Anlagen (meine)")
    other = tmp_path / "ozg_services.csv"
    other.write_text(shipped.replace("Anlagen (neu)", "Anlagen (andere)"), encoding="utf-8")
    run_etl(fresh_app.folder, "import", "--demo", str(other))
    page.get_by_role("button", name="Änderungen prüfen").click()
    refused = page.get_by_test_id("stAlert").filter(has_text="Ihre Fassung wurde nicht gespeichert")
    expect(refused).to_be_visible(timeout=30_000)
    both = page.get_by_test_id("stDataFrame").filter(has_text="Ihre Fassung")
    for version in (
        "Als Sie begannen",
        "Anlagen (neu)",
        "Anlagen (meine)",
        "Gespeichert",
        "Anlagen (andere)",
    ):
        expect(both).to_contain_text(version)
    expect(page.get_by_role("button", name="Mit dem gespeicherten Stand neu beginnen")).to_be_visible()
