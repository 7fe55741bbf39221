"""The plan of a run in German sentences, for `--dry-run`."""

from __future__ import annotations

from etl.reports import counted
from etl.sources.rounds import duration, reason_lines
from etl.sources.search_console.plan import REASON_LABELS, Plan


def describe(plan: Plan, per_second: float) -> list[str]:
    """What would be fetched, with how many requests and how long at the set pace."""
    head = f"{plan.site} ({plan.search_type}): "
    if plan.last_final is None:
        return [head + "Google hat noch keine endgültigen Tage."]
    newest = f"neuester endgültiger Tag {plan.last_final:%d.%m.%Y}"
    if not plan.due:
        return [head + f"nichts zu laden, {newest}."]
    first, last = min(due.day for due in plan.due), max(due.day for due in plan.due)
    days = counted(len(plan.due), "Tag", "Tage")
    requests = counted(plan.requests, "Anfrage", "Anfragen")
    return [
        head + f"{days} von {first:%d.%m.%Y} bis {last:%d.%m.%Y}, {newest}.",
        *reason_lines((due.reason for due in plan.due), REASON_LABELS),
        f"  mindestens {requests}, etwa {duration(plan.requests / per_second)}.",
    ]
