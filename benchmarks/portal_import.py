"""One million portal rows from CSV: wall time, processor time and peak memory of the import; recognition of a table."""

from __future__ import annotations

import datetime as dt
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.part import Goal, Part, Result
from etl.files.archives import expand
from etl.files.kinds.registry import recognise
from etl.files.tabular import read_sheets

ROWS, PAGES = 1_000_000, 1_000
SECONDS, MEGABYTES = 10.0, 600.0
COLUMNS, MILLISECONDS = 480, 50.0
SITE = "https://portal.messung.example/"


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of wall and processor time, peak of memory in MB."""

    wall: float
    processor: float
    peak: float


def run(runs: int) -> Result:
    """Import the same file ``runs`` times, each into an empty warehouse."""
    with tempfile.TemporaryDirectory() as folder:
        file = _written(Path(folder) / "portal.csv")
        measured = [imported(file, Path(folder) / f"daten-{number}") for number in range(max(runs, 1))]
        size = file.stat().st_size / 1024**2
        recognised = _recognition(Path(folder) / "breit.csv", max(runs, 3))
    wall = statistics.median(one.wall for one in measured)
    processor = statistics.median(one.processor for one in measured)
    peak = max(one.peak for one in measured)
    return Result(
        method=(
            f"`python -m etl import` of one CSV file ({size:.0f} MB, {ROWS:,} rows: {PAGES:,} pages on "
            f"{ROWS // PAGES:,} days) into an empty warehouse, start of the interpreter and publication included.",
        ),
        columns=("figure", "median"),
        rows=(
            ("wall time", f"{wall:.1f} s"),
            ("processor time", f"{processor:.1f} s"),
            ("peak memory (largest)", f"{peak:.0f} MB"),
            (f"recognition of a table with {COLUMNS} unknown columns", f"{recognised:.0f} ms"),
        ),
        goals=(
            Goal(f"1 million rows in under {SECONDS:.0f} s", f"{wall:.1f} s", wall < SECONDS),
            Goal(f"peak memory under {MEGABYTES:.0f} MB", f"{peak:.0f} MB", peak < MEGABYTES),
            Goal(
                f"recognition in under {MILLISECONDS:.0f} ms a file",
                f"{recognised:.0f} ms",
                recognised < MILLISECONDS,
            ),
        ),
        notes=(
            "Wall time is only comparable on a machine that does nothing else; processor time hardly depends on that.",
        ),
    )


def _recognition(path: Path, runs: int) -> float:
    """Milliseconds of processor time until the kind of a wide table is known (median)."""
    names = ";".join(f"Spalte {number}" for number in range(COLUMNS))
    path.write_text(f"url;{names}\nx;{';'.join('1' * COLUMNS)}\n", encoding="utf-8")
    (sheet,) = read_sheets(expand([path])[0])
    seconds = []
    for _ in range(runs):
        begin = time.process_time()
        recognise(sheet)
        seconds.append(time.process_time() - begin)
    return 1000 * statistics.median(seconds)


def _written(path: Path) -> Path:
    first = dt.date(2022, 1, 1)
    with path.open("w", encoding="utf-8") as file:
        file.write("period;url;title;visits;unique_page_views;page_views\n")
        for number in range(ROWS // PAGES):
            day = (first + dt.timedelta(days=number)).isoformat()
            file.writelines(
                f"{day};{SITE}leistung/leistung-{page};Leistung {page} – Portal;{page % 90 + 1};"
                f"{page % 90 + 1};{page % 90 + number % 7 + 2}\n"
                for page in range(PAGES)
            )
    return path


def imported(file: Path, data_dir: Path) -> Spent:
    """What one import of the file costs, as a command."""
    environment = os.environ | {"PORTALKOMPASS_DATA_DIR": str(data_dir)}
    begin = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-m", "etl", "import", str(file)], env=environment, stdout=subprocess.DEVNULL
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"the import ended with exit code {process.returncode}")
    kilobytes = usage.ru_maxrss / 1024 if sys.platform == "darwin" else usage.ru_maxrss
    return Spent(time.monotonic() - begin, usage.ru_utime + usage.ru_stime, kilobytes / 1024)


PART = Part("portal-import", "A million portal rows", run, ("duckdb", "pyarrow", "pandas"))
