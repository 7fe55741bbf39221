"""The shipped units: accepted by systemd itself, hardened, and starting commands that exist."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from portalkompass.settings import ROOT
from tests.conftest import command

UNITS = sorted((ROOT / "deploy" / "systemd").glob("portalkompass*"))
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
ANALYZE = shutil.which("systemd-analyze")


def test_systemd_accepts_every_unit_and_calendar(tmp_path: Path) -> None:
    """Only the place of the program is exchanged: it is not installed where the tests run."""
    if ANALYZE is None:
        pytest.fail("Kein systemd-analyze gefunden (tools/ensure_server_programs.py).", pytrace=False)
    copies = []
    for unit in UNITS:
        copies.append(tmp_path / unit.name)
        text = unit.read_text(encoding="utf-8").replace("/opt/portalkompass/.venv/bin/python", "/bin/true")
        copies[-1].write_text(text, encoding="utf-8")
    done = subprocess.run(
        [ANALYZE, "verify", "--man=no", *copies], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stderr.splitlines() if "portalkompass" in line] == []
    for unit in UNITS:
        for when in re.findall(r"^OnCalendar=(.+)$", unit.read_text(encoding="utf-8"), re.MULTILINE):
            subprocess.run([ANALYZE, "calendar", when], check=True, capture_output=True)


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_every_service_is_hardened_and_runs_as_its_own_user(unit: Path) -> None:
    text = unit.read_text(encoding="utf-8")
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.read_string(text)
    service = parser["Service"]
    assert service["User"] == "portalkompass"
    for name in ("NoNewPrivileges", "PrivateTmp", "ProtectHome", "RestrictSUIDSGID", "LockPersonality"):
        assert service[name] == "yes", name
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""


def test_no_unit_hides_the_failure_of_a_command() -> None:
    for unit in SERVICES:
        for line in unit.read_text(encoding="utf-8").splitlines():
            if line.startswith("Exec"):
                assert line.partition("=")[2].startswith("/opt/portalkompass/"), f"{unit.name}: {line}"


def test_the_commands_of_the_units_exist(tmp_path: Path) -> None:
    started = {
        tuple(line.split("python -m ")[1].split()[:2])
        for unit in SERVICES
        for line in unit.read_text(encoding="utf-8").splitlines()
        if line.startswith("ExecStart=")
    }
    ours = sorted(one for one in started if one[0] != "streamlit")
    assert ours == [
        ("etl", "run"),
        ("etl", "status"),
        ("etl", "verify"),
        ("portalkompass", "backup"),
        ("portalkompass", "digest"),
        ("portalkompass", "prepare"),
    ]
    for module, name in ours:
        assert command(tmp_path, module, name, "--help").returncode == 0
