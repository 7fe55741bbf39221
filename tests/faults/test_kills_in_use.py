"""Load, backup, restore and the app itself killed at random moments while people work with it.

Nothing may change wrongly: the published figure is that of before or after a load, every write that was confirmed is
there, every archive is whole, a killed restore ends as the state it was meant to bring. Short in every run;
``make faults`` takes 200 kills under 20 sessions.
"""

import datetime as dt
import logging
import multiprocessing
import os
import random
import signal
import threading
import time
from dataclasses import dataclass, field

import pytest
from websockets.exceptions import WebSocketException

from etl.store.publish import draft
from portalkompass.operations import back_up, check, finish_pending, restore
from portalkompass.settings import Settings
from tests.browser.conftest import _serve, free_port
from tests.operations.conftest import SITE, clicks, filled, labels, rows, write_note
from tests.soak.client import visitor

LOG = logging.getLogger(__name__)
KILLS = int(os.environ.get("FAULT_SUITE_KILLS", "4"))
SESSIONS = int(os.environ.get("FAULT_SUITE_SESSIONS", "4"))
SEED = int(os.environ.get("FAULT_SUITE_SEED", "17"))
THINKING = 3.0
SCREENS = ("ueberblick", "rankings", "seiten", "suchanfragen", "leistungen", "bericht", "daten")
ACTIONS = ("load", "backup", "restore", "app")
FORK = multiprocessing.get_context("forkserver")


@dataclass
class City:
    """What is in use: settings, the running app, what was confirmed to whom, what people saw."""

    settings: Settings
    port: int
    logs: object
    serving: object = None
    server: object = None
    over: threading.Event = field(default_factory=threading.Event)
    writing: threading.Lock = field(default_factory=threading.Lock)
    confirmed: set = field(default_factory=set)
    screens: list = field(default_factory=list)
    broken: list = field(default_factory=list)
    restarts: int = 0


@pytest.fixture
def city(tmp_path):
    FORK.set_forkserver_preload(
        ["portalkompass.operations", "etl.store.publish", "tests.operations.conftest"]
    )
    settings = filled(Settings(data_dir=tmp_path / "data", writer_wait_seconds=30))
    with draft(settings) as connection:
        connection.executemany(
            "INSERT INTO search_site_day VALUES (?, 'web', ?, 100, ?, 0.0, 'api')",
            [[SITE, dt.date(2025, 1, day), day] for day in range(3, 29)],
        )
    made = City(settings, free_port(), tmp_path / "logs")
    made.logs.mkdir()
    start(made)
    yield made
    made.over.set()
    next(made.serving, None)


def start(city):
    city.serving = _serve(city.settings.data_dir, city.logs / f"{city.restarts}.log", city.port)
    city.server = next(city.serving)


def killed_after(seconds, action, *arguments):
    """Run in a process of its own and kill it; True if it was still running."""
    child = FORK.Process(target=action, args=arguments)
    child.start()
    child.join(seconds)
    alive = child.is_alive()
    if alive:
        os.kill(child.pid, signal.SIGKILL)
    child.join()
    return alive


def load_night(settings, day, number):
    """Like every real load: the slice is replaced whole, so that a second try adds nothing twice.

    What a killed load had finished in its draft is published by the next one.
    """
    with draft(settings) as connection:
        connection.execute("BEGIN")
        connection.execute("DELETE FROM search_site_day WHERE date = ?", [day])
        connection.execute(
            "INSERT INTO search_site_day VALUES (?, 'web', ?, 100, ?, 0.0, 'api')", [SITE, day, number]
        )
        connection.execute("COMMIT")


def person(city, seed):
    """Somebody who reads one screen after the other and comes back when the app was gone."""
    chance = random.Random(seed)
    while not city.over.is_set():
        try:
            with visitor(f"http://127.0.0.1:{city.port}") as one:
                while not city.over.wait(chance.uniform(0.3, 1.7) * THINKING):
                    slug = chance.choice(SCREENS)
                    city.screens.append((slug, one.ask(slug)))
        except (OSError, EOFError, TimeoutError, WebSocketException):
            city.over.wait(0.5)  # the app was killed; the next try finds it again
        except Exception as error:  # every other way to fail is a finding
            city.broken.append(f"{type(error).__name__}: {error}")


def writer(city):
    """Somebody who notes things all the time; only what was confirmed counts."""
    number = 0
    while not city.over.wait(0.1):
        with city.writing:
            number += 1
            label = f"Notiz {number}"
            write_note(city.settings, label)
            city.confirmed.add(label)


def kill_load(city, chance, number):
    before, day = clicks(city.settings), dt.date(2025, 2, 1) + dt.timedelta(days=number)
    killed = killed_after(chance.uniform(0.01, 0.4), load_night, city.settings, day, 7)
    assert clicks(city.settings) in (before, before + 7)
    if killed and clicks(city.settings) == before:
        load_night(city.settings, day, 7)
    assert clicks(city.settings) == before + 7
    return killed


def kill_backup(city, chance, _number):
    folder = city.settings.data_dir.parent / "archive"
    folder.mkdir(exist_ok=True)
    killed = killed_after(chance.uniform(0.05, 0.8), back_up, city.settings, folder)
    for archive in folder.glob("*.zip"):
        check(archive, city.settings)
        archive.unlink()
    return killed


def kill_restore(city, chance, number):
    """Nobody writes meanwhile: what is written after the archive was made is not in it, by its nature."""
    archive = city.settings.data_dir.parent / f"stand-{number}.zip"
    with city.writing:
        back_up(city.settings, archive)
        meant = rows(city.settings), clicks(city.settings)
        killed = killed_after(chance.uniform(0.1, 1.2), restore, city.settings, archive)
        finish_pending(city.settings)
        assert (rows(city.settings), clicks(city.settings)) == meant
        archive.unlink()
    return killed


def kill_app(city, _chance, _number):
    os.kill(city.server.pid, signal.SIGKILL)
    next(city.serving, None)
    city.restarts += 1
    start(city)
    return True


def wait_for_readers(city, tries):
    """As many screens as rounds of actions: kills in a row would only meet people who wait, as every state is new."""
    begin = time.monotonic()
    while len(city.screens) < tries // len(ACTIONS) and time.monotonic() - begin < 20:
        time.sleep(0.05)


@pytest.mark.timeout(max(300, KILLS * 20))
def test_nothing_is_lost_whatever_is_killed(city):
    chance, killed = random.Random(SEED), dict.fromkeys(ACTIONS, 0)
    people = [threading.Thread(target=person, args=(city, seed), daemon=True) for seed in range(SESSIONS)]
    people.append(threading.Thread(target=writer, args=(city,), daemon=True))
    for one in people:
        one.start()
    kills = {"load": kill_load, "backup": kill_backup, "restore": kill_restore, "app": kill_app}
    tries = 0
    while sum(killed.values()) < KILLS:
        # every kind has its turn; the app a quarter as often, because its start takes longest
        action = ACTIONS[tries % 4] if tries % 16 == 3 or tries % 4 != 3 else chance.choice(ACTIONS[:3])
        killed[action] += kills[action](city, chance, tries)
        wait_for_readers(city, tries)
        tries += 1
        assert tries < 6 * KILLS
    begin = time.monotonic()
    while len(city.screens) < 3 * SESSIONS and time.monotonic() - begin < 60:
        time.sleep(0.2)
    city.over.set()
    for one in people:
        one.join(30)
    LOG.info(
        "%s killed in %d tries; %d screens, %d notes", killed, tries, len(city.screens), len(city.confirmed)
    )
    assert city.broken == []
    assert [(slug, screen.faults) for slug, screen in city.screens if screen.faults] == []
    assert len(city.screens) >= 3 * SESSIONS
    assert city.confirmed <= labels(city.settings)
    assert len(city.confirmed) >= KILLS // 4
    logs = [path.read_text(encoding="utf-8") for path in city.logs.iterdir()]
    assert len(logs) == city.restarts + 1
    assert not any("Traceback" in log for log in logs)
    final = city.settings.data_dir.parent / "ende.zip"
    with city.writing:
        back_up(city.settings, final)
        meant = rows(city.settings), clicks(city.settings)
        restore(city.settings, final)
        assert (rows(city.settings), clicks(city.settings)) == meant
