"""Leistungen, one service: what people thought of it, from the rows themselves.

As with cases, which months are withheld to protect small ones is given; the ends of an interval are an estimate.
"""

from __future__ import annotations

import datetime as dt

from tests.truth.oracle import DAY, Expected, Oracle, month_start
from tests.truth.oracle_hidden import Withheld
from tests.truth.writing import count, figure


def add_feedback(
    oracle: Oracle, wanted: Expected, shown: dict, named: tuple[str, str], today: dt.date, withheld: Withheld
) -> None:
    """Table by month, the row of the card, and how many wrote something; after `add_cases`. ``named``: id and name."""
    service, name = named
    rows = oracle.all(
        """SELECT month, sum(answers), sum(stars * answers) FROM service_feedback
           WHERE municipality = 'leverkusen' AND service = $service AND $site = $site GROUP BY 1 ORDER BY 1""",
        service=service,
    )
    start, end = oracle.now
    cells = {m: (n, stars) for m, n, stars in rows if start <= m and _last(m) <= end and _last(m) < today}
    if not cells:
        wanted.absent += ["service_feedback", "service_comments"]
        return
    given = {exhibit["id"]: exhibit for exhibit in shown["exhibits"]}
    told = {row["month"]: row for row in given["service_feedback"]["rows"]}
    wanted.facts["every month of feedback"] = set(told) == {month.isoformat() for month in cells}
    hidden = {
        month: "< 5" if n < 5 else "geheim" if (service, month) in withheld.feedback else ""
        for month, (n, _) in cells.items()
    }
    wanted.keys["service_feedback"] = ("month",)
    wanted.rows["service_feedback"] = {
        (month.isoformat(),): {
            "answers": hidden[month] or n,
            "satisfaction": None if hidden[month] else stars / n,
        }
        for month, (n, stars) in cells.items()
    }
    open_ = [cell for month, cell in cells.items() if not hidden[month]]
    _texts(oracle, wanted, given, named, [month for month in cells if not hidden[month]])
    if not open_:
        wanted.heads["service_feedback"] = f"Zu „{name}“ gibt es wenige Rückmeldungen"
        wanted.rows.setdefault("service_card", {})["Zufriedenheit"] = {"value": "unbekannt", "period": ""}
        return
    answers, total = sum(n for n, _ in open_), sum(stars for _, stars in open_)
    row = next(row for row in given["service_card"]["rows"] if row["measure"] == "Zufriedenheit")
    begins, ends = f"{figure(total / answers, 1)} von 5 Sternen (", f", {figure(answers)} Rückmeldungen)"
    wanted.facts["mean and count of the stars"] = row["value"].startswith(begins) and row["value"].endswith(
        ends
    )
    wanted.heads["service_feedback"] = f"Zufriedenheit mit „{name}“: {row['value']}"
    whole = [m for m in _months(start, end) if start <= m and _last(m) <= end]
    wanted.keys["service_card"] = ("measure",)
    wanted.rows.setdefault("service_card", {})["Zufriedenheit"] = {
        "period": f"{len(open_)} von {count(len(whole), 'Monat', 'Monaten')}"
    }


def _texts(
    oracle: Oracle, wanted: Expected, given: dict, named: tuple[str, str], months: list[dt.date]
) -> None:
    """Their number stands in the headline; no row of them leaves the app."""
    service, name = named
    (texts,) = oracle.one(
        """SELECT count(*) FROM service_comments WHERE municipality = 'leverkusen' AND service = $service
           AND list_contains($months, month) AND $site = $site""",
        service=service,
        months=months,
    )
    if not texts:
        wanted.absent.append("service_comments")
        return
    exhibit = given["service_comments"]
    wanted.heads["service_comments"] = f"{count(texts, 'Freitext', 'Freitexte')} zu „{name}“"
    wanted.facts["texts stay inside"] = not exhibit["rows"]


def _months(start: dt.date, end: dt.date) -> list[dt.date]:
    return [month_start(start.year, start.month + n) for n in range((end.year - start.year) * 12 + 13)]


def _last(month: dt.date) -> dt.date:
    return month_start(month.year, month.month + 1) - DAY
