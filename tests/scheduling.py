"""Which tests run one after the other in one process, and in which order the processes take them.

Hooks of pytest and pytest-xdist, taken over by ``tests/conftest.py``.
"""

from __future__ import annotations

import os

import pytest
from xdist.scheduler import LoadFileScheduling

TOGETHER = {
    "the app with its login": (
        "tests/ui/auth/test_participants.py",
        "tests/ui/auth/test_provider_says.py",
        "tests/ui/auth/test_refusals.py",
        "tests/ui/auth/test_sign_in.py",
    ),
    "the app on sample data": (
        "tests/browser/test_exports.py",
        "tests/browser/test_links.py",
        "tests/browser/test_policy.py",
        "tests/browser/test_reading.py",
        "tests/browser/test_screens.py",
        "tests/browser/test_tasks.py",
        "tests/browser/test_views.py",
    ),
}
"""Files that share a running server: in two processes it would be started twice."""
LONGEST = (
    "tests/deploy/test_operations_document.py",
    "tests/soak",
    *TOGETHER["the app on sample data"],
    "tests/truth",
    "tests/etl/sources/search_console/test_fault_suite.py",
    "tests/faults",
    *TOGETHER["the app with its login"],
    "tests/operations",
    "tests/browser",
    "tests/ui/auth",
    "tests/ui/workshop",
    "tests/etl/operations",
    "tests/deploy",
)
"""What takes a process longest comes first, so that no process is left alone with it at the end."""


class FilesThatShare(LoadFileScheduling):
    """A file is run by one process, and so are files that share a server."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return next((name for name, files in TOGETHER.items() if file in files), file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> FilesThatShare | None:
    """Instead of ``--dist loadfile``."""
    return FilesThatShare(config, log) if config.option.dist == "loadfile" else None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Two processes more than cores for ``-n auto``: many tests wait for a server, a browser or a child process."""
    return (os.cpu_count() or 1) + 2 if config.option.numprocesses == "auto" else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first; all else stays in its order."""
    items.sort(key=lambda item: _turn(item.nodeid))


def _turn(name: str) -> int:
    return next((turn for turn, start in enumerate(LONGEST) if name.startswith(start)), len(LONGEST))
