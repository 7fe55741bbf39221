"""Exports of Search Console's user interface: sums of a whole period, which stand in where there are no days.

They are shown for their own period and never added to days or to each other.
"""

from __future__ import annotations

from dataclasses import replace

import narwhals as nw
import pandas as pd

from portalkompass import german
from portalkompass.answers.base.answer import Answer
from portalkompass.answers.base.grains import MOST_ROWS, NAMES, Window, unfiltered
from portalkompass.answers.base.periods import length
from portalkompass.answers.base.question import WINDOWS, Question, card, in_words, known
from portalkompass.metrics import totals
from portalkompass.metrics.measures import CLICKS, CTR, IMPRESSIONS, POSITION, LazyFrame
from portalkompass.metrics.selection import Period, of_site
from portalkompass.warehouse.engine import Tables


def windows(question: Question) -> tuple[Window, ...]:
    """Periods of the property's unfiltered exports, the one that ends last first; none on a lake.

    An export without a chart says nothing of its days; it has no place here.
    """

    def build(tables: Tables) -> LazyFrame:
        own = of_site(tables[WINDOWS], question.filters.site, question.filters.search_type)
        own = own.filter(unfiltered(), ~nw.col("period_end").is_null())
        per_table = own.group_by("period_start", "period_end", "table_name").agg(
            nw.len().alias("rows"), nw.col("import_id").max()
        )
        runs = tables["ingest_runs"].select("started_at", nw.col("run_id").alias("import_id"))
        return per_table.join(runs, on="import_id", how="left").sort(
            "period_end", "period_start", "table_name", descending=[True, False, False]
        )

    def make() -> tuple[Window, ...]:
        if not question.warehouse.holds(WINDOWS):
            return ()
        rows = question.warehouse.ask(build)
        own_rows = rows.groupby(["period_start", "period_end"], sort=False)
        return tuple(_window(own) for _, own in own_rows)

    return question.whole.once("windows", make)


def _window(own: pd.DataFrame) -> Window:
    start, end = (own[name].iloc[0].date() for name in ("period_start", "period_end"))
    loaded = own["started_at"].max()
    tables = tuple((str(name), int(rows)) for name, rows in zip(own["table_name"], own["rows"], strict=True))
    return Window(Period(start, end), tables, None if pd.isna(loaded) else loaded.date())


def window_of(question: Question, table: str) -> Window | None:
    """The window that stands in for the days of this grain; None where days answer, or nothing overlaps the period.

    Of several the one that shares most days with the period; of equals the one with fewest others, then the newest.
    """
    if question.window or question.covered(table, question.now):
        return None
    overlapping = [
        one for one in windows(question) if one.has(table) and _shared(one.period, question.now) > 0
    ]
    return min(
        overlapping, key=lambda one: (-_shared(one.period, question.now), length(one.period)), default=None
    )


def answering(question: Question, table: str) -> Question:
    """The question that rows of this grain answer: the same one, or that of the export that stands in.

    A filter is not answered by an export (`no_search_data` says so).
    """
    window = None if question.scope else window_of(question, table)
    if window is None:
        return question
    return replace(asked_of(question, window), costs=(_told(question, window, table),))


def asked_of(question: Question, window: Window) -> Question:
    """The question about the whole property in the days of this window, answered by its sums alone."""
    own = replace(
        question.filters,
        start=window.period.start,
        end=window.period.end,
        compare="none",
        compare_from=None,
        compare_to=None,
    )
    return replace(
        question, filters=own, now=window.period, like=None, before=None, months=False, window=window
    )


def of_one(question: Question, table: str, key: str, value: str) -> Answer:
    """What an export says of one page (url) or query: four sums, of a question that an export answers.

    A query with fewer impressions than may be listed is not shown.
    """
    sums = question.warehouse.ask(
        lambda t: totals.totals(question.rows(t, table).filter(nw.col(key) == value))
    ).iloc[0]
    least = question.least_impressions if key == "query" else 1
    if not sums["days"] or sums["impressions"] < max(least, 1):
        return question.answer(
            f"„{value}“: Der {told_of(question)} nennt dazu keine Zahlen, die gezeigt werden."
        )
    return question.answer(
        f"„{value}“, {question.period}: {german.count(sums['clicks'], 'Klick', 'Klicks')} und "
        f"{german.count(sums['impressions'], 'Impression', 'Impressionen')} als Summe eines Exports.",
        figures=tuple(
            card(measure, known(sums[measure.id])) for measure in (POSITION, CLICKS, IMPRESSIONS, CTR)
        ),
        next_steps=("Für Verlauf und Vergleich kann die Betreuung der Anwendung Tageswerte laden.",),
    )


def told_of(question: Question) -> str:
    """`told` of the export that answers the question."""
    return told(question.window) if question.window else ""


def with_same_days(question: Question, table: str) -> Question:
    """`answering` where the export has exactly the days that are asked for: its figures fit beside those of days."""
    other = answering(question, table)
    return other if other.now == question.now else question


def told(window: Window) -> str:
    """Export vom 17.03.2025 bis 19.04.2025: the days of the window."""
    return f"Export der Search Console vom {german.date(window.period.start)} bis {german.date(window.period.end)}"


def _told(question: Question, window: Window, table: str) -> str:
    """Where the figures come from, and what cannot be done with them."""
    loaded = f" (geladen am {german.date(window.loaded)})" if window.loaded else ""
    start = (
        f"Aus dem Export der Search Console{loaded}, Zeitraum {in_words(window.period)}: höchstens "
        f"{german.number(MOST_ROWS)} Zeilen, Summen ohne Tageswerte. Vergleich, Filter und Verlauf brauchen Tageswerte."
    )
    if window.period == question.now:
        return start
    return (
        f"{start} Für den gewählten Zeitraum {question.period} sind keine Tageswerte {NAMES[table]} geladen; gezeigt "
        "wird der Export, der ihn am weitesten überschneidet, mit seinen eigenen Tagen."
    )


def _shared(one: Period, other: Period) -> int:
    """Days that lie in both periods."""
    return (min(one.end, other.end) - max(one.start, other.start)).days + 1
