"""Queries sorted by their words: naming the city or not, questions, topics by shared words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable
from functools import lru_cache
from heapq import heapify, heappop, heappush

import numpy as np
import pandas as pd

from portalkompass import spelling
from portalkompass.settings import Settings

WITH_CITY, WITHOUT_CITY = "mit Stadtnamen", "ohne Stadtnamen"
CITY_RULE = (
    "Suchanfragen, die den Namen der Stadt enthalten (auch bekannte Kurzformen und Schreibfehler), "
    "gelten als Marke: Wer so sucht, will zur Stadt. "
    "Alle übrigen stehen im Wettbewerb mit anderen Angeboten."
)
NO_CLICK = "Kein Klick mit genannter Suchanfrage im Zeitraum {period}"
QUESTION = re.compile(
    r"^(wie|was|wo|wohin|woher|wann|warum|wieso|wer|wem|wen|welche[rsn]?|kann|muss|darf|brauche)\b"
)
_WORD = re.compile(r"[^\W\d_]+")
SHORTEST = 3
_GENERIC = (
    "stadt gemeinde kreis der die das den dem des ein eine einen und oder für mit ohne von vom zum zur bei "
    "aus ist sind kann ich man wie was wann wer welche welcher welches warum muss darf online antrag beantragen "
    "anmelden abmelden kosten formular termin öffnungszeiten telefon nrw pdf"
)
REST = "ohne Themengruppe"
STEM = 6
"""Words that begin with the same so many letters (folded) are taken for one: Parkausweis, Parkausweise."""


def city_words(settings: Settings) -> tuple[str, ...]:
    """Words of the city's name that a query may carry, folded: „Stadt Leverkusen“ → leverkusen."""
    return tuple(word for word in _folded_words(settings.city.name) if word not in {"stadt", "kreis"})


def city_pattern(settings: Settings) -> str:
    """What finds the city's name, its nicknames and misspellings in a lower-case query; "" where it has no name.

    The one rule of what a brand query is, told as one expression.
    """
    return spelling.pattern_of((*city_words(settings), *settings.city.also_called))


def names_city(queries: pd.Series[str], settings: Settings) -> pd.Series[bool]:
    """Whether each query carries the city's name, one of its nicknames or a known misspelling."""
    pattern, lowered = city_pattern(settings), queries.str.lower()
    return lowered.str.contains(pattern, regex=True) if pattern else lowered == "\0"


def _folded_words(text: str) -> list[str]:
    """The folded words of three letters and more, without numbers."""
    return [word for _, word in _words(text)]


def _words(text: str) -> list[tuple[str, str]]:
    """The words of three letters and more (folded), without numbers, each as it is written and folded."""
    written = _WORD.findall(unicodedata.normalize("NFC", text).lower())
    both = [(word, _folded(word)) for word in written]
    return [(word, plain) for word, plain in both if len(plain) >= SHORTEST]


_folded = lru_cache(maxsize=65_536)(spelling.folded)


def shared_words(queries: pd.Series[str], query: str, settings: Settings) -> pd.Series[int]:
    """How many words (by their stem) each query shares with ``query``; the city's names and general words are none."""
    wanted = {word[:STEM] for word in _folded_words(query)} - _general_stems(settings)
    return queries.map(lambda text: len(wanted & {word[:STEM] for word in _folded_words(text)})).astype(
        "int64"
    )


def _general_stems(settings: Settings) -> frozenset[str]:
    """Stems of words that tie nothing together: those of any service, and the city's names."""
    own = " ".join((settings.city.name, *settings.city.also_called))
    return frozenset(word[:STEM] for word in (*_folded_words(_GENERIC), *_folded_words(own)))


def by_rule(queries: pd.Series[str], settings: Settings) -> pd.Series[str]:
    """The group of each query by the rules of the settings: the first that finds it, else REST.

    Queries and rules are folded, so that "müll" finds Muellabfuhr and a rule with "ss" finds Straße.
    """
    group = np.full(len(queries), REST, dtype=object)
    left = queries.map(spelling.folded).reset_index(drop=True)
    for topic in settings.query_topics:
        rule = spelling.folded_expression(topic.pattern)
        fits = left.str.contains(re.compile(rule, re.IGNORECASE), regex=True)
        group[left.index[fits]] = topic.name
        left = left[~fits]
    return pd.Series(group, index=queries.index, dtype="str")


def summed_by(rows: pd.DataFrame, key: str, factor: float | None = 1.0) -> pd.DataFrame:
    """One row a ``key``: queries, clicks, impressions, ctr, position, share of all clicks, change; all from sums.

    ``rows`` are queries with clicks, impressions, position, clicks_like and clicks_before, those shown before only
    among them: they are no queries of the period, but what was clicked before. ``factor`` as in
    `metrics.pages.compared`.
    """
    placed = rows.assign(weighted=rows["position"] * rows["impressions"], queries=rows["impressions"] > 0)
    names = ["queries", "clicks", "impressions", "weighted", "clicks_like", "clicks_before"]
    summed = placed.groupby(key)[names].sum()
    earlier = summed["clicks_before"] * (np.nan if factor is None else factor)
    return summed.assign(
        ctr=summed["clicks"] / summed["impressions"],
        position=summed["weighted"] / summed["impressions"],
        share=summed["clicks"] / max(summed["clicks"].sum(), 1),
        change=summed["clicks_like"] / earlier.where(earlier > 0) - 1,
    ).reset_index()


def by_topic(rows: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """topic, queries, impressions, clicks, query, ctr, position; most impressions first.

    ``rows`` (query, impressions, clicks, position), the strongest first: the first of a topic is its ``query``. A
    query that shares no word with others is a topic of its own.
    """
    topic = topics(rows, settings)
    keyed = rows.assign(
        topic=topic.where(topic != "", rows["query"]), weighted=rows["position"] * rows["impressions"]
    )
    summed = keyed.groupby("topic", sort=True).agg(
        queries=("query", "size"),
        impressions=("impressions", "sum"),
        clicks=("clicks", "sum"),
        weighted=("weighted", "sum"),
        query=("query", "first"),
    )
    rated = summed.assign(
        ctr=summed["clicks"] / summed["impressions"], position=summed["weighted"] / summed["impressions"]
    ).reset_index()
    return rated.sort_values(["impressions", "topic"], ascending=[False, True]).drop(columns="weighted")


def is_question(queries: pd.Series[str]) -> pd.Series[bool]:
    """Whether a query begins like a question."""
    return queries.str.lower().str.contains(QUESTION.pattern.replace("(wie", "(?:wie", 1))


def topics(rows: pd.DataFrame, settings: Settings) -> pd.Series[str]:
    """The topic of each query (query, impressions): the shared word that most impressions stand behind.

    Greedy: the word with the most impressions over at least two queries names the first topic and takes
    all its queries, then the next. A query that shares no word with others is a topic of its own ("").
    City names and words that any service has (Antrag, online …) make no topic. Words are compared folded and named as
    the strongest query writes them.
    """
    generic = _general_stems(settings)
    shown: dict[Hashable, float] = dict(zip(rows.index, rows["impressions"], strict=True))
    members: dict[str, dict[Hashable, str]] = {}
    for row, query in zip(rows.index, rows["query"], strict=True):
        for word, plain in _words(query):
            if plain[:STEM] not in generic:
                members.setdefault(plain[:STEM], {}).setdefault(row, word)
    topic: dict[Hashable, str] = {}
    # The heaviest word so far is looked at again only when it comes up: its weight may have been taken meanwhile.
    # Of two words with the same weight the later one in the alphabet wins.
    stems = sorted(members, reverse=True)
    waiting = [(-sum(shown[row] for row in members[stem]), place) for place, stem in enumerate(stems)]
    heapify(waiting)
    while waiting:
        weight, place = heappop(waiting)
        best = {row: word for row, word in members[stems[place]].items() if row not in topic}
        left = -sum(shown[row] for row in best)
        if left > weight:
            members[stems[place]] = best
            heappush(waiting, (left, place))
        elif len(best) > 1:
            name = max(best, key=lambda row: shown[row])
            topic.update({row: best[name].capitalize() for row in best})
    return pd.Series([topic.get(row, "") for row in rows.index], index=rows.index, dtype="str")
