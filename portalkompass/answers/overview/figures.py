"""The figures of the report in one plain structure: what ``python -m portalkompass figures --json`` prints."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Literal, TypedDict

import narwhals as nw
import pandas as pd

from portalkompass.answers.base import service_list
from portalkompass.answers.base.answer import Filters
from portalkompass.answers.base.grains import unfiltered
from portalkompass.answers.base.question import WINDOWS, known
from portalkompass.metrics import pages, totals, trends
from portalkompass.metrics.measures import LazyFrame
from portalkompass.metrics.selection import Period, of_site, within
from portalkompass.settings import Settings
from portalkompass.warehouse.engine import Tables
from portalkompass.warehouse.reader import Warehouse

TOP_PAGES = 5
BY_PROPERTY = ("days", "devices", "countries")
"""Tables of an export that count like the property, the one to be trusted most first."""

Days = TypedDict("Days", {"from": str, "to": str})


class Totals(TypedDict):
    """Headline of the period; None where nothing is known."""

    clicks: int | None
    impressions: int | None
    position: float | None
    hidden_click_share: float | None


PartOfMonth = TypedDict("PartOfMonth", {"from": str, "to": str, "days": int, "of": int})
"""First and last day with data of a month that lacks some, how many have data, and how many days it has."""


class TopPage(TypedDict):
    """A page with its clicks in the period; byPage."""

    url: str
    title: str | None
    clicks: int


class GoLives(TypedDict):
    """Go-lives by the list's date: reached, to come (until the month of ``dated_until``), passed unreported."""

    live: int
    dated: int
    dated_until: str | None
    overdue: int


class ServiceCounts(TypedDict):
    """``with_status`` of ``responsible`` services have a status; never a share of services done.

    ``by_status`` counts the list's words: its "Go-Live" names months to come, too; ``go_live`` tells them apart.
    """

    responsible: int
    with_status: int
    by_status: dict[str, int]
    go_live: GoLives


class ExportTotals(TypedDict):
    """Sums of an export's chart, else of its devices or countries; position None where Google gives none."""

    clicks: int
    impressions: int
    position: float | None


class WindowExport(TypedDict):
    """Sums of one period by an export of the user interface, apart from all days: part of no other figure here."""

    source: Literal["ui_export"]
    period: Days
    tables: list[str]
    totals: ExportTotals | None
    top_pages: list[TopPage]


class Figures(TypedDict):
    """The JSON shape that is relied on from outside."""

    data_date: str | None
    origin: Literal["demo", "live"]
    period: Days
    totals: Totals
    position_by_month: dict[str, float]
    partial_months: dict[str, PartOfMonth]
    top_pages: list[TopPage]
    services: ServiceCounts
    exports: list[WindowExport]


def figures(warehouse: Warehouse, filters: Filters, settings: Settings) -> Figures:
    """Totals and top pages of the filters' period, positions of all months there are, counts of services.

    Months count up to the last final day; those that lack a day are named with the days they have.
    """
    period = Period(filters.start, filters.end)
    data_date = warehouse.data_date(filters.site)
    positions, parts = _by_month(warehouse, filters, data_date)
    return {
        "data_date": data_date.isoformat() if data_date else None,
        "origin": warehouse.origin,
        "period": {"from": period.start.isoformat(), "to": period.end.isoformat()},
        "totals": _totals(warehouse, filters, period),
        "position_by_month": positions,
        "partial_months": parts,
        "top_pages": _top_pages(warehouse, filters, period),
        "services": service_counts(warehouse, settings),
        "exports": _exports(warehouse, filters),
    }


def service_counts(warehouse: Warehouse, settings: Settings) -> ServiceCounts:
    """Services by status and by how far their go-live is, beside the number the city is responsible for."""
    by_status = service_list.status_counts(warehouse, settings)
    listed = service_list.services(warehouse, settings)
    progress = service_list.progress_counts(listed)
    until = service_list.dated_until(listed)
    return {
        "responsible": service_list.responsible(warehouse, settings).count,
        "with_status": sum(by_status.values()),
        "by_status": by_status,
        "go_live": {
            "live": progress.get(service_list.LIVE, 0),
            "dated": progress.get(service_list.DATED, 0),
            "dated_until": f"{until:%Y-%m}" if until else None,
            "overdue": progress.get(service_list.OVERDUE, 0),
        },
    }


def _of(tables: Tables, table: str, filters: Filters) -> LazyFrame:
    return of_site(tables[table], filters.site, filters.search_type)


def _totals(warehouse: Warehouse, filters: Filters, period: Period) -> Totals:
    def rows(tables: Tables, table: str) -> LazyFrame:
        return within(_of(tables, table, filters), period)

    head = warehouse.ask(lambda t: totals.totals(rows(t, "search_site_day"))).iloc[0]
    hidden = warehouse.ask(
        lambda t: totals.hidden_click_shares(
            totals.on_days_of(rows(t, "search_site_day"), rows(t, "search_query_day")),
            totals.on_days_of(rows(t, "search_query_day"), rows(t, "search_site_day")),
            [period],
        )
    ).iloc[0]
    days = int(head["days"])
    return {
        "clicks": int(head["clicks"]) if days else None,
        "impressions": int(head["impressions"]) if days else None,
        "position": known(head["position"]),
        "hidden_click_share": known(hidden["hidden_click_share_0"]),
    }


def _by_month(
    warehouse: Warehouse, filters: Filters, until: dt.date | None
) -> tuple[dict[str, float], dict[str, PartOfMonth]]:
    """The position of every month up to that day, and which of them lack days."""

    def days(tables: Tables) -> LazyFrame:
        rows = _of(tables, "search_site_day", filters)
        return rows if until is None else rows.filter(nw.col("date") <= until)

    months = warehouse.ask(lambda t: trends.trend(days(t), t["calendar"], None, "month"))
    placed = months.dropna(subset=["position"])
    positions = {
        f"{month:%Y-%m}": place for month, place in zip(placed["bucket"], placed["position"], strict=True)
    }
    held = pd.to_datetime(warehouse.ask(lambda t: days(t).select("date").unique().sort("date"))["date"])
    parts: dict[str, PartOfMonth] = {}
    for month, own in held.groupby(held.dt.strftime("%Y-%m")):
        length = int(own.iloc[0].days_in_month)
        if len(own) < length and month in positions:
            first, last = (day.date().isoformat() for day in (own.iloc[0], own.iloc[-1]))
            parts[str(month)] = {"from": first, "to": last, "days": len(own), "of": length}
    return positions, parts


def _top_pages(warehouse: Warehouse, filters: Filters, period: Period) -> list[TopPage]:
    def build(tables: Tables) -> LazyFrame:
        titles = tables["pages"].filter(nw.col("site") == filters.site)
        return pages.top_pages(_of(tables, "search_page_day", filters), titles, period).head(TOP_PAGES)

    rows = warehouse.ask(build)
    return [
        {"url": url, "title": None if pd.isna(title) else str(title), "clicks": int(clicks)}
        for url, title, clicks in zip(rows["url"], rows["title"], rows["clicks"], strict=True)
    ]


def _exports(warehouse: Warehouse, filters: Filters) -> list[WindowExport]:
    """Every unfiltered export of the property whose days are known, whatever the period; the newest first."""
    if not warehouse.holds(WINDOWS):
        return []
    rows = warehouse.ask(
        lambda t: (
            _of(t, WINDOWS, filters)
            .filter(unfiltered(), ~nw.col("period_end").is_null())
            .sort("period_end", "period_start", "table_name", "key", descending=[True, False, False, False])
        )
    )
    titles = _titles(warehouse, filters) if len(rows) else {}
    return [_export(own, titles) for _, own in rows.groupby(["period_end", "period_start"], sort=False)]


def _export(rows: pd.DataFrame, titles: Mapping[str, str]) -> WindowExport:
    start, end = (rows[name].iloc[0].date().isoformat() for name in ("period_start", "period_end"))
    by_table = dict(iter(rows.groupby("table_name")))
    told = next((by_table[name] for name in BY_PROPERTY if name in by_table), None)
    listed = by_table.get("pages", rows.head(0))
    top = listed.sort_values(["clicks", "key"], ascending=[False, True]).head(TOP_PAGES)
    return {
        "source": "ui_export",
        "period": {"from": start, "to": end},
        "tables": sorted(map(str, by_table)),
        "totals": None if told is None else _sums(told),
        "top_pages": [
            {"url": url, "title": titles.get(url), "clicks": int(clicks)}
            for url, clicks in zip(top["key"], top["clicks"], strict=True)
        ],
    }


def _sums(rows: pd.DataFrame) -> ExportTotals:
    clicks, impressions = int(rows["clicks"].sum()), int(rows["impressions"].sum())
    placed = rows[rows["sum_position"].notna() & (rows["impressions"] > 0)]
    shown = int(placed["impressions"].sum())
    position = float(placed["sum_position"].sum()) / shown + 1 if shown else None
    return {"clicks": clicks, "impressions": impressions, "position": position}


def _titles(warehouse: Warehouse, filters: Filters) -> dict[str, str]:
    rows = warehouse.ask(
        lambda t: t["pages"].filter(nw.col("site") == filters.site).select("url", "title")
    ).dropna()
    return dict(zip(rows["url"], rows["title"], strict=True))
