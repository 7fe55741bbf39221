"""Generative KI: how often Google's AI answers showed a link to the portal, a series of its own.

Google exports this report from its user interface only. Its impressions are added to no others, and it tells neither
clicks nor positions.
"""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from portalkompass import german
from portalkompass.answers.base import estimate_rows, wording
from portalkompass.answers.base.answer import Answer, Figure
from portalkompass.answers.base.page_rows import linked
from portalkompass.answers.base.question import Question, count_card, in_words
from portalkompass.answers.base.scope import DEVICES
from portalkompass.answers.courses.lines import DAY, MONTH, line
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.measures import LazyFrame
from portalkompass.metrics.selection import Period
from portalkompass.warehouse.engine import Tables

TABLE = "search_ai"
MOST_DAYS = 62
"""Days up to which the course is drawn by day."""
SHOWN = Field("ai_impressions", "Impressionen in KI-Antworten", "integer", "Impressionen in KI-Antworten")
APART = (
    "Impressionen in Googles KI-Antworten stehen für sich: Sie werden zu keinen anderen Impressionen addiert; Klicks "
    "und Positionen nennt der Bericht nicht."
)
LOAD = (
    "In der Search Console den Bericht zu generativer KI öffnen, „Exportieren“ → CSV wählen und die Datei unter "
    "„Daten“ hochladen. Eine Schnittstelle gibt es dafür nicht."
)
LISTS = {
    "pages": ("ai_pages", "Seite", "Seiten"),
    "queries": ("ai_queries", "Suchanfrage", "Suchanfragen"),
    "countries": ("ai_countries", "Land", "Länder"),
    "devices": ("ai_devices", "Gerät", "Geräte"),
}


def answer(question: Question) -> Answer:
    """The course over the days of the period, and the lists of the export that shares most days with it."""
    rows = report_rows(question)
    if rows.empty:
        return question.answer("Noch ist kein Bericht zu generativer KI geladen.", next_steps=(LOAD,))
    days = _days(rows)
    inside = days[days["bucket"].between(pd.Timestamp(question.now.start), pd.Timestamp(question.now.end))]
    lists = _nearest(rows, question.now)
    if inside.empty and lists.empty:
        first, last = rows["period_start"].min(), rows["period_end"].max()
        span = f" Geladen ist {german.date(first)} bis {german.date(last)}." if pd.notna(first) else ""
        return question.answer(
            f"Für den Zeitraum {question.period} ist kein Bericht zu generativer KI geladen.{span}",
            next_steps=(LOAD,),
        )
    return question.answer(
        _message(question, inside),
        (_course(question, inside), *(_list(question, lists, name) for name in LISTS)),
        _cards(inside),
        caveats=(APART,),
    )


def report_rows(question: Question) -> pd.DataFrame:
    """table_name, key, period_start, period_end, ai_impressions of the whole property; empty without a report."""

    def build(tables: Tables) -> LazyFrame:
        own = question.own(tables, TABLE).filter(nw.col("filters") == "")
        names = ("table_name", "key", "period_start", "period_end")
        return own.select(*names, nw.col("impressions").alias(SHOWN.name)).sort("table_name", "key")

    if not question.warehouse.holds(TABLE):
        return pd.DataFrame()
    return question.whole.ask_once("generative ai", build)


def _days(rows: pd.DataFrame) -> pd.DataFrame:
    """bucket, ai_impressions of the days; what a chart by weeks or months holds is of no day."""
    days = rows[(rows["table_name"] == "days") & (rows["key"].str.len() == len("2025-11-30"))]
    return pd.DataFrame({"bucket": pd.to_datetime(days["key"]), SHOWN.name: days[SHOWN.name]}).sort_values(
        "bucket", ignore_index=True
    )


def _nearest(rows: pd.DataFrame, now: Period) -> pd.DataFrame:
    """The lists of the export that shares most days with the period; of equal ones the newest."""
    lists = rows[(rows["table_name"] != "days") & rows["period_start"].notna()]
    if lists.empty:
        return lists
    first, last = pd.Timestamp(now.start), pd.Timestamp(now.end)
    spans = sorted(
        (min(end, last) - max(start, first), end, start)
        for start, end in lists[["period_start", "period_end"]].drop_duplicates().itertuples(index=False)
    )
    shared, end, start = spans[-1]
    if shared < pd.Timedelta(0):
        return lists.head(0)
    nearest: pd.DataFrame = lists[(lists["period_start"] == start) & (lists["period_end"] == end)]
    return nearest


def _message(question: Question, days: pd.DataFrame) -> str:
    if days.empty:
        return f"Für den Zeitraum {question.period} nennt der Bericht keine Tage. {APART}"
    ordered = days.sort_values([SHOWN.name, "bucket"], ascending=[False, True])
    strongest, tied = ordered.iloc[0], wording.tied(ordered[SHOWN.name], "weiterer")
    total = german.count(days[SHOWN.name].sum(), "Impression", "Impressionen")
    every = (days["bucket"].iloc[-1] - days["bucket"].iloc[0]).days + 1
    # What no export names is unknown: the sum is not that of every day between the first and the last.
    told = f"{german.number(len(days))} von {german.count(every, 'Tag', 'Tagen')}"
    missing = f"; der Bericht nennt {told}" if len(days) < every else ""
    return (
        f"{_span(days)}: Googles KI-Antworten zeigten das Portal mit {total}, am meisten am "
        f"{german.date(strongest['bucket'])} ({german.number(strongest[SHOWN.name])}{tied}){missing}."
    )


def _span(days: pd.DataFrame) -> str:
    return german.period(days["bucket"].iloc[0].date(), days["bucket"].iloc[-1].date())


def _cards(days: pd.DataFrame) -> tuple[Figure, ...]:
    if days.empty:
        return ()
    return (
        count_card(SHOWN.label, days[SHOWN.name].sum(), APART),
        count_card("Tage mit Bericht", len(days), "Tage des Zeitraums, die ein geladener Export nennt."),
    )


def _course(question: Question, days: pd.DataFrame) -> Exhibit | None:
    """By day or by month; days that no export names break the line, and months that lack some are marked."""
    if days.empty:
        return None
    by_month = (days["bucket"].iloc[-1] - days["bucket"].iloc[0]).days >= MOST_DAYS
    if by_month:
        months = days.assign(bucket=days["bucket"].dt.to_period("M").dt.start_time)
        rows = months.groupby("bucket", as_index=False).agg(**{SHOWN.name: (SHOWN.name, "sum")})
        held = months["bucket"].value_counts()
        rows["partial"] = rows["bucket"].map(held) < rows["bucket"].dt.days_in_month
    else:
        every = pd.date_range(days["bucket"].iloc[0], days["bucket"].iloc[-1], name="bucket")
        rows = days.set_index("bucket").reindex(every).reset_index().assign(partial=False)
    unit = "Monat" if by_month else "Tag"
    total = german.count(days[SHOWN.name].sum(), "Impression", "Impressionen")
    headline = f"{total} in Googles KI-Antworten"
    return line(
        question,
        "ai_course",
        rows.assign(provisional=False),
        (MONTH if by_month else DAY, SHOWN),
        headline=headline,
        subtitle=f"{SHOWN.label} je {unit} · {_span(days)}",
        alt=f"Linie der Impressionen in KI-Antworten je {unit}, {_span(days)}. {headline}.",
        source=source(question),
        data_date=days["bucket"].iloc[-1].date(),
        period=(days["bucket"].iloc[0].date(), days["bucket"].iloc[-1].date()),
        notes=(APART,),
    )


def source(question: Question) -> str:
    """Source line of these figures."""
    return f"Search Console, Bericht zu generativer KI, {question.filters.site}"


def _list(question: Question, lists: pd.DataFrame, name: str) -> Exhibit | None:
    own = lists[lists["table_name"] == name].sort_values([SHOWN.name, "key"], ascending=[False, True])
    if name == "queries":
        own = own[own[SHOWN.name] >= question.least_impressions]
    if own.empty:
        return None
    id, one, several = LISTS[name]
    period = Period(own["period_start"].iloc[0].date(), own["period_end"].iloc[0].date())
    shown = own.assign(label=_labels(question, own["key"], name))
    first = shown.iloc[0]
    headline = (
        f"„{first['label']}“ steht am häufigsten in KI-Antworten "
        f"({german.count(first[SHOWN.name], 'Impression', 'Impressionen')}{wording.tied(own[SHOWN.name])})"
    )
    address = (Field("url", "Adresse", "link"),) if name == "pages" else ()
    return question.table(
        id,
        linked(shown.assign(url=own["key"])) if address else shown,
        (Field("label", one), SHOWN, *address),
        headline=headline,
        subtitle=f"{several} nach Impressionen in KI-Antworten · Export {in_words(period)}",
        alt=f"Tabelle der {several} in KI-Antworten:",
        source=source(question),
        data_date=period.end,
        period=(period.start, period.end),
        notes=(APART, f"Der Bericht nennt höchstens 1.000 {several}."),
        names_queries=name == "queries",
        row_key="url" if address else "",
    )


def _labels(question: Question, keys: pd.Series[str], name: str) -> pd.Series[str]:
    if name == "devices":
        return keys.map(lambda key: DEVICES.get(key, key))
    if name != "pages":
        return keys
    return keys.map(estimate_rows.titles(question).set_index("url")["label"]).fillna(keys)
