"""Known events beside a trend, and the caveat wherever a comparison crosses one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import grains, wording
from portalkompass.answers.base.headline import headline
from portalkompass.answers.base.periods import comparison, length
from portalkompass.answers.base.question import Question, in_words
from portalkompass.estimates.position_change import DeviceStep, device_step
from portalkompass.exhibit import Mark
from portalkompass.metrics.comparison import SMALL_BASE
from portalkompass.metrics.measures import POSITION
from portalkompass.metrics.pages import compared
from portalkompass.metrics.selection import Period
from portalkompass.urls import path_of
from portalkompass.workspace import Annotation
from portalkompass.workspace import annotations as noted

PORTAL_PAGES = "portal_page"
"""The portal's own reports, which are of periods, not of days: lacking is what lies between two of them."""


def cautions(question: Question, *tables: str, changed: Collection[str] | None = None) -> tuple[str, ...]:
    """What is to be known before two periods are compared: what is cut or missing, and the events that lie between.

    ``tables`` are the day grains that the answer is made of besides the property's own; ``changed`` the measures (ids)
    of which it says a change, where these are not all.
    """
    limits = comparison_limits(question, "search_site_day", *tables)
    return (*_few_clicks(question), *limits, *caveats(question, changed=changed))


def _few_clicks(question: Question) -> tuple[str, ...]:
    """Sentence where the whole period has so few clicks that shares of them are chance."""
    clicks = headline(question, question.now).clicks
    if clicks is None or clicks >= SMALL_BASE:
        return ()
    amount = german.count(clicks, "Klick", "Klicks")
    came = "kam" if german.number(clicks) == "1" else "kamen"
    return (f"Im Zeitraum {came} nur {amount} aus der Suche: Anteile und Prozentwerte daraus sagen wenig.",)


def comparison_limits(question: Question, *tables: str) -> tuple[str, ...]:
    """How far the two periods can be compared: what is cut, what stands on both sides, and days that are missing."""
    missing = gaps(question, *tables, compared=True)
    return (*cut_comparison(question), *_both_sides(question), *missing)


def missing_days(question: Question, table: str, *, compared: bool = False, weeks: bool = False) -> str:
    """Sentence where a grain that is loaded at all lacks days of the period; if ``compared``, of either one.

    ``weeks`` says that only whole weeks count, so that sums do not suffer. Also where no grain gives its figures
    inside the scope.
    """
    if table == PORTAL_PAGES:
        return missing_reports("der Portalstatistik", question.portal_spans)
    if reason := question.reason(table):
        return f"Werte {grains.NAMES[table]} fehlen hier: {reason}"
    archive = question.archive
    if archive is None or question.days_with_data(table).empty:
        return ""
    lacking = []
    for period in (question.now, question.before if compared else None):
        if period is None:
            continue
        first, last = max(period.start, archive.start), min(period.end, archive.end)
        expected = (last - first).days + 1
        missing = expected - question.covered(table, Period(first, last)) if expected > 0 else 0
        if missing > 0:
            lacking.append(
                f"an {german.number(missing)} von {german.number(expected)} Tagen ({in_words(period)})"
            )
    if not lacking:
        return ""
    exposure = question.exposure(table) if compared else None
    changes = (
        "sind je Tag mit Daten gerechnet" if exposure and exposure.comparable else "werden nicht gezeigt"
    )
    compared_too = f"; Veränderungen {changes}" if exposure else ""
    where = f"Die Tageswerte {grains.NAMES[question.source(table).table]} fehlen {german.listing(lacking)}"
    if weeks:
        return f"{where}: Wochen mit solchen Tagen zählen nicht."
    return f"{where}: Summen daraus sind zu klein{compared_too}."


def missing_reports(of: str, spans: Sequence[Period]) -> str:
    """Sentence where days between the first and the last report lack one; "" for none. ``of`` is a genitive."""
    if len(spans) < 2:  # noqa: PLR2004 two spans have a gap between them
        return ""
    whole = Period(spans[0].start, spans[-1].end)
    missing, expected = length(whole) - sum(map(length, spans)), german.number(length(whole))
    return (
        f"Berichte {of} fehlen an {german.number(missing)} von {expected} Tagen ({in_words(whole)}): Summen daraus "
        "sind zu klein."
    )


def gaps(question: Question, *tables: str, compared: bool = False, weeks: bool = False) -> tuple[str, ...]:
    """`missing_days` of each of these grains that lacks some, each sentence once."""
    told = (missing_days(question, table, compared=compared, weeks=weeks) for table in tables)
    return tuple(dict.fromkeys(text for text in told if text))


def marks(
    question: Question, first: dt.date, last: dt.date, measures: Collection[str] = ()
) -> tuple[Mark, ...]:
    """Events of the property that touch the days first … last, oldest first.

    With ``measures`` (ids) only those that concern one of them.
    """
    return _drawn(question.events(first, last, measures))


def marks_of_page(
    question: Question, url: str, first: dt.date, last: dt.date, measures: Collection[str]
) -> tuple[Mark, ...]:
    """The same with those of that page, also under the addresses that it had before, and its moves."""
    every = noted(question.workspace, first=first, last=last, site=question.filters.site)
    concerning = [event for event in every if event.concerns(measures) and question.touched_by(event)]
    own = [event for event in concerning if not event.scope_url or question.url_today(event.scope_url) == url]
    moved = [
        Annotation(day, "Umzug der Seite", sentence=f"Bis dahin unter {path_of(old)}")
        for old, (new, day) in question.moves.items()
        if new == url and first <= day <= last
    ]
    return _drawn(sorted([*own, *moved], key=lambda event: event.date))


def _drawn(events: Iterable[Annotation]) -> tuple[Mark, ...]:
    return tuple(
        Mark(event.date, event.label, event.sentence or event.label, event.end_date) for event in events
    )


def caveats(
    question: Question,
    *periods: Period,
    measures: Collection[str] = (),
    changed: Collection[str] | None = None,
) -> tuple[str, ...]:
    """Sentences on the events between the first day shown and the last; with ``measures`` those that concern one.

    Several ``periods`` are compared; one alone is not, its trend crosses what happens inside. Without any the
    question's are meant. ``changed`` are the measures of which a change is said and no course is shown, if not all.
    """
    sides = periods if len(periods) > 1 else () if periods else None
    shown = periods or (question.now,)
    told = question.crossed(*shown, measures=measures, changed=changed, sides=sides, course=changed is None)
    return tuple(told.values())


def cut_comparison(question: Question) -> tuple[str, ...]:
    """Sentence when less is compared than was asked for, because the archive does not hold more."""
    if question.filters.compare == "none" or question.like == question.now:
        return ()
    asked = question.filters
    if asked.compare == "free" and not comparison(question.now, "free", asked.compare_from, asked.compare_to):
        return (
            "Der freie Vergleich ist derselbe Zeitraum; es wird nichts verglichen. Bitte andere Tage unter "
            "„Vergleich“ wählen.",
        )
    last = question.data_date
    if (question.like is None or question.before is None) and last is not None and question.now.end > last:
        return (
            f"Der Zeitraum reicht über den letzten endgültigen Tag ({german.date(last)}) hinaus; es wird nichts "
            "verglichen.",
        )
    if question.like is None or question.before is None:
        return (
            "Für den Vergleichszeitraum liegen keine oder zu wenige Daten vor; es wird nichts verglichen.",
        )
    both = f"{in_words(question.like)} mit {in_words(question.before)}"
    return (f"Verglichen wird nur {both}; für die übrigen Tage fehlen Daten zum Vergleich.",)


def _both_sides(question: Question) -> tuple[str, ...]:
    """Sentence where days of the period stand in the one compared with, too."""
    like, before = question.like, question.before
    if like is None or before is None:
        return ()
    first, last = max(like.start, before.start), min(like.end, before.end)
    if first > last:
        return ()
    return (
        f"Zeitraum und Vergleichszeitraum überschneiden sich ({in_words(Period(first, last))}): Diese Tage stehen auf "
        "beiden Seiten und mindern jede Veränderung.",
    )


AROUND = dt.timedelta(days=28)
"""Four whole weeks before and after an event by device: weekdays weigh the same on both sides."""
LEAST_DAYS = 14
_DEVICES = {"DESKTOP": "am Computer", "MOBILE": "mobil", "TABLET": "auf dem Tablet"}


def device_sentences(
    question: Question, like: Period | None = None, before: Period | None = None
) -> tuple[str, ...]:
    """What events that concern one device explain of the change of the position, one measured sentence each.

    The other devices are the control: what moved all of them alike is not the event's. The periods are those that the
    question compares, unless given. A part of the traffic has no such control.
    """
    if question.scope:
        return ()
    like, before = like or question.like, before or question.before
    if like is None or before is None:
        return ()
    first, last = min(before.start, like.start), max(before.end, like.end)
    events_between = question.events(first, last, (POSITION.id,))
    told = (_device_sentence(question, event, like, before) for event in events_between if event.device)
    return tuple(sentence for sentence in told if sentence)


def _device_sentence(question: Question, event: Annotation, like: Period, before: Period) -> str:
    affected = _share_after(event, like) - _share_after(event, before)
    step = _device_step(question, event)
    places = 0.0 if step is None else step.on_mean(affected)
    if step is None or german.rounded(places, 1) == 0:
        return ""
    moved = "Verbesserung" if places < 0 else "Verschlechterung"
    days = "" if abs(affected) == 1 else f" und {german.percent(abs(affected), 0)} der Tage"
    return (
        f"„{event.label}“ erklärt etwa {german.number(abs(places), 1)} Plätze {moved}: {_step_words(event, step)}; "
        f"Unterschied der Veränderungen, gewichtet mit {german.percent(step.weight, 0)} der Impressionen{days})."
    )


def _step_words(event: Annotation, step: DeviceStep) -> str:
    """Places of the device and of the others just before and just after; the bracket stays open."""
    own, others = (
        f"{german.number(then, 1)} → {german.number(now, 1)}"
        for then, now in ((step.own_before, step.own_after), (step.others_before, step.others_after))
    )
    return f"{_DEVICES[event.device]} {own}, auf den übrigen Geräten {others} (vier Wochen davor und danach"


def device_effect(question: Question, event: Annotation) -> tuple[str, str]:
    """What an event of one device did to its position, measured against the other devices: in brief, and as a sentence.

    Both are empty where it concerns all devices, where there is no control, and of a part of the traffic.
    """
    concerned = event.device and event.concerns((POSITION.id,)) and not question.scope
    step = _device_step(question, event) if concerned else None
    if step is None:
        return "", ""
    change, _ = wording.position_change(step.effect, 0.0)
    brief = f"Position {_DEVICES[event.device]} {change}, gemessen an den übrigen Geräten"
    return brief, f"„{event.label}“: Position {_step_words(event, step)})."


def _device_step(question: Question, event: Annotation) -> DeviceStep | None:
    """The step of the device around the event; None without two weeks of devices' data on either side."""
    earlier = Period(event.date - AROUND, event.date - dt.timedelta(days=1))
    later = Period(event.last_day + dt.timedelta(days=1), event.last_day + AROUND)
    table = "search_segment_day"
    if min(question.covered(table, earlier), question.covered(table, later)) < LEAST_DAYS:
        return None

    def make() -> pd.DataFrame:
        return question.warehouse.ask(
            lambda t: compared(question.rows(t, table), "device", later, earlier, later)
        )

    return device_step(question.once("devices around", make, earlier, later), event.device)


def _share_after(event: Annotation, period: Period) -> float:
    """Share of the period's days that lie after the event's last day."""
    days = (period.end - max(period.start - dt.timedelta(days=1), event.last_day)).days
    return max(days, 0) / ((period.end - period.start).days + 1)
