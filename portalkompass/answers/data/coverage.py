"""What the archive holds, from the ledger: per source and grain first and last day, gaps, doubtful days."""

from __future__ import annotations

import datetime as dt

import narwhals as nw
import pandas as pd

from portalkompass.metrics.measures import LazyFrame
from portalkompass.schema import DAY_GRAINS
from portalkompass.warehouse.engine import Tables
from portalkompass.warehouse.reader import Warehouse

SOURCES = {
    "search_console": "Google Search Console",
    "portal": "Portalstatistik",
    "matomo": "Matomo",
    "ozg": "OZG-Liste",
    "directory": "Leistungsverzeichnis der Stadt",
    "pvog": "Open-PVOG",
    "cases": "Fallzahlen der Fachbereiche",
    "offers": "Angebote von Onlinediensten",
    "dashboard": "Dashboard des Bundes",
    "feedback": "Rückmeldungen zu Leistungen",
    "benchmarks": "Kennzahlen anderer Städte",
}
GRAINS = {
    "search_site_day": "Property je Tag",
    "search_segment_day": "Geräte und Länder je Tag",
    "search_query_day": "Suchanfragen je Tag",
    "search_page_day": "Seiten je Tag",
    "search_page_query_day": "Seiten und Suchanfragen je Tag",
    "search_page_device_day": "Seiten und Geräte je Tag",
    "search_query_device_day": "Suchanfragen und Geräte je Tag",
    "search_appearance_day": "Darstellung je Tag",
    "search_hour": "Stunden",
    "search_window": "Exporte der Oberfläche (Zeiträume)",
    "search_ai": "Generative KI (Exporte)",
    "sitemaps": "Sitemaps",
    "url_inspection": "Indexprüfung",
    "portal_page": "Seiten je Zeitraum",
    "portal_site_day": "Portal je Tag",
    "portal_search": "Suche im Portal je Zeitraum",
    "service_status_history": "Stände der Liste",
    "service_directory": "Stände des Leistungsverzeichnisses",
    "online_services": "Online-Dienste",
    "online_services_nearby": "Online-Dienste der Nachbarn",
    "service_cases": "Fälle je Leistung, Monat und Kanal",
    "service_offers": "Angebote von Onlinediensten",
    "dashboard_usage": "Nutzung laut Dashboard je Leistung und Monat",
    "service_feedback": "Rückmeldungen je Leistung und Monat",
    "benchmarks": "Kennzahlen anderer Städte je Leistungsschlüssel",
}
WINDOWS, GENERATIVE_AI = "search_window", "search_ai"
_DAILY = frozenset(table.name for table in DAY_GRAINS)
_KEY = ["source", "site", "search_type", "grain"]


def ledger(warehouse: Warehouse, site: str | None = None) -> pd.DataFrame:
    """Every slice that was ever tried, by source, site, search type, grain and day; of one property if named.

    A state has hundreds of thousands of slices: ask for all of them only where one property is meant.
    """

    def build(tables: Tables) -> LazyFrame:
        every = tables["ingest_ledger"]
        return (every if site is None else every.filter(nw.col("site") == site)).sort(*_KEY, "date")

    return warehouse.ask(build)


def incomplete(warehouse: Warehouse, covered: pd.DataFrame) -> pd.DataFrame:
    """The slices of those rows of `holdings` that miss days: where `gaps` are to be looked for."""
    keys = covered.loc[covered["missing_days"] > 0, _KEY].astype("str")
    return warehouse.ask(
        lambda t: t["ingest_ledger"].join(t["keys"], on=_KEY, how="semi").sort(*_KEY, "date"), keys=keys
    )


def provisional(warehouse: Warehouse) -> pd.DataFrame:
    """The slices that a source may still change."""
    return warehouse.ask(
        lambda t: t["ingest_ledger"].filter(nw.col("state") == "provisional").sort(*_KEY, "date")
    )


def holdings(warehouse: Warehouse) -> pd.DataFrame:
    """One row a source, property, search type and grain; ``missing_days`` only where days are expected."""
    exports = [
        rows.assign(source="search_console", grain=table)
        for table, key in ((WINDOWS, ("site", "search_type")), (GENERATIVE_AI, ("site",)))
        if len(rows := _exports(warehouse, table, key))
    ]
    return pd.concat([_held(warehouse), *exports], ignore_index=True)


def _exports(warehouse: Warehouse, table: str, key: tuple[str, ...]) -> pd.DataFrame:
    """What a table of whole periods holds; older snapshots lack the newest ones."""
    if not warehouse.holds(table):
        return pd.DataFrame()
    rows = warehouse.ask(
        lambda t: (
            t[table]
            .group_by(*key)
            .agg(
                nw.col("period_start").min().alias("first"),
                nw.col("period_end").max().alias("last"),
                nw.len().alias("rows"),
            )
            .sort(*key)
        )
    )
    return rows if "search_type" in rows else rows.assign(search_type="")


COLUMNS = [
    *_KEY,
    *("first", "last", "slices", "rows", "missing_days", "provisional_days", "capped_days", "fetched_at"),
]


def _held(warehouse: Warehouse) -> pd.DataFrame:
    def build(tables: Tables) -> LazyFrame:
        tried = tables["ingest_ledger"].filter(nw.col("state") != "failed")
        flagged = tried.with_columns(
            nw.when(nw.col("state") == "provisional").then(1).otherwise(0).alias("provisional_days"),
            nw.when(nw.col("capped")).then(1).otherwise(0).alias("capped_days"),
            nw.col("rows").fill_null(0),
        )
        return (
            flagged.group_by(*_KEY)
            .agg(
                nw.col("date").min().alias("first"),
                nw.col("date").max().alias("last"),
                nw.len().alias("slices"),  # the day is part of the ledger's key
                *[nw.col(name).sum() for name in ("rows", "provisional_days", "capped_days")],
                nw.col("fetched_at").max(),
            )
            .sort(*_KEY)
        )

    spans = warehouse.ask(build)
    whole = (spans["last"] - spans["first"]).dt.days + 1 - spans["slices"]
    counted = {name: spans[name].astype("float64") for name in ("provisional_days", "capped_days")}
    missing = whole.where(spans["grain"].isin(_DAILY)).astype("float64")
    return spans.assign(missing_days=missing, **counted)[COLUMNS]


def gaps(slices: pd.DataFrame) -> pd.DataFrame:
    """Runs of days that are missing between the first and last day of a daily grain, longest first.

    Columns: source, site, search_type, grain, first, last, days. A day that Google answered empty is not
    missing; a day that failed is.
    """
    loaded = slices[(slices["state"] != "failed") & slices["grain"].isin(_DAILY)]
    days = loaded[[*_KEY, "date"]].drop_duplicates().sort_values([*_KEY, "date"], ignore_index=True)
    earlier = days.groupby(_KEY)["date"].shift()
    missing = (days["date"] - earlier).dt.days - 1
    runs = days.assign(first=earlier + _DAY, last=days["date"] - _DAY, days=missing)[missing > 0]
    frame = runs[[*_KEY, "first", "last", "days"]].astype({"days": "int64"})
    return frame.sort_values(["days", "first"], ascending=[False, True], kind="stable", ignore_index=True)


_DAY = dt.timedelta(days=1)
