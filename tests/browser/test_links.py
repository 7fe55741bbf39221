"""The address is the truth: links, bookmarks, saved views and the browser's history ask the same as the screen."""

import os
import re
import signal
import threading

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ELSEWHERE, finished, go
from tests.browser.test_screens import card

pytestmark = pytest.mark.browser


def entries(page):
    return page.evaluate("history.length")


def go_to(page, title):
    page.get_by_role("link", name=title, exact=True).click()
    finished(page)


def preset(page, now, other):
    page.get_by_role("button", name=now).click()
    page.get_by_text(other, exact=True).click()
    finished(page)


def test_each_change_is_one_entry_of_the_history_and_back_restores_all_of_it(app, visit):
    page = visit(f"{app.address}/rankings?zeitraum=3-monate&vergleich=vorjahr")
    begin = entries(page)
    preset(page, "Letzte 3 volle Monate", "Letzte 28 Tage")
    assert entries(page) == begin + 1
    page.get_by_role("radio", name="Positionen").click()
    finished(page)
    assert entries(page) == begin + 2
    go_to(page, "Seiten")
    assert entries(page) == begin + 3
    expect(page).to_have_url(f"{app.address}/seiten?zeitraum=28-tage&vergleich=vorjahr")
    page.go_back()
    finished(page)
    expect(page.get_by_role("radio", name="Positionen")).to_be_checked()
    expect(page.get_by_text("18.11.2025 bis 15.12.2025, verglichen")).to_be_visible()
    page.go_back()
    finished(page)
    expect(page.get_by_role("radio", name="Verlauf")).to_be_checked()
    page.go_back()
    finished(page)
    expect(page.get_by_role("button", name="Letzte 3 volle Monate")).to_be_visible()
    expect(page.get_by_text("Sept. bis Nov. 2025, verglichen")).to_be_visible()
    assert entries(page) == begin + 3  # going back makes none
    page.go_forward()
    finished(page)
    expect(page).to_have_url(f"{app.address}/rankings?zeitraum=28-tage&vergleich=vorjahr")


def test_back_closes_what_was_shown_in_full_and_forward_opens_it_again(look):
    page = look("leistungen")
    box = page.get_by_role("combobox", name="Leistung im Einzelnen")
    box.focus()
    page.keyboard.type("Hundesteuer und")
    page.keyboard.press("Enter")
    finished(page)
    expect(page.get_by_text(re.compile("^„Hundesteuer und -marke“")).first).to_be_visible()
    page.go_back()
    finished(page)
    expect(page.locator(".st-key-exhibit-service_table")).to_be_visible()
    expect(page.get_by_role("radio", name="Nachfrage")).to_be_checked()
    page.go_forward()
    finished(page)
    expect(page.get_by_text(re.compile("^„Hundesteuer und -marke“")).first).to_be_visible()


def test_after_a_deep_link_all_of_it_goes_along(app, look):
    page = look("seiten?zeitraum=Letzte+28+Tage&geraet=MOBILE&seitenansicht=Auff%C3%A4lligkeiten")
    go_to(page, "Rankings")
    expect(page).to_have_url(f"{app.address}/rankings?zeitraum=28-tage&vergleich=vorjahr&geraet=MOBILE")
    expect(page.get_by_role("button", name="Nur Mobil")).to_be_visible()
    clicks = card(page, "Klicks").inner_text()
    page.get_by_role("button", name="Nur Mobil").click()
    finished(page)
    expect(card(page, "Klicks")).not_to_have_text(clicks)


def test_a_server_that_takes_its_time_is_waited_for(app, look):
    """The tests' own watch: an answer that begins late on a busy machine is no screen at rest with stale links."""
    page = look("rankings?zeitraum=12-monate")
    os.kill(app.pid, signal.SIGSTOP)
    later = threading.Timer(2, os.kill, (app.pid, signal.SIGCONT))
    later.start()
    go(page, f"{app.address}/rankings?zeitraum=28-tage&geraet=MOBILE")
    later.join()
    assert page.get_by_role("link", name="Seiten", exact=True).get_attribute("href").endswith("geraet=MOBILE")


def test_a_saved_view_brings_its_period_whatever_screen_it_is_opened_from(shared_copy, visit):
    name, saved = "Juni", f"{shared_copy.address}/rankings?von=2025-06-02&bis=2025-06-15&vergleich=ohne"
    page = visit(saved)
    page.get_by_role("button", name="Gespeicherte Ansichten").click()
    expect(page.get_by_text("Der Zeitraum bleibt auf diesen Tagen stehen.")).to_be_visible()
    page.get_by_label("Diese Ansicht speichern als").fill(name)
    page.get_by_role("button", name="Speichern", exact=True).click()
    finished(page)
    for screen in ("rankings", "leistungen", "ueberblick"):
        for address in (ELSEWHERE, screen):
            go(page, f"{shared_copy.address}/{address}")
        page.keyboard.press("Escape")  # what was opened to save the view, or to choose it, stays open
        before = entries(page)
        page.get_by_role("button", name="Gespeicherte Ansichten").click()
        page.get_by_role("link" if screen != "rankings" else "button", name=name, exact=True).click()
        finished(page)
        expect(page).to_have_url(saved)
        expect(page.get_by_text("02.06.2025 bis 15.06.2025", exact=True).first).to_be_visible()
        assert entries(page) == before + 1, screen


def test_a_copied_link_shows_the_same_figures_in_a_fresh_browser(app, visit, page, browser):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit(f"{app.address}/ueberblick?von=2024-12-01&bis=2025-11-30&vergleich=vorzeitraum")
    page.get_by_role("button", name="Link kopieren").click()
    expect(page.get_by_text("Kopiert.")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    # fixed days stay, although they are those of the usual period today
    assert link == f"{app.address}/ueberblick?von=2024-12-01&bis=2025-11-30&vergleich=vorzeitraum"
    other = browser.new_context(locale="de-DE").new_page()
    other.goto(link)
    finished(other)
    expect(card(other, "Klicks")).to_have_text(card(page, "Klicks").inner_text())
    other.context.close()


def test_a_filter_is_set_in_two_clicks_and_goes_with_its_chip(look):
    page = look("rankings")
    whole = card(page, "Klicks").inner_text()
    page.get_by_role("button", name="Filter", exact=True).click()
    finished(page)
    page.get_by_role("combobox", name="Gerät").click()
    page.get_by_role("option", name="Mobil").click()
    finished(page)
    expect(page).to_have_url(re.compile("geraet=MOBILE"))
    expect(card(page, "Klicks")).not_to_have_text(whole)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Nur Mobil").click()
    finished(page)
    expect(card(page, "Klicks")).to_have_text(whole)


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_the_filters_stand_in_one_row_and_nothing_reaches_beyond_the_window(app, visit, page, width, height):
    page.set_viewport_size({"width": width, "height": height})
    visit(f"{app.address}/rankings?zeitraum=28-tage&vergleich=vorjahr")
    row = page.locator(".st-key-filter")
    box = row.bounding_box()
    if width > 1000:
        assert box["height"] < 60
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_row_that_opens_on_another_screen_is_one_entry_and_back_leads_to_its_table(app, visit):
    page = visit(f"{app.address}/rankings?rankingansicht=beobachtet")
    before = entries(page)
    table = page.locator(".st-key-exhibit-tracking_proposals").get_by_test_id("stDataFrame")
    table.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    box = table.bounding_box()
    page.mouse.click(box["x"] + 12, box["y"] + 52)  # the mark of the first row below the head
    expect(page).to_have_url(re.compile(r"/suchanfragen\?.*anfrage="))
    finished(page)
    assert entries(page) == before + 1
    page.go_back()
    expect(page).to_have_url(re.compile(r"/rankings\?rankingansicht=beobachtet"))
    expect(table).to_be_visible()
