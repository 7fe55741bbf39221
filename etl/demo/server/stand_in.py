"""A stand-in for Google's Search Console API on loopback: same addresses, shapes and rules."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from etl.demo.server.api_error import ApiError, unauthorised
from etl.demo.server.collect import Supply, collect, usual_lag
from etl.demo.server.loopback import Reply, Request, listening
from etl.demo.server.question import Question
from etl.demo.server.replies import Encoded, encode
from etl.demo.server.routes import answer, target_of
from etl.demo.server.tokens import Tokens
from etl.demo.world.row_types import World


@dataclass
class StandIn:
    """A server. `today` may be set while it runs, as days pass.

    lag: days between today and the newest final day. cap: rows a day. answers_kept: answers that stay encoded
    for their further pages (None: all).
    """

    world: World
    today: dt.date
    lag: Callable[[dt.date], int] = usual_lag
    cap: int = 50_000
    answers_kept: int | None = 256
    port: int = 0
    tokens: Tokens = field(default_factory=Tokens)

    def __post_init__(self) -> None:
        self.encoded = lru_cache(self.answers_kept)(self._encoded)

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
        return Supply(self.world, self.today, self.today - dt.timedelta(days=self.lag(self.today)), self.cap)

    def respond(self, request: Request) -> Reply | None:
        """The reply to a request, as Google's."""
        try:
            return Reply(200, self._body(request))
        except ApiError as error:
            return Reply(error.code, error.body)

    def _body(self, request: Request) -> bytes:
        target = target_of(request.method, request.path)
        if target.kind == "token":
            return self.tokens.grant(request.body)
        if target.kind != "other" and not self.tokens.holds(request.headers.get("Authorization", "")):
            raise unauthorised()
        return answer(target, request.body, self.supply(), self.encoded)

    def _encoded(self, site: str, question: Question, _today: dt.date) -> Encoded:
        return encode(collect(site, question, self.supply()), question)


@contextlib.contextmanager
def serve(world: World, *, today: dt.date) -> Iterator[StandIn]:
    """Run the stand-in on a free loopback port until the block ends."""
    stand_in = StandIn(world, today)
    with listening(stand_in.respond) as stand_in.port:
        yield stand_in
