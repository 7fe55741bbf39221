"""Auffälligkeiten: weeks in which a page or a group of queries stands out against season and trend."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import replace

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import estimate_rows, events
from portalkompass.answers.base.answer import Answer
from portalkompass.answers.base.missing_data import no_search_data
from portalkompass.answers.base.query_groups import topics
from portalkompass.answers.base.question import Question, count_card, field
from portalkompass.answers.courses.lines import weekly_course
from portalkompass.estimates import outliers as estimate
from portalkompass.exhibit import Exhibit, Field, Mark
from portalkompass.metrics.comparison import SMALL_BASE
from portalkompass.metrics.measures import CLICKS, OUTLIER_SCORE
from portalkompass.metrics.selection import Period
from portalkompass.schema import STAFF_PAGES
from portalkompass.workspace import Annotation
from portalkompass.workspace import annotations as noted

MONTHS_NEEDED = f"Für Auffälligkeiten braucht es mindestens {estimate.LEAST_ROWS} volle Wochen mit Daten."
NEWEST = dt.timedelta(days=31)
"""A period that ends so shortly before the data date goes on to it: the newest weeks are the ones to look at."""
LONGEST_EVENT = dt.timedelta(days=31)
DAYS_A_WEEK = 7
LEAST_EXPECTED = 1.0
"""Clicks below which there is no percentage of what was expected: a page that just appeared is not 7,000,000 % up."""
RULE = (
    "Erwartet wird der Median der acht Wochen davor, bewegt um die Hälfte dessen, was dieselbe Woche im Vorjahr "
    "tat, jeweils am übrigen Portal gemessen. Wie weit Wochen von selbst abweichen, wird an allen Seiten zusammen "
    "abgelesen. Gemeldet wird, was nach Berücksichtigung aller geprüften Wochen höchstens zu 5 % Zufall ist "
    "(Benjamini-Hochberg). In Simulationen ohne Ereignis wurde in höchstens 5 von 100 Abfragen etwas gemeldet, bei "
    "Seiten mit häufigen starken Ausschlägen in 18."
)
NO_TOPICS = (
    "Themen von Suchanfragen gehören zu keiner Seite; mit einem Filter auf Seiten stehen sie nicht hier."
)
NEWEST_TOLD = "Geprüft sind auch die vollen Wochen nach dem Zeitraum, bis zum {day}."


def answer(question: Question) -> Answer:
    """Outlying weeks of pages and of topics of queries within the period, the most surprising first."""
    if missing := no_search_data(question, "search_page_day"):
        return missing
    asked, question = question, with_newest_weeks(question)
    # What is odd is told by all pages, whichever of them are looked at.
    every = question.of(question.scope.without_pages)
    weeks = weeks_of_pages(every)
    pages = question.among(page_outliers(every, weeks))
    groups, judged = topic_outliers(every), ["search_page_day", "search_query_day"]
    if question.scope.by_page:
        groups, judged = groups.head(0), judged[:1]
    exhibits = (
        _course(question, pages, weeks),
        table(question, pages, "outliers_pages"),
        table(question, groups, "outliers_topics"),
    )
    return question.answer(
        message=message(question, pages, weeks),
        exhibits=exhibits,
        figures=(
            count_card("Auffällige Wochen", len(pages), RULE),
            count_card(
                "Betroffene Seiten",
                pages["key"].nunique(),
                "Seiten mit mindestens einer auffälligen Woche.",
            ),
            count_card(
                "Auffällige Themenwochen",
                len(groups),
                "Wochen von Themen der Suchanfragen. " + RULE,
            ),
        ),
        caveats=(
            *_newest(asked, question),
            *((NO_TOPICS,) if question.scope.by_page else ()),
            *events.gaps(every, *judged, weeks=True),
            *events.caveats(question, measures=(CLICKS.id,)),
        ),
        next_steps=(MONTHS_NEEDED,) if len(weeks) < estimate.LEAST_ROWS else (),
    )


def with_newest_weeks(question: Question) -> Question:
    """The same question up to the data date, where its period ends within a month of that."""
    last = question.data_date
    if last is None or not question.now.end < last <= question.now.end + NEWEST:
        return question
    return dataclasses.replace(question, now=Period(question.now.start, last))


def _newest(asked: Question, question: Question) -> tuple[str, ...]:
    if asked.now == question.now:
        return ()
    return (NEWEST_TOLD.format(day=german.date(question.now.end)),)


def weeks_of_pages(question: Question) -> pd.DataFrame:
    """The panel that pages are judged in: whole weeks × pages, without the folded staff pages."""
    return estimate_rows.page_weeks(question).drop(columns=STAFF_PAGES, errors="ignore")


def page_outliers(question: Question, weeks: pd.DataFrame) -> pd.DataFrame:
    """Columns of ``estimates.outliers`` with label, url and event, within the period; ``weeks`` by page."""
    odd = estimate.outliers(weeks, _weeks(question, weeks))
    names = estimate_rows.page_labels(question)
    return _noted(question, odd.assign(label=odd["key"].map(names), url=odd["key"]))


def topic_outliers(question: Question) -> pd.DataFrame:
    """The same of topics of listed queries."""
    weeks = estimate_rows.query_weeks(question)
    if weeks.empty:
        return _noted(question, estimate.outliers(weeks, 1).assign(label="", url=""))
    shown = pd.DataFrame({"query": weeks.columns, "impressions": weeks.sum().to_numpy()})
    strongest = shown.sort_values(["impressions", "query"], ascending=[False, True])
    topic = topics(strongest, question.settings).set_axis(strongest["query"])
    named = topic[topic != ""]
    grouped = weeks[list(named.index)].T.groupby(named).sum().T
    odd = estimate.outliers(grouped, _weeks(question, weeks))
    return _noted(question, odd.assign(label=odd["key"], url=""))


def _weeks(question: Question, panel: pd.DataFrame) -> int:
    """Weeks of the calendar that begin within the period, up to the last one of the panel; 0 without any."""
    if panel.empty:
        return 0
    days = (panel.index[-1] - pd.Timestamp(question.now.start)).days
    return max(int(days // DAYS_A_WEEK) + 1, 0)


def _noted(question: Question, rows: pd.DataFrame) -> pd.DataFrame:
    """``event`` names what happened in that week; what lasted longer than a month explains no single week."""
    every = noted(
        question.workspace, first=question.now.start, last=question.now.end, site=question.filters.site
    )
    concerning = [event for event in every if question.touched_by(event)]
    short = [event for event in concerning if event.last_day - event.date <= LONGEST_EVENT]
    named = [replace(event, scope_url=question.url_today(event.scope_url)) for event in short]
    names = [_event(named, week.date(), url) for week, url in zip(rows["week"], rows["url"], strict=True)]
    return rows.assign(event=pd.Series(names, index=rows.index, dtype="str"))


def _event(events: list[Annotation], monday: dt.date, url: str) -> str:
    sunday = monday + dt.timedelta(days=6)
    touched = [event for event in events if event.date <= sunday and event.last_day >= monday]
    return "; ".join(event.label for event in touched if event.scope_url in ("", url))


def message(question: Question, pages: pd.DataFrame, weeks: pd.DataFrame) -> str:
    """What stands out; that nothing does only where something was looked at."""
    judged = len(weeks) >= estimate.LEAST_ROWS and _weeks(question, weeks) > 0
    if not judged:
        return f"Im Zeitraum {question.period} lässt sich nichts prüfen: Es fehlen volle Wochen oder deren Vorlauf."
    if pages.empty:
        return f"Keine Seite fällt im Zeitraum {question.period} aus ihrem üblichen Verlauf."
    first = pages.iloc[0]
    return f"Am stärksten fällt „{first['label']}“ auf: in der Woche ab {german.date(first['week'])} {_apart(first)}."


def _apart(week: pd.Series[float]) -> str:
    """How far a week is from what was expected; where that was little, in clicks: of 1, a percentage says nothing."""
    clicks, expected = float(week["clicks"]), float(week["expected"])
    if expected < SMALL_BASE:
        return f"{german.count(clicks, 'Klick', 'Klicks')}, erwartet waren {german.number(expected)}"
    ratio = clicks / expected - 1
    return f"{german.percent(abs(ratio), 0)} {'mehr' if ratio > 0 else 'weniger'} Klicks als erwartet"


def _course(question: Question, pages: pd.DataFrame, weeks: pd.DataFrame) -> Exhibit | None:
    """The page that stands out most, week by week, with what was expected; its odd weeks are marked."""
    if pages.empty:
        return None
    first = pages.iloc[0]
    course = estimate.course(weeks, str(first["key"]))
    course = course[course["week"] >= pd.Timestamp(question.now.start)]
    odd = sorted(pages.loc[pages["key"] == first["key"], "week"])
    spans = [(begin.date(), (end + pd.Timedelta(days=6)).date()) for begin, end in _runs(odd)]
    marks = tuple(
        Mark(begin, "auffällig", f"Auffällig weit neben dem Erwarteten: {german.period(begin, end)}.", end)
        for begin, end in spans
    )
    amount, worst = german.count(len(odd), "Woche liegt", "Wochen liegen"), german.date(first["week"])
    start, end = course["week"].min(), course["week"].max()
    return weekly_course(
        question,
        "outlier_course",
        course,
        {"actual": "Tatsächlich", "expected": "Erwartet"},
        estimate=OUTLIER_SCORE,
        headline=f"„{first['label']}“: {amount} weit neben dem Erwarteten, am weitesten ab {worst}",
        subtitle=f"Klicks je Woche auf „{first['label']}“, tatsächlich und erwartet · "
        f"{german.period(start.date(), (end + pd.Timedelta(days=6)).date())}",
        details=f": {german.number(first['clicks'])} statt {german.number(first['expected'])} Klicks",
        marks=(*marks, *events.marks(question, start.date(), end.date(), (CLICKS.id,))),
        notes=(RULE,),
    )


def _runs(weeks: list[pd.Timestamp]) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    """First and last of each run of weeks that follow each other."""
    runs: list[tuple[pd.Timestamp, pd.Timestamp]] = []
    for week in weeks:
        if runs and (week - runs[-1][1]).days == DAYS_A_WEEK:
            runs[-1] = (runs[-1][0], week)
        else:
            runs.append((week, week))
    return runs


def table(question: Question, rows: pd.DataFrame, id: str) -> Exhibit | None:
    """The outlying weeks of pages or topics in rows; nothing without any."""
    if rows.empty:
        return None
    pages = id == "outliers_pages"
    period, noun = question.period, "Seite" if pages else "Thema"
    amount = german.count(len(rows), "auffällige Woche", "auffällige Wochen")
    first = rows.iloc[0]
    return question.table(
        id,
        rows.assign(ratio=rows["ratio"].where(rows["expected"] >= LEAST_EXPECTED)),
        (
            Field("label", noun),
            Field("week", "Woche ab", "date"),
            field(CLICKS),
            Field("expected", "Erwartet", "integer", "Klicks"),
            Field("ratio", "Unterschied", "percent_change"),
            field(OUTLIER_SCORE),
            Field("event", "Bekanntes Ereignis"),
            *((Field("url", "Adresse", "link"),) if pages else ()),
        ),
        headline=f"{amount}; am stärksten „{first['label']}“ ab {german.date(first['week'])}",
        subtitle=f"Wochenwerte je {noun} gegen Saison und Trend · {period}",
        alt=f"Tabelle auffälliger Wochen je {noun}, {period}.",
        notes=(RULE, OUTLIER_SCORE.explained),
        names_queries=not pages,
        row_key="url" if pages else "",
    )
