"""What keeps a backup or a restore from being done: one German sentence each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from portalkompass import german


class SafekeepingError(Exception):
    """A backup or restore that was not done; what was there is as it was, unless the sentence says more."""


def reason(error: OSError) -> str:
    """Why the operating system did not do it, in German."""
    return german.why_unreadable(error)


@contextmanager
def german_faults(what: str) -> Iterator[None]:
    """Faults of the operating system as a sentence that begins with ``what`` was not possible."""
    try:
        yield
    except OSError as error:
        raise SafekeepingError(f"{what}: {reason(error)}.") from error
