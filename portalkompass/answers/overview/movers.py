"""Gewinner und Verlierer: the pages whose clicks changed most against the period compared with."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base.page_rows import linked
from portalkompass.answers.base.periods import compared_with
from portalkompass.answers.base.question import Question, columns, field, in_words
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.measures import CHANGE
from portalkompass.schema import STAFF_PAGES

PAGES_SHOWN = 3
WINNER, LOSER = "Gewinner", "Verlierer"


def movers(question: Question, rows: pd.DataFrame) -> Exhibit | None:
    """The three pages that gained and the three that lost most clicks; nothing without a comparison.

    ``rows`` are those of ``page_rows``. Clicks compare ``like`` with ``before``, which may be less than the
    period; the subtitle names the days.
    """
    if question.like is None or question.before is None:
        return None
    pages = rows[rows["url"] != STAFF_PAGES].assign(gain=lambda r: r["clicks_like"] - r["clicks_before"])
    ordered = pages.sort_values(["gain", "url"], ascending=[False, True])
    best = ordered[ordered["gain"] > 0].head(PAGES_SHOWN).assign(kind=WINNER)
    worst = ordered[ordered["gain"] < 0].tail(PAGES_SHOWN).iloc[::-1].assign(kind=LOSER)
    shown = pd.concat([best, worst])
    if shown.empty:
        return None
    sentences = [
        _sentence(part, word) for part, word in ((best, "gewinnt"), (worst, "verliert")) if len(part)
    ]
    if worst.empty:
        sentences.append("keine Seite verliert Klicks")
    return question.table(
        "movers",
        linked(shown),
        (
            *columns(kind="Richtung", label="Seite"),
            Field("gain", "Unterschied", "integer"),
            field(CHANGE),
            *columns("integer", clicks_like="Klicks", clicks_before="Klicks zuvor"),
            Field("url", "Adresse", "link"),
        ),
        headline="; ".join(sentences),
        subtitle=f"{in_words(question.like)} gegenüber {in_words(question.before)}",
        alt=f"Tabelle der Gewinner und Verlierer als {compared_with(question.filters.compare)}:",
        notes=("Geordnet nach der Zahl der Klicks, nicht nach Prozenten: kleine Seiten schwanken stark.",),
        row_key="url",
    )


def _sentence(part: pd.DataFrame, word: str) -> str:
    first = part.iloc[0]
    amount = german.count(abs(first["gain"]), "Klick", "Klicks")
    return f"„{first['label']}“ {word} am meisten ({german.signed(first['gain'])[:1]}{amount})"
