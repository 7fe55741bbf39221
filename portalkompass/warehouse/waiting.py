"""What a load is waiting for: a small file beside the snapshots, read by ``status`` and by *Daten*."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import suppress
from pathlib import Path

from portalkompass.warehouse import snapshots

FILE = "waiting.json"


def note(folder: Path, sentence: str, until: dt.datetime) -> None:
    """Write down that the load waits, until ``until`` (aware). A disk that is full is no second fault of the load."""
    with suppress(OSError):
        content = {"sentence": sentence, "until": until.astimezone(dt.UTC).isoformat()}
        snapshots.replace_whole(folder / FILE, json.dumps(content, ensure_ascii=False).encode())


def over(folder: Path) -> None:
    """The load goes on, or has ended."""
    with suppress(OSError):
        (folder / FILE).unlink(missing_ok=True)


def sentence(folder: Path, now: dt.datetime | None = None) -> str:
    """What the load waits for at this moment; empty if it does not, also after one that was killed while it waited."""
    try:
        content = json.loads((folder / FILE).read_text(encoding="utf-8"))
        until = dt.datetime.fromisoformat(content["until"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return str(content.get("sentence", "")) if (now or dt.datetime.now(dt.UTC)) < until else ""
