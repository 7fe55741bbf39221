"""Results are made once, kept within bounds, and never those of another state or of somebody who may see more."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from portalkompass.warehouse import result_cache
from portalkompass.warehouse.reader import open_published
from tests.warehouse_fixture import publish, settings_for


@pytest.fixture(autouse=True)
def empty():
    result_cache.clear()
    yield
    result_cache.clear()


def test_what_was_used_longest_ago_goes_first():
    for number in range(result_cache.CACHE_SIZE):
        result_cache.once((number,), lambda number=number: number)
    assert result_cache.once((0,), lambda: "made again") == 0
    result_cache.once(("one too many",), lambda: 0)
    assert [result_cache.holds((number,)) for number in (0, 1, 2)] == [True, False, True]


def test_threads_that_ask_at_once_get_the_same_result_made_once():
    made, together = [], threading.Barrier(8)

    def make():
        made.append(object())
        return made[-1]

    def ask(_):
        together.wait()
        return result_cache.once(("key",), make)

    with ThreadPoolExecutor(8) as pool:
        results = set(pool.map(ask, range(8)))
    assert results == set(made)
    assert len(made) == 1


def test_a_result_that_could_not_be_made_is_made_when_it_is_asked_for_again():
    with pytest.raises(ZeroDivisionError):
        result_cache.once(("key",), lambda: 1 / 0)
    assert not result_cache.holds(("key",))
    assert result_cache.once(("key",), lambda: 1) == 1


def test_a_new_snapshot_frees_what_belongs_to_the_old_one(tmp_path):
    settings = settings_for(tmp_path)
    publish(settings)
    old = open_published(settings)
    old.once(("a",), list)
    assert open_published(settings) is old
    assert old.has_result(("a",))
    publish(settings)
    new = open_published(settings)
    assert not old.has_result(("a",))
    assert not new.has_result(("a",))


def test_a_view_of_some_properties_has_results_of_its_own(tmp_path):
    settings = settings_for(tmp_path)
    publish(settings)
    whole = open_published(settings)
    limited = whole.limited_to(frozenset())
    assert whole.once(("rows",), lambda: 3) == 3
    assert limited.once(("rows",), lambda: 0) == 0
    assert whole.limited_to(frozenset()).has_result(("rows",))
