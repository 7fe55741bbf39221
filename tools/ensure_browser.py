"""Find Chromium for the browser tests or install it; never let them be skipped silently.

As root on Debian or Ubuntu the distribution's package is taken, elsewhere Playwright's own download.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from debian import install, may_install

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_browser() -> Path | None:
    """A Chromium on the path that starts, else Playwright's own one, else None.

    Ubuntu's package is a script that only points to the snap: it is there and does not start.
    """
    for name in NAMES:
        if (found := shutil.which(name)) and _starts(found):
            return Path(found)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return own if own.is_file() else None


def _starts(program: str) -> bool:
    try:
        asked = subprocess.run([program, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0


def install_browser() -> None:
    """Install Chromium the way this machine allows; raises CalledProcessError if that fails."""
    root = may_install()
    if root:
        install("chromium")
    if not root or find_browser() is None:
        # As root Playwright also fetches the libraries that its Chromium needs.
        extras = ["--with-deps"] if root else []
        subprocess.run([sys.executable, "-m", "playwright", "install", *extras, "chromium"], check=True)


def main() -> int:
    """0 if a browser is there in the end."""
    try:
        if find_browser() is None:
            install_browser()
        browser = find_browser()
    except (OSError, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"Installing Chromium failed: {error}\n")
        browser = None
    if browser is None:
        sys.stderr.write(
            "The browser tests need Chromium: install the package 'chromium' or run "
            "'python -m playwright install chromium'.\n"
        )
        return 1
    sys.stdout.write(f"Browser: {browser}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
