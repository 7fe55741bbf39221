"""A restore that ends at any of its steps on the disk, with or without work before the next command.

The process counts what it does to files (`sys.addaudithook`) and ends itself, like a power cut, before a drawn one.
The long version (50 draws) is `make faults`.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import sqlite3
import subprocess
from contextlib import closing, suppress
from pathlib import Path

import pytest

from portalkompass import workspace
from portalkompass.operations import finish_pending
from portalkompass.operations.restore import is_pending
from portalkompass.settings import Settings
from tests.children import python
from tests.conftest import environment
from tests.operations.conftest import clicks, labels, load_day, saved, write_note
from tests.operations.test_way_back import one_revision_ahead

DRAWS = int(os.environ.get("RESTORE_INTERRUPTIONS", "4"))
STEPS = """
import os, sys
from portalkompass.commands.app import run
folder, last = sys.argv.pop(1), int(sys.argv.pop(1))
done = 0
def count(event, arguments):
    global done
    if event in ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "sqlite3.connect") or (
        event == "open" and str(arguments[0]).startswith(folder) and arguments[1] != "r" and arguments[1] != "rb"
    ):
        done += 1
        if done == last:
            os._exit(99)
sys.addaudithook(count)
try:
    run()
finally:
    sys.stdout.write(f"steps {done}")
    sys.stdout.flush()
"""


def interrupted(settings: Settings, last: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A restore that ends before its step ``last``; 0 lets it go to its end and count them."""
    steps = ["-c", STEPS, str(settings.data_dir), str(last), "restore", *arguments]
    return python(steps, environment(settings.data_dir))


def somewhere(settings: Settings) -> set[str]:
    """Labels of the workspace and of everything that was laid aside."""
    found = labels(settings)
    for file in settings.data_dir.glob("vor-rueckspielung-*/**/*workspace.db"):
        # A copy that a killed process had only begun holds nothing; the original was not touched yet then.
        with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(file)) as connection:
            found |= {str(label) for (label,) in connection.execute("SELECT label FROM annotations")}
    return found


@pytest.mark.timeout(max(300, DRAWS * 30))
@pytest.mark.parametrize("newer", [False, True], ids=["same", "one-ahead"])
def test_a_restore_that_ends_at_any_step_is_done_or_not_and_later_work_stays(
    small_city: Settings, tmp_path: Path, newer: bool
) -> None:
    archive, chance = str(tmp_path / "alt.zip"), random.Random(11 + newer)
    saved(small_city, Path(archive))
    load_day(small_city, dt.date(2025, 1, 3), 100)
    counted = interrupted(small_city, 0, archive)
    assert counted.returncode == 0, counted.stderr
    steps = int(counted.stdout.rpartition("steps ")[2])
    assert steps > 20
    begun = 0
    for number in range(DRAWS):
        later = f"Vorher {number}"
        write_note(small_city, later)
        load_day(small_city, dt.date(2025, 2, 1 + number % 28), 1000)
        if newer:
            one_revision_ahead(small_city)
        workspace.close_workspace(small_city.workspace_url)
        assert interrupted(small_city, chance.randint(1, steps), archive).returncode in (0, 99)
        begun += is_pending(small_city)
        worked = f"Danach {number}"
        # An app that is up goes on: what it writes into the workspace that it finds must not be undone later.
        can_write = not newer or not _is_ahead(small_city)
        if number % 2 and can_write:
            write_note(small_city, worked)
        told = finish_pending(small_city)
        workspace.close_workspace(small_city.workspace_url)
        if newer and _is_ahead(small_city):
            done = interrupted(small_city, 0, archive)
            assert done.returncode == 0, done.stderr
        assert later in somewhere(small_city)
        if number % 2 and can_write:
            assert worked in somewhere(small_city)
            if "nicht zu Ende geführt" in told:
                assert worked in labels(small_city)
        assert not is_pending(small_city)
        restored, present = clicks(small_city) == 15, later not in labels(small_city)
        assert restored == present, "snapshots and workspace are of one state"
    assert begun


def _is_ahead(settings: Settings) -> bool:
    file = settings.data_dir / "workspace.db"
    if not file.is_file() or not file.stat().st_size:
        return False
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]
