"""The views on a ranking: order, robustness, why, quadrant."""

from __future__ import annotations

import math

import streamlit as st

from portalkompass import german
from portalkompass.answers.workshop.decision import Decision, decided
from portalkompass.answers.workshop.workshop_rows import change_sentences, why_chart
from portalkompass.prioritisation import (
    Criterion,
    PrioritisationError,
    effect_sentences,
    missing_effects,
    what_if,
)
from portalkompass.ui.components import exhibits, page
from portalkompass.ui.components.text import plain
from portalkompass.ui.workshop import lanes, workshop_candidates
from portalkompass.ui.workshop.workshop import Workshop

MOST_SENTENCES = 5
FINE, WHOLE = 10, 100.0
"""Scales shorter than this are tried in hundredths; longer ones without decimals, in steps of a hundred."""
CRITERIA = "kriterien-zeigen"


def order(workshop: Workshop) -> None:
    """Lanes with their ranking, score bars by criterion, candidates off the list."""
    if workshop.stage:
        answered = workshop.answered("contributions")
        _large(workshop)
        exhibits.show(workshop.with_charts(answered, "contributions"), "contributions")
        return
    table = st.session_state.get(CRITERIA, False)
    answered = workshop.answered("ranking", "contributions", "off_list", *(("criteria",) if table else ()))
    page.message(answered.answer)
    page.cards(answered.answer.figures)
    shown = workshop.with_charts(answered, "contributions")
    lanes.show(shown)
    exhibits.show(shown, "contributions", "off_list")
    workshop_candidates.show(workshop)
    st.toggle("Kriterien mit Gewichten und Ankern zeigen", key=CRITERIA)
    exhibits.show(shown, "criteria")
    page.next_steps(answered.answer)


def sureness(workshop: Workshop) -> None:
    """Rank heat map, rank ranges, smallest decisive weight change, effect of missing values."""
    names = ("rank_shares", "rank_ranges", "missing_effects")
    answered = workshop.with_charts(workshop.answered(*names), *names)
    if workshop.stage:
        exhibits.show(answered, "rank_shares")
        return
    page.section("Was den ersten Platz ändern würde")
    decision = workshop.decision
    found = missing_effects(decision.evaluation, decision.lanes)
    decisive = effect_sentences(found, decision.names)
    said = [*change_sentences(decision), *decisive[:MOST_SENTENCES]]
    st.markdown("\n".join(f"- {plain(sentence)}" for sentence in said))
    exhibits.show(answered, *names)


def reasons(workshop: Workshop) -> None:
    """Why one service stands before another, and what if a value were another."""
    decision = workshop.decision
    ids = decision.ranking["service_id"].tolist()
    if len(ids) < 2:  # noqa: PLR2004
        st.info("Für einen Vergleich braucht es zwei Leistungen.")
        return
    first, second = _pair(workshop, ids)
    if first == second:
        st.info("Bitte zwei verschiedene Leistungen wählen.")
    else:
        exhibit = why_chart(workshop.ground.question, decision, first, second)
        st.markdown(f"**{plain(exhibit.headline)}**")
        if not exhibit.frame.empty:
            answered = workshop.with_charts(workshop.answered(extra=exhibit), "why")
            st.caption(plain(exhibit.subtitle))
            exhibits.draw(answered, exhibit, heading="none")
    _what_if(workshop, ids)


def quadrant(workshop: Workshop) -> None:
    """Nutzen against Umsetzbarkeit."""
    answered = workshop.answered("quadrant")
    if answered.exhibit("quadrant") is None:
        st.info(
            "Dieses Szenario hat nur Kriterien einer Achse. Für Nutzen und Umsetzbarkeit bitte das Szenario "
            "„Alle Kriterien“ oder ein eigenes daraus wählen."
        )
        return
    exhibits.show(workshop.with_charts(answered, "quadrant"), "quadrant")


def _large(workshop: Workshop) -> None:
    """Every lane in large type, so that the bars below stay in sight.

    The name comes first: a long German word then has the whole width of its column, and rank and points, which
    keep together, go to the next line.
    """
    ranking = workshop.decision.ranking
    shown = [str(lane) for lane in ranking["lane"].drop_duplicates()]
    for cell, lane in zip(st.columns(len(shown), gap="small"), shown, strict=True):
        with cell.container(gap=None):
            name = (lane or "ohne Bahn").capitalize()
            st.header(f"{plain(name)} :gray[(Punkte von 100)]", anchor=False, divider="gray")
            rows = ranking.loc[ranking["lane"] == lane, ["rank", "name", "score"]]
            for rank, name, score in rows.itertuples(index=False, name=None):
                points = german.number(float(score), 1)
                st.title(
                    f"{plain(str(name))} :gray[Rang{german.NBSP}{rank}{german.NBSP}·{german.NBSP}{points}]",
                    anchor=False,
                )


def _pair(workshop: Workshop, ids: list[str]) -> tuple[str, str]:
    names = workshop.decision.names
    left, right = st.columns(2)
    with left:
        first = st.selectbox(
            "Warum steht", ids, format_func=lambda one: names.get(one, one), key="warum-a", filter_mode=None
        )
    with right:
        second = st.selectbox(
            "vor (oder hinter)",
            ids,
            index=1,
            format_func=lambda one: names.get(one, one),
            key="warum-b",
            filter_mode=None,
        )
    return str(first), str(second)


def _what_if(workshop: Workshop, ids: list[str]) -> None:
    page.section("Was wäre, wenn?")
    st.caption("Einen Wert probeweise ändern; gespeichert wird nichts.")
    decision, labels = workshop.decision, {one.id: one for one in workshop.decision.criteria}
    service_cell, criterion_cell, value_cell = st.columns(3, vertical_alignment="bottom")
    service = service_cell.selectbox(
        "Leistung",
        ids,
        format_func=lambda one: decision.names.get(one, one),
        key="wenn-leistung",
        filter_mode=None,
    )
    name = criterion_cell.selectbox(
        "Kriterium",
        list(labels),
        format_func=lambda one: labels[one].label if one in labels else one,
        key="wenn-kriterium",
        filter_mode=None,
    )
    one = labels[name]
    known = decision.evaluation.matrix[name].to_dict()[service]
    with value_cell:
        value = _tried(one, known, key=f"wenn-{service}-{name}")
    try:
        after = decided(workshop.ground.basis, what_if(decision.evaluation, {(service, name): value}))
    except PrioritisationError as fault:
        st.error(plain(str(fault)))
        return
    was = decision.ranking.set_index("service_id").to_dict("index")[service]
    now = after.ranking.set_index("service_id").to_dict("index")[service]
    st.markdown(
        plain(
            f"„{decision.names[service]}“: {german.number(float(was['score']), 1)} → "
            f"{german.number(float(now['score']), 1)} Punkte, Rang in der Bahn {was['rank']} → {now['rank']}, "
            f"über alle Bahnen {was['rank_overall']} → {now['rank_overall']}."
        )
    )
    if passed := _passed(decision, after, service):
        st.markdown(plain(passed))


def _tried(one: Criterion, known: object, *, key: str) -> float:
    """The value to try out: a step of the ladder in its wording, else a number; NaN for unknown."""
    unknown = german.is_missing(known)
    if one.levels:
        steps = {level.value: f"{level.value:g} · {level.label}" for level in one.levels}
        options = [math.nan, *steps] if unknown else list(steps)
        chosen = st.selectbox(
            f"Wert ({plain(one.unit)})",
            options,
            index=0 if unknown else options.index(float(str(known))),
            format_func=lambda value: steps.get(value, "unbekannt"),
            key=key,
            help=plain(one.help),
            filter_mode=None,
        )
        return float(chosen)
    given = st.number_input(
        f"Wert ({plain(one.unit)})",
        value=None if unknown else float(str(known)),
        step=WHOLE if one.upper - one.lower > FINE else 0.05,
        format="%.0f" if one.upper - one.lower > FINE else "%.2f",
        placeholder="unbekannt",
        key=key,
        help=plain(one.help),
    )
    return math.nan if given is None else float(given)


def _passed(before: Decision, after: Decision, service: str) -> str:
    """Whom the service passes in its lane, or who passes it; empty where nobody changes places with it."""
    was, now = (_ranks(one) for one in (before, after))
    lane = [other for other in now if before.lanes[other] == before.lanes[service] and other != service]
    ahead = [before.names[one] for one in lane if was[one] < was[service] and now[one] > now[service]]
    behind = [before.names[one] for one in lane if was[one] > was[service] and now[one] < now[service]]
    name = before.names[service]
    if ahead:
        return f"„{name}“ zieht vorbei an {german.listing([f'„{one}“' for one in ahead])}."
    return f"„{name}“ fällt zurück hinter {german.listing([f'„{one}“' for one in behind])}." if behind else ""


def _ranks(decision: Decision) -> dict[str, int]:
    ranks = decision.ranking[["service_id", "rank"]].itertuples(index=False, name=None)
    return {str(service): int(rank) for service, rank in ranks}
