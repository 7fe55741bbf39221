"""Daten: what the ledger says is loaded, gaps, provisional days, index state, runs, and whether addresses meet.

Rankings, Stunden, too, which no period changes either.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from tests.truth.oracle import Expected, Oracle
from tests.truth.writing import count, figure, portion, tied

SOURCES = {
    "search_console": "Google Search Console",
    "portal": "Portalstatistik",
    "ozg": "OZG-Liste",
    "cases": "Fallzahlen der Fachbereiche",
    "feedback": "Rückmeldungen zu Leistungen",
    "pvog": "Open-PVOG",
    "offers": "Angebote von Onlinediensten",
    "dashboard": "Dashboard des Bundes",
    "benchmarks": "Kennzahlen anderer Städte",
}
DAILY = (
    "search_site_day",
    "search_segment_day",
    "search_query_day",
    "search_page_day",
    "search_page_query_day",
    "search_appearance_day",
)
LEVELS = {
    "search_site_day": "Property je Tag",
    "search_segment_day": "Geräte und Länder je Tag",
    "search_query_day": "Suchanfragen je Tag",
    "search_page_day": "Seiten je Tag",
    "search_page_query_day": "Seiten und Suchanfragen je Tag",
    "search_page_device_day": "Seiten und Geräte je Tag",
    "search_query_device_day": "Suchanfragen und Geräte je Tag",
    "search_appearance_day": "Darstellung je Tag",
    "search_ai": "Generative KI (Exporte)",
    "portal_search": "Suche im Portal je Zeitraum",
    "portal_page": "Seiten je Zeitraum",
    "service_cases": "Fälle je Leistung, Monat und Kanal",
    "service_feedback": "Rückmeldungen je Leistung und Monat",
    "service_status_history": "Stände der Liste",
    "online_services": "Online-Dienste",
    "online_services_nearby": "Online-Dienste der Nachbarn",
    "service_offers": "Angebote von Onlinediensten",
    "dashboard_usage": "Nutzung laut Dashboard je Leistung und Monat",
    "benchmarks": "Kennzahlen anderer Städte je Leistungsschlüssel",
    "sitemaps": "Sitemaps",
    "url_inspection": "Indexprüfung",
}


def data_state(oracle: Oracle, today: dt.date) -> Expected:
    """Daten: message, cards, and each of its tables."""
    wanted = Expected()
    age = (today - oracle.last).days
    (late,) = oracle.one(
        "SELECT count(DISTINCT date) FROM ingest_ledger WHERE site = $site AND state = 'provisional' "
        "AND search_type = 'web' AND grain = 'search_site_day'"
    )
    more = f"; {count(late, 'Tag ist', 'Tage sind')} noch vorläufig" if late else ""
    wanted.message = (
        f"Die Suchdaten reichen bis {_day(oracle.last)} (vor {count(age, 'Tag', 'Tagen')}){more}."
    )
    wanted.figures["datenstand"] = {"value": _day(oracle.last)}
    wanted.figures["erster-tag"] = {"value": _day(oracle.first)}
    _sources(oracle, wanted)
    _gaps(oracle, wanted)
    _provisional(oracle, wanted)
    _addresses(oracle, wanted)
    _index(oracle, wanted)
    rows = oracle.all(
        """SELECT started_at, rows_loaded, rows_rejected, message FROM ingest_runs WHERE $site = $site
           ORDER BY started_at DESC, run_id DESC LIMIT 20"""
    )
    wanted.keys["runs"] = ("message",)
    wanted.rows["runs"] = {row[3]: {"rows_loaded": row[1], "rows_rejected": row[2]} for row in rows}
    (rejected,) = oracle.one("SELECT count(*) FROM rejected_rows WHERE $site = $site")
    if rejected:
        many = count(min(rejected, 200), "Zeile wurde", "Zeilen wurden")
        wanted.heads["rejected"] = f"{many} zurückgewiesen"
    return wanted


def _day(day: dt.date) -> str:
    return day.strftime("%d.%m.%Y")


def _sources(oracle: Oracle, wanted: Expected) -> None:
    rows = oracle.all(
        """SELECT source, site, search_type, grain, min(date), max(date), count(DISTINCT date), sum(rows),
             count(*) FILTER (state = 'provisional'), count(*) FILTER (capped)
           FROM ingest_ledger WHERE state <> 'failed' AND $site = $site GROUP BY ALL"""
    )
    sources = len({row[0] for row in rows})
    wanted.heads["sources"] = f"{count(sources, 'Quelle ist', 'Quellen sind')} geladen"
    wanted.figures["quellen"] = {"number": sources}
    wanted.keys["sources"] = ("source_name", "grain_name", "site", "search_type")
    wanted.rows["sources"] = {
        (SOURCES[source], LEVELS[grain], site, kind): {
            "first": first.isoformat(),
            "last": last.isoformat(),
            "missing_days": (last - first).days + 1 - days if grain in DAILY else None,
            "provisional_days": late,
            "capped_days": capped,
            "rows": amount or 0,
        }
        for source, site, kind, grain, first, last, days, amount, late, capped in rows
    }


def _gaps(oracle: Oracle, wanted: Expected) -> None:
    """Runs of days between the first and the last that the ledger does not have, or only as failed."""
    rows = oracle.all(
        """WITH d AS (SELECT DISTINCT source, site, search_type, grain, date FROM ingest_ledger
             WHERE state <> 'failed' AND grain IN (SELECT unnest($daily)) AND $site = $site)
           SELECT site, grain, earlier + 1, date - 1, date - earlier - 1 FROM (SELECT *, lag(date) OVER (
             PARTITION BY source, site, search_type, grain ORDER BY date) earlier FROM d) WHERE date - earlier > 1""",
        daily=list(DAILY),
    )
    wanted.figures["fehlende-tage"] = {"number": sum(row[4] for row in rows if row[1] == "search_site_day")}
    if not rows:
        wanted.absent.append("gaps")
        return
    wanted.heads["gaps"] = f"{count(len(rows), 'Lücke', 'Lücken')} in den Suchdaten"
    wanted.keys["gaps"] = ("grain_name", "first", "last", "site")
    wanted.rows["gaps"] = {
        (LEVELS[grain], first.isoformat(), last.isoformat(), site): {"days": days}
        for site, grain, first, last, days in rows
    }


def _provisional(oracle: Oracle, wanted: Expected) -> None:
    rows = oracle.all(
        "SELECT source, site, date, list(DISTINCT grain) FROM ingest_ledger WHERE state = 'provisional' "
        "AND $site = $site GROUP BY ALL"
    )
    if not rows:
        wanted.absent.append("provisional")
        return
    wanted.heads["provisional"] = (
        f"{count(len({row[2] for row in rows}), 'Tag ist', 'Tage sind')} noch vorläufig"
    )
    wanted.keys["provisional"] = ("date", "site")
    wanted.rows["provisional"] = {}
    for source, site, day, grains in rows:
        levels = sorted(LEVELS[grain] for grain in grains)
        said = ", ".join(levels[:-1]) + " und " + levels[-1] if len(levels) > 1 else levels[0]
        wanted.rows["provisional"][day.isoformat(), site] = {"source_name": SOURCES[source], "levels": said}


def _addresses(oracle: Oracle, wanted: Expected) -> None:
    """Pages of either side without a counterpart, over the portal's whole periods within Google's final days."""
    first, last = oracle.one(
        "SELECT min(period_start), max(period_end) FROM portal_page WHERE site = $site "
        "AND period_start >= $first AND period_end <= $last",
        first=oracle.first,
        last=oracle.last,
    )
    if first is None:
        wanted.absent.append("address_match")
        return
    portal = dict(
        oracle.all(
            "SELECT url, sum(unique_page_views) FROM portal_page WHERE site = $site AND period_start >= $first "
            "AND period_end <= $last GROUP BY 1",
            first=first,
            last=last,
        )
    )
    google = dict(
        oracle.all(
            "SELECT url, sum(clicks) FROM search_page_day WHERE {mine} AND date BETWEEN $first AND $last GROUP BY 1",
            first=first,
            last=last,
        )
    )
    wanted.keys["address_match"] = ("side",)
    wanted.rows["address_match"] = {}
    shares = []
    for side, own, others in (("Portalstatistik", portal, google), ("Google", google, portal)):
        alone = {url: amount or 0 for url, amount in own.items() if url not in others}
        total = sum(amount or 0 for amount in own.values())
        shares.append(sum(alone.values()) / total)
        wanted.rows["address_match"][side] = {
            "pages": len(own),
            "unmatched_pages": len(alone),
            "amount": total,
            "unmatched": sum(alone.values()),
            "unmatched_share": shares[-1],
        }
    wanted.heads["address_match"] = (
        f"{portion(shares[0]).capitalize()} der Portalzahlen und {portion(shares[1])} der Google-Klicks haben kein "
        "Gegenstück"
    )


def _index(oracle: Oracle, wanted: Expected) -> None:
    checked, troubled = oracle.one(
        """SELECT count(*), count(*) FILTER (verdict <> 'PASS' OR verdict IS NULL
             OR coalesce(google_canonical, '') NOT IN ('', url)) FROM url_inspection WHERE $site = $site"""
    )
    if checked:
        many = count(checked, "geprüften Seite hat", "geprüften Seiten haben")
        wanted.heads["index_state"] = f"{figure(troubled)} von {many} einen Befund im Google-Index"
    rows = oracle.all("SELECT path, errors, warnings, urls_submitted FROM sitemaps WHERE $site = $site")
    if rows:
        faulty = sum(1 for row in rows if row[1])
        many = count(len(rows), "Sitemap hat", "Sitemaps haben")
        wanted.heads["sitemaps"] = f"{figure(faulty)} von {many} Fehler"
        wanted.keys["sitemaps"] = ("path",)
        wanted.rows["sitemaps"] = {
            row[0]: {"errors": row[1], "warnings": row[2], "urls_submitted": row[3]} for row in rows
        }


HOUR, DAYS_OF_HOURS = dt.timedelta(hours=1), 10
NAMES_OF_DAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
Hour = tuple[dt.date, str, int, int, float | None, bool]
"""Day and hour in Germany, clicks, impressions, place, whether Google still completes it."""


def _hours(oracle: Oracle) -> list[Hour]:
    """From the first to the last that Google named, of the last ten days; one that it did not name had none."""
    named = {
        moment: (clicks, shown, weighted)
        for moment, clicks, shown, weighted in oracle.all(
            "SELECT hour_utc, clicks, impressions, sum_position FROM search_hour WHERE {mine}"
        )
    }
    first, last = min(named), max(named)
    every = [first + place * HOUR for place in range(int((last - first) / HOUR) + 1)]
    found: list[Hour] = []
    days = set()
    for moment in every:
        clicks, shown, weighted = named.get(moment, (0, 0, None))
        place = weighted / shown + 1 if shown and weighted is not None else None
        here, there = (
            moment.replace(tzinfo=dt.UTC).astimezone(ZoneInfo(zone))
            for zone in ("Europe/Berlin", "America/Los_Angeles")
        )
        days |= {here.date()} if moment in named else set()
        clock = f"{here.hour}{'b' if here.fold else ''}"
        found.append((here.date(), clock, clicks, shown, place, there.date() > oracle.last))
    since = found[-1][0] - dt.timedelta(days=DAYS_OF_HOURS - 1)
    return [row for row in found if row[0] in days and row[0] >= since]


def hours(oracle: Oracle) -> Expected:
    """Rankings, Stunden: message, cards, both grids and the table."""
    rows, wanted = _hours(oracle), Expected()
    days = sorted({row[0] for row in rows})
    clocks = sorted({row[1] for row in rows}, key=lambda clock: (int(clock.rstrip("b")), clock))
    for id_, label, at in (("hours_clicks", "Klicks", 2), ("hours_impressions", "Impressionen", 3)):
        cells = {(row[1], row[0]): row[at] for row in rows}
        wanted.keys[id_] = ("hour", "label")
        wanted.rows[id_] = {
            (clock, _named(day)): {id_.removeprefix("hours_"): cells.get((clock, day))}
            for day in days
            for clock in clocks
        }
        most = max(rows, key=lambda row: row[at])
        wanted.heads[id_] = (
            f"{label}: am meisten am {_named(most[0])} ab {_o_clock(most[1])} "
            f"({figure(most[at])}{tied(row[at] for row in rows)})"
        )
    wanted.keys["hours"] = ("day", "clock")
    wanted.rows["hours"] = {
        (day.isoformat(), _o_clock(clock)): {
            "clicks": clicks,
            "impressions": shown,
            "ctr": clicks / shown if shown else None,
            "position": place,
            "provisional": late,
        }
        for day, clock, clicks, shown, place, late in rows
    }
    clicks = count(sum(row[2] for row in rows), "Klick", "Klicks")
    wanted.heads["hours"] = f"{count(len(rows), 'Stunde', 'Stunden')} mit {clicks}"
    whole = [day for day in days if {"0", "23"} <= {row[1] for row in rows if row[0] == day}]
    own = [row for row in rows if row[0] == whole[-1]]
    most, amount = max(own, key=lambda row: row[2]), sum(row[2] for row in own)
    late = any(row[5] for row in own)
    wanted.message = (
        f"Am {_day(whole[-1])} kamen {'vorläufig ' if late else ''}{count(amount, 'Klick', 'Klicks')}, am meisten ab "
        f"{_o_clock(most[1])} ({figure(most[2])}{tied(row[2] for row in own)})"
    )
    before = [row for row in rows if row[0] == whole[-1] - dt.timedelta(days=7)]
    if not late and len(before) >= len(own):
        wanted.message += f"; sieben Tage zuvor waren es {figure(sum(row[2] for row in before))}"
    wanted.message += "."
    day = whole[-1].strftime("%d-%m-%Y")
    wanted.figures[f"klicks-am-{day}"] = {"number": amount}
    wanted.figures[f"impressionen-am-{day}"] = {"number": sum(row[3] for row in own)}
    completed = next((row for row in rows if row[5]), None)
    if completed is not None:
        wanted.told.append(
            f"Ab dem {_day(completed[0])}, {_o_clock(completed[1])}, sind die Zahlen vorläufig: Google trägt diese "
            "Stunden noch nach."
        )
    return wanted


def _named(day: dt.date) -> str:
    return f"{NAMES_OF_DAYS[day.weekday()]} {day.strftime('%d.%m.')}"


def _o_clock(clock: str) -> str:
    return f"{clock.removesuffix('b')} Uhr{' (Normalzeit)' if clock.endswith('b') else ''}"
