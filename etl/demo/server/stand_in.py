"""The state of a running stand-in: its day and world, options, tokens, kept answers and log."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from etl.demo.server.availability import usual_lag
from etl.demo.server.collect import Supply
from etl.demo.server.injected_faults import FaultPlan, RequestFacts
from etl.demo.server.question import read_question
from etl.demo.server.replies import Archive
from etl.demo.server.routes import target_of
from etl.demo.server.tokens import TokenOffice
from etl.demo.world.row_types import World


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
    (0: pages are full). gaps: days that Google lost. cap: rows a day. cache_bytes: memory for encoded answers.
    """

    latency: float = 0.0
    short_pages: int = 0
    gaps: frozenset[dt.date] = frozenset()
    cap: int = 50_000
    cache_bytes: int = 256 * 1024 * 1024
    token_lifetime: float = 3600.0
    lag: Callable[[dt.date], int] = usual_lag


@dataclass
class StandIn:
    """A running server. `today` and `world` may be set while it runs, as days pass and data change."""

    world: World
    today: dt.date
    options: Options
    faults: FaultPlan
    port: int = 0
    requests: list[LoggedRequest] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.archive = Archive(self.options.cache_bytes)
        self.tokens = TokenOffice(self.options.token_lifetime)
        self._lock = threading.Lock()
        self._number = 0
        self._seen: Counter[tuple[str, str, bytes]] = Counter()

    @property
    def endpoint(self) -> str:
        """Base address, for `client_options.api_endpoint`."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def token_uri(self) -> str:
        """Where service accounts get their tokens."""
        return f"{self.endpoint}/token"

    def supply(self) -> Supply:
        """What may be served now."""
        last_final = self.today - dt.timedelta(days=self.options.lag(self.today))
        return Supply(self.world, self.today, last_final, self.options.gaps, self.options.cap)

    def replace_world(self, world: World) -> None:
        """Serve another world from now on; kept answers are dropped."""
        self.archive = Archive(self.options.cache_bytes)
        self.world = world

    def prepare(self, site: str, bodies: Iterable[dict[str, object]]) -> None:
        """Encode the answers to these request bodies beforehand, for measurements."""
        for body in bodies:
            question, _, _ = read_question(body)
            self.archive.answer(site, question, self.supply())

    def facts(self, method: str, path: str, body: bytes) -> RequestFacts:
        """Number the request and describe it for the fault plan."""
        target = target_of(method, path)
        same = (method, path, b"" if target.kind == "token" else body)  # every assertion is another one
        with self._lock:
            number, self._number = self._number, self._number + 1
            attempt = self._seen[same]
            self._seen[same] += 1
        parsed = _parsed(body) if target.kind in ("query", "inspection") else {}
        return RequestFacts(number, attempt, target.kind, method, path, target.site, parsed)

    def log(self, entry: LoggedRequest) -> None:
        """Remember a request."""
        with self._lock:
            self.requests.append(entry)


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
