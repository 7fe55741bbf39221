"""Queries worth tracking: those that matter and move, each with the reason."""

from __future__ import annotations

import pandas as pd

from portalkompass import german
from portalkompass.answers.base import wording
from portalkompass.answers.base.question import Question, measures
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.comparison import Exposure
from portalkompass.metrics.measures import CHANGE, CLICKS, IMPRESSIONS, POSITION

OF_EACH, WEIGHTY = 3, 200
"""Proposals for each reason, and the queries with most impressions among which places are looked at."""
LEAST_PLACES = 2.0
BEYOND = 3.0
"""A difference of clicks is told from so many standard errors of counting on (the root of the clicks counted)."""
SUBTITLE = "Häufig gesuchte und stark bewegte Suchanfragen, die noch niemand beobachtet"
FIRST_PAGE_END, NEAR = 10.0, 15.0


def proposals(question: Question, listed: pd.DataFrame) -> Exhibit | None:
    """The proposals as a table; nothing where no query fits. ``listed`` are those not tracked yet."""
    rows = proposed(question, listed)
    if rows.empty:
        return None
    first = rows.iloc[0]
    compared = question.against if rows["change"].notna().any() else ""
    return question.table(
        "tracking_proposals",
        rows,
        (
            Field("query", "Suchanfrage"),
            Field("reason", "Grund"),
            *measures(POSITION, CLICKS, CHANGE, IMPRESSIONS),
        ),
        headline=f"Vorschlag für die Liste: „{first['query']}“, {_begin(first['reason'])}",
        subtitle=" · ".join(filter(None, (SUBTITLE, question.period, compared))),
        alt="Tabelle der Vorschläge.",
        row_key="query",
        changed=(CLICKS.id, POSITION.id),
        notes=(
            CHANGE.explained,
            POSITION.explained,
            *wording.same_days(question.exposure("search_query_day")),
        ),
        names_queries=True,
    )


def _begin(reason: str) -> str:
    return f"{reason[:1].lower()}{reason[1:]}"


def proposed(question: Question, listed: pd.DataFrame) -> pd.DataFrame:
    """The rows of `query_rows` that are proposed, with ``reason``; each query once, for the first reason that fits."""
    factor = question.factor("search_query_day")
    weighty = listed.sort_values(["impressions", "query"], ascending=[False, True]).head(WEIGHTY)
    near = weighty[weighty["position"].between(FIRST_PAGE_END, NEAR, inclusive="right")]
    reasons = [
        near.assign(reason="Knapp hinter der ersten Ergebnisseite"),
        listed.assign(reason="Meistgeklickt"),
    ]
    if question.like is not None and question.before is not None and factor is not None:
        reasons = [*_moving(listed, weighty, factor, question.exposure("search_query_day")), *reasons]
    picked: list[pd.DataFrame] = []
    taken: set[str] = set()
    for rows in reasons:
        chosen = rows[~rows["query"].isin(taken)].head(OF_EACH)
        taken |= set(chosen["query"])
        picked.append(chosen)
    return pd.concat(picked, ignore_index=True)


def _moving(
    listed: pd.DataFrame, weighty: pd.DataFrame, factor: float, exposure: Exposure | None
) -> list[pd.DataFrame]:
    """Those that lose or gain most clicks or places, and new ones; the largest first."""
    gain = (listed["clicks_like"] - listed["clicks_before"] * factor).astype("float64")
    counted = (listed["clicks_like"] + listed["clicks_before"] * factor**2).astype("float64")
    beyond = gain.abs() > BEYOND * counted**0.5
    by_clicks = listed.assign(gain=gain)[beyond].sort_values(["gain", "query"])
    lost, won = by_clicks[by_clicks["gain"] < 0], by_clicks[by_clicks["gain"] > 0].iloc[::-1]
    places = (weighty["position_before"] - weighty["position_like"]).astype("float64")
    by_places = weighty.assign(places=places)[places.abs() >= LEAST_PLACES]
    by_places = by_places.sort_values("places", key=lambda one: -one.abs(), kind="stable")
    new = weighty[(weighty["impressions_before"] == 0) & (weighty["impressions_like"] > 0)]
    return [
        lost.assign(reason=[f"Verliert {_clicks(amount, exposure)}" for amount in lost["gain"]]),
        won.assign(reason=[f"Gewinnt {_clicks(amount, exposure)}" for amount in won["gain"]]),
        by_places.assign(reason=[_places(row) for _, row in by_places.iterrows()]),
        new.assign(reason="Neu: im Vergleichszeitraum nicht genannt"),
    ]


def _clicks(amount: float, exposure: Exposure | None) -> str:
    return wording.on_equal_days(german.count(abs(round(amount)), "Klick", "Klicks"), exposure)


def _places(row: pd.Series[float]) -> str:
    """As the query's own cards say it: the difference of both places as they are printed."""
    amount = wording.shown_difference(row["position_before"], row["position_like"])
    return f"{'Gewinnt' if amount > 0 else 'Verliert'} {german.number(abs(amount), 1)}{german.NBSP}Plätze"
