"""Part `reading`: where the first chart or table of every view begins, and how quickly a chart answers the pointer."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from benchmarks.part import Goal, Part, Result
from benchmarks.scale import serving
from benchmarks.scale.browser import opened
from benchmarks.scale.data import environment
from portalkompass.screens import ADDRESSES
from portalkompass.settings import ROOT
from tests.browser.conftest import finished

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Page

LARGE, SMALL = (1440, 900), (390, 844)
HIGHEST, ANSWERED = 560, 50.0
"""Pixels from the top within which the first chart or table begins on a large window; milliseconds of a tooltip."""
STEPS = 39
"""Places of the pointer in one walk through a plot."""
FOUR_FILTERS = "geraet=MOBILE&art=leistungen&stadtname=ohne&anfrage-enthaelt=hund"
FURTHER = (
    "seiten?seite=https://portal.leverkusen.example/leistung/hundesteuer",
    "suchanfragen?anfrage=hundesteuer",
    f"seiten?{FOUR_FILTERS}",
    f"suchanfragen?{FOUR_FILTERS}",
)
HOVERED = (
    "rankings",
    "rankings?zeitraum=alles&raster=tage",
    "seiten?seite=https://portal.leverkusen.example/leistung/hundesteuer",
)
_FIRST = """() => {
    const main = document.querySelector('[data-testid=stMain]')
    main.scrollTo(0, 0)
    const shown = "[class*=st-key-exhibit] [data-testid=stVegaLiteChart], [data-testid=stDataFrame]"
    const first = [...document.querySelectorAll(shown)].find(one => one.checkVisibility())
    return first ? Math.round(first.getBoundingClientRect().y) : null
}"""
_WATCH = """() => {
    window.answers = []
    let moved = null
    const chart = document.querySelector('[class*=st-key-exhibit] [data-testid=stVegaLiteChart]')
    chart.addEventListener('pointermove', event => { moved ??= event.timeStamp }, true)
    const seen = new MutationObserver(changes => {
        const tip = changes.some(one => (one.target.closest ?? (() => null)).call(one.target, '#vg-tooltip-element'))
        if (!tip || moved === null) return
        const begun = moved
        moved = null
        requestAnimationFrame(() => setTimeout(() => window.answers.push(performance.now() - begun)))
    })
    seen.observe(document.body, {subtree: true, childList: true, characterData: true, attributes: true})
}"""
"""Notes the milliseconds from a move of the pointer to the frame in which the tooltip has changed."""
_PLOT = """() => {
    const chart = document.querySelector('[class*=st-key-exhibit] [data-testid=stVegaLiteChart]')
    chart.scrollIntoView({block: 'center'})
    const box = chart.querySelector('.mark-group.role-frame.root > g > path.background').getBoundingClientRect()
    return [box.x, box.y, box.width, box.height]
}"""


def run(runs: int) -> Result:
    """Every view at two sizes of the window, then the pointer over charts of every kind of trend."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        subprocess.run(
            [sys.executable, "-m", "etl", "demo"],
            cwd=ROOT,
            check=True,
            stdout=subprocess.DEVNULL,
            env=environment(Path(folder)),
        )
        with serving.ours(Path(folder)) as server:
            chromium = opened(playwright)
            places = {size: _places(chromium, server.address, size) for size in (LARGE, SMALL)}
            hovers = {address: _hovers(chromium, f"{server.address}/{address}", runs) for address in HOVERED}
            chromium.close()
    lowest = max((place, address) for address, place in places[LARGE].items() if place is not None)
    middle = {address: median(found) for address, (found, _) in hovers.items()}
    slowest = max(middle, key=lambda address: middle[address])
    return Result(
        method=(
            "Chromium, sample data. Pixels from the upper edge of the window to the first chart or table of every "
            f"view that has one, in windows of {_size(LARGE)} and {_size(SMALL)}; then milliseconds from a move of the "
            "pointer over a chart to the frame in which its tooltip has changed (wall time), and what the page spends "
            "on a move (processor time, which depends less on what else runs).",
        ),
        columns=("view", f"{_size(LARGE)} (px)", f"{_size(SMALL)} (px)"),
        rows=tuple(
            (f"`{address}`", *(_shown(places[size][address]) for size in (LARGE, SMALL)))
            for address in places[LARGE]
        ),
        goals=(
            Goal(
                f"first chart or table above {HIGHEST} px at {_size(LARGE)}",
                f"lowest: `{lowest[1]}`, {lowest[0]} px",
                lowest[0] < HIGHEST,
            ),
            Goal(
                f"a chart answers the pointer within {ANSWERED:.0f} ms (median)",
                f"slowest: `{slowest}`, {middle[slowest]:.0f} ms",
                middle[slowest] <= ANSWERED,
            ),
        ),
        notes=tuple(
            f"Tooltip of `{address}`: median {middle[address]:.0f} ms, slowest of {len(found)} moves "
            f"{max(found):.0f} ms; processor {spent:.0f} ms a move."
            for address, (found, spent) in hovers.items()
        ),
    )


def _size(size: tuple[int, int]) -> str:
    return f"{size[0]} × {size[1]}"


def _shown(place: int | None) -> str:
    return "–" if place is None else f"{place}"


def _places(chromium: Browser, address: str, size: tuple[int, int]) -> dict[str, int | None]:
    page = chromium.new_page(viewport={"width": size[0], "height": size[1]}, locale="de-DE")
    found: dict[str, int | None] = {}
    for view in (*ADDRESSES, *FURTHER):
        _open(page, f"{address}/{view}")
        found[view] = page.evaluate(_FIRST)
    page.close()
    return found


def _hovers(chromium: Browser, address: str, runs: int) -> tuple[list[float], float]:
    """Milliseconds of each move that changed the tooltip, the pointer walked through the plot ``runs`` times.

    Then the milliseconds of processor time that the page's own thread takes for a move.
    """
    page = chromium.new_page(viewport={"width": LARGE[0], "height": LARGE[1]}, locale="de-DE")
    _open(page, address)
    page.wait_for_timeout(1000)
    left, top, width, height = page.evaluate(_PLOT)
    page.mouse.move(left + 2, top + height / 2)
    page.wait_for_timeout(500)
    page.evaluate(_WATCH)
    inside = page.context.new_cdp_session(page)
    inside.send("Performance.enable", {"timeDomain": "threadTicks"})
    begun = _spent(inside)
    for _ in range(runs):
        for across in range(1, STEPS + 1):
            page.mouse.move(left + width * across / (STEPS + 1), top + height / 2)
            page.wait_for_timeout(80)
    spent = (_spent(inside) - begun) / (runs * STEPS) * 1000
    answers: list[float] = page.evaluate("window.answers")
    page.close()
    return answers, spent


def _spent(inside: CDPSession) -> float:
    """Seconds of processor time of the page's thread so far."""
    metrics = inside.send("Performance.getMetrics")["metrics"]
    return next(float(one["value"]) for one in metrics if one["name"] == "TaskDuration")


def _open(page: Page, address: str) -> None:
    page.goto(address)
    finished(page)
    page.wait_for_timeout(300)


PART = Part("reading", "Charts in the browser: place and tooltip", run, packages=("streamlit", "playwright"))
