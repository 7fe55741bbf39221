"""What the team does with the views: compare, open a page, share, annotate, save; and everyone can use them."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from portalkompass.screens import ADDRESSES, screen_of
from tests.browser.conftest import finished
from tests.browser.test_reading import (
    IN_SIGHT,
    english_words,
    every_chart_is_walked_by_keyboard,
    first_chart_is_in_sight,
)

pytestmark = pytest.mark.browser

TASKS = ("Inhalt+ausbauen", "Titel+und+Beschreibung", "Rückgang+klären", "Zusammenlegen+oder+trennen")
VIEWS = (
    *ADDRESSES,
    "rankings?zeitraum=Gesamter+Zeitraum&raster=Tage&vergleich=Freier+Vergleich",
    "seiten?art=Leistungen",
    "seiten?seite=Geburtsurkunde",
    *(f"suchanfragen?suchansicht=Chancen&aufgabe={task}" for task in TASKS),
    "leistungen?leistung=Bauportal",
    "priorisierung?beamer=true",
)


def test_another_comparison_changes_what_is_compared(look):
    page = look("rankings?zeitraum=Letzte+3+volle+Monate")
    expect(page.get_by_text(re.compile("im Vorjahreszeitraum")).first).to_be_visible()
    page.get_by_role("button", name="Vergleich: Vorjahr").click()
    page.get_by_text("Zeitraum davor", exact=True).click()
    finished(page)
    expect(page.get_by_text(re.compile("im Zeitraum davor")).first).to_be_visible()
    expect(page).to_have_url(re.compile("zeitraum=3-monate&vergleich=vorzeitraum"))


def test_the_overview_leads_to_all_movers_with_its_period_and_comparison(look):
    page = look("ueberblick?zeitraum=monat&vergleich=vorzeitraum")
    page.get_by_role("button", name="Alle Gewinner und Verlierer").click()
    finished(page)
    expect(page.locator(".st-key-exhibit-page_movers").get_by_test_id("stDataFrame")).to_be_visible()
    expect(page).to_have_url(
        re.compile("/seiten.*zeitraum=monat&vergleich=vorzeitraum.*seitenansicht=gewinner-und-verlierer")
    )
    page.go_back()
    expect(page).to_have_url(re.compile("/ueberblick"))


def test_a_click_on_a_row_opens_the_page_and_the_link_shows_it_to_others(look, page):
    other, page = page, look("seiten")
    table = page.locator(".st-key-exhibit-page_table").get_by_test_id("stDataFrame")
    table.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    box = table.bounding_box()
    page.mouse.click(box["x"] + 12, box["y"] + 52)  # the mark of the first row below the head
    finished(page)
    expect(page.get_by_role("heading", level=2).first).to_contain_text(
        "Klicks, Impressionen, Klickrate und Ø Position nach Monaten"
    )
    expect(page).to_have_url(re.compile("seite=https.*wunschkennzeichen"))
    other.goto(page.url)
    finished(other)
    expect(
        other.get_by_text(
            re.compile("^„Wunschkennzeichen“, Dezember 2024 bis November 2025: Klicks 18.925")
        ).first
    ).to_be_visible()
    page.get_by_role("button", name="Zurück zur Liste").click()
    finished(page)
    expect(page.locator(".st-key-exhibit-page_table")).to_be_visible()


def test_a_click_anywhere_in_a_row_opens_it_but_no_drag_no_head_and_no_key_does(app, visit):
    page = visit(f"{app.address}/seiten")
    table = page.locator(".st-key-exhibit-page_table").get_by_test_id("stDataFrame")
    table.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    box = table.bounding_box()
    across, second = box["x"] + 400, box["y"] + 52
    page.mouse.move(across, second)
    page.mouse.down()
    page.mouse.move(across + 120, second + 70, steps=5)  # chooses cells, to copy them
    page.mouse.up()
    page.mouse.click(across, box["y"] + 18)  # sorts
    page.mouse.click(across, box["y"] + 18)
    for key in ("Tab", "Shift+Tab", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    finished(page)
    assert "seite=" not in page.url
    table.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    table.click(position={"x": 400, "y": 52})
    finished(page)
    expect(page).to_have_url(re.compile("[?&]seite=https"))
    expect(page.get_by_role("button", name="Zurück zur Liste")).to_be_visible()


def test_an_own_annotation_of_a_page_is_measured(shared_copy, visit):
    page = visit(f"{shared_copy.address}/rankings")
    page.get_by_text("Anmerkung eintragen").click()
    page.get_by_role("textbox", name="Ihr Name oder Kürzel").fill("KM")
    page.get_by_role("textbox", name="Was ist geschehen?").fill("Neuer Text Führungszeugnis")
    page.get_by_role("spinbutton", name="Tag, Am").click()
    page.keyboard.type("02062025")
    page.get_by_role("combobox", name="Gilt für").click()
    page.keyboard.type("Führungszeugnis")
    page.get_by_role("option", name="Führungszeugnis").first.click()
    page.get_by_role("button", name="Anmerkung speichern").click()
    finished(page)
    expect(page.get_by_text("Anmerkung „Neuer Text Führungszeugnis“ gespeichert.")).to_be_visible()
    page.get_by_role("link", name="Wirkung").click()
    finished(page)
    expect(page.get_by_role("heading", level=2, name=re.compile("^4 Ereignisse"))).to_be_visible()


def test_a_saved_view_brings_back_screen_and_filters(shared_copy, visit):
    page = visit(
        f"{shared_copy.address}/suchanfragen?suchansicht=Chancen&aufgabe=Inhalt+ausbauen&zeitraum=Letzte+3+volle+Monate"
    )
    page.get_by_role("button", name="Gespeicherte Ansichten").click()
    page.get_by_label("Diese Ansicht speichern als").fill("Chancen Quartal")
    page.get_by_role("button", name="Speichern", exact=True).click()
    finished(page)
    page.get_by_role("link", name="Überblick").click()
    finished(page)
    page.get_by_role("button", name="Gespeicherte Ansichten").click()
    page.get_by_role("link", name="Chancen Quartal").click()
    finished(page)
    expect(page).to_have_url(re.compile("/suchanfragen"))
    expect(page.get_by_text("Sept. bis Nov. 2025").first).to_be_visible()
    expect(page.locator(".st-key-exhibit-potential_queries")).to_be_visible()


def test_the_glossary_defines_every_measure(look):
    page = look("ueberblick")
    page.get_by_role("button", name="Begriffe").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Klickpotenzial")).to_be_visible()
    expect(dialog.get_by_text("Verdeckte Klicks")).to_be_visible()


@pytest.mark.parametrize("view", VIEWS)
def test_everyone_can_use_every_view(look, view):
    page = look(view, width=1440 if view in IN_SIGHT else 1280)
    expect(page.get_by_role("heading", level=1).first).to_have_text(screen_of(view.partition("?")[0]).title)
    assert page.locator("html").get_attribute("lang") == "de"
    if "?" not in view:
        expect(page.get_by_text("Beispieldaten").first).to_be_visible()
        expect(page.get_by_role("link", name="Priorisierung")).to_be_visible()
        expect(page.get_by_role("heading", level=2).first).to_be_visible()
    if view in IN_SIGHT:
        first_chart_is_in_sight(page)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    assert page.get_by_test_id("stException").count() == 0
    assert page.evaluate("window.offences") == []
    assert barriers(page) == []
    assert [text for text in page.evaluate(ALTERNATIVES) if not re.search(r"\d", text)] == []
    controls = page.evaluate(CONTROLS)
    reached, names = walked(page)
    assert [name for number, name in enumerate(controls) if str(number) not in reached] == []
    for name in REACHED.get(view, ()):
        assert any(name in one for one in names), f"{name} is not reached: {names}"
    every_chart_is_walked_by_keyboard(page)
    assert english_words(page) == []


def test_no_barrier_in_what_opens(look):
    page = look("rankings")
    page.get_by_text("Anmerkung eintragen").click()
    page.get_by_text("Tabelle zeigen").first.click()
    finished(page)
    assert barriers(page) == []
    for button in ("Exportieren", "Begriffe"):
        page.get_by_role("button", name=button).first.click()
        expect(page.get_by_role("dialog")).to_be_visible()
        finished(page)
        assert barriers(page) == [], button
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Gespeicherte Ansichten").click()
    expect(page.get_by_label("Diese Ansicht speichern als")).to_be_visible()
    assert barriers(page) == []


FLOATING = ('id="vg-tooltip-element"', 'id="stFloatingOverlayPortal"')
"""What lies over the page for a moment, where a pointer rests: it is part of no landmark and cannot be."""


def barriers(page):
    """Rule and place of every finding of axe-core, minor ones, too."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        (rule["id"], node["html"][:160])
        for rule in found
        for node in rule["nodes"]
        if not (rule["id"] == "region" and any(mark in node["html"] for mark in FLOATING))
    ]


ALTERNATIVES = """() => [...document.querySelectorAll("[data-testid=stVegaLiteChart]")].map(chart =>
    chart.getAttribute("aria-label")
    || chart.querySelector("[aria-label]")?.getAttribute("aria-label") || "(ohne Text)")"""
"""The text alternatives of all charts in sight and below."""
CONTROLS = """() => {
    const kinds = "button, input, textarea, a[href], [role=combobox], [role=slider], [role=tab], canvas"
    const one_of_many = "[role=radiogroup], [role=tablist], [type=radio]"  // one stop for all, then arrow keys
    return [...document.querySelectorAll("[data-testid=stMain]")]
        .flatMap(main => [...main.querySelectorAll(kinds)])
        .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.disabled && one.tabIndex >= 0)
        .filter(one => !one.closest(one_of_many))
        .map((one, number) => {
            one.dataset.walk = number
            return one.getAttribute("aria-label") || one.innerText || one.outerHTML.slice(0, 120)
        })
}"""
"""Marks every control of the page's content with a number; their names in this order."""
MOST_STEPS = 400
AT_ONCE = 20
"""Tab keys between two looks whether the focus has come round."""
WATCH_FOCUS = """() => {
    const watched = window.walked !== undefined
    window.walked = []
    if (!watched) document.addEventListener("focusin", () => {
        const one = document.activeElement, inside = one.closest("[data-testid=stDataFrame]")
        const table = inside && one.tagName === "CANVAS"
        window.walked.push([
            one.dataset.walk ?? null,
            table ? "(Tabelle)" : one.getAttribute("aria-label") || one.innerText || "",
            one.dataset.testid === "stSkipToContent",
        ])
    })
}"""


def walked(page):
    """Numbers and names of what the Tab key comes by, from the page's begin until the focus comes round."""
    page.get_by_test_id("stSkipToContent").focus()
    page.evaluate(WATCH_FOCUS)
    for _ in range(0, MOST_STEPS, AT_ONCE):
        for _ in range(AT_ONCE):
            page.keyboard.press("Tab")
        seen = page.evaluate("window.walked")
        if any(begin for _, _, begin in seen):
            return {number for number, _, _ in seen}, [name.strip() for _, name, _ in seen]
    raise AssertionError("the focus never came round")


EVERYWHERE = ("Rankings", "Daten", "(Tabelle)", "Exportieren")
REACHED = {
    "seiten": (
        *EVERYWHERE,
        "Top-Seiten",
        "Letzte 12 volle Monate",
        "Seite im Einzelnen",
        "Filter",
        "Tabelle zeigen",
    ),
    "leistungen": (
        *EVERYWHERE,
        "Nachfrage",
        "Vergleich: Vorjahr",
        "Leistung im Einzelnen",
        "Status",
        "Tabelle zeigen",
    ),
}
"""What the keyboard has to come by besides every control of the content."""


def test_a_service_opens_by_click_and_by_keyboard_and_the_link_shows_it(look, page):
    other, page = page, look("leistungen")
    table = page.locator(".st-key-exhibit-service_table").get_by_test_id("stDataFrame")
    table.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    box = table.bounding_box()
    page.mouse.click(box["x"] + 12, box["y"] + 52)  # the mark of the first row below the head
    finished(page)
    expect(page).to_have_url(re.compile("[&?]leistung="))
    expect(page.locator(".st-key-exhibit-service_pages")).to_be_visible()
    page.get_by_role("button", name="Zurück zur Liste").click()
    finished(page)
    expect(page.locator(".st-key-exhibit-service_table")).to_be_visible()
    page.get_by_role("combobox", name="Leistung im Einzelnen").focus()
    page.keyboard.type("Hundesteuer und")
    page.keyboard.press("Enter")
    finished(page)
    expect(page.get_by_text(re.compile("^„Hundesteuer und -marke“")).first).to_be_visible()
    other.goto(page.url)
    finished(other)
    expect(other.locator(".st-key-exhibit-service_months")).to_be_visible()


def test_a_list_of_one_kind_of_pages_and_a_free_comparison_stand_in_the_link(look):
    page = look(
        "seiten?art=Ämter+und+Einrichtungen&zeitraum=Letzte+3+volle+Monate"
        "&vergleich=Freier+Vergleich&vergleichab=2024-10-01"
    )
    expect(page.get_by_text("verglichen mit Okt. bis Dez. 2024")).to_be_visible()
    expect(page.get_by_text(re.compile("^Seiten der Art „Organisationseinheit“: ")).first).to_be_visible()
