"""What the screens must say, worked out from the snapshot in plain SQL; shares no code with metrics or answers.

Every function returns an `Expected`: the message, figures by id, and of each exhibit the headline and rows by key. A
check compares all of it with what ``ask`` gives, number by number and sentence by sentence.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

import duckdb

from tests.truth.writing import (
    MONTHS,
    NBSP,
    SHORT,
    between,
    count,
    figure,
    percent,
    period,
    portion,
    rounded,
    short,
    signed,
    tied,
)

DAY = dt.timedelta(days=1)
UNEVEN = 0.05
THAN = {"year": "Vorjahreszeitraum", "previous": "Zeitraum davor", "free": "Vergleichszeitraum"}
BANDS = ("1–3", "4–10", "11–20", "21–50", "51+")
CITY = r"leverkusen|levekusen|leverkussen|\blev\b"
"""The city's names in settings.toml; the short one as a whole word only."""
COUNTRIES = {
    "deu": "Deutschland",
    "tur": "Türkei",
    "pol": "Polen",
    "nld": "Niederlande",
    "aut": "Österreich",
    "che": "Schweiz",
    "ita": "Italien",
    "rou": "Rumänien",
    "bgr": "Bulgarien",
    "esp": "Spanien",
    "fra": "Frankreich",
    "gbr": "Vereinigtes Königreich",
    "usa": "USA",
    "bel": "Belgien",
    "grc": "Griechenland",
    "hrv": "Kroatien",
    "ukr": "Ukraine",
    "mar": "Marokko",
    "syr": "Syrien",
    "srb": "Serbien",
    "rus": "Russland",
    "can": "Kanada",
    "chn": "China",
    "cze": "Tschechien",
    "dnk": "Dänemark",
    "hun": "Ungarn",
    "ind": "Indien",
    "irl": "Irland",
    "lux": "Luxemburg",
    "prt": "Portugal",
    "swe": "Schweden",
    "xkk": "Kosovo",
    "zzz": "unbekannt",
}
DEVICES = {"DESKTOP": "Computer", "MOBILE": "Mobil", "TABLET": "Tablet"}
WHOSE = {
    "search_site_day": "der Property",
    "search_segment_day": "der Geräte und Länder",
    "search_query_day": "der Suchanfragen",
    "search_page_day": "der Seiten",
    "search_page_query_day": "der Suchanfragen je Seite",
    "search_page_device_day": "der Seiten je Gerät",
    "search_query_device_day": "der Suchanfragen je Gerät",
}
MARKS = {
    "leistung": "Leistung der Liste",
    "ohne_status": "Leistung ohne Status",
    "keine_leistung": "Keine Leistung",
    "offen": "Noch nicht zugeordnet",
}
LEAST = 10
SMALL_BASE = 20
"""Counts before, below which no sentence says a percentage of them."""
FEW = "davor zu wenige für einen Vergleich in Prozent"
SWITCH = (dt.date(2025, 9, 10), dt.date(2025, 9, 14))
"""First and last day of what Google changed for computers."""
Window = tuple[dt.date, dt.date]
Sums = tuple[float, float, float | None]
"""Clicks, impressions and mean position."""


@dataclass
class Expected:
    """``figures``: id → {number, change_number, like_number, before_number, value, change}; ``rows``: exhibit → key →
    column → value; ``heads``: exhibit → headline. A value None must be null. ``facts`` must be true of what is shown,
    exhibits of ``absent`` must not be there, and ``caveats`` are those on missing days and cut comparisons."""

    message: str | None = None
    figures: dict[str, dict[str, object]] = field(default_factory=dict)
    rows: dict[str, dict[object, dict[str, object]]] = field(default_factory=dict)
    heads: dict[str, str] = field(default_factory=dict)
    keys: dict[str, tuple[str, ...]] = field(default_factory=dict)
    facts: dict[str, bool] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    caveats: list[str] | None = None
    told: list[str] = field(default_factory=list)
    """Sentences that stand among the caveats, whole."""
    noted: dict[str, list[str]] = field(default_factory=dict)
    """Exhibit → sentences that stand among its notes, whole."""

    def only(self, *exhibits: str) -> Expected:
        """What is expected of these exhibits alone."""
        parts = {
            name: {id_: own for id_, own in getattr(self, name).items() if id_ in exhibits}
            for name in ("rows", "heads", "keys")
        }
        return Expected(**parts)


@dataclass
class Asked:
    """Filters as a reader sets them."""

    start: dt.date
    end: dt.date
    compare: str = "year"
    since: dt.date | None = None
    grain: str = "month"
    until: dt.date | None = None
    """Last day of a free comparison of another length."""


def month_start(year: int, month: int) -> dt.date:
    """First day of a month that may lie outside 1 … 12."""
    index = year * 12 + month - 1
    return dt.date(index // 12, index % 12 + 1, 1)


def whole_months(start: dt.date, end: dt.date) -> int:
    """Number of months, 0 where the period is cut."""
    after = end + DAY
    return (
        0 if start.day != 1 or after.day != 1 else (after.year - start.year) * 12 + after.month - start.month
    )


def other_period(start: dt.date, end: dt.date, asked: Asked) -> Window | None:
    """What is compared with, as docs/handbuch.md says."""
    months = whole_months(start, end)
    if asked.compare == "none":
        return None
    if asked.compare == "free":
        since = asked.since
        if since is not None and asked.until is not None:
            other = since, max(since, asked.until)
            return None if other == (start, end) else other
        if since is None or since == start:
            return None
        if months and since.day == 1:
            return since, month_start(since.year, since.month + months) - DAY
        return since, since + (end - start)
    if asked.compare == "year":
        if months:
            return month_start(start.year - 1, start.month), month_start(
                (end + DAY).year - 1, (end + DAY).month
            ) - DAY
        return start - 364 * DAY, end - 364 * DAY
    if months:
        return month_start(start.year, start.month - months), start - DAY
    return start - DAY - (end - start), start - DAY


def year_before(day: dt.date) -> dt.date:
    """The same day a year before; 28 February for 29 February."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


class Oracle:
    """Questions to one snapshot, for one property and kind of search."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, site: str, asked: Asked, kind: str = "web"
    ) -> None:
        self.db, self.site, self.asked, self.kind = connection, site, asked, kind
        self.sources: dict[str, str | None] = {}
        """Tables that stand in for others inside a scope (tests/truth/scopes.py); None: there is none."""
        self.filtered = False
        self.of_portal = True
        """Whether the portal's statistics can tell the scope: they know addresses only."""
        self.answered: dict[str, list[tuple]] = {}
        """Rows by query and its values, since many figures need the same sums."""
        ((self.catalog,),) = connection.execute("SELECT current_database()").fetchall()
        self.now: Window = (asked.start, asked.end)
        self.first, self.last = self.one(
            "SELECT min(date), max(date) FROM search_site_day WHERE {mine} AND date NOT IN ("
            "SELECT date FROM ingest_ledger WHERE grain = 'search_site_day' AND state = 'provisional' AND site = $site)"
        )
        self.like, self.before = self._windows()

    def again(self, **changes: object) -> Oracle:
        """The same part of the traffic, asked otherwise."""
        other = Oracle(self.db, self.site, replace(self.asked, **changes), self.kind)
        other.sources, other.filtered, other.of_portal = self.sources, self.filtered, self.of_portal
        return other

    def loaded(self, table: str) -> str:
        """The table of the snapshot itself, whatever temporary one stands before it."""
        return f'"{self.catalog}".main.{table}'

    def all(self, query: str, **values: object) -> list[tuple]:
        """Rows of a query; {mine} is the property, {now}, {like}, {before} the windows on ``date``, {both} the days
        of which queries, and queries by page, are known."""
        windows = {"now": self.now, "like": self.like, "before": self.before}
        texts = {
            name: "false" if w is None else f"date BETWEEN '{w[0]}' AND '{w[1]}'"
            for name, w in windows.items()
        }
        mine = f"site = $site AND search_type = '{self.kind}'"
        sql = query.replace("{both}", self.both).format(mine=mine, **texts)
        key = f"{sql} {values}"
        if key not in self.answered:
            self.answered[key] = self.db.execute(sql, {"site": self.site, **values}).fetchall()
        return list(self.answered[key])

    @property
    def both(self) -> str:
        """A condition on ``date``: queries, and queries by page, are known of it, whatever the scope shows."""
        tables = (self.sources.get(t, t) for t in ("search_query_day", "search_page_query_day"))
        known = (f"SELECT date FROM {self.loaded(table)} WHERE {{mine}}" for table in tables if table)
        return f"date IN ({' INTERSECT '.join(known) or 'SELECT NULL::DATE'})"

    def one(self, query: str, **values: object) -> tuple:
        """The only row."""
        (row,) = (
            self.all(query, **values)
            if hasattr(self, "now") and hasattr(self, "like")
            else self._early(query)
        )
        return row

    def _early(self, query: str) -> list[tuple]:
        sql = query.format(mine="site = $site AND search_type = 'web'")
        return self.db.execute(sql, {"site": self.site}).fetchall()

    def _windows(self) -> tuple[Window | None, Window | None]:
        start, end = self.now
        other = other_period(start, end, self.asked)
        if other is None:
            return None, None
        if other[0] >= self.first and max(end, other[1]) <= self.last:
            return self.now, other
        if self.asked.compare != "year":
            return None, None
        if whole_months(start, end):
            held = self.first if self.first.day == 1 else month_start(self.first.year, self.first.month + 1)
            begins = max(start, month_start(held.year + 1, held.month))
            upto = min(end, self.last)
            ends = month_start((upto + DAY).year, (upto + DAY).month) - DAY
        else:
            begins, ends = max(start, self.first + 364 * DAY), min(end, self.last)
        if begins > ends:
            return None, None
        return (begins, ends), other_period(begins, ends, self.asked)

    # --- sums of one grain, and what they are compared by ---

    def days(self, table: str) -> tuple[int, int]:
        """Days with data in like and before, whether anything in the scope was shown on them or not."""
        source = self.sources.get(table, table)
        if source is None:
            return 0, 0
        return self.one(
            f"""SELECT count(DISTINCT date) FILTER ({{like}}), count(DISTINCT date) FILTER ({{before}})
                FROM {self.loaded(source)} WHERE {{mine}}"""
        )

    def factor(self, table: str) -> float | None:
        """What an earlier sum is multiplied with; None where it is not comparable."""
        if self.like is None or self.before is None:
            return 1.0
        like, before = self.days(table)
        lengths = [(w[1] - w[0]).days + 1 for w in (self.like, self.before)]
        if not like or not before or abs(like / lengths[0] - before / lengths[1]) > UNEVEN:
            return None
        return like / before

    def headline(self) -> dict[str, tuple[float | None, float | None, float | None]]:
        """clicks, impressions, position, ctr: now, like, before."""
        parts = ", ".join(
            f"sum(clicks) FILTER ({{{w}}}), sum(impressions) FILTER ({{{w}}}), "
            f"sum(sum_position) FILTER ({{{w}}}) / sum(impressions) FILTER ({{{w}}}) + 1, "
            f"sum(clicks) FILTER ({{{w}}}) / sum(impressions) FILTER ({{{w}}})"
            for w in ("now", "like", "before")
        )
        row = self.one(f"SELECT {parts} FROM search_site_day WHERE {{mine}}")
        return {
            name: (row[place], row[4 + place], row[8 + place])
            for place, name in enumerate(("clicks", "impressions", "position", "ctr"))
        }

    def hidden(self) -> tuple[float | None, ...]:
        """Hidden share of now, like, before over days of both grains."""
        shares = []
        for window in ("now", "like", "before"):
            total, listed = self.one(
                f"""SELECT (SELECT sum(clicks) FROM search_site_day WHERE {{mine}} AND {{{window}}} AND date IN (
                      SELECT date FROM search_query_day WHERE {{mine}})),
                    (SELECT sum(clicks) FROM search_query_day WHERE {{mine}} AND {{{window}}} AND date IN (
                      SELECT date FROM search_site_day WHERE {{mine}}))"""
            )
            shares.append(None if not total or listed is None else (total - listed) / total)
        return tuple(shares)

    # --- sentences ---

    @property
    def than(self) -> str:
        return THAN.get(self.asked.compare, "")

    @property
    def cut(self) -> bool:
        """Whether less than the period is compared."""
        return self.like is not None and self.like != self.now

    def change(
        self, name: str, like: float | None, before: float | None, table: str = "search_site_day"
    ) -> tuple:
        """(change in words without windows, change as a number, suffix on days)."""
        if like is None or before is None or self.before is None:
            return "", None, ""
        if name in ("clicks", "impressions", "demand"):
            factor = self.factor(table)
            if factor is None:
                return "nicht verglichen, weil Tage fehlen", None, ""
            if before < SMALL_BASE:
                return FEW, None, ""
            days = self.days(table)
            daily = days[0] != days[1]
            number = like / (before * factor) - 1
            noun = "Tag" if days[0] == 1 else "Tage"
            tail = f"; {figure(days[1])} statt {figure(days[0])} {noun} mit Daten" if daily else ""
            shown = rounded(number * 100)
            if shown == 0:
                return f"{'je Tag ' if daily else ''}unverändert gegenüber dem {self.than}", number, tail
            more = "mehr" if shown > 0 else "weniger"
            words = f"{figure(abs(shown), 1)}{NBSP}% {more}{' je Tag' if daily else ''} als im {self.than}"
            return words, number, tail
        number = like - before
        if name == "position":
            gain = between(before, like)
            noun = "Platz" if abs(gain) == 1 else "Plätze"
            better = "besser" if gain > 0 else "schlechter"
        else:
            gain = between(like * 100, before * 100)
            noun = "Prozentpunkt" if abs(gain) == 1 else "Prozentpunkte"
            better = "mehr" if gain > 0 else "weniger"
        if gain == 0:
            return f"unverändert gegenüber dem {self.than}", number, ""
        return f"{figure(abs(gain), 1)}{NBSP}{noun} {better} als im {self.than}", number, ""

    def value(self, name: str, number: float | None) -> str:
        """A measure as text."""
        if number is None:
            return "–"
        if name == "position":
            return figure(number, 1)
        return percent(number) if name in ("ctr", "hidden_click_share") else figure(number)

    def told(
        self, name: str, like: float | None, before: float | None, table: str = "search_site_day"
    ) -> tuple:
        """(change with values and days of both sides, number)."""
        words, number, tail = self.change(name, like, before, table)
        if not words or words.startswith("nicht verglichen"):
            return words, number
        assert self.like is not None and self.before is not None
        earlier = f"{short(*self.before)}: {self.value(name, before)}{tail}"
        part = f"{short(*self.like)}: {self.value(name, like)}; " if self.cut else ""
        return f"{words} ({part}{earlier})", number

    def joined(self, start: str, words: str) -> str:
        """A figure with its change."""
        if not words:
            return start
        if words.startswith(("nicht verglichen", FEW)):
            return f"{start}, {words}"
        return f"{start}{'; im vergleichbaren Teil' if self.cut else ' und damit'} {words}"

    def sentence(self, name: str, label: str) -> str:
        """The headline of a measure."""
        now, like, before = self.headline()[name]
        words, _ = self.told(name, like, before)
        return self.joined(f"{label} {self.value(name, now)}", words)

    @property
    def period(self) -> str:
        return period(*self.now)

    def labels(self) -> dict[str, str]:
        """url → title; the address where there is none, and behind it where two pages share a title."""
        rows = self.all("SELECT url, coalesce(nullif(title, ''), url) FROM pages WHERE site = $site")
        titles = [title for _, title in rows]
        return {
            url: f"{title} ({url})" if titles.count(title) > 1 and title != url else title
            for url, title in rows
        }

    def caveats(self, *tables: str) -> list[str]:
        """What is said of few clicks, of the comparison's limits, and of missing days of the property and these."""
        clicks = self.headline()["clicks"][0]
        few = (
            f"Im Zeitraum {'kam' if clicks == 1 else 'kamen'} nur {count(clicks, 'Klick', 'Klicks')} aus der Suche: "
            "Anteile und Prozentwerte daraus sagen wenig."
        )
        return [*([few] if clicks < SMALL_BASE else []), *self.limits("search_site_day", *tables)]

    def limits(self, *tables: str) -> list[str]:
        """How far both periods can be compared."""
        missing = dict.fromkeys(self.missing(table) for table in tables)
        return [*self._cut(), *self._both_sides(), *(text for text in missing if text)]

    def switch_step(self) -> tuple[dict[tuple[str, bool], float], float] | None:
        """Positions (before or after, of computers or not) in four weeks around Google's switch, and the share of
        impressions that computers had before; None without two weeks of both, and of other kinds of search."""
        if self.kind != "web":
            return None
        days, places, shown = [], {}, {}
        for side, first, last in (
            ("before", SWITCH[0] - 28 * DAY, SWITCH[0] - DAY),
            ("after", SWITCH[1] + DAY, SWITCH[1] + 28 * DAY),
        ):
            within = f"{{mine}} AND date BETWEEN '{first}' AND '{last}'"
            days += self.one(f"SELECT count(DISTINCT date) FROM search_segment_day WHERE {within}")
            for desktop, impressions, weighted in self.all(
                f"""SELECT device = 'DESKTOP', sum(impressions), sum(sum_position) FROM search_segment_day
                    WHERE {within} GROUP BY 1 HAVING sum(impressions) > 0"""
            ):
                places[side, desktop] = weighted / impressions + 1
                shown[side, desktop] = impressions
        if min(days) < 14 or len(places) < 4:
            return None
        weight = shown["before", True] / (shown["before", True] + shown["before", False])
        return places, weight

    def explained(
        self, like: Window | None, before: Window | None, name: str = "Google streicht num=100"
    ) -> list[str]:
        """What the switch explains of a change of the property's position, measured against the other devices."""
        step = None if self.filtered or like is None or before is None else self.switch_step()
        if step is None or like is None or before is None:
            return []
        after = [
            max((end - max(start - DAY, SWITCH[1])).days, 0) / ((end - start).days + 1)
            for start, end in (like, before)
        ]
        part, (places, weight) = after[0] - after[1], step
        moved = {desktop: places["after", desktop] - places["before", desktop] for desktop in (True, False)}
        whole = (moved[True] - moved[False]) * weight * part
        if rounded(whole) == 0:
            return []
        own, others = (
            f"{figure(places['before', desktop], 1)} → {figure(places['after', desktop], 1)}"
            for desktop in (True, False)
        )
        days = "" if abs(part) == 1 else f" und {percent(abs(part), 0)} der Tage"
        return [
            f"„{name}“ erklärt etwa {figure(abs(whole), 1)} Plätze "
            f"{'Verbesserung' if whole < 0 else 'Verschlechterung'}: am Computer {own}, auf den übrigen Geräten "
            f"{others} (vier Wochen davor und danach; Unterschied der Veränderungen, gewichtet mit "
            f"{percent(weight, 0)} der Impressionen{days})."
        ]

    def gaps(self, *tables: str, weeks: bool = False) -> list[str]:
        """Missing days where nothing is compared; ``weeks``: where whole weeks alone count."""
        alone = self.again(compare="none")
        told = [text for table in tables if (text := alone.missing(table))]
        sums = "Summen daraus sind zu klein."
        return (
            [text.replace(sums, "Wochen mit solchen Tagen zählen nicht.") for text in told] if weeks else told
        )

    def _both_sides(self) -> list[str]:
        if self.like is None or self.before is None:
            return []
        first, last = max(self.like[0], self.before[0]), min(self.like[1], self.before[1])
        if first > last:
            return []
        return [
            f"Zeitraum und Vergleichszeitraum überschneiden sich ({period(first, last)}): Diese Tage stehen auf beiden "
            "Seiten und mindern jede Veränderung."
        ]

    def _cut(self) -> list[str]:
        if self.asked.compare == "none" or self.like == self.now:
            return []
        if self.asked.compare == "free" and other_period(*self.now, self.asked) is None:
            return [
                "Der freie Vergleich ist derselbe Zeitraum; es wird nichts verglichen. Bitte andere Tage unter "
                "„Vergleich“ wählen."
            ]
        if self.like is None or self.before is None:
            return [
                "Für den Vergleichszeitraum liegen keine oder zu wenige Daten vor; es wird nichts verglichen."
            ]
        both = f"{period(*self.like)} mit {period(*self.before)}"
        return [f"Verglichen wird nur {both}; für die übrigen Tage fehlen Daten zum Vergleich."]

    def missing(self, table: str) -> str:
        """The sentence on days that this grain lacks, of the period and of what is compared; "" without."""
        source = self.sources.get(table, table)
        if source is None:
            return ""
        lacking = []
        for window, days in (("now", self.now), ("before", self.before)):
            if days is None:
                continue
            expected = (min(days[1], self.last) - max(days[0], self.first)).days + 1
            (held,) = self.one(
                f"""SELECT count(DISTINCT date) FROM {self.loaded(source)}
                    WHERE {{mine}} AND {{{window}}} AND date <= $last""",
                last=self.last,
            )
            if expected > held:
                lacking.append(f"an {figure(expected - held)} von {figure(expected)} Tagen ({period(*days)})")
        if not lacking:
            return ""
        where = f"Die Tageswerte {WHOSE[source]} fehlen {' und '.join(lacking)}: Summen daraus sind zu klein"
        if self.before is None:
            return f"{where}."
        how = "werden nicht gezeigt" if self.factor(table) is None else "sind je Tag mit Daten gerechnet"
        return f"{where}; Veränderungen {how}."

    def cards(self) -> dict[str, dict[str, object]]:
        """Figures of the property."""
        found = {}
        values = {**self.headline(), "hidden_click_share": self.hidden()}
        for name, (now, like, before) in values.items():
            words, number = self.told(name, like, before)
            found[name] = {
                "number": now,
                "value": self.value(name, now),
                "change": words,
                "change_number": number,
                "like_number": like,
                "before_number": before,
            }
        return found

    # --- screens ---

    def overview(self) -> Expected:
        """Überblick: message, cards, top pages, movers, position by month."""
        wanted = Expected(figures=self.cards())
        start = f"{self.period}: {'Ø Position' if self.filtered else 'Das Portal stand bei Google im Mittel auf Platz'}"
        wanted.message = self.sentence("position", start) + "."
        wanted.heads["position_by_month"] = wanted.message[:-1]
        wanted.keys["position_by_month"] = ("bucket",)
        wanted.rows["position_by_month"] = {
            day.isoformat(): {"position": place, "impressions": shown}
            for day, place, shown in self.all(
                """SELECT date_trunc('month', date)::DATE, sum(sum_position) / sum(impressions) + 1, sum(impressions)
                   FROM search_site_day WHERE {mine} AND date <= $last GROUP BY 1 HAVING sum(impressions) > 0""",
                last=self.last,
            )
        }
        self._top_pages(wanted, 5)
        self._movers(wanted)
        self._status(wanted)
        wanted.caveats = self.caveats("search_page_day", "search_query_day") + self.explained(
            self.like, self.before
        )
        return wanted

    def _status(self, wanted: Expected) -> None:
        """Services of the list by how far they are; go-lives by the months that the list names."""
        total, told = self._progress()
        wanted.figures["ozg-leistungen-mit-status"] = {"value": f"{total} von 189"}
        wanted.heads["service_status"] = f"{total} von 189 OZG-Leistungen haben einen Status: {told}"
        wanted.keys["service_status"] = ("status",)
        wanted.rows["service_status"] = {name: {"services": amount} for name, amount in self._stages()}

    def _stages(self, kind: str = "%") -> list[tuple[str, int]]:
        """How many services of the list (aktuell, anstehend) are where, the furthest first."""
        return self.all(
            f"""SELECT CASE WHEN status_group <> 'Go-Live' THEN status_group WHEN go_live_month <= as_of THEN 'live'
                  WHEN go_live_month < date_trunc('month', as_of) THEN 'überfällig' ELSE 'mit Termin' END AS stage,
                  count(*) FROM {self.loaded("services")} WHERE municipality = 'leverkusen' AND list LIKE $kind
                  AND list <> 'ohne Status' AND $site = $site
                GROUP BY 1 ORDER BY list_position(
                  ['live', 'mit Termin', 'überfällig', 'In Umsetzung', 'In Vorbereitung', 'offen'], stage)""",
            kind=kind,
        )

    def _progress(self, kind: str = "%") -> tuple[int, str]:
        """Number of these services, and their stages in words: 2 live und 3 mit Termin bis Februar 2026."""
        (last,) = self.one(
            "SELECT max(go_live_month) FILTER (go_live_month > as_of) FROM services WHERE municipality = 'leverkusen' "
            "AND status_group = 'Go-Live' AND $site = $site"
        )
        stages = self._stages(kind)
        words = []
        for name, amount in stages:
            until = f" {'im' if amount == 1 else 'bis'} {MONTHS[last.month - 1]} {last.year}"
            words.append(f"{amount} {name}{until if name == 'mit Termin' else ''}")
        told = ", ".join(words[:-1]) + " und " + words[-1] if len(words) > 1 else "".join(words)
        return sum(amount for _, amount in stages), told

    def _pages(self) -> list[dict[str, object]]:
        """Every page with sums of the windows, most clicks first."""
        names = (
            "url",
            "title",
            "page_kind",
            "clicks",
            "impressions",
            "position",
            "like",
            "shown_like",
            "before",
            "shown_before",
            "position_before",
            "position_like",
        )
        rows = self.all(
            """SELECT r.url, any_value(p.title), any_value(p.page_kind),
                 coalesce(sum(r.clicks) FILTER ({now}), 0), coalesce(sum(r.impressions) FILTER ({now}), 0),
                 sum(r.sum_position) FILTER ({now}) / nullif(sum(r.impressions) FILTER ({now}), 0) + 1,
                 coalesce(sum(r.clicks) FILTER ({like}), 0), coalesce(sum(r.impressions) FILTER ({like}), 0),
                 coalesce(sum(r.clicks) FILTER ({before}), 0), coalesce(sum(r.impressions) FILTER ({before}), 0),
                 sum(r.sum_position) FILTER ({before}) / nullif(sum(r.impressions) FILTER ({before}), 0) + 1,
                 sum(r.sum_position) FILTER ({like}) / nullif(sum(r.impressions) FILTER ({like}), 0) + 1
               FROM (SELECT * FROM search_page_day WHERE {mine}) r
               LEFT JOIN (SELECT * FROM pages WHERE site = $site) p ON r.url = p.url
               GROUP BY r.url ORDER BY 4 DESC, 1"""
        )
        pages = [dict(zip(names, row, strict=True)) for row in rows]
        factor = self.factor("search_page_day")
        total = sum(page["clicks"] for page in pages)
        titles = [page["title"] or page["url"] for page in pages]
        for page, title in zip(pages, titles, strict=True):
            page["label"] = (
                f"{title} ({page['url']})" if titles.count(title) > 1 and title != page["url"] else title
            )
            page["share"] = page["clicks"] / total if total else None
            page["ctr"] = page["clicks"] / page["impressions"] if page["impressions"] else None
            comparable = self.before is not None and factor is not None and page["before"]
            page["change"] = page["like"] / (page["before"] * factor) - 1 if comparable else None
        return [page for page in pages if page["impressions"] or page["shown_before"]]

    def portal_counts(self) -> list[tuple[str, float | None, float | None]]:
        """Address, views and starts of the portal's whole reports within the period."""
        return self.all(
            """SELECT url, sum(unique_page_views), sum(service_starts) FROM portal_page WHERE site = $site
               AND period_start >= $first AND period_end <= $last GROUP BY 1""",
            first=self.now[0],
            last=self.now[1],
        )

    def side_by_side(self, table: str, like: Sums, before: Sums) -> dict[str, float | None]:
        """Columns of a table that sets both periods side by side; none where sums cannot be compared."""
        factor = self.factor(table)
        if self.like is None or self.before is None or factor is None:
            return {}
        found = {"change": like[0] / (before[0] * factor) - 1 if before[0] else None}
        rates = [clicks / shown if shown else None for clicks, shown, _ in (like, before)]
        pairs = {
            "clicks": (like[0], before[0], factor, 1),
            "impressions": (like[1], before[1], factor, 1),
            "ctr": (*rates, 1, 100),
            "position": (like[2], before[2], 1, -1),
        }
        for name, (then, earlier, weight, sign) in pairs.items():
            known = then is not None and earlier is not None
            apart = (then - earlier * weight) * sign if known else None
            if name in ("clicks", "impressions") and apart is not None:
                apart = figure_even(apart)
            found["gain" if name == "clicks" else f"{name}_gain"] = apart
            found[f"{name}_before"] = earlier
            if self.cut:
                found[f"{name}_like"] = then
        return found

    def both_sides(self, page: dict) -> dict[str, float | None]:
        """`side_by_side` of a page."""
        like = page["like"], page["shown_like"], page["position_like"]
        before = page["before"], page["shown_before"], page["position_before"]
        return self.side_by_side("search_page_day", like, before)

    def _top_pages(self, wanted: Expected, amount: int) -> None:
        top = [page for page in self._pages() if page["clicks"]][:amount]
        if not top:
            return
        share = sum(page["share"] for page in top)
        first = count(top[0]["clicks"], "Klick", "Klicks") + tied(page["clicks"] for page in self._pages())
        headline = f"„{top[0]['label']}“ ist die meistgeklickte Seite ({first})"
        if len(top) > 1:
            headline += f"; die ersten {figure(len(top))} holen {percent(share, 0)} "
            headline += f"{'der gefilterten' if self.filtered else 'aller'} Seitenklicks"
        wanted.heads["top_pages"] = headline
        wanted.keys["top_pages"] = ("label",)
        wanted.rows["top_pages"] = {
            page["label"]: {name: page[name] for name in ("clicks", "share", "change")} for page in top
        }

    def on_equal_days(self, table: str) -> str:
        """Said behind a difference of clicks where both periods have different numbers of days."""
        if self.like is None or self.before is None or len(set(self.days(table))) == 1:
            return ""
        return ", auf gleich viele Tage umgerechnet"

    def _movers(self, wanted: Expected) -> None:
        factor = self.factor("search_page_day")
        if self.before is None or factor is None:
            return
        pages = [page for page in self._pages() if not str(page["url"]).startswith("(")]
        for page in pages:
            page["gain"] = figure_even(page["like"] - page["before"] * factor)
        ordered = sorted(pages, key=lambda page: (-page["gain"], page["url"]))
        best = [page for page in ordered if page["gain"] > 0][:3]
        worst = [page for page in ordered if page["gain"] < 0][-3:][::-1]
        if not best and not worst:
            return
        told = []
        for part, word, sign in ((best, "gewinnt", "+"), (worst, "verliert", "−")):
            if part:
                amount = count(abs(part[0]["gain"]), "Klick", "Klicks")
                amount += tied(page["gain"] for page in pages if page["gain"] == part[0]["gain"])
                told.append(f"„{part[0]['label']}“ {word} am meisten ({sign}{amount})")
        if not worst:
            told.append("keine Seite verliert Klicks")
        wanted.heads["movers"] = "; ".join(told) + self.on_equal_days("search_page_day")
        wanted.keys["movers"] = ("label",)
        wanted.rows["movers"] = {
            page["label"]: {
                "gain": page["gain"],
                "change": page["change"],
                "clicks_like": page["like"],
                "clicks_before": page["before"],
            }
            for page in (*best, *worst)
        }

    def trends(self) -> Expected:
        """Rankings, Verlauf."""
        wanted = Expected(figures=self.cards())
        labels = {"position": "Ø Position", "clicks": "Klicks", "impressions": "Impressionen"}
        for name, label in labels.items():
            wanted.heads[f"{name}_trend"] = self.sentence(name, f"{self.period}: {label}")
            wanted.keys[f"{name}_trend"] = ("series", "own_bucket")
            wanted.rows[f"{name}_trend"] = self.buckets(name)
        wanted.message = wanted.heads["position_trend"] + "."
        wanted.caveats = self.caveats("search_query_day") + self.explained(self.like, self.before)
        return wanted

    def buckets(self, *names: str) -> dict[object, dict[str, object]]:
        """Every bucket of this period by its own day, and those of the period compared with.

        The course shows all of that period, however much of it a sum can be compared with, as far as there are
        buckets of this one to lay it on.
        """
        found = self._buckets("Aktuell", self.now, names)
        other = other_period(*self.now, self.asked)
        if other is None:
            return found
        if self.asked.compare == "year":
            if self.asked.grain != "month":
                other = self.now[0] - 364 * DAY, self.now[1] - 364 * DAY
            elif not whole_months(*self.now):
                other = year_before(self.now[0]), year_before(self.now[1] + DAY) - DAY
                if (self.now[1] + DAY).day != 1:
                    other = other[0], year_before(self.now[1])
            return found | self._buckets("Vorjahr", other, names)
        amount = len(self._touched(self.now))
        known = {day.isoformat() for day in self._touched(other)[:amount]}
        earlier = self._buckets(self.than, other, names)
        return found | {key: row for key, row in earlier.items() if key[1] in known}

    def _touched(self, window: Window) -> list[dt.date]:
        """First days of the buckets that hold a day of the window."""
        days = [window[0] + n * DAY for n in range((window[1] - window[0]).days + 1)]
        if self.asked.grain == "week":
            return sorted({day - day.weekday() * DAY for day in days})
        return sorted({day.replace(day=1) for day in days}) if self.asked.grain == "month" else days

    def _buckets(
        self, series: str, window: Window, names: tuple[str, ...]
    ) -> dict[object, dict[str, object]]:
        grain = self.asked.grain
        start = "date" if grain == "day" else f"date_trunc('{grain}', date)::DATE"
        rows = self.all(
            f"""SELECT {start}, count(*), sum(clicks), sum(impressions),
                  sum(sum_position) / nullif(sum(impressions), 0) + 1, sum(clicks) / nullif(sum(impressions), 0)
                FROM search_site_day WHERE {{mine}} AND date BETWEEN '{window[0]}' AND '{window[1]}' GROUP BY 1"""
        )
        found = {}
        for day, days, *values in rows:
            after = {"day": day + DAY, "week": day + 7 * DAY, "month": month_start(day.year, day.month + 1)}
            measured = dict(zip(("clicks", "impressions", "position", "ctr"), values, strict=True))
            found[series, day.isoformat()] = {
                **{name: measured[name] for name in names},
                "days": days,
                "bucket_days": (after[grain] - day).days,
            }
        return found

    def positions(self) -> Expected:
        """Rankings, Positionen: the split of the change, months, bands."""
        wanted = Expected(figures=self.cards())
        wanted.message = self.sentence("position", f"{self.period}: Ø Position") + "."
        self._mix(wanted)
        self._months(wanted)
        self._bands(wanted)
        wanted.caveats = self.caveats("search_query_day", "search_page_day") + self.explained(
            self.like, self.before
        )
        return wanted

    def _months(self, wanted: Expected) -> None:
        """Position against impressions of whole months: of the period, with every day."""
        rows = self.all(
            """SELECT date_trunc('month', date)::DATE m, sum(impressions), sum(sum_position) / sum(impressions) + 1,
                 count(*) FROM search_site_day WHERE {mine} AND {now}
               GROUP BY 1 HAVING sum(impressions) > 0 ORDER BY 1"""
        )
        whole = [row for row in rows if row[3] == (month_start(row[0].year, row[0].month + 1) - row[0]).days]
        if len(whole) < 2:
            return
        wanted.keys["position_impressions"] = ("name",)
        wanted.rows["position_impressions"] = {
            f"{SHORT[month.month - 1]} {month.year}": {"impressions": shown, "position": place}
            for month, shown, place, _ in whole
        }
        first, last = whole[0], whole[-1]
        than = f"{MONTHS[first[0].month - 1]} {first[0].year}"
        daily = " je Tag" if first[3] != last[3] else ""
        more = rounded((last[1] / last[3] / (first[1] / first[3]) - 1) * 100)
        shown = f"{figure(abs(more), 1)}{NBSP}% {'mehr' if more > 0 else 'weniger'}{daily} als im {than}"
        if more == 0:
            shown = f"{'je Tag ' if daily else ''}unverändert gegenüber dem {than}"
        if first[1] < SMALL_BASE:
            shown = f"{figure(last[1])} nach {figure(first[1])} im {than}"
        gain = between(first[2], last[2])
        noun = "Platz" if abs(gain) == 1 else "Plätze"
        place = f"{figure(abs(gain), 1)}{NBSP}{noun} {'besser' if gain > 0 else 'schlechter'} als im {than}"
        if gain == 0:
            place = f"unverändert gegenüber dem {than}"
        wanted.heads["position_impressions"] = (
            f"Im Verlauf des Zeitraums: im {MONTHS[last[0].month - 1]} {last[0].year} Impressionen {shown}, "
            f"Position {place}"
        )

    def _mix(self, wanted: Expected) -> None:
        if self.like is None or self.before is None:
            return
        sides = []
        for window in ("like", "before"):
            sides.append(
                self.one(
                    f"""SELECT sum(impressions), sum(sum_position) / sum(impressions) + 1 FROM search_site_day
                        WHERE {{mine}} AND {{{window}}}
                          AND date IN (SELECT date FROM search_query_day WHERE {{mine}})"""
                )
            )
        if not all(side[0] for side in sides):
            return
        (shown, mean), (shown_before, mean_before) = sides
        row = self.one(
            """WITH q AS (SELECT query,
                 coalesce(sum(impressions) FILTER ({like}), 0) / $shown w1,
                 coalesce(sum(impressions) FILTER ({before}), 0) / $shown_before w0,
                 sum(sum_position) FILTER ({like}) / nullif(sum(impressions) FILTER ({like}), 0) + 1 p1,
                 sum(sum_position) FILTER ({before}) / nullif(sum(impressions) FILTER ({before}), 0) + 1 p0
               FROM search_query_day WHERE {mine} AND date IN (SELECT date FROM search_site_day WHERE {mine})
               GROUP BY query)
               SELECT sum((w1 + w0) / 2 * (p1 - p0)) FILTER (w1 > 0 AND w0 > 0),
                 sum((w1 - w0) * ((p1 + p0) / 2 - $middle)) FILTER (w1 > 0 AND w0 > 0),
                 coalesce(sum(w1 * (p1 - $middle)) FILTER (w1 > 0 AND w0 = 0), 0),
                 coalesce(sum(-w0 * (p0 - $middle)) FILTER (w1 = 0 AND w0 > 0), 0),
                 count(*) FILTER (w1 > 0 AND w0 > 0), sum(w1), sum(w0) FROM q""",
            shown=float(shown),
            shown_before=float(shown_before),
            middle=(mean + mean_before) / 2,
        )
        if row[0] is None:
            return
        start, noted = "Die mittlere Position ist", []
        days = self._days_of_queries()
        if any(own != every for own, every in days):
            start = "An Tagen, von denen Suchanfragen geladen sind, ist die mittlere Position"
            now, then = (f"{figure(own)} von {figure(every)}" for own, every in days)
            noted = [
                f"Gerechnet mit den Tagen, von denen Suchanfragen geladen sind: {now}, zuvor {then} Tagen mit Daten "
                "der Property. Über alle Tage kann sich die Position anders verändert haben."
            ]
        both, listed, listed_before = row[4:]
        noted.append(
            f"In beiden Zeiträumen genannt: {count(both, 'Suchanfrage', 'Suchanfragen')}. Die genannten tragen "
            f"{percent(listed, 0)} der Impressionen, zuvor {percent(listed_before, 0)}."
        )
        wanted.noted["position_mix"] = [*noted, *self.explained(self.like, self.before)]
        row = row[:4]
        total = mean - mean_before
        gained = between(mean_before, mean)
        parts = [*row, total - sum(row), -gained]
        names = (
            "Dieselben Suchanfragen: anderer Platz",
            "Dieselben Suchanfragen: anderes Gewicht",
            "Neue Suchanfragen",
            "Entfallene Suchanfragen",
            "Suchanfragen, die Google nicht nennt",
            "Zusammen",
        )
        wanted.keys["position_mix"] = ("part",)
        wanted.rows["position_mix"] = {
            name: {"places": -value} for name, value in zip(names, parts, strict=True)
        }
        if gained == 0:
            wanted.heads["position_mix"] = f"{start} unverändert"
            return
        by = (
            "durch andere Plätze derselben Suchanfragen",
            "durch anderes Gewicht derselben Suchanfragen",
            "durch neue Suchanfragen",
            "durch entfallene",
            "durch nicht genannte",
        )
        told = sorted(zip(by, parts[:5], strict=True), key=lambda part: -abs(part[1]))
        amount = figure(abs(gained), 1)
        said = f"{start} {amount}{NBSP}{'Platz' if amount == '1,0' else 'Plätze'} "
        said += "besser" if gained > 0 else "schlechter"
        shown = [f"{signed(-value, 1)} {words}" for words, value in told if abs(value) >= 0.05]
        wanted.heads["position_mix"] = f"{said}: {', '.join(shown)}" if shown else said

    def _days_of_queries(self) -> list[tuple[int, int]]:
        """Of both periods: days of the property of which queries are loaded, and all days of the property."""
        site, queries = (
            self.loaded(self.sources.get(table, table) or table)
            for table in ("search_site_day", "search_query_day")
        )
        return [
            self.one(
                f"""SELECT count(DISTINCT date) FILTER (date IN (SELECT date FROM {queries} WHERE {{mine}})),
                      count(DISTINCT date) FROM {site} WHERE {{mine}} AND {{{window}}}"""
            )
            for window in ("like", "before")
        ]

    def _bands(self, wanted: Expected) -> None:
        for id_, table, key, measure, label in (
            ("bands_queries", "search_query_day", "query", "count(*)", "Suchanfragen"),
            ("bands_impressions", "search_query_day", "query", "sum(shown)", "Impressionen"),
            ("bands_pages", "search_page_day", "url", "count(*)", "Seiten"),
        ):
            rows = self.all(
                f"""WITH k AS (SELECT date_trunc('month', date)::DATE m, {key}, sum(impressions) shown,
                      sum(sum_position) / sum(impressions) + 1 p FROM {table} WHERE {{mine}} AND {{now}}
                      GROUP BY 1, 2 HAVING sum(impressions) > 0)
                    SELECT m, CASE WHEN p < 3.5 THEN 0 WHEN p < 10.5 THEN 1 WHEN p < 20.5 THEN 2 WHEN p < 50.5 THEN 3
                      ELSE 4 END, {measure}, sum(shown) FROM k GROUP BY 1, 2"""
            )
            if not rows:
                continue
            months = sorted({row[0] for row in rows})
            found = {(month, band): amount for month, band, amount, _ in rows}
            totals = {month: sum(found.get((month, band), 0) for band in range(5)) for month in months}
            name = id_.removeprefix("bands_")
            wanted.keys[id_] = ("month", "band_name")
            weighed = {(month, band): shown for month, band, _, shown in rows} if name == "pages" else {}
            shown = {month: sum(weighed.get((month, band), 0) for band in range(5)) for month in months}
            wanted.rows[id_] = {
                (month.isoformat(), f"Platz {BANDS[band]}"): {
                    name: found.get((month, band), 0),
                    f"{name}_share": found.get((month, band), 0) / totals[month],
                    **(
                        {
                            "impressions": weighed.get((month, band), 0),
                            "impressions_share": weighed.get((month, band), 0) / shown[month],
                        }
                        if weighed
                        else {}
                    ),
                }
                for month in months
                for band in range(5)
            }
            share = {
                month: sum(found.get((month, band), 0) for band in (0, 1)) / totals[month] for month in months
            }
            last = months[-1]
            named = {month: self._days_of(month) for month in (months[0], last)}
            said = f"{named[last]} entfielen {percent(share[last], 0)} der {label} auf die Plätze 1 bis 10"
            if len(months) > 1:
                said = (
                    f"Im Verlauf des Zeitraums: {said} ({named[months[0]]}: {percent(share[months[0]], 0)})"
                )
            else:
                said = f"{said[0].upper()}{said[1:]}"
            wanted.heads[id_] = said

    def _days_of(self, month: dt.date) -> str:
        """A month by its name, or the days of it that period and archive hold."""
        (last,) = self.one(f"SELECT max(date) FROM {self.loaded('search_site_day')} WHERE {{mine}}")
        first = max(month, self.now[0], self.first)
        until = min(month_start(month.year, month.month + 1) - DAY, self.now[1], last)
        days = period(first, until)
        if first == until:
            return f"am {days}"
        return f"vom {days}" if " bis " in days else f"im {days}"

    def groups(self) -> Expected:
        """Rankings, Themen und Geräte: devices and countries."""
        wanted = Expected(figures=self.cards())
        self._brand(wanted)
        factor = self.factor("search_segment_day")
        for id_, column in (("devices", "device"), ("countries", "country")):
            rows = self.all(
                f"""SELECT {column}, coalesce(sum(clicks) FILTER ({{now}}), 0), sum(impressions) FILTER ({{now}}),
                      sum(sum_position) FILTER ({{now}}) / sum(impressions) FILTER ({{now}}) + 1,
                      coalesce(sum(clicks) FILTER ({{like}}), 0), coalesce(sum(clicks) FILTER ({{before}}), 0)
                    FROM search_segment_day WHERE {{mine}} GROUP BY 1 HAVING sum(impressions) FILTER ({{now}}) > 0
                    ORDER BY 2 DESC, 1"""
            )
            total = self.one(
                "SELECT coalesce(sum(clicks), 0) FROM search_segment_day WHERE {mine} AND {now}"
            )[0]
            if not rows:
                continue
            found = {}
            for code, clicks, shown, place, like, before in rows:
                changed = like / (before * factor) - 1 if self.before and factor and before else None
                found[DEVICES.get(code, COUNTRIES.get(code, code.upper()))] = {
                    "clicks": clicks,
                    "share": clicks / total if total else None,
                    "impressions": shown,
                    "ctr": clicks / shown,
                    "position": place,
                    "change": changed,
                }
            if id_ == "devices":
                wanted.keys[id_] = ("device",)
                wanted.rows[id_] = found
            else:
                self._countries(wanted, dict(list(found.items())[:15]))
            first, top = next(iter(found.items()))
            same = tied([row["clicks"] for row in found.values()][:15], "weiteres")
            wanted.heads[id_] = (
                f"Die meisten Klicks: {first} ({portion(top['share'], 0)}{same})"
                if total
                else f"Kein Klick im Zeitraum {self.period}"
            )
        wanted.caveats = self.caveats("search_query_day", "search_segment_day") + self.explained(
            self.like, self.before
        )
        return wanted

    @staticmethod
    def _countries(wanted: Expected, found: dict[str, dict[str, object]]) -> None:
        """The first 15, and those of them behind the first that were clicked."""
        wanted.keys["countries"] = wanted.keys["countries_abroad"] = ("country",)
        wanted.rows["countries"] = found
        (home, own), *further = found.items()
        abroad = {name: row for name, row in further if row["clicks"]}
        if not abroad:
            wanted.absent.append("countries_abroad")
            return
        wanted.rows["countries_abroad"] = abroad
        name, row = next(iter(abroad.items()))
        same = tied((own["clicks"] for own in abroad.values()), "weiteres")
        wanted.heads["countries_abroad"] = (
            f"{portion(own['share'], 0).capitalize()} der Klicks: {home}; die meisten übrigen: {name} "
            f"({count(row['clicks'], 'Klick', 'Klicks')}{same})"
        )

    def _brand(self, wanted: Expected) -> None:
        """Clicks of listed queries with and without the city's name, as settings.toml spells it."""
        rows = self.all(
            """SELECT regexp_matches(lower(query), $city),
                 date_trunc('month', date)::DATE, sum(clicks)
               FROM search_query_day WHERE {mine} AND {now} AND query <> '' AND impressions > 0 GROUP BY 1, 2""",
            city=CITY,
        )
        if not rows:
            return
        wanted.keys["brand_trend"] = ("series", "bucket")
        wanted.rows["brand_trend"] = {
            ("Mit Stadtnamen" if named else "Ohne Stadtnamen", month.isoformat()): {"clicks": clicks}
            for named, month, clicks in rows
        }
        total = sum(row[2] for row in rows)
        without = sum(row[2] for row in rows if not row[0])
        wanted.heads["brand_trend"] = (
            f"{percent(without / total, 0)} der Klicks mit genannter Suchanfrage kommen ohne Stadtnamen"
            if total
            else f"Kein Klick mit genannter Suchanfrage im Zeitraum {self.period}"
        )

    def pages(self) -> Expected:
        """Seiten: all pages with change, share and running share; new and vanished."""
        wanted = Expected()
        rows = self._pages()
        shown = [page for page in rows if page["impressions"]]
        clicks = sum(page["clicks"] for page in shown)
        running, half = 0.0, 0
        for page in shown:
            running += page["clicks"]
            page["cumulative_share"] = running / clicks if clicks else None
            half += bool(clicks) and running / clicks < 0.5
        wanted.message = (
            f"{count(half + 1, 'Seite bringt', 'Seiten bringen')} die Hälfte der {figure(clicks)} Seitenklicks; an der "
            f"Spitze steht „{shown[0]['label']}“ ({self.period})."
            if clicks
            else f"Im Zeitraum {self.period} gab es keine Klicks auf Seiten."
        )
        names = ("clicks", "impressions", "share", "cumulative_share", "ctr", "position")
        views = {url: seen for url, seen, _ in self.portal_counts()}
        wanted.keys["page_table"] = ("label",)
        wanted.rows["page_table"] = {
            page["label"]: {
                **{name: page[name] for name in names},
                **({"unique_page_views": views.get(page["url"])} if self.of_portal else {}),
                **self.both_sides(page),
            }
            for page in shown
        }
        wanted.heads["page_table"] = f"{count(len(shown), 'Seite', 'Seiten')} in der Google-Suche"
        wanted.figures["seiten-mit-klicks"] = {"number": sum(1 for page in rows if page["clicks"])}
        if self.before is not None and self.factor("search_page_day") is not None:
            new = [page for page in rows if page["shown_like"] and not page["shown_before"]]
            gone = [page for page in rows if page["shown_before"] and not page["shown_like"]]
            wanted.figures["neue-seiten"] = {"number": len(new)}
            wanted.figures["verschwundene-seiten"] = {"number": len(gone)}
            for id_, changed, word, names in (
                ("new_pages", new, "neue", ("clicks", "impressions", "position")),
                ("vanished_pages", gone, "verschwundene", ("before", "shown_before", "position_before")),
            ):
                if not changed:
                    wanted.absent.append(id_)
                    continue
                wanted.heads[id_] = count(len(changed), f"{word} Seite", f"{word} Seiten")
                suffix = "_before" if id_ == "vanished_pages" else ""
                columns = [f"{name}{suffix}" for name in ("clicks", "impressions", "position")]
                most = sorted((-page[names[0]], page["url"], page) for page in changed)
                wanted.keys[id_] = ("label",)
                wanted.rows[id_] = {
                    page["label"]: {column: page[name] for column, name in zip(columns, names, strict=True)}
                    for *_, page in most
                }
        self._top_pages(wanted, 10)
        wanted.caveats = self.caveats("search_page_day")
        return wanted

    def page_movers(self) -> Expected:
        """Seiten, Gewinner und Verlierer: every page whose clicks changed by a whole one."""
        wanted = Expected(absent=["page_movers"], caveats=self.caveats("search_page_day"))
        if self.like is None or self.before is None:
            wanted.message = "Ohne Vergleich gibt es keine Gewinner und Verlierer."
            return wanted
        days = f"{period(*self.like)} gegenüber {period(*self.before)}"
        factor = self.factor("search_page_day")
        if factor is None:
            wanted.message = f"{days}: nicht verglichen, weil Tage fehlen."
            return wanted
        pages = [page for page in self._pages() if not str(page["url"]).startswith("(")]
        moved = [
            (gain, page) for page in pages if (gain := figure_even(page["like"] - page["before"] * factor))
        ]
        if not moved:
            equal_days = self.on_equal_days("search_page_day")
            wanted.message = f"{days}: Keine Seite hat Klicks gewonnen oder verloren{equal_days}."
            return wanted
        won, lost = ([gain for gain, _ in moved if gain * sign > 0] for sign in (1, -1))
        told = [
            f"{count(len(gains), one, many)} {'zusammen ' if len(gains) > 1 else ''}"
            f"{count(abs(sum(gains)), 'Klick', 'Klicks')}"
            for gains, one, many in (
                (won, "Seite gewinnt", "Seiten gewinnen"),
                (lost, "Seite verliert", "Seiten verlieren"),
            )
            if gains
        ]
        names = ("label", "page_kind", "clicks", "impressions", "ctr", "position")
        wanted.absent.clear()
        wanted.keys["page_movers"] = ("url",)
        wanted.rows["page_movers"] = {
            page["url"]: {
                **{name: page[name] for name in names},
                "state": self._state(page),
                **self.both_sides(page),
            }
            for _, page in moved
        }
        states = [row["state"] for row in wanted.rows["page_movers"].values()]
        marked = [f"{figure(states.count(s))} {s}" for s in ("neu", "verschwunden") if s in states]
        wanted.heads["page_movers"] = ", ".join(told) + self.on_equal_days("search_page_day")
        if marked:
            wanted.heads["page_movers"] += f"; davon {' und '.join(marked)}"
        wanted.message = f"{days}: {wanted.heads['page_movers']}."
        return wanted

    @staticmethod
    def _state(page: dict[str, object]) -> str:
        """Whether Google showed the page in both of the periods that are compared."""
        if page["shown_like"] and page["shown_before"]:
            return "in beiden"
        return "neu" if page["shown_like"] else "verschwunden"

    def page(self, url: str) -> Expected:
        """Seiten, one page: message."""
        page = next(page for page in self._pages() if page["url"] == url)
        # Without any day of pages on one side that side is unknown, not 0; the caveats name the days.
        both = all(self.days("search_page_day"))
        words = self.told("clicks", page["like"], page["before"], "search_page_day")[0] if both else ""
        source = self.sources.get("search_page_day", "search_page_day")
        (known,) = self.one(f"SELECT count(*) FROM {self.loaded(source)} WHERE {{mine}} AND {{now}}")
        if not known:  # shown in what it is compared with only: unknown here, not 0
            page, words = {**page, "clicks": None, "position": None, "ctr": None}, ""
        said = f"„{page['label']}“, {self.period}: Klicks {self.value('clicks', page['clicks'])}"
        wanted = Expected(message=f"{self.joined(said, words)}.")
        wanted.figures = {name: {"number": page[name]} for name in ("clicks", "position", "ctr")}
        wanted.caveats = self.caveats("search_page_day", "search_page_query_day", "search_query_day")
        return wanted

    def queries(self) -> Expected:
        """Suchanfragen: the table, and the hidden share."""
        wanted = Expected(figures={"hidden_click_share": self.cards()["hidden_click_share"]})
        factor = self.factor("search_query_day")
        rows = self.all(
            """SELECT query, coalesce(sum(clicks) FILTER ({now}), 0), sum(impressions) FILTER ({now}),
                 sum(sum_position) FILTER ({now}) / sum(impressions) FILTER ({now}) + 1,
                 coalesce(sum(clicks) FILTER ({like}), 0), coalesce(sum(impressions) FILTER ({like}), 0),
                 sum(sum_position) FILTER ({like}) / nullif(sum(impressions) FILTER ({like}), 0) + 1,
                 coalesce(sum(clicks) FILTER ({before}), 0), coalesce(sum(impressions) FILTER ({before}), 0),
                 sum(sum_position) FILTER ({before}) / nullif(sum(impressions) FILTER ({before}), 0) + 1
               FROM search_query_day WHERE {mine} AND query <> '' GROUP BY 1
               HAVING sum(impressions) FILTER ({now}) >= $least ORDER BY 2 DESC, 3 DESC, 1""",
            least=LEAST,
        )
        if not rows:
            source = self.sources.get("search_query_day", "search_query_day")
            (loaded,) = self.one(f"SELECT count(*) FROM {self.loaded(source)} WHERE {{mine}} AND {{now}}")
            wanted.message = "Für den Zeitraum sind keine Suchanfragen geladen."
            if loaded:
                least = count(LEAST, "Impression", "Impressionen")
                wanted.message = (
                    f"Im Zeitraum {self.period} hat keine genannte Suchanfrage mindestens {least}."
                )
                return wanted
            wanted.figures.clear()
            return wanted
        wanted.figures["gelistete-suchanfragen"] = {"number": len(rows)}
        wanted.keys["query_table"] = ("query",)
        wanted.rows["query_table"] = {
            query: {
                "clicks": clicks,
                "impressions": shown,
                "ctr": clicks / shown,
                "position": place,
                **self.side_by_side("search_query_day", tuple(compared[:3]), tuple(compared[3:])),
            }
            for query, clicks, shown, place, *compared in rows
        }
        self._query_groups(wanted, factor)
        if rows:
            top = f"an der Spitze „{rows[0][0]}“" if rows[0][1] else "keine wurde geklickt"
            noun = "Suchanfrage" if len(rows) == 1 else "Suchanfragen"
            wanted.heads["query_table"] = f"{figure(len(rows))} {noun}; {top}"
        share = self.hidden()[0]
        unknown = (
            "Google verschweigt seltene Suchanfragen; wie viele Klicks zu ihnen gehören, ist nicht bekannt."
        )
        part = "" if share is None else percent(share, 0)
        hidden = f"Google verschweigt seltene Suchanfragen: {part} der Klicks lassen sich keiner zuordnen."
        wanted.told = [hidden if part else unknown]
        wanted.caveats = self.caveats("search_query_day", "search_page_query_day")
        return wanted

    def _query_groups(self, wanted: Expected, factor: float | None) -> None:
        """All named queries that name the city and those that do not: sums, and rates of these sums."""
        rows = self.all(
            """SELECT regexp_matches(lower(query), $city), count(DISTINCT query) FILTER ({now}),
                 coalesce(sum(clicks) FILTER ({now}), 0), coalesce(sum(impressions) FILTER ({now}), 0),
                 coalesce(sum(sum_position + impressions) FILTER ({now}), 0),
                 coalesce(sum(clicks) FILTER ({like}), 0), coalesce(sum(clicks) FILTER ({before}), 0)
               FROM search_query_day WHERE {mine} AND query <> '' AND impressions > 0 AND ({now} OR {before})
               GROUP BY 1""",
            city=CITY,
        )
        groups = {"mit Stadtnamen" if named else "ohne Stadtnamen": values for named, *values in rows}
        total = sum(sums[1] for sums in groups.values())
        wanted.keys["query_groups"] = ("group",)
        wanted.rows["query_groups"] = {
            group: {
                "queries": amount,
                "clicks": clicks,
                "share": clicks / max(total, 1),
                "impressions": shown,
                "ctr": clicks / shown if shown else None,
                "position": weighted / shown if shown else None,
                "change": like / (before * factor) - 1 if factor and before else None,
            }
            for group, (amount, clicks, shown, weighted, like, before) in groups.items()
        }
        named = groups.get("mit Stadtnamen", [0.0, 0.0])[1] / max(total, 1)
        wanted.heads["query_groups"] = (
            f"{percent(named, 0)} der Klicks mit genannter Suchanfrage entfallen auf Suchen mit Stadtnamen"
            if total
            else f"Kein Klick mit genannter Suchanfrage im Zeitraum {self.period}"
        )

    def report(self) -> Expected:
        """Bericht: the position of whole months with the council's October, clicks by month, top pages."""
        wanted = Expected()
        until = min(self.now[1], self.last)
        months = {
            month: (place, shown)
            for month, place, shown, days in self.all(
                """SELECT date_trunc('month', date)::DATE, sum(sum_position) / sum(impressions) + 1, sum(impressions),
                     count(*) FROM search_site_day WHERE {mine} AND date <= $until GROUP BY 1""",
                until=until,
            )
            if days == (month_start(month.year, month.month + 1) - month).days
        }
        if months:
            self._october(wanted, months)
        asked = self.again(grain="month")
        wanted.heads["clicks_trend"] = self.sentence("clicks", f"{self.period}: Klicks")
        wanted.keys["clicks_trend"] = ("series", "own_bucket")
        wanted.rows["clicks_trend"] = asked.buckets("clicks")
        self._top_pages(wanted, 5)
        self._status(wanted)
        wanted.figures.clear()  # the report has no cards
        for kind, many in (("aktuell", "aktuelle"), ("anstehend", "anstehende")):
            total, told = self._progress(kind)
            wanted.heads[f"ozg_{kind}"] = f"OZG-Leistungen: {total} {many} – {told}"
        wanted.caveats = self.limits("search_site_day", "search_page_day")
        clicks = self.sentence("clicks", f"{self.period}: Klicks aus der Google-Suche")
        position = [wanted.heads["position_october"]] if months else []
        wanted.told = [f"Auf einen Blick: {line}." for line in (*position, clicks)]
        return wanted

    def _october(self, wanted: Expected, months: dict[dt.date, tuple[float, float]]) -> None:
        """The newest October with one before it, else the newest month with one, else the newest month."""
        wanted.keys["position_october"] = ("bucket",)
        wanted.rows["position_october"] = {
            month.isoformat(): {"position": place, "impressions": shown}
            for month, (place, shown) in months.items()
        }
        newest = sorted(months, reverse=True)
        pairs = [month for month in newest if month.replace(year=month.year - 1) in months]
        last = next((month for month in pairs if month.month == 10), next(iter(pairs), newest[0]))
        now, said = months[last][0], f"{MONTHS[last.month - 1]} {last.year}"
        earlier = last.replace(year=last.year - 1)
        if earlier not in months:
            wanted.heads["position_october"] = (
                f"Im {said} stand das Portal bei Google im Mittel auf Platz {figure(now, 1)}"
            )
            return
        whole = [(month, month_start(month.year, month.month + 1) - DAY) for month in (last, earlier)]
        # A committee reads plain words.
        wanted.noted["position_october"] = self.explained(*whole, "Google-Umstellung")
        before = months[earlier][0]
        gain = between(before, now)
        noun = "Platz" if abs(gain) == 1 else "Plätze"
        change = f"{figure(abs(gain), 1)}{NBSP}{noun} {'besser' if gain > 0 else 'schlechter'} als im Vorjahr"
        if gain == 0:
            change = "unverändert gegenüber dem Vorjahr"
        wanted.heads["position_october"] = (
            f"Google-Position: Ø {figure(before, 1)} im {MONTHS[earlier.month - 1]} {earlier.year}, "
            f"Ø {figure(now, 1)} im {said} – {change}"
        )

    def mapping(self, marks: dict[str, str]) -> Expected:
        """Leistungen, Zuordnung: pages, clicks and impressions by mark (url → mark), and the sentence on them."""
        sums = {mark: [0, 0, 0, 0] for mark in MARKS}
        portal = {url: seen for url, seen, _ in self.portal_counts() if seen is not None}
        pages = {page["url"]: page for page in self._pages()}
        wanted = Expected()
        wanted.keys["unmapped_pages"] = ("url",)
        wanted.rows["unmapped_pages"] = {}
        open_ = []
        for url in {url for url, page in pages.items() if page["impressions"]} | set(portal):
            page = pages.get(url, {"clicks": 0, "impressions": 0})
            row = sums[marks.get(url, "offen")]
            counts = (page["clicks"], page["impressions"], portal.get(url))
            for at, value in enumerate((1, *counts)):
                row[at] += value or 0
            if url not in marks:
                names = ("clicks", "impressions", "unique_page_views")
                open_.append((url, dict(zip(names, counts, strict=True))))
        totals = [sum(row[at] for row in sums.values()) for at in range(4)]
        self._mapped(wanted, sums, totals)
        wanted.heads["unmapped_pages"] = f"{count(len(open_), 'Seite', 'Seiten')} ohne Zuordnung"
        if len(open_) <= 20:
            wanted.rows["unmapped_pages"] = dict(open_)
        wanted.keys["mapping_coverage"] = ("label",)
        wanted.rows["mapping_coverage"] = {
            MARKS[mark]: {
                "pages": amount,
                "clicks": clicks,
                "impressions": shown,
                "clicks_share": clicks / totals[1] if totals[1] else None,
                "impressions_share": shown / totals[2] if totals[2] else None,
                "unique_page_views": seen if portal else None,
                "unique_page_views_share": seen / totals[3] if totals[3] else None,
            }
            for mark, (amount, clicks, shown, seen) in sums.items()
        }
        return wanted

    def _mapped(self, wanted: Expected, sums: dict[str, list[float]], totals: list[float]) -> None:
        """Cards and sentence of the mapping: how much of each amount is on pages with a mark."""
        for at, id_ in (
            (1, "klicks-zugeordnet"),
            (2, "impressionen-zugeordnet"),
            (3, "seitenansichten-zugeordnet"),
        ):
            share = percent(1 - sums["offen"][at] / totals[at]) if totals[at] else "–"
            wanted.figures[id_] = {"value": share}
        wanted.heads["mapping_coverage"] = (
            f"{percent(sums['leistung'][1] / totals[1])} der Seitenklicks gehören zu Leistungen der Liste"
            if totals[1]
            else f"Keine Klicks auf Seiten im Zeitraum {self.period}"
        )

    def services(
        self,
        links: list[tuple[str, str, float]],
        extra: dict[str, str],
        marks: dict[str, str],
        shown: dict | None = None,
    ) -> Expected:
        """Leistungen: demand by service through its pages (url, service, share); ``marks``: url → mark.

        ``extra`` are names of services that the city added. Of ``shown`` the rates of applications are taken, which
        are held by `test_attacker`.
        """
        wanted = Expected()
        pages = {page["url"]: page for page in self._pages()}
        factor = self.factor("search_page_day")
        sums: dict[str, list[float]] = {}
        for url, service, share in links:
            if url in pages:
                page = pages[url]
                row = sums.setdefault(service, [0.0, 0.0, 0.0])
                for place, name in enumerate(("clicks", "like", "before")):
                    row[place] += page[name] * share
        names = extra | dict(self.all("SELECT service, name FROM services WHERE $site = $site"))
        beside = self._beside(links, pages)
        wanted.keys["service_table"] = ("name",)
        wanted.rows["service_table"] = {
            names[service]: {
                **beside[service],
                "clicks": clicks,
                "change": like / (before * factor) - 1 if self.before and factor and before else None,
            }
            for service, (clicks, like, before) in sums.items()
            if clicks or service not in extra
        }
        listed = self.all(
            "SELECT service, name, list FROM services WHERE municipality = 'leverkusen' AND list <> 'ohne Status' "
            "AND $site = $site"
        )
        asked = [(sums[service][0], name, kind) for service, name, kind in listed if service in sums]
        self._list(wanted, sums, {service for service, _, _ in listed})
        self._coverage(wanted, marks)
        if shown is not None:
            self._funnel(wanted, shown, beside, names)
        start = f"{len(listed)} von 189 OZG-Leistungen haben einen Status"
        pending = sorted(
            (-clicks, name) for clicks, name, kind in asked if kind == "anstehend" and clicks > 0
        )
        wanted.message = (
            f"{start}; auf Seiten der anstehenden Leistungen wurde im Zeitraum {self.period} nicht geklickt."
        )
        if not any(kind == "anstehend" for _, _, kind in asked):
            wanted.message = (
                f"{start}; wie gefragt die anstehenden sind, ist nicht bekannt: Keine ihnen zugeordnete Seite erschien "
                f"im Zeitraum {self.period} in der Suche."
            )
        if pending:
            clicks, name = pending[0]
            wanted.message = (
                f"{start}. Unter den anstehenden wird „{name}“ am stärksten nachgefragt: "
                f"{count(-clicks, 'Klick', 'Klicks')}{tied(-own for own, _ in pending)} ({self.period})."
            )
        if asked:
            clicks, name = sorted((-clicks, name) for clicks, name, _ in asked)[0]
            many = count(-clicks, "Klick", "Klicks")
            wanted.heads["service_demand"] = (
                f"„{name}“ wird mit {many} am stärksten nachgefragt{tied(own for own, *_ in asked)}"
                if clicks
                else f"Kein Klick auf Leistungen der Liste im Zeitraum {self.period}"
            )
            wanted.keys["service_demand"] = ("name",)
            wanted.rows["service_demand"] = {name: {"clicks": clicks} for clicks, name, _ in asked}
        wanted.caveats = self.caveats("search_page_day", "search_page_query_day", "search_query_day")
        return wanted

    def _beside(
        self, links: list[tuple[str, str, float]], pages: dict[str, dict]
    ) -> dict[str, dict[str, float | None]]:
        """Of each service its place, the portal's counts, and the last three whole months against the three before."""
        own: dict[str, dict[str, float]] = {}
        for url, service, share in links:
            own.setdefault(service, {})[url] = share
        counts = {url: counted for url, *counted in self.portal_counts()}
        recent = self._recent(own)
        found = {}
        for service, shares in own.items():
            seen = [(pages[url], share) for url, share in shares.items() if url in pages]
            places = [(page, page["impressions"] * share) for page, share in seen if page["impressions"]]
            weight = sum(amount for _, amount in places)
            row = {
                "position": sum(p["position"] * amount for p, amount in places) / weight if weight else None
            }
            for at, name in enumerate(("unique_page_views", "service_starts")):
                known = [
                    counts[url][at] * share
                    for url, share in shares.items()
                    if url in counts and counts[url][at] is not None
                ]
                row[name] = sum(known) if known else None
            found[service] = row | ({"recent": recent.get(service)} if recent else {})
        return found

    def _recent(self, own: dict[str, dict[str, float]]) -> dict[str, float]:
        """Change of clicks a day of the last three whole months against the three before, by service."""
        end = min(self.now[1], self.last)
        firsts = [month_start(self.now[0].year, self.now[0].month + n) for n in range(14)]
        whole = [
            month
            for month in firsts
            if month >= self.now[0] and month_start(month.year, month.month + 1) - DAY <= end
        ]
        if len(whole) < 6:
            return {}
        clicks = {
            (url, month): amount
            for url, month, amount in self.all(
                "SELECT url, date_trunc('month', date)::DATE, sum(clicks) FROM search_page_day WHERE {mine} AND {now} "
                "GROUP BY 1, 2"
            )
        }
        source = self.sources.get("search_page_day", "search_page_day")
        known: list[int] = []
        shares_known: list[float] = []
        for months in (whole[-6:-3], whole[-3:]):
            first, after = months[0], month_start(months[-1].year, months[-1].month + 1)
            known += self.one(
                f"SELECT count(DISTINCT date) FROM {self.loaded(source or 'search_page_day')} WHERE {{mine}} "
                f"AND date >= '{first}' AND date < '{after}'"
            )
            shares_known.append(known[-1] / (after - first).days)
        if not all(known) or abs(shares_known[0] - shares_known[1]) > UNEVEN:
            return {}
        found = {}
        for service, shares in own.items():
            rates = []
            for months, days in zip((whole[-6:-3], whole[-3:]), known, strict=True):
                rates.append(
                    sum(
                        clicks.get((url, month), 0) * share
                        for url, share in shares.items()
                        for month in months
                    )
                    / days
                )
            if rates[0]:
                found[service] = rates[1] / rates[0] - 1
        return found

    def _list(self, wanted: Expected, sums: dict[str, list[float]], listed: set[str]) -> None:
        """Cards of the list, and the head of its table."""
        wanted.figures["mit-status"] = {"value": f"{len(listed)} von 189"}
        for kind in ("aktuell", "anstehend"):
            wanted.figures[f"davon-{kind}"] = {"number": self._progress(kind)[0]}
        lanes = dict(
            self.all(
                "SELECT lane, count(*) FROM services WHERE municipality = 'leverkusen' AND list <> 'ohne Status' "
                "AND NOT coalesce(status_group = 'Go-Live' AND go_live_month <= as_of, false) AND $site = $site "
                "GROUP BY 1"
            )
        )
        for lane, id_ in (
            ("startbar", "bahn-startbar"),
            ("wartet auf andere", "bahn-wartet-auf-andere"),
            ("erst klären", "bahn-erst-klaeren"),
        ):
            wanted.figures[id_] = {"number": lanes.get(lane, 0)}
        further = sum(1 for service, (clicks, *_) in sums.items() if clicks and service not in listed)
        more = f", {figure(further)} ohne Status" if further else ""
        wanted.heads["service_table"] = (
            f"{count(len(listed), 'Leistung', 'Leistungen')} mit Status{more}, und ihre Nachfrage"
        )

    def _coverage(self, wanted: Expected, marks: dict[str, str]) -> None:
        """Page clicks by mark."""
        rows = self.all("SELECT url, sum(clicks) FROM search_page_day WHERE {mine} AND {now} GROUP BY 1")
        total = sum(clicks for _, clicks in rows)
        if not total:
            wanted.absent.append("coverage")
            return
        found = {mark: [0, 0] for mark in MARKS}
        for url, clicks in rows:
            own = found[marks.get(url, "offen")]
            own[0] += clicks
            own[1] += 1
        wanted.keys["coverage"] = ("label",)
        wanted.rows["coverage"] = {
            MARKS[mark]: {"clicks": clicks, "pages": pages, "share": clicks / total}
            for mark, (clicks, pages) in found.items()
        }
        marked = 1 - found["offen"][0] / total
        wanted.heads["coverage"] = f"{portion(marked, 0).capitalize()} der Seitenklicks sind zugeordnet"

    def _funnel(self, wanted: Expected, shown: dict, beside: dict[str, dict], names: dict[str, str]) -> None:
        """Views and starts of every service with starts, and the worst rate of those shown."""
        rows = next((one["rows"] for one in shown["exhibits"] if one["id"] == "service_funnel"), [])
        wanted.keys["service_funnel"] = ("name",)
        wanted.rows["service_funnel"] = {
            names[service]: {
                "unique_page_views": row["unique_page_views"],
                "service_starts": row["service_starts"],
                "start_rate": row["service_starts"] / row["unique_page_views"]
                if row["unique_page_views"]
                else None,
            }
            for service, row in beside.items()
            if row["service_starts"]
        }
        if not rows:
            return
        ids = {name: service for service, name in names.items()}
        based = [
            (row["application_rate"], ids.get(row["name"], ""), row["name"])
            for row in rows
            if row["application_rate"] is not None and row["service_starts"] >= SMALL_BASE
        ]
        many = count(len(rows), "Leistung", "Leistungen")
        wanted.heads["service_funnel"] = f"{many} mit Online-Dienst in der Portalstatistik"
        if based:
            rate, _, name = min(based)
            wanted.heads["service_funnel"] = (
                f"Bei „{name}“ enden nur {percent(rate, 0)} der Starts mit einem Antrag"
            )


def figure_even(value: float) -> float:
    """Half to even, as a frame rounds."""
    return round(value)
