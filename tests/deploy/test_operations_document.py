"""docs/operations.md followed word by word: every shell block, in order, as root, and nothing of it is left.

/etc, /opt, /var and /usr/local are written over in a mount namespace of its own, so the account, the program and the
data are gone afterwards. Two things stand in: systemd (tests/deploy/systemctl.py), and the package index, because the
packages are lent from the environment that runs the tests, so that ``pip install`` finds them in place.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import sysconfig
import tarfile
from pathlib import Path

import pytest

from portalkompass.settings import ROOT
from tests.test_house import tracked

WHOLE = os.environ.get("OPERATIONS_DOCUMENT", "") == "whole"
"""With a release that does not start and an update without internet, which take as long as all the rest.

Every run has them with small stand-ins for the two releases (update_world.py); ``make faults`` has them of the program.
"""
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
FRESH = """
set -eu
trap 'test $? = 0 || tail -n 40 /run/portalkompass*.log' EXIT
mount -t tmpfs tmpfs {room}
for name in etc opt var usr/local root run; do
    mkdir -p {room}/$name/upper {room}/$name/work
    layers="lowerdir=/$name,upperdir={room}/$name/upper,workdir={room}/$name/work"
    mount -t overlay overlay -o "$layers" /$name
done
chmod a+x /root
printf '#!/bin/sh\\nexec {python} {systemctl} "$@"\\n' > /usr/local/bin/systemctl
chmod 755 /usr/local/bin/systemctl
export PATH={programs}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PIP_NO_INDEX=1 PIP_DISABLE_PIP_VERSION_CHECK=1
cd {folder}
"""
LEND = 'echo {packages} > "$(echo /opt/portalkompass/.venv/lib/python3*/site-packages)/lent.pth"'
(OFFLINE,) = re.findall(r"`(/opt/\S+ -m pip install --no-index [^`]+)`", OPERATIONS)
"""What is typed instead of the line with ``pip install`` where there is no internet."""
WAIT = "for i in $(seq 150); do curl --silent --fail http://127.0.0.1:8501/_stcore/health && break; sleep 0.2; done"


def blocks() -> dict[str, list[str]]:
    """Commands of the shell blocks by heading, in the order of the document."""
    found: dict[str, list[str]] = {}
    for part in re.split(r"^## ", OPERATIONS, flags=re.MULTILINE)[1:]:
        heading = part.partition("\n")[0]
        for block in re.findall(r"^ *```sh\n(.*?)^ *```", part, re.MULTILINE | re.DOTALL):
            found.setdefault(heading, []).extend(line.strip() for line in block.splitlines() if line.strip())
    return found


def script(folder: Path) -> str:
    """The whole life of an installation in one shell script: set up, log in, use, update, back up, restore, remove."""
    room, python = folder / "room", Path(sys.executable).resolve()
    room.mkdir()
    packages = shlex.quote(sysconfig.get_paths()["purelib"])
    lines = [
        FRESH.format(
            room=room,
            folder=folder,
            python=python,
            programs=python.parent,
            systemctl=ROOT / "tests" / "deploy" / "systemctl.py",
        )
    ]
    steps = blocks()
    order = (
        "Einrichten",
        "Anmeldung einrichten",
        "Sichern",
        "Aktualisieren",
        "Zurückspielen",
        "Löschfristen",
        "Entfernen",
    )
    assert set(order) == set(steps), "every block of the document is followed"
    for heading in order:
        lines.append(f"echo '== {heading}'")
        for command in steps[heading]:
            if command.startswith("curl --fail"):
                lines.append(WAIT)
            lines.append(f"echo {shlex.quote('$ ' + command)}")
            lines.append(command.replace("DATEI", '"$(ls /var/backups/portalkompass/*.zip | head -1)"'))
            if command.startswith("python3 -m venv"):
                lines.append(LEND.format(packages=packages))
        lines.extend(CHECKS.get(heading, ()))
    return "\n".join(lines) + "\n"


SAMPLE = "/var/lib/portalkompass/probe.csv"
FAILING = (
    # Without internet: from a folder of packages alone.
    "mv pakete 'Pakete vom Stick' && pk update portalkompass.tar 'Pakete vom Stick'",
    "test -d /opt/portalkompass.alt && test -f $(cat /opt/portalkompass.alt/.sicherung)",
    # A release that does not start: the one before runs again, and nothing of its data has changed.
    "echo 'raise SystemExit(1)' > broken/app.py",
    "tar -cf broken.tar -C broken .",
    "if pk update broken.tar; then exit 1; fi",
    WAIT,
    "! grep -q SystemExit /opt/portalkompass/app.py",
    "pk etl status --json | grep -q portal.stadt.example",
)
CHECKS = {
    "Einrichten": (
        f"mkdir pakete && {OFFLINE}",
        f"printf 'period;url;title;visits\\n2025-11;https://portal.stadt.example/leistung/x;X;7\\n' > {SAMPLE}",
        f"chown portalkompass {SAMPLE}",
        f"pk etl import {SAMPLE} --site https://portal.stadt.example/",
        "test $(stat -c %U:%a /var/lib/portalkompass) = portalkompass:700",
        "test $(stat -c %U /var/lib/portalkompass/warehouse/*.duckdb) = portalkompass",
        "pk etl verify",
    ),
    "Anmeldung einrichten": (
        "test $(stat -c %U:%G:%a /etc/portalkompass/cookie.txt) = root:portalkompass:440",
        "runuser -u portalkompass -- test -r /etc/portalkompass/cookie.txt",
        "test $(wc -c < /etc/portalkompass/cookie.txt) -ge 32",
    ),
    "Sichern": ("test $(ls /var/backups/portalkompass/*.zip | wc -l) -ge 1",),
    "Aktualisieren": (
        WAIT,
        "pk etl status --json | grep -q portal.stadt.example",
        "mkdir broken && tar -xf portalkompass.tar -C broken",
        *(FAILING if WHOLE else ()),
        # One that cannot even be installed changes nothing.
        "echo 'gibtesnicht==1.0' > broken/requirements.txt && tar -cf broken.tar -C broken .",
        "if pk update broken.tar; then exit 1; fi",
        WAIT,
        "test ! -e /opt/portalkompass.neu/app.py",
    ),
    "Zurückspielen": ("pk etl verify", "pk etl status --json | grep -q portal.stadt.example"),
    "Entfernen": (
        "! id portalkompass 2>/dev/null",
        "test ! -e /opt/portalkompass/app.py",
        "test ! -e /var/lib/portalkompass",
        "! ls /etc/systemd/system/portalkompass* 2>/dev/null",
        "test $(ls /var/backups/portalkompass/*.zip | wc -l) -ge 1",
        "! curl --silent --fail http://127.0.0.1:8501/_stcore/health",
        "echo ALLES GETAN",
    ),
}


@pytest.mark.timeout(1800)
def test_the_document_can_be_followed_word_by_word(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.fail("Dieser Test richtet ein Konto ein und braucht root (z. B. im Container).", pytrace=False)
    with tarfile.open(tmp_path / "portalkompass.tar", "w") as archive:
        for path in tracked(
            "app.py",
            "portalkompass",
            "etl",
            "pages",
            "data",
            "deploy",
            "docs/*.md",
            ".streamlit",
            "*.toml",
            "*.txt",
        ):
            archive.add(path, path.relative_to(ROOT), filter=_of_root)
    tmp_path.chmod(0o755)
    (tmp_path / "follow.sh").write_text(script(tmp_path), encoding="utf-8")
    done = subprocess.run(
        ["unshare", "--mount", "--pid", "--fork", "--mount-proc", "--net", "sh", "-c",
         f"ip link set lo up 2>/dev/null || true; exec sh {tmp_path}/follow.sh"],
        capture_output=True, text=True, check=False, timeout=1700,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "ALLES GETAN" in done.stdout


def _of_root(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    member.mode |= 0o044 if member.isfile() else 0o055
    return member
