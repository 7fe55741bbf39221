"""The Google position of the report: one month against the same month of the year before, and since then."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import events, wording
from portalkompass.answers.base.headline import headline
from portalkompass.answers.base.periods import last_full_months, length, month_of
from portalkompass.answers.base.question import Question
from portalkompass.answers.courses import trending
from portalkompass.answers.courses.lines import month_span, position_line
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.comparison import Exposure
from portalkompass.metrics.measures import CLICKS, IMPRESSIONS, POSITION
from portalkompass.metrics.selection import Period
from portalkompass.slide_set import Words

REPORT_MONTH = 10
"""The council report compares October with October."""
SEASON = (
    "Verglichen werden verschiedene Monate des Jahres; die Veränderung enthält, was an der Jahreszeit liegt."
)


def position_page(question: Question) -> tuple[Exhibit, ...]:
    """The position of all months; the headline names the report's month and the same one a year before.

    Where no October can be compared, the last full month is; nothing without a single full month.
    """
    period = question.history
    if period is None:
        return ()
    months = trending.trend(question, period, "month")
    shown = months[(months["days"] > 0) & ~months["partial"]]
    if shown.empty:
        return ()
    last, before = compared(shown)
    message, labelled = _message(last, before), [last, *([] if before is None else [before])]
    sides = tuple(None if row is None else month_of(row["bucket"].date()) for row in (last, before))
    exhibit = position_line(
        question,
        "position_october",
        shown,
        period,
        headline=message,
        alt=f"Linie der mittleren Google-Position je Monat, {month_span(shown)}. {message}.",
        labelled=tuple(row["bucket"].date() for row in labelled),
        sides=sides,
    )
    if before is None:
        return (exhibit,)
    measured = events.device_sentences(question, *sides)
    return (replace(exhibit, notes=(*exhibit.notes, *measured)),)


def compared(months: pd.DataFrame) -> tuple[pd.Series, pd.Series | None]:
    """The newest October that has one before it, else the newest month; and its counterpart, if any."""
    by_month = {row["bucket"]: row for _, row in months.iterrows()}
    newest = sorted(by_month, reverse=True)
    pairs = [day for day in newest if day - pd.DateOffset(years=1) in by_month]
    last = next((day for day in pairs if day.month == REPORT_MONTH), next(iter(pairs), newest[0]))
    return by_month[last], by_month.get(last - pd.DateOffset(years=1))


def _message(last: pd.Series, before: pd.Series | None) -> str:
    now = german.number(last["position"], 1)
    if before is None:
        return f"Im {german.month(last['bucket'])} stand das Portal bei Google im Mittel auf Platz {now}"
    earlier = f"Ø {german.number(before['position'], 1)} im {german.month(before['bucket'])}"
    change, _ = wording.position_change(last["position"], before["position"], "im Vorjahr")
    return f"Google-Position: {earlier}, Ø {now} im {german.month(last['bucket'])} – {change}"


def figures_since(question: Question, since: dt.date, data_then: dt.date | None = None) -> Exhibit | Words:
    """Position, clicks and impressions of the last full month then and now, with what lies between.

    ``data_then`` is the last day of data that the last report had: a month that ended between it and the day
    ``since`` was not in that report. Without it all days up to ``since`` count.
    """
    today, day = question.data_date or question.now.end, data_then or since
    now, then = _month_of(today), _month_of(day)
    if then.end >= now.end:
        newest = german.month(now.start)
        return _no_figures(
            question,
            since,
            f"seitdem kein weiterer voller Monat, der letzte ist {newest}",
            f"Seitdem ist kein weiterer voller Monat vorbei; der letzte ist {newest}.",
        )
    late, early = headline(question, now), headline(question, then)
    if not early.days or not late.days:
        missing = german.month((then if not early.days else now).start)
        return _no_figures(
            question, since, f"keine Suchdaten für {missing}", f"Für {missing} liegen keine Suchdaten vor."
        )
    than = f"im {german.month(then.start)}"
    place, _ = wording.position_change(late.position, early.position, than)
    days = Exposure(late.days, early.days, length(now), length(then))
    clicks, _ = wording.amount_change(late.clicks, early.clicks, than, days)
    shown, _ = wording.amount_change(late.impressions, early.impressions, than, days)
    rows = pd.DataFrame(
        [
            (POSITION.label, german.number(early.position, 1), german.number(late.position, 1), place),
            (CLICKS.label, german.number(early.clicks), german.number(late.clicks), clicks),
            (IMPRESSIONS.label, german.number(early.impressions), german.number(late.impressions), shown),
        ],
        columns=["label", "before", "after", "change"],
    )
    crossed = events.caveats(question, now, then)
    season = (SEASON,) if now.start.month != then.start.month else ()
    return question.table(
        "figures_since",
        rows,
        (
            Field("label", "Kennzahl"),
            Field("before", german.month(then.start)),
            Field("after", german.month(now.start)),
            Field("change", "Veränderung"),
        ),
        headline=f"Ø Position im {german.month(now.start)}: {place}"
        if place
        else f"{german.month(now.start)} gegen {german.month(then.start)}",
        subtitle=f"Kennzahlen des letzten vollen Monats · bis zum {german.date(day)}: {german.month(then.start)}; "
        f"bis zum {german.date(today)}: {german.month(now.start)}",
        told=f"Tabelle: Position, Klicks und Impressionen, {german.month(then.start)} und {german.month(now.start)}.",
        notes=(*(measure.definition for measure in (POSITION, CLICKS, IMPRESSIONS)), *crossed, *season),
        caution=" ".join((*crossed, *season)),
        over=(now, then),
        period=(then.start, now.end),
        measures=(POSITION.id, CLICKS.id, IMPRESSIONS.id),
    )


def _no_figures(question: Question, since: dt.date, reason: str, why: str) -> Words:
    """``reason`` stands in the headline, which is all that a list of pages left out says; ``why`` is the sentence."""
    title = f"Zahlen seit dem {german.date(since)}: {reason}"
    return question.words("figures_since", title, (why,), question.google, empty=True)


def _month_of(day: dt.date) -> Period:
    """The last full month up to that day."""
    return Period(*last_full_months(day, 1))
