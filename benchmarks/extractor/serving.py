"""The stand-in Search Console in a process of its own, so that it does not share the client's interpreter."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.extractor.world import SITE, TODAY, BenchWorld
from etl.demo.server.credentials import write_credentials
from etl.demo.server.loopback import Reply, Request, listening
from etl.demo.server.question import read_question
from etl.demo.server.stand_in import StandIn
from etl.sources.search_console.grains import day_grains


@dataclass(frozen=True, slots=True)
class Served:
    """Where the stand-in answers and with which key to sign in."""

    endpoint: str
    credentials: Path


@dataclass(frozen=True, slots=True)
class _Order:
    world: BenchWorld
    latency: float
    folder: Path


def request_bodies(world: BenchWorld) -> list[dict[str, object]]:
    """What the extractor asks for, newest day first, without paging: days, then every grain of every day."""
    span = {"startDate": world.first_day.isoformat(), "endDate": TODAY.isoformat(), "type": "web"}
    bodies: list[dict[str, object]] = [
        {**span, "dimensions": ["date"], "dataState": state} for state in ("final", "all")
    ]
    bodies += [
        {
            "startDate": day.isoformat(),
            "endDate": day.isoformat(),
            "dimensions": list(grain.dimensions),
            "type": "web",
            "dataState": "final",
        }
        for day in reversed(world.all_days)
        for grain in day_grains("web")
    ]
    return bodies


@contextmanager
def stand_in(world: BenchWorld, folder: Path, *, latency: float = 0.0) -> Iterator[Served]:
    """Serve ``world`` with all answers encoded beforehand until the block ends."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run, args=(theirs, _Order(world, latency, folder)), daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours.recv()
    finally:
        ours.close()
        process.join(10)
        if process.is_alive():
            process.terminate()
            process.join()


def _run(pipe: Connection, order: _Order) -> None:
    server = StandIn(order.world, TODAY, lag=lambda _: 2, answers_kept=None)
    for body in request_bodies(order.world):
        server.encoded(SITE, read_question(body)[0], TODAY)

    def respond(request: Request) -> Reply | None:
        if request.path != "/token":
            time.sleep(order.latency)
        return server.respond(request)

    with listening(respond) as server.port:
        pipe.send(Served(server.endpoint, write_credentials(order.folder, server.token_uri)))
        try:
            pipe.recv()
        except EOFError:
            return
