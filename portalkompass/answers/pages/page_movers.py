"""Gewinner und Verlierer: every page whose clicks changed, with both periods; the Überblick names three of each."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import events, wording
from portalkompass.answers.base.answer import Answer
from portalkompass.answers.base.grains import PAGE
from portalkompass.answers.base.missing_data import no_search_data
from portalkompass.answers.base.page_rows import BY_PAGE, linked, page_rows, page_table
from portalkompass.answers.base.question import Question, in_words
from portalkompass.answers.base.window_rows import answering
from portalkompass.answers.courses.both_periods import GAIN, MOST_ROWS, SUMS, both_periods
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.comparison import Exposure
from portalkompass.metrics.measures import CHANGE, CLICKS, CTR, POSITION
from portalkompass.schema import STAFF_PAGES

NEW, VANISHED, STAYED = "neu", "verschwunden", "in beiden"
FIRST = (CLICKS.id, GAIN, CHANGE.id, f"{CLICKS.id}_like", f"{CLICKS.id}_before")
"""The columns that a mover is one by: they stand in front, and none of them is folded."""


def answer(question: Question) -> Answer:
    """How many pages gained and lost, how many clicks together, and all of them; a sentence without a comparison.

    A change that would be shown as 0 is none. The folded staff pages are no page.
    """
    question = answering(question, PAGE)
    if missing := no_search_data(question, PAGE):
        return missing
    cautions = events.cautions(question, PAGE)
    if question.like is None or question.before is None:
        return question.answer(
            "Ohne Vergleich gibt es keine Gewinner und Verlierer.",
            caveats=cautions,
            next_steps=("Einen Vergleich wählen.",),
        )
    days = f"{in_words(question.like)} gegenüber {in_words(question.before)}"
    factor = question.factor(PAGE)
    if factor is None:
        return question.answer(
            f"{days}: {wording.GAPS}.", caveats=cautions, next_steps=("Einen anderen Vergleich wählen.",)
        )
    rows, fields, folded = both_periods(question, page_rows(question), factor)
    changed = rows[(rows[GAIN] != 0) & (rows["url"] != STAFF_PAGES)].assign(
        size=lambda moved: moved[GAIN].abs(), state=_states
    )
    told = _told(changed, question.exposure(PAGE))
    listed = changed.sort_values(["size", "url"], ascending=[False, True]).head(MOST_ROWS)
    return question.answer(
        message=f"{days}: {told}.",
        exhibits=(_table(question, listed, fields, folded, headline=told, days=days),),
        caveats=(*wording.same_days(question.exposure(PAGE), SUMS), *cautions),
    )


def _states(rows: pd.DataFrame) -> pd.Series[str]:
    """Whether Google showed a page in one of the two windows only."""
    stayed = pd.Series(STAYED, index=rows.index, dtype="str")
    return stayed.mask(rows["new"].astype(bool), NEW).mask(rows["vanished"].astype(bool), VANISHED)


def _told(changed: pd.DataFrame, exposure: Exposure | None) -> str:
    """Both sides with their clicks, and what of them is new or gone."""
    if changed.empty:
        return wording.on_equal_days("Keine Seite hat Klicks gewonnen oder verloren", exposure)
    apart = changed[GAIN]
    sides = (
        (apart[apart > 0], "Seite gewinnt", "Seiten gewinnen"),
        (apart[apart < 0], "Seite verliert", "Seiten verlieren"),
    )
    parts = [
        f"{german.count(len(side), one, many)} {'zusammen ' if len(side) > 1 else ''}"
        f"{german.count(abs(side.sum()), 'Klick', 'Klicks')}"
        for side, one, many in sides
        if len(side)
    ]
    states = changed["state"].value_counts()
    marked = [f"{german.number(states[state])} {state}" for state in (NEW, VANISHED) if state in states]
    gained = wording.on_equal_days(", ".join(parts), exposure)
    return "; ".join([gained, *([f"davon {german.listing(marked)}"] if marked else [])])


def _table(
    question: Question,
    rows: pd.DataFrame,
    fields: tuple[Field, ...],
    folded: tuple[str, ...],
    *,
    headline: str,
    days: str,
) -> Exhibit | None:
    if rows.empty:
        return None
    state = Field(
        "state", "Bestand", help=f"„{NEW}“ und „{VANISHED}“: von Google nur in einem Zeitraum gezeigt."
    )
    return page_table(
        question,
        "page_movers",
        linked(rows),
        (
            *(field for name in FIRST for field in fields if field.name == name),
            state,
            *(field for field in fields if field.name not in FIRST),
            Field("page_kind", "Art"),
        ),
        folded=tuple(name for name in folded if name not in FIRST),
        headline=headline,
        subtitle=f"Seiten nach gewonnenen oder verlorenen Klicks · {days}",
        told=f"Tabelle der Seiten, deren Klicks sich geändert haben, {days}.",
        notes=(
            BY_PAGE,
            *(measure.explained for measure in (CHANGE, CTR, POSITION)),
            *wording.same_days(question.exposure(PAGE), SUMS),
        ),
    )
