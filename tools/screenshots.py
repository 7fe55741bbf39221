"""Take the pictures in ``docs/screenshots`` again: ``python tools/screenshots.py [FOLDER] [WIDTH]``.

Builds sample data in a temporary folder, starts the app on a free port of this machine and opens every
screen in Chromium, then what the projector shows of an invented workshop. Nothing of a configured app is touched.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from urllib.parse import urlencode  # noqa: E402

from playwright.sync_api import Browser, sync_playwright  # noqa: E402

from portalkompass.screens import SCREENS  # noqa: E402
from portalkompass.settings import load_settings  # noqa: E402
from portalkompass.ui import url_state  # noqa: E402
from portalkompass.ui.workshop.workshop import DARK, ON_STAGE  # noqa: E402
from tests.browser import conftest as browser  # noqa: E402
from tests.conftest import command  # noqa: E402
from tools import sample_workshop  # noqa: E402

HEIGHT = 1400
REPORT = "bericht"
"""Of this screen a second picture shows the template's layouts, which stand there when they are asked for."""
SETTLE_MILLISECONDS = 1500
"""Charts and fonts are drawn after the script has finished."""
PROJECTOR = (1920, 1080)
ALSO_DARK = ("einschaetzung", "stimmen", "rangfolge")
"""Views of the projector that are taken in dark, too."""


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
        page.close()
        settings = load_settings().model_copy(update={"data_dir": Path(data)}).as_demo()
        sample_workshop.hold(settings)
        projector(chromium, server.address, folder)
        chromium.close()
        next(serving, None)


def projector(chromium: Browser, address: str, folder: Path) -> None:
    """One picture a view of the projector, some of them in dark as well."""
    width, height = PROJECTOR
    page = chromium.new_page(viewport={"width": width, "height": height}, locale="de-DE")
    for view, dark in [*((view, "") for view in ON_STAGE), *((view, "true") for view in ALSO_DARK)]:
        asked = {"ansicht": view, "szenario": sample_workshop.NAME, url_state.STAGE: "true", DARK: dark}
        page.goto(f"{address}/priorisierung?{urlencode(asked)}")
        browser.finished(page)
        page.wait_for_timeout(SETTLE_MILLISECONDS)
        page.screenshot(path=folder / f"beamer-{view}{'-dunkel' if dark else ''}.png")
    page.close()


if __name__ == "__main__":
    into, wide = (*sys.argv[1:], *("docs/screenshots", "1280")[len(sys.argv) - 1 :])
    main(ROOT / into, int(wide))
