"""Child of `scale-filters`: every view of traffic with each filter and eight pairs of filters, first and again."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from statistics import median

from benchmarks.child import peak_megabytes
from portalkompass.answers.asking import ask
from portalkompass.answers.base.scope import WHOLE
from portalkompass.screens.catalogue import SCOPE, SCREENS
from portalkompass.screens.disk_cache import Asked
from portalkompass.screens.requests import Options, Request, RequestFault, request_of
from portalkompass.settings import load_settings
from portalkompass.ui.components import answer_cache
from portalkompass.ui.reading import Reading
from portalkompass.warehouse import result_cache
from portalkompass.warehouse.reader import open_published
from portalkompass.workspace import workspace_of

FOLDER, WORD, PATTERN = "/leistung", "hund", "^(hund|kfz)"
SINGLE = {
    "device": {"device": "MOBILE"},
    "country": {"country": "deu"},
    "pages that contain a text": {"page_contains": FOLDER},
    "pages by RE2": {"page_regex": "/leistung|/start"},
    "kind of page": {"kind": "leistungen"},
    "queries that contain a text": {"query_contains": WORD},
    "queries by RE2": {"query_regex": PATTERN},
    "with the city's name": {"brand": "with"},
    "without the city's name": {"brand": "without"},
}
"""Name of the filter → options of the command line that set it."""
COMBINED = {
    "device, country": {"device": "MOBILE", "country": "deu"},
    "pages, queries": {"page_contains": FOLDER, "query_contains": WORD},
    "pages by RE2, queries by RE2": {"page_regex": "/leistung|/start", "query_regex": PATTERN},
    "pages, without the city's name": {"page_contains": FOLDER, "brand": "without"},
    "kind of page, pages": {"kind": "leistungen", "page_contains": FOLDER},
    "kind of page, queries": {"kind": "leistungen", "query_contains": WORD},
    "kind of page, without the city's name": {"kind": "leistungen", "brand": "without"},
    "queries, without the city's name": {"query_contains": WORD, "brand": "without"},
}


def main() -> None:
    """Print {filter: {view: [first, processor time of it, again]}} in milliseconds, medians."""
    given = json.loads(sys.argv[1])
    settings = load_settings().as_demo()
    warehouse, workspace = open_published(settings), workspace_of(settings)
    reading = Reading(settings, warehouse, workspace, workspace.revision())
    filters = {**SINGLE, **COMBINED}
    found: dict[str, dict[str, list[float]]] = {}
    for name in given.get("filters") or filters:
        for title, request in requests(reading, filters[name]):
            times = [_measured(reading, request) for _ in range(given["runs"])]
            found.setdefault(name, {})[title] = [median(one) for one in zip(*times, strict=True)]
            sys.stderr.write(f"{name}, {title}: {[round(one) for one in found[name][title]]}\n")
    sys.stdout.write(json.dumps({"filters": found, "peak": peak_megabytes()}) + "\n")


def requests(reading: Reading, given: dict[str, str]) -> Iterator[tuple[str, Request]]:
    """Title and request of every view that these filters narrow and whose grain is loaded."""
    for screen in SCREENS:
        for view in screen.views:
            if view.topic is None or not view.filters & SCOPE:
                continue
            options = Options(view=view.slug, **given)
            try:
                request = request_of(screen.slug, options, reading.warehouse, reading.settings)
            except RequestFault:
                continue
            question = ask(reading.warehouse, reading.workspace, request.filters, reading.settings)
            if not question.reason(view.grain):
                one = len(screen.views) == 1
                yield screen.title if one else f"{screen.title}, {view.title}", request


def _measured(reading: Reading, request: Request) -> tuple[float, float, float]:
    """Somebody has seen the view without a filter; then the filter is set, then the view is shown again."""

    def show(narrowed: Request) -> tuple[float, float]:
        asked = Asked(
            narrowed.topic,
            reading.warehouse,
            reading.workspace,
            narrowed.filters,
            reading.settings,
            narrowed.keywords,
        )
        begin, begun = time.perf_counter(), time.process_time()
        answer_cache.answered(asked, reading)
        return (time.perf_counter() - begin) * 1000, (time.process_time() - begun) * 1000

    result_cache.clear()
    show(replace(request, filters=replace(request.filters, scope=WHOLE)))
    first, processor = show(request)
    return first, processor, show(request)[0]


if __name__ == "__main__":
    main()
