"""A pause is said: printed, in the log, in the progress bar, and beside the snapshots for *Daten* and ``status``."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable

from etl.console import Step
from portalkompass.settings import Settings
from portalkompass.warehouse import waiting

LOG = logging.getLogger(__name__)
WORTH_SAYING = 20.0
"""Seconds from which a back-off is said; shorter ones pass unnoticed."""

Tell = Callable[[str, float], None]


def silent(_reason: str, _seconds: float) -> None:
    """For requests that nobody waits for."""


def teller(settings: Settings | None, progress: Step | None) -> Tell:
    """What a `Pace` calls when it begins to wait: with the reason in German, and the seconds.

    Without ``settings`` (a check, a plan) no load waits, so that nothing is laid beside the snapshots.
    """
    turn = threading.Lock()
    said_until = dt.datetime.min.replace(tzinfo=dt.UTC)

    def tell(reason: str, seconds: float) -> None:
        nonlocal said_until
        if seconds < WORTH_SAYING and "Pause" not in reason:
            return
        now = dt.datetime.now(dt.UTC)
        until = now + dt.timedelta(seconds=seconds)
        with turn:
            if until <= said_until + dt.timedelta(seconds=1):
                return  # several workers meet the same pause
            said_until = until
            sentence = worded(reason, until)
            LOG.info(
                sentence, extra={"fields": {"event": "waiting", "until": until.isoformat(timespec="seconds")}}
            )
            if settings is not None:
                waiting.note(settings.warehouse_dir, sentence, until)
            if progress is not None:
                progress(sentence, 0, 0)

    return tell


def worded(reason: str, until: dt.datetime) -> str:
    """E.g. "Kontingent erschöpft, weiter um 14:32 (Pause 1 von 4)"; the clock is the machine's own."""
    what, bracket, number = reason.partition(" (")
    return f"{what}, weiter um {until.astimezone():%H:%M}{bracket}{number}"
