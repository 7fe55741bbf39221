"""Auffälligkeiten: weeks in which a page or a group of queries stands out against season and trend."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import estimate_rows, events
from portalkompass.answers.base.answer import Answer
from portalkompass.answers.base.lines import weekly_course
from portalkompass.answers.base.missing_data import no_search_data
from portalkompass.answers.base.query_groups import topics
from portalkompass.answers.base.question import Question, count_card, field
from portalkompass.estimates import outliers as estimate
from portalkompass.exhibit import Exhibit, Field, Mark
from portalkompass.metrics.measures import CLICKS, OUTLIER_SCORE
from portalkompass.schema import STAFF_PAGES
from portalkompass.workspace import Annotation
from portalkompass.workspace import annotations as noted

MONTHS_NEEDED = "Für Auffälligkeiten braucht es mindestens 17 volle Wochen mit Daten."
LONGEST_EVENT = dt.timedelta(days=31)
DAYS_A_WEEK = 7
RULE = (
    "Erwartet wird der Median der acht Wochen davor, bewegt um die Hälfte dessen, was dieselbe Woche im Vorjahr "
    "tat, jeweils am übrigen Portal gemessen. Gemeldet wird, was nach Berücksichtigung aller geprüften Wochen "
    "höchstens zu 5 % Zufall ist (Benjamini-Hochberg)."
)


def answer(question: Question) -> Answer:
    """Outlying weeks of pages and of topics of queries within the period, the most surprising first."""
    if missing := no_search_data(question):
        return missing
    weeks = estimate_rows.page_weeks(question).drop(columns=STAFF_PAGES, errors="ignore")
    pages = page_outliers(question, weeks)
    groups = topic_outliers(question)
    exhibits = (
        _course(question, pages, weeks),
        _table(question, pages, "outliers_pages"),
        _table(question, groups, "outliers_topics"),
    )
    return question.answer(
        message=_message(question, pages),
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
        caveats=events.caveats(question),
        next_steps=() if any(exhibits) else (MONTHS_NEEDED,),
    )


def page_outliers(question: Question, weeks: pd.DataFrame) -> pd.DataFrame:
    """Columns of ``estimates.outliers`` with label, url and event, within the period; ``weeks`` by page."""
    odd = estimate.outliers(weeks, _weeks(question))
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
    odd = estimate.outliers(grouped, _weeks(question))
    return _noted(question, odd.assign(label=odd["key"], url=""))


def _weeks(question: Question) -> int:
    return max((question.now.end - question.now.start).days // 7, 1)


def _noted(question: Question, rows: pd.DataFrame) -> pd.DataFrame:
    """``event`` names what happened in that week; what lasted longer than a month explains no single week."""
    every = noted(
        question.workspace, first=question.now.start, last=question.now.end, site=question.filters.site
    )
    short = [event for event in every if (event.end_date or event.date) - event.date <= LONGEST_EVENT]
    named = [replace(event, scope_url=question.url_today(event.scope_url)) for event in short]
    names = [_event(named, week.date(), url) for week, url in zip(rows["week"], rows["url"], strict=True)]
    return rows.assign(event=pd.Series(names, index=rows.index, dtype="str"))


def _event(events: list[Annotation], monday: dt.date, url: str) -> str:
    sunday = monday + dt.timedelta(days=6)
    touched = [event for event in events if event.date <= sunday and (event.end_date or event.date) >= monday]
    return "; ".join(event.label for event in touched if event.scope_url in ("", url))


def _message(question: Question, pages: pd.DataFrame) -> str:
    if pages.empty:
        return f"Keine Seite fällt im Zeitraum {question.period} aus ihrem üblichen Verlauf."
    first = pages.iloc[0]
    more = "mehr" if first["ratio"] > 0 else "weniger"
    return (
        f"Am stärksten fällt „{first['label']}“ auf: in der Woche ab {german.date(first['week'])} "
        f"{german.percent(abs(first['ratio']), 0)} {more} Klicks als erwartet."
    )


def _course(question: Question, pages: pd.DataFrame, weeks: pd.DataFrame) -> Exhibit | None:
    """The page that stands out most, week by week, with what was expected; its odd weeks are marked."""
    if pages.empty:
        return None
    first = pages.iloc[0]
    course = estimate.course(weeks, str(first["key"])).tail(_weeks(question))
    odd = sorted(pages.loc[pages["key"] == first["key"], "week"])
    marks = tuple(_mark(begin.date(), (end + pd.Timedelta(days=6)).date()) for begin, end in _runs(odd))
    amount = german.count(len(odd), "Woche liegt", "Wochen liegen")
    headline = f"„{first['label']}“: {amount} weit neben dem Erwarteten, am weitesten ab {german.date(first['week'])}"
    start, end = course["week"].min(), course["week"].max()
    return weekly_course(
        question,
        "outlier_course",
        course,
        {"actual": "Tatsächlich", "expected": "Erwartet"},
        headline=headline,
        subtitle=f"Klicks je Woche auf „{first['label']}“, tatsächlich und erwartet · "
        f"{german.period(start.date(), (end + pd.Timedelta(days=6)).date())}",
        details=f": {german.number(first['clicks'])} statt {german.number(first['expected'])} Klicks",
        marks=(*marks, *events.marks(question, start.date(), end.date())),
        notes=(RULE,),
    )


def _mark(monday: dt.date, sunday: dt.date) -> Mark:
    sentence = f"Auffällig weit neben dem Erwarteten: {german.period(monday, sunday)}."
    return Mark(monday, "auffällig", sentence, sunday)


def _runs(weeks: list[pd.Timestamp]) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    """First and last of each run of weeks that follow each other."""
    runs: list[tuple[pd.Timestamp, pd.Timestamp]] = []
    for week in weeks:
        if runs and (week - runs[-1][1]).days == DAYS_A_WEEK:
            runs[-1] = (runs[-1][0], week)
        else:
            runs.append((week, week))
    return runs


def _table(question: Question, rows: pd.DataFrame, id: str) -> Exhibit | None:
    if rows.empty:
        return None
    pages = id == "outliers_pages"
    period, noun = question.period, "Seite" if pages else "Thema"
    amount = german.count(len(rows), "auffällige Woche", "auffällige Wochen")
    first = rows.iloc[0]
    fields = (
        Field("label", noun),
        Field("week", "Woche ab", "date"),
        field(CLICKS),
        Field("expected", "Erwartet", "integer", "Klicks"),
        Field("ratio", "Unterschied", "percent_change"),
        field(OUTLIER_SCORE),
        Field("event", "Bekanntes Ereignis"),
        *((Field("url", "Adresse", "link"),) if pages else ()),
    )
    return question.table(
        id,
        rows,
        fields,
        headline=f"{amount}; am stärksten „{first['label']}“ ab {german.date(first['week'])}",
        subtitle=f"Wochenwerte je {noun} gegen Saison und Trend · {period}",
        alt=f"Tabelle auffälliger Wochen je {noun}, {period}.",
        notes=(RULE, OUTLIER_SCORE.explained),
        names_queries=not pages,
        row_key="url" if pages else "",
    )
