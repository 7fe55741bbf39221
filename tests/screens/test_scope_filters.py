"""Filters that are off say why."""

import pytest

from portalkompass.answers.base.scope import Match, Scope
from portalkompass.screens import SCREENS, screen_of
from portalkompass.screens.catalogue import SCOPE
from portalkompass.screens.scope_filters import PARTS, available, obeyed
from tests.answers.conftest import house as house  # noqa: PLC0414 fixture

OVERVIEW, PAGES, QUERIES = (screen_of(slug).views[0] for slug in ("ueberblick", "seiten", "suchanfragen"))


def test_every_filter_of_a_scope_has_a_part():
    assert set(PARTS) == SCOPE
    assert {name for screen in SCREENS for view in screen.views for name in view.filters & SCOPE} == SCOPE


def test_what_the_data_tell_is_on_and_what_they_lack_is_off_with_the_reason(house):
    found = available(house.question(), OVERVIEW)
    off = {name: reason for name, reason in found.items() if reason}
    assert list(off) == ["appearance"]
    assert off["appearance"].startswith("Darstellungsarten sind nicht geladen")


def test_a_filter_that_is_set_turns_off_those_that_no_grain_tells_beside_it(house):
    found = available(house.question(scope=Scope(country="deu")), OVERVIEW)
    assert found["device"] == found["country"] == ""
    assert found["page-contains"].startswith("Länder werden nur für die ganze Property geladen")


def test_lists_of_pages_and_queries_need_their_own_grain_by_device(house):
    assert available(house.question(), PAGES)["device"].startswith("Geräte je Seite sind nicht geladen")
    assert available(house.question(), QUERIES)["device"].startswith("Geräte je Suchanfrage sind nicht")
    assert available(house.question(), PAGES)["query-regex"] == ""


@pytest.mark.parametrize(("view", "left"), [(PAGES, Scope(query=Match("is", "a"))), (OVERVIEW, None)])
def test_a_view_keeps_the_parts_that_it_obeys(house, view, left):
    scope = Scope(country="deu", query=Match("is", "a"))
    filters = house.question(scope=scope).filters
    assert obeyed(filters, view).scope == (left or scope)
