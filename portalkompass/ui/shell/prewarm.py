"""Answers made before anyone asks: the first screen at the start, the estimates with every new state.

*Chancen* and *Auffälligkeiten* read the longest tables and change with the data only. The nightly load works them out
for the periods that have a name (``disk_cache``); whatever it has not got ready is made here as soon as a state is
published. They lie in the same cache, under the same key, as if somebody had asked; any other filter is answered
when it is asked for.
"""

from __future__ import annotations

import importlib
import itertools
import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from portalkompass.screens import disk_cache
from portalkompass.screens.disk_cache import Asked, Finished
from portalkompass.settings import SettingsError
from portalkompass.ui import reading
from portalkompass.ui.components import answer_cache
from portalkompass.ui.reading import Reading
from portalkompass.ui.shell import garbage_collection
from portalkompass.warehouse.engine import WarehouseError
from portalkompass.workspace import WorkspaceError

T = TypeVar("T")

LOG = logging.getLogger(__name__)
LATER = ("altair", "portalkompass.charts.specification")
"""What only an answer needs that was not kept; imported once the first screen is there."""
SETTLE_SECONDS = 5.0
"""Until the first visitor, if there is one already, has the first screen."""
LOOK_SECONDS = 30.0
"""Between two looks for a new state, and between the first screen and the estimates."""


def watch(over: threading.Event) -> None:
    """Make answers ready at the start and after every load, until ``over`` is set. Blocks."""
    prepared = ""
    _quietly(first_screen)
    over.wait(SETTLE_SECONDS)
    for module in LATER:
        importlib.import_module(module)
    try:
        garbage_collection.resume()
        while not over.wait(LOOK_SECONDS):
            name = _quietly(reading.published_name) or ""
            if name not in ("", prepared):
                prepared = name
                _quietly(lambda: everything(over))
    finally:
        garbage_collection.restore()


def first_screen() -> None:
    """The screen that the bare address leads to, as it opens.

    Raises:
        SettingsError, WarehouseError, WorkspaceError: the state cannot be read.
    """
    for now, asked in itertools.islice(_standard(), 1):
        _make_ready(now, asked)


def everything(over: threading.Event) -> None:
    """All that is worth having ready of the published state, the first screen first.

    Rests after each as long as it took, so that whoever uses the app meanwhile has the larger part of it.

    Raises:
        SettingsError, WarehouseError, WorkspaceError: the state cannot be read.
    """
    for now, asked in _standard():
        begin = time.monotonic()
        _make_ready(now, asked)
        if over.wait(time.monotonic() - begin):
            return


def _standard() -> Iterator[tuple[Reading, Asked]]:
    """The standard questions of the published state; a lake has none."""
    now = reading.of_everything()
    if not now.settings.distributed:
        for asked in disk_cache.standard_questions(now.warehouse, now.workspace, now.settings):
            yield now, asked


def _make_ready(now: Reading, asked: Asked) -> None:
    """In memory, where screens look first, and beside the snapshot, for the next start."""
    place = disk_cache.place_of(asked)
    answered = answer_cache.answered(asked, now)
    if place is None or place.exists():
        return
    try:
        disk_cache.keep(asked, Finished(answered.answer, answered.specifications), place)
    except OSError as error:
        LOG.info("an answer was not kept: %s", error)


def _quietly(action: Callable[[], T]) -> T | None:
    """Whoever comes to the screen is told what is wrong; here it is only noted."""
    try:
        return action()
    except (SettingsError, WarehouseError, WorkspaceError) as fault:
        LOG.info("no answers were made ahead: %s", fault)
        return None
