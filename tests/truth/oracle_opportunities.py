"""Chancen: the sums behind estimates, and what follows from these.

What is an estimate (the curve, the factor of a query, extra clicks and their range, the week of a step) is taken
from the answer: how often it goes wrong is held by simulation (tests/estimates). All that follows from it and from rows
is worked out anew: places, impressions, rates, which page answers a query, the usual rate by the curve shown, clicks
before and after that week, who contests whom, and every sentence.
"""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_right
from itertools import pairwise

from tests.truth.oracle import DAY, LEAST, Expected, Oracle
from tests.truth.oracle_weeks import Panel, whole_weeks
from tests.truth.scopes import EVERYTHING, Chosen
from tests.truth.writing import count, figure, percent, period, round_to

Months = dict[dt.date, tuple[int, int, float]]
"""month → clicks, impressions, place."""


def opportunities(
    oracle: Oracle, shown: dict, fits: set[str], changes: list[dt.date], chosen: Chosen = EVERYTHING
) -> Expected:
    """Chancen: ``shown`` is the answer, ``changes`` are days on which Google began or ceased to count otherwise.

    Filters shorten the lists to what is ``chosen``; the curve, and whether pages contest each other, is told by all.
    """
    wanted = Expected()
    wanted.caveats = oracle.gaps("search_query_day", "search_page_query_day")
    wanted.caveats += oracle.gaps("search_page_day", weeks=True)
    given = {exhibit["id"]: exhibit for exhibit in shown["exhibits"]}
    months = _months(oracle, "search_query_day", "query")
    pages = {
        key: cells
        for key, cells in _months(oracle, "search_page_query_day", "url, query").items()
        if chosen.url(key[0]) and chosen.query(key[1])
    }
    labels = oracle.labels()
    _contested(oracle, wanted, fits, labels, chosen)
    _decay(oracle, wanted, given)
    _of_chosen(wanted, given, chosen, {query for _, query in pages})
    if "ctr_curve" not in given:
        if "work_list" in given:
            _work_list(wanted, given, labels)
        wanted.message = "Aus den geladenen Suchanfragen ergibt sich kein bezifferbares Klickpotenzial."
        return wanted
    subtitle = given["ctr_curve"]["subtitle"].removesuffix(f" · {chosen.told}")
    since = _since(months, subtitle, oracle, changes)
    curve = _curve(wanted, given["ctr_curve"])
    places = _potential(wanted, given, "potential_queries", since, months, curve)
    by_page = {}
    for (url, query), cells in pages.items():
        by_page.setdefault(url, []).append((query, cells))
    _page_potential(wanted, given, since, by_page, curve, labels)
    _striking(wanted, given, pages, places, labels)
    _work_list(wanted, given, labels)
    _cards(wanted, given)
    _message(oracle, wanted, given, since)
    return wanted


def _months(oracle: Oracle, table: str, keys: str) -> dict[object, Months]:
    """key → month → clicks, impressions, place; of listed queries in the period."""
    rows = oracle.all(
        f"""SELECT {keys}, date_trunc('month', date)::DATE, sum(clicks), sum(impressions),
              sum(sum_position) / sum(impressions) + 1
            FROM {table} WHERE {{mine}} AND {{now}} AND query <> '' GROUP BY ALL HAVING sum(impressions) > 0"""
    )
    found: dict[object, Months] = {}
    for *key, month, clicks, shown, place in rows:
        found.setdefault(key[0] if len(key) == 1 else tuple(key), {})[month] = (clicks, shown, place)
    return found


def _since(months: dict[object, Months], subtitle: str, oracle: Oracle, changes: list[dt.date]) -> dt.date:
    """The newest three months as far as Google counted alike; all of them where these do not make a curve."""
    every = sorted({month for own in months.values() for month in own})
    recent = every[-3:]
    for day in sorted(day for day in changes if oracle.now[0] <= day <= oracle.now[1]):
        recent = [month for month in recent if month > day] or recent
    end = min(oracle.now[1], oracle.last)
    for month in (recent[0], every[0]):
        if subtitle.endswith(period(max(month, oracle.now[0]), end)):
            return month
    raise AssertionError(f"{subtitle}: neither the newest months nor the whole period")


def _curve(wanted: Expected, exhibit: dict) -> list[tuple[float, float]]:
    """The points shown; each rate is no higher than the one before, and lies in its range."""
    rows = exhibit["rows"]
    points = [(row["position"], row["expected_ctr"]) for row in rows]
    wanted.facts["the curve falls"] = all(a[1] >= b[1] for a, b in pairwise(points))
    wanted.facts["rates lie in their ranges"] = all(
        row["low"] <= row["expected_ctr"] <= row["high"] for row in rows
    )
    wanted.heads["ctr_curve"] = (
        f"Auf Platz {figure(points[0][0], 1)} führen {percent(points[0][1])} der Anzeigen zu einem Klick, auf Platz 10 "
        f"noch {percent(usual(points, 10.0))}"
    )
    return points


def usual(curve: list[tuple[float, float]], place: float) -> float:
    """The rate of the curve at a place: between two points on logarithmic scales, flat beyond them."""
    at = bisect_right([point[0] for point in curve], place)
    if at in (0, len(curve)):
        return max(curve[0 if at == 0 else -1][1], 1e-6)
    (left, low), (right, high) = curve[at - 1], curve[at]
    part = (math.log(place) - math.log(left)) / (math.log(right) - math.log(left))
    return math.exp(math.log(max(low, 1e-6)) * (1 - part) + math.log(max(high, 1e-6)) * part)


def _stand(cells: list[Months], since: dt.date, curve: list[tuple[float, float]]) -> dict[str, float] | None:
    """What the months from ``since`` on say of these cells."""
    newest = [cell for own in cells for month, cell in own.items() if month >= since]
    shown = sum(cell[1] for cell in newest)
    if not shown:
        return None
    clicks = sum(cell[0] for cell in newest)
    return {
        "clicks": clicks,
        "impressions": shown,
        "position": sum(cell[1] * cell[2] for cell in newest) / shown,
        "ctr": clicks / shown,
        "expected_ctr": sum(usual(curve, cell[2]) * cell[1] for cell in newest) / shown,
    }


def _about(clicks: float) -> str:
    return count(round_to(clicks, 10), "Klick", "Klicks")


def _ordered(wanted: Expected, name: str, rows: list[dict]) -> None:
    """Estimates: most first, and each within its range."""
    known = [row for row in rows if row["extra"] is not None]
    wanted.facts[f"{name}: most extra clicks first"] = all(
        a["extra"] >= b["extra"] for a, b in pairwise(known)
    )
    wanted.facts[f"{name}: within its range"] = all(
        row["extra_low"] <= row["extra"] <= row["extra_high"] for row in known
    )


def _potential(
    wanted: Expected,
    given: dict,
    id_: str,
    since: dt.date,
    months: dict[object, Months],
    curve: list[tuple[float, float]],
) -> dict[str, dict]:
    """Rows of queries; the result is what stands in them, by query."""
    if id_ not in given:
        return {}
    rows = given[id_]["rows"]
    _ordered(wanted, id_, rows)
    wanted.keys[id_] = ("query",)
    wanted.rows[id_] = {}
    for row in rows:
        stands = _stand([months[row["query"]]], since, curve)
        assert stands is not None
        stands.pop("clicks")
        aim = min(stands["position"], max(3.0, stands["position"] - 5.0))
        wanted.rows[id_][row["query"]] = {**stands, "target": aim}
        wanted.facts[f"{row['query']} may be listed"] = stands["impressions"] >= LEAST
    wanted.heads[id_] = f"„{rows[0]['query']}“ könnte etwa {_about(rows[0]['extra'])} mehr im Jahr bringen"
    return {row["query"]: row for row in rows}


def _page_potential(
    wanted: Expected,
    given: dict,
    since: dt.date,
    by_page: dict[str, list[tuple[str, Months]]],
    curve: list[tuple[float, float]],
    labels: dict[str, str],
) -> None:
    one_figure = {row["url"]: row for row in given.get("potential_pages", {"rows": []})["rows"]}
    for id_ in ("potential_pages", "ctr_outliers"):
        if id_ not in given:
            continue
        rows = given[id_]["rows"]
        _ordered(wanted, id_, rows)
        wanted.keys[id_] = ("url",)
        wanted.rows[id_] = {}
        for row in rows:
            stands = _stand([cells for _, cells in by_page[row["url"]]], since, curve)
            assert stands is not None
            if id_ == "potential_pages":
                stands.pop("clicks")
            else:
                known = one_figure.get(row["url"], row)
                stands |= {name: known[name] for name in ("extra", "extra_low", "extra_high")}
                wanted.facts[f"{row['url']} stands on the first page"] = stands["position"] < 10.5
            wanted.rows[id_][row["url"]] = {**stands, "label": labels[row["url"]]}
    if "potential_pages" in given:
        first = given["potential_pages"]["rows"][0]
        wanted.heads["potential_pages"] = (
            f"„{labels[first['url']]}“ könnte etwa {_about(first['extra'])} mehr im Jahr bringen"
        )
    if "ctr_outliers" in given:
        row = given["ctr_outliers"]["rows"][0]
        own = wanted.rows["ctr_outliers"][row["url"]]
        wanted.heads["ctr_outliers"] = (
            f"„{own['label']}“ wurde auf Platz {figure(own['position'], 1)} nur bei {percent(own['ctr'])} der Anzeigen "
            "geklickt"
        )


def _striking(
    wanted: Expected,
    given: dict,
    pages: dict[object, Months],
    places: dict[str, dict],
    labels: dict[str, str],
) -> None:
    """Queries between places 4 and 20 with the page shown most for them; the same figures as in their own list."""
    most: dict[str, tuple[float, str]] = {}
    for (url, query), cells in pages.items():
        amount = (-sum(cell[1] for cell in cells.values()), url)
        most[query] = min(most.get(query, amount), amount)
    near = [row for row in places.values() if 4.0 <= row["position"] <= 20.5]
    exhibit = given.get("striking_distance")
    if exhibit is None:
        wanted.facts["nothing in reach"] = not near
        return
    wanted.keys["striking_distance"] = ("query",)
    wanted.rows["striking_distance"] = {}
    for row in near:
        url = most[row["query"]][1] if row["query"] in most else None
        same = {
            name: row[name]
            for name in ("extra", "extra_low", "extra_high", "position", "target", "impressions")
        }
        wanted.rows["striking_distance"][row["query"]] = {
            **same,
            "url": url,
            "label": labels[url] if url else None,
        }
    rows = exhibit["rows"]
    if len(places) < 200:
        wanted.heads["striking_distance"] = f"{_bring(len(near))}, am meisten „{rows[0]['query']}“"
        wanted.figures["suchanfragen-in-reichweite"] = {"number": len(near)}


def _bring(queries: int) -> str:
    place = "auf Platz 4 bis 20"
    many = count(queries, f"Suchanfrage {place} brächte", f"Suchanfragen {place} brächten")
    return f"{many} weiter vorn mehr Klicks"


def _of_chosen(wanted: Expected, given: dict, chosen: Chosen, inside: set[str]) -> None:
    """No list holds a page or query that the filters leave out; ``inside``: queries that chosen pages are shown for."""
    if chosen.queries is not None:
        wanted.absent.append("decay")
    for id_ in ("potential_pages", "ctr_outliers", "decay"):
        rows = given.get(id_, {"rows": []})["rows"]
        wanted.facts[f"{id_}: only chosen pages"] = all(chosen.url(row["url"]) for row in rows)
    for id_ in ("potential_queries", "striking_distance"):
        rows = given.get(id_, {"rows": []})["rows"]
        wanted.facts[f"{id_}: only chosen queries"] = all(
            chosen.query(row["query"]) and (chosen.urls is None or row["query"] in inside) for row in rows
        )


def _contested(
    oracle: Oracle, wanted: Expected, fits: set[str], labels: dict[str, str], chosen: Chosen
) -> None:
    """Pairs of fitting pages, each query counted at most as often as the second page can have stood alone."""
    rows = oracle.all(
        """WITH led AS (SELECT query, url, sum(impressions) i FROM search_page_query_day
             WHERE {mine} AND {now} AND {both} AND query <> '' AND url IN (SELECT unnest($fits)) GROUP BY 1, 2),
           placed AS (SELECT *, row_number() OVER (PARTITION BY query ORDER BY i DESC, url) place FROM led),
           asked AS (SELECT query, sum(impressions) shown FROM search_query_day
             WHERE {mine} AND {now} AND {both} GROUP BY 1)
           SELECT a.query, a.url, b.url, least(greatest(shown - a.i, 0), b.i), shown FROM placed a
           JOIN placed b ON a.query = b.query AND a.place = 1 AND b.place = 2 JOIN asked ON asked.query = a.query
           WHERE least(greatest(shown - a.i, 0), b.i) >= $least
             AND least(greatest(shown - a.i, 0), b.i) >= 0.1 * shown ORDER BY 4 DESC, 1""",
        fits=sorted(fits),
        least=LEAST,
    )
    pairs: dict[tuple[str, str], dict] = {}
    for query, url, rival, alone, shown in rows:
        if not (chosen.query(query) and (chosen.url(url) or chosen.url(rival))):
            continue
        key = tuple(sorted((labels[url], labels[rival])))
        new = {"label": labels[url], "rival_label": labels[rival], "url": url, "query": query}
        own = pairs.setdefault(key, {**new, "queries": 0, "contested": 0, "total": 0})
        own["queries"] += 1
        own["contested"] += alone
        own["total"] += shown
    if not pairs:
        wanted.absent.append("cannibalisation")
        return
    found = sorted(pairs.values(), key=lambda row: (-row["contested"], row["label"]))
    wanted.keys["cannibalisation"] = ("label", "rival_label")
    wanted.rows["cannibalisation"] = {}
    for row in found[:50]:
        total = row.pop("total")
        wanted.rows["cannibalisation"][row["label"], row["rival_label"]] = {
            **row,
            "share": row["contested"] / total,
        }
    first = found[0]
    wanted.heads["cannibalisation"] = (
        f"„{first['label']}“ und „{first['rival_label']}“ erscheinen im Wechsel für dieselben Suchanfragen"
    )


def _decay(oracle: Oracle, wanted: Expected, given: dict) -> None:
    """Own clicks a week before and after the week given, the change of share between both, and what follows."""
    if "decay" not in given:
        return
    until = max(oracle.first, min(oracle.last, oracle.now[1]))
    weeks = whole_weeks(oracle, "search_page_day", until)
    panel = Panel(oracle, "search_page_day", "url", weeks)
    wanted.keys["decay"] = ("url",)
    wanted.rows["decay"] = {}
    rows = given["decay"]["rows"]
    for row in rows:
        since = dt.date.fromisoformat(row["since"])
        own = panel.clicks(row["url"])
        at = weeks.index(since)
        before, after = sum(own[:at]) / at, sum(own[at:]) / (len(weeks) - at)
        levels = panel.levels(row["url"])
        step = sum(levels[at:]) / (len(levels) - at) - sum(levels[:at]) / at
        year = {week: place for place, week in enumerate(weeks)}
        apart = [
            levels[place] - levels[year[weeks[place] - 364 * DAY]]
            for place in range(at, len(weeks))
            if year.get(weeks[place] - 364 * DAY, at) < at
        ]
        yearly = sum(apart) / len(apart) if len(apart) >= 4 else None
        smaller = step if yearly is None else max(step, yearly)
        lost = math.expm1(smaller)
        wanted.rows["decay"][row["url"]] = {
            "clicks_before": before,
            "clicks_after": after,
            "own_lost": (before - after) * 52,
            "lasting": lost,
            "by_year": "nein" if yearly is None else "ja",
            "missing": after * 52 * math.expm1(-smaller),
            "weeks_after": len(weeks) - at,
        }
        wanted.facts[f"decay {row['url']}: range"] = (
            row["lasting_low"] <= lost <= row["lasting_high"] < 0
            and row["missing_low"] <= row["missing"] <= row["missing_high"]
        )
        wanted.facts[f"decay {row['url']}: fewer clicks"] = after < before
    first = rows[0]
    season = "; ohne Vergleich mit dem Vorjahr, es kann auch Saison sein"
    told = wanted.rows["decay"][first["url"]]
    since = dt.date.fromisoformat(first["since"]).strftime("%d.%m.%Y")
    wanted.heads["decay"] = (
        f"Der Anteil von „{first['label']}“ am Portal ist seit der Woche ab {since} "
        f"um {percent(-told['lasting'], 0)} kleiner{'' if told['by_year'] == 'ja' else season}"
    )


def _work_list(wanted: Expected, given: dict, labels: dict[str, str]) -> None:
    """Every task with its reason in words, by the figures of the lists it comes from."""
    rows = given["work_list"]["rows"] if "work_list" in given else []
    _ordered(wanted, "work_list", rows)
    tasks: dict[tuple[str, str, str], dict] = {}
    for url, own in wanted.rows.get("ctr_outliers", {}).items():
        reason = f"Platz {figure(own['position'], 1)}, Klickrate {percent(own['ctr'])} statt "
        tasks[url, "Titel und Beschreibung", labels[url]] = {
            "reason": reason + percent(own["expected_ctr"]),
            "extra": own["extra"],
        }
    for url, own in wanted.rows.get("decay", {}).items():
        (shown,) = [row for row in given["decay"]["rows"] if row["url"] == url]
        since = dt.date.fromisoformat(shown["since"]).strftime("%d.%m.%Y")
        reason = f"Anteil am Portal seit der Woche ab {since} um {percent(-own['lasting'], 0)} kleiner"
        tasks[url, "Rückgang klären", labels[url]] = {"reason": reason, "extra": own["missing"]}
    for own in wanted.rows.get("cannibalisation", {}).values():
        many = count(own["queries"], "Suchanfrage", "Suchanfragen")
        reason = f"„{own['rival_label']}“ erscheint bei {many} im Wechsel"
        tasks[own["url"], "Zusammenlegen oder trennen", own["label"]] = {"reason": reason, "extra": None}
    striking = given.get("striking_distance", {"rows": []})["rows"]
    near = len(striking) < 200
    of_page: dict[str, list[str]] = {}
    for row in striking:
        if row["url"]:
            of_page.setdefault(row["url"], []).append(row["query"])
    potential = {row["url"]: row["extra"] for row in given.get("potential_pages", {"rows": []})["rows"]}
    for url, queries in of_page.items() if near else ():
        reason = f"{_bring(len(queries))}, vor allem „{queries[0]}“"
        tasks[url, "Inhalt ausbauen", labels[url]] = {"reason": reason, "extra": potential.get(url)}
    wanted.keys["work_list"] = ("url", "task", "label")
    # A page has one row a rival: the tasks of rivals are told apart by their reason only.
    single = [key for key in tasks if key[1] != "Zusammenlegen oder trennen"]
    wanted.rows["work_list"] = {key: tasks[key] for key in single} if len(rows) < 200 else {}
    contested = [own["reason"] for own in rows if own["task"] == "Zusammenlegen oder trennen"]
    if len(rows) < 200:
        told = [own["reason"] for key, own in tasks.items() if key not in single]
        wanted.facts["pairs in the work list"] = set(told) <= set(contested)
    if near and rows and len(rows) < 200:
        total = len(single) + len(contested)
        first = rows[0]
        amount = count(total, "Aufgabe", "Aufgaben")
        wanted.heads["work_list"] = f"{amount}, zuerst „{labels[first['url']]}“ ({first['task']})"
        wanted.facts["as many tasks as reasons"] = len(rows) == total


def _cards(wanted: Expected, given: dict) -> None:
    for id_, card in (
        ("potential_pages", "seiten-mit-potenzial"),
        ("ctr_outliers", "auffaellig-selten-geklickt"),
    ):
        rows = given.get(id_, {"rows": []})["rows"]
        if len(rows) < 200:
            wanted.figures[card] = {"number": len(rows)}


def _message(oracle: Oracle, wanted: Expected, given: dict, since: dt.date) -> None:
    if "potential_pages" not in given:
        wanted.message = "Aus den geladenen Suchanfragen ergibt sich kein bezifferbares Klickpotenzial."
        return
    best = given["potential_pages"]["rows"][0]
    low, high = (figure(round_to(best[name], 10)) for name in ("extra_low", "extra_high"))
    said = (
        f"Das größte Klickpotenzial hat „{best['label']}“: etwa {_about(best['extra'])} mehr im Jahr "
        f"({low} bis {high})"
    )
    if "ctr_outliers" in given:
        url = given["ctr_outliers"]["rows"][0]["url"]
        own = wanted.rows["ctr_outliers"][url]
        days = period(max(since, oracle.now[0]), min(oracle.now[1], oracle.last))
        said += (
            f". „{own['label']}“ stand auf Platz {figure(own['position'], 1)}, wurde aber nur bei "
            f"{percent(own['ctr'])} der Anzeigen geklickt; üblich wären hier {percent(own['expected_ctr'])} ({days})"
        )
    wanted.message = f"{said}."
