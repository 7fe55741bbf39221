"""Known events beside a trend, and the caveat wherever a comparison crosses one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from portalkompass.answers.base.question import Question, in_words
from portalkompass.exhibit import Mark
from portalkompass.metrics.selection import Period
from portalkompass.workspace import Annotation
from portalkompass.workspace import annotations as noted


def cautions(question: Question, before: Period | None = None) -> tuple[str, ...]:
    """What is to be known before two periods are compared: what is cut, and the events that lie between.

    ``before`` is the period compared with, where it is not the question's own.
    """
    return (*cut_comparison(question), *caveats(question, before=before))


def marks(question: Question, first: dt.date, last: dt.date) -> tuple[Mark, ...]:
    """Events of the property that touch the days first … last, oldest first."""
    return _drawn(_events(question, first, last))


def marks_of_page(question: Question, url: str, first: dt.date, last: dt.date) -> tuple[Mark, ...]:
    """The same with those of that page."""
    return _drawn(noted(question.workspace, first=first, last=last, site=question.filters.site, url=url))


def _drawn(events: Iterable[Annotation]) -> tuple[Mark, ...]:
    return tuple(
        Mark(event.date, event.label, event.sentence or event.label, event.end_date) for event in events
    )


def caveats(question: Question, now: Period | None = None, before: Period | None = None) -> tuple[str, ...]:
    """Sentences on events that begin or end between the first day compared and the last.

    An event that covers all days of both periods changes nothing between them. A single period is a
    comparison with itself: its trend crosses what happens inside.
    """
    now = now or question.now
    other = before or question.before or now
    first, last = min(now.start, other.start), max(now.end, other.end)
    crossed = [
        event.sentence
        for event in _events(question, first, last)
        if event.sentence and (event.date > first or (event.end_date or event.date) < last)
    ]
    return tuple(dict.fromkeys(crossed))


def cut_comparison(question: Question) -> tuple[str, ...]:
    """Sentence when less is compared than was asked for, because the archive does not hold more."""
    if question.filters.compare == "none" or question.like == question.now:
        return ()
    if question.filters.compare == "free" and question.filters.compare_from == question.now.start:
        return (
            "Der freie Vergleich beginnt am selben Tag wie der Zeitraum; es wird nichts verglichen. Bitte einen "
            "anderen Tag unter „Vergleich ab“ wählen.",
        )
    if question.like is None or question.before is None:
        return (
            "Für den Vergleichszeitraum liegen keine oder zu wenige Daten vor; es wird nichts verglichen.",
        )
    both = f"{in_words(question.like)} mit {in_words(question.before)}"
    return (f"Verglichen wird nur {both}; für die übrigen Tage fehlen Daten zum Vergleich.",)


def _events(question: Question, first: dt.date, last: dt.date) -> list[Annotation]:
    site = question.filters.site
    every = noted(question.workspace, first=first, last=last, site=site)
    return [event for event in every if not event.scope_url]
