"""The plan of a run in German sentences, for `--dry-run`."""

from __future__ import annotations

from etl.reports import counted
from etl.sources.search_console.plan import REASON_LABELS, Plan

_SECONDS_PER_MINUTE = 60


def describe(plan: Plan, per_second: float) -> list[str]:
    """What would be fetched, with how many requests and how long at the set pace."""
    head = f"{plan.site} ({plan.search_type}): "
    if plan.last_final is None:
        return [head + "Google hat noch keine endgültigen Tage."]
    newest = f"neuester endgültiger Tag {plan.last_final:%d.%m.%Y}"
    if not plan.due:
        return [head + f"nichts zu laden, {newest}."]
    first, last = min(due.day for due in plan.due), max(due.day for due in plan.due)
    lines = [
        head + f"{counted(len(plan.due), 'Tag', 'Tage')} von {first:%d.%m.%Y} bis {last:%d.%m.%Y}, {newest}."
    ]
    lines += [f"  {REASON_LABELS[reason]}: {count}" for reason, count in plan.counts().items()]
    lines.append(
        f"  mindestens {counted(plan.requests, 'Anfrage', 'Anfragen')}, etwa {_duration(plan.requests / per_second)}."
    )
    return lines


def _duration(seconds: float) -> str:
    if seconds < 2 * _SECONDS_PER_MINUTE:
        return f"{seconds:.0f} Sekunden"
    return f"{seconds / _SECONDS_PER_MINUTE:.0f} Minuten"
