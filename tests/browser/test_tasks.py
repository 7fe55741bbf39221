"""Ten tasks of an analyst's week: each is done in a browser, and its steps are counted as the handbook counts them.

A step is a click, a key, or a field that is typed into (with the Enter that ends it). Scrolling is none.
"""

import datetime as dt
import io
import re
import shutil
from dataclasses import dataclass

import duckdb
import openpyxl
import pytest
from playwright.sync_api import Locator, Page, expect

from portalkompass.settings import ROOT
from tests.browser.conftest import _serve, finished
from tests.browser.test_screens import card
from tests.conftest import command
from tests.etl.files.export_files import PORTAL, export, zipped

pytestmark = pytest.mark.browser

MOST = 3
SITE, TODAY = "https://portal.leverkusen.example/", "2026-01-08"
HEAD, FIRST = 36, 52
"""Pixels of the head of a table, and from its upper edge to the middle of the first row."""


@dataclass
class Hand:
    """Works on a page that stands still, and counts what it does."""

    page: Page
    steps: int = 0

    def click(self, what: Locator, **where) -> None:
        what.click(**where)
        self.steps += 1
        finished(self.page)

    def type(self, text: str) -> None:
        """Into the field that was clicked before, which is the same step."""
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")
        finished(self.page)

    def fill(self, field: Locator, text: str) -> None:
        field.fill(text)
        self.page.keyboard.press("Enter")
        self.steps += 1
        finished(self.page)

    def row(self, exhibit: str, number: int = 0, of: int = 0) -> None:
        """A click on a row of that table, from 0; ``of`` so many, which are all in sight."""
        table = self.page.locator(f".st-key-exhibit-{exhibit}").get_by_test_id("stDataFrame")
        table.scroll_into_view_if_needed()
        self.page.wait_for_timeout(500)
        high = (table.bounding_box()["height"] - HEAD) / of if of else 0
        self.click(table, position={"x": 12, "y": HEAD + high * (number + 0.5) if of else FIRST})


@pytest.fixture
def hand(look):
    """Opens a screen at the size of a usual window."""
    return lambda slug: Hand(look(slug, 1440, 900))


def told(task: int) -> int:
    """The steps that the handbook promises for this task."""
    text = (ROOT / "docs" / "handbuch.md").read_text(encoding="utf-8")
    return int(re.search(rf"^\| {task} \|.*\| (\d+) \|$", text, re.MULTILINE)[1])


def done(hand: Hand, task: int) -> None:
    assert hand.steps == told(task) <= MOST


def test_1_the_course_of_a_querys_position_by_week(hand):
    own = hand("suchanfragen")
    own.click(own.page.get_by_role("combobox", name="Suchanfrage im Einzelnen"))
    own.type("hundesteuer")
    own.click(own.page.get_by_role("radio", name="Wochen"))
    expect(own.page).to_have_url(re.compile("anfrage=hundesteuer&raster=wochen"))
    expect(own.page.get_by_text(re.compile("Position nach Wochen")).first).to_be_visible()
    done(own, 1)


def test_2_only_mobile(hand):
    own = hand("ueberblick")
    every = card(own.page, "Klicks").inner_text()
    own.click(own.page.get_by_role("button", name="Filter", exact=True))
    own.click(own.page.get_by_role("combobox", name="Gerät"))
    own.click(own.page.get_by_role("option", name="Mobil"))
    expect(own.page).to_have_url(re.compile("geraet=MOBILE"))
    expect(card(own.page, "Klicks")).not_to_have_text(every)
    done(own, 2)


def test_3_the_third_quarter_against_the_second(hand):
    own = hand("rankings")
    own.click(own.page.get_by_role("button", name="Letzte 12 volle Monate"))
    own.click(own.page.get_by_test_id("stPopoverBody").get_by_role("radio", name="Zeitraum davor"))
    own.click(own.page.get_by_text("Letztes volles Quartal", exact=True))
    expect(
        own.page.get_by_text("Juli bis Sept. 2025, verglichen mit Apr. bis Juni 2025").first
    ).to_be_visible()
    done(own, 3)


def test_4_which_page_lost_most_last_month_and_why(hand):
    own = hand("ueberblick")
    own.click(own.page.get_by_role("button", name="Letzte 12 volle Monate"))
    own.click(own.page.get_by_role("button", name="Letzter voller Monat gegen den davor"))
    own.row("movers", 3, of=6)  # three winners, then the losers, the largest loss first
    expect(own.page).to_have_url(re.compile("/seiten.*zeitraum=monat&vergleich=vorzeitraum.*seite=https"))
    why = own.page.locator(".st-key-exhibit-click_change")
    expect(why.get_by_role("heading", level=2)).to_contain_text("weniger")
    done(own, 4)


def test_5_the_queries_of_a_page(hand):
    own = hand("seiten")
    own.row("page_table")
    expect(own.page.locator(".st-key-exhibit-page_queries").get_by_test_id("stDataFrame")).to_be_visible()
    done(own, 5)


def test_6_all_queries_with_a_word_by_re2(hand):
    own = hand("suchanfragen")
    own.click(own.page.get_by_role("button", name="Filter", exact=True))
    own.click(own.page.get_by_role("radio", name="RE2").last)
    own.fill(own.page.get_by_role("textbox", name="Suchanfrage: Text"), "wohngeld")
    expect(own.page).to_have_url(re.compile("anfrage-regex=wohngeld"))
    table = own.page.locator(".st-key-exhibit-query_table")
    expect(table.get_by_role("heading", level=2)).to_be_visible()
    done(own, 6)


def test_7_the_effect_of_an_event(hand):
    own = hand("wirkung")
    own.click(own.page.get_by_role("combobox", name="Seite"))
    own.type("Anwohner-Ladesäule")
    expect(own.page).to_have_url(re.compile("wirkung-seite=.*anwohner-ladesaeule"))
    expect(own.page.get_by_text(re.compile(r"37\s% mehr Klicks als ohne das Ereignis")).first).to_be_visible()
    done(own, 7)


def test_8_a_link_shows_the_same_in_a_fresh_browser_after_a_load(demo_data, tmp_path, page, browser):
    """Fixed days stay; so that the load matters, the same address with a named period has moved on."""
    folder = tmp_path / "data"
    shutil.copytree(demo_data / "demo", folder)
    (snapshot,) = (folder / "warehouse").glob("*Z.duckdb")
    with duckdb.connect(snapshot) as connection:  # as if the city's own: the samples never get new days
        connection.execute("UPDATE warehouse_info SET value = 'live' WHERE name = 'origin'")
    serving = _serve(folder, tmp_path / "server.log", PORTALKOMPASS_TODAY=TODAY)
    address = next(serving).address
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{address}/rankings?von=2024-12-01&bis=2025-11-30&vergleich=vorjahr&geraet=MOBILE")
    finished(page)
    own = Hand(page)
    own.click(page.get_by_role("button", name="Link kopieren"))
    link = page.evaluate("navigator.clipboard.readText()")
    shown = card(page, "Klicks").inner_text()
    tables = export(dt.date(2025, 12, 18), dt.date(2026, 1, 4))
    file = zipped(tmp_path, {name: text.replace(PORTAL, SITE) for name, text in tables.items()})
    loaded = command(folder, "etl", "import", "--site", SITE, str(file), PORTALKOMPASS_TODAY=TODAY)
    assert loaded.returncode == 0, loaded.stderr
    assert len(list((folder / "warehouse").glob("*Z.duckdb"))) == 2
    other = browser.new_context(locale="de-DE").new_page()
    other.goto(link)
    finished(other)
    own.steps += 1
    expect(card(other, "Klicks")).to_have_text(shown)
    other.goto(link.replace("von=2024-12-01&bis=2025-11-30", "zeitraum=12-monate"))
    finished(other)
    expect(other.get_by_text("Jan. bis Dez. 2025").first).to_be_visible()
    other.context.close()
    next(serving, None)
    done(own, 8)


def test_9_a_whole_list_as_a_spreadsheet(hand):
    own = hand("suchanfragen")
    listed = int(re.search(r"\d+", card(own.page, "Gelistete Suchanfragen").inner_text())[0])
    own.click(own.page.locator(".st-key-exhibit-query_table").get_by_role("button", name="Exportieren"))
    with own.page.expect_download() as file:
        own.click(own.page.get_by_role("dialog").get_by_role("button", name="Excel"))
    book = openpyxl.load_workbook(io.BytesIO(file.value.path().read_bytes()), read_only=True)
    assert len(list(book.worksheets[0].iter_rows(min_row=2))) == listed
    done(own, 9)


def test_10_the_hours_of_the_last_days(hand):
    own = hand("rankings")
    own.click(own.page.get_by_role("radio", name="Stunden"))
    expect(own.page.locator(".st-key-exhibit-hours_clicks")).to_be_visible()
    done(own, 10)
