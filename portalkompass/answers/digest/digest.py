"""Wochenbericht: the last week of final days, against the week before, the weeks before that and the year before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from portalkompass import german
from portalkompass.answers.asking import ask
from portalkompass.answers.base import events
from portalkompass.answers.base.answer import Answer, Compare
from portalkompass.answers.base.headline import cards, compared, headline, sentence
from portalkompass.answers.base.missing_data import LOAD_PORTAL, LOAD_SEARCH, LOAD_SERVICES, no_search_data
from portalkompass.answers.base.question import Question, columns, in_words, measures
from portalkompass.answers.courses import trending
from portalkompass.answers.courses.lines import WEEK
from portalkompass.answers.data import data_state
from portalkompass.answers.digest.alerts import AlertState, judged
from portalkompass.answers.digest.watch_list import watch_list
from portalkompass.answers.overview.overview import problems
from portalkompass.answers.pages import outliers
from portalkompass.answers.rankings import rankings
from portalkompass.exhibit import Exhibit
from portalkompass.metrics.measures import CLICKS, CTR, IMPRESSIONS, POSITION
from portalkompass.metrics.selection import Period
from portalkompass.slide_set import SlideSet, Words

TITLE = "Wochenbericht"
SHOWN = (CLICKS, IMPRESSIONS, POSITION, CTR)
DRAWN_WEEKS, LISTED_WEEKS = 26, 5
"""Weeks of the chart, half a year, and of the table."""
_SET_UP = (LOAD_SERVICES, LOAD_PORTAL)
"""Steps that complete an installation; they are no problem of the week."""
_DAY, _WEEK = dt.timedelta(days=1), dt.timedelta(days=7)


def last_week(last_final_day: dt.date) -> Period:
    """The last week, Monday to Sunday, that ends on or before that day."""
    sunday = last_final_day - _DAY * ((last_final_day.weekday() + 1) % 7)
    return Period(sunday - _WEEK + _DAY, sunday)


def of_last_week(question: Question) -> Question | None:
    """The same question about the last week of final days, against the week before; None without a whole week."""
    every = question.archive
    week = last_week(every.end) if every else None
    if every is None or week is None or week.start < every.start:
        return None
    return _over(question, week, "previous_period")


def _over(question: Question, period: Period, compare: Compare) -> Question:
    filters = replace(question.filters, start=period.start, end=period.end, compare=compare, grain="week")
    return ask(question.warehouse, question.workspace, filters, question.settings)


def answer(question: Question) -> Answer:
    """The digest of the last week of final days, whatever the period of the question."""
    week = of_last_week(question)
    if week is None:
        return question.answer("Noch gibt es keine volle Woche mit Suchdaten.", next_steps=(LOAD_SEARCH,))
    if missing := no_search_data(week):
        return missing
    panel = outliers.weeks_of_pages(week)
    odd = outliers.page_outliers(week, panel)
    state = data_state.answer(week)
    return week.answer(
        message=f"{sentence(week, CLICKS)}.",
        exhibits=(
            _figures(week),
            outliers.table(week, odd, "outliers_pages"),
            _course(week),
            _weeks(week),
            *watch_list(week),
        ),
        figures=cards(week, headline(week, week.now)),
        caveats=(outliers.message(week, odd, panel), *events.cautions(week, "search_page_day")),
        next_steps=(
            state.message,
            *problems(week),
            *(step for step in state.next_steps if step not in _SET_UP),
        ),
    )


def slides(question: Question, alerts: Sequence[AlertState] = ()) -> SlideSet:
    """The digest as pages in the order in which it is read, alerts that hold first."""
    made, week = answer(question), of_last_week(question) or question
    state_of_data = (*made.next_steps, *(state.sentence for state in alerts if not state.raised))
    return _set(
        week,
        TITLE,
        *_raised(week, alerts),
        week.words("summary", "Die Woche", (made.message, *made.caveats), week.google),
        *made.exhibits,
        week.words("problems", "Stand der Daten", state_of_data, data_state.OWN),
    )


def alert_slides(question: Question, alerts: Sequence[AlertState]) -> SlideSet:
    """Only the alerts that hold: for a week whose digest was sent before."""
    week = of_last_week(question) or question
    return _set(week, "Alarme der Woche", *_raised(week, alerts))


def _set(week: Question, title: str, *pages: Exhibit | Words) -> SlideSet:
    lines = (week.settings.city.name, week.filters.site)
    return SlideSet(f"{title} {in_words(week.now)}", lines, pages, week.data_date, week.warehouse.sample)


def _raised(week: Question, alerts: Sequence[AlertState]) -> tuple[Words, ...]:
    """The alerts that hold, a sentence each; nothing without one."""
    told = tuple(state.sentence for state in alerts if state.raised)
    if not told:
        return ()
    return (week.words("alerts", german.count(len(told), "Alarm", "Alarme"), told, week.google),)


def _figures(week: Question) -> Exhibit:
    """Each figure with its change against the week before and against the same week a year before."""
    year = _over(week, week.now, "previous_year")
    now = headline(week, week.now)
    rows = pd.DataFrame(
        [
            (
                measure.label,
                german.value(getattr(now, measure.id), measure.format),
                compared(week, measure).words,
                compared(year, measure).words,
            )
            for measure in SHOWN
        ],
        columns=["label", "value", "change", "change_year"],
    )
    fields = columns(
        label="Kennzahl", value="Wert", change="Gegen die Woche davor", change_year="Gegen das Vorjahr"
    )
    ids = tuple(measure.id for measure in SHOWN)
    periods = tuple(period for period in (week.now, week.before, year.before) if period)
    told = "; ".join(f"{label} {value}" for label, value in zip(rows["label"], rows["value"], strict=True))
    return week.table(
        "week_figures",
        rows,
        fields,
        headline="Zahlen der Woche",
        subtitle=f"{in_words(week.now)} · gesamte Property, gegen die Woche davor und dieselbe Woche im Vorjahr "
        "(364 Tage früher)",
        told=f"Tabelle der Woche {in_words(week.now)}: {told}.",
        notes=tuple(measure.explained for measure in SHOWN),
        caution=" ".join(events.caveats(week, *periods, measures=ids)),
        over=periods,
        measures=ids,
    )


def _course(week: Question) -> Exhibit | None:
    """Clicks of the last half year by week beside those of the year before: the chart of Rankings."""
    first = max(week.now.end - DRAWN_WEEKS * _WEEK + _DAY, week.first_day or week.now.start)
    half_year = _over(week, Period(first, week.now.end), "previous_year")
    drawn = rankings.answer(half_year, rankings.COURSE).exhibits
    return next((exhibit for exhibit in drawn if exhibit.id == f"{CLICKS.id}_trend"), None)


def _weeks(week: Question) -> Exhibit | None:
    """The week and those before it, the newest first; weeks that lack days are not set beside whole ones."""
    first = week.now.end - LISTED_WEEKS * _WEEK + _DAY
    rows = trending.trend(week, Period(first, week.now.end), "week")
    whole = rows[~rows["partial"]].sort_values("bucket", ascending=False)
    if len(whole) < 2:  # noqa: PLR2004 one week is the week itself
        return None
    return week.table(
        "recent_weeks",
        whole,
        (WEEK, *measures(*SHOWN)),
        headline=f"Die letzten {german.number(len(whole))} vollen Wochen",
        subtitle="Gesamte Property, Wochen von Montag bis Sonntag mit allen Tagen",
        over=(Period(first, week.now.end),),
    )


def alert_states(question: Question) -> tuple[AlertState, ...]:
    """What the alerts of the settings say of the last week of final days; none without such a week."""
    week = of_last_week(question)
    return () if week is None else judged(week)
