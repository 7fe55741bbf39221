"""Find nginx and systemd-analyze for the tests of deploy/ or install them; never let them be skipped silently.

As root on Debian or Ubuntu the distribution's packages are taken.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from debian import install, may_install

PROGRAMS = {"nginx": "nginx-light", "systemd-analyze": "systemd"}
SEARCHED = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])


def missing() -> dict[str, str]:
    """Programs that are not there, with the package of each."""
    return {name: package for name, package in PROGRAMS.items() if not shutil.which(name, path=SEARCHED)}


def main() -> int:
    """0 if the programs are there in the end."""
    try:
        if missing() and may_install():
            install(*sorted(missing().values()))
    except (OSError, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"Installing the server programs failed: {error}\n")
    for name, package in missing().items():
        sys.stderr.write(f"The tests of deploy/ need {name}: install the package '{package}'.\n")
    return 1 if missing() else 0


if __name__ == "__main__":
    sys.exit(main())
