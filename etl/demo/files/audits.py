"""Self-audits of a few sample services by the points of the service standard, invented like all of the sample data."""

from __future__ import annotations

import csv
import datetime as dt
import tomllib
from collections.abc import Mapping
from pathlib import Path

DAY = dt.date(2025, 11, 28)
REMARK = "Beispieldaten (erfunden)"
_HEAD = ("service_id", "point", "result", "remark", "as_of")
OTHERS: Mapping[str, Mapping[str, str]] = {
    "wunschkennzeichen": {"hilfe": "partly"},
    "wohngeld": {
        "erprobt": "not",
        "verstaendlich": "partly",
        "durchgaengig": "partly",
        "anmeldung": "not",
        "quelloffen": "exempt",
        "gemessen": "partly",
        "verbessert": "",
    },
    "aufenthaltstitel": {
        "bedarf": "partly",
        "erprobt": "",
        "barrierefrei": "partly",
        "mobil": "not",
        "durchgaengig": "not",
        "quelloffen": "exempt",
        "informationssicherheit": "",
    },
    "reisepass": {"quelloffen": "exempt"},
}
"""Audited service → point → result where it is not met; what nobody looked at is ""."""


def audited(standard: Path) -> list[tuple[str, str, str]]:
    """Service, point and result of every answer that was given; ``standard`` is the file of points."""
    points = [one["id"] for one in tomllib.loads(standard.read_text(encoding="utf-8"))["points"]]
    return [
        (service, point, result)
        for service, others in OTHERS.items()
        for point in points
        if (result := others.get(point, "met"))
    ]


def write_audits(path: Path, standard: Path) -> Path:
    """The file that seeds the workspace of the sample data."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(_HEAD)
        writer.writerows((*answer, REMARK, DAY.isoformat()) for answer in audited(standard))
    return path
