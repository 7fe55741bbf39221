"""Leistungen, one service: cases of its department, from the rows themselves.

Which counts below 5 are hidden follows from the rows; which larger ones are withheld to protect them is a choice (held
by `test_attacked_cases`) that is given (`oracle_hidden.Withheld`): worked out is what may then be told.
"""

from __future__ import annotations

import datetime as dt

import duckdb

from tests.truth.oracle import DAY, Expected, Oracle, month_start
from tests.truth.oracle_hidden import Withheld
from tests.truth.writing import MONTHS, NBSP, count, figure, percent

NAMES = {
    "online": "Online",
    "form": "Formular",
    "counter": "Schalter",
    "post": "Post",
    "phone": "Telefon",
    "unknown": "nicht genannt",
    "all": "alle Kanäle",
}
PARTS = ("cases", "applications", "end_to_end")


def add_cases(
    oracle: Oracle, wanted: Expected, shown: dict, named: tuple[str, str], today: dt.date, withheld: Withheld
) -> None:
    """Cards, table and the rows of the service card that come from cases; ``named``: id and name of the service."""
    service, name_of_service = named
    cells = marked(oracle, withheld, today).get(service)
    given = {exhibit["id"]: exhibit for exhibit in shown["exhibits"]}
    if not cells:
        wanted.absent.append("service_cases")
        return
    for id_ in ("unique_page_views", "starts-des-online-dienstes"):
        wanted.figures.pop(id_, None)
    told = {(row["month"], row["channel_name"]): row for row in given["service_cases"]["rows"]}
    wanted.facts["every month and channel"] = set(told) == {_key(cell) for cell in cells}
    wanted.keys["service_cases"] = ("month", "channel_name")
    columns = set(given["service_cases"]["rows"][0])
    wanted.rows["service_cases"] = {
        _key(cell): {name: value for name, value in _row(cell).items() if name in columns} for cell in cells
    }
    _cards(oracle, wanted, cells)
    newest = max(cell["month"] for cell in cells)
    online = figures_of_cells(cells)["online_share"]
    wanted.heads["service_cases"] = (
        f"Fallzahlen von „{name_of_service}“ bis {MONTHS[newest.month - 1]} {newest.year}"
        if online is None
        else f"{percent(online, 0)} der Fälle von „{name_of_service}“ begannen online"
    )


def marked(oracle: Oracle, withheld: Withheld, today: dt.date) -> dict[str, list[dict]]:
    """By service, the rows of months that lie in the period with every day and are over, and what is hidden in them."""
    rows = oracle.all(
        """SELECT service, month, channel, cases, applications, end_to_end, backlog, processing_days, cost
           FROM service_cases WHERE municipality = 'leverkusen' AND month >= $first AND last_day(month) <= $until
             AND last_day(month) < $today AND $site = $site ORDER BY 1, 2, 3""",
        first=oracle.now[0],
        until=oracle.now[1],
        today=today,
    )
    names = ("month", "channel", *PARTS, "backlog", "days", "cost")
    found: dict[str, list[dict]] = {}
    for service, *row in rows:
        cell = dict(zip(names, row, strict=True))
        cell["hidden"] = {name: _hidden(cell, name, service, withheld) for name in (*PARTS, "backlog")}
        found.setdefault(service, []).append(cell)
    return found


def figures_of_cells(cells: list[dict]) -> dict[str, float | None]:
    """The figures of a service that come from its cells; None where one may not be told."""
    split = _split(cells)
    online = None
    if split and not any(cell["hidden"]["cases"] for cell in split) and sum(c["cases"] for c in split):
        begun = sum(cell["cases"] for cell in split if cell["channel"] == "online")
        online = begun / sum(cell["cases"] for cell in split)
    days = [cell["days"] for cell in cells if cell["days"] is not None and _open(cell)]
    return {
        "online_share": online,
        "end_to_end_share": _per_case(cells, "end_to_end"),
        "cost_per_case": _per_case(cells, "cost"),
        "slowest_days": max(days, default=None),
    }


def _last(month: dt.date) -> dt.date:
    return month_start(month.year, month.month + 1) - DAY


def _key(cell: dict) -> tuple[str, str]:
    return cell["month"].isoformat(), NAMES[cell["channel"]]


def _hidden(cell: dict, name: str, service: str, withheld: Withheld) -> str:
    """What stands in the place of a count: below 5 always, else where it is withheld."""
    if cell[name] is None:
        return ""
    if cell[name] < 5:
        return "< 5"
    return "geheim" if (service, cell["month"], cell["channel"], name) in withheld.cases else ""


def _open(cell: dict) -> bool:
    """Whether times and costs may be told: some count is known, and none of the known ones hidden."""
    known = [name for name in PARTS if cell[name] is not None]
    return not any(cell["hidden"][name] for name in known) and bool({"cases", "applications"} & set(known))


def _row(cell: dict) -> dict[str, object]:
    row = {name: cell["hidden"][name] or cell[name] for name in (*PARTS, "backlog")}
    open_ = _open(cell)
    row["processing_days"] = cell["days"] if open_ else None
    price = cell["cost"] is not None and cell["cases"]
    row["cost_per_case"] = cell["cost"] / cell["cases"] if open_ and price else None
    return row


def _cards(oracle: Oracle, wanted: Expected, cells: list[dict]) -> None:
    known = [cell for cell in cells if cell["cases"] is not None]
    words = _words(known)
    total = sum(cell["cases"] for cell in known)
    start, end = oracle.now
    months = [month_start(start.year, start.month + n) for n in range((end.year - start.year) * 12 + 13)]
    whole = [month for month in months if start <= month and _last(month) <= end]
    held = len({cell["month"] for cell in cells})
    covered = f"{figure(held)} von {count(len(whole), 'Monat', 'Monaten')} gemeldet"
    wanted.figures["cases"] = {
        "number": None if words else total,
        "value": words or figure(total),
        "change": covered,
    }
    told = figures_of_cells(cells)
    online, end_to_end, cost = (told[name] for name in ("online_share", "end_to_end_share", "cost_per_case"))
    for name, value in (("online_share", online), ("cost_per_case", cost)):
        if value is not None:
            wanted.figures[name] = {"number": value}
    wanted.keys["service_card"] = ("measure",)
    wanted.rows["service_card"] = {
        name: {"value": value, "period": "" if value == "unbekannt" else covered}
        for name, value in (
            ("Online-Quote", "unbekannt" if online is None else percent(online)),
            ("Ende-zu-Ende", "unbekannt" if end_to_end is None else percent(end_to_end)),
            ("Kosten je Fall (Euro)", "unbekannt" if cost is None else figure(cost, 1)),
        )
    }


def _words(known: list[dict]) -> str:
    """What may be told of a sum with hidden counts."""
    states = [cell["hidden"]["cases"] for cell in known]
    open_ = sum(cell["cases"] for cell in known if not cell["hidden"]["cases"])
    below, withheld = states.count("< 5"), states.count("geheim")
    if withheld:
        return f"mind. {figure(open_ + 5 * withheld)}" if open_ else "geheim"
    if not below:
        return ""
    return f"{figure(open_)} bis {figure(open_ + 4 * below)}" if open_ else f"< {figure(4 * below + 1)}"


def _split(cells: list[dict]) -> list[dict]:
    """Cells of the months that tell online, another channel, and the cases of every one."""
    by_month: dict[dt.date, list[dict]] = {}
    for cell in cells:
        if cell["channel"] != "all":
            by_month.setdefault(cell["month"], []).append(cell)
    return [
        cell
        for of_month in by_month.values()
        if {"online"} < {c["channel"] for c in of_month} and all(c["cases"] is not None for c in of_month)
        for cell in of_month
    ]


def _per_case(cells: list[dict], name: str) -> float | None:
    both = [cell for cell in cells if cell[name] is not None and cell["cases"] is not None]
    hidden = any(cell["hidden"]["cases"] or cell["hidden"].get(name) for cell in both)
    total = sum(cell["cases"] for cell in both)
    return None if hidden or not total else sum(cell[name] for cell in both) / total


def council(
    db: duckdb.DuckDBPyConnection, years: tuple[int, ...], until: dt.date
) -> dict[tuple[str, str], dict]:
    """(name, year) of the list's services → counts (lists of the cells that each sum is of), and rates' parts."""
    rows = db.execute(
        """SELECT name, year(month), month, channel, cases, end_to_end, backlog FROM service_cases c
           JOIN services s USING (municipality, service)
           WHERE municipality = 'leverkusen' AND last_day(month) <= ? AND year(month) IN (SELECT unnest(?))""",
        [until, list(years)],
    ).fetchall()
    found: dict[tuple[str, str], list[tuple]] = {}
    for name, year, *cell in rows:
        found.setdefault((name, str(year)), []).append(tuple(cell))
    return {key: _year(cells) for key, cells in found.items()}


def _year(cells: list[tuple]) -> dict:
    newest = max(cell[0] for cell in cells)
    both = [cell for cell in cells if cell[3] is not None and cell[2] is not None]
    begun = [cell for cell in cells if cell[1] == "online"]
    return {
        "months": f"{len({cell[0] for cell in cells})}{NBSP}von{NBSP}12",
        "sums": {
            "cases": [cell[2] for cell in cells],
            **{name: [c[2] for c in cells if c[1] == name] for name in list(NAMES)[:5]},
            "backlog": [cell[4] for cell in cells if cell[0] == newest],
        },
        "online_share": sum(c[2] for c in begun) / sum(c[2] for c in cells) if begun else None,
        "end_to_end_share": sum(c[3] for c in both) / sum(c[2] for c in both) if both else None,
    }
