"""Results as German tables on a terminal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterator
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table

from portalkompass import german
from portalkompass.answers.base.answer import Filters
from portalkompass.answers.base.service_list import STATUS_ORDER
from portalkompass.answers.overview.figures import Days, Figures, GoLives, PartOfMonth, ServiceCounts
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
    totals, services = figures["totals"], figures["services"]
    counted = f"OZG-Leistungen: {services['with_status']} von {services['responsible']} mit Status"
    console.print(
        _table(
            ("Kennzahlen", "Kennzahl", "Wert"),
            ("Ø Position", german.number(totals["position"], 1)),
            ("Klicks", german.number(totals["clicks"])),
            ("Impressionen", german.number(totals["impressions"])),
            ("Verdeckte Klicks", german.percent(totals["hidden_click_share"])),
        ),
        _table(
            ("Ø Position je Monat", "Monat", "Position"),
            *(
                (_month(month, figures["partial_months"].get(month)), german.number(position, 1))
                for month, position in figures["position_by_month"].items()
            ),
        ),
        _table(
            ("Meistgeklickte Seiten", "Seite", "Klicks"),
            *((page["title"] or page["url"], german.number(page["clicks"])) for page in figures["top_pages"]),
        ),
        _table(
            (counted, "Status", "Leistungen"),
            *_by_status(services),
        ),
        *(
            _table(
                ("Exporte der Search Console, eigene Summen", "Zeitraum", "Klicks"),
                *(
                    (_days(one["period"]), german.number(one["totals"]["clicks"] if one["totals"] else None))
                    for one in figures["exports"]
                ),
            )
            for _ in figures["exports"][:1]
        ),
        sep="\n",
    )


def _days(days: Days) -> str:
    return german.period(dt.date.fromisoformat(days["from"]), dt.date.fromisoformat(days["to"]))


def _month(month: str, part: PartOfMonth | None) -> str:
    """The month; of one that lacks days, from or until which day there are data, or of how many days."""
    name = german.month(dt.date.fromisoformat(f"{month}-01"))
    if part is None:
        return name
    first, last = dt.date.fromisoformat(part["from"]), dt.date.fromisoformat(part["to"])
    if part["days"] < (last - first).days + 1:
        return f"{name} ({part['days']} von {part['of']} Tagen)"
    since = f"ab {german.date(first)}" if first.day > 1 else ""
    until = f"bis {german.date(last)}" if last.day < part["of"] else ""
    return f"{name} ({' '.join(filter(None, (since, until)))})"


def _by_status(services: ServiceCounts) -> Iterator[tuple[str, str]]:
    """The list's words; below its go-lives how many have happened, so that nothing counts twice unsaid."""
    for status, amount in services["by_status"].items():
        yield status, german.number(amount)
        if status == STATUS_ORDER[0]:
            yield from _go_lives(services["go_live"])


def _go_lives(counts: GoLives) -> list[tuple[str, str]]:
    """Of the go-lives: how many have happened by the list's date, are to come, are overdue."""
    until = counts["dated_until"]
    month = german.month(dt.date.fromisoformat(f"{until}-01")) if until else ""
    rows = (
        ("– davon live", counts["live"]),
        (f"– davon mit Termin bis {month}", counts["dated"]),
        ("– davon überfällig", counts["overdue"]),
    )
    return [(words, german.number(amount)) for words, amount in rows if amount]


def _table(heads: tuple[str, str, str], *rows: tuple[str, str]) -> Table:
    """A title, two columns with their heads (the second holds numbers), and the rows."""
    title, text, number = heads
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column(text)
    table.add_column(number, justify="right")
    for row in rows:
        table.add_row(*row)
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
