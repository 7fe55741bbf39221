"""Headline figures of a property in both periods: from ``search_site_day`` only."""

from __future__ import annotations

from dataclasses import dataclass, replace

from portalkompass import german
from portalkompass.answers.base.answer import Figure
from portalkompass.answers.base.periods import compared_with
from portalkompass.answers.base.question import Question, card, known, short
from portalkompass.answers.base.wording import (
    FEW,
    GAPS,
    NOT_A_CHANGE,
    amount_change,
    position_change,
    rate_change,
)
from portalkompass.metrics import totals
from portalkompass.metrics.comparison import difference, relative
from portalkompass.metrics.measures import (
    CLICKS,
    CTR,
    HIDDEN_SHARE,
    IMPRESSIONS,
    POSITION,
    LazyFrame,
    Measure,
)
from portalkompass.metrics.selection import Period
from portalkompass.warehouse.engine import Tables


@dataclass(frozen=True, slots=True)
class Headline:
    """Sums and rates of one period; everything is None without a day of data."""

    days: int
    clicks: float | None
    impressions: float | None
    position: float | None
    ctr: float | None


NOTHING = Headline(0, None, None, None, None)


def headline(question: Question, period: Period | None) -> Headline:
    """The period's headline; without a period nothing is known."""
    if period is None:
        return NOTHING
    return question.once("headline", lambda: _headline(question, period), period)


def _headline(question: Question, period: Period) -> Headline:
    summed = question.warehouse.ask(
        lambda t: totals.totals(question.sums(t, "search_site_day", period))
    ).iloc[0]
    # Of a part of the traffic there may be no row of a day that has data, or one of a whole month.
    days = question.covered("search_site_day", period) if question.scope else int(summed["days"])
    if not days:
        return NOTHING
    clicks, impressions, position, ctr = (known(summed[m.id]) for m in (CLICKS, IMPRESSIONS, POSITION, CTR))
    return Headline(days, clicks or 0.0, impressions or 0.0, position, ctr)


@dataclass(frozen=True, slots=True)
class HiddenShares:
    """Share of clicks that no listed query explains, of the period and of what is compared; None is unknown."""

    now: float | None
    like: float | None
    before: float | None


def hidden_shares(question: Question) -> HiddenShares:
    """The hidden share of the question's periods, over the days of which both property and queries are loaded."""
    periods = (question.now, question.like, question.before)
    return question.once("hidden shares", lambda: _hidden_shares(question, *periods), *periods)


def _hidden_shares(question: Question, *periods: Period | None) -> HiddenShares:
    asked = [period for period in periods if period is not None]
    row = question.warehouse.ask(
        lambda t: totals.hidden_click_shares(
            days_of_queries(question, t, *asked), listed_queries(question, t, *asked), asked
        )
    ).iloc[0]
    shares = iter(known(row[f"hidden_click_share_{place}"]) for place in range(len(asked)))
    return HiddenShares(*(None if period is None else next(shares) for period in periods))


def days_of_queries(question: Question, tables: Tables, *periods: Period) -> LazyFrame:
    """Rows of the property in the periods, of the days for which queries are loaded as well.

    A missing grain must not count as hidden. From the sums by month (`Question.sums`) where every day has both.
    """
    return question.sums_of_both(tables, "search_site_day", "search_query_day", *periods)


def listed_queries(question: Question, tables: Tables, *periods: Period) -> LazyFrame:
    """Rows of the query grain in the periods, of the days for which the property is loaded as well; likewise."""
    return question.sums_of_both(tables, "search_query_day", "search_site_day", *periods)


@dataclass(frozen=True, slots=True)
class Compared:
    """One headline figure on both sides of the comparison, and the change in words and as a number.

    ``change`` is a difference of places or shares, or the relative change of a sum (per day with data where the
    numbers of days differ); ``good`` is None where it is neither good nor bad. ``words`` is empty and ``change`` None
    where nothing can be compared. ``brief`` says the change and both values in the room of a card.
    """

    like: float | None
    before: float | None
    change: float | None
    words: str
    good: bool | None
    brief: str = ""


def compared(question: Question, measure: Measure) -> Compared:
    """Position, clicks, impressions or click rate of ``like`` against ``before``."""
    like, before = headline(question, question.like), headline(question, question.before)
    pair = getattr(like, measure.id), getattr(before, measure.id)
    if measure in (CLICKS, IMPRESSIONS):
        return compared_sums(
            question, *pair, "search_site_day", more_is_good=True if measure is CLICKS else None
        )
    change_in_words = position_change if measure is POSITION else rate_change
    words, good = change_in_words(*pair, compared_with(question.filters.compare))
    brief = _brief(measure, change_in_words(*pair)[0], *pair)
    return Compared(*pair, difference(*pair), told(question, measure, words, *pair), good, brief)


def compared_sums(
    question: Question,
    like: float | None,
    before: float | None,
    table: str,
    *,
    more_is_good: bool | None = True,
) -> Compared:
    """Two sums from the rows of one day grain, with the values and days of both sides in the words."""
    exposure, than = question.exposure(table), compared_with(question.filters.compare)
    words, good = amount_change(like, before, than, exposure, more_is_good=more_is_good)
    if words == GAPS:
        return Compared(like, before, None, words, None, words)
    if words == FEW:
        few = _brief(CLICKS, "davor zu wenige", like, before)
        return Compared(like, before, None, told(question, CLICKS, words, like, before), None, few)
    brief, _ = amount_change(like, before, exposure=exposure)
    days = ""
    if exposure is not None and exposure.per_day:
        noun = "Tag" if exposure.like == 1 else "Tage"
        days = f"; {german.number(exposure.before)} statt {german.number(exposure.like)} {noun} mit Daten"
    return Compared(
        like,
        before,
        relative(like, before, exposure),
        told(question, CLICKS, words, like, before, days),
        good,
        _brief(CLICKS, brief, like, before, days),
    )


def _brief(measure: Measure, words: str, like: float | None, before: float | None, further: str = "") -> str:
    """A change with both values: "15,7 Plätze besser (25,7 → 10,0)"."""
    if not words:
        return ""
    # No break before the arrow; behind it long figures may go on below.
    values = f"{german.value(before, measure.format)}{german.NBSP}→ {german.value(like, measure.format)}"
    return f"{words} ({values}{further})"


def told(
    question: Question,
    measure: Measure,
    words: str,
    like: float | None,
    before: float | None,
    further: str = "",
) -> str:
    """A change with what it compares: "1,9 Plätze besser als im Zeitraum davor (Apr. bis Juni 2025: 15,3)".

    Where less than the period is compared, that part and its value stand in the brackets, too. "" where nothing is
    compared.
    """
    if not words or question.like is None or question.before is None:
        return ""
    earlier = f"{short(question.before)}: {german.value(before, measure.format)}{further}"
    if question.like == question.now:
        return f"{words} ({earlier})"
    return f"{words} ({short(question.like)}: {german.value(like, measure.format)}; {earlier})"


def joined(question: Question, start: str, words: str) -> str:
    """A figure and its change in one sentence, which says where only a part of the period is compared."""
    if not words:
        return start
    if words.startswith(tuple(NOT_A_CHANGE)):
        return f"{start}, {words}"
    return f"{start}{' und damit' if question.like == question.now else '; im vergleichbaren Teil'} {words}"


def sentence(question: Question, measure: Measure, start: str = "") -> str:
    """The whole period's figure with its change: the headline of every line of it, and the message.

    ``start`` stands in place of "Dezember 2024 bis November 2025: Ø Position".
    """
    now = getattr(headline(question, question.now), measure.id)
    begins = f"{start or f'{question.period}: {measure.label}'} {german.value(now, measure.format)}"
    return joined(question, begins, compared(question, measure).words)


def cards(question: Question, now: Headline) -> tuple[Figure, ...]:
    """Position, clicks, impressions and click rate of the period, with their change in words.

    The change compares ``like`` with ``before``; where that is less than the period, it says so. Sums are compared
    per day where the numbers of days differ, and not at all when too many days are missing on one side only.
    """
    return tuple(
        _card(question, measure, getattr(now, measure.id), compared(question, measure))
        for measure in (POSITION, CLICKS, IMPRESSIONS, CTR)
    )


def _card(question: Question, measure: Measure, number: float | None, than: Compared) -> Figure:
    figure = card(measure, number, than.words, than.good, change_number=than.change)
    return replace(
        figure,
        like_number=than.like,
        before_number=than.before,
        brief=than.brief,
        compared=_compared_days(question) if than.brief else "",
    )


def _compared_days(question: Question) -> str:
    if question.like is None or question.before is None:
        return ""
    return f"{short(question.like)} gegenüber {short(question.before)}"


def hidden_cards(question: Question) -> tuple[Figure, ...]:
    """The share of clicks without a query: said wherever queries are shown, unless queries are chosen."""
    if question.scope.by_query or (question.window and not question.window.tells_hidden):
        return ()
    shares = hidden_shares(question)
    pair = shares.like, shares.before
    change, _ = rate_change(*pair, compared_with(question.filters.compare))
    brief = _brief(HIDDEN_SHARE, rate_change(*pair)[0], *pair)
    than = Compared(*pair, difference(*pair), told(question, HIDDEN_SHARE, change, *pair), None, brief)
    return (_card(question, HIDDEN_SHARE, shares.now, than),)
