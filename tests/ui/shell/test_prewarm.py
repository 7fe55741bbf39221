"""Answers made ahead are those that a screen asks for, and a new state makes them anew."""

import gc
import shutil
import threading
import time

import pytest

from portalkompass.answers.overview import overview
from portalkompass.answers.pages import outliers
from portalkompass.answers.queries import opportunities
from portalkompass.settings import SHIPPED_DATA, load_settings
from portalkompass.ui import reading
from portalkompass.ui.shell import garbage_collection, prewarm
from tests.browser.conftest import run_etl


@pytest.fixture
def sample(demo_data, tmp_path, monkeypatch):
    folder = tmp_path / "data"
    shutil.copytree(demo_data, folder)
    monkeypatch.setenv("PORTALKOMPASS_DATA_DIR", str(folder))
    monkeypatch.setenv("PORTALKOMPASS_TODAY", "2025-12-17")
    load_settings.cache_clear()
    yield folder
    load_settings.cache_clear()


def no_more(monkeypatch, *modules):
    """From now on these answers cannot be worked out."""

    def refuse(*_arguments, **_keywords):
        raise AssertionError("worked out again")

    for module in modules:
        monkeypatch.setattr(module, "answer", refuse)


def test_the_first_screen_and_the_estimates_are_there_when_somebody_comes(sample, screen, monkeypatch):
    monkeypatch.setenv("PORTALKOMPASS_DATA_DIR", str(sample))
    load_settings.cache_clear()
    prewarm.first_screen()
    prewarm.everything(threading.Event())
    no_more(monkeypatch, opportunities, outliers, overview)
    for path, address in (
        ("traffic/overview.py", ""),
        ("traffic/queries.py", "suchansicht=chancen"),
        ("traffic/queries.py", "suchansicht=chancen&zeitraum=28-tage&vergleich=ohne"),
        ("traffic/pages.py", "seitenansicht=auffaelligkeiten"),
        ("traffic/pages.py", "seitenansicht=auffaelligkeiten&zeitraum=alles"),
    ):
        app = screen(path, address)
        assert not app.exception, (path, address)
    other = screen("traffic/queries.py", "suchansicht=chancen&zeitraum=7-tage")
    assert other.exception  # another filter is another question, answered when it is asked


def test_a_new_state_is_noticed_without_a_visitor(sample, monkeypatch):
    monkeypatch.setattr(prewarm, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(prewarm, "SETTLE_SECONDS", 0.05)
    seen, over = [], threading.Event()
    monkeypatch.setattr(prewarm, "everything", lambda _over: seen.append(reading.published_name()))
    watching = threading.Thread(target=prewarm.watch, args=(over,))
    watching.start()
    wait_for(lambda: len(seen) == 1)
    run_etl(sample, "import", "--demo", "--confirm", str(SHIPPED_DATA / "ozg_services.csv"))
    wait_for(lambda: len(seen) == 2)
    over.set()
    watching.join(10)
    assert not watching.is_alive()
    assert len(set(seen)) == 2


def test_what_is_there_is_left_out_of_garbage_collection():
    garbage_collection.pause()
    before = gc.get_freeze_count()
    kept = [[] for _ in range(1000)]
    garbage_collection.resume()
    try:
        assert gc.get_freeze_count() >= before + len(kept)
        assert gc.isenabled()
    finally:
        garbage_collection.restore()


def test_before_the_first_load_nothing_is_done_and_nothing_breaks(tmp_path, monkeypatch):
    monkeypatch.setenv("PORTALKOMPASS_DATA_DIR", str(tmp_path))
    load_settings.cache_clear()
    prewarm.first_screen()
    over = threading.Event()
    over.set()
    prewarm.watch(over)
    load_settings.cache_clear()


def wait_for(condition):
    until = time.monotonic() + 60
    while not condition() and time.monotonic() < until:
        time.sleep(0.05)
    assert condition()
