"""The list of OZG services as the answers use it."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from portalkompass.metrics.measures import LazyFrame
from portalkompass.settings import Settings
from portalkompass.warehouse.engine import Tables
from portalkompass.warehouse.reader import Warehouse

STATUS_ORDER = ("Go-Live", "In Umsetzung", "In Vorbereitung", "offen")
WITHOUT_STATUS = "ohne Status"
PENDING = "anstehend"
SOURCE = "OZG-Liste der Stadt"
LANES = ("startbar", "wartet auf andere", "erst klären")


def services(warehouse: Warehouse, settings: Settings) -> pd.DataFrame:
    """All columns of the city's services in their newest state, by list and name."""
    return warehouse.once(
        ("services", settings.city.municipality),
        lambda: warehouse.ask(lambda t: own(t, "services", settings).sort("list", "name")),
    )


def history(warehouse: Warehouse, settings: Settings) -> pd.DataFrame:
    """All columns of the city's services in every state of the list that was loaded, oldest first, by list and name."""
    return warehouse.once(
        ("status history", settings.city.municipality),
        lambda: warehouse.ask(
            lambda t: own(t, "service_status_history", settings).sort("as_of", "list", "name")
        ),
    )


def own(tables: Tables, table: str, settings: Settings) -> LazyFrame:
    """Rows of the city, of a table that knows municipalities."""
    return tables[table].filter(nw.col("municipality") == settings.city.municipality)


def status_counts(warehouse: Warehouse, settings: Settings) -> dict[str, int]:
    """Services by status group in the order of progress; those without status are not counted."""
    listed = services(warehouse, settings)
    groups = listed.loc[listed["list"] != WITHOUT_STATUS, "status_group"].dropna()
    counted = groups.value_counts()
    further = sorted(set(counted.index) - set(STATUS_ORDER))
    return {name: int(counted[name]) for name in (*STATUS_ORDER, *further) if name in counted.index}


def status_course(warehouse: Warehouse, settings: Settings) -> pd.DataFrame:
    """as_of, services: how many had a status in each state of the list that was loaded, oldest first."""
    states = history(warehouse, settings)
    listed = states[
        states["list"].notna() & (states["list"] != WITHOUT_STATUS) & states["status_group"].notna()
    ]
    return listed.groupby("as_of").size().rename("services").reset_index()


def list_date(frame: pd.DataFrame) -> str:
    """Date of the list in German, for source lines; empty without services."""
    return "" if frame.empty else f"{frame['as_of'].max():%d.%m.%Y}"


def source(frame: pd.DataFrame) -> str:
    """Source line of figures from the OZG list."""
    stand = list_date(frame)
    return f"{SOURCE}, Stand {stand}" if stand else SOURCE
