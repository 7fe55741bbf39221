"""One page, query or service in full: its course, why its clicks changed, and what stands beside it.

The oracle is narrowed to the part looked at (`scopes.narrow`). What the click curve credits to the place is an estimate
and taken from the answer; demand, the whole change, their sum and the sentences are worked out anew.
"""

from __future__ import annotations

import math

from tests.truth.oracle import DEVICES, LEAST, Expected, Oracle
from tests.truth.writing import count, portion, signed, tied

NAMES = {
    "demand": "Nachfrage: öfter oder seltener gezeigt",
    "place": "Platz: was er hier sonst bringt",
    "rate": "Klickrate: mehr oder weniger als der Platz bringt",
    "change": "Zusammen",
}
BRIEF = {"demand": "die Nachfrage", "place": "der Platz", "rate": "die Klickrate"}
OTHERS, UNNAMED = "(weitere genannte Suchanfragen)", "(von Google nicht genannt)"
Sums = tuple[float, float, float, float]
"""Clicks and impressions, then the same before."""


def of_part(own: Oracle, shown: dict, id_: str, table: str) -> Expected:
    """The course ``id_`` of a part and why its clicks changed, by the queries that ``table`` names."""
    wanted, given = Expected(), {exhibit["id"]: exhibit for exhibit in shown["exhibits"]}
    source = own.sources.get("search_site_day")
    (known,) = own.one(f"SELECT count(*) FROM {own.loaded(source)} WHERE {{mine}} AND {{now}}")
    if not known and id_ == "service_course":  # a page and a query say in a sentence that nothing is loaded
        wanted.absent += [id_, "click_change", "click_carriers"]
        return wanted
    wanted.keys[id_] = ("series", "own_bucket")
    wanted.rows[id_] = own.buckets("clicks", "impressions", "ctr", "position")
    wanted.heads[id_] = own.sentence("clicks", f"{own.period}: Klicks")
    _why(own, wanted, given, table)
    return wanted


def cards(own: Oracle) -> Expected:
    """The four figures of a part; what Google hides is told of the whole only."""
    found = own.cards()
    found.pop("hidden_click_share")
    return Expected(figures=found)


def _why(own: Oracle, wanted: Expected, given: dict, table: str) -> None:
    factor = own.factor("search_site_day")
    whole = own.one(
        """SELECT sum(clicks) FILTER ({like}), sum(impressions) FILTER ({like}), sum(clicks) FILTER ({before}),
             sum(impressions) FILTER ({before}) FROM search_site_day WHERE {mine}"""
    )
    if own.before is None or factor is None or whole[0] is None or whole[2] is None:
        wanted.absent += ["click_change", "click_carriers"]
        return
    rows = _by_query(own, table) if _same_days(own, table) else {}
    rest = tuple(all_ - sum(row[at] for row in rows.values()) for at, all_ in enumerate(whole))
    named = {query: row for query, row in rows.items() if row[1] + row[3] >= LEAST}
    few = tuple(sum(row[at] for query, row in rows.items() if query not in named) for at in range(4))
    parts = {query: _split(row, factor) for query, row in (*named.items(), (OTHERS, few), (UNNAMED, rest))}
    equal_days = own.on_equal_days("search_site_day")
    _bars(wanted, given, _added(list(parts.values())), equal_days)
    only_one = table == "search_query_day"
    if only_one or not named:
        wanted.absent.append("click_carriers")
        return
    told = given.get("click_carriers", {"rows": []})["rows"]
    listed = [row for row in told if row["query"] in named]
    sizes = sorted((abs(parts[query]["change"]) for query in named), reverse=True)[:20]
    wanted.facts["the queries that carry most"] = [abs(row["change"]) for row in listed] == sizes or all(
        math.isclose(abs(row["change"]), size, abs_tol=1e-9) for row, size in zip(listed, sizes, strict=True)
    )
    further = [parts[query] for query in named if query not in {row["query"] for row in listed}]
    if further or len(named) < len(rows):
        parts[OTHERS] = _added([*further, parts[OTHERS]])
    else:
        del parts[OTHERS]
    wanted.keys["click_carriers"] = ("query",)
    wanted.rows["click_carriers"] = {
        query: parts[query]
        for query in (*(row["query"] for row in listed), OTHERS, UNNAMED)
        if query in parts
    }
    wanted.facts["every carrier's parts are its change"] = all(_adds_up(row) for row in told)
    first = listed[0] if listed else {"query": "", "change": 0}
    wanted.heads["click_carriers"] = (
        f"Am meisten verändert „{first['query']}“ die Klicks ({signed(first['change'], 0)}{equal_days})"
        if round(first["change"])
        else "Keine genannte Suchanfrage verändert die Klicks"
    )


def _same_days(own: Oracle, table: str) -> bool:
    """Whether queries are known of the very days of which the part is."""
    sources = [own.sources.get(name, name) for name in (table, "search_site_day")]
    if None in sources:
        return False
    days = [
        own.all(
            f"SELECT DISTINCT date FROM {own.loaded(source)} WHERE {{mine}} AND ({{like}} OR {{before}}) ORDER BY 1"
        )
        for source in sources
    ]
    return days[0] == days[1]


def _by_query(own: Oracle, table: str) -> dict[str, Sums]:
    rows = own.all(
        f"""SELECT query, coalesce(sum(clicks) FILTER ({{like}}), 0), coalesce(sum(impressions) FILTER ({{like}}), 0),
              coalesce(sum(clicks) FILTER ({{before}}), 0), coalesce(sum(impressions) FILTER ({{before}}), 0)
            FROM {table} WHERE {{mine}} AND ({{like}} OR {{before}}) AND query <> '' GROUP BY 1"""
    )
    return {query: tuple(sums) for query, *sums in rows}


def _split(row: Sums, factor: float) -> dict[str, float]:
    clicks, shown, before, shown_before = row[0], row[1], row[2] * factor, row[3] * factor
    change = clicks - before
    if shown <= 0 or shown_before <= 0:
        return {"demand": change, "change": change}
    rates = (clicks / shown + before / shown_before) / 2
    return {"demand": (shown - shown_before) * rates, "change": change}


def _added(parts: list[dict[str, float]]) -> dict[str, float]:
    return {name: sum(part[name] for part in parts) for name in ("demand", "change")}


def _adds_up(parts: dict[str, float]) -> bool:
    return math.isclose(parts["demand"] + parts["place"] + parts["rate"], parts["change"], abs_tol=1e-6)


def _bars(wanted: Expected, given: dict, sums: dict[str, float], equal_days: str) -> None:
    wanted.keys["click_change"] = ("part",)
    wanted.rows["click_change"] = {NAMES[name]: {"clicks_part": value} for name, value in sums.items()}
    told = {row["part"]: row["clicks_part"] for row in given.get("click_change", {"rows": []})["rows"]}
    parts = {name: told.get(label, 0.0) for name, label in NAMES.items()}
    wanted.facts["the parts are the change"] = _adds_up(parts)
    change = round(sums["change"])
    if change == 0:
        wanted.heads["click_change"] = f"Die Klicks sind gleich geblieben{equal_days}"
        return
    alike = {name: parts[name] for name in BRIEF if parts[name] * change > 0}
    most = max(alike, key=lambda name: abs(alike[name]), default="demand")
    amount = count(abs(change), "Klick", "Klicks")
    said = (
        f"{amount} {'mehr' if change > 0 else 'weniger'}{equal_days}: Am meisten "
        f"{'bringt' if change > 0 else 'kostet'} {BRIEF[most]} ({signed(parts[most], 0)})"
    )
    against = {name: parts[name] for name in BRIEF if round(parts[name]) * change < 0}
    if against:
        other = max(against, key=lambda name: abs(against[name]))
        said += f"; dagegen steht {BRIEF[other]} ({signed(against[other], 0)})"
    wanted.heads["click_change"] = said


def page(own: Oracle, url: str, services: int) -> Expected:
    """What stands beside the course of a page: its queries, the portal's counts, how many services it is linked to."""
    wanted = cards(own)
    wanted.figures["zugeordnete-leistungen"] = {"number": services}
    views, starts = own.one(
        """SELECT sum(unique_page_views), sum(service_starts) FROM portal_page WHERE site = $site AND url = $url
           AND period_start >= $first AND period_end <= $last""",
        url=url,
        first=own.now[0],
        last=own.now[1],
    )
    wanted.figures["seitenansichten"] = {"number": views}
    wanted.figures["starts-des-online-dienstes"] = {"number": starts}
    rows = [row for row in _pairs(own, "search_page_query_day", "query") if row[2] >= LEAST]
    if not rows:
        wanted.absent.append("page_queries")
        return wanted
    wanted.keys["page_queries"] = ("query",)
    wanted.rows["page_queries"] = _table(own, "search_page_query_day", rows)
    for query, *sides in own.all(
        """SELECT query, coalesce(sum(clicks) FILTER ({like}), 0), coalesce(sum(impressions) FILTER ({like}), 0),
             sum(sum_position) FILTER ({like}) / nullif(sum(impressions) FILTER ({like}), 0) + 1,
             coalesce(sum(clicks) FILTER ({before}), 0), coalesce(sum(impressions) FILTER ({before}), 0),
             sum(sum_position) FILTER ({before}) / nullif(sum(impressions) FILTER ({before}), 0) + 1
           FROM search_page_query_day WHERE {mine} AND query <> '' GROUP BY 1"""
    ):
        if query in wanted.rows["page_queries"]:
            columns = own.side_by_side("search_page_query_day", tuple(sides[:3]), tuple(sides[3:]))
            wanted.rows["page_queries"][query] |= columns
    clicks, *_ = own.headline()["clicks"]
    days = [
        own.one(f"SELECT count(DISTINCT date) FROM {own.loaded(table)} WHERE {{mine}} AND {{now}}")
        for table in ("search_page_day", "search_page_query_day")
    ]
    many = count(len(rows), "genannte Suchanfrage führt", "genannte Suchanfragen führen")
    share = portion(sum(row[1] for row in rows) / clicks, 0) if clicks and days[0] == days[1] else ""
    explain = "erklärt" if len(rows) == 1 else "erklären"
    wanted.heads["page_queries"] = f"{many} auf die Seite" + (
        f"; sie {explain} {share} ihrer Klicks" if share else ""
    )
    return wanted


def query(own: Oracle, whole: Oracle, shown: dict, text: str) -> Expected:
    """What stands beside the course of a query: its share of all that are named, pages, devices, queries like it.

    Which queries are like it is taken from the answer.
    """
    wanted = cards(own)
    _devices(own, wanted, text)
    near = next((one["rows"] for one in shown["exhibits"] if one["id"] == "query_neighbours"), [])
    wanted.facts["not its own neighbour"] = text not in [row["query"] for row in near]
    wanted.keys["query_neighbours"] = ("query",)
    wanted.rows["query_neighbours"] = {}
    if near:
        named = whole.loaded("search_query_day")
        rows = {row[0]: row for row in _pairs(whole, named, "query")}
        listed = [rows[row["query"]] for row in near]
        wanted.rows["query_neighbours"] = _table(whole, "search_query_day", listed)
        wanted.facts["neighbours are shown often enough"] = all(row[2] >= LEAST for row in listed)
    (listed,) = whole.one(
        f"""SELECT sum(c) FROM (SELECT sum(clicks) c FROM {whole.loaded("search_query_day")}
            WHERE {{mine}} AND {{now}} AND query <> '' GROUP BY query HAVING sum(impressions) >= $least)""",
        least=LEAST,
    )
    clicks = own.headline()["clicks"][0]
    wanted.figures["share"] = {"number": clicks / listed if listed and clicks is not None else None}
    labels = whole.labels()
    rows = [row for row in _pairs(own, "search_page_query_day", "url") if row[2]]
    if not rows:
        wanted.absent.append("query_pages")
        return wanted
    wanted.keys["query_pages"] = ("label",)
    wanted.rows["query_pages"] = {
        labels[url]: columns for url, columns in _table(own, "search_page_query_day", rows).items()
    }
    first = rows[0]
    same = tied(row[1] for row in rows)
    most = f"die meisten Klicks hat „{labels[first[0]]}“{same}" if first[1] else "keine wurde geklickt"
    pages = count(len(rows), "Seite erscheint", "Seiten erscheinen")
    wanted.heads["query_pages"] = f"{pages} zu dieser Suchanfrage; {most}"
    return wanted


def _devices(own: Oracle, wanted: Expected, text: str) -> None:
    table = "search_query_device_day"
    rows = own.all(
        f"""SELECT device, coalesce(sum(clicks) FILTER ({{now}}), 0), sum(impressions) FILTER ({{now}}),
              sum(sum_position) FILTER ({{now}}) / sum(impressions) FILTER ({{now}}) + 1,
              coalesce(sum(clicks) FILTER ({{like}}), 0), coalesce(sum(clicks) FILTER ({{before}}), 0)
            FROM {table} WHERE {{mine}} AND query = $text
            GROUP BY 1 HAVING sum(impressions) FILTER ({{now}}) > 0 ORDER BY 2 DESC, 1""",
        text=text,
    )
    if not rows:
        wanted.absent.append("query_devices")
        return
    total = sum(row[1] for row in rows)
    wanted.keys["query_devices"] = ("device",)
    wanted.rows["query_devices"] = {
        DEVICES[device]: {**columns, "share": columns["clicks"] / total if total else None}
        for device, columns in _table(own, table, rows).items()
    }
    same = tied((row[1] for row in rows), "weiteres")
    wanted.heads["query_devices"] = (
        f"Die meisten Klicks: {DEVICES[rows[0][0]]} ({portion(rows[0][1] / total, 0)}{same})"
        if total
        else f"Kein Klick im Zeitraum {own.period}"
    )


def _pairs(own: Oracle, table: str, key: str) -> list[tuple]:
    """Key, clicks, impressions, place, clicks like and before; most clicked first."""
    return own.all(
        f"""SELECT {key}, coalesce(sum(clicks) FILTER ({{now}}), 0), coalesce(sum(impressions) FILTER ({{now}}), 0),
              sum(sum_position) FILTER ({{now}}) / nullif(sum(impressions) FILTER ({{now}}), 0) + 1,
              coalesce(sum(clicks) FILTER ({{like}}), 0), coalesce(sum(clicks) FILTER ({{before}}), 0)
            FROM {table} WHERE {{mine}} AND query <> '' GROUP BY 1 ORDER BY 2 DESC, 3 DESC, 1"""
    )


def _table(own: Oracle, table: str, rows: list[tuple]) -> dict[str, dict[str, float | None]]:
    factor = own.factor(table)
    return {
        key: {
            "clicks": clicks,
            "impressions": shown,
            "ctr": clicks / shown,
            "position": place,
            "change": like / (before * factor) - 1 if own.before and factor and before else None,
        }
        for key, clicks, shown, place, like, before in rows
    }
