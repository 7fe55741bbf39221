"""An update or way back that a power cut ends at any step: the next call finishes it or takes it back, nothing is lost.

The scripts are the shipped ones, in mounts of their own; the releases are small stand-ins (update_world.py). That they
update the real program is test_operations_document.py. The long version (200 draws) is `make faults`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portalkompass.settings import ROOT

DRAWS = int(os.environ.get("UPDATE_INTERRUPTIONS", "6"))
ROOM = """
set -eu
mount -t tmpfs tmpfs {room}
for name in etc opt var usr/local run; do
    mkdir -p {room}/$name/upper {room}/$name/work
    mount -t overlay overlay -o "lowerdir=/$name,upperdir={room}/$name/upper,workdir={room}/$name/work" /$name
done
exec {python} -m tests.deploy.update_world {folder} {draws}
"""


@pytest.mark.timeout(max(300, DRAWS * 20))
def test_an_update_that_ends_at_any_step_is_finished_or_taken_back(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.fail(
            "Dieser Test tauscht das Programm aus und braucht root (z. B. im Container).", pytrace=False
        )
    for name in ("room", "world"):
        (tmp_path / name).mkdir()
    script = ROOM.format(
        room=tmp_path / "room", folder=tmp_path / "world", python=sys.executable, draws=DRAWS
    )
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=max(280, DRAWS * 18),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert done.stdout.count("ended before step") == DRAWS
    assert done.stdout.endswith("ALLES GETAN\n")
