"""What happens beside the start of the app: imports, then answers made ready."""

from __future__ import annotations

import importlib
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from portalkompass.ui.shell import garbage_collection

END_SECONDS = 2.0
"""How long the end waits for an answer that is being made."""
EARLY = ("pandas", "duckdb", "portalkompass.ui.components.exhibits")
"""What the first screen needs, where its answer was kept; ``prewarm.LATER`` is the rest."""


@asynccontextmanager
async def warm_up(_app: object) -> AsyncIterator[None]:
    """Import what every page needs beside the start, so that the first visitor does not wait for it; then make
    answers ready for as long as the app runs.
    """
    over = threading.Event()
    thread = threading.Thread(target=_warm_up, args=(over,), name="warm-up", daemon=True)
    thread.start()
    yield
    over.set()
    thread.join(END_SECONDS)


def _warm_up(over: threading.Event) -> None:
    try:
        garbage_collection.leave_out_what_is_there()  # Streamlit collects even after the run that only leads on
        for name in EARLY:
            importlib.import_module(name)
            garbage_collection.leave_out_what_is_there()
        # Not at the head: it imports every answer, and the port is to open first.
        from portalkompass.ui.shell import prewarm

        prewarm.watch(over)
    finally:
        garbage_collection.restore()
