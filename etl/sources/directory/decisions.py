"""Which services a person gave to the names of a directory: read from a file, and what there is to decide, in words."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from etl.errors import LoadError
from etl.reports import ImportReport
from portalkompass.german import why_unreadable

COLUMNS = ("name", "service_id")


def read_decisions(path: Path) -> dict[str, str]:
    """Name in the list → id of the service that it is, "" for one of its own (semicolon CSV, UTF-8).

    Raises:
        LoadError: the file cannot be read, has other columns, or names a service twice.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, delimiter=";")
            if tuple(reader.fieldnames or ()) != COLUMNS:
                raise LoadError(f"{path.name}: erwartet werden die Spalten {', '.join(COLUMNS)}.")
            found: dict[str, str] = {}
            for row in reader:
                name = (row["name"] or "").strip()
                if not name or name in found:
                    why = "steht schon weiter oben" if name else "fehlt"
                    raise LoadError(f"{path.name}, Zeile {reader.line_num}: Der Name „{name}“ {why}.")
                found[name] = (row["service_id"] or "").strip()
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise LoadError(f"{path.name} lässt sich nicht lesen: {why_unreadable(error)}.") from None
    return found


def proposed(report: ImportReport) -> Iterator[str]:
    """A sentence for each row of a directory that is a known service or may be one."""
    for row in report.proposals:
        offers = ", ".join(
            f"„{offer['name']}“ ({offer['service']}; {offer['reason']})" for offer in row["offers"]
        )
        if offers:
            yield f"Zeile {row['line']} „{row['name']}“: eigene Leistung; vielleicht {offers}."
        elif not row["own"]:
            yield f"Zeile {row['line']} „{row['name']}“ → {row['service_name']} ({row['service']}; {row['reason']})."
