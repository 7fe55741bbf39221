"""Part `scale-browser`: from the click to the settled page in Chromium, ours against plain Streamlit."""

from __future__ import annotations

import time
from statistics import median
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from benchmarks.part import Bars, Goal, Part, Result
from benchmarks.scale import serving
from benchmarks.scale.data import data_folders
from benchmarks.scale.shape import Shape, said, shape_of
from etl.demo.scale.sizes import Scale
from tests.browser.conftest import FLAGS, installed_browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

SCREENS = ("ueberblick", "rankings", "seiten")
SWITCH_LIMIT = 1.25
_SETTLED = """
() => new Promise(resolve => {
  let last = performance.now();
  const seen = new MutationObserver(() => { last = performance.now(); });
  seen.observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true});
  const look = () => {
    const app = document.querySelector("[data-testid=stApp]");
    const done = app && app.dataset.testScriptState === "notRunning" && document.querySelector("h1");
    if (done && performance.now() - last > 400) { seen.disconnect(); resolve(performance.timeOrigin + last); }
    else setTimeout(look, 20);
  };
  setTimeout(look, 60);
})
"""
"""Epoch ms of the last change of the page before it has stood still for 0.4 s with no script running."""


def run(runs: int) -> Result:
    """Switches in turn, so that a busy machine slows both sides; first visits and reloads of the first screen."""
    with (
        data_folders() as folders,
        serving.ours(folders[Scale.LARGE]) as own,
        sync_playwright() as playwright,
    ):
        chromium = opened(playwright)
        shapes = {slug: shape_at(chromium, f"{own.address}/{slug}") for slug in SCREENS}
        with serving.plain(shapes) as other:
            pairs = [_switches(chromium, own.address, other.address) for _ in range(runs)]
            loads = [
                [_visits(chromium, f"{address}/{SCREENS[0]}") for address in (own.address, other.address)]
                for _ in range(runs)
            ]
        chromium.close()
    ratios = {slug: median(pair[0][slug] / pair[1][slug] for pair in pairs) for slug in SCREENS}
    rows = [
        (f"switch to {slug} ({said(shapes[slug])})", f"{ratios[slug]:.2f}×",
         *(f"{median(pair[side][slug] for pair in pairs):.0f} ms" for side in (0, 1)))
        for slug in SCREENS
    ]  # fmt: skip
    for place, name in enumerate((f"first visit of {SCREENS[0]}", "reload")):
        own_ms, plain_ms = (median(load[side][place] for load in loads) for side in (0, 1))
        rows.append((name, f"{own_ms / plain_ms:.2f}×", f"{own_ms:.0f} ms", f"{plain_ms:.0f} ms"))
    worst = max(ratios, key=lambda slug: ratios[slug])
    return Result(
        method=(
            "Chromium, 24 million rows, answers in the cache. From the click on the navigation to the last change of "
            "the page before it stands still; the plain page has the same widgets (as many charts of the same height, "
            "tables with as many rows and columns, and elements of every other kind, counted on our page), of fixed "
            "figures, and is measured in the same run, in turn; ratios are medians of the pairs.",
        ),
        columns=("", "ratio", "ours", "plain"),
        rows=tuple(rows),
        goals=(
            Goal(
                f"page switch at most {SWITCH_LIMIT}× the plain page",
                f"worst: {worst}, {ratios[worst]:.2f}×",
                ratios[worst] <= SWITCH_LIMIT,
            ),
        ),
        bars=Bars(
            "Page switch: times the plain page",
            tuple((f"switch to {slug}", ratio) for slug, ratio in ratios.items()),
            SWITCH_LIMIT,
        ),
    )


def opened(playwright: Playwright) -> Browser:
    """Chromium as the browser tests use it."""
    path = installed_browser() or playwright.chromium.executable_path
    return playwright.chromium.launch(executable_path=path, args=list(FLAGS))


def shape_at(chromium: Browser, address: str) -> Shape:
    """What stands on a screen of ours."""
    page = chromium.new_page(locale="de-DE")
    page.goto(address)
    page.evaluate(_SETTLED)
    found = shape_of(page)
    page.close()
    return found


def _switches(chromium: Browser, *addresses: str) -> list[dict[str, float]]:
    """Milliseconds of the switch to every screen, for each address; every screen was shown once before."""
    pages = [chromium.new_page(locale="de-DE") for _ in addresses]
    found: list[dict[str, float]] = [{} for _ in addresses]
    for page, address in zip(pages, addresses, strict=True):
        page.goto(f"{address}/{SCREENS[0]}")
        page.evaluate(_SETTLED)
        for slug in (*SCREENS[1:], SCREENS[0]):
            _clicked(page, slug)
    for slug in (*SCREENS[1:], SCREENS[0]):
        for place, page in enumerate(pages):
            page.bring_to_front()
            found[place][slug] = _clicked(page, slug)
    for page in pages:
        page.close()
    return found


def _clicked(page: Page, slug: str) -> float:
    link = page.locator(f"a[href$='/{slug}'], a[href*='/{slug}?']").first
    link.wait_for(state="attached")
    begin = time.time() * 1000
    # Not by the mouse: Playwright would first wait until the page is calm, which is what is to be measured.
    link.evaluate("link => link.click()")
    return float(page.evaluate(_SETTLED)) - begin


def _visits(chromium: Browser, address: str) -> tuple[float, float]:
    """Milliseconds of a first visit with an empty cache, and of a reload."""
    context = chromium.new_context(locale="de-DE")
    page = context.new_page()
    begin = time.time() * 1000
    page.goto(address)
    first = float(page.evaluate(_SETTLED)) - begin
    begin = time.time() * 1000
    page.reload()
    again = float(page.evaluate(_SETTLED)) - begin
    context.close()
    return first, again


PART = Part("scale-browser", "At scale: in the browser", run, packages=("streamlit", "altair", "playwright"))
