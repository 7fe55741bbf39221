"""The course of a property over successive exports: one point a window, where pages and queries have no days."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from portalkompass import german
from portalkompass.answers.base.grains import PAGE, QUERY, SITE, Window
from portalkompass.answers.base.headline import headline
from portalkompass.answers.base.periods import length
from portalkompass.answers.base.question import OF_WINDOW, Question, field, in_words
from portalkompass.answers.base.window_rows import asked_of, windows
from portalkompass.answers.courses.lines import line
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.measures import POSITION
from portalkompass.metrics.selection import Period

LEAST = 2
"""Windows that make a course."""
BEGIN, PER_DAY = Field("bucket", "Zeitraum ab", "date"), Field("clicks_per_day", "Klicks je Tag", "decimal1")
_FURTHER = (
    Field("end", "bis", "date"),
    Field("clicks", "Klicks", "integer"),
    Field("impressions", "Impressionen", "integer"),
    Field("days", "Tage", "integer"),
)
NO_SUM = "Jeder Punkt ist die Summe eines Exports durch seine Tage; nie wird etwas zu ihr addiert."


def window_course(question: Question) -> tuple[Exhibit | None, ...]:
    """Clicks a day and position by window, over all exports; nothing with less than two, or with a filter.

    Only where pages and queries are not known by day: otherwise the days tell more. Of windows that overlap those are
    shown that make most points; the others are named.
    """
    if question.scope or question.has_rows(PAGE) or question.has_rows(QUERY):
        return ()
    every = [one for one in windows(question) if one.has(SITE)]
    shown = successive(every)
    if len(shown) < LEAST:
        return ()
    rows = _rows(question, shown)
    notes = (NO_SUM, *_gaps(shown), *_left_out(every, shown))
    return (
        _line(question, rows, shown, PER_DAY, "window_clicks", notes),
        _line(question, rows, shown, field(POSITION), "window_position", notes),
    )


def successive(every: list[Window]) -> list[Window]:
    """As many as possible of which no two share a day, in order of time."""
    chosen: list[Window] = []
    for one in sorted(every, key=lambda window: (window.period.end, -window.period.start.toordinal())):
        if not chosen or one.period.start > chosen[-1].period.end:
            chosen.append(one)
    return chosen


def _rows(question: Question, shown: list[Window]) -> pd.DataFrame:
    """A row a window, and one without values for each gap: a line must not lead over it."""
    rows = []
    for one in shown:
        sums, days = headline(asked_of(question, one), one.period), length(one.period)
        rows.append(
            {
                "bucket": one.period.start,
                "end": one.period.end,
                "clicks": sums.clicks,
                "impressions": sums.impressions,
                "days": days,
                "clicks_per_day": None if sums.clicks is None else sums.clicks / days,
                "position": sums.position,
            }
        )
    rows += [{"bucket": gap.start, "end": gap.end, "days": length(gap)} for gap in _between(shown)]
    frame = pd.DataFrame(rows).assign(partial=False, provisional=False)
    for name in ("bucket", "end"):
        frame[name] = pd.to_datetime(frame[name])
    return frame.sort_values("bucket", ignore_index=True)


def _line(
    question: Question,
    rows: pd.DataFrame,
    shown: list[Window],
    of: Field,
    id: str,
    notes: tuple[str, ...],
) -> Exhibit | None:
    known = rows[rows[of.name].notna()]
    if len(known) < LEAST:
        return None
    first, last = known.iloc[0], known.iloc[-1]
    told = [f"{german.value(row[of.name], of.format)} ({_days(row)})" for row in (first, last)]
    headline_ = f"{of.label}: von {told[0]} auf {told[1]}"
    span = in_words(Period(shown[0].period.start, shown[-1].period.end))
    own = asked_of(question, shown[-1])
    return line(
        own,
        id,
        rows,
        (BEGIN, of),
        further=_FURTHER,
        headline=headline_,
        subtitle=f"{of.label} je Export · {german.count(len(shown), 'Export', 'Exporte')} · {span}",
        alt=f"Linie: {of.label} je Export, {span}. {headline_}.",
        reverse_y=of.low_is_good,
        over=(Period(shown[0].period.start, shown[-1].period.end),),
        source=own.google,
        caution=OF_WINDOW,
        notes=notes,
    )


def _days(row: pd.Series[pd.Timestamp]) -> str:
    return german.period_short(row["bucket"].date(), row["end"].date())


def _between(shown: list[Window]) -> list[Period]:
    """The days between two windows that no export holds."""
    pairs = ((one.period.end, other.period.start) for one, other in pairwise(shown))
    day = pd.Timedelta(days=1).to_pytimedelta()
    return [Period(end + day, start - day) for end, start in pairs if (start - end).days > 1]


def _gaps(shown: list[Window]) -> tuple[str, ...]:
    gaps = _between(shown)
    if not gaps:
        return ()
    return (
        f"Kein Export für {german.listing([in_words(gap) for gap in gaps])}: Dort bleibt die Linie unterbrochen.",
    )


def _left_out(every: list[Window], shown: list[Window]) -> tuple[str, ...]:
    rest = [in_words(one.period) for one in every if one not in shown]
    if not rest:
        return ()
    return (f"Nicht gezeichnet, weil sich ihre Tage mit gezeigten überschneiden: {german.listing(rest)}.",)
