"""Lists of screens and exhibits in the documents are those of the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from portalkompass.answers import Answer
from portalkompass.settings import ROOT, Settings
from portalkompass.warehouse import snapshots
from tests.answers.conftest import exhibit, open_house
from tests.docs import catalogues
from tests.screens.test_catalogue import for_a_terminal
from tests.warehouse_fixture import TODAY

SCREENS = ROOT / "docs" / "screens.md"
HINT = "UPDATE_DOCS=1 .venv/bin/python -m pytest tests/docs writes it anew."


@pytest.fixture(scope="module")
def answers(demo_data: Path) -> list[tuple[str, Answer]]:
    """Every topic's answer on the sample data in the default period; details of one page and service."""
    house = open_house(snapshots.in_use(Settings(data_dir=demo_data, today=TODAY), demo=True))
    topics = catalogues.every_topic()

    def ask(name: str, **further: str) -> Answer:
        return topics[name].load()(house.question(), **further)

    # A page with everything that is known of pages, a rival included.
    page = exhibit(ask("opportunities"), "cannibalisation").frame["url"].iloc[0]
    service = exhibit(ask("services"), "service_table").frame["service"].iloc[0]
    query = exhibit(ask("queries"), "query_table").frame["query"].iloc[0]
    details = {
        "page_detail": {"url": page},
        "query_detail": {"query": query},
        "service_detail": {"service": service},
    }
    return [(name, ask(name, **details.get(name, {}))) for name in topics]


def test_the_table_of_screens_is_the_list_of_the_code() -> None:
    table = catalogues.screen_table()
    if catalogues.UPDATE:
        catalogues.write(SCREENS, "screens", table)
    assert catalogues.shown_in(SCREENS, "screens") == table, HINT


def test_the_table_of_exhibits_is_what_the_answers_hold(answers: list[tuple[str, Answer]]) -> None:
    table = catalogues.exhibit_table(answers)
    if catalogues.UPDATE:
        catalogues.write(SCREENS, "exhibits", table)
    assert catalogues.shown_in(SCREENS, "exhibits") == table, HINT


def test_no_answer_sends_someone_with_only_a_browser_to_a_terminal(answers: list[tuple[str, Answer]]) -> None:
    assert [(name, said) for name, answer in answers if (said := for_a_terminal(answer))] == []
