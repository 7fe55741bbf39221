"""Tracked queries: the team's own watch list, and what it might put on it."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import events, wording
from portalkompass.answers.base.answer import Answer
from portalkompass.answers.base.grains import QUERY
from portalkompass.answers.base.missing_data import no_search_data
from portalkompass.answers.base.question import Question, field, in_words, measures, short
from portalkompass.answers.queries.queries import query_rows
from portalkompass.answers.rankings.tracking_proposals import proposals
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.measures import CHANGE, CLICKS, IMPRESSIONS, POSITION, LazyFrame
from portalkompass.metrics.pages import compared, shown_spans
from portalkompass.metrics.queries import by_week
from portalkompass.metrics.selection import Period, within
from portalkompass.warehouse.engine import Tables
from portalkompass.workspace import tracked_queries

NOTHING = "Noch wird keine Suchanfrage beobachtet."
WHOLE_WEEKS = (
    "Wochen sind volle Wochen von Montag bis Sonntag; in leeren hat Google die Suchanfrage nicht genannt."
)
_DAY, _WEEK = dt.timedelta(days=1), dt.timedelta(days=7)


def answer(question: Question) -> Answer:
    """The watch list with the course of each query, then what data propose for it."""
    if missing := no_search_data(question, QUERY):
        return missing
    listed = query_rows(question)
    rows = tracked_rows(question)
    own = set(rows["query"])
    return question.answer(
        message=_message(question, rows),
        exhibits=(table(question, rows), proposals(question, listed[~listed["query"].isin(own)])),
        caveats=(*_unseen(question, rows), *events.cautions(question, QUERY)),
    )


def tracked_rows(question: Question) -> pd.DataFrame:
    """Each tracked query with the columns of `metrics.pages.compared`, its course and what the archive knows of it.

    Beside those: ``course`` (places of the period's whole weeks), ``last`` (the place of the newest of them), ``best``
    and ``best_week`` of the archive, ``first``, the day on which Google named it first, ``places``, the places gained
    against the period compared with. A query shown too rarely to be listed has no figures. Most clicked first.
    """
    names = [one.query for one in tracked_queries(question.workspace, question.filters.site)]
    rows = question.among(pd.DataFrame({"query": pd.Series(names, dtype="str")}))
    if rows.empty:
        return rows
    rows = rows.merge(_sums(question, rows), on="query", how="left")
    weeks, first = _weeks(question, rows[["query"]]), _first_days(question, rows[["query"]])
    rows = rows.join(weeks, on="query").join(first, on="query")
    rows["course"] = [course if isinstance(course, tuple) else () for course in rows["course"]]
    rows["places"] = rows["position_before"].astype("float64") - rows["position_like"].astype("float64")
    order = ["clicks", "impressions", "query"]
    return rows.sort_values(order, ascending=[False, False, True], na_position="last", ignore_index=True)


def _sums(question: Question, tracked: pd.DataFrame) -> pd.DataFrame:
    """Both periods of those that are shown often enough to be listed."""
    factor = question.factor(QUERY)

    def build(tables: Tables) -> LazyFrame:
        own = question.sums(tables, QUERY, *question.periods).join(tables["tracked"], on="query", how="semi")
        return compared(own, "query", *question.periods, factor)

    sums = question.warehouse.ask(build, tracked=tracked)
    return sums[sums["impressions"] >= max(question.least_impressions, 1)]


def _weeks(question: Question, tracked: pd.DataFrame) -> pd.DataFrame:
    """course, last, best and best_week by query; weeks with too few impressions to be listed count for none."""
    empty = pd.DataFrame(columns=["course", "last", "best", "best_week"])
    every, shown = _whole_weeks(question.history), _whole_weeks(question.now)
    if every is None:
        return empty

    def build(tables: Tables) -> LazyFrame:
        own = question.rows(tables, QUERY).join(tables["tracked"], on="query", how="semi")
        return by_week(within(own, every), tables["calendar"])

    weeks = question.warehouse.ask(build, tracked=tracked).dropna(subset=["position"])
    weeks = weeks[weeks["impressions"] >= max(question.least_impressions, 1)]
    if weeks.empty:
        return empty
    best = weeks.sort_values(["position", "week"]).drop_duplicates("query").set_index("query")
    found = best[["position", "week"]].set_axis(["best", "best_week"], axis=1)
    if shown is None:
        return found.assign(course=None, last=None)
    days = pd.Timestamp(shown.start), pd.Timestamp(shown.end)
    drawn = weeks[weeks["week"].between(*days)].groupby("query")["position"]
    return found.join(drawn.agg(tuple).rename("course")).join(drawn.last().rename("last"))


def _first_days(question: Question, tracked: pd.DataFrame) -> pd.DataFrame:
    """The day on which Google named each first, of those that it named often enough."""

    def build(tables: Tables) -> LazyFrame:
        own = question.rows(tables, QUERY).join(tables["tracked"], on="query", how="semi")
        return shown_spans(own, "query")

    spans = question.warehouse.ask(build, tracked=tracked)
    often = spans[spans["impressions"] >= max(question.least_impressions, 1)]
    return often.set_index("query")[["first"]]


def _whole_weeks(period: Period | None) -> Period | None:
    """The weeks, Monday to Sunday, that lie in the period with every day; None without one."""
    if period is None:
        return None
    monday = period.start + _DAY * (-period.start.weekday() % 7)
    sunday = period.end - _DAY * ((period.end.weekday() + 1) % 7)
    return Period(monday, sunday) if sunday - monday >= _WEEK - _DAY else None


def table(question: Question, rows: pd.DataFrame, id: str = "tracked_queries") -> Exhibit | None:
    """The watch list; nothing while it is empty, or Google names none of it.

    It names single queries, because the team has named them: it leaves the app in every form, but not for the public.
    """
    known = rows[rows["clicks"].notna()] if len(rows) else rows
    if known.empty:
        return None
    compares = question.like is not None and question.before is not None
    amount = german.count(len(known), "beobachtete Suchanfrage", "beobachtete Suchanfragen")
    last = field(POSITION, "last", "Letzte Woche")
    shown = (
        Field("query", "Suchanfrage"),
        Field("course", "Platz nach Wochen", "course", low_is_good=True, help=WHOLE_WEEKS),
        *([last] if known["last"].notna().any() else []),
        field(POSITION),
        *([_gained(question)] if compares else []),
        Field("best", "Bester Platz", "decimal1"),
        Field("first", "Zuerst genannt", "date"),
        *measures(CLICKS, *([CHANGE] if compares else []), IMPRESSIONS),
        Field("best_week", "Bester Platz in der Woche ab", "date"),
    )
    return question.table(
        id,
        known,
        shown,
        headline=_headline(question, known),
        subtitle=f"{amount} · {question.period}",
        alt="Tabelle der beobachteten Suchanfragen.",
        row_key="query",
        folded=("best_week", CHANGE.id, IMPRESSIONS.id) if compares else ("best_week", IMPRESSIONS.id),
        notes=(POSITION.explained, WHOLE_WEEKS, *_beginning(question, known)),
        unpublished=True,
    )


def _gained(question: Question) -> Field:
    whole = question.like is None or question.like == question.now
    label = "Plätze gewonnen" if whole or question.like is None else f"Plätze gewonnen {short(question.like)}"
    return Field("places", label, "signed")


def _headline(question: Question, known: pd.DataFrame) -> str:
    """Which query moved most; without a comparison which is clicked most."""
    both = known[known["places"].notna()]
    # As both places are printed: of 10,04 and 9,96 a reader sees 10,0 twice.
    shown = zip(both["position_before"], both["position_like"], strict=True)
    moved = both[[wording.shown_difference(then, now) != 0 for then, now in shown]]
    first = known.iloc[0]
    if moved.empty:
        return f"„{first['query']}“ steht auf Platz {german.number(first['position'], 1)}"
    first = moved.iloc[int(moved["places"].abs().to_numpy().argmax())]
    word = "gewinnt" if first["places"] > 0 else "verliert"
    amount = abs(wording.shown_difference(first["position_before"], first["position_like"]))
    places = f"{german.number(amount, 1)}{german.NBSP}{'Platz' if amount == 1 else 'Plätze'}"
    sides = f"{german.number(first['position_like'], 1)} statt {german.number(first['position_before'], 1)}"
    days = ""
    if question.like is not None and question.before is not None:
        days = f", {in_words(question.like)} gegenüber {in_words(question.before)}"
    return f"„{first['query']}“ {word} am meisten: {places} ({sides}{days})"


def _message(question: Question, rows: pd.DataFrame) -> str:
    if rows.empty:
        return NOTHING
    known = rows[rows["clicks"].notna()]
    told = german.count(len(rows), "Suchanfrage wird beobachtet", "Suchanfragen werden beobachtet")
    return f"{told}; {_headline(question, known)}." if len(known) else f"{told}."


def _unseen(question: Question, rows: pd.DataFrame) -> tuple[str, ...]:
    """A sentence on those without figures."""
    if rows.empty or rows["clicks"].notna().all():
        return ()
    names = german.listing([f"„{query}“" for query in rows.loc[rows["clicks"].isna(), "query"]])
    return (f"Im Zeitraum {question.period} von Google nicht oder zu selten genannt: {names}.",)


def _beginning(question: Question, known: pd.DataFrame) -> tuple[str, ...]:
    """Whoever was there on the first day of the archive was there before."""
    every = question.archive
    if every is None or not (known["first"] == pd.Timestamp(every.start)).any():
        return ()
    return (f"Die Daten beginnen am {german.date(every.start)}; was damals schon genannt wurde, ist älter.",)
