"""Days that Google still completes are marked wherever they are part of a figure."""

import datetime as dt

import pytest

from portalkompass.answers.overview import overview
from portalkompass.answers.pages import pages
from portalkompass.answers.queries import opportunities, queries
from portalkompass.answers.rankings import rankings
from portalkompass.answers.services import services
from tests.warehouse_fixture import LAST, PROVISIONAL

NOTE = "Ab dem 16.12.2025 sind die Zahlen vorläufig: Google trägt diese Tage noch nach."
ASKED = (overview, rankings, pages, queries, opportunities, services)


def of_google(answer):
    return [one for one in answer.exhibits if one.source.startswith("Google Search Console")]


@pytest.mark.parametrize("module", ASKED, ids=lambda module: module.__name__.rpartition(".")[2])
def test_every_chart_and_table_of_a_period_with_provisional_days_says_so(house, module):
    shown = of_google(house.ask(module, start=dt.date(2025, 11, 1), end=PROVISIONAL))
    assert [one.id for one in shown if NOTE not in one.notes] == []
    assert shown


@pytest.mark.parametrize("module", ASKED, ids=lambda module: module.__name__.rpartition(".")[2])
def test_nothing_is_said_where_all_days_are_final(house, module):
    answer = house.ask(module, start=dt.date(2025, 11, 1), end=LAST)
    assert [one.id for one in answer.exhibits if any("vorläufig:" in note for note in one.notes)] == []
