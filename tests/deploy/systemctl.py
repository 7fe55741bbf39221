"""Stands in for systemd where none runs: starts and stops what the units say, under their user and environment.

Hardening is left to systemd (tests/deploy/test_systemd.py); timers are only looked up. Processes are kept in a folder.
"""

import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

UNITS = Path("/etc/systemd/system")
RUNNING = Path("/run/systemctl")


def values(unit, key):
    lines = (UNITS / unit).read_text(encoding="utf-8").splitlines()
    return [line.partition("=")[2] for line in lines if line.startswith(f"{key}=")]


def start(unit):
    if unit.endswith(".timer"):
        assert values(unit, "OnCalendar"), unit
        assert (UNITS / unit.replace(".timer", ".service")).is_file(), unit
        return
    environment = {"PATH": "/usr/bin:/bin", "HOME": "/var/lib/portalkompass"}
    for file in values(unit, "EnvironmentFile"):
        for line in Path(file.lstrip("-")).read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition("=")
            environment[name] = value
    (user,) = values(unit, "User")
    (command,) = values(unit, "ExecStart")
    (folder,) = values(unit, "WorkingDirectory")
    os.umask(0o077)
    with Path(f"/run/{unit}.log").open("ab") as log:
        started = subprocess.Popen(
            ["/usr/sbin/runuser", "-u", user, "--", *shlex.split(command)],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    (RUNNING / unit).write_text(str(started.pid), encoding="utf-8")


def stop(unit):
    kept = RUNNING / unit
    if not kept.exists():
        return
    group = int(kept.read_text(encoding="utf-8"))
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(group, number)
        except ProcessLookupError:
            break
        time.sleep(1.0)
    kept.unlink()


def main():
    RUNNING.mkdir(parents=True, exist_ok=True)
    action, *units = [one for one in sys.argv[1:] if not one.startswith("--")]
    for unit in units:
        name = unit if "." in unit else f"{unit}.service"
        if action in ("restart", "disable", "stop"):
            stop(name)
        if action in ("restart", "enable", "start"):
            start(name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
