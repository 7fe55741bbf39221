"""Part `extractor-competitor`: the extractor against the package `searchconsole` on the same server."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import child
from benchmarks.child import ChildFailed
from benchmarks.extractor.serving import Served, stand_in
from benchmarks.extractor.world import GROUPINGS, SITE, BenchWorld
from benchmarks.part import Goal, Part, Result
from benchmarks.report import ROOT

WORLD = BenchWorld(pages=500, queries=40, days=60)
LATENCY = 0.2
WORKERS = 4
MANY_WORKERS = 16
LEAST_TIMES_FASTER = 4.0
_ENVIRONMENT = ROOT / ".venv-bench"
_REQUIREMENTS = ROOT / "requirements-bench.txt"


@dataclass(frozen=True, slots=True)
class _Case:
    """One contestant: its name in the table, what it fetches, and its workers (0 = the package)."""

    name: str
    tables: tuple[str, ...]
    workers: int = 0


_ALL, _DEAREST = tuple(GROUPINGS), ("search_page_query_day",)
_THEIRS = _Case("searchconsole, all groupings", _ALL)
_THEIRS_DEAREST = _Case("searchconsole, page × query only", _DEAREST)
_OURS = _Case(f"extractor, all groupings, {WORKERS} workers", _ALL, WORKERS)
_OURS_MANY = _Case(f"extractor, all groupings, {MANY_WORKERS} workers", _ALL, MANY_WORKERS)
_OURS_DEAREST = _Case(f"extractor, page × query only, {WORKERS} workers", _DEAREST, WORKERS)
_OURS_DEAREST_MANY = _Case(f"extractor, page × query only, {MANY_WORKERS} workers", _DEAREST, MANY_WORKERS)
CASES = (_THEIRS, _OURS, _OURS_MANY, _THEIRS_DEAREST, _OURS_DEAREST, _OURS_DEAREST_MANY)


def run(runs: int) -> Result:
    """All take turns on one server; completeness is judged by rows, clicks and impressions of every table."""
    python = _environment()
    measured: dict[_Case, list[dict[str, Any]]] = {case: [] for case in CASES}
    with tempfile.TemporaryDirectory() as folder, stand_in(WORLD, Path(folder), latency=LATENCY) as server:
        for number in range(runs):
            for place, case in enumerate(CASES):
                measured[case].append(
                    _ours(server, Path(folder) / f"{number}-{place}", case)
                    if case.workers
                    else _theirs(python, server, case)
                )
    truth = {table: [s.rows, s.clicks, s.impressions] for table, s in WORLD.truth().items()}
    rates = {case: [_rows(case, one) / one["seconds"] for one in turns] for case, turns in measured.items()}
    complete = all(
        _complete(case, one, truth) for case, turns in measured.items() if case.workers for one in turns
    )
    alone = _ratio(rates[_OURS_DEAREST], rates[_THEIRS_DEAREST])
    beside = _ratio(rates[_OURS_MANY], rates[_THEIRS_DEAREST])
    same, dearest = "all groupings on both sides", "page × query only on both sides"
    return Result(
        method=(
            f"Stand-in with {LATENCY} s latency in a process of its own, {WORLD.days} days of {WORLD.pages} pages × "
            f"{WORLD.queries} queries, pace off, one window per day on both sides. `searchconsole` 0.1.0 sends one "
            "request after the other and keeps rows in memory; the extractor also asks which days there are, and "
            "publishes a checked snapshot. Both are compared on the same rows: on all that an archive needs, and "
            "on page × query alone, the case that suits the package best (many rows for few requests).",
        ),
        columns=("", "rows", "complete", "seconds (median)", "rows per second (median)"),
        rows=tuple(_row(case, turns, truth, rates[case]) for case, turns in measured.items()),
        goals=(
            Goal("every row and sum arrives", "complete" if complete else "incomplete", complete),
            _times(f"{same}, {WORKERS} workers (default)", rates[_OURS], rates[_THEIRS]),
            _times(f"{same}, {MANY_WORKERS} workers", rates[_OURS_MANY], rates[_THEIRS]),
            _times(f"{dearest}, {MANY_WORKERS} workers", rates[_OURS_DEAREST_MANY], rates[_THEIRS_DEAREST]),
        ),
        notes=(
            f"Both sides wait {LATENCY} s for each answer, so the number of workers decides most of the ratio. "
            f"With {WORKERS} workers page × query alone is {alone:.1f} × as fast as the package; all groupings with "
            f"{MANY_WORKERS} workers bring {beside:.1f} × the rows per second that the package reaches on page × "
            "query alone.",
        ),
    )


def _times(what: str, ours: list[float], theirs: list[float]) -> Goal:
    ratio = _ratio(ours, theirs)
    promise = f"at least {LEAST_TIMES_FASTER:.0f} × its rows per second, {what}"
    return Goal(promise, f"{ratio:.1f} ×", ratio >= LEAST_TIMES_FASTER)


def _theirs(python: Path, server: Served, case: _Case) -> dict[str, Any]:
    order: dict[str, object] = {
        "endpoint": server.endpoint,
        "credentials": str(server.credentials),
        "site": SITE,
        "days": [day.isoformat() for day in reversed(WORLD.all_days)],
        # Totals are asked for by date, since the package needs a dimension.
        "groupings": {table: list(GROUPINGS[table]) or ["date"] for table in case.tables},
    }
    return child.run_script(python, Path(__file__).with_name("searchconsole_run.py"), order)


def _ours(server: Served, folder: Path, case: _Case) -> dict[str, Any]:
    order: dict[str, object] = {
        "endpoint": server.endpoint,
        "credentials": str(server.credentials),
        "folder": str(folder),
        "workers": case.workers,
        "only": list(case.tables),
    }
    return child.run("benchmarks.extractor.pulling", order)


def _rows(case: _Case, one: dict[str, Any]) -> int:
    return sum(one["tables"][table][0] for table in case.tables)


def _complete(case: _Case, one: dict[str, Any], truth: dict[str, list[int]]) -> bool:
    return all(one["tables"][table] == truth[table] for table in case.tables)


def _ratio(ours: list[float], theirs: list[float]) -> float:
    return median(a / b for a, b in zip(ours, theirs, strict=True))


def _row(
    case: _Case, turns: list[dict[str, Any]], truth: dict[str, list[int]], rates: list[float]
) -> tuple[str, ...]:
    complete = all(_complete(case, one, truth) for one in turns)
    seconds = median(one["seconds"] for one in turns)
    return (
        case.name,
        f"{_rows(case, turns[0]):,}",
        "yes" if complete else "**no**",
        f"{seconds:.1f}",
        f"{median(rates):,.0f}",
    )


def _environment() -> Path:
    """The competitor's own environment, made on first use; returns its interpreter.

    Raises:
        ChildFailed: its packages cannot be installed.
    """
    python = _ENVIRONMENT / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    wanted = _REQUIREMENTS.read_text(encoding="utf-8")
    stamp = _ENVIRONMENT / ".installed"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    venv.create(_ENVIRONMENT, with_pip=True, clear=True)
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]
    done = subprocess.run([*install, str(_REQUIREMENTS)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise ChildFailed(f"searchconsole cannot be installed: {done.stderr.strip()[-2000:]}")
    stamp.write_text(wanted, encoding="utf-8")
    return python


PART = Part(
    name="extractor-competitor",
    title="Extractor against the package searchconsole",
    run=run,
    packages=("google-api-python-client", "httplib2", "msgspec", "pyarrow", "duckdb"),
)
