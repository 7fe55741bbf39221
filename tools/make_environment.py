"""Make the virtual environment, with pip in it; where that cannot be, say in one sentence what is missing.

Only the standard library, and no syntax that an older Python would stumble over: it has to read this sentence.
As root on Debian or Ubuntu, whose Python comes without ensurepip, the distribution's package is taken.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys

from debian import install, may_install

OLDEST = (3, 11)


def can_make() -> bool:
    """Whether this Python can put pip into an environment."""
    return all(importlib.util.find_spec(name) is not None for name in ("venv", "ensurepip"))


def package() -> str:
    """Debian's package for this very Python."""
    return f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"


def main(folder: str) -> int:
    """0 if the environment is there in the end."""
    if tuple(sys.version_info[:2]) < OLDEST:
        found = ".".join(str(part) for part in sys.version_info[:3])
        sys.stderr.write(
            f"Portalkompass needs Python 3.11 or newer; this is {found}. Name a newer one: make PYTHON=python3.12 …\n"
        )
        return 1
    try:
        if not can_make() and may_install():
            install(package())
            importlib.invalidate_caches()
    except (OSError, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"Installing {package()} failed: {error}\n")
    if not can_make():
        sys.stderr.write(
            f"This Python cannot make virtual environments: install the package '{package()}' (Debian, Ubuntu) "
            "or take a Python from python.org.\n"
        )
        return 1
    return subprocess.run([sys.executable, "-m", "venv", folder], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
