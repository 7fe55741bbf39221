"""What the Open-PVOG list reports: which online services work, for whose area, and to which services they belong."""

from __future__ import annotations

from collections.abc import Mapping, Sized
from typing import Any

import pandas as pd

from portalkompass import german
from portalkompass.answers.base.question import Question

SOURCE = "Open-PVOG"
WORKS, BROKEN, NONE, NO_KEY = "ja", "gemeldet, aber defekt", "nicht gemeldet", "ohne Schlüssel"
REGIONS = {0: "Bund", 2: "Land", 3: "Regierungsbezirk", 5: "Kreis", 9: "Gemeindeverband", 12: "Gemeinde"}
CITY = "Stadt"


def reports(question: Question) -> pd.DataFrame:
    """The Open-PVOG list with ``works``: active and its status ok."""
    rows = question.warehouse.ask(lambda t: t["online_services"].sort("leika_key", "host", "url"))
    return working(rows)


def working(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of a list with ``works``: active and the status ok."""
    return rows.assign(works=rows["active"].fillna(False) & (rows["online_status"] == "ok"))


def linked(listed: pd.DataFrame, reported: pd.DataFrame) -> pd.DataFrame:
    """One row a service and reported online service with the same Leistungsschlüssel (n:m)."""
    keys = listed[["service", "name", "list", "status", "leistungsschluessel"]].explode("leistungsschluessel")
    keys = keys.rename(columns={"leistungsschluessel": "leika_key", "name": "service_name"})
    return keys.dropna(subset=["leika_key"]).merge(reported, on="leika_key", how="inner")


def offered(listed: pd.DataFrame, pairs: pd.DataFrame, city: str) -> pd.DataFrame:
    """One row a service: ``offered`` (ja, gemeldet aber defekt, nicht gemeldet, ohne Schlüssel) and ``hosts``.

    ``hosts`` are those of working services; where none works, those of the broken ones.
    """
    rows = []
    by_service, nothing = dict(iter(pairs.groupby("service"))), pairs.head(0)
    for row in listed.sort_values(["list", "name"]).to_dict("records"):
        own = by_service.get(row["service"], nothing)
        working = own[own["works"]]
        state = (WORKS if len(working) else BROKEN) if len(own) else _silence(row)
        shown = working if len(working) else own
        rows.append(
            {
                "service": row["service"],
                "name": row["name"],
                "list": row["list"],
                "status": row["status"],
                "offered": state,
                "hosts": german.listing(sorted(set(shown["host"].dropna()))),
                "level": german.listing(sorted({level_of(ars, city) for ars in shown["ars"]})),
                "reported": len(own),
            }
        )
    return pd.DataFrame(rows)


def _silence(row: Mapping[Any, Any]) -> str:
    """Why nothing is reported for a service: without a key nothing can be."""
    return NONE if has_key(row["leistungsschluessel"]) else NO_KEY


def has_key(keys: object) -> bool:
    """Whether the list names a Leistungsschlüssel: a cell without any may be missing or empty."""
    return isinstance(keys, Sized) and len(keys) > 0


def level_of(ars: str, city: str) -> str:
    """Whose area a 12-digit key is: the city's own, else by its significant digits (050000000000: a state)."""
    if ars == city:
        return CITY
    digits = len(ars.rstrip("0"))
    return REGIONS[min(length for length in REGIONS if length >= digits)]
