"""Find PostgreSQL's server programs for the workspace tests or install them; never let them be skipped silently.

As root on Debian or Ubuntu the distribution's package is taken. The tests start a server of their own.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from debian import install, may_install

INSTALLED = Path("/usr/lib/postgresql")


def find_programs() -> Path | None:
    """The folder of initdb and postgres: on the path, else Debian's newest version, else None."""
    on_path = shutil.which("initdb")
    if on_path and shutil.which("postgres"):
        return Path(on_path).resolve().parent
    found = [one.parent for one in INSTALLED.glob("*/bin/initdb")]
    return max(found, key=lambda folder: int(folder.parent.name), default=None)


def main() -> int:
    """0 if the programs are there in the end."""
    try:
        if find_programs() is None and may_install():
            install("postgresql")
    except (OSError, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"Installing PostgreSQL failed: {error}\n")
    folder = find_programs()
    if folder is None:
        sys.stderr.write("The workspace tests need PostgreSQL's server: install the package 'postgresql'.\n")
        return 1
    sys.stdout.write(f"PostgreSQL: {folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
