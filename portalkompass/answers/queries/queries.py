"""Suchanfragen: what people look for, in which topics, and where no fitting page answers."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from portalkompass import german
from portalkompass.answers.base import events, wording
from portalkompass.answers.base.answer import Answer
from portalkompass.answers.base.headline import hidden_card, hidden_shares
from portalkompass.answers.base.missing_data import no_search_data
from portalkompass.answers.base.query_groups import (
    CITY_RULE,
    WITH_CITY,
    WITHOUT_CITY,
    by_topic,
    is_question,
    names_city,
    summed_by,
)
from portalkompass.answers.base.question import Question, count_card, field
from portalkompass.answers.queries.brand_words import brand_words
from portalkompass.answers.queries.unmet_rows import unmet_exhibit
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.measures import CHANGE, CLICKS, CTR, IMPRESSIONS, POSITION, LazyFrame
from portalkompass.metrics.pages import compared
from portalkompass.metrics.queries import STRONGEST
from portalkompass.warehouse.engine import Tables

ROWS_SHOWN, QUESTIONS_SHOWN, TOPICS_SHOWN, BARS_SHOWN = 500, 100, 40, 10
TOPIC = "Ein Thema sind Suchanfragen mit demselben Wort; jede gehört zu höchstens einem Thema."
LOAD_QUERIES = "Suchanfragen laden: „python -m etl run“ holt sie mit den Tagesdaten der Search Console."
_MEASURES = (CLICKS, CHANGE, IMPRESSIONS, CTR, POSITION)


def answer(question: Question) -> Answer:
    """Queries with change, those that name the city and those that do not (with proposals for its names), topics,
    questions, unmet topics.
    """
    if missing := no_search_data(question):
        return missing
    listed = query_rows(question)
    if listed.empty:
        return question.answer(
            "Für den Zeitraum sind keine Suchanfragen geladen.", next_steps=(LOAD_QUERIES,)
        )
    unmet = unmet_exhibit(question)
    questions = listed[is_question(listed["query"])]
    return question.answer(
        message=_message(question, listed, unmet),
        exhibits=(
            unmet,
            *_topics(question, listed),
            _table(question, "query_table", listed.head(ROWS_SHOWN), "Suchanfragen", len(listed)),
            _groups(question, listed),
            brand_words(question, listed),
            _table(question, "questions", questions.head(QUESTIONS_SHOWN), "Fragen", len(questions))
            if len(questions)
            else None,
        ),
        figures=(
            count_card("Genannte Suchanfragen", len(listed), _listing(question)),
            hidden_card(question),
            count_card(
                "Davon als Frage",
                len(questions),
                "Suchanfragen, die wie eine Frage beginnen (wie, was, wo …).",
            ),
        ),
        caveats=(_hidden(question), *events.cautions(question, "search_query_day", "search_page_query_day")),
    )


def query_rows(question: Question) -> pd.DataFrame:
    """Listed queries of the period with change, most clicks first; ``group`` says whether the city is named.

    Those with fewer impressions than may be listed are left out.
    """
    least, factor = question.least_impressions, question.factor("search_query_day")

    def build(tables: Tables) -> LazyFrame:
        days = question.sums(tables, "search_query_day", *question.periods)
        queries = compared(days, "query", *question.periods, factor)
        seen = queries.filter(nw.col("impressions") >= max(least, 1))
        return seen.sort("clicks", "impressions", "query", descending=[True, True, False])

    shown = question.warehouse.ask(build)
    named = names_city(shown["query"], question.settings)
    return shown.assign(group=named.map({True: WITH_CITY, False: WITHOUT_CITY}))


def _listing(question: Question) -> str:
    least = question.least_impressions
    return f"Suchanfragen, die Google nennt, mit mindestens {least} Impressionen im Zeitraum."


def _hidden(question: Question) -> str:
    share = german.percent(hidden_shares(question).now, 0)
    return f"Google verschweigt seltene Suchanfragen: {share} der Klicks lassen sich keiner zuordnen."


def _message(question: Question, listed: pd.DataFrame, unmet: Exhibit | None) -> str:
    first = listed.iloc[0]
    start = (
        f"Am häufigsten geklickt wird nach „{first['query']}“ "
        f"({german.count(first['clicks'], 'Klick', 'Klicks')}, {question.period})"
    )
    return f"{start}; {unmet.headline[:1].lower()}{unmet.headline[1:]}." if unmet else f"{start}."


def _table(question: Question, id: str, rows: pd.DataFrame, noun: str, total: int) -> Exhibit:
    first = rows.iloc[0]
    headline = f"{german.number(total)} {noun}; an der Spitze „{first['query']}“"
    return question.exhibit(
        id,
        "table",
        rows[["query", "group", *(measure.id for measure in _MEASURES)]],
        (
            Field("query", "Suchanfrage"),
            *(question.field(measure) for measure in _MEASURES),
            Field("group", "Marke"),
        ),
        headline=headline,
        subtitle=f"Die {german.number(len(rows))} meistgeklickten {noun} · {question.period}",
        alt=f"Tabelle der {noun}, {question.period}. {headline}.",
        notes=(_listing(question), CHANGE.explained, CITY_RULE),
        names_queries=True,
    )


def _groups(question: Question, listed: pd.DataFrame) -> Exhibit:
    """How clicks and impressions part between queries with and without the city's name."""
    rows = summed_by(listed, "group", question.factor("search_query_day"))
    named = float(rows.loc[rows["group"] == WITH_CITY, "share"].sum())
    headline = (
        f"{german.percent(named, 0)} der Klicks mit genannter Suchanfrage kommen von Suchen mit Stadtnamen"
    )
    return question.exhibit(
        "query_groups",
        "table",
        rows,
        (
            Field("group", "Gruppe"),
            Field("queries", "Suchanfragen", "integer"),
            field(CLICKS),
            Field("share", "Anteil an genannten", "percent"),
            *(question.field(measure) for measure in (CHANGE, IMPRESSIONS, CTR, POSITION)),
        ),
        headline=headline,
        subtitle=f"Suchanfragen mit und ohne Stadtnamen · {question.period}",
        alt=f"Tabelle nach Marke, {question.period}. {headline}.",
        notes=(CITY_RULE,),
    )


def _topics(question: Question, listed: pd.DataFrame) -> tuple[Exhibit, ...]:
    """The largest topics as bars, then all of them as a table."""
    strongest = listed.sort_values(["impressions", "query"], ascending=[False, True]).head(STRONGEST)
    rows = by_topic(strongest, question.settings)
    first = rows.iloc[0]
    amount = german.count(first["queries"], "Suchanfrage", "Suchanfragen")
    headline = f"Das größte Thema ist „{first['topic']}“ mit {amount}"
    table = question.exhibit(
        "topics",
        "table",
        rows.head(TOPICS_SHOWN),
        (
            Field("topic", "Thema"),
            Field("queries", "Suchanfragen", "integer"),
            field(IMPRESSIONS),
            field(CLICKS),
            field(CTR),
            field(POSITION),
            Field("query", "Stärkste Suchanfrage"),
        ),
        headline=headline,
        subtitle=f"Suchanfragen mit gemeinsamen Wörtern, nach Impressionen · {question.period}",
        alt=f"Tabelle der Themen, {question.period}. {headline}.",
        notes=(TOPIC,),
        names_queries=True,
    )
    return (_topic_bars(question, rows), table)


def _topic_bars(question: Question, rows: pd.DataFrame) -> Exhibit:
    top = rows.head(BARS_SHOWN)
    share = top["impressions"].sum() / max(rows["impressions"].sum(), 1)
    headline = (
        f"Gesucht wird am meisten nach „{top.iloc[0]['topic']}“; "
        f"{german.count(len(top), 'Thema macht', 'Themen machen')} {german.percent(share, 0)} der genannten "
        "Impressionen aus"
    )
    listed = wording.listed(top["topic"], top["impressions"])
    return question.exhibit(
        "topic_bars",
        "bar",
        top[["topic", "impressions", "clicks", "ctr"]],
        (Field("topic", "Thema"), field(IMPRESSIONS), field(CLICKS), field(CTR)),
        headline=headline,
        subtitle=f"Impressionen genannter Suchanfragen je Thema · {question.period}",
        alt=f"Balken der Themen nach Impressionen, {question.period}: {listed}.",
        x="impressions",
        y="topic",
        notes=(TOPIC, IMPRESSIONS.explained),
        names_queries=True,
        height=60 + 40 * len(top),
    )
