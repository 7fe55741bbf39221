"""Wrong codes are limited by address: guessing must not pay, although 50 random bits leave little to hope for."""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque

WRONG_CODES = 10
SECONDS = 300.0
"""So many wrong codes from one address within so many seconds; right ones never count."""
MOST_ADDRESSES = 10_000


class Attempts:
    """Wrong codes by address over the last minutes; safe between threads."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._failed: defaultdict[str, deque[float]] = defaultdict(deque)

    def exhausted(self, address: str) -> bool:
        """Whether this address has to wait."""
        with self._turn:
            return len(self._recent(address)) >= WRONG_CODES

    def failed(self, address: str) -> None:
        """Note a wrong code."""
        with self._turn:
            if len(self._failed) >= MOST_ADDRESSES:
                self._failed.clear()
            self._recent(address).append(time.monotonic())

    def _recent(self, address: str) -> deque[float]:
        times = self._failed[address]
        while times and times[0] < time.monotonic() - SECONDS:
            times.popleft()
        return times
