"""Charts that can be read, by pointer and by keyboard; the first one in sight; German words everywhere."""

import re

import pytest
from playwright.sync_api import expect

from portalkompass.screens import ADDRESSES, SCREENS
from tests.browser.conftest import finished

HIGHEST = 560
"""Pixels from the top within which the first chart or table begins, at 1440 × 900."""
IN_SIGHT = (
    *(screen.slug for screen in SCREENS if screen.slug not in ("bericht", "daten")),
    "rankings?rankingansicht=positionen",
    "rankings?rankingansicht=beobachtet",
    "seiten?seitenansicht=auffaelligkeiten",
    "seiten?seite=https://portal.leverkusen.example/leistung/hundesteuer",
    "suchanfragen?suchansicht=chancen",
    "suchanfragen?anfrage=hundesteuer",
)
SHOWN = (
    "[class*=st-key-exhibit] [data-testid=stVegaLiteChart], [class*=st-key-exhibit] [data-testid=stDataFrame]"
)
MARK_IN_SIGHT = """() => {
    const mark = document.querySelector('.st-key-kopf .stMarkdownBadge')
    const box = mark.getBoundingClientRect()
    return mark.contains(document.elementFromPoint(box.right - 4, box.y + box.height / 2))
}"""
TOOLTIP = "() => document.querySelector('#vg-tooltip-element.visible')?.innerText ?? ''"
PLOT = """chart => {
    const box = chart.querySelector('.mark-group.role-frame.root > g > path.background').getBoundingClientRect()
    return [box.x, box.y, box.width, box.height]
}"""


@pytest.mark.parametrize("address", [one for one in IN_SIGHT if one not in ADDRESSES])
def test_the_first_chart_is_in_sight(look, address):
    """Of the other addresses it is seen where a test opens them anyway: `test_everyone_can_use_every_view`."""
    first_chart_is_in_sight(look(address, width=1440))


def first_chart_is_in_sight(page):
    """At 1440 × 900, with nothing over the title."""
    # As opened anew: the page may have been scrolled by the test before.
    page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 0)")
    expect(page.locator(SHOWN).first).to_be_visible()
    assert page.locator(SHOWN).first.bounding_box()["y"] <= HIGHEST
    # Nothing of Streamlit's header lies over the title.
    box = page.get_by_role("heading", level=1).bounding_box()
    middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    assert page.evaluate("([x, y]) => document.elementFromPoint(x, y).closest('h1') !== null", middle)
    # Nor over the sample mark, to its last letter, where less room is left.
    page.set_viewport_size({"width": 1280, "height": 900})
    page.wait_for_function(MARK_IN_SIGHT)


@pytest.mark.parametrize(
    "address", ["rankings", "rankings?zeitraum=28-tage&raster=tage", "suchanfragen?anfrage=hundesteuer"]
)
def test_wherever_the_pointer_is_the_tooltip_tells_every_series_of_that_day(look, address):
    page = look(address)
    chart = page.locator("[class*=st-key-exhibit] [data-testid=stVegaLiteChart]").first
    chart.scroll_into_view_if_needed()
    expect(chart.locator("[aria-roledescription=Wert]").first).to_be_attached()
    left, top, width, height = chart.evaluate(PLOT)
    texts = []
    for across in range(1, 20):
        for down in (0.05, 0.5, 0.95):
            page.mouse.move(left + width * across / 20, top + height * down)
            page.wait_for_timeout(60)
            texts.append(page.evaluate(TOOLTIP))
    assert [text for text in texts if not ("Aktuell" in text and "Vorjahr" in text)] == []


def every_chart_is_walked_by_keyboard(page):
    """The first key on each chart of an exhibit says its first value, Escape ends the walk."""
    charts = page.locator("[class*=st-key-exhibit] [data-testid=stVegaLiteChart]")
    for place in range(charts.count()):
        chart = charts.nth(place)
        if not chart.is_visible():
            continue
        expect(chart).to_have_attribute("tabindex", "0")
        chart.focus()
        page.keyboard.press("ArrowRight")
        expect(chart.locator("xpath=..").get_by_role("status")).to_contain_text(
            re.compile(r"\S.* \(1 von \d+\)$")
        )
        page.keyboard.press("Escape")


def test_a_chart_is_walked_by_keyboard_and_says_each_value(look):
    page = look("rankings")
    chart = page.locator("[class*=st-key-exhibit] [data-testid=stVegaLiteChart][tabindex='0']").first
    values = chart.locator("[aria-roledescription=Wert]")
    said = chart.locator("xpath=..").get_by_role("status")
    chart.focus()
    for key, number in (("ArrowRight", 1), ("ArrowRight", 2), ("End", values.count()), ("Home", 1)):
        page.keyboard.press(key)
        own = values.nth(number - 1).get_attribute("aria-label")
        expect(said).to_have_text(f"{own} ({number} von {values.count()})")
    page.keyboard.press("Escape")
    expect(said).to_be_empty()


def test_a_span_drawn_over_a_chart_becomes_the_period_and_back_shows_the_whole_again(app, visit, page):
    visit(f"{app.address}/rankings")
    exhibit = page.locator("[class*=st-key-exhibit]").first
    chart = exhibit.get_by_test_id("stVegaLiteChart")
    expect(chart.locator("[aria-roledescription=Wert]").first).to_be_attached()
    left, top, width, height = chart.evaluate(PLOT)
    page.mouse.move(left + width * 0.4, top + height / 2)
    page.mouse.down()
    page.mouse.move(left + width * 0.6, top + height / 2, steps=8)
    page.mouse.up()
    button = exhibit.get_by_role(
        "button", name=re.compile("^zoom_in Zeitraum auf .* setzen|^Zeitraum auf .* setzen")
    )
    expect(button).to_be_visible()
    before, entries = page.url, page.evaluate("history.length")
    assert "von=" not in before
    button.click()
    finished(page)
    expect(button).to_be_hidden()
    assert re.search(r"von=2025-\d\d-01.*bis=2025-\d\d-\d\d", page.url)
    assert page.evaluate("history.length") == entries + 1
    page.go_back()
    finished(page)
    assert page.url == before


def test_a_span_is_chosen_by_keyboard_said_and_becomes_the_period(app, visit, page):
    visit(f"{app.address}/rankings")
    exhibit = page.locator("[class*=st-key-exhibit]").first
    chart = exhibit.get_by_test_id("stVegaLiteChart")
    expect(chart.locator("[aria-roledescription=Wert]").first).to_be_attached()
    said = chart.locator("xpath=..").get_by_role("status")
    chart.focus()
    for key in ("Home", "ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight"):
        page.keyboard.press(key)
    expect(said).to_contain_text("Gespannt: Januar 2025 bis März 2025")
    page.keyboard.press("Enter")
    expect(said).to_have_text(
        "Gewählt: Januar 2025 bis März 2025. Darunter steht die Schaltfläche, die den Zeitraum setzt."
    )
    expect(exhibit.get_by_role("button", name="Zeitraum auf Jan. bis März 2025 setzen")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    finished(page)
    expect(page).to_have_url(re.compile("von=2025-01-01&bis=2025-03-31"))


def test_no_chart_offers_a_bare_picture_of_itself(look):
    page = look("rankings")
    chart = page.locator("[class*=st-key-exhibit] [data-testid=stVegaLiteChart]").first
    chart.hover()
    toolbar = page.locator("[data-testid=stFullScreenFrame]", has=chart).get_by_test_id("stElementToolbar")
    expect(toolbar.first).to_be_hidden()


ENGLISH = re.compile(
    r"\b(upload|per file|browse|drop|search:|show/hide|fullscreen|help for|choose|select all|clear|main menu|print|"
    r"record|collapse|expand|skip to|sort (?:as|des)cending|pin column|autosize|hide column|made with)\b",
    re.IGNORECASE,
)
WORDS = """() => [...document.querySelectorAll('body *')]
  .filter(one => !one.closest('canvas, script, style, [data-testid=stIconMaterial]')).flatMap(one => [
    ...['aria-label', 'title', 'placeholder'].map(name => one.getAttribute(name)).filter(Boolean),
    ...[...one.childNodes].filter(node => node.nodeType === 3).map(node => node.data.trim()).filter(Boolean)])"""


def english_words(page):
    """Streamlit's own words left over; of all views they are looked for where a test opens them anyway."""
    return sorted({text for text in page.evaluate(WORDS) if ENGLISH.search(text)})


@pytest.mark.parametrize("address", ["daten", "seiten"])
def test_streamlits_own_words_are_german(look, address):
    page = look(address)
    page.get_by_test_id("stMainMenuButton").click()
    expect(page.get_by_text("Drucken")).to_be_visible()
    assert english_words(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_text("Drucken")).to_be_hidden()


def test_an_empty_date_says_in_german_what_goes_where(look):
    parts = look("bericht").get_by_test_id("stDateInputField").get_by_role("spinbutton")
    expect(parts).to_have_text(["TT", "MM", "JJJJ"])
    expect(parts.first).to_have_attribute("aria-label", re.compile("^Tag, "))
    expect(parts.first).to_have_attribute("aria-valuetext", "leer")


def test_a_search_narrows_a_long_list_and_its_order_shows_the_losses_first(look):
    page = look("seiten")
    tools = page.locator(".st-key-liste-page_table")
    tools.get_by_placeholder("In dieser Liste suchen").fill("hundesteuer")
    page.keyboard.press("Enter")
    finished(page)
    expect(tools).to_contain_text(re.compile(r"\D[1-9] von \d+\sZeilen"))
    tools.get_by_role("radio", name="Größte Verluste").click()
    finished(page)
    expect(tools).to_contain_text("Zeilen")
