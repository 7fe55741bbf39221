"""Index checks: findings first, and which canonical address is another one."""

import datetime as dt

import pyarrow as pa
import pytest

from etl.store.load import append
from etl.store.publish import draft
from portalkompass import schema
from portalkompass.answers.data import data_state
from portalkompass.answers.data.index_state import COVERAGE, ROBOTS, canonical_differs, in_german
from tests.answers.conftest import exhibit, open_house
from tests.warehouse_fixture import SITE, settings_for


@pytest.mark.parametrize(
    ("chosen", "differs"),
    [
        ("https://s.example/a", False),
        ("https://www.s.example/a/", False),
        ("https://s.example/b", True),
        ("", False),
        (None, False),
    ],
)
def test_another_canonical_address_is_another_page_not_another_spelling(chosen, differs):
    assert canonical_differs(chosen, "https://s.example/a") is differs


@pytest.mark.parametrize(
    ("said", "words", "german"),
    [
        ("Submitted and indexed", COVERAGE, "Eingereicht und indexiert"),
        ("DISALLOWED", ROBOTS, "gesperrt"),
        ("Something Google says one day", COVERAGE, "Something Google says one day"),
        (None, COVERAGE, None),
    ],
)
def test_what_google_says_in_english_is_said_in_german(said, words, german):
    assert in_german(said, words) == german


@pytest.fixture
def inspected(tmp_path):
    settings = settings_for(tmp_path)
    checked = dt.datetime(2025, 12, 16, 23, 30)
    pages = [
        {"url": "https://s.example/a", "verdict": "PASS", "google_canonical": "https://s.example/a"},
        {"url": "https://s.example/b", "verdict": "PASS", "google_canonical": "https://s.example/a"},
        {"url": "https://s.example/c", "verdict": "NEUTRAL", "google_canonical": None},
    ]
    maps = [
        {"path": "https://s.example/gut.xml", "errors": 0, "warnings": 1},
        {"path": "https://s.example/schlecht.xml", "errors": 3, "warnings": 0},
    ]
    with draft(settings) as connection:
        append(
            connection,
            schema.URL_INSPECTION,
            pa.Table.from_pylist([{"site": SITE, "checked_at": checked} | page for page in pages]),
        )
        append(connection, schema.SITEMAPS, pa.Table.from_pylist([{"site": SITE} | one for one in maps]))
    return open_house(settings).ask(data_state)


def test_pages_with_a_finding_stand_first_and_times_are_local(inspected):
    rows = exhibit(inspected, "index_state").frame
    assert rows[["url", "verdict_name", "canonical", "checked"]].values.tolist() == [
        ["https://s.example/b", "im Index", "https://s.example/a", "17.12.2025, 00:30 Uhr"],
        ["https://s.example/c", "ausgeschlossen", "", "17.12.2025, 00:30 Uhr"],
        ["https://s.example/a", "im Index", "", "17.12.2025, 00:30 Uhr"],
    ]
    assert exhibit(inspected, "index_state").headline.startswith("2 von 3")


def test_faulty_sitemaps_stand_first(inspected):
    shown = exhibit(inspected, "sitemaps")
    assert shown.frame[["path", "errors"]].values.tolist() == [
        ["https://s.example/schlecht.xml", 3],
        ["https://s.example/gut.xml", 0],
    ]
    assert shown.headline == "1 von 2\u00a0Sitemaps haben Fehler"
