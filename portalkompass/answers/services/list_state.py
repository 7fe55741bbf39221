"""The OZG list in its newest state, as people edit it and as it is shipped."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import dataclass

import narwhals as nw
import pandas as pd

from portalkompass.answers.base.service_list import WITHOUT_STATUS, directory, own
from portalkompass.schema import SERVICES
from portalkompass.settings import Settings
from portalkompass.warehouse.reader import Warehouse

_DERIVED = frozenset({"municipality", "service", "as_of", "status_group"})
COLUMNS = ("service_id", *(name for name in SERVICES.names if name not in _DERIVED), "as_of")
"""Columns of the shipped list, in its order."""


@dataclass(frozen=True, slots=True)
class ListState:
    """The list as texts, one row a service; ``run_id`` names the load it stems from ("" without a list)."""

    run_id: str
    as_of: dt.date | None
    message: str
    rows: pd.DataFrame


def newest(warehouse: Warehouse, settings: Settings) -> ListState:
    """The newest dated state, services in the shipped order (list, then as loaded)."""
    states = warehouse.ask(
        lambda t: own(t, "service_status_history", settings).sort("as_of", "list", "service")
    )
    if states.empty:
        return ListState("", None, "", pd.DataFrame(columns=list(COLUMNS[:-1]), dtype=str))
    last = states[states["as_of"] == states["as_of"].max()].reset_index(drop=True)
    run_id = str(last["import_id"].iloc[0] or "")
    runs = warehouse.ask(lambda t: t["ingest_runs"].filter(nw.col("run_id") == run_id))
    columns = {name: last[name].map(_text) for name in COLUMNS[1:-1]}
    texts = pd.DataFrame({"service_id": last["service"], **columns})
    message = "" if runs.empty else str(runs["message"].iloc[0] or "")
    return ListState(run_id, last["as_of"].iloc[0].date(), message, texts.astype(str))


def only_in_directory(warehouse: Warehouse, settings: Settings, listed: pd.DataFrame) -> pd.DataFrame:
    """Services of the city's directory that ``listed`` (rows of a state) lacks, as rows that could be added to it."""
    rows = directory(warehouse, settings)
    rows = rows[~rows["service"].isin(listed["service_id"])]
    told = {name: rows[name].map(_text) for name in ("name", "leistungsschluessel", "departments", "ozg_id")}
    added = pd.DataFrame({"service_id": rows["service"], **told, "list": WITHOUT_STATUS})
    return added.reindex(columns=list(COLUMNS[:-1]), fill_value="").astype(str).reset_index(drop=True)


def shipped_csv(rows: pd.DataFrame, as_of: dt.date) -> bytes:
    """The list as it is shipped: ``;``, UTF-8, one line feed a row, ``as_of`` in each."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows.astype(object).fillna("").astype(str).to_dict("records"):
        writer.writerow([*(row.get(name, "").strip() for name in COLUMNS[:-1]), as_of.isoformat()])
    return text.getvalue().encode("utf-8")


def differences(before: pd.DataFrame, yours: pd.DataFrame, theirs: pd.DataFrame) -> pd.DataFrame:
    """Fields in which two versions of the list differ from each other, with what both began from.

    Columns: service, field, before, yours, theirs. A service that one version lacks is one row of the
    field ``service`` with an empty text there.
    """
    frames = [_by_service(frame) for frame in (before, yours, theirs)]
    services = list(dict.fromkeys(name for frame in frames for name in frame))
    rows = []
    for service in services:
        old, mine, other = (frame.get(service) for frame in frames)
        if mine is None or other is None:
            if mine is not other:
                rows.append(
                    (service, "service", *(part["name"] if part else "" for part in (old, mine, other)))
                )
            continue
        rows += [
            (service, name, old[name] if old else "", mine[name], other[name])
            for name in COLUMNS[1:-1]
            if mine[name] != other[name]
        ]
    return pd.DataFrame(rows, columns=["service", "field", "before", "yours", "theirs"])


def rebased(before: pd.DataFrame, yours: pd.DataFrame, theirs: pd.DataFrame) -> pd.DataFrame:
    """Your changes of ``before`` on the version that is stored: rows in the order of ``theirs``, new ones behind.

    Fields that you changed are yours, all others theirs; what you deleted is gone, what you added is there.
    """
    old, mine, other = (_by_service(frame) for frame in (before, yours, theirs))
    rows = []
    for service, stored in other.items():
        if service in mine:
            began = old.get(service, {})
            changed = {name: cell for name, cell in mine[service].items() if cell != began.get(name)}
            rows.append(stored | changed)
        elif service not in old:
            rows.append(stored)
    rows += [row for service, row in mine.items() if service not in old and service not in other]
    return pd.DataFrame(rows, columns=list(COLUMNS[:-1]), dtype="str")


def _by_service(frame: pd.DataFrame) -> dict[str, dict[str, str]]:
    records = (
        frame.reindex(columns=list(COLUMNS[:-1])).astype(object).fillna("").astype(str).to_dict("records")
    )
    return {
        str(row["service_id"]).strip(): {str(name): str(cell).strip() for name, cell in row.items()}
        for row in records
    }


def _text(value: object) -> str:
    if isinstance(value, dt.date):
        return "" if pd.isna(value) else f"{value:%Y-%m}"
    if value is None or isinstance(value, float) or value is pd.NaT:
        return ""
    return value if isinstance(value, str) else "|".join(str(part) for part in value)  # type: ignore[attr-defined]
