"""Leistungen: one service, the municipalities side by side, and the online services that Open-PVOG reports.

Of unmet demand the curve decides which pages count (an estimate, held by simulation): the impressions beside it are
worked out anew, and the bounds that they set.
"""

from __future__ import annotations

import datetime as dt
import math

from tests.truth.oracle import DAY, LEAST, Expected, Oracle, month_start
from tests.truth.writing import MONTHS, count, figure, tied

Links = list[tuple[str, str, float]]
"""url, service, share."""


def service(oracle: Oracle, shown: dict, id_: str, links: Links, queries: set[str]) -> Expected:
    """Leistungen, one service: message, cards, months, pages, unmet queries; ``queries`` are linked to it."""
    wanted = Expected(caveats=oracle.caveats("search_page_day", "search_page_query_day", "search_query_day"))
    given = {exhibit["id"]: exhibit for exhibit in shown["exhibits"]}
    own = {url: share for url, linked, share in links if linked == id_}
    name, status, group, month, as_of = oracle.one(
        """SELECT name, status, status_group, go_live_month, as_of FROM services
           WHERE municipality = 'leverkusen' AND service = $service AND $site = $site""",
        service=id_,
    )
    told = status or ""
    if told and group == "Go-Live" and month:
        told += ", live" if month <= as_of else ", geplant"
    start = f"„{name}“ ({told})" if told else f"„{name}“"
    pages = [page for page in oracle._pages() if page["url"] in own]
    if not [page for page in pages if page["impressions"] or page["shown_before"]]:
        wanted.message = (
            f"{start}: Keine zugeordnete Seite erschien im Zeitraum {oracle.period} in der Suche."
        )
        return wanted
    sums = {
        part: sum(page[part] * own[page["url"]] for page in pages) for part in ("clicks", "like", "before")
    }
    words, change = oracle.told("clicks", sums["like"], sums["before"], "search_page_day")
    said = f"{start}: {count(sums['clicks'], 'Klick', 'Klicks')} im Zeitraum {oracle.period}"
    wanted.message = f"{oracle.joined(said, words)}."
    wanted.figures["demand"] = {"number": sums["clicks"], "change": words, "change_number": change}
    places = [page for page in pages if page["impressions"]]
    weight = sum(page["impressions"] * own[page["url"]] for page in places)
    place = sum(page["position"] * page["impressions"] * own[page["url"]] for page in places)
    wanted.figures["position"] = {"number": place / weight if weight else None}
    _portal(oracle, wanted, own)
    wanted.keys["service_pages"] = ("url",)
    wanted.rows["service_pages"] = {
        page["url"]: {
            **{part: page[part] for part in ("label", "clicks", "change", "impressions", "ctr", "position")},
            "share": own[page["url"]],
            **oracle.both_sides(page),
        }
        for page in pages
    }
    many = count(len(pages), "Seite gehört", "Seiten gehören")
    first = pages[0]
    same = tied(page["clicks"] for page in pages)
    most = f"am meisten geklickt wird „{first['label']}“{same}" if first["clicks"] else "keine wurde geklickt"
    wanted.heads["service_pages"] = f"{many} zur Leistung; {most}"
    _months(oracle, wanted, own)
    _unmet(oracle, wanted, given, own, queries, shown)
    if "service_facts" in given:
        wanted.heads["service_facts"] = f"Status am {as_of.strftime('%d.%m.%Y')}: {told or 'nicht genannt'}"
    return wanted


def _portal(oracle: Oracle, wanted: Expected, own: dict[str, float]) -> None:
    """The portal's counts of whole reports within the period, and the days they are of."""
    rows = oracle.all(
        """SELECT url, sum(unique_page_views), sum(service_starts) FROM portal_page WHERE site = $site
           AND period_start >= $first AND period_end <= $until GROUP BY 1""",
        first=oracle.now[0],
        until=oracle.now[1],
    )
    for at, id_ in ((1, "unique_page_views"), (2, "starts-des-online-dienstes")):
        known = [row[at] * own[row[0]] for row in rows if row[0] in own and row[at] is not None]
        wanted.figures[id_] = {"number": sum(known) if known else None}


def _months(oracle: Oracle, wanted: Expected, own: dict[str, float]) -> None:
    found: dict[dt.date, list[float]] = {}
    for url, month, clicks, shown in oracle.all(
        """SELECT url, date_trunc('month', date)::DATE, sum(clicks), sum(impressions) FROM search_page_day
           WHERE {mine} AND {now} AND url IN (SELECT unnest($urls)) GROUP BY 1, 2""",
        urls=sorted(own),
    ):
        sums = found.setdefault(month, [0.0, 0.0])
        sums[0] += clicks * own[url]
        sums[1] += shown * own[url]
    if not found:
        return
    held = dict(
        oracle.all(
            "SELECT date_trunc('month', date)::DATE, count(DISTINCT date) FROM search_page_day "
            "WHERE {mine} AND {now} AND date <= $last GROUP BY 1",
            last=oracle.last,
        )
    )
    cut = {
        month: held.get(month, 0) < (month_start(month.year, month.month + 1) - month).days for month in found
    }
    wanted.keys["service_months"] = ("bucket",)
    wanted.rows["service_months"] = {
        month.isoformat(): {"clicks": clicks, "impressions": shown, "partial": cut[month]}
        for month, (clicks, shown) in found.items()
    }
    # A month of which days are missing, or outside the period, is not known: its part is not called the strongest.
    whole = {month: clicks for month, (clicks, _) in found.items() if not cut[month]}
    total, head = sum(clicks for clicks, _ in found.values()), ""
    if len(whole) > 1:
        best = max(whole, key=lambda month: (whole[month], month))
        amount = count(whole[best], "Klick", "Klicks") + tied(whole.values(), "weiterer")
        full = "" if len(whole) == len(found) else "volle "
        if whole[best]:
            head = f"Der stärkste {full}Monat ist {MONTHS[best.month - 1]} {best.year} mit {amount}"
    if not head:
        head = f"{count(total, 'Klick', 'Klicks') if total else 'Kein Klick'} im Zeitraum {oracle.period}"
    wanted.heads["service_months"] = head


def _unmet(
    oracle: Oracle, wanted: Expected, given: dict, own: dict[str, float], queries: set[str], shown: dict
) -> None:
    """Of each query shown: impressions of the query, of the service's page and of the page named, and the bound."""
    pairs: dict[str, list[tuple[str, int, int, float]]] = {}
    source = oracle.sources.get("search_page_query_day") or "search_page_query_day"
    known, shared = oracle.one(
        f"""SELECT count(DISTINCT date), count(DISTINCT date) FILTER ({{both}}) FROM {oracle.loaded(source)}
            WHERE {{mine}} AND {{now}}"""
    )
    enough = shared > 0 and shared >= known / 2
    days = "{both}" if enough else "true"
    for query, url, clicks, seen, place in oracle.all(
        f"""SELECT query, url, sum(clicks), sum(impressions), sum(sum_position) / sum(impressions) + 1
            FROM search_page_query_day WHERE {{mine}} AND {{now}} AND {days} AND query IN (SELECT unnest($queries))
            GROUP BY 1, 2""",
        queries=sorted(queries),
    ):
        pairs.setdefault(query, []).append((url, clicks, seen, place))
    counted = dict(
        oracle.all(
            f"""SELECT query, sum(impressions) FROM search_query_day
               WHERE {{mine}} AND {{now}} AND {{both}} AND {enough} AND query IN (SELECT unnest($queries))
               GROUP BY 1""",
            queries=sorted(queries),
        )
    )
    labels = oracle.labels()
    by_label = {label: url for url, label in labels.items()}
    least, most = 0, 0
    for query, seen in pairs.items():
        total = counted.get(query, max(row[2] for row in seen))
        alone = max(total - max((row[2] for row in seen if row[0] in own), default=0), 0)
        others = [row for row in seen if row[0] not in own]
        least += min(alone, sum(row[2] for row in others if row[3] > 10))
        most += min(alone, sum(row[2] for row in others))
    card = next(card for card in shown["figures"] if card["id"] == "unmet_impressions")
    if card["number"] is not None:
        wanted.facts[f"unmet {card['number']} between {least} and {most}"] = least <= card["number"] <= most
    if "service_unmet" not in given:
        return
    rows = given["service_unmet"]["rows"]
    wanted.keys["service_unmet"] = ("query",)
    wanted.rows["service_unmet"] = {}
    for row in rows:
        query, url = row["query"], by_label[row["label"]]
        seen = {one[0]: one for one in pairs[query]}
        total = counted.get(query, max(one[2] for one in seen.values()))
        best = max((one[2] for one in seen.values() if one[0] in own), default=0)
        wanted.rows["service_unmet"][query] = {
            "shown": total,
            "own_impressions": best,
            "page_impressions": seen[url][2],
            "page_position": seen[url][3],
        }
        further = [one for one in seen.values() if one[0] not in own]
        alone = max(total - best, 0)
        wanted.facts[f"unmet of {query}"] = (
            url not in own
            and total >= LEAST
            and min(alone, seen[url][2]) <= row["unmet"] <= min(alone, sum(one[2] for one in further))
        )
    amounts = [row["unmet"] for row in rows]
    wanted.facts["most unmet first"] = amounts == sorted(amounts, reverse=True)
    wanted.facts["no more than the card"] = sum(amounts) <= card["number"]
    wanted.heads["service_unmet"] = f"„{rows[0]['query']}“ führt am häufigsten an der Leistung vorbei"


def municipalities(oracle: Oracle, id_: str, links: Links) -> Expected:
    """Leistungen, Kommunen: one service in all properties; ``links`` are of the pages of all of them."""
    wanted = Expected()
    own = {url: share for url, linked, share in links if linked == id_}
    (name,) = oracle.one("SELECT name FROM services WHERE service = $service AND $site = $site", service=id_)
    rows = oracle.db.execute(
        """SELECT r.site, municipality, url, date_trunc('month', date)::DATE, sum(clicks), sum(impressions),
             sum(sum_position) + sum(impressions)
           FROM search_page_day r JOIN sites USING (site) WHERE search_type = 'web' AND date BETWEEN ? AND ?
             AND url IN (SELECT unnest(?)) GROUP BY ALL""",
        [*oracle.now, sorted(own)],
    ).fetchall()
    lasts = dict(
        oracle.db.execute(
            """SELECT site, max(date) FROM search_site_day s WHERE search_type = 'web' AND NOT EXISTS (
                 SELECT 1 FROM ingest_ledger l WHERE l.site = s.site AND l.date = s.date
                   AND grain = 'search_site_day' AND state = 'provisional') GROUP BY 1"""
        ).fetchall()
    )
    sums: dict[str, dict] = {}
    for site, municipality, url, month, clicks, shown, weighted in rows:
        city = sums.setdefault(site, {"name": municipality, "shown": 0.0, "weighted": 0.0, "cells": []})
        city["shown"] += shown * own[url]
        city["weighted"] += weighted * own[url]
        ends = month_start(month.year, month.month + 1) - DAY
        if month >= oracle.now[0] and ends <= min(oracle.now[1], lasts[site]) and shown:
            city["cells"].append((clicks, shown, own[url]))
    sums = {site: city for site, city in sums.items() if city["shown"]}
    for city in sums.values():
        city["position"] = city["weighted"] / city["shown"]
    ranked = [city for city in sums.values() if city["shown"] >= 100]
    wanted.keys["municipality_comparison"] = ("site",)
    wanted.rows["municipality_comparison"] = {}
    for site, city in sums.items():
        rank = None
        if city in ranked:
            rank = 1 + sum(other["position"] < city["position"] for other in ranked)
        clicks, hidden, rate = _clicks(city["cells"])
        wanted.rows["municipality_comparison"][site] = {
            "municipality": city["name"],
            "rank": rank,
            "position": city["position"],
            "impressions": city["shown"],
            "clicks": hidden or clicks,
            "ctr": rate,
        }
    wanted.figures["kommunen"] = {"number": len(sums)}
    wanted.caveats = _missing_by_city(oracle, {site: city["name"] for site, city in sums.items()}, lasts)
    mine = wanted.rows["municipality_comparison"].get(oracle.site, {"rank": None, "position": None})
    wanted.figures["rang-der-gewaehlten-property"] = {"number": mine["rank"]}
    wanted.figures["position"] = {"number": mine["position"]}
    many = count(len(ranked), "Kommune", "Kommunen")
    if mine["rank"] is None:
        wanted.message = (
            f"„{name}“: {many} im Vergleich ({oracle.period}); die gewählte Property ist nicht darunter."
        )
    else:
        wanted.message = (
            f"„{name}“: Rang {figure(mine['rank'])} von {many} nach Ø Position ({figure(mine['position'], 1)}), "
            f"{oracle.period}."
        )
    if ranked:
        best = min(ranked, key=lambda city: (city["position"], city["name"]))
        wanted.heads["municipality_comparison"] = f"„{name}“: am weitesten vorn steht {best['name']}"
    elif sums:
        wanted.heads["municipality_comparison"] = f"„{name}“ in {count(len(sums), 'Kommune', 'Kommunen')}"
    return wanted


def _missing_by_city(oracle: Oracle, names: dict[str, str], lasts: dict[str, dt.date]) -> list[str]:
    """The sentence on days of the period that the pages of a city lack, up to the last day that any city has."""
    if not names:
        return []
    until = min(oracle.now[1], max(lasts[site] for site in names))
    days = (until - oracle.now[0]).days + 1
    held = dict(
        oracle.db.execute(
            "SELECT site, count(DISTINCT date) FROM search_page_day WHERE search_type = 'web' AND date BETWEEN ? AND ? "
            "GROUP BY 1",
            [oracle.now[0], until],
        ).fetchall()
    )
    lacking = [(names[site], days - held.get(site, 0)) for site in names if held.get(site, 0) < days]
    if not lacking:
        return []
    told = [f"{name} an {figure(amount)}" for name, amount in sorted(lacking)]
    listed = ", ".join(told[:-1]) + " und " + told[-1] if len(told) > 1 else told[0]
    return [
        f"Die Tageswerte der Seiten fehlen: {listed} von {figure(days)} Tagen. Summen daraus sind zu klein."
    ]


def _clicks(cells: list[tuple[int, int, float]]) -> tuple[float | None, str, float | None]:
    """Clicks of whole months, what stands in their place where a page has fewer than 5 in one, and their rate."""
    if not cells:
        return None, "", None
    known = sum(clicks * share for clicks, _, share in cells if clicks >= 5)
    below = sum(share for clicks, _, share in cells if clicks < 5)
    if below:
        most = math.ceil(known + 4 * below)
        hidden = (
            f"{figure(math.floor(known))} bis {figure(most)}" if known else f"< {figure(max(5, most + 1))}"
        )
        return None, hidden, None
    if known < 5:
        return None, "< 5", None
    return known, "", known / sum(shown * share for _, shown, share in cells)


def online_services(oracle: Oracle) -> Expected:
    """Leistungen, Onlinedienste: what Open-PVOG reports for the services of the list, by their keys."""
    wanted = Expected()
    rows = oracle.all(
        """WITH k AS (SELECT service, name, list, unnest(leistungsschluessel) leika_key FROM services
             WHERE municipality = 'leverkusen'),
           o AS (SELECT *, coalesce(active AND online_status = 'ok', false) works FROM online_services),
           p AS (SELECT service, count(leika_key) reported, count(*) FILTER (works) working,
               list(DISTINCT host ORDER BY host) FILTER (works AND host IS NOT NULL) good,
               list(DISTINCT host ORDER BY host) FILTER (host IS NOT NULL) every
             FROM k JOIN o USING (leika_key) GROUP BY 1)
           SELECT s.name, s.list, coalesce(len(leistungsschluessel), 0), coalesce(reported, 0), coalesce(working, 0),
             good, every
           FROM services s LEFT JOIN p USING (service) WHERE municipality = 'leverkusen' AND $site = $site
           ORDER BY s.list, s.name"""
    )
    wanted.keys["online_offers"] = ("name",)
    wanted.rows["online_offers"] = {}
    pending, works = [], 0
    for name, kind, keys, reported, working, good, every in rows:
        state = "ja" if working else "gemeldet, aber defekt" if reported else "nicht gemeldet"
        if not keys:
            state = "ohne Schlüssel"
        hosts = (good if working else every) or []
        wanted.rows["online_offers"][name] = {
            "offered": state,
            "hosts": ", ".join(hosts[:-1]) + " und " + hosts[-1] if len(hosts) > 1 else "".join(hosts),
        }
        works += bool(working)
        pending += [name] if working and kind == "anstehend" else []
    (broken, unlinked) = oracle.one(
        """WITH k AS (SELECT service, unnest(leistungsschluessel) leika_key FROM services
             WHERE municipality = 'leverkusen'),
           o AS (SELECT *, coalesce(active AND online_status = 'ok', false) works FROM online_services)
           SELECT (SELECT count(*) FROM k JOIN o USING (leika_key) WHERE NOT works),
             (SELECT count(*) FROM o WHERE works AND leika_key NOT IN (SELECT leika_key FROM k)) WHERE $site = $site"""
    )
    wanted.figures["mit-onlinedienst"] = {"number": works}
    wanted.figures["verlinkt-aber-defekt"] = {"number": broken}
    wanted.figures["gemeldet-nicht-verlinkt"] = {"number": unlinked}
    many = count(len(rows), "Leistung", "Leistungen")
    said = f"Für {figure(works)} von {many} der Liste ist ein funktionierender Onlinedienst gemeldet"
    listed = ", ".join(pending[:-1]) + " und " + pending[-1] if len(pending) > 1 else "".join(pending)
    wanted.message = (
        f"{said}; anstehend und doch schon verfügbar: {listed}."
        if pending
        else f"{said}; unter den anstehenden ist keine davon."
    )
    wanted.heads["online_offers"] = (
        f"{figure(works)} von {figure(len(rows))} Leistungen haben einen Onlinedienst"
    )
    for id_, amount, words in (
        ("offers_broken", broken, "verlinkt, aber defekt"),
        ("offers_unlinked", unlinked, "gemeldet, aber nicht verlinkt"),
    ):
        if amount:
            wanted.heads[id_] = f"{count(amount, 'Onlinedienst ist', 'Onlinedienste sind')} {words}"
    return wanted
