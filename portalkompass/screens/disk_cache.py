"""The one cache on disk: finished answers beside the snapshot they come from, so that a new process need not work
them out again.

Kept are the answers that are worth having ready: the first screen, and the two estimates for every period that has
a name. The load gets them ready (``python -m portalkompass prepare``), and so does the app. A file's name is a
digest of all that its answer depends on; another snapshot, another write in the workspace, other settings, another
day or another release are another name. So nothing kept is ever out of date, and losing it costs time only.
"""

from __future__ import annotations

import functools
import hashlib
import logging
import os
import shutil
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any

from portalkompass import charts
from portalkompass.answers import Answer, Filters
from portalkompass.answers.asking import ask
from portalkompass.packing import Damaged, pack, unpack
from portalkompass.screens.catalogue import OPPORTUNITIES, OUTLIERS, OVERVIEW, Topic
from portalkompass.screens.presets import standard_filters
from portalkompass.settings import SHIPPED_DATA, Settings
from portalkompass.warehouse import snapshots
from portalkompass.warehouse.reader import NOTHING_PUBLISHED, Warehouse
from portalkompass.workspace import Workspace, state_of

LOG = logging.getLogger(__name__)
FOLDER, SUFFIX = "answers", ".answer"
FIRST_SCREEN = OVERVIEW
ESTIMATES = (OPPORTUNITIES, OUTLIERS)
CACHE_SIZE = 60
"""Files kept of one snapshot; every write in the workspace makes new ones."""
LISTS = (".csv", ".toml")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with all that its answer comes from; ``further`` are its own keywords."""

    topic: Topic
    warehouse: Warehouse
    workspace: Workspace
    filters: Filters
    settings: Settings
    further: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finished:
    """An answer with the Vega-Lite specifications of its charts, by exhibit id."""

    answer: Answer
    specifications: dict[str, dict[str, Any]]


def work_out(asked: Asked) -> Finished:
    """The answer and its charts.

    Raises:
        WarehouseError, WorkspaceError: with a German sentence for the reader.
    """
    question = ask(asked.warehouse, asked.workspace, asked.filters, asked.settings)
    answer = asked.topic.load()(question, **asked.further)
    return Finished(answer, charts.build_all(answer.exhibits))


def standard_questions(warehouse: Warehouse, workspace: Workspace, settings: Settings) -> Iterator[Asked]:
    """What is worth having ready, in the order in which it will be missed."""
    chosen = standard_filters(warehouse, settings)
    yield Asked(FIRST_SCREEN, warehouse, workspace, chosen[0], settings)
    for filters in chosen:
        for topic in ESTIMATES:
            yield Asked(topic, warehouse, workspace, filters, settings)


def prepare(warehouse: Warehouse, workspace: Workspace, settings: Settings) -> int:
    """Work out and keep what is worth having ready and not kept yet; returns how many answers are kept now.

    Raises:
        WarehouseError, WorkspaceError: with a German sentence.
        OSError: the folder of the snapshots cannot be written.
    """
    number = 0
    for asked in standard_questions(warehouse, workspace, settings):
        place = place_of(asked)
        if place is None:
            continue
        if not place.exists():
            keep(asked, work_out(asked), place)
        number += 1
    return number


def kept(asked: Asked) -> Finished | None:
    """The answer as it was kept; None where it has to be worked out.

    Raises:
        WorkspaceError: the workspace cannot be read.
    """
    folder = _folder(asked)
    if asked.topic not in (FIRST_SCREEN, *ESTIMATES) or folder is None or not folder.is_dir():
        return None
    place = folder / _name(asked)
    try:
        return unpack(Finished, place.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, Damaged) as error:
        LOG.warning("kept answer %s is not readable: %s", place.name, error)
        return None


def place_of(asked: Asked) -> Path | None:
    """Where the answer is kept; None where nothing is (a limited view, a lake, no snapshot).

    To be taken before the answer is worked out: whatever is written meanwhile makes another place.

    Raises:
        WorkspaceError: the workspace cannot be read.
    """
    folder = _folder(asked)
    return folder / _name(asked) if folder else None


def keep(asked: Asked, finished: Finished, place: Path) -> None:
    """Write the answer to ``place``, if that is still where it belongs, and tidy up what nobody asks for any more.

    Raises:
        OSError: the folder cannot be written.
        WorkspaceError: the workspace cannot be read.
    """
    if place != place_of(asked):
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_suffix(f".{os.getpid()}-{threading.get_ident()}.part")
    draft.write_bytes(pack(finished))
    snapshots.move(draft, place)
    with suppress(OSError):  # another process may be tidying, too
        _tidy(place.parent, asked.settings)


def _folder(asked: Asked) -> Path | None:
    whole = not asked.warehouse.limited and asked.warehouse.name != NOTHING_PUBLISHED
    if asked.settings.distributed or not whole:
        return None
    return asked.settings.warehouse_dir / FOLDER / asked.warehouse.name


def _name(asked: Asked) -> str:
    parts = (
        _release(),
        asked.settings.model_dump_json(),
        asked.settings.current_day().isoformat(),
        _lists(asked.settings),
        asked.warehouse.name,
        state_of(asked.workspace),
        asked.topic.id,
        repr(astuple(asked.filters)),
        repr(sorted(asked.further.items())),
    )
    return hashlib.sha256("\0".join(parts).encode("utf-8")).hexdigest() + SUFFIX


@functools.cache
def _release() -> str:
    """Digest of this package's code: an answer of another release may be worded or counted otherwise."""
    return _digest(Path(__file__).parents[1].rglob("*.py"))


def _lists(settings: Settings) -> str:
    """Digest of the lists that answers read beside snapshot and workspace (services, synonyms, criteria)."""
    folders = (SHIPPED_DATA, settings.data_dir)
    files = (path for folder in folders if folder.is_dir() for path in folder.iterdir())
    return _digest(path for path in files if path.suffix in LISTS and path.is_file())


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.name.encode("utf-8"))
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _tidy(folder: Path, settings: Settings) -> None:
    """Keep the newest files of this snapshot and nothing of snapshots that are not published."""
    published = snapshots.published(settings.warehouse_dir)
    names = {folder.name, published.name if published else ""}
    for other in folder.parent.iterdir():
        if other.name not in names:
            shutil.rmtree(other, ignore_errors=True)
    by_age = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime)
    for old in by_age[:-CACHE_SIZE]:
        old.unlink(missing_ok=True)
