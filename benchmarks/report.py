"""docs/benchmarks.md: one section per part between markers, so that a part can be re-run alone."""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
import subprocess
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks.part import Part, Result

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "docs" / "benchmarks.md"
_HEAD = """# Benchmarks

Written by `make bench` (one part: `make bench PARTS="extractor-raw"`). Figures are medians of several runs;
ratios are taken within one run, so that a busy machine slows both sides.
"""
_KIB = 1024


def write(part: Part, result: Result, runs: int, order: Sequence[str], path: Path = REPORT) -> None:
    """Put the part's section in place of its old one; other sections stay as they are.

    ``order`` is the order of all parts; sections of parts that no longer exist are dropped.
    """
    sections = _sections(path.read_text(encoding="utf-8")) if path.exists() else {}
    sections[part.name] = section(part, result, runs)
    if result.bars is not None:
        from benchmarks.picture import draw  # Altair is slow to import, and most parts draw nothing

        draw(result.bars, path.parent / _picture(part, path))
    body = "\n".join(
        f"{_begin(name)}\n{sections[name]}\n{_end(name)}\n" for name in order if name in sections
    )
    path.write_text(f"{_HEAD}\n{body}", encoding="utf-8", newline="\n")


def section(part: Part, result: Result, runs: int) -> str:
    """The part's Markdown without markers; its chart is linked, `write` draws it."""
    drawn = [f"![{result.bars.title}]({_picture(part, REPORT)})"] if result.bars is not None else []
    goals = [(goal.promise, goal.measured, "yes" if goal.met else "**no**") for goal in result.goals]
    return "\n\n".join(
        [
            f"## {part.title}",
            *result.method,
            _table(result.columns, result.rows),
            *drawn,
            _table(("goal", "measured", "met"), goals),
            *result.notes,
            f"{_provenance(part.packages)} Runs: {runs}.",
        ]
    )


def _picture(part: Part, report: Path) -> str:
    """Place of the part's chart, seen from the report."""
    return f"{report.stem}/{part.name}.svg"


def _begin(name: str) -> str:
    return f"<!-- begin {name} -->"


def _end(name: str) -> str:
    return f"<!-- end {name} -->"


def _sections(text: str) -> dict[str, str]:
    found = re.finditer(r"<!-- begin ([\w-]+) -->\n(.*?)\n<!-- end \1 -->", text, re.DOTALL)
    return {match[1]: match[2] for match in found}


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [columns, ["---"] + ["---:"] * (len(columns) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _provenance(packages: Sequence[str]) -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    when = dt.datetime.now(dt.UTC)
    return (
        f"Measured {when:%Y-%m-%d %H:%M} UTC at commit {_commit()} on {_machine()}; "
        f"Python {platform.python_version()}, {versions}."
    )


def _machine() -> str:
    return f"{_processor()}, {os.cpu_count()} cores, {_memory()}{platform.system()}"


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists() and (
        found := re.search(r"model name\s*:\s*(.+)", cpuinfo.read_text(encoding="utf-8"))
    ):
        return found[1].strip()
    return platform.processor() or platform.machine()


def _memory() -> str:
    meminfo = Path("/proc/meminfo")
    if meminfo.exists() and (
        found := re.search(r"MemTotal:\s*(\d+) kB", meminfo.read_text(encoding="utf-8"))
    ):
        return f"{int(found[1]) / _KIB / _KIB:.0f} GiB, "
    return ""


def _commit() -> str:
    """Short hash; says so if the code that is measured differs from it."""
    hashed = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    changed = subprocess.run(
        ["git", "status", "--porcelain", "--", "*.py"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return (hashed.stdout.strip() or "unknown") + (" (with local changes)" if changed.stdout.strip() else "")
