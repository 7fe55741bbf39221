"""Suche im Portal: what people look for on the portal itself and do not find, beside what they ask Google.

Searches in the portal are counted by the portal's own statistics, queries by Google: they are set side by side by one
spelling, and never added.
"""

from __future__ import annotations

import re
from dataclasses import replace

import narwhals as nw
import pandas as pd

from portalkompass import german
from portalkompass.answers.base import events
from portalkompass.answers.base.answer import Answer, Figure
from portalkompass.answers.base.grains import QUERY
from portalkompass.answers.base.query_groups import city_pattern
from portalkompass.answers.base.question import Question, count_card, field, in_words
from portalkompass.answers.queries.queries import query_rows
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
HIDDEN = hidden_name(UNFOUND.name)
_GOOGLE = tuple(field(measure, label=f"{measure.label} bei Google") for measure in (CLICKS, IMPRESSIONS))
NOTES = (
    "Suchen im Portal zählt die Portalstatistik (Besuche, die danach suchten), Suchanfragen zählt Google; verbunden "
    "sind sie durch dieselbe Schreibweise (mit oder ohne den Namen der Stadt) und werden nie addiert.",
    f"Wörter mit weniger als {SMALLEST} Suchen im Zeitraum werden nicht genannt; was nach einer persönlichen Angabe "
    "aussieht, wird schon beim Laden ersetzt.",
)
LOAD = (
    "Matomo anbinden (die Suche im Portal wird mitgeladen), oder dessen Berichte „Suchbegriffe“ und „Suchbegriffe ohne "
    "Treffer“ als CSV unter „Daten“ hochladen."
)


def answer(question: Question) -> Answer:
    """Words without a result first, then all of them; only whole periods of the portal's reports count."""
    rows = search_rows(question)
    if rows.empty:
        return question.answer(_nothing(question), next_steps=(LOAD,))
    told = (rows["searches"] >= SMALLEST) & (rows["keyword"] != PERSONAL_SEARCH)
    named = _beside_google(question, rows[told])
    unfound = named[(named["without_result"] > 0) | (named[HIDDEN] != "")].sort_values(
        ["without_result", "keyword"], ascending=[False, True]
    )
    return question.answer(
        _message(question, named, unfound),
        (_unfound(question, unfound), _bars(question, named), _table(question, named)),
        _cards(rows),
        caveats=(*NOTES[:1], *events.gaps(_reported(question), QUERY)),
    )


def _reported(question: Question) -> Question:
    """The same question about the days from the first to the last report, and nothing to compare them with."""
    return replace(question, now=_reports(question) or question.now, like=None, before=None)


def search_rows(question: Question) -> pd.DataFrame:
    """keyword, searches, without_result over the reports that lie in the period with every day, most searches first.

    Counts without a result below 5 are hidden by report, so that no difference of two periods tells one:
    ``without_result`` sums the others, ``hidden_reports`` counts these, and `HIDDEN` says what stands in their place.
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

    if not question.warehouse.holds(TABLE):
        return pd.DataFrame()
    cells = question.warehouse.ask(build)
    small = cells["without_result"].between(1, SMALLEST - 1)
    rows = (
        cells.assign(
            hidden_reports=small.astype("int64"), without_result=cells["without_result"].where(~small, 0)
        )
        .groupby("keyword", as_index=False)[["every", "without_result", "hidden_reports"]]
        .sum()
    )
    # Where only the report of searches without a result is loaded, these are all that is known, and may be told.
    rows["searches"] = rows[["every", "without_result"]].max(axis=1)
    rows[HIDDEN] = [
        _in_place(known, below)
        for known, below in zip(rows["without_result"], rows["hidden_reports"], strict=True)
    ]
    ordered: pd.DataFrame = rows.drop(columns="every").sort_values(
        ["searches", "keyword"], ascending=[False, True], ignore_index=True
    )
    return ordered


def _beside_google(question: Question, rows: pd.DataFrame) -> pd.DataFrame:
    """With clicks and impressions of the listed queries that are the same but for spelling and the city's name; missing
    where there is none. Of the days of the portal's reports, whatever the period holds besides.
    """
    queries = query_rows(_reported(question)) if question.has_rows(QUERY) else pd.DataFrame()
    if queries.empty:
        return rows.assign(clicks=float("nan"), impressions=float("nan"))
    city = re.compile(city_pattern(question.settings) or "(?!)")
    keys = queries["query"].map(lambda query: _key(query, city))
    google = queries.assign(key=keys).groupby("key")[["clicks", "impressions"]].sum()
    own = rows.assign(key=rows["keyword"].map(lambda word: _key(word, city)))
    return own.join(google, on="key").drop(columns="key")


def _key(text: str, city: re.Pattern[str]) -> str:
    """The folded words without those that name the city, which nobody types on its own portal."""
    return " ".join(word for word in words(text) if not city.search(word)) or " ".join(words(text))


def _nothing(question: Question) -> str:
    held = _reports(question, every=True)
    if held is None:
        return "Noch ist keine Suche im Portal geladen."
    return (
        f"Im Zeitraum {question.period} liegt kein ganzer Bericht über die Suche im Portal; geladen ist "
        f"{in_words(held)}."
    )


def _reports(question: Question, *, every: bool = False) -> Period | None:
    """From the first to the last day of the reports that lie in the period, or of all of them; None without any."""
    if not question.warehouse.holds(TABLE):
        return None

    def build(tables: Tables) -> LazyFrame:
        own = question.own(tables, TABLE)
        inside = own if every else whole_periods(own, question.now)
        return inside.select(nw.col("period_start").min(), nw.col("period_end").max())

    held = question.warehouse.ask(build).iloc[0]
    if pd.isna(held["period_start"]):
        return None
    return Period(held["period_start"].date(), held["period_end"].date())


def _span(question: Question) -> str:
    return in_words(_reports(question) or question.now)


def _message(question: Question, named: pd.DataFrame, unfound: pd.DataFrame) -> str:
    if named.empty:
        return f"{_span(question)}: Im Portal wurde nach keinem Wort mindestens {SMALLEST}-mal gesucht."
    first = named.iloc[0]
    said = (
        f"{_span(question)}: Im Portal wird am meisten nach „{first['keyword']}“ gesucht "
        f"({german.count(first['searches'], 'Suche', 'Suchen')})"
    )
    if unfound.empty:
        return f"{said}."
    lost = unfound.iloc[0]
    amount = lost[HIDDEN] or german.number(lost["without_result"])
    return f"{said}; am häufigsten ohne Treffer bleibt „{lost['keyword']}“ ({amount})."


def _in_place(known: int, below: int) -> str:
    """What stands in the place of a sum with so many hidden counts; "" without any."""
    return told(known, below, 0) if below else ""


def _cards(rows: pd.DataFrame) -> tuple[Figure, ...]:
    unfound, below = int(rows["without_result"].sum()), int(rows["hidden_reports"].sum())
    return (
        count_card("Suchen im Portal", rows["searches"].sum(), NOTES[0]),
        Figure(
            "Ohne Treffer",
            _in_place(unfound, below) or german.number(unfound),
            UNFOUND.help,
            number=None if below else float(unfound),
        ),
        count_card(
            "Genannte Wörter",
            int((rows["searches"] >= SMALLEST).sum()),
            f"Wörter mit mindestens {SMALLEST} Suchen im Zeitraum.",
        ),
    )


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
    reported = _reported(question)
    if reported.covered(QUERY, reported.now):
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
        beside=(HIDDEN,),
        source=f"{question.portal}; {question.google}",
        notes=NOTES,
        names_queries=True,
        over=(_reported(question).now,),
    )


def _bars(question: Question, named: pd.DataFrame) -> Exhibit | None:
    top = named.head(BARS_SHOWN)
    if top.empty:
        return None
    listed = german.listing(
        [
            f"{word} {german.number(count)}"
            for word, count in zip(top["keyword"], top["searches"], strict=True)
        ]
    )
    return question.bars(
        "portal_search_bars",
        top,
        (Field("keyword", "Suchbegriff"), SEARCHES),
        headline=f"„{top.iloc[0]['keyword']}“ wird im Portal am meisten gesucht",
        subtitle=f"Suchen im Portal · {_span(question)}",
        alt=f"Balken der häufigsten Suchen im Portal: {listed}.",
        source=question.portal,
        notes=NOTES,
        height=60 + 40 * len(top),
    )
