"""Where a command writes: what lay there stays until the new file is whole."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from portalkompass.commands.opening import write
from tests.children import python

WRITE = """
import resource, signal, sys
from pathlib import Path
from portalkompass.commands.opening import NoData, write
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write(b"neu" * 1000, Path(sys.argv[1]))
except NoData as fault:
    sys.exit(str(fault))
"""


def written_on_a_full_disk(target: Path) -> subprocess.CompletedProcess[str]:
    return python(["-c", WRITE, str(target)], os.environ)


def test_a_full_disk_leaves_the_edited_deck_as_it_was_and_says_why(tmp_path: Path) -> None:
    deck = tmp_path / "bericht.pptx"
    deck.write_bytes(b"eigene Worte" * 100)
    done = written_on_a_full_disk(deck)
    assert (done.returncode, done.stderr) == (
        1,
        f"{deck} lässt sich nicht schreiben: die Datei würde zu groß.\n",
    )
    assert deck.read_bytes() == b"eigene Worte" * 100
    assert list(tmp_path.iterdir()) == [deck]


def test_a_file_beyond_a_link_is_replaced_and_keeps_its_rights(tmp_path: Path) -> None:
    deck, link = tmp_path / "bericht.pptx", tmp_path / "heute.pptx"
    deck.write_bytes(b"alt")
    deck.chmod(0o600)
    link.symlink_to(deck)
    write(b"neu", link)
    assert link.is_symlink()
    assert (deck.read_bytes(), deck.stat().st_mode & 0o777) == (b"neu", 0o600)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
def test_a_device_is_written_to_and_never_replaced() -> None:
    done = written_on_a_full_disk(Path("/dev/full"))
    assert done.stderr == "/dev/full lässt sich nicht schreiben: der Datenträger ist voll.\n"
