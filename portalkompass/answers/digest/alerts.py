"""The alerts of the settings, judged on one finished week: what holds, and what cannot be judged and why."""

from __future__ import annotations

from dataclasses import dataclass

import narwhals as nw
import pandas as pd

from portalkompass import german
from portalkompass.answers.base.estimate_rows import compared_pages, page_labels
from portalkompass.answers.base.headline import compared, compared_sums, headline, joined
from portalkompass.answers.base.link_rows import service_map, service_names
from portalkompass.answers.base.periods import length
from portalkompass.answers.base.question import Question, known
from portalkompass.answers.pages import outliers
from portalkompass.estimates.outliers import LEAST_ROWS
from portalkompass.metrics import pages
from portalkompass.metrics.measures import CLICKS, CTR, IMPRESSIONS, POSITION
from portalkompass.settings import Alert

MEASURES = {measure.id: measure for measure in (CLICKS, IMPRESSIONS, POSITION, CTR)}
SIDES = {"above": "über", "below": "unter"}
PAGES_TOLD = 3
"""Outlying pages that a sentence names before it only counts."""
GAPS = "in der Woche fehlen Tage"
_SUMS = ("clicks", "impressions", "sum_position", "placed", "clicks_before", "impressions_before")


@dataclass(frozen=True, slots=True)
class AlertState:
    """Whether an alert holds in the week, in one sentence; ``raised`` is False where it could not be judged."""

    name: str
    raised: bool
    sentence: str


class _NotJudged(Exception):
    """Why an alert cannot be judged, as the end of a German sentence."""


def judged(week: Question) -> tuple[AlertState, ...]:
    """Every alert that holds in the week or cannot be judged; what simply does not hold is left out."""
    states = (_judged(week, alert) for alert in week.settings.digest.alerts)
    return tuple(state for state in states if state is not None)


def _judged(week: Question, alert: Alert) -> AlertState | None:
    try:
        sentence = (_beyond_chance if alert.rule == "beyond_chance" else _over_threshold)(week, alert)
    except _NotJudged as reason:
        return AlertState(alert.name, raised=False, sentence=f"Alarm „{alert.name}“ nicht geprüft: {reason}.")
    return AlertState(alert.name, raised=True, sentence=f"{alert.name}: {sentence}.") if sentence else None


def _over_threshold(week: Question, alert: Alert) -> str:
    """What the figure is, where it lies on the alert's side of the threshold; "" where it does not."""
    measure = MEASURES[alert.measure]
    value, words = _value(week, alert)
    if value is None or alert.threshold is None:
        raise _NotJudged(f"{measure.label} ist ohne Impressionen unbekannt")
    if not (value > alert.threshold if alert.rule == "above" else value < alert.threshold):
        return ""
    of = _subject(week, alert)
    start = f"{measure.label}{f' ({of})' if of else ''} {german.value(value, measure.format)}"
    limit = german.value(alert.threshold, measure.format)
    return f"{joined(week, start, words)}; Schwelle: {SIDES[alert.rule]} {limit}"


def _value(week: Question, alert: Alert) -> tuple[float | None, str]:
    """The alert's figure in the week, and its change against the week before in words, where it is told."""
    measure = MEASURES[alert.measure]
    grain = "search_query_day" if alert.query else "search_page_day"
    whole_property = not (alert.query or alert.page_contains or alert.service)
    if whole_property:
        grain = "search_site_day"
    if week.covered(grain, week.now) < length(week.now):
        raise _NotJudged(GAPS)
    if whole_property:
        return getattr(headline(week, week.now), measure.id), compared(week, measure).words
    row = _row(week, alert)
    if measure is CTR:
        return (row["clicks"] / row["impressions"] if row["impressions"] else None), ""
    if measure is POSITION:
        return known(row["position"]), ""
    before = None if week.before is None else row[f"{measure.id}_before"]
    return row[measure.id], compared_sums(week, row[measure.id], before, grain).words


def _row(week: Question, alert: Alert) -> dict[str, float]:
    """clicks, impressions, position of the alert's pages, service or query, and clicks and impressions before."""
    if alert.query:
        return _query(week, alert.query.lower())
    shares = _pages(week, alert)
    shown = compared_pages(week)
    own = shown[shown["url"].isin(shares.index)]
    weighted = own[list(_SUMS)].mul(own["url"].map(shares), axis=0)
    row = {name: float(weighted[name].sum()) for name in _SUMS}
    placed = row["impressions"] > 0 and row["placed"] > 0
    return row | {"position": row["sum_position"] / row["impressions"] + 1 if placed else float("nan")}


def _pages(week: Question, alert: Alert) -> pd.Series[float]:
    """The pages that the alert is about with their shares, by url: all of the property without a scope."""
    if alert.service:
        links = service_map(week).service_page
        own = links[links["service"] == alert.service]
        if own.empty:
            raise _NotJudged(f"der Leistung „{alert.service}“ ist keine Seite zugeordnet")
        shares: pd.Series[float] = own.set_index("url")["share"]
        return shares
    every = page_labels(week).index
    found = every[every.str.contains(alert.page_contains, regex=False)]
    if not len(found):
        raise _NotJudged(f"keine Seite enthält „{alert.page_contains}“")
    return pd.Series(1.0, index=found)


def _query(week: Question, query: str) -> dict[str, float]:
    grain = "search_query_day"
    rows = week.warehouse.ask(
        lambda t: pages.compared(week.rows(t, grain).filter(nw.col("query") == query), "query", *week.periods)
    )
    shown = rows[rows["impressions"] >= max(week.least_impressions, 1)]
    if shown.empty:
        raise _NotJudged(f"Google nennt die Suchanfrage „{query}“ in der Woche nicht oder zu selten")
    return {str(name): float(value) for name, value in shown.iloc[0].drop("query").items()}


def _beyond_chance(week: Question, alert: Alert) -> str:
    """The alert's pages that lie outside of their usual course in the week; "" without one."""
    panel = outliers.weeks_of_pages(week)
    if len(panel) < LEAST_ROWS or panel.index[-1] != pd.Timestamp(week.now.start):
        raise _NotJudged("es fehlen volle Wochen oder deren Vorlauf")
    odd = outliers.page_outliers(week, panel)
    own = odd[odd["url"].isin(_pages(week, alert).index)]
    if own.empty:
        return ""
    told = [
        f"„{row['label']}“ {german.count(row['clicks'], 'Klick', 'Klicks')} statt {german.number(row['expected'])}"
        for _, row in own.head(PAGES_TOLD).iterrows()
    ]
    further = len(own) - PAGES_TOLD
    if further > 0:
        told.append(german.count(further, "weitere Seite", "weitere Seiten"))
    return f"neben dem Erwarteten liegen {german.listing(told)}"


def _subject(week: Question, alert: Alert) -> str:
    if alert.query:
        return f"Suchanfrage „{alert.query.lower()}“"
    if alert.service:
        return f"Leistung „{service_names(week).get(alert.service, alert.service)}“"
    return f"Seiten mit „{alert.page_contains}“" if alert.page_contains else ""
