"""Commands of tests in processes of their own, without a new interpreter for each.

A start of Python with all that a command imports takes longer than most commands work. So one process per test run
imports it once and does nothing else; each command is a fork of it, with its own arguments, environment, working
folder, output and exit code; nothing that it does reaches the next one. That the programs start from nothing is
tested where they are served, installed and updated (tests/browser, tests/deploy, tests/operations).
"""

from __future__ import annotations

import multiprocessing
import os
import runpy
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

from portalkompass.settings import ROOT, load_settings

IMPORTED = (
    "tests.children",
    "alembic.command",
    "altair",
    "etl.__main__",
    "etl.operations.imports",
    "etl.operations.monitoring",
    "etl.operations.status",
    "etl.operations.verify",
    "narwhals._duckdb.dataframe",
    "portalkompass.answers.digest.digest",
    "portalkompass.answers.report.report",
    "portalkompass.charts.specification",
    "portalkompass.commands.app",
    "portalkompass.commands.asking",
    "portalkompass.exports.files",
    "portalkompass.exports.slides.deck",
    "portalkompass.operations",
    "portalkompass.operations.retention",
    "portalkompass.screens.answer_json",
    "portalkompass.screens.requests",
    "portalkompass.warehouse.reader",
    "pyarrow.pandas_compat",
    "sqlalchemy.dialects.sqlite.pysqlite",
    "streamlit.web.cli",
    "xlsxwriter",
)
"""What commands and the app import; none of it does anything when it is imported."""


def python(
    arguments: list[str], environment: Mapping[str, str], timeout: float = 180
) -> subprocess.CompletedProcess[str]:
    """``python -m …`` or ``python -c …`` in the project's folder; the result carries exit code, stdout and stderr.

    Raises:
        subprocess.TimeoutExpired: it took longer than ``timeout`` seconds and was ended.
    """
    (done,) = pythons([arguments], environment, timeout)
    return done


def pythons(
    commands: Sequence[list[str]], environment: Mapping[str, str], timeout: float = 180
) -> list[subprocess.CompletedProcess[str]]:
    """The same for several commands at once: all have begun before the first one is waited for."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(IMPORTED))
    until = time.monotonic() + timeout
    begun = []
    with ThreadPoolExecutor(2 * len(commands)) as readers:
        for arguments in commands:
            ends, given = zip(context.Pipe(duplex=False), context.Pipe(duplex=False), strict=True)
            child = context.Process(target=_be_python, args=(arguments, dict(environment), *given))
            _start(child)
            begun.append((child, arguments, readers.map(_all_of, ends)))
            for end in given:
                end.close()
        for child, _, _ in begun:
            child.join(max(until - time.monotonic(), 0))
        late = [arguments for child, arguments, _ in begun if child.is_alive()]
        for child, _, _ in begun:
            child.kill()
            child.join()
    if late:
        raise subprocess.TimeoutExpired(late[0], timeout)
    return [
        subprocess.CompletedProcess(arguments, int(child.exitcode or 0), *said)
        for child, arguments, said in begun
    ]


def begun(
    arguments: list[str], environment: Mapping[str, str], log: Path, *, anew: bool = False
) -> BaseProcess:
    """A program that goes on by itself, as a server; all that it says is written to ``log``.

    ``anew``: by a new interpreter, which has imported nothing.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(IMPORTED))
    child = context.Process(target=_be_server, args=(arguments, dict(environment), log, anew))
    _start(child)
    return child


def _start(child: BaseProcess) -> None:
    """Without the main module, which a child would run first: a test of a screen may have left its script there."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        child.start()
    finally:
        sys.modules["__main__"] = main


def _be_server(arguments: list[str], environment: dict[str, str], log: Path, anew: bool) -> None:
    with log.open("ab") as out, log.open("ab") as err:
        if anew:
            os.chdir(ROOT)
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            os.execve(sys.executable, [sys.executable, *arguments], environment)
        _be_python(arguments, environment, out, err)


def _all_of(end: Connection) -> str:
    with end, open(end.fileno(), encoding="utf-8", closefd=False) as text:
        return text.read()


def _be_python(
    arguments: list[str], environment: dict[str, str], out: Connection | BinaryIO, err: Connection | BinaryIO
) -> None:
    """In the fork: take over what a new interpreter would find, then do what it was asked for."""
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(ROOT)
    load_settings.cache_clear()  # a new interpreter has read none yet
    for end, descriptor in ((out, 1), (err, 2)):
        os.dup2(end.fileno(), descriptor)
        end.close()
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115
    kind, program, *others = arguments
    if kind == "-m":
        sys.argv = [program, *others]
        sys.modules.pop(
            f"{program}.__main__", None
        )  # imported before the fork; run it does from the beginning
        runpy.run_module(program, run_name="__main__", alter_sys=True)
    else:
        sys.argv = ["-c", *others]
        exec(program, {"__name__": "__main__"})
