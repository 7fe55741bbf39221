"""The plan of a run and its warnings in German sentences."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping

from etl.reports import counted, german_count, german_day
from etl.sources.matomo.fetch import requests_per_span
from etl.sources.matomo.page_reports import NO_ADDRESS, OVERFLOW, SUM, Aside
from etl.sources.matomo.plan import REASON_LABELS, Plan
from etl.sources.rounds import duration, reason_lines, span_words
from portalkompass.settings import Matomo


def describe(plan: Plan, settings: Matomo) -> list[str]:
    """What would be fetched, with how many requests and how long at the set pace, for `--dry-run`."""
    head = f"Matomo, {plan.site}: "
    if not plan.due:
        return [f"{head}nichts zu laden.", *skipped_warnings(plan.skipped)]
    requests = len(plan.spans(settings.days_per_request)) * requests_per_span(settings, len(settings.goals))
    least = duration(requests / settings.requests_per_second)
    return [
        f"{head}{span_words([due.day for due in plan.due])}.",
        *reason_lines((due.reason for due in plan.due), REASON_LABELS),
        f"  mindestens {counted(requests, 'Anfrage', 'Anfragen')}, mindestens {least}.",
        *skipped_warnings(plan.skipped),
    ]


def skipped_warnings(skipped: Mapping[dt.date, str]) -> list[str]:
    """One sentence for each other source whose days are left to it."""
    by_source: defaultdict[str, list[dt.date]] = defaultdict(list)
    for day, source in skipped.items():
        by_source[source].append(day)
    return [
        f"{_between(days)} nicht geladen: Dort zählt schon die Quelle „{source}“; je Tag zählt nur eine."
        for source, days in sorted(by_source.items())
    ]


def unanswered_warning(days: list[dt.date]) -> list[str]:
    """Days that Matomo left out of an answer; they stay missing and are asked for again."""
    if not days:
        return []
    return [f"{_between(days)} hat Matomo nicht vollständig beantwortet; ein späterer Lauf fragt erneut."]


def silent_warning(days: list[dt.date]) -> list[str]:
    """Days without a single figure between days with visits; they are not known, which is no zero."""
    if not days:
        return []
    return [
        f"{_between(days)} nennt Matomo ohne jede Zahl, obwohl davor und danach gezählt wurde oder schon Zahlen da "
        "waren; vermutlich ist die Archivierung in Matomo noch nicht fertig. Solche Tage gelten als unbekannt, nicht "
        "als null; jeder spätere Lauf fragt erneut."
    ]


def short_warning(days: list[dt.date]) -> list[str]:
    """Days whose page report holds clearly fewer views than the day had: the server cuts reports."""
    if not days:
        return []
    return [
        f"An {counted(len(days), 'Tag', 'Tagen')}, zuletzt am {german_day(max(days))}, nennt der Seitenbericht weniger "
        "Aufrufe als der Tag hatte. Der Server kürzt vermutlich den Bericht oder ist mit der Auswertung noch nicht "
        "fertig; bitte matomo.rows_per_request setzen und die Archivierung in Matomo prüfen."
    ]


def aside_warnings(aside: Aside) -> Iterator[str]:
    """What was not loaded as a page, with its page views."""
    if views := aside.views_for(OVERFLOW):
        yield (
            f"{german_count(views)} Seitenaufrufe stehen in Matomos Sammelzeile „Others“ und gehören zu keiner Seite. "
            "Abhilfe: in Matomo datatable_archiving_maximum_rows_actions erhöhen."
        )
    if views := aside.views_for(NO_ADDRESS):
        yield f"{german_count(views)} Seitenaufrufe haben in Matomo keine Adresse und gehören zu keiner Seite."
    foreign = {
        host: views
        for (host, reason), views in aside.views.items()
        if reason not in (OVERFLOW, NO_ADDRESS, SUM) and views
    }
    if foreign:
        largest = min(foreign, key=lambda host: (-foreign[host], host))
        yield (
            f"{german_count(sum(foreign.values()))} Seitenaufrufe gehören zu anderen Adressen als der Property und "
            f"wurden nicht geladen, die meisten zu {largest or 'Zeilen ohne Web-Adresse'}."
        )


def _between(days: list[dt.date]) -> str:
    first, last = german_day(min(days)), german_day(max(days))
    return f"{counted(len(days), 'Tag', 'Tage')} zwischen {first} und {last}"
