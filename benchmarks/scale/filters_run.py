"""Child of `scale-filters`: answers of the screens of traffic with each filter, first and again."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from statistics import median

from benchmarks.child import peak_megabytes
from portalkompass.answers import default_filters
from portalkompass.answers.base.scope import WHOLE, Match, Scope
from portalkompass.screens.catalogue import OVERVIEW, PAGES, QUERIES, RANKINGS, Topic
from portalkompass.screens.disk_cache import Asked
from portalkompass.settings import load_settings
from portalkompass.ui.components import answer_cache
from portalkompass.ui.reading import Reading
from portalkompass.warehouse import result_cache
from portalkompass.warehouse.reader import open_published
from portalkompass.workspace import workspace_of

PAGE, KIND = Match("contains", "/leistung"), "Leistung"
WORD, PATTERN = Match("contains", "hund"), Match("regex", "^(hund|kfz)")
SINGLE = {
    "device": Scope(device="MOBILE"),
    "country": Scope(country="deu"),
    "pages that contain a text": Scope(page=PAGE),
    "kind of page": Scope(kind=KIND),
    "queries that contain a text": Scope(query=WORD),
    "queries by RE2": Scope(query=PATTERN),
    "without the city's name": Scope(brand="without"),
}
COMBINED = {
    "pages and queries": Scope(page=PAGE, query=WORD),
    "kind of page, without the city's name": Scope(kind=KIND, brand="without"),
}
TOPICS = {"Überblick": OVERVIEW, "Rankings": RANKINGS, "Seiten": PAGES, "Suchanfragen": QUERIES}


def main() -> None:
    """Print {filter: {topic: [first, processor time of it, again]}} in milliseconds, medians."""
    runs = json.loads(sys.argv[1])["runs"]
    settings = load_settings().as_demo()
    warehouse, workspace = open_published(settings), workspace_of(settings)
    reading = Reading(settings, warehouse, workspace, workspace.revision())
    found: dict[str, dict[str, list[float]]] = {}
    for name, scope in {**SINGLE, **COMBINED}.items():
        for title, topic in TOPICS.items():
            if title in ("Seiten", "Suchanfragen") and (scope.device or scope.country):
                continue  # the large sample data hold no grain that tells it
            times = [_measured(reading, topic, scope) for _ in range(runs)]
            found.setdefault(name, {})[title] = [median(one) for one in zip(*times, strict=True)]
    sys.stdout.write(json.dumps({"filters": found, "peak": peak_megabytes()}) + "\n")


def _measured(reading: Reading, topic: Topic, scope: Scope) -> tuple[float, float, float]:
    """Somebody has seen the view without a filter; then the filter is set, then the view is shown again."""
    filters = default_filters(reading.warehouse, reading.settings)

    def ask(part: Scope) -> None:
        narrowed = replace(filters, scope=part)
        asked = Asked(topic, reading.warehouse, reading.workspace, narrowed, reading.settings)
        answer_cache.answered(asked, reading)

    result_cache.clear()
    ask(WHOLE)
    spent = []
    for _ in range(2):
        begin, begun = time.perf_counter(), time.process_time()
        ask(scope)
        spent.append(((time.perf_counter() - begin) * 1000, (time.process_time() - begun) * 1000))
    (first, processor), (again, _) = spent
    return first, processor, again


if __name__ == "__main__":
    main()
