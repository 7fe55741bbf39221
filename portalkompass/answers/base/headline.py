"""Headline figures of a property in both periods: from ``search_site_day`` only."""

from __future__ import annotations

from dataclasses import dataclass

from portalkompass.answers.base.answer import Figure
from portalkompass.answers.base.periods import compared_with, length
from portalkompass.answers.base.question import Question, card, in_words, known
from portalkompass.answers.base.wording import amount_change, position_change, rate_change
from portalkompass.metrics import totals
from portalkompass.metrics.measures import CLICKS, CTR, HIDDEN_SHARE, IMPRESSIONS, POSITION, Measure
from portalkompass.metrics.selection import Period, within


@dataclass(frozen=True, slots=True)
class Headline:
    """Sums and rates of one period; everything is None without a day of data."""

    days: int
    clicks: float | None
    impressions: float | None
    position: float | None
    ctr: float | None


UNEVEN = 0.05
"""Share of days by which the coverage of two periods may differ before sums are not compared."""
GAPS = "nicht verglichen, weil Tage fehlen"
NOTHING = Headline(0, None, None, None, None)


def headline(question: Question, period: Period | None) -> Headline:
    """The period's headline; without a period nothing is known."""
    if period is None:
        return NOTHING
    return question.once("headline", lambda: _headline(question, period), period)


def _headline(question: Question, period: Period) -> Headline:
    days = question.warehouse.ask(
        lambda t: totals.totals(within(question.rows(t, "search_site_day"), period))
    ).iloc[0]
    if not days["days"]:
        return NOTHING
    return Headline(int(days["days"]), *(known(days[m.id]) for m in (CLICKS, IMPRESSIONS, POSITION, CTR)))


@dataclass(frozen=True, slots=True)
class HiddenShares:
    """Share of clicks that no listed query explains, of the period and of what is compared; None is unknown."""

    now: float | None
    like: float | None
    before: float | None


def hidden_shares(question: Question) -> HiddenShares:
    """The hidden share of the question's periods."""
    periods = (question.now, question.like, question.before)
    return question.once("hidden shares", lambda: _hidden_shares(question, *periods), *periods)


def _hidden_shares(question: Question, *periods: Period | None) -> HiddenShares:
    asked = [period for period in periods if period is not None]
    row = question.warehouse.ask(
        lambda t: totals.hidden_click_shares(
            question.rows(t, "search_site_day"), question.sums(t, "search_query_day", *asked), asked
        )
    ).iloc[0]
    shares = iter(known(row[f"hidden_click_share_{place}"]) for place in range(len(asked)))
    return HiddenShares(*(None if period is None else next(shares) for period in periods))


def cards(question: Question, now: Headline) -> tuple[Figure, ...]:
    """Position, clicks, impressions and click rate of the period, with their change in words.

    The change compares ``like`` with ``before``; where that is less than the period, it says so. Sums are
    not compared when days are missing on one side only; the position, a mean, still is.
    """
    like = now if question.like == question.now else headline(question, question.like)
    before = headline(question, question.before)
    than = compared_with(question.filters.compare)
    place, better = position_change(like.position, before.position, than)
    clicks, more_clicks = amount_change(like.clicks, before.clicks, than)
    rate, higher = rate_change(like.ctr, before.ctr, than)
    shown, _ = amount_change(like.impressions, before.impressions, than, more_is_good=None)
    more_or_less = (ratio(like.clicks, before.clicks), ratio(like.impressions, before.impressions))
    if before.days and not _as_well_covered(question, like, before):
        clicks, more_clicks, shown, more_or_less = GAPS, None, GAPS, (None, None)
    return (
        _card(question, POSITION, now.position, place, better, difference(like.position, before.position)),
        _card(question, CLICKS, now.clicks, clicks, more_clicks, more_or_less[0]),
        _card(question, IMPRESSIONS, now.impressions, shown, None, more_or_less[1]),
        _card(question, CTR, now.ctr, rate, higher, difference(like.ctr, before.ctr)),
    )


def difference(now: float | None, before: float | None) -> float | None:
    """Places or shares more than before; None where one is unknown."""
    return None if now is None or before is None else now - before


def ratio(now: float | None, before: float | None) -> float | None:
    """Relative change of an amount, 0.1 for 10 % more; None where nothing was before."""
    return None if now is None or not before else now / before - 1


def _as_well_covered(question: Question, like: Headline, before: Headline) -> bool:
    """Whether both sides have data on about the same share of their days."""
    if question.like is None or question.before is None:
        return False
    return abs(like.days / length(question.like) - before.days / length(question.before)) <= UNEVEN


def _card(
    question: Question,
    measure: Measure,
    number: float | None,
    change: str,
    good: bool | None,
    change_number: float | None,
) -> Figure:
    if change and question.like is not None and question.like != question.now:
        change = f"{in_words(question.like)}: {change}"
    return card(measure, number, change, good, change_number=change_number)


def hidden_card(question: Question) -> Figure:
    """The share of clicks without a query: said wherever queries are shown."""
    shares = hidden_shares(question)
    change, _ = rate_change(shares.like, shares.before, compared_with(question.filters.compare))
    return _card(question, HIDDEN_SHARE, shares.now, change, None, difference(shares.like, shares.before))
