"""Part `extractor-competitor`: the extractor against the package `searchconsole` on the same server."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
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
_DEAREST = "search_page_query_day"
_THEIRS, _THEIRS_DEAREST = "searchconsole, all groupings", "searchconsole, page × query only"
_OURS, _OURS_MANY = f"extractor, {WORKERS} workers", f"extractor, {MANY_WORKERS} workers"


def run(runs: int) -> Result:
    """All four take turns; completeness is judged by rows, clicks and impressions of every table."""
    python = _environment()
    measured: dict[str, list[dict[str, Any]]] = {
        name: [] for name in (_THEIRS, _THEIRS_DEAREST, _OURS, _OURS_MANY)
    }
    with tempfile.TemporaryDirectory() as folder, stand_in(WORLD, Path(folder), latency=LATENCY) as server:
        for number in range(runs):
            measured[_THEIRS].append(_theirs(python, server, list(GROUPINGS)))
            measured[_THEIRS_DEAREST].append(_theirs(python, server, [_DEAREST]))
            for name, workers in ((_OURS, WORKERS), (_OURS_MANY, MANY_WORKERS)):
                measured[name].append(_ours(server, Path(folder) / f"{number}-{workers}", workers))
    truth = {table: [s.rows, s.clicks, s.impressions] for table, s in WORLD.truth().items()}
    rates = {name: [_rows(one) / one["seconds"] for one in turns] for name, turns in measured.items()}
    same = _ratio(rates[_OURS_MANY], rates[_THEIRS])
    default = _ratio(rates[_OURS], rates[_THEIRS])
    hardest = _ratio(rates[_OURS_MANY], rates[_THEIRS_DEAREST])
    complete = all(one["tables"] == truth for name in (_OURS, _OURS_MANY) for one in measured[name])
    return Result(
        method=(
            f"Stand-in with {LATENCY} s latency in a process of its own, {WORLD.days} days of {WORLD.pages} pages × "
            f"{WORLD.queries} queries, pace off. `searchconsole` 0.1.0 asks one window per day, one request after "
            "the other, and keeps rows in memory; the extractor asks the same, plus the list of days, and "
            "publishes a checked snapshot. Page × query alone is the case that suits the package best: many "
            "rows for few requests.",
        ),
        columns=("", "rows", "complete", "seconds (median)", "rows per second (median)"),
        rows=tuple(_row(name, turns, truth, rates[name]) for name, turns in measured.items()),
        goals=(
            Goal("every row and sum arrives", "complete" if complete else "incomplete", complete),
            Goal(
                f"at least {LEAST_TIMES_FASTER:.0f} × its rows per second, same questions, {WORKERS} workers (default)",
                f"{default:.1f} ×",
                default >= LEAST_TIMES_FASTER,
            ),
            Goal(
                f"the same, {MANY_WORKERS} workers",
                f"{same:.1f} ×",
                same >= LEAST_TIMES_FASTER,
            ),
            Goal(
                f"against its page × query alone, {MANY_WORKERS} workers",
                f"{hardest:.1f} ×",
                hardest >= LEAST_TIMES_FASTER,
            ),
        ),
        notes=(
            f"Both sides wait {LATENCY} s for each answer, so the number of workers decides most of the ratio.",
        ),
    )


def _theirs(python: Path, server: Served, tables: list[str]) -> dict[str, Any]:
    order: dict[str, object] = {
        "endpoint": server.endpoint,
        "credentials": str(server.credentials),
        "site": SITE,
        "days": [day.isoformat() for day in reversed(WORLD.all_days)],
        # Totals are asked for by date, since the package needs a dimension.
        "groupings": {table: list(GROUPINGS[table]) or ["date"] for table in tables},
    }
    return child.run_script(python, Path(__file__).with_name("searchconsole_run.py"), order)


def _ours(server: Served, folder: Path, workers: int) -> dict[str, Any]:
    order: dict[str, object] = {
        "endpoint": server.endpoint,
        "credentials": str(server.credentials),
        "folder": str(folder),
        "workers": workers,
    }
    return child.run("benchmarks.extractor.pulling", order)


def _rows(one: dict[str, Any]) -> int:
    return sum(sums[0] for sums in one["tables"].values())


def _ratio(ours: list[float], theirs: list[float]) -> float:
    return median(a / b for a, b in zip(ours, theirs, strict=True))


def _row(
    name: str, turns: list[dict[str, Any]], truth: dict[str, list[int]], rates: list[float]
) -> tuple[str, ...]:
    complete = all(sums == truth[table] for one in turns for table, sums in one["tables"].items())
    seconds = median(one["seconds"] for one in turns)
    return (
        name,
        f"{_rows(turns[0]):,}",
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
