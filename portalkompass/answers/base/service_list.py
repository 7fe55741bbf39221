"""The list of OZG services as the answers use it."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from portalkompass.settings import Settings
from portalkompass.warehouse.reader import Warehouse

STATUS_ORDER = ("Go-Live", "In Umsetzung", "In Vorbereitung", "offen")
WITHOUT_STATUS = "ohne Status"
PENDING = "anstehend"
SOURCE = "OZG-Liste der Stadt"
LANES = ("startbar", "wartet auf andere", "erst klären")


def services(warehouse: Warehouse, settings: Settings) -> pd.DataFrame:
    """All columns of the city's services in their newest state, by list and name."""
    municipality = settings.city.municipality
    own = nw.col("municipality") == municipality
    return warehouse.once(
        ("services", municipality),
        lambda: warehouse.ask(lambda t: t["services"].filter(own).sort("list", "name")),
    )


def status_counts(warehouse: Warehouse, settings: Settings) -> dict[str, int]:
    """Services by status group in the order of progress; those without status are not counted."""
    listed = services(warehouse, settings)
    groups = listed.loc[listed["list"] != WITHOUT_STATUS, "status_group"].dropna()
    counted = groups.value_counts()
    known = [name for name in STATUS_ORDER if name in counted.index]
    further = sorted(name for name in counted.index if name not in STATUS_ORDER)
    return {name: int(counted[name]) for name in (*known, *further)}


def status_course(warehouse: Warehouse, settings: Settings) -> pd.DataFrame:
    """as_of, services: how many had a status in each state of the list that was loaded, oldest first."""
    own = nw.col("municipality") == settings.city.municipality
    listed = own & (nw.col("list") != WITHOUT_STATUS) & ~nw.col("status_group").is_null()
    return warehouse.once(
        ("status course", settings.city.municipality),
        lambda: warehouse.ask(
            lambda t: (
                t["service_status_history"]
                .filter(listed)
                .group_by("as_of")
                .agg(nw.len().alias("services"))
                .sort("as_of")
            )
        ),
    )


def list_date(frame: pd.DataFrame) -> str:
    """Date of the list in German, for source lines; empty without services."""
    return "" if frame.empty else f"{frame['as_of'].max():%d.%m.%Y}"


def source(frame: pd.DataFrame) -> str:
    """Source line of figures from the OZG list."""
    stand = list_date(frame)
    return f"{SOURCE}, Stand {stand}" if stand else SOURCE
