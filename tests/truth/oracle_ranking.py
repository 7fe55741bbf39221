"""Priorisierung: what the criteria are measured as, and the points, ranks and sentences that follow from them.

The criteria themselves (anchors, weights) are read from the shipped file. Taken from the answer are unmet demand (its
bounds are judged with the services) and the ends of points, which stand on intervals of estimates that tests/estimates
hold. What follows from them is worked out here.
"""

from __future__ import annotations

import csv
import datetime as dt
import math
import tomllib
from pathlib import Path

from tests.truth.oracle import Expected, Oracle
from tests.truth.oracle_cases import figures_of_cells, marked
from tests.truth.oracle_hidden import Links, Withheld, applied
from tests.truth.writing import count, figure

FILE = tomllib.loads((Path(__file__).parents[2] / "data" / "criteria.toml").read_text(encoding="utf-8"))
CRITERIA = {one["id"]: one for one in FILE["criteria"]}
PRESETS = {one["name"]: one["criteria"] for one in FILE["presets"]}
LANES = {"startbar": "startable", "wartet auf andere": "waiting", "erst klären": "unclear"}
TAKEN = ("unmet_demand",)
LEAST_BEFORE = 50
MOST = 15


def ranking(
    year: Oracle,
    lately: tuple[Oracle, Links],
    demand: Expected,
    withheld: Withheld,
    scenario: str,
    shown: dict,
    today: dt.date,
    due: dict[str, dt.date],
) -> Expected:
    """Message, cards, ranks of every lane and over all, points and criteria.

    ``year`` is asked of the last 12 full months, ``lately`` of the last three against the year before; ``demand`` is
    what `Oracle.services` expects of the year, ``due`` are the earliest dates by law of services.
    """
    wanted = Expected()
    exhibits = {one["id"]: one for one in shown["exhibits"]}
    names = PRESETS[scenario]
    weights = {name: CRITERIA[name]["weight"] for name in names}
    total = sum(weights.values())
    shares = {name: weight / total for name, weight in weights.items()}
    values = _measured(year, lately, demand, withheld, today)
    overall = {row["name"]: row for row in exhibits["ranking_overall"]["rows"]}
    by_name = dict(year.all("SELECT name, service FROM services WHERE $site = $site"))
    for name, own in values.items():
        last = due.get(by_name[name])
        own["legal_months"] = (last - year.last).days / (365.25 / 12) if last else None
        own |= {taken: overall[name].get(taken) for taken in TAKEN}
    rows = {
        name: _row(own, shares, overall[name]["score_range"]) | {"lane": own["lane"]}
        for name, own in values.items()
    }
    for row in rows.values():
        row["rank"] = _rank(row, [one for one in rows.values() if one["lane"] == row["lane"]])
        row["rank_overall"] = _rank(row, list(rows.values()))
    columns = ("score", "known", *(name for name in names if name not in TAKEN))
    every = {name: {**row, **{one: values[name].get(one) for one in names}} for name, row in rows.items()}
    wanted.keys |= dict.fromkeys(
        ("ranking_overall", *(f"ranking_{slug}" for slug in LANES.values())), ("name",)
    )
    wanted.rows["ranking_overall"] = {
        name: {one: row[one] for one in ("rank_overall", *columns)} for name, row in every.items()
    }
    firsts = {}
    for lane, slug in LANES.items():
        own = {name: row for name, row in rows.items() if row["lane"] == lane}
        if not own:
            wanted.absent.append(f"ranking_{slug}")
            continue
        wanted.rows[f"ranking_{slug}"] = {
            name: {one: every[name][one] for one in ("rank", *columns)} for name in own
        }
        said, firsts[lane] = _first(own, "rank")
        lone = f"nur „{next(iter(own))}“" if len(own) == 1 else ""
        names_first = f"{_quoted(said)}{' gleichauf' if len(said) > 1 else ''} auf Rang 1" if said else ""
        told = ", ".join(filter(None, (names_first, firsts[lane])))
        wanted.heads[f"ranking_{slug}"] = f"{lane[0].upper()}{lane[1:]}: {lone or told}"
    said, remark = _first(rows, "rank_overall")
    ahead = f"{_quoted(said)} mit den meisten Punkten" if said else ""
    wanted.heads["ranking_overall"] = f"Über alle Bahnen: {', '.join(filter(None, (ahead, remark)))}"
    wanted.message = _message(rows, scenario)
    _cards(wanted, rows, len(names) and sum(share > 0 for share in shares.values()))
    _points(wanted, rows, values, shares)
    _missing(wanted, rows, values, shares)
    _axes(wanted, values, shares)
    wanted.keys["criteria"] = ("label",)
    wanted.heads["criteria"] = f"{count(len(names), 'Kriterium', 'Kriterien')} im Szenario „{scenario}“"
    wanted.rows["criteria"] = {
        CRITERIA[name]["label"]: {
            "weight": shares[name],
            "lower": CRITERIA[name]["lower"],
            "upper": CRITERIA[name]["upper"],
            "known": f"{sum(own.get(name) is not None for own in values.values())} von {len(values)}",
        }
        for name in names
    }
    return wanted


def by_lane(ranked: Expected) -> Expected:
    """The report's page of a ranking: ranks of all lanes in one table, under the answer's sentence."""
    said = (ranked.message or "").removesuffix(".").replace("Bahn", "Gruppe")  # plain words for committees
    wanted = Expected(heads={"ranking_by_lane": said})
    wanted.keys["ranking_by_lane"] = ("name",)
    wanted.rows["ranking_by_lane"] = {
        name: {column: row[column] for column in ("rank", "score", "known")}
        for slug in LANES.values()
        for name, row in ranked.rows.get(f"ranking_{slug}", {}).items()
    }
    return wanted


def due_by_law(path: Path) -> dict[str, dt.date]:
    """Service → its earliest date of the city's file; a flag of a service has none that counts."""
    found: dict[str, dt.date] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            if row["kind"] != "fokus":
                day = dt.date.fromisoformat(row["date"])
                found[row["service_id"]] = min(day, found.get(row["service_id"], day))
    return found


def _measured(
    year: Oracle, lately: tuple[Oracle, Links], demand: Expected, withheld: Withheld, today: dt.date
) -> dict[str, dict]:
    """Pending services that are not live by name → criterion → value; None where it is unknown."""
    recent, links = lately
    pages = {page["url"]: page for page in year._pages()}
    cells, rates = marked(year, withheld, today), applied(year, links, withheld)
    stars: dict[str, list[float]] = {}
    for service, month, answers, sum_of_stars in year.all(
        """SELECT service, month, sum(answers), sum(stars * answers) FROM service_feedback
           WHERE municipality = 'leverkusen' AND month >= $first AND last_day(month) <= $until AND $site = $site
           GROUP BY 1, 2 HAVING sum(answers) >= 5""",
        first=year.now[0],
        until=year.now[1],
    ):
        if (service, month) not in withheld.feedback:
            own = stars.setdefault(service, [0.0, 0.0])
            own[0] += answers
            own[1] += sum_of_stars
    trends = _trends(recent, links)
    found = {}
    for service, name, lane, motion in year.all(
        """SELECT service, name, lane, motion_number FROM services WHERE municipality = 'leverkusen'
           AND list = 'anstehend' AND NOT coalesce(status_group = 'Go-Live' AND go_live_month <= as_of, false)
           AND $site = $site ORDER BY service"""
    ):
        told = demand.rows["service_table"].get(name, {})
        seen = [
            pages[url]["impressions"] * share for url, one, share in links if one == service and url in pages
        ]
        run = figures_of_cells(cells[service]) if service in cells else {}
        rate = rates.get(service)
        found[name] = {
            "lane": lane,
            "clicks": told.get("clicks"),
            "impressions": sum(seen) if seen else None,
            "relative_trend": trends.get(service),
            "portal_visits": told.get("unique_page_views"),
            "portal_starts": told.get("service_starts"),
            "online_share": run.get("online_share"),
            "cost_per_case": run.get("cost_per_case"),
            "completion": rate.rate if rate else None,
            "satisfaction": stars[service][1] / stars[service][0] if service in stars else None,
            "council_mandate": float(motion is not None),
        }
    return found


def _trends(recent: Oracle, links: Links) -> dict[str, float]:
    """Clicks of the last months over those of a year before, against all pages; of 50 clicks before at least."""
    rows = recent.all(
        """SELECT url, coalesce(sum(clicks) FILTER ({like}), 0), coalesce(sum(clicks) FILTER ({before}), 0)
           FROM search_page_day WHERE {mine} GROUP BY 1"""
    )
    usual = sum(row[1] for row in rows) / sum(row[2] for row in rows)
    clicks = {url: (like, before) for url, like, before in rows}
    sums: dict[str, list[float]] = {}
    for url, service, share in links:
        own = sums.setdefault(service, [0.0, 0.0])
        for at, amount in enumerate(clicks.get(url, (0, 0))):
            own[at] += amount * share
    return {
        service: like / before / usual - 1
        for service, (like, before) in sums.items()
        if before >= LEAST_BEFORE
    }


def _value(name: str, raw: float | None) -> float | None:
    """0 … 1 between the anchors."""
    if raw is None:
        return None
    one = CRITERIA[name]
    lower, upper, raw = one["lower"], one["upper"], min(max(raw, one["lower"]), one["upper"])
    if one["scale"] == "log":
        lower, upper, raw = (math.log(end) for end in (lower, upper, raw))
    value = (raw - lower) / (upper - lower)
    return 1 - value if one["direction"] == "lower" else value


def _row(own: dict, shares: dict[str, float], span: str) -> dict:
    """Points, how many of the criteria that count are known, and the ends as they are shown."""
    values = {name: _value(name, own.get(name)) for name in shares}
    counted = [name for name, share in shares.items() if share > 0]
    known = sum(values[name] is not None for name in counted)
    score = 100 * sum(
        share * (0.5 if values[name] is None else values[name]) for name, share in shares.items()
    )
    low, _, high = span.replace(".", "").replace(",", ".").partition("–")
    told = f"{known} von {len(counted)}"
    return {
        "score": score,
        "known": told if known else f"{told}: geschätzt, nichts bekannt: 0 bis 100",
        "counts": (known, len(counted)),
        "low": float(low),
        "high": float(high or low),
    }


def _rank(row: dict, others: list[dict]) -> int:
    return 1 + sum(round(one["score"], 9) > round(row["score"], 9) for one in others)


def _first(rows: dict[str, dict], rank: str) -> tuple[list[str], str]:
    """Who is first, in the order of the ids, and what has to be said with it."""
    first = {name: row for name, row in rows.items() if row[rank] == 1}
    known, asked = min(row["counts"] for row in first.values())
    if 2 * known < asked:
        return [], f"zu wenig bekannt für einen ersten Rang ({known} von {asked} Kriterien)"
    lowest = min(row["low"] for row in first.values())
    others = [row["high"] for name, row in rows.items() if name not in first]
    sure = not others or lowest > max(others)
    return list(first), "" if sure else "nicht sicher: Spannen überschneiden sich"


def _quoted(names: list[str]) -> str:
    told = [f"„{name}“" for name in names]
    return ", ".join(told[:-1]) + " und " + told[-1] if len(told) > 1 else "".join(told)


def _message(rows: dict[str, dict], scenario: str) -> str:
    lane = next(lane for lane in LANES if any(row["lane"] == lane for row in rows.values()))
    own = {name: row for name, row in rows.items() if row["lane"] == lane}
    names, remark = _first(own, "rank")
    points = figure(max(row["score"] for row in own.values()), 1)
    title = f"Szenario „{scenario}“"
    if len(own) == 1:
        return f"In der Bahn „{lane}“ steht nur {_quoted(list(own))} ({points} von 100 Punkten, {title})."
    if not names:
        return f"In der Bahn „{lane}“ ist {remark}; {title}."
    verb = "liegt" if len(names) == 1 else "liegen gleichauf"
    unsure = f"; {remark}" if remark else ""
    told = f"({points} von 100 Punkten, {title}{unsure})"
    return f"Von den Leistungen der Bahn „{lane}“ {verb} {_quoted(names)} vorn {told}."


def _cards(wanted: Expected, rows: dict[str, dict], asked: int) -> None:
    wanted.figures["anstehende-leistungen"] = {"number": len(rows)}
    for lane, id_ in zip(LANES, ("startbar", "wartet-auf-andere", "erst-klaeren"), strict=True):
        wanted.figures[f"bahn-{id_}"] = {"number": sum(row["lane"] == lane for row in rows.values())}
    complete = sum(row["counts"][0] == asked for row in rows.values())
    wanted.figures["datenlage-vollstaendig"] = {"value": f"{complete} von {len(rows)}"}


def _points(
    wanted: Expected, rows: dict[str, dict], values: dict[str, dict], shares: dict[str, float]
) -> None:
    """The parts of each bar that are a criterion's own; where more of them count than colours, the last are one."""
    parts = {
        (name, one): 100 * share * known
        for name, own in values.items()
        for one, share in shares.items()
        if share > 0 and (known := _value(one, own.get(one))) is not None
    }
    counted = {one for _, one in parts}
    if len(counted) > 4:
        return
    wanted.keys["contributions"] = ("name", "label")
    wanted.rows["contributions"] = {
        (name, CRITERIA[one]["label"]): {"points": points} for (name, one), points in parts.items()
    }
    for name, row in rows.items():
        lacking = row["score"] - sum(points for (own, _), points in parts.items() if own == name)
        if lacking > 0.05:
            wanted.rows["contributions"][name, "Fehlende Angaben (zählen halb)"] = {"points": lacking}
    said, remark = _first(rows, "rank_overall")
    if not said:
        wanted.heads["contributions"] = f"Über alle Bahnen: {remark}"
    if len(said) != 1:
        return
    ahead = {}
    for one in counted:
        own = parts.get((said[0], one))
        others = sorted(points for (name, other), points in parts.items() if other == one and name != said[0])
        if own is not None and others:
            middle = (others[(len(others) - 1) // 2] + others[len(others) // 2]) / 2
            ahead[one] = own - middle
    most = max(ahead, key=lambda one: ahead[one])
    first = f"Über alle Bahnen liegt „{said[0]}“ vorn{f' ({remark})' if remark else ''}"
    wanted.heads["contributions"] = (
        f"{first}, mit dem größten Vorsprung bei „{CRITERIA[most]['label']}“"
        if ahead[most] >= 1
        else f"{first}, ohne dass ein einzelnes Kriterium den Ausschlag gibt"
    )


def _missing(
    wanted: Expected, rows: dict[str, dict], values: dict[str, dict], shares: dict[str, float]
) -> None:
    """The best and worst rank of a service in its lane if one value that is missing were known."""
    found, decisive = {}, 0
    for name, row in rows.items():
        others = [one for other, one in rows.items() if one["lane"] == row["lane"] and other != name]
        for criterion, share in shares.items():
            if not share or values[name].get(criterion) is not None:
                continue
            best, worst = (
                _rank({"score": row["score"] + step}, others) for step in (50 * share, -50 * share)
            )
            decisive += best == 1 < row["rank"] or row["rank"] == 1 < worst
            found[name, CRITERIA[criterion]["label"]] = {
                "rank": row["rank"],
                "range": f"{best}" if best == worst else f"{best}–{worst}",
                "sentence": _effect(name, row, criterion, best, worst),
            }
    if not found:
        wanted.absent.append("missing_effects")
        return
    wanted.keys["missing_effects"] = ("name", "label")
    wanted.rows["missing_effects"] = found
    could = "könnte" if decisive == 1 else "könnten"
    wanted.heads["missing_effects"] = (
        f"{count(decisive, 'fehlende Angabe', 'fehlende Angaben')} {could} den ersten Platz einer Bahn ändern"
        if decisive
        else "Keine fehlende Angabe ändert für sich allein einen ersten Platz"
    )


def _effect(name: str, row: dict, criterion: str, best: int, worst: int) -> str:
    known = f"Wäre „{CRITERIA[criterion]['label']}“ bei „{name}“ bekannt"
    rank, lane = row["rank"], f" der Bahn „{row['lane']}“"
    if best == 1 < rank:
        return f"{known}, könnte „{name}“ auf Platz 1{lane} stehen (heute Platz {rank})."
    if rank == 1 < worst:
        return f"{known}, könnte „{name}“ Platz 1{lane} verlieren (bis Platz {worst})."
    if best == worst:
        return f"{known}, bliebe es bei Platz {rank}{lane}."
    return f"{known}, läge „{name}“ zwischen Platz {best} und {worst}{lane}."


def _axes(wanted: Expected, values: dict[str, dict], shares: dict[str, float]) -> None:
    """Points of both axes, each of its own criteria; without a weight on one there is no picture."""
    axes = {
        axis: {one: share for one, share in shares.items() if share and CRITERIA[one]["axis"] == axis}
        for axis in ("umsetzbarkeit", "nutzen")
    }
    if not all(axes.values()):
        wanted.absent.append("quadrant")
        return
    wanted.keys["quadrant"] = ("name",)
    wanted.rows["quadrant"] = {}
    blank = dict.fromkeys(axes, True)
    for name, own in values.items():
        points = {}
        for axis, weights in axes.items():
            told = {one: _value(one, own.get(one)) for one in weights}
            blank[axis] &= not any(value is not None for value in told.values())
            total = sum(share * (0.5 if told[one] is None else told[one]) for one, share in weights.items())
            points[axis] = 100 * total / sum(weights.values())
        wanted.rows["quadrant"][name] = points
    unknown = [axis.capitalize() for axis in axes if blank[axis]]
    if unknown:
        wanted.heads["quadrant"] = (
            f"Noch nicht eingeschätzt: {' und '.join(unknown)} – alle Leistungen stehen dort in der Mitte"
        )


def off_list(
    year: Oracle, wanted: Expected, links: Links, marks: dict[str, str], extra: dict[str, str]
) -> None:
    """The most sought services without status, and pages that belong to nothing."""
    pages, factor = year._pages(), year.factor("search_page_day")
    by_url = {page["url"]: page for page in pages}
    sums: dict[str, list[float]] = {}
    for url, service, share in links:
        if service in extra and url in by_url:
            own = sums.setdefault(extra[service], [0.0] * 4)
            for at, column in enumerate(("clicks", "impressions", "like", "before")):
                own[at] += by_url[url][column] * share
    rows = [(name, *own) for name, own in sums.items()]
    rows += [
        (page["label"], page["clicks"], page["impressions"], page["like"], page["before"])
        for page in pages
        if page["url"] not in marks
    ]
    top = sorted((row for row in rows if row[1] > 0), key=lambda row: (-row[1], row[0]))[:MOST]
    if not top:
        wanted.absent.append("off_list")
        return
    first = top[0]
    wanted.heads["off_list"] = (
        f"„{first[0]}“ steht nicht auf der Liste und holt {count(first[1], 'Klick', 'Klicks')}"
    )
    wanted.keys["off_list"] = ("name",)
    wanted.rows["off_list"] = {
        name: {
            "clicks": clicks,
            "impressions": seen,
            "change": like / (before * factor) - 1 if year.before and factor and before else None,
        }
        for name, clicks, seen, like, before in top
    }
