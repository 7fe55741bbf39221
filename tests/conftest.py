"""Shared by all tests: no setting of this machine may leak in."""

from __future__ import annotations

import atexit
import gc
import hashlib
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Generator
from pathlib import Path

import hypothesis
import pytest
from filelock import FileLock

from portalkompass.settings import ROOT, Settings, load_settings
from tests.children import python
from tests.scheduling import (
    pytest_collection_modifyitems,
    pytest_xdist_auto_num_workers,
    pytest_xdist_make_scheduler,
)

__all__ = ["pytest_collection_modifyitems", "pytest_xdist_auto_num_workers", "pytest_xdist_make_scheduler"]

for _name in [name for name in os.environ if name.startswith("PORTALKOMPASS_")]:
    del os.environ[_name]
os.environ["PORTALKOMPASS_LOCAL_SETTINGS"] = os.devnull
# A run starts hundreds of Pythons; without kept bytecode each of them compiles the whole project anew.
# Nor does this one rewrite the assertions of three hundred files at each start.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# How many cases a test draws that says no number of its own; `make faults` draws a thousand.
hypothesis.settings.register_profile(
    "drawn",
    max_examples=int(os.environ.get("DRAWN_EXAMPLES", "30")),
    deadline=None,  # a busy machine is no fault
)
hypothesis.settings.load_profile("drawn")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported and collected stays to the end: no garbage collection looks through it, now or later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


# The end of the process frees everything, or DuckDB's binding lists all that was left; pytest itself searches once
# more before, which is no longer than what the tests left.
atexit.register(gc.unfreeze)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Settings are read once a process; no test may live on what another one's environment said."""
    load_settings.cache_clear()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call() -> None:
    """Nor on what was read while its own fixtures were still setting that environment."""
    load_settings.cache_clear()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Live settings on an empty data folder; a second writer does not wait."""
    return Settings(data_dir=tmp_path / "data", writer_wait_seconds=0)


def environment(folder: Path) -> dict[str, str]:
    """Environment of a command that works on a data folder, on the demo's last day."""
    return os.environ | {"PORTALKOMPASS_DATA_DIR": str(folder), "PORTALKOMPASS_TODAY": "2025-12-17"}


def command(folder: Path, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m …` as a person would; the result carries exit code, stdout and stderr."""
    return python(["-m", *arguments], environment(folder) | changes)


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Path:
    """Data folder with the demo warehouse, one per test run; tests that write work on a copy.

    Tests run in several processes that share the run's base folder: the first one prepares it, the others
    wait. It is built by the real command, and kept for later runs until anything it is made from changes.
    """
    alone = "PYTEST_XDIST_WORKER" not in os.environ
    base = tmp_path_factory.getbasetemp()
    folder = (base if alone else base.parent) / "demo"
    kept = pytestconfig.cache.mkdir("demo")
    with FileLock(kept.with_suffix(".lock")):
        if not folder.with_suffix(".built").exists():
            shutil.copytree(_demo_of(kept, made_from()), folder)
            folder.with_suffix(".built").touch()
    return folder


def _demo_of(kept: Path, digest: str) -> Path:
    """The kept demo of these sources; any other one is removed, a build that was cut off is begun again."""
    if not (kept / digest).exists():
        shutil.rmtree(kept)
        part = kept / f"{digest}.part"
        built = command(part, "etl", "demo")
        assert built.returncode == 0, built.stderr
        part.rename(kept / digest)
    return kept / digest


def made_from() -> str:
    """Digest of everything that the demo warehouse is made from: code, shipped files, pinned packages, Python.

    Of the library those rooms count that etl may import; the import rules say which it may not.
    """
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    (shared,) = (c for c in contracts["contracts"] if c["name"] == "etl uses only the shared rooms")
    closed = [ROOT / name.replace(".", "/") for name in shared["forbidden_modules"]]
    code = [
        path
        for folder in ("etl", "portalkompass")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in {".py", ".toml", ".csv"}
        and not any(path.is_relative_to(room) or path.with_suffix("") == room for room in closed)
    ]
    shipped = sorted((ROOT / "data").glob("*.csv")) + sorted((ROOT / "data").glob("*.toml"))
    digest = hashlib.sha256(sys.version.encode())
    for path in (*code, *shipped, ROOT / "settings.toml", ROOT / "requirements.txt", Path(__file__)):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
