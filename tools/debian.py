"""Debian's and Ubuntu's packages for what the tests need: taken where that is allowed, never asked for a password.

Only the standard library, and no syntax that an older Python would stumble over: `make_environment` needs it first.
"""

from __future__ import annotations

import os
import shutil
import subprocess


def may_install() -> bool:
    """Whether this is root on a machine with apt."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(*packages: str) -> None:
    """Install the packages; raises CalledProcessError or OSError if that fails."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=True, env=quiet)
    subprocess.run(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
        check=True,
        env=quiet,
        stdout=subprocess.DEVNULL,
    )
