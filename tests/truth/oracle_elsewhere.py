"""What others have beside one's own: online services of neighbours, offers, the federal dashboard, other cities."""

from __future__ import annotations

import datetime as dt
import math
import tomllib
from pathlib import Path

import duckdb

from tests.truth.oracle import Expected, Oracle, month_start
from tests.truth.oracle_cases import figures_of_cells, marked
from tests.truth.oracle_hidden import Links, Withheld, applied, state, whole_months, with_unit
from tests.truth.writing import count, figure, percent

SETTINGS = tomllib.loads((Path(__file__).parents[2] / "settings.toml").read_text(encoding="utf-8"))
CITY = SETTINGS["city"]["ars"]
WORKS = "ja"
LEVELS = {12: "Gemeinde", 9: "Gemeindeverband", 5: "Kreis"}


# --- neighbours and offers ---


def _listing(names: list[str]) -> str:
    return ", ".join(names[:-1]) + " und " + names[-1] if len(names) > 1 else "".join(names)


def _neighbours(oracle: Oracle) -> dict[str, list[str]]:
    """Neighbour with a list → keys of its municipality, association and district."""
    loaded = {
        ars for (ars,) in oracle.all("SELECT DISTINCT ars FROM online_services_nearby WHERE $site = $site")
    }
    return {
        one["name"]: [one["ars"], one["ars"][:9] + "000", one["ars"][:5] + "0" * 7]
        for one in sorted(SETTINGS["city"]["neighbours"], key=lambda one: one["name"])
        if one["ars"] in loaded
    }


def _offered_by(oracle: Oracle) -> dict[str, dict[tuple[str, str], tuple[str, set[str]]]]:
    """Name of the service → (neighbour, address) → host and keys of the areas."""
    areas = [(name, ars) for name, keys in _neighbours(oracle).items() for ars in keys]
    found: dict[str, dict[tuple[str, str], tuple[str, set[str]]]] = {}
    if not areas:
        return found
    for service, neighbour, url, host, ars in oracle.all(
        """WITH k AS (SELECT name, unnest(leistungsschluessel) leika_key FROM services
             WHERE municipality = 'leverkusen'),
           n AS (SELECT unnest($names) neighbour, unnest($keys) ars)
           SELECT DISTINCT k.name, neighbour, url, host, o.ars FROM k JOIN online_services_nearby o USING (leika_key)
             JOIN n USING (ars) WHERE active AND online_status = 'ok' AND $site = $site""",
        names=[name for name, _ in areas],
        keys=[ars for _, ars in areas],
    ):
        _, levels = found.setdefault(service, {}).setdefault((neighbour, url), (host, set()))
        levels.add(ars)
    return found


def _of_known(oracle: Oracle, neighbours: int) -> str:
    known = len(_neighbours(oracle))
    return f"{figure(neighbours)} von {count(known, 'Nachbarn', 'Nachbarn')}"


def add_nearby(oracle: Oracle, wanted: Expected) -> None:
    """Leistungen, Onlinedienste: neighbours and offers by service; after `online_services`."""
    here = {name: row["offered"] for name, row in wanted.rows["online_offers"].items()}
    rows = []
    for service, found in _offered_by(oracle).items():
        who = sorted({neighbour for neighbour, _ in found})
        rows.append((here[service] == WORKS, -len(who), service, _listing(who)))
    if rows:
        _, amount, first, _ = min(rows)
        silent = {
            "gemeldet, aber defekt": "; hier ist er gemeldet, aber defekt",
            "nicht gemeldet": "; hier ist keiner gemeldet",
        }
        verb = "bietet" if amount == -1 else "bieten"
        wanted.heads["neighbour_offers"] = (
            f"„{first}“ {verb} {_of_known(oracle, -amount)} online an{silent.get(here[first], '')}"
        )
        wanted.keys["neighbour_offers"] = ("name",)
        wanted.rows["neighbour_offers"] = {
            name: {"neighbours": -amount, "who": who, "offered": here[name]} for _, amount, name, who in rows
        }
    else:
        wanted.absent.append("neighbour_offers")
    offers = _offers(oracle)
    if not offers:
        wanted.absent.append("market_offers")
        return
    open_ = len({row[0] for row in offers if here[row[0]] != WORKS})
    wanted.heads["market_offers"] = (
        f"Für {count(open_, 'Leistung', 'Leistungen')} ohne Onlinedienst gibt es Angebote"
        if open_
        else "Angebote für Leistungen mit Onlinedienst"
    )
    wanted.keys["market_offers"] = ("service_name", "provider", "url", "price")
    wanted.rows["market_offers"] = {
        (name, provider, url or None, price): {
            "here": here[name],
            "available_from": day.isoformat() if day else None,
        }
        for name, provider, url, price, _, day in offers
    }


def _offers(oracle: Oracle, service: str = "") -> list[tuple]:
    """Name of the service, provider, address, price, contract and first day."""
    return oracle.all(
        """WITH k AS (SELECT service, name, unnest(leistungsschluessel) leika_key FROM services
             WHERE municipality = 'leverkusen')
           SELECT DISTINCT k.name, provider, o.url, price, contract, available_from FROM k JOIN service_offers o
             USING (leika_key) WHERE $service IN ('', k.service) AND $site = $site""",
        service=service,
    )


def add_elsewhere(oracle: Oracle, wanted: Expected, service: str, name: str) -> None:
    """One service: who offers it nearby, and by whom it can be had."""
    found = _offered_by(oracle).get(name, {})
    if found:
        amount = len({neighbour for neighbour, _ in found})
        verb = "bietet" if amount == 1 else "bieten"
        wanted.heads["service_neighbours"] = f"{_of_known(oracle, amount)} {verb} „{name}“ online an"
        wanted.keys["service_neighbours"] = ("neighbour", "url")
        wanted.rows["service_neighbours"] = {
            key: {"host": host, **({"level": _level(*keys)} if len(keys) == 1 else {})}
            for key, (host, keys) in found.items()
        }
    else:
        wanted.absent.append("service_neighbours")
    offers = _offers(oracle, service)
    if not offers:
        wanted.absent.append("service_offers")
        return
    providers = count(len({row[1] for row in offers}), "Anbieter hat", "Anbieter haben")
    wanted.heads["service_offers"] = f"{providers} einen Onlinedienst zu „{name}“ im Angebot"
    wanted.keys["service_offers"] = ("provider", "url", "price")
    wanted.rows["service_offers"] = {
        (provider, url or None, price): {
            "contract": contract,
            "available_from": day.isoformat() if day else None,
        }
        for _, provider, url, price, contract, day in offers
    }


def _level(ars: str) -> str:
    return next(word for digits, word in sorted(LEVELS.items()) if not ars[digits:].strip("0"))


# --- the federal dashboard ---

Pair = tuple[dt.date, int, int | None, str]
"""Month, transactions there, own online applications where they may be told, and what is said of both."""


def _pairs(oracle: Oracle, withheld: Withheld, today: dt.date) -> dict[str, list[Pair]]:
    months = whole_months(oracle)
    found: dict[str, list[Pair]] = {}
    for service, month, there, own in oracle.all(
        """SELECT d.service, d.month, transactions, applications FROM dashboard_usage d LEFT JOIN service_cases c
             ON c.municipality = d.municipality AND c.service = d.service AND c.month = d.month AND channel = 'online'
           WHERE d.municipality = 'leverkusen' AND list_contains($months, d.month) AND $site = $site ORDER BY 1, 2""",
        months=months,
    ):
        over = month_start(month.year, month.month + 1) <= today
        if own is None or not over:
            pair = (month, there, None, "nur im Dashboard")
        elif state(own, (service, month, "online", "applications") in withheld.cases) != "shown":
            pair = (month, there, None, "eigene Zahl verdeckt (unter 5 oder geheim)")
        else:
            pair = (month, there, own, _compared(there - own))
        found.setdefault(service, []).append(pair)
    return found


def _compared(difference: float) -> str:
    if not difference:
        return "gleich"
    return "Dashboard zählt mehr" if difference > 0 else "Dashboard zählt weniger"


def add_dashboard(oracle: Oracle, wanted: Expected, withheld: Withheld, today: dt.date) -> None:
    """Leistungen: both counts of every service of the list."""
    names = dict(
        oracle.all("SELECT service, name FROM services WHERE municipality = 'leverkusen' AND $site = $site")
    )
    pairs = {one: own for one, own in _pairs(oracle, withheld, today).items() if one in names}
    if not pairs:
        wanted.absent.append("dashboard_reconciliation")
        return
    wanted.keys["dashboard_reconciliation"] = ("name",)
    rows = wanted.rows["dashboard_reconciliation"] = {}
    differing = compared = 0
    for service, own in pairs.items():
        told = [pair for pair in own if pair[2] is not None]
        there, ours = sum(pair[1] for pair in told), sum(pair[2] for pair in told)
        compared += bool(told)
        differing += there != ours
        rows[names[service]] = {
            "transactions": there if told else None,
            "own": ours if told else None,
            "difference": there - ours if told else None,
            "compared": len(told),
            "months": len(own),
            "why": _compared(there - ours) if told else "kein gemeinsamer Monat",
        }
    wanted.heads["dashboard_reconciliation"] = (
        f"Bei {figure(differing)} von {count(compared, 'Leistung', 'Leistungen')} weicht das Dashboard des Bundes von "
        "den eigenen Zahlen ab"
        if compared
        else "Das Dashboard des Bundes und die eigenen Zahlen haben keinen Monat gemeinsam"
    )


def add_own_dashboard(
    oracle: Oracle, wanted: Expected, service: str, name: str, withheld: Withheld, today: dt.date
) -> None:
    """One service: both counts by month."""
    own = _pairs(oracle, withheld, today).get(service)
    if not own:
        wanted.absent.append("service_reconciliation")
        return
    told = [pair for pair in own if pair[2] is not None]
    wanted.heads["service_reconciliation"] = (
        f"Dashboard des Bundes zu „{name}“: {figure(sum(pair[1] for pair in told))}, eigene Online-Anträge: "
        f"{figure(sum(pair[2] for pair in told))} (in "
        f"{count(len(told), 'vergleichbaren Monat', 'vergleichbaren Monaten')})"
        if told
        else f"Zu „{name}“ nennt das Dashboard des Bundes Zahlen, die sich nicht vergleichen lassen"
    )
    wanted.keys["service_reconciliation"] = ("month",)
    wanted.rows["service_reconciliation"] = {
        month.isoformat(): {
            "transactions": there,
            "own": ours,
            "difference": None if ours is None else there - ours,
            "state": said,
        }
        for month, there, ours, said in own
    }


# --- other cities ---

MEASURES = {
    "online_share": ("Online-Quote", 3),
    "end_to_end_share": ("Ende-zu-Ende", 3),
    "application_rate": ("Abschlussquote", 3),
    "slowest_days": ("Langsamster Monat", 1),
    "cost_per_case": ("Kosten je Fall (Euro)", 2),
    "satisfaction": ("Zufriedenheit", 2),
}
"""Figure → its name, and the decimals to which the own one is rounded before it is compared."""
UNITS = {"slowest_days": "Tage", "satisfaction": "Sterne"}
LESS_IS_BETTER = ("slowest_days", "cost_per_case")
CITIES = 5


def _own(oracle: Oracle, links: Links, withheld: Withheld, today: dt.date) -> dict[tuple[str, str], float]:
    """(service, figure) → the own value as it is compared."""
    found: dict[tuple[str, str], float | None] = {}
    for service, cells in marked(oracle, withheld, today).items():
        for name, value in figures_of_cells(cells).items():
            found[service, name] = value
    for service, own in applied(oracle, links, withheld).items():
        found[service, "application_rate"] = own.rate
    for service, month, answers, stars in oracle.all(
        """SELECT service, month, sum(answers), sum(stars * answers) FROM service_feedback
           WHERE municipality = 'leverkusen' AND list_contains($months, month) AND $site = $site GROUP BY 1, 2""",
        months=[m for m in whole_months(oracle) if month_start(m.year, m.month + 1) <= today],
    ):
        if state(answers, (service, month) in withheld.feedback) == "shown":
            have = found.get((service, "sums"), (0, 0))
            found[service, "sums"] = (have[0] + answers, have[1] + stars)
    for service, name in list(found):
        if name == "sums":
            answers, stars = found.pop((service, name))
            found[service, "satisfaction"] = stars / answers
    return {
        (service, name): round(value, MEASURES[name][1])
        for (service, name), value in found.items()
        if value is not None
    }


def _others(oracle: Oracle) -> dict[tuple[str, str], dict[str, float]]:
    """(service, figure) → city's key → its value: of its newest file that shares a day with the period."""
    found: dict[tuple[str, str], dict[str, float]] = {}
    for service, measure, ars, values in oracle.all(
        """WITH near AS (SELECT * FROM benchmarks WHERE first <= $until AND last >= $since AND ars <> $city),
             newest AS (SELECT *, dense_rank() OVER (PARTITION BY ars ORDER BY last DESC, made_on DESC, first DESC) n
               FROM near),
             k AS (SELECT service, unnest(leistungsschluessel) leika_key FROM services
               WHERE municipality = 'leverkusen')
           SELECT service, measure, ars, list(DISTINCT value) FROM k JOIN newest USING (leika_key)
           WHERE n = 1 AND $site = $site GROUP BY ALL""",
        since=oracle.now[0],
        until=oracle.now[1],
        city=CITY,
    ):
        if len(values) == 1:
            found.setdefault((service, measure), {})[ars] = values[0]
    return found


def _written(measure: str, value: float | None, missing: str = "–") -> str:
    if value is None:
        return missing
    if MEASURES[measure][1] == 3:
        return percent(value)
    return with_unit(value, 1, UNITS.get(measure, ""))


def _placed(theirs: list[float], own: float | None, measure: str) -> dict:
    """Quarters, and of how many cities the own value is better, where enough of them tell theirs."""
    ordered, enough = sorted(theirs), len(theirs) >= CITIES
    quarters = [ordered[math.floor(q * (len(ordered) - 1))] if enough else None for q in (0.25, 0.5, 0.75)]
    found = dict(zip(("quarter", "median", "upper"), (_written(measure, q) for q in quarters), strict=True))
    found |= {"cities": len(theirs), "own": _written(measure, own, "unbekannt"), "place": ""}
    if enough and own is not None:
        sides = {
            "below": sum(one < own for one in theirs),
            "equal": sum(one == own for one in theirs),
            "above": sum(one > own for one in theirs),
        }
        better = sides["above" if measure in LESS_IS_BETTER else "below"]
        ties = f", gleich mit {figure(sides['equal'])}" if sides["equal"] else ""
        found["place"] = f"besser als {figure(better)} von {figure(len(theirs))}{ties}"
        found |= {"sides": sides, "ahead": better / len(theirs) > 0.5}
    return found


def _all_placed(
    oracle: Oracle, links: Links, withheld: Withheld, today: dt.date
) -> dict[tuple[str, str], dict]:
    own = _own(oracle, links, withheld, today)
    return {
        (service, measure): _placed(list(theirs.values()), own.get((service, measure)), measure)
        for (service, measure), theirs in _others(oracle).items()
    }


COLUMNS = ("cities", "own", "place", "quarter", "median", "upper")


def add_cities(oracle: Oracle, wanted: Expected, links: Links, withheld: Withheld, today: dt.date) -> None:
    """Leistungen: every figure with a place among other cities."""
    names = dict(
        oracle.all("SELECT service, name FROM services WHERE municipality = 'leverkusen' AND $site = $site")
    )
    placed = {key: row for key, row in _all_placed(oracle, links, withheld, today).items() if "sides" in row}
    if not placed:
        wanted.absent.append("city_benchmarks")
        return
    ahead = sum(row["ahead"] for row in placed.values())
    wanted.heads["city_benchmarks"] = (
        f"Bei {figure(ahead)} von {count(len(placed), 'Kennzahl', 'Kennzahlen')} liegt die Stadt vor mehr als der "
        "Hälfte der anderen"
    )
    wanted.keys["city_benchmarks"] = ("name", "label")
    wanted.rows["city_benchmarks"] = {
        (names[service], MEASURES[measure][0]): {column: row[column] for column in COLUMNS}
        for (service, measure), row in placed.items()
    }


def add_own_cities(
    oracle: Oracle,
    wanted: Expected,
    named: tuple[str, str],
    links: Links,
    withheld: Withheld,
    today: dt.date,
) -> None:
    """One service, ``named`` by id and name, among other cities."""
    service, name = named
    placed = {
        measure: row
        for (one, measure), row in _all_placed(oracle, links, withheld, today).items()
        if one == service
    }
    rows = {measure: placed[measure] for measure in MEASURES if measure in placed}
    if not rows:
        wanted.absent.append("service_benchmarks")
        return
    compared = [measure for measure, row in rows.items() if "sides" in row]
    if compared:
        wanted.heads["service_benchmarks"] = _told(compared[0], rows[compared[0]], name)
    elif any(row["cities"] >= CITIES for row in rows.values()):
        wanted.heads["service_benchmarks"] = (
            f"Andere Städte nennen Kennzahlen zu „{name}“; die eigenen sind unbekannt"
        )
    else:
        most = max(row["cities"] for row in rows.values())
        told = count(most, "andere Stadt nennt", "andere Städte nennen")
        wanted.heads["service_benchmarks"] = (
            f"Erst {told} Kennzahlen zu „{name}“; verglichen wird ab {CITIES}"
        )
    wanted.keys["service_benchmarks"] = ("label",)
    wanted.rows["service_benchmarks"] = {
        MEASURES[measure][0]: {column: row[column] for column in COLUMNS} for measure, row in rows.items()
    }


def _told(measure: str, row: dict, name: str) -> str:
    sides = row["sides"]
    word, amount = (
        ("höher als", sides["below"])
        if sides["below"] >= sides["above"]
        else (
            "niedriger als",
            sides["above"],
        )
    )
    if not sides["below"] and not sides["above"]:
        word, amount = "gleich wie", sides["equal"]
    cities = count(row["cities"], "anderen Stadt", "anderen Städten")
    return f"{MEASURES[measure][0]} von „{name}“: {row['own']}, {word} in {figure(amount)} von {cities}"


# --- the drawn world ---


def add_others(db: duckdb.DuckDBPyConnection) -> None:
    """Broken services and those of a district and the state nearby, an offer without address; figures of cities.

    Seven cities: one with two files, one with a file of an earlier year only, one that tells two figures for two keys;
    and a file that pretends to be of the city itself.
    """
    columns = "leika_key, ars, url, name, host, online_status, active, area_wide, export_date, import_id"
    for ars, kept in (
        ("053780000000", "n % 3 = 0"),
        ("050000000000", "n % 3 = 1"),
        ("053780004004", "n % 2 = 0"),
    ):
        status = "fehler" if ars.startswith("053780004") else "ok"
        db.execute(
            f"""INSERT INTO online_services_nearby ({columns})
                SELECT leika_key, '{ars}', 'https://{ars}.example/' || n, 'Dienst', 'host' || n % 4, '{status}', true,
                  'ja', DATE '2025-12-01', 'x'
                FROM (SELECT leika_key, row_number() OVER (ORDER BY leika_key) n FROM (
                  SELECT DISTINCT unnest(leistungsschluessel) leika_key FROM services)) WHERE {kept}"""
        )
    db.execute(
        "UPDATE service_offers SET url = '' WHERE provider = (SELECT min(provider) FROM service_offers)"
    )
    ranges = {
        "online_share": "(h % 1000) / 1000.0",
        "end_to_end_share": "(h % 1000) / 1000.0",
        "application_rate": "(h % 1000) / 1000.0",
        "slowest_days": "(h % 400) / 10.0",
        "cost_per_case": "(h % 3000) / 100.0",
        "satisfaction": "1 + (h % 401) / 100.0",
    }
    files = [(f"0531{n}0000000", f"Stadt {n}", "2025-01-01", "2025-11-30", "2025-12-01") for n in range(1, 7)]
    files += [
        ("053110000000", "Stadt 1", "2024-01-01", "2024-12-31", "2025-01-05"),
        ("053180000000", "Stadt 8", "2023-01-01", "2023-12-31", "2024-01-05"),
        (CITY, "Die Stadt selbst", "2025-01-01", "2025-11-30", "2025-12-01"),
    ]
    for ars, city, first, last, made in files:
        least = 3 if city == "Stadt 6" else 1
        for measure, value in ranges.items():
            db.execute(
                f"""INSERT INTO benchmarks (ars, first, last, leika_key, measure, city, value, months, basis, made_on,
                      import_id)
                    SELECT '{ars}', '{first}', '{last}', leika_key, '{measure}', '{city}', {value}, 11, NULL, '{made}',
                      'x'
                    FROM (SELECT leika_key, row_number() OVER (ORDER BY leika_key) n,
                        hash('{measure}{last}{ars}' || leika_key) h
                      FROM (SELECT DISTINCT CASE WHEN '{city}' = 'Stadt 3' THEN unnest(leistungsschluessel)
                        ELSE leistungsschluessel[1] END leika_key FROM services WHERE len(leistungsschluessel) > 0))
                    WHERE n % {least} = 0"""
            )
