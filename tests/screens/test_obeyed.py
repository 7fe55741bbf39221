"""Filters that are off say why; what a view cannot obey is left out of its question."""

import pytest

from portalkompass.answers.base.scope import WHOLE, Match, Scope
from portalkompass.screens import SCREENS, obeyed, screen_of
from portalkompass.screens.catalogue import SCOPE
from tests.answers.conftest import house as house  # noqa: PLC0414 fixture

OVERVIEW, PAGES, QUERIES = (screen_of(slug).views[0] for slug in ("ueberblick", "seiten", "suchanfragen"))


def refused(house, view, scope=WHOLE):
    question = house.question(scope=scope)
    return obeyed.refused(house.question().has_rows, question.filters, view)


def test_every_filter_of_a_scope_has_a_part():
    named = {name for part, names in obeyed.OPTIONS.items() if part != obeyed.SEARCH_TYPE for name in names}
    assert named == SCOPE
    assert {name for screen in SCREENS for view in screen.views for name in view.filters & SCOPE} == SCOPE


def test_what_the_data_tell_is_on_and_what_they_lack_is_off_with_the_reason(house):
    found = refused(house, OVERVIEW)
    assert list(found) == ["appearance"]
    assert found["appearance"].startswith("Darstellungsarten sind nicht geladen")


def test_a_filter_that_is_set_turns_off_those_that_no_grain_tells_beside_it(house):
    found = refused(house, OVERVIEW, Scope(country="deu"))
    assert not {"device", "country"} & found.keys()
    assert found["page"].startswith("Länder werden nur für die ganze Property geladen")


def test_lists_of_pages_and_queries_need_their_own_grain_by_device(house):
    assert refused(house, PAGES)["device"].startswith("Geräte je Seite sind nicht geladen")
    assert refused(house, QUERIES)["device"].startswith("Geräte je Suchanfrage sind nicht")
    assert "query" not in refused(house, PAGES)


@pytest.mark.parametrize(
    ("view", "left"), [(PAGES, Scope(query=Match("is", "a"))), (OVERVIEW, Scope(country="deu"))]
)
def test_a_view_keeps_the_parts_that_it_obeys(house, view, left):
    scope = Scope(country="deu", query=Match("is", "a"))
    asked = house.question(scope=scope).filters
    assert obeyed.heard(asked, view, refused(house, view, scope)).scope == left
