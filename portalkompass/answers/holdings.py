"""What the archive holds, from the ledger: per source and grain first and last day, gaps, doubtful days."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import narwhals as nw
import pandas as pd

from portalkompass.schema import DAY_GRAINS
from portalkompass.warehouse import Warehouse

SOURCES = {
    "search_console": "Google Search Console",
    "portal": "Portalstatistik",
    "matomo": "Matomo",
    "ozg": "OZG-Liste",
    "pvog": "Open-PVOG",
}
GRAINS = {
    "search_site_day": "Property je Tag",
    "search_segment_day": "Geräte und Länder je Tag",
    "search_query_day": "Suchanfragen je Tag",
    "search_page_day": "Seiten je Tag",
    "search_page_query_day": "Seiten und Suchanfragen je Tag",
    "search_appearance_day": "Darstellung je Tag",
    "search_hour": "Stunden",
    "search_window": "Exporte der Oberfläche (Zeiträume)",
    "sitemaps": "Sitemaps",
    "url_inspection": "Indexprüfung",
    "portal_page": "Seiten je Zeitraum",
    "portal_site_day": "Portal je Tag",
    "service_status_history": "Stände der Liste",
    "online_services": "Online-Dienste",
}
_DAILY = frozenset(table.name for table in DAY_GRAINS)
_KEY = ["source", "site", "search_type", "grain"]


def ledger(warehouse: Warehouse) -> pd.DataFrame:
    """Every slice that was ever tried, by source, site, search type, grain and day."""
    return warehouse.ask(lambda t: t["ingest_ledger"].sort(*_KEY, "date"))


def holdings(warehouse: Warehouse, slices: pd.DataFrame) -> pd.DataFrame:
    """One row a source, property, search type and grain; ``missing_days`` only where days are expected."""
    rows = [_holding(key, part) for key, part in slices[slices["state"] != "failed"].groupby(_KEY, sort=True)]
    windows = warehouse.ask(
        lambda t: (
            t["search_window"]
            .group_by("site", "search_type")
            .agg(
                nw.col("period_start").min().alias("first"),
                nw.col("period_end").max().alias("last"),
                nw.len().alias("rows"),
            )
            .sort("site", "search_type")
        )
    )
    frame = pd.DataFrame(rows, columns=COLUMNS)
    if windows.empty:
        return frame
    return pd.concat(
        [frame, windows.assign(source="search_console", grain="search_window")], ignore_index=True
    )


COLUMNS = [
    *_KEY,
    "first",
    "last",
    "slices",
    "rows",
    "missing_days",
    "provisional_days",
    "capped_days",
    "fetched_at",
]


def _holding(key: object, part: pd.DataFrame) -> tuple[object, ...]:
    assert isinstance(key, tuple)
    first, last = part["date"].min(), part["date"].max()
    daily = key[3] in _DAILY
    return (
        *key,
        first,
        last,
        part["date"].nunique(),
        int(part["rows"].fillna(0).sum()),
        float((last - first).days + 1 - part["date"].nunique()) if daily else float("nan"),
        float((part["state"] == "provisional").sum()),
        float(part["capped"].astype("boolean").fillna(False).sum()),
        part["fetched_at"].max(),
    )


def gaps(slices: pd.DataFrame) -> pd.DataFrame:
    """Runs of days that are missing between the first and last day of a daily grain, longest first.

    Columns: source, site, search_type, grain, first, last, days. A day that Google answered empty is not
    missing; a day that failed is.
    """
    known = slices[(slices["state"] != "failed") & slices["grain"].isin(_DAILY)]
    rows = [
        (*_text_key(key), earlier + _DAY, later - _DAY, (later - earlier).days - 1)
        for key, part in known.groupby(_KEY, sort=True)
        for earlier, later in pairwise(sorted(part["date"].unique()))
        if (later - earlier).days > 1
    ]
    frame = pd.DataFrame(rows, columns=[*_KEY, "first", "last", "days"])
    return frame.sort_values(["days", "first"], ascending=[False, True], kind="stable", ignore_index=True)


_DAY = dt.timedelta(days=1)


def _text_key(key: object) -> tuple[object, ...]:
    assert isinstance(key, tuple)
    return key
