"""One gate for the requests of all workers: evenly paced, slower after a rate limit, held during a pause."""

from __future__ import annotations

import threading
import time

from etl.sources.waiting import Tell, silent

_SLOWEST_FACTOR = 16
_RECOVERY = 0.9


class Pace:
    """Grants request slots at a set rate, across threads.

    Google counts queries per second over all connections of a property, so workers must share one
    pace; ``tell`` is called when a wait begins. After a rate limit the interval doubles for everyone, up to
    16-fold, and recovers by a tenth per success.
    """

    def __init__(self, per_second: float, tell: Tell = silent) -> None:
        self._tell = tell
        self._lock = threading.Lock()
        self._floor = 1.0 / per_second
        self._interval = self._floor
        self._next = 0.0
        self._pauses = 0
        self.stop = threading.Event()
        self.requests = 0

    def wait(self) -> None:
        """Block until this thread may send its request, or until everything is stopped."""
        with self._lock:
            now = time.monotonic()
            slot = max(now, self._next)
            self._next = slot + self._interval
            self.requests += 1
        if slot > now:
            self.stop.wait(slot - now)

    def sleep(self, seconds: float) -> None:
        """Sleep before another try, cut short when everything is stopped; a long sleep is said."""
        self._tell("Gegenstelle antwortet nicht oder bremst", seconds)
        self.stop.wait(seconds)

    def succeeded(self) -> None:
        """Speed up a little after a good answer, up to the set rate."""
        with self._lock:
            self._interval = max(self._floor, self._interval * _RECOVERY)

    def rate_limited(self) -> None:
        """Halve the rate for all workers."""
        with self._lock:
            self._interval = min(self._interval * 2, self._floor * _SLOWEST_FACTOR)

    def pause(self, seconds: float, limit: int) -> bool:
        """Hold all workers for a load-quota pause; False when the run has used its pauses.

        Several workers meet the same exhausted quota: it counts as one pause.
        """
        with self._lock:
            now = time.monotonic()
            if self._next - now > seconds / 2:
                return True
            if self._pauses >= limit or seconds == 0:
                return False
            self._pauses += 1
            self._next = now + seconds
            self._tell(f"Kontingent erschöpft (Pause {self._pauses} von {limit})", seconds)
            return True
