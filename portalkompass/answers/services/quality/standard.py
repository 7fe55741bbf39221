"""The points of the self-audit, from ``service_standard.toml``: the city may count others."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from portalkompass import german

FILE = "service_standard.toml"
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Point:
    """One point; ``id`` is what answers are kept by."""

    id: str
    topic: str
    text: str


@dataclass(frozen=True, slots=True)
class Standard:
    """Its title and points in order; ``fault`` says in German why there are none."""

    title: str
    points: tuple[Point, ...]
    fault: str = ""


def read_standard(path: Path) -> Standard:
    """The points of the file; none, and a sentence, where it cannot be used."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        points = tuple(
            Point(*(str(one[name]).strip() for name in ("id", "topic", "text"))) for one in content["points"]
        )
        title = str(content["title"]).strip()
    except (OSError, UnicodeDecodeError) as error:
        return Standard("", (), f"{path.name} lässt sich nicht lesen: {german.why_unreadable(error)}.")
    except tomllib.TOMLDecodeError as error:
        return Standard(
            "", (), f"{path.name} ist kein TOML ({str(error).partition('(')[2].rstrip(')') or 'Anfang'})."
        )
    except (KeyError, TypeError):
        return Standard("", (), f"{path.name}: Erwartet werden title und [[points]] mit id, topic und text.")
    ids = [one.id for one in points]
    double = next((one for one in ids if not one or ids.count(one) > 1), None)
    if double is not None or not points or any(len(one.text) > _LONGEST or not one.text for one in points):
        why = (
            f"die Kennung „{double}“ fehlt oder steht doppelt"
            if double is not None
            else "ein Punkt hat keinen Text"
        )
        return Standard("", (), f"{path.name}: {why}.")
    return Standard(title, points)
