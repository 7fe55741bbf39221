"""Wochenbericht: the last whole week of final days, whatever is asked, and what its alerts say."""

from __future__ import annotations

import datetime as dt

import duckdb

from tests.truth.oracle import DAY, Asked, Expected, Oracle, figure_even
from tests.truth.oracle_weeks import WEEK, Panel, odd_weeks, whole_weeks
from tests.truth.writing import count, figure, signed

LABELS = {
    "clicks": "Klicks",
    "impressions": "Impressionen",
    "position": "Ø Position",
    "ctr": "Klickrate",
}
Links = list[tuple[str, str, float]]


class Week:
    """The week from Monday to Sunday, against the week before and against the one 364 days before."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, site: str) -> None:
        any_day = Asked(dt.date(2025, 1, 1), dt.date(2025, 1, 1))
        last = Oracle(connection, site, any_day).last
        self.sunday = last - (last.isoweekday() % 7) * DAY
        days = self.sunday - WEEK + DAY, self.sunday
        self.previous = Oracle(connection, site, Asked(*days, "previous", None, "week"))
        self.year = Oracle(connection, site, Asked(*days, "year", None, "week"))
        half = max(self.sunday - 26 * WEEK + DAY, self.previous.first)
        self.half_year = Oracle(connection, site, Asked(half, self.sunday, "year", None, "week"))


def digest(week: Week, shown: dict, links: Links) -> Expected:
    """Message, cards, and each of its tables and charts; of outliers what follows from those reported."""
    own, given = week.previous, {exhibit["id"]: exhibit for exhibit in shown["exhibits"]}
    cards = own.cards()
    cards.pop("hidden_click_share")
    wanted = Expected(figures=cards)
    wanted.message = own.sentence("clicks", f"{own.period}: Klicks") + "."
    wanted.keys["week_figures"] = ("label",)
    wanted.rows["week_figures"] = {
        LABELS[name]: {
            "value": own.value(name, now),
            "change": own.told(name, like, before)[0],
            "change_year": week.year.told(name, *week.year.headline()[name][1:])[0],
        }
        for name, (now, like, before) in own.headline().items()
    }
    own._top_pages(wanted, 5)
    own._movers(wanted)
    _services(own, wanted, links)
    _recent(own, wanted, week.sunday)
    wanted.heads["clicks_trend"] = week.half_year.sentence("clicks", f"{week.half_year.period}: Klicks")
    wanted.keys["clicks_trend"] = ("series", "own_bucket")
    wanted.rows["clicks_trend"] = week.half_year.buckets("clicks")
    weeks = whole_weeks(own, "search_page_day", week.sunday)
    panel, labels = Panel(own, "search_page_day", "url", weeks), own.labels()
    clicks = {url: (labels[url], panel.clicks(url)) for url in panel.of}
    odd_weeks(own, wanted, given.get("outliers_pages"), clicks, weeks)
    wanted.caveats = own.caveats("search_page_day")
    return wanted


def _services(oracle: Oracle, wanted: Expected, links: Links) -> None:
    """The five services whose clicks changed most against the week before."""
    factor = oracle.factor("search_page_day")
    if oracle.before is None or factor is None:
        return
    pages = {page["url"]: page for page in oracle._pages()}
    sums: dict[str, list[float]] = {}
    for url, service, share in links:
        if url in pages:
            row = sums.setdefault(service, [0.0, 0.0])
            row[0] += pages[url]["like"] * share
            row[1] += pages[url]["before"] * share
    names = dict(oracle.all("SELECT service, name FROM services WHERE $site = $site"))
    rows = {
        names.get(service, service): {
            "gain": float(figure_even(like - before * factor)),
            "change": like / (before * factor) - 1 if before else None,
            "clicks_like": like,
            "clicks_before": before,
        }
        for service, (like, before) in sums.items()
    }
    changed = sorted((-abs(row["gain"]), name) for name, row in rows.items() if row["gain"])
    # What the city calls services of its own stands in the workspace only.
    listed = {name: rows[name] for _, name in changed[:5] if name in names.values()}
    wanted.keys["service_movers"] = ("name",)
    wanted.rows["service_movers"] = listed
    if not changed or changed[0][1] not in listed:
        return
    first = rows[changed[0][1]]
    word = "gewinnt" if first["gain"] > 0 else "verliert"
    amount = count(abs(first["gain"]), "Klick", "Klicks")
    wanted.heads["service_movers"] = (
        f"Leistungen: „{changed[0][1]}“ {word} am meisten ({signed(first['gain'], 0)[:1]}{amount}"
        f"{oracle.on_equal_days('search_page_day')})"
    )


def _recent(oracle: Oracle, wanted: Expected, sunday: dt.date) -> None:
    """The last five weeks of which every day is there."""
    rows = oracle.all(
        """SELECT date_trunc('week', date)::DATE, sum(clicks), sum(impressions),
             sum(sum_position) / sum(impressions) + 1, sum(clicks) / sum(impressions) FROM search_site_day
           WHERE {mine} AND date BETWEEN $first AND $last GROUP BY 1 HAVING count(*) = 7""",
        first=sunday - 5 * WEEK + DAY,
        last=sunday,
    )
    wanted.heads["recent_weeks"] = f"Die letzten {figure(len(rows))} vollen Wochen"
    wanted.keys["recent_weeks"] = ("bucket",)
    names = ("clicks", "impressions", "position", "ctr")
    wanted.rows["recent_weeks"] = {
        monday.isoformat(): dict(zip(names, values, strict=True)) for monday, *values in rows
    }


def alert_sentence(
    week: Week, name: str, measure: str, over: float, page: str = "", query: str = ""
) -> str | None:
    """What an alert says where its figure lies over the threshold; None where it does not.

    Of the whole property, of the pages whose address contains ``page``, or of one query.
    """
    oracle = week.previous
    named, table = "", "search_site_day"
    if page or query:
        table = "search_query_day" if query else "search_page_day"
    if oracle.days(table)[0] < 7:  # a week that lacks days is not judged
        return None
    if not (page or query):
        value, like, before = oracle.headline()[measure]
        words = oracle.told(measure, like, before)[0]
    else:
        sums = _sums(oracle, table, page, query)
        clicks, shown, weighted, *earlier = sums
        value = {"clicks": clicks, "impressions": shown, "ctr": clicks / shown, "position": weighted / shown}[
            measure
        ]
        words = ""
        if measure in ("clicks", "impressions"):
            words = oracle.told(measure, value, earlier[measure == "impressions"], table)[0]
        named = f" (Suchanfrage „{query}“)" if query else f" (Seiten mit „{page}“)"
    if value <= over:
        return None
    said = oracle.joined(f"{LABELS[measure]}{named} {oracle.value(measure, value)}", words)
    return f"{name}: {said}; Schwelle: über {oracle.value(measure, over)}."


def _sums(oracle: Oracle, table: str, page: str, query: str) -> list[float]:
    """clicks, impressions, Σ place · impressions, clicks before, impressions before."""
    column, text = ("query", query) if query else ("url", page)
    where = "query = $text" if query else "contains(url, $text)"
    rows = oracle.all(
        f"""SELECT {column}, coalesce(sum(clicks) FILTER ({{now}}), 0), coalesce(sum(impressions) FILTER ({{now}}), 0),
              coalesce(sum(sum_position + impressions) FILTER ({{now}}), 0),
              coalesce(sum(clicks) FILTER ({{before}}), 0), coalesce(sum(impressions) FILTER ({{before}}), 0)
            FROM {table} WHERE {{mine}} AND {where} GROUP BY 1""",
        text=text,
    )
    return [sum(row[at] for row in rows) for at in range(1, 6)]
