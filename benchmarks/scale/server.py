"""Part `scale-server`: server time of every view at 1 and at 24 million page-query rows, and its growth."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import child
from benchmarks.part import Bars, Goal, Part, Result
from benchmarks.scale.data import data_folders, environment, forget_answers, prepared, snapshot_megabytes
from benchmarks.screens import VIEWS
from etl.demo.scale.sizes import Scale

WALL, PROCESSOR = 0, 1
WARM_LIMIT, COLD_LIMIT, MOST_GROWTH = 100.0, 1500.0, 1.5
ON_QUERIES = (
    "Rankings, Positionen",
    "Rankings, Themen",
    "Seite im Einzelnen",
    "Suchanfragen",
    "Chancen",
    "Auffälligkeiten",
    "Leistungen",
    "Kommunen",
    "Zuordnung",
    "Priorisierung",
)
"""Views that read a query grain; the others read site, segment and page grains."""
GOT_READY = ("Überblick", "Auffälligkeiten", "Chancen")
"""Views whose answer the load leaves beside the snapshot."""


def run(runs: int) -> Result:
    """Every view at both sizes in turn, each time in a process of its own."""
    with data_folders() as folders:
        for folder in folders.values():
            forget_answers(folder)
        rounds = [{scale: _views(folder) for scale, folder in folders.items()} for _ in range(runs)]
        found = {scale: _joined([one[scale] for one in rounds]) for scale in folders}
        preparing = prepared(folders[Scale.LARGE])
        order = {"runs": runs, "views": GOT_READY}
        ready = child.run("benchmarks.scale.views_run", order, environment(folders[Scale.LARGE]))["views"]
        sizes = {scale: snapshot_megabytes(folder) for scale, folder in folders.items()}
    city, large = (found[scale]["views"] for scale in (Scale.CITY, Scale.LARGE))
    return Result(
        method=(
            "Whole script runs by AppTest: cold (nothing in the cache, no resolved link either; libraries loaded), "
            "warm (the same again) and after a change of the period from twelve to three months. Wall time in ms, "
            "processor time of all threads in brackets. Both sizes take turns in every round, so that a busy hour "
            "slows both.",
            "Last column: the same cold run where the load has got the answer ready (`python -m portalkompass "
            f"prepare`, {preparing:.0f} s for the first screen and both estimates of five periods).",
            f"Snapshots: {sizes[Scale.CITY]:.0f} MB (1 million page-query rows) and {sizes[Scale.LARGE]:.0f} MB (24 "
            "million, and 300 municipalities beside it). Peak memory of the process that ran all views: "
            f"{found[Scale.CITY]['peak']:.0f} and {found[Scale.LARGE]['peak']:.0f} MB.",
        ),
        columns=(
            "view",
            "growth of cold",
            "cold, 24 million",
            "after a filter",
            "warm",
            "cold, 1 million",
            "cold, got ready",
        ),
        rows=tuple((*_row(city, large, name), _time(ready.get(name, {}), "cold")) for name in VIEWS),
        goals=_goals(city, large),
        bars=Bars(
            "Cold runs at 24 million rows in ms",
            tuple((name, float(large[name]["cold"][0])) for name in VIEWS),
            COLD_LIMIT,
        ),
    )


def _views(folder: Path) -> dict[str, Any]:
    return dict(child.run("benchmarks.scale.views_run", {"runs": 1}, environment(folder)))


def _joined(several: list[dict[str, Any]]) -> dict[str, Any]:
    """Medians over the rounds; in each both sizes took their turn, so that a slower hour slows both."""
    views = {
        name: {
            kind: [median(one["views"][name][kind][place] for one in several) for place in (WALL, PROCESSOR)]
            for kind in times
        }
        for name, times in several[0]["views"].items()
    }
    return {"views": views, "peak": max(one["peak"] for one in several)}


def _row(city: dict[str, Any], large: dict[str, Any], name: str) -> tuple[str, ...]:
    times = (_time(large[name], kind) for kind in ("cold", "filter", "warm"))
    grown = f"{_growth(city, large, name):.2f}× ({_growth(city, large, name, PROCESSOR):.2f}×)"
    return name, grown, *times, _time(city[name], "cold")


def _growth(city: dict[str, Any], large: dict[str, Any], name: str, place: int = WALL) -> float:
    return float(large[name]["cold"][place]) / max(float(city[name]["cold"][place]), 1.0)


def _time(view: dict[str, list[float]], kind: str) -> str:
    if kind not in view:
        return "–"
    wall, spent = view[kind]
    return f"{wall:.0f} ({spent:.0f})"


def _goals(city: dict[str, Any], large: dict[str, Any]) -> tuple[Goal, ...]:
    grown = {name: _growth(city, large, name) for name in VIEWS if name not in ON_QUERIES}
    cold = {name: float(large[name]["cold"][0]) for name in ON_QUERIES}
    warm = {name: float(large[name]["warm"][0]) for name in VIEWS}
    return (
        _goal(
            f"views on site, segment and page grains grow at most {MOST_GROWTH}×",
            grown,
            MOST_GROWTH,
            "{:.2f}×",
        ),
        _goal(f"views on query grains cold in under {COLD_LIMIT:.0f} ms", cold, COLD_LIMIT, "{:.0f} ms"),
        _goal(f"every view warm in at most {WARM_LIMIT:.0f} ms", warm, WARM_LIMIT, "{:.0f} ms"),
    )


def _goal(promise: str, measured: dict[str, float], limit: float, form: str) -> Goal:
    worst = max(measured, key=lambda name: measured[name])
    over = [name for name, value in measured.items() if value > limit]
    told = f"; missed by {', '.join(over)}" if over else ""
    return Goal(promise, f"worst: {worst}, {form.format(measured[worst])}{told}", not over)


PART = Part(
    "scale-server", "At scale: server time", run, packages=("streamlit", "duckdb", "narwhals", "pandas")
)
