"""Groups of queries by the rules of the settings: which of them bring clicks, and which grow."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import wording
from portalkompass.answers.base.query_groups import REST, by_rule, summed_by
from portalkompass.answers.base.question import Question, field, measures
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.measures import CHANGE, CLICKS, CTR, IMPRESSIONS, POSITION
from portalkompass.metrics.pages import compared

NOTE = (
    "Themengruppen nach den Regeln der Einstellungen (query_topics); jede Suchanfrage zählt zur ersten Regel, die "
    "passt. Nur genannte Suchanfragen: Google verschweigt seltene."
)


def topic_groups(question: Question) -> Exhibit | None:
    """Clicks by group as bars, the rest last; nothing without rules or listed queries."""
    if not question.settings.query_topics:
        return None

    periods = question.periods
    queries = question.warehouse.ask(
        lambda t: compared(question.sums(t, "search_query_day", *periods), "query", *periods)
    )
    shown = queries[queries["impressions"] > 0]
    if shown.empty:
        return None
    rows = summed_by(shown.assign(group=by_rule(shown["query"], question.settings)), "group")
    ordered = rows.assign(last=rows["group"] == REST).sort_values(
        ["last", "clicks", "group"], ascending=[True, False, True]
    )
    return _bars(question, ordered)


def _bars(question: Question, rows: pd.DataFrame) -> Exhibit:
    period, total = question.period, int(rows["clicks"].sum())
    headline = _headline(rows[rows["group"] != REST])
    listed = wording.listed(rows["group"], rows["clicks"])
    return question.exhibit(
        "topic_groups",
        "bar",
        rows[["group", "queries", "clicks", "share", "change", "impressions", "ctr", "position"]],
        (
            Field("group", "Themengruppe"),
            Field("queries", "Suchanfragen", "integer"),
            field(CLICKS),
            Field(
                "share",
                "Anteil an genannten",
                "percent",
                help="Anteil an den Klicks mit genannter Suchanfrage.",
            ),
            *measures(CHANGE, IMPRESSIONS, CTR, POSITION),
        ),
        headline=headline,
        subtitle=f"Klicks genannter Suchanfragen je Themengruppe · {period} · Nenner: "
        f"{german.count(total, 'Klick', 'Klicks')}",
        alt=f"Balken der Klicks je Themengruppe, {period}: {listed}. {headline}.",
        x="clicks",
        y="group",
        notes=(NOTE, CHANGE.explained),
        height=60 + 40 * len(rows),
    )


def _headline(ruled: pd.DataFrame) -> str:
    if ruled.empty:
        return "Keine Suchanfrage passt zu einer Themengruppe"
    first = ruled.iloc[0]
    start = (
        f"„{first['group']}“ bringt {german.percent(first['share'], 0)} der Klicks mit genannter Suchanfrage"
    )
    grown = ruled[ruled["change"].notna()].sort_values(["change", "group"], ascending=[False, True])
    if grown.empty or grown.iloc[0]["change"] <= 0:
        return start
    most = grown.iloc[0]
    return f"{start}; am stärksten wächst „{most['group']}“ ({german.percent_change(most['change'], 0)})"
