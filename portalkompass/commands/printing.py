"""Results as German tables on a terminal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table

from portalkompass import german
from portalkompass.answers.base.answer import Filters
from portalkompass.answers.overview.figures import Figures
from portalkompass.exhibit import Exhibit
from portalkompass.settings import Settings


def print_figures(figures: Figures, filters: Filters, settings: Settings) -> None:
    """Headline, positions, top pages and services."""
    console = Console(highlight=False)
    if figures["origin"] == "demo":
        console.print("Beispieldaten", style="bold")
    stand = figures["data_date"]
    console.print(f"{settings.city.name} · {filters.site}")
    console.print(
        f"Zeitraum {german.period(filters.start, filters.end)}"
        f" · Datenstand {german.date(dt.date.fromisoformat(stand) if stand else None)}"
    )
    console.print(_totals(figures), _positions(figures), _pages(figures), _services(figures), sep="\n")


def _totals(figures: Figures) -> Table:
    totals = figures["totals"]
    table = _table("Kennzahlen", "Kennzahl", "Wert")
    table.add_row("Ø Position", german.number(totals["position"], 1))
    table.add_row("Klicks", german.number(totals["clicks"]))
    table.add_row("Impressionen", german.number(totals["impressions"]))
    table.add_row("Verdeckte Klicks", german.percent(totals["hidden_click_share"]))
    return table


def _positions(figures: Figures) -> Table:
    table = _table("Ø Position je Monat", "Monat", "Position")
    for month, position in figures["position_by_month"].items():
        table.add_row(german.month(dt.date.fromisoformat(f"{month}-01")), german.number(position, 1))
    return table


def _pages(figures: Figures) -> Table:
    table = _table("Meistgeklickte Seiten", "Seite", "Klicks")
    for page in figures["top_pages"]:
        table.add_row(page["title"] or page["url"], german.number(page["clicks"]))
    return table


def _services(figures: Figures) -> Table:
    counts = figures["services"]
    title = f"OZG-Leistungen: {counts['with_status']} von {counts['responsible']} mit Status"
    table = _table(title, "Status", "Leistungen")
    for status, amount in counts["by_status"].items():
        table.add_row(status, german.number(amount))
    return table


def _table(title: str, text: str, *numbers: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column(text)
    for name in numbers:
        table.add_column(name, justify="right")
    return table


def print_ranking(exhibit: Exhibit) -> None:
    """One table a lane; the criteria's values stay with the files."""
    console = Console(highlight=False)
    if exhibit.sample:
        console.print("Beispieldaten", style="bold")
    console.print(exhibit.headline, style="bold")
    for lane, rows in exhibit.frame.groupby("lane", sort=False):
        console.print(_lane(str(lane), rows))
    console.print(exhibit.footer)


def _lane(lane: str, rows: pd.DataFrame) -> Table:
    table = Table(title=f"Bahn „{lane or 'ohne Bahn'}“", title_justify="left", title_style="bold")
    for name in ("Rang", "Leistung", "Punkte", "Spanne", "Rang von–bis", "Datenlage"):
        text = name == "Leistung"
        table.add_column(name, justify="left" if text else "right", no_wrap=not text, overflow="fold")
    for row in rows.to_dict("records"):
        table.add_row(
            german.number(row["rank"]),
            row["name"],
            german.number(row["score"], 1),
            _span(german.number(row["score_low"], 1), german.number(row["score_high"], 1)),
            _span(german.number(row["rank_low"]), german.number(row["rank_high"])),
            _known(row),
        )
    return table


def _known(row: dict[Hashable, Any]) -> str:
    known = f"{row['known_criteria']} von {row['criteria']}"
    return known if row["known_criteria"] else f"{known}\n{row['standing']}"


def _span(low: str, high: str) -> str:
    return low if low == high else f"{low}–{high}"
