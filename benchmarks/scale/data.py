"""The scaled sample data that these parts read: built once, kept where BENCH_SCALE_DATA says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.report import ROOT
from etl.demo.scale.sizes import Scale
from portalkompass.screens import disk_cache
from portalkompass.settings import Settings
from portalkompass.warehouse.snapshots import published

KEEP = "BENCH_SCALE_DATA"
"""Environment variable: a folder in which built data stay for the next part; without it they are built anew."""


@contextmanager
def data_folders() -> Iterator[dict[Scale, Path]]:
    """Data folder of every scale, to be given as PORTALKOMPASS_DATA_DIR."""
    if kept := os.environ.get(KEEP):
        yield {scale: built(Path(kept), scale)[0] for scale in Scale}
        return
    with TemporaryDirectory() as folder:
        yield {scale: built(Path(folder), scale)[0] for scale in Scale}


def built(folder: Path, scale: Scale, *, anew: bool = False) -> tuple[Path, float]:
    """The scale's data folder, and the seconds that building took (0 where it was there)."""
    there = folder / f"demo-{scale.value}"
    if not anew and published(Settings(data_dir=there).as_demo().warehouse_dir):
        return there, 0.0
    begin = time.perf_counter()
    command = [sys.executable, "-m", "etl", "demo", "--scale", scale.value]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, env=environment(folder))
    return there, time.perf_counter() - begin


def environment(folder: Path) -> dict[str, str]:
    """Environment of a process that works on a data folder, on the day of the sample."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("PORTALKOMPASS_")}
    return own | {
        "PORTALKOMPASS_DATA_DIR": str(folder),
        "PORTALKOMPASS_TODAY": "2025-12-17",
        "PORTALKOMPASS_LOCAL_SETTINGS": os.devnull,
    }


def forget_answers(folder: Path) -> None:
    """Take away what was got ready, so that a cold run is one."""
    shutil.rmtree(Settings(data_dir=folder).as_demo().warehouse_dir / disk_cache.FOLDER, ignore_errors=True)


def prepared(folder: Path) -> float:
    """Seconds in which a process of its own gets the answers ready, as after a load."""
    forget_answers(folder)
    begin = time.perf_counter()
    command = [sys.executable, "-m", "portalkompass", "prepare", "--demo"]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, env=environment(folder))
    return time.perf_counter() - begin


def snapshot_megabytes(folder: Path) -> float:
    """Size of the published snapshot in MB (10⁶ bytes)."""
    snapshot = published(Settings(data_dir=folder).as_demo().warehouse_dir)
    return snapshot.path.stat().st_size / 1e6 if snapshot else 0.0
