"""Why the clicks of a page, a service's pages or a query changed: demand, place and click rate, exact to the click."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from portalkompass import german
from portalkompass.answers.base import estimate_rows, wording
from portalkompass.answers.base.grains import PAGE_QUERY, QUERY, SITE
from portalkompass.answers.base.headline import Headline, headline
from portalkompass.answers.base.question import Question, columns, in_words
from portalkompass.estimates.click_change import PARTS, split
from portalkompass.exhibit import Exhibit, Field
from portalkompass.metrics.comparison import Exposure
from portalkompass.metrics.measures import CLICKS, CTR, IMPRESSIONS, POSITION
from portalkompass.metrics.pages import compared

NAMES = {
    "demand": "Nachfrage: öfter oder seltener gezeigt",
    "place": "Platz: was er hier sonst bringt",
    "rate": "Klickrate: mehr oder weniger als der Platz bringt",
    "change": "Zusammen",
}
BRIEF = {"demand": "die Nachfrage", "place": "der Platz", "rate": "die Klickrate"}
_DOES = {True: "bringt", False: "kostet"}
QUERIES_SHOWN = 20
OTHERS, UNNAMED = "(weitere genannte Suchanfragen)", "(von Google nicht genannt)"
HOW = (
    "Klicks sind Impressionen mal Klickrate. Nachfrage ist, was mehr oder weniger Impressionen bei der mittleren "
    "Klickrate ausmachen; Platz, was die Klickkurve der eigenen Property für den Unterschied der Plätze erwartet; "
    "Klickrate ist der Rest, also Titel, Beschreibung und was sonst im Ergebnis steht. Die Teile ergeben genau die "
    "Veränderung."
)
BY_QUERY = (
    "Je Suchanfrage gerechnet; was in einem der Zeiträume nicht gezeigt wurde, zählt ganz zur Nachfrage."
)
AS_A_WHOLE = "Nur als Ganzes gerechnet: {reason}"
OTHER_DAYS = "Suchanfragen sind nicht von denselben Tagen geladen."
SWITCHED = (
    "Eine Umstellung bei Google verschiebt Impressionen und Positionen, keine Klicks: Nachfrage, Platz und Klickrate "
    "enthalten sie, „Zusammen“ nicht."
)
CONCERNED = (CLICKS.id, IMPRESSIONS.id, POSITION.id, CTR.id)
"""Measures that the parts are made of."""
NO_CURVE = "Für eine Klickkurve reichen die Suchanfragen nicht: Was am Platz liegt, steht bei der Klickrate."


def why_exhibits(own: Question, whole: Question) -> tuple[Exhibit, ...]:
    """The parts of the change as bars, and the queries that carry it; nothing without a fair comparison.

    ``own`` is the question about the part looked at, ``whole`` the one whose click curve holds.
    """
    if own.like is None or own.before is None:
        return ()
    like, before = headline(own, own.like), headline(own, own.before)
    factor = own.factor(SITE)
    if factor is None or like.clicks is None or before.clicks is None:
        return ()
    reason = _no_queries(own)
    rows = _with_rest(_NO_QUERIES if reason else _query_rows(own), like, before)
    curve = estimate_rows.usual_curve(whole)
    parts = split(rows, curve, factor)
    told = pd.concat([rows[["query"]], parts], axis=1)
    how = " ".join(
        (HOW, AS_A_WHOLE.format(reason=reason) if reason else BY_QUERY, *(() if curve else (NO_CURVE,)))
    )
    notes = (how, *_switched(own), *wording.same_days(own.exposure(SITE)))
    return (_bars(own, parts, notes), *_carriers(own, told, notes))


def _switched(own: Question) -> tuple[str, ...]:
    """What a switch of Google's between both periods does to the parts; of a part of the traffic it has no measure."""
    if own.like is None or own.before is None:
        return ()
    between = own.between((own.like, own.before), (IMPRESSIONS.id, POSITION.id))
    if not any(event.is_switch for event in between):
        return ()
    return (SWITCHED,)


def _no_queries(own: Question) -> str:
    """Why queries are not known of the very days that the part has; "" where they are.

    A query that is not loaded was not lost.
    """
    table = _query_grain(own)
    if reason := own.reason(table):
        return reason
    same = all(
        own.covered(table, period) == own.covered(SITE, period) == own.covered(table, period, SITE)
        for period in (own.like, own.before)
        if period is not None
    )
    return "" if same else OTHER_DAYS


def _query_grain(own: Question) -> str:
    return QUERY if own.source(SITE).table == QUERY else PAGE_QUERY


def _query_rows(own: Question) -> pd.DataFrame:
    """Listed queries of the part in both periods, those too rare to be named as one row."""
    table, like, before = _query_grain(own), own.like, own.before
    rows = own.warehouse.ask(
        lambda t: compared(
            own.sums(t, table, like, before).filter(nw.col("query") != ""), "query", like or own.now, before
        )
    )
    for suffix in ("", "_before"):
        place = rows[f"position{suffix}"].fillna(1) - 1
        rows[f"sum_position{suffix}"] = place * rows[f"impressions{suffix}"]
    named = rows["impressions"] + rows["impressions_before"] >= own.least_impressions
    few = rows.loc[~named, _SUMS].sum().to_frame().T.assign(query=OTHERS)
    return pd.concat(
        [rows.loc[named, ["query", *_SUMS]], *([few] if (~named).any() else [])], ignore_index=True
    )


_SUMS = [
    f"{name}{suffix}" for suffix in ("", "_before") for name in ("clicks", "impressions", "sum_position")
]
_NO_QUERIES = pd.DataFrame(columns=["query", *_SUMS])


def _with_rest(rows: pd.DataFrame, like: Headline, before: Headline) -> pd.DataFrame:
    """With one row for what no query tells, so that the rows sum to the part itself; positions from sums."""
    whole: dict[str, object] = {"query": UNNAMED}
    for suffix, side in (("", like), ("_before", before)):
        amount = side.impressions or 0
        places = ((side.position or 1) - 1) * amount
        for name, value in (
            ("clicks", side.clicks or 0),
            ("impressions", amount),
            ("sum_position", places),
        ):
            whole[f"{name}{suffix}"] = value - rows[f"{name}{suffix}"].sum()
    every = pd.concat([rows, pd.DataFrame([whole])], ignore_index=True)
    for suffix in ("", "_before"):
        shown = every[f"impressions{suffix}"].astype("float64")
        place = every[f"sum_position{suffix}"].astype("float64") / shown.where(shown > 0) + 1
        every[f"position{suffix}"] = place.where(place >= 1)
    return every


def _bars(own: Question, parts: pd.DataFrame, notes: tuple[str, ...]) -> Exhibit:
    sums = parts.sum()
    frame = pd.DataFrame({"part": list(NAMES.values()), "clicks_part": [float(sums[name]) for name in NAMES]})
    headline = _headline(sums, own.exposure(SITE))
    told = ", ".join(f"{part} {german.signed(clicks, 0)}" for part, clicks in frame.itertuples(index=False))
    return own.bars(
        "click_change",
        frame,
        (
            Field("part", "Woher die Veränderung kommt"),
            Field("clicks_part", "Klicks", "signed_integer", "Klicks"),
        ),
        headline=headline,
        subtitle=f"Veränderung der Klicks, {in_words(own.like or own.now)} gegenüber {in_words(own.before or own.now)}",
        alt=f"Balken der Veränderung: {told}. {headline}.",
        over=(own.like, own.before),
        measures=CONCERNED,
        notes=notes,
        height=220,
    )


def _headline(sums: pd.Series[float], exposure: Exposure | None = None) -> str:
    change = round(float(sums["change"]))
    if change == 0:
        return wording.on_equal_days("Die Klicks sind gleich geblieben", exposure)
    clicks, direction = german.count(abs(change), "Klick", "Klicks"), "mehr" if change > 0 else "weniger"
    alike = {name: float(sums[name]) for name in PARTS if sums[name] * change > 0}
    most = max(alike, key=lambda name: abs(alike[name]))
    against = {name: float(sums[name]) for name in PARTS if round(sums[name]) * change < 0}
    # Not the largest part: what stands against it may be larger still.
    words = (
        f"{wording.on_equal_days(f'{clicks} {direction}', exposure)}: Am meisten {_DOES[change > 0]} {BRIEF[most]} "
        f"({german.signed(alike[most], 0)})"
    )
    if against:
        other = max(against, key=lambda name: abs(against[name]))
        words += f"; dagegen steht {BRIEF[other]} ({german.signed(against[other], 0)})"
    return words


def _carriers(own: Question, told: pd.DataFrame, notes: tuple[str, ...]) -> tuple[Exhibit, ...]:
    """The queries whose clicks changed most, all others as one row each; nothing where no query is told."""
    rest = told["query"].isin([OTHERS, UNNAMED])
    only_one = own.scope.query is not None and own.scope.query.how == "is"
    if rest.all() or only_one:
        return ()
    named = told[~rest]
    order = named["change"].abs().sort_values(ascending=False, kind="stable").index
    shown, further = named.loc[order[:QUERIES_SHOWN]], named.loc[order[QUERIES_SHOWN:]]
    others = pd.concat([further, told[told["query"] == OTHERS]])
    sums = others[[*PARTS, "change"]].sum().to_frame().T.assign(query=OTHERS)
    rows = pd.concat(
        [shown, *([sums] if len(others) else []), told[told["query"] == UNNAMED]], ignore_index=True
    )
    first = shown.iloc[0]
    most = wording.on_equal_days(german.signed(first["change"], 0), own.exposure(SITE))
    return (
        own.table(
            "click_carriers",
            rows,
            (
                Field("query", "Suchanfrage"),
                *columns(
                    "signed_integer", change="Klicks", demand="Nachfrage", place="Platz", rate="Klickrate"
                ),
            ),
            headline=f"Am meisten verändert „{first['query']}“ die Klicks ({most})"
            if round(first["change"])
            else "Keine genannte Suchanfrage verändert die Klicks",
            subtitle=f"Beitrag zur Veränderung in Klicks, {in_words(own.like or own.now)} gegenüber "
            f"{in_words(own.before or own.now)}",
            over=(own.like, own.before),
            measures=CONCERNED,
            notes=notes,
            names_queries=True,
        ),
    )
