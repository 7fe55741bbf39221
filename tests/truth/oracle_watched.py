"""The watch list, Google's report on generative AI and the portal's own search: by plain SQL on rows drawn here."""

from __future__ import annotations

import datetime as dt
import random

import duckdb

from tests.truth.oracle import CITY, DAY, DEVICES, LEAST, Expected, Oracle
from tests.truth.scopes import spelled
from tests.truth.writing import between, count, figure, period, tied

WATCHED = (
    "hundesteuer",
    "personalausweis beantragen",
    "leverkusen",
    "führerschein umtauschen",
    "gibt es nicht",
)
REPORT = dt.date(2025, 3, 4), dt.date(2025, 6, 20)
"""Days of a further report on generative AI, with queries; that of the sample data begins in September."""
SMALLEST = 5
LACKING = 0.05
PERSONAL = "(persönliche Angabe)"
APART = (
    "Impressionen in Googles KI-Antworten stehen für sich: Sie werden zu keinen anderen Impressionen addiert; Klicks "
    "und Positionen nennt der Bericht nicht."
)


def add_report(db: duckdb.DuckDBPyConnection, site: str) -> None:
    """A report with days that lack here and there, and the same one filtered, which counts for nothing."""
    chance, (start, end) = random.Random(5), REPORT
    days = [start + n * DAY for n in range((end - start).days + 1) if chance.random() > LACKING]
    told = {"days": [str(day) for day in days], "queries": list(WATCHED)}
    lines = [
        ("ai", site, name, key, start, end, chance.randrange(200), filters, "x")
        for filters in ("", "Seite: /leistung")
        for name, keys in told.items()
        for key in keys
    ]
    db.executemany("INSERT INTO search_ai VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", lines)


def watch_list(oracle: Oracle, tracked: tuple[str, ...]) -> Expected:
    """Rankings, Beobachtet: every row of the list, and the message on the one that moved most."""
    wanted = Expected(keys={"tracked_queries": ("query",)}, rows={"tracked_queries": {}})
    rows = []
    for query in tracked:
        row = _row(oracle, query)
        if row is not None:
            rows.append((query, row))
            wanted.rows["tracked_queries"][query] = row
    told = count(len(tracked), "Suchanfrage wird beobachtet", "Suchanfragen werden beobachtet")
    if not rows:
        wanted.message = f"{told}."
        return wanted
    moved = [
        (query, row)
        for query, row in rows
        if row.get("places") is not None
        and between(_place(oracle, query, "before"), _place(oracle, query, "like"))
    ]
    if not moved:
        first, row = min(rows, key=lambda one: (-one[1]["clicks"], -one[1]["impressions"], one[0]))
        head = f"„{first}“ steht auf Platz {figure(row['position'], 1)}"
    else:
        order = lambda one: (  # noqa: E731 largest move; of equal ones the most clicked
            -abs(one[1]["places"]),
            -one[1]["clicks"],
            -one[1]["impressions"],
            one[0],
        )
        first, row = min(moved, key=order)
        like, before = _place(oracle, first, "like"), _place(oracle, first, "before")
        amount = abs(between(before, like))
        places = f"{figure(amount, 1)}\u00a0{'Platz' if amount == 1 else 'Plätze'}"
        days = f"{period(*oracle.like)} gegenüber {period(*oracle.before)}"
        word = "gewinnt" if row["places"] > 0 else "verliert"
        head = f"„{first}“ {word} am meisten: {places} ({figure(like, 1)} statt {figure(before, 1)}, {days})"
    wanted.heads["tracked_queries"] = head
    wanted.message = f"{told}; {head}."
    return wanted


def _row(oracle: Oracle, query: str) -> dict | None:
    clicks, shown, place = oracle.one(
        """SELECT coalesce(sum(clicks), 0), coalesce(sum(impressions), 0), sum(sum_position) / sum(impressions) + 1
           FROM search_query_day WHERE {mine} AND {now} AND query = $own""",
        own=query,
    )
    if shown < LEAST:
        return None
    row = {"clicks": clicks, "impressions": shown, "position": place}
    if oracle.like is not None and oracle.before is not None:
        like, before = _place(oracle, query, "like"), _place(oracle, query, "before")
        row["places"] = None if like is None or before is None else before - like
        factor = oracle.factor("search_query_day")
        clicks_like, clicks_before = oracle.one(
            """SELECT sum(clicks) FILTER ({like}), sum(clicks) FILTER ({before}) FROM search_query_day
               WHERE {mine} AND query = $own""",
            own=query,
        )
        row["change"] = (
            (clicks_like or 0) / (clicks_before * factor) - 1 if factor and clicks_before else None
        )
    until = max(oracle.first, min(oracle.last, oracle.now[1]))
    weeks = _weeks(oracle, query, oracle.first, until)
    best = min(weeks, key=lambda week: (week[1], week[0]), default=(None, None))
    row |= {"best": best[1], "best_week": best[0] and best[0].isoformat()}
    own = [week for week in weeks if oracle.now[0] <= week[0] and week[0] + 6 * DAY <= oracle.now[1]]
    row["course"] = [place for _, place in own]
    row["last"] = own[-1][1] if own else None
    (first,) = oracle.one(
        """SELECT CASE WHEN sum(impressions) >= $least THEN min(date) FILTER (impressions > 0) END
           FROM search_query_day WHERE {mine} AND query = $own""",
        own=query,
        least=LEAST,
    )
    row["first"] = first and first.isoformat()
    return row


def _place(oracle: Oracle, query: str, window: str) -> float | None:
    (place,) = oracle.one(
        f"""SELECT sum(sum_position) / nullif(sum(impressions), 0) + 1 FROM search_query_day
            WHERE {{mine}} AND {{{window}}} AND query = $own""",
        own=query,
    )
    return place


def _weeks(oracle: Oracle, query: str, first: dt.date, last: dt.date) -> list[tuple[dt.date, float]]:
    """Monday and place of the whole weeks between both days in which it was shown often enough."""
    return oracle.all(
        """SELECT date_trunc('week', date)::DATE AS week, sum(sum_position) / sum(impressions) + 1
           FROM search_query_day WHERE {mine} AND query = $own AND date_trunc('week', date) >= $first::DATE
             AND date_trunc('week', date) + INTERVAL 6 DAY <= $last::DATE
           GROUP BY 1 HAVING sum(impressions) >= $least ORDER BY 1""",
        own=query,
        first=first,
        last=last,
        least=LEAST,
    )


def generative_ai(oracle: Oracle) -> Expected:
    """Rankings, Generative KI: message, cards, course, and the lists of the report that shares most days."""
    wanted = Expected()
    now = oracle.now
    days = oracle.all(
        """SELECT key::DATE, impressions FROM search_ai WHERE site = $site AND filters = '' AND table_name = 'days'
           AND key::DATE BETWEEN $start AND $end ORDER BY 1""",
        start=now[0],
        end=now[1],
    )
    reports = oracle.all(
        "SELECT DISTINCT period_start, period_end FROM search_ai WHERE site = $site AND filters = ''"
    )
    shared = max(reports, key=lambda one: (min(one[1], now[1]) - max(one[0], now[0]), one[1]))
    lists = min(shared[1], now[1]) >= max(shared[0], now[0])
    if not days and not lists:
        wanted.absent += ["ai_course", "ai_queries"]
        return wanted
    if days:
        total, (best, most) = sum(n for _, n in days), min(days, key=lambda one: (-one[1], one[0]))
        span = period(days[0][0], days[-1][0])
        amount = count(total, "Impression", "Impressionen")
        wanted.message = (
            f"{span}: Googles KI-Antworten zeigten das Portal mit {amount}, am meisten am {best:%d.%m.%Y} "
            f"({figure(most)}{tied((n for _, n in days), 'weiterer')})"
        )
        every = (days[-1][0] - days[0][0]).days + 1
        if len(days) < every:
            wanted.message += f"; der Bericht nennt {figure(len(days))} von {count(every, 'Tag', 'Tagen')}"
        wanted.message += "."
        wanted.figures["impressionen-in-ki-antworten"] = {"number": total}
        wanted.figures["tage-mit-bericht"] = {"number": len(days)}
        wanted.heads["ai_course"] = f"{amount} in Googles KI-Antworten"
        by_month = (days[-1][0] - days[0][0]).days >= 62
        sums: dict[str, int] = {}
        for day, shown in days:
            bucket = day.replace(day=1) if by_month else day
            sums[bucket.isoformat()] = sums.get(bucket.isoformat(), 0) + shown
        wanted.keys["ai_course"] = ("bucket",)
        wanted.rows["ai_course"] = {key: {"ai_impressions": value} for key, value in sums.items()}
    else:
        wanted.message = f"Für den Zeitraum {oracle.period} nennt der Bericht keine Tage. {APART}"
    for name, id_ in LISTS.items() if lists else ():
        _listed(oracle, wanted, shared, name, id_)
    return wanted


LISTS = {one: f"ai_{one}" for one in ("pages", "queries", "countries", "devices")}


def _listed(oracle: Oracle, wanted: Expected, report: tuple[dt.date, dt.date], name: str, id_: str) -> None:
    """One list of a report: every row, and which is first."""
    rows = oracle.all(
        """SELECT key, impressions FROM search_ai WHERE site = $site AND filters = '' AND table_name = $name
           AND period_start = $start AND period_end = $until AND (impressions >= $least OR table_name <> 'queries')
           ORDER BY 2 DESC, 1""",
        name=name,
        start=report[0],
        until=report[1],
        least=LEAST,
    )
    if not rows:
        wanted.absent.append(id_)
        return
    labels = {"pages": oracle.labels(), "devices": DEVICES}.get(name, {})
    told = [(key, labels.get(key, key), shown) for key, shown in rows]
    by_url = name == "pages"
    wanted.keys[id_] = ("url",) if by_url else ("label",)
    wanted.rows[id_] = {
        key if by_url else label: {"ai_impressions": shown, "label": label} for key, label, shown in told
    }
    amount = count(told[0][2], "Impression", "Impressionen")
    wanted.heads[id_] = (
        f"„{told[0][1]}“ steht am häufigsten in KI-Antworten ({amount}{tied(row[2] for row in told)})"
    )


def portal_search(oracle: Oracle) -> Expected:
    """Suchanfragen, Suche im Portal: whole reports of the period, each word beside the same query at Google."""
    wanted = Expected()
    start, end = oracle.now
    rows = oracle.all(
        """WITH months AS (
             SELECT keyword, min(period_start) AS first, max(period_end) AS last,
               greatest(coalesce(sum(searches) FILTER (report = 'all'), 0),
                 coalesce(sum(searches) FILTER (report = 'no_result'), 0)) AS searches,
               coalesce(sum(searches) FILTER (report = 'no_result'), 0) AS unfound
             FROM portal_search WHERE site = $site AND period_start >= $start AND period_end <= $end
             GROUP BY keyword, date_trunc('month', period_start))
           SELECT keyword,
             coalesce(sum(searches) FILTER (searches >= 5), 0), count(*) FILTER (searches BETWEEN 1 AND 4),
             coalesce(sum(unfound) FILTER (unfound >= 5), 0), count(*) FILTER (unfound BETWEEN 1 AND 4),
             min(first), max(last)
           FROM months GROUP BY 1 ORDER BY 2 DESC, 1""",
        start=start,
        end=end,
    )
    if not rows:
        (held,) = oracle.all(
            "SELECT min(period_start), max(period_end) FROM portal_search WHERE site = $site"
        )
        wanted.message = (
            f"Im Zeitraum {oracle.period} liegt kein ganzer Bericht über die Suche im Portal; geladen ist "
            f"{period(*held)}."
        )
        return wanted
    reported = min(row[5] for row in rows), max(row[6] for row in rows)
    span = period(*reported)
    rows = [row for row in rows if row[0] != PERSONAL]
    named = [row for row in rows if row[1]]
    unfound = sorted((row for row in named if row[3] or row[4]), key=lambda row: (-row[3], row[0]))
    amount = f"{_told(*named[0][1:3])} Suchen" if named[0][2] else count(named[0][1], "Suche", "Suchen")
    wanted.message = f"{span}: Im Portal wird am meisten nach „{named[0][0]}“ gesucht ({amount})"
    if unfound:
        wanted.message += f"; am häufigsten ohne Treffer bleibt „{unfound[0][0]}“ ({_told(*unfound[0][3:5])})"
    wanted.message += "."
    for name, column in (("suchen-im-portal", 1), ("ohne-treffer", 3)):
        known, below = (sum(row[place] for row in rows) for place in (column, column + 1))
        wanted.figures[name] = {"value": _told(known, below), "number": None if below else known}
    wanted.figures["genannte-woerter"] = {"number": len(named)}
    at_google = {row[0]: _at_google(oracle, row[0], *reported) for row in named}
    head = f"{count(len(named), 'Wort', 'Wörter')} im Portal gesucht"
    (days,) = oracle.one(
        "SELECT count(*) FROM search_query_day WHERE {mine} AND date BETWEEN $one AND $two",
        one=reported[0],
        two=reported[1],
    )
    if days:
        matched = sum(own["impressions"] is not None for own in at_google.values())
        head += f"; {figure(matched)} davon nennt Google als Suchanfrage"
    wanted.heads["portal_search_table"] = head
    wanted.keys["portal_search_table"] = ("keyword",)
    wanted.rows["portal_search_table"] = {
        word: {
            "searches": _told(searches, rare) if rare else searches,
            "without_result": _told(lost, below) if below else lost,
            **at_google[word],
        }
        for word, searches, rare, lost, below, _, _ in named
    }
    table = wanted.rows["portal_search_table"]
    wanted.keys["portal_search_bars"] = wanted.keys["portal_search_unfound"] = ("keyword",)
    wanted.rows["portal_search_bars"] = {word: {"searches": searches} for word, searches, *_ in named[:10]}
    wanted.rows["portal_search_unfound"] = {row[0]: table[row[0]] for row in unfound}
    wanted.heads["portal_search_bars"] = f"„{named[0][0]}“ wird im Portal am meisten gesucht"
    if unfound:
        words = count(len(unfound), "Wort führt", "Wörter führen")
        wanted.heads["portal_search_unfound"] = (
            f"{words} ohne Treffer ins Leere, am häufigsten „{unfound[0][0]}“"
        )
    return wanted


def _told(known: int, below: int) -> str:
    """A sum of months of which so many are hidden, each 0 to 4."""
    if not below:
        return figure(known)
    most = known + 4 * below
    return f"{figure(known)} bis {figure(most)}" if known else f"< {figure(most + 1)}"


def _at_google(oracle: Oracle, word: str, first: dt.date, last: dt.date) -> dict[str, int | None]:
    """Clicks and impressions of the queries that are the word but for spelling and the city's name."""
    clicks, shown = oracle.one(
        f"""SELECT sum(clicks), sum(impressions) FROM (
              SELECT query, sum(clicks) clicks, sum(impressions) impressions FROM search_query_day
              WHERE {{mine}} AND date BETWEEN '{first}' AND '{last}' AND query <> ''
              GROUP BY 1 HAVING sum(impressions) >= $least)
            WHERE {_plain("query")} = {_plain("$word")}""",
        word=word,
        least=LEAST,
    )
    return {"clicks": clicks, "impressions": shown}


def _plain(text: str) -> str:
    """SQL: lower case, umlauts written out, words with one blank between them, none that names the city."""
    words = f"regexp_split_to_array(trim(regexp_replace({spelled(text)}, '[^a-z0-9]+', ' ', 'g')), ' ')"
    return f"array_to_string(list_filter({words}, lambda word: NOT regexp_matches(word, '{CITY}')), ' ')"
