"""A disk that is really full, and one that has become read-only (a small tmpfs in a mount namespace)."""

import os
import subprocess
import sys

import pytest

from portalkompass.settings import ROOT


@pytest.mark.timeout(600)
def test_a_full_and_a_read_only_disk_lose_nothing_and_are_said_in_a_sentence(tmp_path):
    room = tmp_path / "room"
    room.mkdir()
    alone = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    done = subprocess.run(
        [*alone, sys.executable, "-m", "tests.faults.full_disk", str(room)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=550,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    assert "NOTHING LOST" in done.stdout
    assert done.stdout.count("refused:") == 9
