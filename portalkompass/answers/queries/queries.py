"""Suchanfragen: what people look for, in which topics, and where no fitting page answers."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import estimate_rows, events, query_groups, wording
from portalkompass.answers.base.answer import Answer
from portalkompass.answers.base.grains import PAGE_QUERY, QUERY
from portalkompass.answers.base.headline import hidden_cards, hidden_shares
from portalkompass.answers.base.missing_data import no_search_data
from portalkompass.answers.base.question import Part, Question, count_card, field, measures
from portalkompass.answers.base.window_rows import answering
from portalkompass.answers.courses.both_periods import MEASURES, SUMS, both_periods
from portalkompass.answers.queries.brand_words import brand_words
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.measures import CHANGE, CLICKS, CTR, IMPRESSIONS, POSITION, Measure
from portalkompass.metrics.queries import STRONGEST, by_fit

ROWS_SHOWN, QUESTIONS_SHOWN, TOPICS_SHOWN, BARS_SHOWN, UNMET_SHOWN = 20_000, 1_000, 40, 10, 30
TOPIC = "Ein Thema sind Suchanfragen mit demselben Wort; jede gehört zu höchstens einem Thema."
LOAD_QUERIES = (
    "Suchanfragen kommen mit den Tageswerten der Search Console; die Betreuung der Anwendung kann sie laden."
)
_MEASURES = (CLICKS, CHANGE, IMPRESSIONS, CTR, POSITION)
HALF, FIRST_PAGE_END = 0.5, 10.0
"""A topic is unmet where most impressions show an unfit page, and that behind the first page."""
UNMET = (
    "Suchanfragen, bei denen Google überwiegend nur Seiten zeigt, die keine Leistungs- oder Ämterseiten sind und "
    "keiner Leistung zugeordnet, und das im Mittel hinter Platz 10. Gezählt werden Suchen, nicht Seiten. Wird nie zur "
    "Nachfrage einer Leistung addiert."
)


def answer(question: Question) -> Answer:
    """Queries with change, those that name the city and those that do not (with proposals for its names), topics,
    questions, unmet topics.
    """
    question = answering(question, "search_query_day")
    if missing := no_search_data(question, "search_query_day"):
        return missing
    listed = query_rows(question)
    if listed.empty and not question.covered("search_query_day", question.now):
        return question.answer(
            "Für den Zeitraum sind keine Suchanfragen geladen.", next_steps=(LOAD_QUERIES,)
        )
    cautions = (
        *_hidden(question),
        *events.cautions(
            question, "search_query_day", "search_page_query_day", changed=[one.id for one in MEASURES]
        ),
    )
    if listed.empty:
        least = german.count(question.least_impressions, "Impression", "Impressionen")
        none = f"Im Zeitraum {question.period} hat keine genannte Suchanfrage mindestens {least}."
        return question.answer(none, figures=hidden_cards(question), caveats=cautions)
    # Whether a page fits is judged among all pages.
    unmet = None if question.scope.by_page else unmet_exhibit(question)
    questions = listed[query_groups.is_question(listed["query"])]
    return question.answer(
        message=_message(question, listed, unmet),
        exhibits=(
            unmet,
            *_topics(question, listed),
            _table(
                question, "query_table", listed.head(ROWS_SHOWN), ("Suchanfrage", "Suchanfragen"), len(listed)
            ),
            _groups(question),
            brand_words(question, listed),
            _table(
                question, "questions", questions.head(QUESTIONS_SHOWN), ("Frage", "Fragen"), len(questions)
            )
            if len(questions)
            else None,
        ),
        figures=(
            count_card("Gelistete Suchanfragen", len(listed), _listing(question)),
            *hidden_cards(question),
            count_card(
                "Davon als Frage",
                len(questions),
                "Suchanfragen, die wie eine Frage beginnen (wie, was, wo …).",
            ),
        ),
        caveats=cautions,
    )


def query_rows(question: Question) -> pd.DataFrame:
    """Listed queries of the period with change, most clicks first; ``group`` says whether the city is named.

    Those with fewer impressions than may be listed are left out.
    """
    rows = estimate_rows.compared_queries(question)
    shown = rows[rows["impressions"] >= max(question.least_impressions, 1)].reset_index(drop=True)
    return shown.assign(group=_group(shown["query"], question))


def _group(queries: pd.Series[str], question: Question) -> pd.Series[str]:
    named = query_groups.names_city(queries, question.settings)
    return named.map({True: query_groups.WITH_CITY, False: query_groups.WITHOUT_CITY})


def _hidden(question: Question) -> tuple[str, ...]:
    """A sentence on what Google does not name; where queries are chosen, the cost of the filters says it."""
    if question.scope.by_query or (question.window and not question.window.tells_hidden):
        return ()
    share = hidden_shares(question).now
    if share is None:
        return (
            "Google verschweigt seltene Suchanfragen; wie viele Klicks zu ihnen gehören, ist nicht bekannt.",
        )
    hidden = german.percent(share, 0)
    return (f"Google verschweigt seltene Suchanfragen: {hidden} der Klicks lassen sich keiner zuordnen.",)


def _listing(question: Question) -> str:
    least = question.least_impressions
    return f"Suchanfragen, die Google nennt, mit mindestens {least} Impressionen im Zeitraum."


def _message(question: Question, listed: pd.DataFrame, unmet: Exhibit | None) -> str:
    first = listed.iloc[0]
    start = (
        f"Am häufigsten geklickt wird nach „{first['query']}“ "
        f"({german.count(first['clicks'], 'Klick', 'Klicks')}{wording.tied(listed['clicks'])}, {question.period})"
        if first["clicks"] > 0
        else f"Keine genannte Suchanfrage wurde im Zeitraum {question.period} geklickt"
    )
    return f"{start}; {unmet.headline[:1].lower()}{unmet.headline[1:]}." if unmet else f"{start}."


def _table(question: Question, id: str, rows: pd.DataFrame, noun: tuple[str, str], total: int) -> Exhibit:
    first = rows.iloc[0]
    top = f"an der Spitze „{first['query']}“" if first["clicks"] > 0 else "keine wurde geklickt"
    rows, fields, folded = both_periods(question, rows, question.factor("search_query_day"))
    days = wording.same_days(question.exposure("search_query_day"), SUMS)
    return question.table(
        id,
        rows,
        (Field("query", "Suchanfrage"), *fields, Field("group", "Marke")),
        folded=folded,
        row_key="query",
        headline=f"{german.number(total)} {noun[total != 1]}; {top}",
        subtitle=f"Die {german.number(len(rows))} meistgeklickten {noun[1]} · {question.period}"
        if len(rows) > 1
        else question.period,
        alt=f"Tabelle der {noun[1]}, {question.period}.",
        notes=(_listing(question), CHANGE.explained, *days, query_groups.CITY_RULE),
        names_queries=True,
    )


def _groups(question: Question) -> Exhibit:
    """How clicks and impressions of all named queries part between those with and without the city's name.

    A change is that of the whole group: what Google names no more counts before.
    """
    named = estimate_rows.compared_queries(question)
    rows = query_groups.summed_by(
        named.assign(group=_group(named["query"], question)), "group", question.factor("search_query_day")
    )
    headline = query_groups.NO_CLICK.format(period=question.period)
    if rows["clicks"].sum() > 0:
        share = german.percent(float(rows.loc[rows["group"] == query_groups.WITH_CITY, "share"].sum()), 0)
        headline = f"{share} der Klicks mit genannter Suchanfrage entfallen auf Suchen mit Stadtnamen"
    return question.table(
        "query_groups",
        rows,
        (
            Field("group", "Gruppe"),
            Field("queries", "Suchanfragen", "integer"),
            field(CLICKS),
            Field("share", "Anteil an genannten", "percent"),
            *measures(CHANGE, IMPRESSIONS, CTR, POSITION),
        ),
        headline=headline,
        subtitle=f"Genannte Suchanfragen mit und ohne Stadtnamen, auch seltene · {question.period}",
        alt=f"Tabelle nach Marke, {question.period}.",
        notes=(query_groups.CITY_RULE,),
    )


def _topics(question: Question, listed: pd.DataFrame) -> tuple[Exhibit, ...]:
    """The largest topics as bars, then all of them as a table."""
    strongest = listed.sort_values(["impressions", "query"], ascending=[False, True]).head(STRONGEST)
    rows = query_groups.by_topic(strongest, question.settings)
    first = rows.iloc[0]
    amount = german.count(first["queries"], "Suchanfrage", "Suchanfragen")
    shown = german.number(first["impressions"])
    table = _topic_table(
        question,
        "topics",
        rows.head(TOPICS_SHOWN),
        (IMPRESSIONS, CLICKS, CTR, POSITION),
        # Another topic may have more queries: the sentence names what the order is by.
        headline=f"„{first['topic']}“ ist das Thema mit den meisten Impressionen: {shown} bei {amount}",
        subtitle=f"Suchanfragen mit gemeinsamen Wörtern, nach Impressionen · {question.period}",
        alt=f"Tabelle der Themen, {question.period}.",
        notes=(TOPIC,),
    )
    return (_topic_bars(question, rows), table)


def _topic_table(
    question: Question, id: str, rows: pd.DataFrame, shown: tuple[Measure, ...], **parts: Part
) -> Exhibit:
    """Topics (`query_groups.by_topic`) with the number of their queries and the strongest of them."""
    own = (Field("topic", "Thema"), Field("queries", "Suchanfragen", "integer"))
    last = Field("query", "Stärkste Suchanfrage")
    return question.table(id, rows, (*own, *measures(*shown), last), names_queries=True, **parts)


def _topic_bars(question: Question, rows: pd.DataFrame) -> Exhibit:
    top = rows.head(BARS_SHOWN)
    share = top["impressions"].sum() / max(rows["impressions"].sum(), 1)
    listed = wording.listed(top["topic"], top["impressions"])
    return question.bars(
        "topic_bars",
        top,
        (Field("topic", "Thema"), *measures(IMPRESSIONS, CLICKS, CTR)),
        headline=f"Gesucht wird am meisten nach „{top.iloc[0]['topic']}“; "
        f"{german.count(len(top), 'Thema macht', 'Themen machen')} {german.percent(share, 0)} der "
        "Impressionen gelisteter Suchanfragen aus",
        subtitle=f"Impressionen gelisteter Suchanfragen je Thema · {question.period}",
        alt=f"Balken der Themen nach Impressionen, {question.period}: {listed}.",
        notes=(TOPIC, IMPRESSIONS.explained),
        names_queries=True,
        height=60 + 40 * len(top),
    )


def unmet_queries(question: Question) -> pd.DataFrame:
    """query, clicks, impressions, position, unfit_share; most impressions first."""
    same = estimate_rows.same_days(question)
    rows = estimate_rows.of_strongest(
        question,
        PAGE_QUERY,
        lambda rows, t: by_fit(
            rows, t["asked"] if same else estimate_rows.own_count(question, t), t["fitting"]
        ),
        QUERY,
        fitting=estimate_rows.fitting_pages(question),
        **({"asked": estimate_rows.strongest_sums(question)} if same else {}),
    )
    least = question.least_impressions
    unmet = rows[
        (rows["impressions"] >= least) & (rows["unfit_share"] > HALF) & (rows["position"] > FIRST_PAGE_END)
    ]
    return unmet.reset_index(drop=True)


def unmet_exhibit(question: Question) -> Exhibit | None:
    """The topics without a fitting page; nothing when every query has one."""
    queries = unmet_queries(question)
    if queries.empty:
        return None
    rows = query_groups.by_topic(queries, question.settings)
    first = rows.iloc[0]
    headline = (
        f"Für das Thema „{first['topic']}“ gibt es keine passende Seite: "
        f"{german.count(first['impressions'], 'Impression', 'Impressionen')}, "
        f"Ø{german.NBSP}Platz{german.NBSP}{german.number(first['position'], 0)}"
    )
    return _topic_table(
        question,
        "unmet_topics",
        rows.head(UNMET_SHOWN),
        (IMPRESSIONS, CLICKS, POSITION),
        headline=headline,
        subtitle=f"Ungedeckter Bedarf: Themen ohne passende Seite, nach Impressionen · {question.period}",
        alt=f"Tabelle der Themen ohne passende Seite, {question.period}.",
        notes=(UNMET,),
    )
