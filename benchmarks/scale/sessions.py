"""Part `scale-sessions`: fifteen people on one server at 24 million rows, then as fast as it answers."""

from __future__ import annotations

import os
import random
import threading
import time
from dataclasses import dataclass, field

from benchmarks.part import Goal, Part, Result
from benchmarks.scale import serving
from benchmarks.scale.data import data_folders
from etl.demo.scale.sizes import Scale
from tests.soak.client import visitor

PEOPLE, THINKING = 15, 3.0
SCREENS = ("ueberblick", "rankings", "seiten", "suchanfragen", "leistungen")
P95_LIMIT, MEMORY_LIMIT = 1.0, 700.0
SECONDS = float(os.environ.get("BENCH_SESSION_SECONDS", "300"))


@dataclass
class _Seen:
    """What all sessions saw together."""

    seconds: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    most_memory: float = 0.0
    lasted: float = 0.0


def run(runs: int) -> Result:
    """One server, first with a click every three seconds, then without a pause; ``runs`` is ignored."""
    with data_folders() as folders, serving.ours(folders[Scale.LARGE]) as server:
        first = _phase(server, seconds=1.0, people=1, thinking=0.0, every_screen=True)
        calm = _phase(server, SECONDS, PEOPLE, THINKING)
        busy = _phase(server, min(SECONDS, 60.0), PEOPLE, 0.0)
    rows = [
        (f"{PEOPLE} people, a click every {THINKING:.0f} s", *_row(calm)),
        (f"{PEOPLE} people without a pause", *_row(busy)),
    ]
    return Result(
        method=(
            f"Headless visitors over Streamlit's websocket on the screens {', '.join(SCREENS)}, default filters, "
            f"for {SECONDS:.0f} s; seconds from the request to the end of the script. Every screen was opened once "
            f"before ({max(first.seconds):.1f} s the slowest, answers not yet in the cache).",
        ),
        columns=("", "p95 (s)", "median (s)", "screens a second", "errors", "memory (MB)"),
        rows=tuple(rows),
        goals=(
            Goal(f"p95 under {P95_LIMIT:.0f} s", f"{_at(calm, 0.95):.2f} s", _at(calm, 0.95) < P95_LIMIT),
            Goal("no error", f"{len(calm.faults) + len(busy.faults)}", not calm.faults and not busy.faults),
            Goal(
                f"memory under {MEMORY_LIMIT:.0f} MB",
                f"{max(calm.most_memory, busy.most_memory):.0f} MB",
                max(calm.most_memory, busy.most_memory) < MEMORY_LIMIT,
            ),
        ),
        notes=tuple(f"Error: {fault}" for fault in (*calm.faults, *busy.faults)[:3]),
    )


def _phase(
    server: serving.Server, seconds: float, people: int, thinking: float, *, every_screen: bool = False
) -> _Seen:
    seen, over = _Seen(), threading.Event()

    def visit(seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 not for secrets
        try:
            with visitor(server.address) as person:
                for slug in SCREENS if every_screen else ():
                    seen.seconds.append(person.ask(slug).seconds)
                while not every_screen and not over.wait(chance.uniform(0.5, 1.5) * thinking):
                    screen = person.ask(chance.choice(SCREENS))
                    seen.seconds.append(screen.seconds)
                    seen.faults.extend(screen.faults)
        except Exception as error:
            seen.faults.append(f"{type(error).__name__}: {error}")

    threads = [threading.Thread(target=visit, args=(number,), daemon=True) for number in range(people)]
    begin = time.monotonic()
    for thread in threads:
        thread.start()
    while time.monotonic() - begin < seconds or (every_screen and threads[0].is_alive()):
        seen.most_memory = max(seen.most_memory, server.megabytes())
        time.sleep(0.5)
    over.set()
    for thread in threads:
        thread.join(120)
    seen.lasted = time.monotonic() - begin
    return seen


def _row(seen: _Seen) -> tuple[str, ...]:
    rate = len(seen.seconds) / seen.lasted
    return (
        f"{_at(seen, 0.95):.2f}",
        f"{_at(seen, 0.5):.2f}",
        f"{rate:.1f}",
        f"{len(seen.faults)}",
        f"{seen.most_memory:.0f}",
    )


def _at(seen: _Seen, share: float) -> float:
    ordered = sorted(seen.seconds)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else float("nan")


PART = Part("scale-sessions", "At scale: fifteen people", run, packages=("streamlit", "duckdb"))
