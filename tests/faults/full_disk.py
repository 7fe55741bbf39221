"""Runs in a mount namespace of its own: a small tmpfs is filled to the brim, then made read-only, while the city works.

Prints what happened, a line a step; the test reads it.
"""

import subprocess
import sys
from pathlib import Path

from portalkompass.settings import Settings
from portalkompass.workspace import WorkspaceError, close_workspace
from tests import conftest
from tests.operations.conftest import clicks, filled, labels, rows, write_note

ROOM = Path(sys.argv[1])
FILE = ROOM.parent / "portal.csv"
IMPORT = ("etl", "import", str(FILE), "--site", "https://portal.stadt.example/")
BACKUP = ("portalkompass", "backup", str(ROOM / "archive.zip"))


def say(line):
    sys.stdout.write(line + "\n")


def command(*arguments):
    done = conftest.command(ROOM / "data", *arguments)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def refused(*arguments):
    """The command leaves with 1 and one sentence, and nothing has changed."""
    before = clicks(CITY), rows(CITY)
    done = command(*arguments)
    assert done.returncode == 1, (arguments, done.stdout, done.stderr)
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert (clicks(CITY), rows(CITY)) == before
    say(f"{arguments[1]} refused: {done.stderr.strip()}")


def note_refused(label):
    try:
        for number in range(400):
            write_note(CITY, f"{label} {number} " + "x" * 60)
            CONFIRMED.add(f"{label} {number} " + "x" * 60)
    except WorkspaceError as fault:
        say(f"note refused: {fault}")
        return
    raise AssertionError("the full disk took every note")


def mount(options):
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(ROOM)], check=True)


if __name__ == "__main__":  # a fork that runs a command imports this file under another name
    mount("size=64m,mode=0777")
    FILE.write_text(
        "period;url;title;visits\n2025-11;https://portal.stadt.example/leistung/x;X;7\n", encoding="utf-8"
    )
    CITY = filled(Settings(data_dir=ROOM / "data", writer_wait_seconds=0))
    CONFIRMED = labels(CITY)
    for left in (0, 50_000, 400_000):
        ballast = ROOM / "ballast"
        try:
            with ballast.open("wb") as out:
                while True:
                    out.write(b"\0" * 65_536)
                    out.flush()
        except OSError:
            pass
        with ballast.open("rb+") as out:
            out.truncate(max(ballast.stat().st_size - left, 0))
        refused(*IMPORT)
        refused(*BACKUP)
        assert not (ROOM / "archive.zip").exists()
        note_refused(f"voll {left}")
        assert labels(CITY) >= CONFIRMED
        ballast.unlink()
    write_note(CITY, "wieder Platz")
    CONFIRMED.add("wieder Platz")
    close_workspace(CITY.workspace_url)
    subprocess.run(["mount", "-o", "remount,ro", str(ROOM)], check=True)
    for arguments in (IMPORT, BACKUP):
        done = command(*arguments)
        assert done.returncode == 1, (arguments, done.stdout, done.stderr)
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr
        say(f"{arguments[1]} on a read-only disk: {done.stderr.strip()}")
    subprocess.run(["mount", "-o", "remount,rw", str(ROOM)], check=True)
    assert labels(CITY) == CONFIRMED
    assert clicks(CITY) == 15
    assert command(*IMPORT).returncode == 0
    assert command(*BACKUP).returncode == 0
    say("NOTHING LOST")
