"""What the commands print: progress bars on a terminal, plain lines elsewhere, faults as one sentence."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

_SECONDS_BETWEEN_LINES = 5.0

Step = Callable[[str, int, int], None]


def say(text: str) -> None:
    """One line for the person at the keyboard; never interprets what the text contains."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    """One sentence on stderr."""
    sys.stderr.write(" ".join(text.split()) + "\n")


@contextmanager
def progress() -> Iterator[Step]:
    """A callback (what, done, total) that draws bars on a terminal and plain lines in a log.

    Without a total, ``what`` is a sentence about a pause: it stands until the next step.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _plain_lines()
        return
    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
    ) as bars:
        tasks: dict[str, TaskID] = {}
        pauses: list[TaskID] = []

        def step(what: str, done: int, total: int) -> None:
            while pauses:
                bars.remove_task(pauses.pop())
            if not total and not done:
                pauses.append(bars.add_task(what, total=None))
                return
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done, total=total)

        yield step


def _plain_lines() -> Step:
    """A line every few seconds and one at the end: a log stays readable."""
    last = time.monotonic()

    def step(what: str, done: int, total: int) -> None:
        nonlocal last
        if not total and not done:
            say(what)
            return
        if done >= total or time.monotonic() - last >= _SECONDS_BETWEEN_LINES:
            last = time.monotonic()
            say(f"{what}: {done} von {total}")

    return step
