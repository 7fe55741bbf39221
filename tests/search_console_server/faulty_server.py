"""The stand-in of the sample data as tests need it: with a log, faults by plan, short pages and lost days."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from etl.demo.server.collect import usual_lag
from etl.demo.server.loopback import Reply, Request, listening
from etl.demo.server.routes import json_object, target_of
from etl.demo.server.stand_in import StandIn
from etl.demo.world.row_types import Rows, World, no_rows
from tests.search_console_server.injected_faults import FaultPlan, RequestFacts, no_fault, play


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One request as it was answered; `status` is 0 where the connection was dropped."""

    facts: RequestFacts
    status: int
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Options:
    """How the stand-in behaves.

    latency: seconds before each API answer. short_pages: at most so many rows a page although more follow
    (0: pages are full). gaps: days that Google lost. cap: rows a day.
    """

    latency: float = 0.0
    short_pages: int = 0
    gaps: frozenset[dt.date] = frozenset()
    cap: int = 50_000
    lag: Callable[[dt.date], int] = usual_lag


@dataclass(frozen=True, slots=True)
class WorldWithGaps:
    """A world of which some days are lost."""

    whole: World
    gaps: frozenset[dt.date]

    @property
    def sites(self) -> tuple[str, ...]:
        return self.whole.sites

    @property
    def first_day(self) -> dt.date:
        return self.whole.first_day

    @property
    def last_day(self) -> dt.date:
        return self.whole.last_day

    def rows(
        self, site: str, search_type: str, day: dt.date, dimensions: tuple[str, ...], by_page: bool
    ) -> Rows:
        if day in self.gaps:
            return no_rows(dimensions)
        return self.whole.rows(site, search_type, day, dimensions, by_page)


@dataclass
class FaultyStandIn(StandIn):
    """A server that logs every request and plays faults; `faults` may be exchanged while it runs."""

    faults: FaultPlan = no_fault
    options: Options = field(default_factory=Options)
    requests: list[LoggedRequest] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _number: int = 0
    _seen: Counter[tuple[str, str, bytes]] = field(default_factory=Counter)

    def replace_world(self, world: World) -> None:
        """Serve another world from now on; kept answers are dropped."""
        self.encoded.cache_clear()
        self.world = WorldWithGaps(world, self.options.gaps)

    def respond(self, request: Request) -> Reply | None:
        facts = self._facts(request)
        fault = self.faults(facts)
        if facts.kind != "token" and (fault is None or fault.kind not in ("drop", "slow")):
            self.stopping.wait(self.options.latency)
        reply = play(
            fault, lambda: super(FaultyStandIn, self).respond(self._shortened(request)), self.stopping
        )
        with self._lock:
            entry = LoggedRequest(facts, reply.status if reply else 0, fault.name if fault else "")
            self.requests.append(entry)
        return reply

    def _facts(self, request: Request) -> RequestFacts:
        """The request with its number, as fault plans see it."""
        path = request.path.partition("?")[0]
        target = target_of(request.method, path)
        # Every assertion is another one.
        same = (request.method, path, b"" if target.kind == "token" else request.body)
        with self._lock:
            number, self._number = self._number, self._number + 1
            attempt = self._seen[same]
            self._seen[same] += 1
        body = json_object(request.body) if target.kind in ("query", "inspection") else {}
        return RequestFacts(number, attempt, target.kind, request.method, path, target.site, body)

    def _shortened(self, request: Request) -> Request:
        body = json_object(request.body)
        if not self.options.short_pages or "startDate" not in body:
            return request
        body["rowLimit"] = min(body.get("rowLimit", 1000), self.options.short_pages)
        return replace(request, body=json.dumps(body).encode())


@contextlib.contextmanager
def serve(
    world: World, *, today: dt.date, faults: FaultPlan = no_fault, options: Options | None = None
) -> Iterator[FaultyStandIn]:
    """Run the stand-in on a free loopback port until the block ends."""
    chosen = options or Options()
    gappy = WorldWithGaps(world, chosen.gaps)
    stand_in = FaultyStandIn(gappy, today, chosen.lag, chosen.cap, faults=faults, options=chosen)
    with listening(stand_in.respond) as stand_in.port:
        try:
            yield stand_in
        finally:
            stand_in.stopping.set()
