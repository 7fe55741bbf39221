"""Part `slider`: what follows a moved weight on the screen Priorisierung, at the server and in the browser."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from playwright.sync_api import sync_playwright

from benchmarks.part import Goal, Part, Result
from benchmarks.scale import serving
from benchmarks.scale.browser import opened
from benchmarks.scale.data import environment
from portalkompass.prioritisation import load_criteria
from portalkompass.settings import ROOT, load_settings
from portalkompass.ui.shell import prewarm
from portalkompass.workspace import Scenario, open_workspace, save_scenario
from tests.browser.conftest import finished
from tests.soak.client import Screen, visitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SERVICES, CRITERIA = 189, 12
LIMIT = 150.0
"""Milliseconds from a moved slider to the server's whole answer."""
MOVES = 12
"""Of a slider, in each run to where it was not yet: an answer that is known already is no measure."""
STILL, IDLE, MOST_WAITED = prewarm.SETTLE_SECONDS + prewarm.LOOK_SECONDS + 5, 0.05, 20
"""Seconds in which a server at rest uses at most this share of a processor, and how often that is looked at: longer
than it waits after its start before it works anything out."""
STEPS = 10
"""Of a slider, from the middle to its end."""
SLIDER, SCENARIO = "gewicht-clicks", "groß"
CHART = ".st-key-exhibit-contributions [data-testid=stVegaLiteChart]"
_WATCH = """() => {
    window.drawn = []
    let pressed = null
    addEventListener("keydown", event => { pressed = event.timeStamp }, true)
    const inside = ".st-key-exhibit-contributions [data-testid=stVegaLiteChart]"
    const seen = new MutationObserver(changes => {
        const chart = changes.some(one => (one.target.closest ?? (() => null)).call(one.target, inside))
        if (!chart || pressed === null) return
        const begun = pressed
        pressed = null
        requestAnimationFrame(() => setTimeout(() => window.drawn.push(performance.now() - begun)))
    })
    seen.observe(document.body, {subtree: true, childList: true, attributes: true, attributeFilter: ["d", "transform"]})
}"""
"""Notes the milliseconds from a key to the frame in which the chart has changed."""


def run(runs: int) -> Result:
    """Sample data, and a scenario with as many services as a city may have: by the websocket, then in Chromium."""
    with _served() as server, sync_playwright() as playwright:
        _rest(server)
        chromium = opened(playwright)
        asked = {"sample data": "", f"{SERVICES} services": SCENARIO}
        answers = {name: _answers(server.address, scenario, runs) for name, scenario in asked.items()}
        drawn = {name: _drawn(chromium, server.address, scenario, runs) for name, scenario in asked.items()}
        chromium.close()
    whole = {name: [1000 * one.seconds for one in found] for name, found in answers.items()}
    return Result(
        method=(
            "A real server, the screen Priorisierung → Rangfolge open, one weight moved again and again to where it "
            f"was not yet: on sample data, and of a scenario with {SERVICES} services and {CRITERIA} criteria, a third "
            "of the values unknown; the server has finished what it does by itself after its start. At the server: "
            "from the message of the moved slider to the end of the answer, by a "
            "visitor without a browser, and what is sent. In Chromium: from the key on the slider to the frame in "
            "which the chart of points has changed; Streamlit itself waits there until a slider has stood still, "
            "before it tells the server.",
        ),
        columns=("milliseconds", "median", "lowest", "highest", "sent (kB)"),
        rows=(
            *((f"server, {name}", *_spread(whole[name]), f"{_sent(answers[name]):.0f}") for name in asked),
            *((f"browser, {name}", *_spread(drawn[name]), "") for name in asked),
        ),
        goals=tuple(
            Goal(
                f"a moved slider answers in at most {LIMIT:.0f} ms, {name}",
                f"{median(whole[name]):.0f} ms",
                median(whole[name]) <= LIMIT,
            )
            for name in asked
        ),
    )


@contextmanager
def _served() -> Iterator[serving.Server]:
    """Our app on sample data of its own, with the large scenario."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        given = environment(folder)
        command = [sys.executable, "-m", "etl", "demo"]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, env=os.environ | given)
        workspace = open_workspace(f"sqlite:///{(folder / 'demo' / 'workspace.db').as_posix()}")
        save_scenario(workspace, _large(), "benchmark")
        with serving.ours(folder) as server:
            yield server


def _rest(server: serving.Server) -> None:
    """Wait until it works nothing out ahead of the first visitor, which it does for a minute after its start."""
    for _ in range(MOST_WAITED):
        before = server.processor_seconds()
        time.sleep(STILL)
        if server.processor_seconds() - before < STILL * IDLE:
            return
    raise TimeoutError("the server does not come to rest")


def _answers(address: str, scenario: str, runs: int) -> list[Screen]:
    """What came back for each move but the first, which loads what is needed once."""
    with visitor(address) as person:
        person.ask("priorisierung", urllib.parse.urlencode({"szenario": scenario}))
        found = [person.move(SLIDER, place) for place in range(20, 20 + MOVES * runs)]
    assert not any(one.faults for one in found)
    assert all(one.first_chart for one in found), "the chart is part of the answer"
    return found[1:]


def _drawn(chromium: Browser, address: str, scenario: str, runs: int) -> list[float]:
    """Milliseconds from a key on one slider after the other to the changed chart; the first move is not counted."""
    page = chromium.new_page(viewport={"width": 1440, "height": 900}, locale="de-DE")
    page.goto(f"{address}/priorisierung?{urllib.parse.urlencode({'szenario': scenario})}")
    finished(page)
    page.locator(".st-key-gewichte summary").first.click()
    page.locator(f"{CHART} svg").first.wait_for()
    page.wait_for_timeout(1000)
    page.evaluate(_WATCH)
    sliders = page.locator("[class*=st-key-gewicht-] input[type=range]")
    sliders.first.wait_for(state="attached")
    for number in range(min(MOVES * runs, STEPS * sliders.count())):
        sliders.nth(number % sliders.count()).focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function(f"() => window.drawn.length > {number}")
        page.wait_for_timeout(700)
    found: list[float] = page.evaluate("window.drawn")
    page.close()
    return found[1:]


def _sent(found: list[Screen]) -> float:
    return median(one.bytes for one in found) / 1000


def _spread(values: list[float]) -> tuple[str, str, str]:
    return f"{median(values):.0f}", f"{min(values):.0f}", f"{max(values):.0f}"


def _large() -> Scenario:
    """All shipped criteria but those that say the same, for as many services as a city may have, a third unknown."""
    shipped = load_criteria(load_settings().data_file("criteria.toml"))
    criteria = [one for one in shipped.criteria if one.id != "impressions"][:CRITERIA]
    random = np.random.default_rng(2)
    rows = [f"s{number}" for number in range(SERVICES)]
    drawn = {one.id: random.uniform(one.lower, one.upper, SERVICES) for one in criteria}
    for one in criteria:
        if one.levels:
            drawn[one.id] = random.choice([level.value for level in one.levels], SERVICES)
    matrix = pd.DataFrame(drawn, index=rows)
    lanes = random.choice(["startbar", "wartet auf andere", "erst klären"], SERVICES)
    services = pd.DataFrame(
        {"name": rows, "list": "anstehend", "lane": lanes, "lane_reason": "", "trend_note": ""}
    )
    return Scenario(
        SCENARIO,
        criteria=tuple(one.model_dump(mode="json") for one in criteria),
        weights=dict.fromkeys(matrix.columns, 1.0),
        matrix=matrix.mask(random.random(matrix.shape) < 0.3),  # noqa: PLR2004 three in ten
        services=services.set_index(pd.Index(rows)),
        data_date=dt.date(2025, 12, 15),
    )


PART = Part(
    "slider",
    "A moved weight: server and browser",
    run,
    packages=("streamlit", "pandas", "altair", "playwright"),
)
