"""The invented city's list of services: the shipped OZG list with keys, and services that only have figures."""

from __future__ import annotations

import csv
from pathlib import Path

from etl.demo.files.case_numbers import SERVICES

_SAMPLE_KEY = "99999{:03}000000"
"""Of services whose key no list tells: no service of the federal catalogue has such a one."""


def write_services(shipped: Path, named: Path, folder: Path) -> Path:
    """``shipped`` with a key for every service, then those of the sample cases that it lacks, without status.

    ``named``: ids and names of services without status (``municipal_services.csv``); ``folder`` is made if missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = _rows(shipped)
    known = {row["service_id"] for row in rows}
    names = {row["id"]: row["name"] for row in _rows(named)}
    empty = dict.fromkeys(rows[0], "") | {"list": "ohne Status", "as_of": rows[0]["as_of"]}
    further = [empty | {"service_id": one, "name": names[one]} for one in SERVICES if one not in known]
    for number, row in enumerate((*rows, *further), start=1):
        row["leistungsschluessel"] = row["leistungsschluessel"] or _SAMPLE_KEY.format(number)
    path = folder / shipped.name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";", lineterminator="\n")
        writer.writeheader()
        writer.writerows([*rows, *further])
    return path


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))
