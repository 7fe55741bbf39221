"""Many sessions at once while new snapshots are published: no error, nothing stale, memory does not creep.

Short in every run; ``make soak`` takes the long one (50 sessions, 20 minutes, a snapshot every minute).
"""

import itertools
import logging
import os
import random
import re
import shutil
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from portalkompass.warehouse.snapshots import published
from tests.browser.conftest import _serve, run_etl
from tests.soak.client import Screen, visitor

LOG = logging.getLogger(__name__)
SESSIONS = int(os.environ.get("SOAK_SESSIONS", "8"))
SECONDS = float(os.environ.get("SOAK_SECONDS", "9"))
PUBLISH_EVERY = float(os.environ.get("SOAK_PUBLISH_EVERY", "4"))
THINKING = float(os.environ.get("SOAK_THINKING", "4"))
SCREENS = (
    ("ueberblick", ""),
    ("ueberblick", "zeitraum=Letzte+28+Tage"),
    ("rankings", ""),
    ("seiten", ""),
    ("suchanfragen", ""),
    ("leistungen", ""),
    ("wirkung", ""),
    ("priorisierung", ""),
    ("daten", ""),
)
MOST_GROWTH = 1.25
"""Memory of the last third against the second, once a run is long enough for caches to be full."""
LONG_RUN = 300
"""Seconds from which growth says something; before that the caches are still filling."""
MOST_MEMORY = 700
"""MB that a server may take whatever it does."""


@dataclass
class Watch:
    """What the sessions saw, and the server's memory over time."""

    screens: list[tuple[str, Screen]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


def visit(watch, address, seed):
    """One person: a screen, a while of reading, the next screen."""
    chance = random.Random(seed)
    try:
        with visitor(address) as person:
            while not watch.over.wait(chance.uniform(0.5, 1.5) * THINKING):
                slug, query = chance.choice(SCREENS)
                watch.screens.append((slug, person.ask(slug, query)))
    except Exception as error:  # every way to fail is a finding
        watch.broken.append(f"{type(error).__name__}: {error}")


def resident(pid):
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) * 1024 / 1e6


def load(folder, number):
    """A real load into the demo folder: one portal file of a month that no load before it had."""
    path = folder / f"portal-{number}.csv"
    month = f"{2015 + number // 12}-{number % 12 + 1:02d}"
    path.write_text(
        "period;url;title;visits\n"
        f"{month};https://portal.leverkusen.example/leistung/hundesteuer;Hundesteuer;{100 + number}\n",
        encoding="utf-8",
    )
    run_etl(folder, "import", str(path), "--demo")


@pytest.mark.timeout(SECONDS + 300)
def test_many_sessions_through_many_snapshots(demo_data, tmp_path):
    folder = tmp_path / "data"
    shutil.copytree(demo_data, folder)
    serving = _serve(folder, tmp_path / "server.log")
    server = next(serving)
    watch, before = Watch(), published(folder / "demo" / "warehouse")
    people = [
        threading.Thread(target=visit, args=(watch, server.address, number), daemon=True)
        for number in range(SESSIONS)
    ]
    for person in people:
        person.start()
    begin = time.monotonic()
    published_at = begin
    numbers = itertools.count()
    while (now := time.monotonic()) - begin < SECONDS:
        watch.memory.append((now - begin, resident(server.pid)))
        if now - published_at >= PUBLISH_EVERY:
            load(folder, next(numbers))
            published_at = now
        watch.over.wait(1)
    watch.over.set()
    for person in people:
        person.join(90)
    loads = next(numbers)
    log = (tmp_path / "server.log").read_text(encoding="utf-8")
    next(serving, None)
    LOG.info(summary(watch, loads))
    assert watch.broken == []
    assert [screen.faults for _, screen in watch.screens if screen.faults] == []
    assert len(watch.screens) >= SESSIONS
    assert "Traceback" not in log
    assert loads >= 1
    assert published(folder / "demo" / "warehouse").name > before.name
    assert max(value for _, value in watch.memory) <= MOST_MEMORY
    if SECONDS >= LONG_RUN:
        assert growth(watch) <= MOST_GROWTH


def growth(watch):
    """Median memory of the last third over that of the second; the first one fills the caches."""
    third = len(watch.memory) // 3
    values = [value for _, value in watch.memory]
    return sorted(values[-third:])[third // 2] / sorted(values[third : 2 * third])[third // 2]


def summary(watch, loads):
    seconds = sorted(screen.seconds for _, screen in watch.screens)
    middle, high = seconds[len(seconds) // 2], seconds[int(len(seconds) * 0.95)]
    memory = [value for _, value in watch.memory]
    return (
        f"{len(seconds)} screens for {SESSIONS} sessions, {loads} snapshots; "
        f"median {middle:.2f} s, 95 % within {high:.2f} s; "
        f"memory {memory[0]:.0f} to {max(memory):.0f} MB, at the end {memory[-1]:.0f} MB, growth {growth(watch):.2f}"
    )
