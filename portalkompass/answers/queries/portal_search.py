"""Suche im Portal: what people look for on the portal itself and do not find, beside what they ask Google.

Searches in the portal are counted by the portal's own statistics, queries by Google: they are set side by side by one
spelling, and never added.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import narwhals as nw
import pandas as pd

from portalkompass import german
from portalkompass.answers.base import events
from portalkompass.answers.base.answer import Answer, Figure
from portalkompass.answers.base.estimate_rows import compared_queries
from portalkompass.answers.base.grains import QUERY
from portalkompass.answers.base.periods import base_periods, spans_in_words, without_gaps
from portalkompass.answers.base.query_groups import city_pattern
from portalkompass.answers.base.question import Question, count_card, field
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.measures import CLICKS, IMPRESSIONS, LazyFrame
from portalkompass.metrics.selection import Period, whole_periods
from portalkompass.schema import ALL_SEARCHES, NO_RESULT, PERSONAL_SEARCH
from portalkompass.spelling import words
from portalkompass.suppression import SMALLEST, hidden_name, told
from portalkompass.warehouse.engine import Tables

TABLE = "portal_search"
BARS_SHOWN, ROWS_SHOWN = 10, 20_000
SEARCHES = Field("searches", "Suchen im Portal", "integer", "Suchen im Portal")
UNFOUND = Field(
    "without_result",
    "davon ohne Treffer",
    "integer",
    help="Suchen nach einem Wort, das mindestens einmal keinen Treffer hatte.",
)
COUNTS = (SEARCHES.name, UNFOUND.name)
HIDDEN = hidden_name(UNFOUND.name)
LOWER = "Wo ein Monat verdeckt ist, zeigt der Balken die untere Grenze."
_GOOGLE = tuple(field(measure, label=f"{measure.label} bei Google") for measure in (CLICKS, IMPRESSIONS))
NOTES = (
    "Suchen im Portal zählt die Portalstatistik (Besuche, die danach suchten), Suchanfragen zählt Google; verbunden "
    "sind sie durch dieselbe Schreibweise (mit oder ohne den Namen der Stadt) und werden nie addiert.",
    f"Genannt werden Wörter mit mindestens {SMALLEST} Suchen in einem Monat; Monate mit weniger sind verdeckt, Summen "
    "mit ihnen stehen als Spanne, gereiht nach ihrer unteren Grenze. Gezählt werden ganze, abgeschlossene Monate. Was "
    "nach einer persönlichen Angabe aussieht, wird schon beim Laden ersetzt und zählt hier nicht mit.",
)
LOAD = (
    "Matomo anbinden (die Suche im Portal wird mitgeladen), oder dessen Berichte „Suchbegriffe“ und „Suchbegriffe ohne "
    "Treffer“ als CSV unter „Daten“ hochladen."
)


def answer(question: Question) -> Answer:
    """Words without a result first, then all of them; only whole base periods of the portal's reports count."""
    spans = _spans(question)
    if not spans:
        return question.answer(_nothing(question), next_steps=(LOAD,))
    rows = search_rows(question)
    named = _beside_google(question, rows[rows["told"]].reset_index(drop=True))
    unfound = named[(named["without_result"] > 0) | (named[HIDDEN] != "")].sort_values(
        ["without_result", "keyword"], ascending=[False, True]
    )
    return question.answer(
        _message(question, named, unfound),
        (_unfound(question, unfound), _bars(question, named), _table(question, named)),
        _cards(rows),
        caveats=(
            *NOTES[:1],
            *filter(None, (events.missing_reports("über die Suche im Portal", spans),)),
            *dict.fromkeys(text for part in _reported(question) for text in events.gaps(part, QUERY)),
        ),
    )


def _reported(question: Question) -> tuple[Question, ...]:
    """The same question about each span of days with reports, and nothing to compare them with."""
    return tuple(replace(question, now=span, like=None, before=None) for span in _spans(question))


def search_rows(question: Question) -> pd.DataFrame:
    """keyword, searches, without_result, told, those most searched for first.

    A count from 1 to 4 is hidden in its base period (`periods.base_periods`), whatever is asked: both columns sum the
    shown ones, ``…_below`` counts the hidden ones, and ``…_hidden`` says what stands in place of such a sum. ``told``
    is a word with a shown count of searches. So no difference of two periods or of a total tells a hidden count.
    """
    reports = _reports(question)
    cells = reports.groupby(["keyword", "first", "last"], as_index=False)[["every", "without_result"]].sum()
    # What looked like something personal is in no sum: the others' would tell it.
    cells = cells[cells["keyword"] != PERSONAL_SEARCH]
    # Where only the report of searches without a result is loaded, these are all that is known, and may be told.
    cells = cells.assign(searches=cells[["every", "without_result"]].max(axis=1))
    for name in COUNTS:
        small = cells[name].between(1, SMALLEST - 1)
        cells = cells.assign(**{f"{name}_below": small.astype("int64"), name: cells[name].where(~small, 0)})
    sums = [*COUNTS, *(f"{name}_below" for name in COUNTS)]
    rows = cells.groupby("keyword", as_index=False)[sums].sum()
    words = {
        hidden_name(name): [
            _in_place(known, below) for known, below in zip(rows[name], rows[f"{name}_below"], strict=True)
        ]
        for name in COUNTS
    }
    return rows.assign(told=rows["searches"] > 0, **words).sort_values(
        ["searches", "keyword"], ascending=[False, True], ignore_index=True
    )


def _reports(question: Question) -> pd.DataFrame:
    """keyword, period_start, period_end, first, last, every, without_result: of the base periods that lie in the period
    with every day and are over. Of a month that still grows, two states of it would give the days between.
    """

    def build(tables: Tables) -> LazyFrame:
        own = whole_periods(question.own(tables, TABLE), question.now)
        unfound = nw.when(nw.col("report") == NO_RESULT).then(nw.col("searches")).otherwise(0)
        every = nw.when(nw.col("report") == ALL_SEARCHES).then(nw.col("searches")).otherwise(0)
        return (
            own.with_columns(every.alias("every"), unfound.alias("without_result"))
            .group_by("keyword", "period_start", "period_end")
            .agg(nw.col("every").sum(), nw.col("without_result").sum())
            .sort("keyword", "period_start", "period_end")
        )

    def make() -> pd.DataFrame:
        if not question.warehouse.holds(TABLE):
            columns = ["keyword", "period_start", "period_end", "first", "last", "every", "without_result"]
            return pd.DataFrame(columns=columns)
        rows = base_periods(question.warehouse.ask(build))
        held = _held(question)
        until = min(question.now.end, held[-1].end) if held else question.now.end
        return rows[
            (rows["first"] >= pd.Timestamp(question.now.start)) & (rows["last"] <= pd.Timestamp(until))
        ]

    return question.once("portal search", make, question.now)


def _beside_google(question: Question, rows: pd.DataFrame) -> pd.DataFrame:
    """With clicks and impressions of the listed queries that are the same but for spelling and the city's name; missing
    where there is none. Of the days of the portal's reports, whatever the period holds besides.
    """
    queries = _queries(question) if question.has_rows(QUERY) else pd.DataFrame()
    if queries.empty:
        return rows.assign(clicks=float("nan"), impressions=float("nan"))
    city = re.compile(city_pattern(question.settings) or "(?!)")
    keys = queries["query"].map(lambda query: _key(query, city))
    google = queries.assign(key=keys).groupby("key")[["clicks", "impressions"]].sum()
    own = rows.assign(key=rows["keyword"].map(lambda word: _key(word, city)))
    return own.join(google, on="key").drop(columns="key")


def _queries(question: Question) -> pd.DataFrame:
    """query, clicks, impressions of the days with reports, of queries with as many impressions as may be listed."""
    parts = [compared_queries(part)[["query", "clicks", "impressions"]] for part in _reported(question)]
    rows = pd.concat(parts).groupby("query", as_index=False).sum()
    return rows[rows["impressions"] >= max(question.least_impressions, 1)]


def _key(text: str, city: re.Pattern[str]) -> str:
    """The folded words without those that name the city, which nobody types on its own portal."""
    return " ".join(word for word in words(text) if not city.search(word)) or " ".join(words(text))


def _nothing(question: Question) -> str:
    held = _held(question)
    if not held:
        return "Noch ist keine Suche im Portal geladen."
    return (
        f"Im Zeitraum {question.period} liegt kein ganzer Bericht über die Suche im Portal; geladen ist "
        f"{spans_in_words(held)}."
    )


def _held(question: Question) -> tuple[Period, ...]:
    """The days of all reports of the property, as spans without a gap."""
    if not question.warehouse.holds(TABLE):
        return ()
    days = question.warehouse.ask(
        lambda t: question.own(t, TABLE).group_by("period_start", "period_end").agg(nw.len().alias("rows"))
    )
    return _without_gaps(days)


def _spans(question: Question) -> tuple[Period, ...]:
    """The days of the reports that count, as spans without a gap."""
    return _without_gaps(_reports(question))


def _without_gaps(days: pd.DataFrame) -> tuple[Period, ...]:
    pairs = days[["period_start", "period_end"]].drop_duplicates().itertuples(index=False, name=None)
    return without_gaps(Period(first.date(), last.date()) for first, last in pairs)


def _span(question: Question) -> str:
    return spans_in_words(_spans(question))


def _message(question: Question, named: pd.DataFrame, unfound: pd.DataFrame) -> str:
    if named.empty:
        return (
            f"{_span(question)}: Im Portal wurde nach keinem Wort mindestens {SMALLEST}-mal im Monat gesucht."
        )
    first = named.iloc[0]
    said = (
        f"{_span(question)}: Im Portal wird am meisten nach „{first['keyword']}“ gesucht ({_searches(first)})"
    )
    if unfound.empty:
        return f"{said}."
    lost = unfound.iloc[0]
    amount = lost[HIDDEN] or german.number(lost["without_result"])
    return f"{said}; am häufigsten ohne Treffer bleibt „{lost['keyword']}“ ({amount})."


def _in_place(known: int, below: int) -> str:
    """What stands in the place of a sum with so many hidden counts; "" without any."""
    return told(known, below, 0) if below else ""


def _searches(row: pd.Series[Any]) -> str:
    """12 Suchen, or what stands in their place: 12 bis 16 Suchen."""
    hidden = row[hidden_name("searches")]
    return f"{hidden} Suchen" if hidden else german.count(row["searches"], "Suche", "Suchen")


def _cards(rows: pd.DataFrame) -> tuple[Figure, ...]:
    return (
        _sum_card(rows, "searches", "Suchen im Portal", " ".join(NOTES)),
        _sum_card(rows, "without_result", "Ohne Treffer", UNFOUND.help),
        count_card(
            "Genannte Wörter",
            int(rows["told"].sum()),
            f"Wörter mit mindestens {SMALLEST} Suchen in einem Monat.",
        ),
    )


def _sum_card(rows: pd.DataFrame, name: str, label: str, meaning: str) -> Figure:
    """The sum of all words, as far as their base periods may be told; rare words are in the span."""
    known, below = int(rows[name].sum()), int(rows[f"{name}_below"].sum())
    number = None if below else float(known)
    return Figure(label, _in_place(known, below) or german.number(known), meaning, number=number)


def _unfound(question: Question, unfound: pd.DataFrame) -> Exhibit | None:
    """What people look for on the portal and do not find."""
    if unfound.empty:
        return None
    words = german.count(len(unfound), "Wort führt", "Wörter führen")
    return _words(
        question,
        "portal_search_unfound",
        unfound,
        headline=f"{words} ohne Treffer ins Leere, am häufigsten „{unfound.iloc[0]['keyword']}“",
        subtitle=f"Suchen im Portal ohne Treffer, daneben dieselbe Suchanfrage bei Google · {_span(question)}",
        alt="Tabelle der Suchen ohne Treffer:",
    )


def _table(question: Question, named: pd.DataFrame) -> Exhibit | None:
    if named.empty:
        return None
    headline = f"{german.count(len(named), 'Wort', 'Wörter')} im Portal gesucht"
    if any(part.covered(QUERY, part.now) for part in _reported(question)):
        matched = german.number(int(named["impressions"].notna().sum()))
        headline += f"; {matched} davon nennt Google als Suchanfrage"
    return _words(
        question,
        "portal_search_table",
        named.head(ROWS_SHOWN),
        headline=headline,
        subtitle=f"Suchen im Portal, daneben dieselbe Suchanfrage bei Google · {_span(question)}",
        alt="Tabelle der Suchen im Portal:",
    )


def _words(
    question: Question, id: str, rows: pd.DataFrame, *, headline: str, subtitle: str, alt: str
) -> Exhibit:
    return question.table(
        id,
        rows,
        (Field("keyword", "Suchbegriff"), SEARCHES, UNFOUND, *_GOOGLE),
        headline=headline,
        subtitle=subtitle,
        alt=alt,
        beside=tuple(map(hidden_name, COUNTS)),
        source=f"{question.portal}; {question.google}",
        notes=NOTES,
        names_queries=True,
        over=_spans(question),
    )


def _bars(question: Question, named: pd.DataFrame) -> Exhibit | None:
    top = named.head(BARS_SHOWN)
    if top.empty:
        return None
    listed = german.listing(
        [
            f"{word} {hidden or german.number(count)}"
            for word, count, hidden in zip(
                top["keyword"], top["searches"], top[hidden_name("searches")], strict=True
            )
        ]
    )
    lower = (LOWER,) if (top[hidden_name("searches")] != "").any() else ()
    return question.bars(
        "portal_search_bars",
        top,
        (Field("keyword", "Suchbegriff"), SEARCHES),
        headline=f"„{top.iloc[0]['keyword']}“ wird im Portal am meisten gesucht",
        subtitle=f"Suchen im Portal · {_span(question)}",
        alt=f"Balken der häufigsten Suchen im Portal: {listed}.",
        source=question.portal,
        notes=(*NOTES, *lower),
        height=60 + 40 * len(top),
    )
