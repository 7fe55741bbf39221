"""Find Java 17 for the Spark tests or install it; never let them be skipped silently.

As root on Debian or Ubuntu the distribution's package is taken.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from debian import install, may_install

OLDEST = 17
PACKAGE = "openjdk-17-jre-headless"


def find_java() -> str | None:
    """The ``java`` that Spark would start (JAVA_HOME, then the path) if it is new enough; None otherwise."""
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")
    if found is None:
        return None
    said = subprocess.run([found, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', said)
    return found if version and int(version.group(1)) >= OLDEST else None


def main() -> int:
    """0 if Java is there in the end."""
    try:
        if find_java() is None and may_install():
            # dpkg of a slim image fails without the folder that the package's manual pages would lie in.
            Path("/usr/share/man/man1").mkdir(parents=True, exist_ok=True)
            install(PACKAGE)
    except (OSError, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"Installing Java failed: {error}\n")
    found = find_java()
    if found is None:
        sys.stderr.write(f"The Spark tests need Java {OLDEST} or newer: install the package '{PACKAGE}'.\n")
        return 1
    sys.stdout.write(f"Java: {found}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
