import re

import pytest
from playwright.sync_api import expect

from portalkompass.screens import SCREENS
from tests.browser.conftest import _serve, finished, run_etl
from tests.soak.client import visitor

pytestmark = pytest.mark.browser

TITLES = [(screen.slug, screen.title) for screen in SCREENS]


def card(page, label):
    """Value of the card of that label."""
    cards = page.get_by_test_id("stMetric").filter(has_text=re.compile(f"^{label}"))
    return cards.get_by_test_id("stMetricValue")


@pytest.mark.parametrize(("slug", "title"), TITLES)
def test_the_first_visitor_of_a_fresh_server_may_come_by_deep_link(demo_data, tmp_path, slug, title):
    running = _serve(demo_data, tmp_path / "server.log")
    with visitor(next(running).address) as person:
        screen = person.enter(slug)
    next(running, None)
    assert screen.faults == ()
    assert screen.texts[0] == title
    assert len(screen.texts) > 1


def test_the_bare_address_leads_to_the_first_screen(app, visit):
    page = visit(app.address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Überblick")
    expect(page).to_have_url(f"{app.address}/ueberblick")


def test_a_filter_changes_url_and_figures_and_the_link_shows_the_same_view(look, page):
    other, page = page, look("ueberblick")
    expect(page.get_by_text("Dez. 2024 bis Nov. 2025, verglichen")).to_be_visible()
    before = card(page, "Klicks").inner_text()
    page.get_by_role("button", name="Letzte 12 volle Monate").click()
    page.get_by_text("Letzte 28 Tage").click()
    finished(page)
    expect(page).to_have_url(re.compile(r"zeitraum=28-tage"))
    expect(page.get_by_text("18.11.2025 bis 15.12.2025, verglichen")).to_be_visible()
    shown = card(page, "Klicks").inner_text()
    assert shown != before
    other.goto(page.url)
    finished(other)
    expect(card(other, "Klicks")).to_have_text(shown)


def test_filters_stay_when_the_screen_changes(app, look):
    page = look("ueberblick?zeitraum=Letzte+28+Tage")
    page.get_by_role("link", name="Seiten").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Seiten")
    finished(page)
    expect(page.get_by_text("18.11.2025 bis 15.12.2025, verglichen")).to_be_visible()
    expect(page).to_have_url(f"{app.address}/seiten?zeitraum=28-tage&vergleich=vorjahr")


def test_charts_have_a_text_alternative_and_are_drawn(look):
    page = look("rankings")
    charts = page.get_by_test_id("stVegaLiteChart")
    expect(charts).to_have_count(3)
    for index in range(3):
        expect(charts.nth(index).locator("svg.marks, canvas")).to_be_visible()
    labelled = page.locator(
        "[data-testid=stVegaLiteChart] [aria-label], [data-testid=stVegaLiteChart][aria-label]"
    )
    assert labelled.count() >= 3


def test_the_table_behind_a_chart_is_one_click_away(look):
    page = look("ueberblick")
    block = page.locator(".st-key-exhibit-service_status")
    expect(block.get_by_test_id("stDataFrame")).to_have_count(0)
    block.get_by_text("Tabelle zeigen").click()
    expect(block.get_by_test_id("stDataFrame")).to_be_visible()


def test_weights_change_the_score_and_stand_in_the_url(look):
    page = look("priorisierung")
    before = page.get_by_text(re.compile(r"von 100 Punkten")).first.inner_text()
    page.get_by_text("Gewichte der Kriterien (Startwerte)").click()
    slider = page.get_by_role("slider", name="Entwicklung gegenüber dem Portal")
    slider.focus()
    slider.press("End")
    finished(page)
    expect(page).to_have_url(re.compile(r"gewicht-relative_trend=100"))
    expect(page.get_by_text(re.compile(r"von 100 Punkten")).first).not_to_have_text(before)


def test_lanes_are_tabs_with_the_ranking_of_each(look):
    page = look("priorisierung")
    expect(page.get_by_role("tab")).to_have_count(4)
    page.get_by_role("tab", name=re.compile("Wartet auf andere")).click()
    expect(page.get_by_role("heading", name=re.compile("Wartet auf andere"))).to_be_visible()


PORTAL_FILE = (
    "period;url;title;visits;page_views\n"
    "2025-11;https://portal.leverkusen.example/leistung/hundesteuer;Hundesteuer;120;200\n"
    "2025-11;https://portal.leverkusen.example/leistung/wohngeld;Wohngeld;300;410\n"
    "2025-11;https://portal.leverkusen.example/leistung/wohngeld;Wohngeld;keine;41\n"
)


def test_an_upload_is_checked_first_and_appears_after_confirmation_without_restart(
    fresh_app, visit, tmp_path
):
    letter, file = tmp_path / "brief.csv", tmp_path / "portalzahlen.csv"
    letter.write_text("Sehr geehrte Damen und Herren\n", encoding="utf-8")
    file.write_text(PORTAL_FILE, encoding="utf-8")
    page = visit(f"{fresh_app.address}/daten")
    page.locator("input[type=file]").set_input_files(letter)
    finished(page)
    page.get_by_role("button", name="Datei prüfen").click()
    expect(page.get_by_test_id("stAlert").filter(has_text="brief.csv")).to_be_visible(timeout=60_000)
    finished(page)
    assert not (fresh_app.folder / "warehouse").exists()
    page.locator("input[type=file]").set_input_files(file)
    finished(page)
    page.get_by_role("button", name="Datei prüfen").click()
    expect(page.get_by_text("Vorschau: portalzahlen.csv")).to_be_visible(timeout=30_000)
    finished(page)
    assert not (fresh_app.folder / "warehouse").exists()
    page.get_by_role("button", name="Daten übernehmen").click()
    expect(page.get_by_text("Vorschau: portalzahlen.csv")).to_be_hidden(timeout=60_000)
    finished(page)
    expect(page.get_by_test_id("stAlert").filter(has_text="portal.leverkusen.example")).to_be_visible()
    # the city's own data are there now, so the samples are gone from the screen
    expect(page.get_by_text("Beispieldaten", exact=True)).to_have_count(0)
    assert len(list((fresh_app.folder / "warehouse").glob("*Z.duckdb"))) == 1
    assert not list((fresh_app.folder / "inbox").iterdir())


def test_a_load_in_the_background_is_announced_and_shown_on_request(fresh_app, visit, tmp_path):
    file = tmp_path / "portalzahlen.csv"
    file.write_text(PORTAL_FILE, encoding="utf-8")
    page = visit(f"{fresh_app.address}/daten")
    expect(page.get_by_text("Beispieldaten", exact=True).first).to_be_visible()
    run_etl(fresh_app.folder, "import", str(file))
    page.get_by_role("button", name="Neue Zahlen anzeigen").click(timeout=40_000)
    finished(page)
    expect(page.get_by_text("Beispieldaten", exact=True)).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_text("Daten")
