"""Auffälligkeiten and Wirkung: sums of whole weeks, and what follows from them.

Estimates are taken from the answer and held by simulation (tests/estimates): what a week was expected to bring, its
score and whether it is reported, the pages chosen for comparison, the ends of intervals. Worked out anew: clicks of
each week, differences, the measured effect (a mean of log ratios to those pages), its weeks and expected course, the
page a go-live is measured at, dates, counts and every sentence.
"""

from __future__ import annotations

import datetime as dt
import math

from tests.truth.oracle import DAY, SMALL_BASE, SWITCH, Expected, Oracle
from tests.truth.oracle_topics import topics_of
from tests.truth.scopes import EVERYTHING, Chosen
from tests.truth.writing import NBSP, count, figure, percent, period, signed

WEEK = 7 * DAY
YEAR = 52 * WEEK
LEAST_ROWS, LEAST_WEEKS = 24, 8


def whole_weeks(oracle: Oracle, table: str, until: dt.date) -> list[dt.date]:
    """Mondays of the weeks of which every day is loaded, of the property and of this grain."""
    rows = oracle.all(
        f"""SELECT date_trunc('week', date)::DATE FROM (
              SELECT date FROM search_site_day WHERE {{mine}} INTERSECT SELECT date FROM {table} WHERE {{mine}})
            WHERE date <= $until GROUP BY 1 HAVING count(*) = 7 ORDER BY 1""",
        until=until,
    )
    return [week for (week,) in rows]


class Panel:
    """Clicks by key and whole week; a week without a row is one without clicks."""

    def __init__(self, oracle: Oracle, table: str, key: str, weeks: list[dt.date]) -> None:
        self.weeks = weeks
        rows = oracle.all(
            f"""SELECT {key}, date_trunc('week', date)::DATE w, sum(clicks) FROM {table} WHERE {{mine}}
                  AND {key} NOT IN ('', '(Mitarbeiterseiten)')
                  AND w IN (SELECT unnest($weeks::DATE[])) GROUP BY 1, 2""",
            weeks=weeks,
        )
        self.of: dict[str, dict[dt.date, int]] = {}
        for name, week, clicks in rows:
            self.of.setdefault(name, {})[week] = clicks
        self.total = {week: sum(own.get(week, 0) for own in self.of.values()) for week in weeks}

    def clicks(self, key: str) -> list[int]:
        """By week."""
        return [self.of.get(key, {}).get(week, 0) for week in self.weeks]

    def levels(self, key: str) -> list[float]:
        """Logarithm of the clicks over those of all others, by week."""
        own = self.clicks(key)
        return [
            math.log(clicks + 0.5) - math.log(self.total[week] - clicks + 0.5)
            for clicks, week in zip(own, self.weeks, strict=True)
        ]


def _until(oracle: Oracle) -> dt.date:
    """A period that ends within a month of the last final day goes on to it."""
    end = oracle.now[1]
    return oracle.last if end < oracle.last <= end + 31 * DAY else end


def outliers(oracle: Oracle, shown: dict, chosen: Chosen = EVERYTHING) -> Expected:
    """Auffälligkeiten: rows, course and sentences, given what was expected and reported.

    Of filters on pages only those that are ``chosen`` are listed; each is judged among all.
    """
    end = _until(oracle)
    until = max(oracle.first, min(end, oracle.last))
    days = period(oracle.now[0], end)
    weeks = whole_weeks(oracle, "search_page_day", until)
    wanted, given = Expected(), {exhibit["id"]: exhibit for exhibit in shown["exhibits"]}
    looked_at = oracle.again(end=end)
    judged = ("search_page_day", "search_query_day")[: 1 if chosen.urls is not None else 2]
    wanted.caveats = looked_at.gaps(*judged, weeks=True)
    pages = Panel(oracle, "search_page_day", "url", weeks)
    queries = Panel(oracle, "search_query_day", "query", whole_weeks(oracle, "search_query_day", until))
    labels = oracle.labels()
    odd_weeks(
        oracle,
        wanted,
        given.get("outliers_pages"),
        {url: (labels[url], pages.clicks(url)) for url in pages.of},
        weeks,
    )
    strong = {
        query
        for (query,) in oracle.all(
            f"""SELECT DISTINCT query FROM search_query_day WHERE {{mine}} AND query <> ''
                AND date BETWEEN '{oracle.now[0]}' AND '{end}'"""
        )
    }
    ordered = sorted(
        ((query, sum(queries.clicks(query))) for query in queries.of if query in strong),
        key=lambda row: (-row[1], row[0]),
    )
    by_topic: dict[str, list[int]] = {}
    for query, topic in topics_of(ordered).items():
        known = by_topic.setdefault(topic, [0] * len(queries.weeks))
        by_topic[topic] = [a + b for a, b in zip(known, queries.clicks(query), strict=True)]
    odd_weeks(
        oracle,
        wanted,
        given.get("outliers_topics"),
        {topic: (topic, clicks) for topic, clicks in by_topic.items()},
        queries.weeks,
    )
    for id_, card in (
        ("outliers_pages", "auffaellige-wochen"),
        ("outliers_topics", "auffaellige-themenwochen"),
    ):
        wanted.figures[card] = {"number": len(given.get(id_, {"rows": []})["rows"])}
    rows = given.get("outliers_pages", {"rows": []})["rows"]
    wanted.facts["only chosen pages"] = all(chosen.url(row["url"]) for row in rows)
    if chosen.urls is not None:
        wanted.absent.append("outliers_topics")
    wanted.figures["betroffene-seiten"] = {"number": len({row["url"] for row in rows})}
    if len(weeks) < LEAST_ROWS or weeks[-1] < oracle.now[0]:
        wanted.message = (
            f"Im Zeitraum {days} lässt sich nichts prüfen: Es fehlen volle Wochen oder deren Vorlauf."
        )
        return wanted
    if not rows:
        wanted.message = f"Keine Seite fällt im Zeitraum {days} aus ihrem üblichen Verlauf."
        return wanted
    first = rows[0]
    change = first["clicks"] / first["expected"] - 1
    apart = f"{percent(abs(change), 0)} {'mehr' if change > 0 else 'weniger'} Klicks als erwartet"
    if first["expected"] < SMALL_BASE:
        apart = f"{count(first['clicks'], 'Klick', 'Klicks')}, erwartet waren {figure(first['expected'])}"
    wanted.message = (
        f"Am stärksten fällt „{labels[first['url']]}“ auf: in der Woche ab {_day(first['week'])} {apart}."
    )
    _course(oracle, wanted, given, rows, pages)
    return wanted


def _day(text: str) -> str:
    return dt.date.fromisoformat(text).strftime("%d.%m.%Y")


def odd_weeks(
    oracle: Oracle,
    wanted: Expected,
    exhibit: dict | None,
    clicks: dict[str, tuple[str, list[int]]],
    weeks: list[dt.date],
) -> None:
    """A table of odd weeks: clicks, difference to the expected, within the period, most surprising first."""
    if exhibit is None:
        return
    id_, rows = exhibit["id"], exhibit["rows"]
    key = "url" if id_ == "outliers_pages" else "label"
    wanted.keys[id_] = (key, "week")
    wanted.rows[id_] = {}
    for row in rows:
        label, own = clicks[row[key]]
        amount = own[weeks.index(dt.date.fromisoformat(row["week"]))]
        wanted.rows[id_][row[key], row["week"]] = {
            "label": label,
            "clicks": amount,
            "ratio": amount / row["expected"] - 1 if row["expected"] >= 1 else None,
        }
        wanted.facts[
            f"{id_} {row[key]} {row['week']}: score points the same way, and the week lies in the period"
        ] = (row["score"] > 0) == (amount > row["expected"]) and dt.date.fromisoformat(
            row["week"]
        ) > oracle.now[0] - WEEK
    sizes = [abs(row["score"]) for row in rows]
    wanted.facts[f"{id_}: most surprising first"] = sizes == sorted(sizes, reverse=True)
    many = count(len(rows), "auffällige Woche", "auffällige Wochen")
    wanted.heads[id_] = f"{many}; am stärksten „{rows[0]['label']}“ ab {_day(rows[0]['week'])}"


def _course(oracle: Oracle, wanted: Expected, given: dict, rows: list[dict], pages: Panel) -> None:
    """The page that stands out most, week by week; what was expected is the same in table and course."""
    first = rows[0]
    own = [row for row in rows if row["url"] == first["url"]]
    clicks = dict(zip(pages.weeks, pages.clicks(first["url"]), strict=True))
    course = given["outlier_course"]["rows"]
    wanted.keys["outlier_course"] = ("series", "bucket")
    wanted.rows["outlier_course"] = {
        ("Tatsächlich", row["bucket"]): {"clicks": clicks[dt.date.fromisoformat(row["bucket"])]}
        for row in course
        if row["series"] == "Tatsächlich"
    }
    for row in own:
        wanted.rows["outlier_course"]["Erwartet", row["week"]] = {"clicks": row["expected"]}
    amount = count(len(own), "Woche liegt", "Wochen liegen")
    wanted.heads["outlier_course"] = (
        f"„{first['label']}“: {amount} weit neben dem Erwarteten, am weitesten ab {_day(first['week'])}"
    )


# --- Wirkung ---


def impact(
    oracle: Oracle,
    shown: dict,
    annotations: list[tuple[dt.date, str, str]],
    links: list[tuple[str, str, float]],
    own: tuple[str, dt.date] | None,
) -> Expected:
    """Wirkung: ``annotations`` (day, label, url or ""), ``links`` (url, service, share), ``own`` is what was chosen."""
    until = max(oracle.first, min(oracle.last, oracle.now[1]))
    weeks = whole_weeks(oracle, "search_page_day", until)
    panel = Panel(oracle, "search_page_day", "url", weeks)
    labels = oracle.labels()
    wanted, given = Expected(), {exhibit["id"]: exhibit for exhibit in shown["exhibits"]}
    wanted.caveats = oracle.gaps("search_page_day", weeks=True)
    happened = [(day, label, url) for day, label, url in annotations if url and day <= oracle.last]
    happened += _go_lives(oracle, links, panel)
    wide = [(day, label) for day, label, url in annotations if not url and day <= oracle.last]
    wanted.keys["impact_events"] = ("event", "date")
    wanted.rows["impact_events"] = {}
    shown_rows = {
        (row["event"], row["date"]): row for row in given.get("impact_events", {"rows": []})["rows"]
    }
    for day, label, url in happened:
        row = shown_rows.get((label, day.isoformat()), {})
        pairs, _ = _paired(weeks, day)
        measured = row.get("effect") is not None
        wanted.rows["impact_events"][label, day.isoformat()] = {
            "url": url,
            "label": labels.get(url, url),
            "weeks": len(pairs) if measured else 0,
            "judgement": _judgement(row, len(pairs)),
        }
        wanted.facts[f"{label}: measured only with weeks"] = bool(pairs) or not measured
    step = _switch_by_device(oracle)
    for day, label in wide:
        wanted.rows["impact_events"][label, day.isoformat()] = {
            "effect": None,
            "low": None,
            "high": None,
            "weeks": 0,
            "judgement": (day == SWITCH[0] and step) or "nicht messbar: betrifft alle Seiten",
        }
    measured = sum(bool(step) for day, _ in wide if day == SWITCH[0])
    everywhere = f"; {figure(measured)} an den übrigen Geräten gemessen" if measured else ""
    if len(wide) > measured:
        everywhere += f"; {figure(len(wide) - measured)} ohne Vergleich, weil alle Seiten betroffen sind"
    wanted.heads["impact_events"] = (
        f"{count(len(happened), 'Ereignis', 'Ereignisse')} mit Seite, das sicherste Ergebnis zuerst{everywhere}"
    )
    if "impact_alike" in given:
        _detail(oracle, wanted, given, shown, panel, labels, happened, own)
    elif own is not None:
        title = labels.get(own[0], own[0])
        wanted.message = (
            f"Die Wirkung auf „{title}“ seit dem {own[1].strftime('%d.%m.%Y')} lässt sich nicht messen."
        )
    else:
        wanted.facts["no event could be measured"] = not any(
            row["effect"] is not None for row in shown_rows.values()
        )
        wanted.message = "Noch ist kein Ereignis bekannt, dessen Wirkung sich messen ließe."
    return wanted


def _switch_by_device(oracle: Oracle) -> str:
    """What it did to the position of computers, measured against the other devices; "" without two weeks of both."""
    step = oracle.switch_step()
    if step is None:
        return ""
    places, _ = step
    effect = (places["after", True] - places["before", True]) - (
        places["after", False] - places["before", False]
    )
    noun = "Platz" if figure(abs(effect), 1) == figure(1, 1) else "Plätze"
    moved = f"{figure(abs(effect), 1)}{NBSP}{noun} {'besser' if effect < 0 else 'schlechter'}"
    if figure(abs(effect), 1) == figure(0, 1):
        moved = "unverändert"
    return f"Position am Computer {moved}, gemessen an den übrigen Geräten"


def _go_lives(
    oracle: Oracle, links: list[tuple[str, str, float]], panel: Panel
) -> list[tuple[dt.date, str, str]]:
    """Go-lives that the list reports as having happened, each at the page of the service with most clicks."""
    rows = oracle.all(
        """SELECT service, go_live_month, name FROM services WHERE municipality = 'leverkusen' AND $site = $site
           AND status_group = 'Go-Live' AND go_live_month <= as_of AND go_live_month <= $last""",
        last=oracle.last,
    )
    until = max(oracle.first, min(oracle.last, oracle.now[1]))
    clicks = dict(
        oracle.all(
            "SELECT url, sum(clicks) FROM search_page_day WHERE {mine} AND date <= $until GROUP BY 1",
            until=until,
        )
    )
    found = []
    for service, month, name in rows:
        pages = [(-clicks.get(url, 0) * share, url) for url, linked, share in links if linked == service]
        if pages:
            found.append((month, f"Go-Live {name}", min(pages)[1]))
    return found


def _paired(weeks: list[dt.date], day: dt.date) -> tuple[list[tuple[int, int | None]], bool]:
    """(place of a week after, place of its week a year before) of the weeks compared, and whether by year."""
    since = day + (7 - day.weekday()) % 7 * DAY
    after = [place for place, week in enumerate(weeks) if week >= since]
    place_of = {week: place for place, week in enumerate(weeks)}
    paired = [
        (place, place_of[weeks[place] - YEAR])
        for place in after
        if place_of.get(weeks[place] - YEAR, len(weeks)) < len(weeks) - len(after)
    ]
    if len(paired) >= min(LEAST_WEEKS, max(len(after), 1)):
        return paired, True
    return [(place, None) for place in after], False


def _judgement(row: dict, weeks: int) -> str:
    if row.get("effect") is None:
        return "nicht messbar"
    if weeks < LEAST_WEEKS:
        return "noch zu kurz"
    if row["low"] <= 0 <= row["high"]:
        return "keine sichere Veränderung"
    return "mehr Klicks" if row["effect"] > 0 else "weniger Klicks"


def _detail(
    oracle: Oracle,
    wanted: Expected,
    given: dict,
    shown: dict,
    panel: Panel,
    labels: dict[str, str],
    happened: list[tuple[dt.date, str, str]],
    own: tuple[str, dt.date] | None,
) -> None:
    """The event shown in full: its effect against the pages named, week by week."""
    top = given["impact_events"]["rows"][0] if "impact_events" in given else {}
    url, day = own or (top["url"], dt.date.fromisoformat(top["date"]))
    weeks, others = panel.weeks, [row["url"] for row in given["impact_alike"]["rows"]]
    _alike(oracle, wanted, panel, url, day, others)
    pairs, yearly = _paired(weeks, day)
    first = next(place for place, week in enumerate(weeks) if week >= day + (7 - day.weekday()) % 7 * DAY)
    logs = {name: [math.log(clicks + 0.5) for clicks in panel.clicks(name)] for name in (url, *others)}
    ratio = [
        logs[url][place] - sum(logs[name][place] for name in others) / len(others)
        for place in range(len(weeks))
    ]
    base = range(max(0, first - 52), first)
    usual = sum(ratio[place] for place in base) / len(base)
    apart = [ratio[place] - (usual if earlier is None else ratio[earlier]) for place, earlier in pairs]
    mean = sum(apart) / len(apart)
    effect = math.expm1(mean)
    figures = {card["id"]: card for card in shown["figures"]}
    card = figures["effect"]
    wanted.figures["effect"] = {"number": effect, "value": f"{signed(effect * 100, 0)}{NBSP}%"}
    base_told = "gegen dieselben Wochen des Vorjahres" if yearly else "gegen die Wochen davor"
    wanted.figures["verglichene-wochen"] = {"number": len(pairs), "change": base_told}
    actual = panel.clicks(url)
    wanted.keys["impact_course"] = ("series", "bucket")
    wanted.rows["impact_course"] = {}
    for (place, _), by in zip(pairs, apart, strict=True):
        bucket = weeks[place].isoformat()
        wanted.rows["impact_course"]["Tatsächlich", bucket] = {"clicks": actual[place]}
        wanted.rows["impact_course"]["Erwartet ohne Ereignis", bucket] = {
            "clicks": (actual[place] + 0.5) * math.exp(-by)
        }
    interval = card["change"].partition("Spanne (95 %): ")[2]
    sure = not card["change"].startswith(("keine", "noch"))
    begins = weeks[pairs[0][0]]
    since = f"Seit dem {day.strftime('%d.%m.%Y')}"
    if (begins - day).days > 7:
        since = (
            f"In den Wochen ab {begins.strftime('%d.%m.%Y')} (davor fehlt der Vergleich; Ereignis vom "
            f"{day.strftime('%d.%m.%Y')})"
        )
    said = (
        f"{since} hat „{labels[url]}“ {percent(abs(effect), 0)} {'mehr' if effect > 0 else 'weniger'} Klicks als ohne "
        f"das Ereignis zu erwarten ({interval})"
    )
    wanted.heads["impact_course"] = said if sure else f"{said}; das kann auch Zufall sein"
    wanted.message = f"{wanted.heads['impact_course']}."
    rows = given.get("impact_events", {"rows": []})["rows"]
    clear = [row for row in rows if row["effect"] is not None and row["weeks"] >= LEAST_WEEKS]
    if own is None and len(clear) > 1:
        wanted.message += (
            f" Es ist das deutlichste von {figure(len(clear))} gemessenen Ereignissen: Unter mehreren sticht eines "
            "auch durch Zufall hervor."
        )


def _alike(oracle: Oracle, wanted: Expected, panel: Panel, url: str, day: dt.date, others: list[str]) -> None:
    """Every page compared with is of the same kind and of a tenth to ten times the size; at most eight."""
    kinds = dict(oracle.all("SELECT url, page_kind FROM pages WHERE site = $site"))
    first = next(
        place for place, week in enumerate(panel.weeks) if week >= day + (7 - day.weekday()) % 7 * DAY
    )
    mean = {name: sum(panel.clicks(name)[:first]) / first for name in (url, *others)}
    for name in others:
        wanted.facts[f"{name} is comparable"] = (
            kinds[name] == kinds[url] and max(5.0, mean[url] / 10) <= mean[name] <= mean[url] * 10
        )
    wanted.facts["not compared with itself"] = url not in others and len(set(others)) == len(others) <= 8
    many = count(len(others), "vergleichbare Seite", "vergleichbare Seiten")
    wanted.heads["impact_alike"] = f"{many} zeigen, was ohne das Ereignis zu erwarten war"
