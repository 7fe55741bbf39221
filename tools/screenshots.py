"""Take the pictures in ``docs/screenshots`` again: ``python tools/screenshots.py [FOLDER] [WIDTH]``.

Builds sample data in a temporary folder, starts the app on a free port of this machine and opens every
screen in Chromium. Nothing of a configured app is touched.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import sync_playwright  # noqa: E402

from portalkompass.screens import SCREENS  # noqa: E402
from tests.browser import conftest as browser  # noqa: E402
from tests.conftest import command  # noqa: E402

HEIGHT = 1400
REPORT = "bericht"
"""Of this screen a second picture shows the template's layouts, which stand there when they are asked for."""
SETTLE_MILLISECONDS = 1500
"""Charts and fonts are drawn after the script has finished."""


def main(folder: Path, width: int) -> None:
    """One picture a screen, as a reader sees it first."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        built = command(Path(data), "etl", "demo")
        if built.returncode:
            raise SystemExit(built.stderr)
        serving = browser._serve(Path(data), Path(data) / "server.log")
        server = next(serving)
        chromium = playwright.chromium.launch(
            executable_path=browser.installed_browser(), args=list(browser.FLAGS)
        )
        page = chromium.new_page(viewport={"width": width, "height": HEIGHT}, locale="de-DE")
        for screen in SCREENS:
            page.goto(f"{server.address}/{screen.slug}")
            browser.finished(page)
            page.wait_for_timeout(SETTLE_MILLISECONDS)
            page.screenshot(path=folder / f"{screen.slug}.png")
            if screen.slug == REPORT:
                page.get_by_role("button", name="Vorlage prüfen").click()
                browser.finished(page)
                page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, main.scrollHeight)")
                page.wait_for_timeout(SETTLE_MILLISECONDS)
                page.screenshot(path=folder / "vorlage-pruefen.png")
        chromium.close()
        next(serving, None)


if __name__ == "__main__":
    into, wide = (*sys.argv[1:], *("docs/screenshots", "1280")[len(sys.argv) - 1 :])
    main(ROOT / into, int(wide))
