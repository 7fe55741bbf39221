"""The app on the demo's lake in a real browser: three screens as on DuckDB, a sentence on the others."""

import re

import pytest
from playwright.sync_api import expect

from portalkompass.answers import default_filters
from portalkompass.answers.asking import ask
from portalkompass.answers.pages import pages
from portalkompass.answers.rankings import rankings
from portalkompass.answers.workshop import prioritisation
from portalkompass.settings import Settings
from portalkompass.ui.shell.engines import UNAVAILABLE
from portalkompass.warehouse.reader import open_published
from portalkompass.workspace import workspace_of
from tests.browser.conftest import FINISHED, _serve
from tests.spark.cluster import spark_environment

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
FIRST_QUESTION = 200_000
"""Milliseconds: the cluster starts with it, on a machine that may have other things to do."""


@pytest.fixture(scope="module")
def app(demo_data, demo_lake, tmp_path_factory):
    """The app with a data folder of its own: nothing but the lake has figures."""
    folder, log = tmp_path_factory.mktemp("data"), tmp_path_factory.mktemp("log") / "server.log"
    with_server = _serve(folder, log, **spark_environment(demo_lake))
    yield next(with_server)
    next(with_server, None)


@pytest.fixture(scope="module")
def expected(demo_data):
    """What the screens say on the snapshot that the lake was written from."""
    settings = Settings(data_dir=demo_data).as_demo()
    house, workspace = open_published(settings), workspace_of(settings)
    question = ask(house, workspace, default_filters(house, settings), settings)
    return {
        "rankings": rankings.answer(question, part=rankings.COURSE),
        "seiten": pages.answer(question),
        "priorisierung": prioritisation.answer(question),
    }


def test_rankings_pages_and_prioritisation_are_shown_on_the_lake(app, expected, page):
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    for slug, answer in expected.items():
        page.goto(f"{app.address}/{slug}")
        words = page.locator("[data-testid=stMarkdown]").get_by_text(answer.message, exact=True)
        expect(words.first).to_be_visible(timeout=FIRST_QUESTION)
        page.wait_for_selector(FINISHED, timeout=FIRST_QUESTION)
        expect(page.get_by_text("Beispieldaten").first).to_be_visible()
        for figure in answer.figures:
            expect(page.get_by_text(figure.value, exact=True).first).to_be_visible()
        expect(page.locator("canvas, svg.marks").first).to_be_visible()
        expect(page.locator("[data-testid=stAlertContentError]")).to_have_count(0)
    assert faults == []


@pytest.mark.parametrize("slug", ["ueberblick", "suchanfragen", "leistungen", "wirkung", "bericht", "daten"])
def test_the_other_screens_say_that_they_are_not_available(app, page, slug):
    page.goto(f"{app.address}/{slug}")
    expect(page.get_by_text(UNAVAILABLE)).to_be_visible()
    expect(page.locator("[data-testid=stMain]").get_by_role("link")).to_have_text(
        ["Rankings", "Seiten", "Priorisierung"]
    )


def test_the_bare_address_leads_to_a_screen_that_there_is(app, page):
    page.goto(app.address)
    page.wait_for_url(re.compile("/rankings"))
    expect(page.get_by_role("heading", name="Rankings")).to_be_visible()
