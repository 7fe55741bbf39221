"""Backup and restore killed at random moments: the archive is whole or not there, the state old or new.

The long version (50 kills each) is `make faults`.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import random
import signal
import time
from pathlib import Path

from portalkompass.operations import back_up, check, finish_pending, restore
from portalkompass.operations.restore import is_pending
from portalkompass.operations.restore_plan import prepare
from portalkompass.settings import Settings
from tests.conftest import command
from tests.operations.conftest import clicks, load_day, rows, saved, write_note

KILLS = int(os.environ.get("SAFEKEEPING_KILLS", "3"))
ATTEMPTS = 10 * KILLS
"""How many attempts the kills take depends on the machine: on a busy one many are done before their kill."""


def _killed_after(seconds: float, action: object, *arguments: object) -> bool:
    """Run the action in a process of its own and kill it; True if it was still running."""
    child = multiprocessing.get_context("forkserver").Process(target=action, args=arguments)  # type: ignore[arg-type]
    child.start()
    child.join(seconds)
    alive = child.is_alive()
    if alive and child.pid:
        os.kill(child.pid, signal.SIGKILL)
    child.join()
    return alive


def _duration(action: object, *arguments: object) -> float:
    begin = time.monotonic()
    assert not _killed_after(60, action, *arguments)
    return time.monotonic() - begin


def test_a_killed_backup_leaves_no_archive_or_a_whole_one(small_city: Settings, tmp_path: Path) -> None:
    multiprocessing.get_context("forkserver").set_forkserver_preload(["portalkompass.operations"])
    folder, chance = tmp_path / "archive", random.Random(3)
    folder.mkdir()
    _duration(back_up, small_city, tmp_path / "warm.zip")
    whole = _duration(back_up, small_city, tmp_path / "measure.zip")
    killed = 0
    for _ in range(ATTEMPTS):
        if killed == KILLS:
            break
        killed += _killed_after(chance.uniform(0.02, 0.95) * whole, back_up, small_city, folder)
        for archive in folder.glob("*.zip"):
            assert check(archive, small_city).data_date == dt.date(2025, 1, 2)
    assert killed == KILLS
    back_up(small_city, folder / "after.zip")
    assert not list(folder.glob(".portalkompass-*.part"))


def test_a_killed_restore_is_undone_or_finished_never_half(small_city: Settings, tmp_path: Path) -> None:
    multiprocessing.get_context("forkserver").set_forkserver_preload(["portalkompass.operations"])
    chance = random.Random(5)
    old = rows(small_city), clicks(small_city)
    saved(small_city, tmp_path / "old.zip")
    load_day(small_city, dt.date(2025, 1, 3), 100)
    write_note(small_city, "Später")
    new = rows(small_city), clicks(small_city)
    back_up(small_city, tmp_path / "new.zip")
    _duration(restore, small_city, tmp_path / "new.zip")
    whole = _duration(restore, small_city, tmp_path / "new.zip")
    killed, finished = 0, 0
    for number in range(ATTEMPTS):
        if killed == KILLS:
            break
        target, source = (old, new) if number % 2 == 0 else (new, old)
        archive = tmp_path / ("old.zip" if number % 2 == 0 else "new.zip")
        killed += _killed_after(chance.uniform(0.3, 0.98) * whole, restore, small_city, archive)
        finished += bool(finish_pending(small_city))
        assert (rows(small_city), clicks(small_city)) in (target, source)
        restore(small_city, archive)
        assert (rows(small_city), clicks(small_city)) == target
    assert killed == KILLS


def test_a_load_finishes_a_killed_restore_first(small_city: Settings, tmp_path: Path) -> None:
    """The state on disk is that of a restore killed right after its plan was written."""
    saved(small_city, tmp_path / "old.zip")
    load_day(small_city, dt.date(2025, 1, 3), 100)
    prepare(small_city, tmp_path / "old.zip")
    done = command(small_city.data_dir, "etl", "import", "data/ozg_services.csv")
    assert done.returncode == 0, done.stderr
    assert "zu Ende geführt" in done.stderr
    assert clicks(small_city) == 15
    assert not is_pending(small_city)
