"""What people do, in the log: sign-in and sign-out, refusals, writes, exports, uploads; one line each.

Refusals of people nobody knows are printed up to a number a minute and counted beyond: a flood fills no disk.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from typing import Literal

from starlette.types import Scope

from portalkompass.ui.auth.roles import Person

LOG = logging.getLogger(__name__)
Event = Literal["sign-in", "sign-out", "refusal", "write", "vote", "export", "upload"]
MESSAGES: dict[Event, str] = {
    "sign-in": "Anmeldung",
    "sign-out": "Abmeldung",
    "refusal": "Zugriff abgewiesen",
    "write": "Geschrieben",
    "vote": "Stimmzettel angenommen",
    "export": "Exportiert",
    "upload": "Datei geladen",
}
MOST_A_MINUTE = 30
"""Refusals of unknown people that are printed in a minute; the others are counted in one line at its end."""
MINUTE = 60.0
_counts: Counter[tuple[Event, bool]] = Counter()
_counting = threading.Lock()


def note(
    event: Event,
    *,
    outcome: str = "ok",
    person: Person | None = None,
    scope: Scope | None = None,
    **more: object,
) -> None:
    """One line: who (name and account), from which address, on which path, with what outcome."""
    fields: dict[str, object] = {"event": event, "outcome": outcome}
    if person is not None and (person.name or person.account):
        fields |= {"person": person.name, "account": person.account}
    if scope is not None:
        fields |= {"address": address_of(scope), "path": scope.get("path", "")}
    failed = outcome != "ok"
    with _counting:
        _counts[event, not failed] += 1
    LOG.log(
        logging.WARNING if failed else logging.INFO,
        f"{MESSAGES[event]}: {outcome}" if failed else MESSAGES[event],
        extra={"fields": fields | more},
    )


def counted() -> dict[tuple[Event, bool], int]:
    """How often each event was noted since the start, well and badly; counted refusals among them."""
    with _counting:
        return dict(_counts)


def address_of(scope: Scope) -> str:
    """The peer's address; that of the person where the configured proxy told it (see ``forwarded``)."""
    client = scope.get("client")
    return str(client[0]) if client else ""


class Refusals:
    """Refusals, line by line for known people; for others only so many a minute, and how many there were."""

    def __init__(self, most: int = MOST_A_MINUTE, seconds: float = MINUTE) -> None:
        self._most = most
        self._seconds = seconds
        self._turn = threading.Lock()
        self._begin = 0.0
        self._printed = 0
        self._counted = 0
        self._timer: threading.Timer | None = None

    def note(self, outcome: str, scope: Scope, person: Person | None = None) -> None:
        """A refusal; without a person it counts against the limit."""
        if person is None and not self._may_print():
            return
        note("refusal", outcome=outcome, person=person, scope=scope)

    def _may_print(self) -> bool:
        with self._turn:
            now = time.monotonic()
            if now - self._begin >= self._seconds:
                self._tell()
                self._begin, self._printed = now, 0
            if self._printed < self._most:
                self._printed += 1
                return True
            self._counted += 1
            with _counting:
                _counts["refusal", False] += 1
            if self._timer is None:
                self._timer = threading.Timer(max(0.0, self._begin + self._seconds - now), self.flush)
                self._timer.daemon = True
                self._timer.start()
            return False

    def flush(self) -> None:
        """Say how many were only counted so far."""
        with self._turn:
            self._tell()

    def _tell(self) -> None:
        self._timer = None
        if self._counted:
            LOG.warning(
                "Weitere Zugriffe ohne Anmeldung abgewiesen: %d",
                self._counted,
                extra={"fields": {"event": "refusal", "outcome": "gezählt", "count": self._counted}},
            )
        self._counted = 0


REFUSALS = Refusals()
