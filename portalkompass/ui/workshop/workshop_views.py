"""The views on a ranking: order, robustness, why, quadrant."""

from __future__ import annotations

import math

import streamlit as st

from portalkompass import german
from portalkompass.answers.workshop.decision import Decision, decided, points_told
from portalkompass.answers.workshop.ranking_rows import NO_LANE, OVERALL, table_ids
from portalkompass.answers.workshop.workshop_rows import AXES, change_sentences, why_chart
from portalkompass.prioritisation import (
    Criterion,
    PrioritisationError,
    effect_sentences,
    missing_effects,
    what_if,
)
from portalkompass.ui.components import exhibits, messages, page
from portalkompass.ui.components.pick import pick
from portalkompass.ui.components.text import plain
from portalkompass.ui.streamlit_internals import DeltaGenerator
from portalkompass.ui.workshop import workshop_candidates
from portalkompass.ui.workshop.workshop import Workshop, show_scenario

MOST_SENTENCES = 5
FINE, WHOLE = 10, 100.0
"""Scales shorter than this are tried in hundredths; longer ones without decimals, in steps of a hundred."""
CRITERIA = "kriterien-zeigen"
VALUES = "Werte der einzelnen Kriterien: über der Tabelle unter „Spalten wählen“, und in Excel und CSV."
EVERY = "Alle Kriterien"
"""The shipped preset with criteria of both axes."""


def order(workshop: Workshop) -> None:
    """Lanes with their ranking, score bars by criterion, the criteria: what a moved slider changes."""
    if workshop.stage:
        answered = workshop.answered("contributions")
        _large(workshop)
        exhibits.show(workshop.with_charts(answered, "contributions"), "contributions")
        return
    above, table = st.container(), st.session_state.get(CRITERIA, False)
    tabs, open_one = _tabs(workshop.decision)
    parts = (open_one, "contributions", *(("criteria",) if table else ()))
    answered = workshop.with_charts(workshop.answered(*parts), "contributions")
    with above:
        page.top(answered)
    with tabs:
        exhibits.show(answered, open_one)
        st.caption(VALUES)
    exhibits.show(answered, "contributions")
    st.toggle("Kriterien mit Gewichten und Ankern zeigen", key=CRITERIA)
    exhibits.show(answered, "criteria")


def order_beside(workshop: Workshop) -> None:
    """What the sliders do not change: candidates off the list, and what to do next."""
    if workshop.stage:
        return
    answered = workshop.answered("off_list")
    exhibits.show(answered, "off_list")
    workshop_candidates.show(workshop)
    page.next_steps(answered.answer)


def _tabs(decision: Decision) -> tuple[DeltaGenerator, str]:
    """One tab a lane in the answer's order, the list over all lanes last: only services that could start now compete.

    Returned are the open one, and the id of its table: only that is made, since a moved slider has to answer at once.
    """
    tables = table_ids(decision)
    lanes = decision.ranking["lane"].tolist()
    labels = [
        f"Alle in einer Liste ({len(lanes)})" if lane is None else f"{_label(lane)} ({lanes.count(lane)})"
        for lane in tables.values()
    ]
    tabs = dict(zip(tables, st.tabs(labels, key="bahnen", on_change="rerun"), strict=True))
    return next(((tab, id) for id, tab in tabs.items() if tab.open), (tabs[OVERALL], OVERALL))


def _label(lane: str) -> str:
    name = lane or NO_LANE
    return plain(name[:1].upper() + name[1:])


def sureness(workshop: Workshop) -> None:
    """Rank heat map, rank ranges, smallest decisive weight change, effect of missing values."""
    names = ("rank_shares", "rank_ranges", "missing_effects")
    answered = workshop.with_charts(workshop.answered(*names, "questions"), *names)
    if workshop.stage:
        exhibits.show(answered, "rank_shares")
        return
    page.section("Was den ersten Platz ändern würde")
    decision = workshop.decision
    effects = effect_sentences(missing_effects(decision.evaluation, decision.lanes), decision.names)
    sentences = [*change_sentences(decision), *effects[:MOST_SENTENCES]]
    st.markdown("\n".join(f"- {plain(sentence)}" for sentence in sentences))
    exhibits.show(answered, "next_questions", *names)


def reasons(workshop: Workshop) -> None:
    """Why one service stands before another, and what if a value were another."""
    decision = workshop.decision
    names = {name: decision.names.get(name, name) for name in decision.ranking["service_id"].tolist()}
    if len(names) < 2:  # noqa: PLR2004
        st.caption("Ein Vergleich braucht zwei Leistungen; hier steht, woraus die Punkte der einen bestehen.")
        exhibits.show(
            workshop.with_charts(workshop.answered("contributions"), "contributions"), "contributions"
        )
        _what_if(workshop, names)
        return
    left, right = st.columns(2)
    first = pick("Warum steht", names, "warum-a", at=left, filter_mode=None)
    second = pick("vor (oder hinter)", names, "warum-b", at=right, index=1, filter_mode=None)
    if first == second:
        st.info("Bitte zwei verschiedene Leistungen wählen.")
    else:
        exhibit = why_chart(workshop.ground.question, decision, first, second)
        st.markdown(f"**{plain(exhibit.headline)}**")
        if not exhibit.frame.empty:
            st.caption(plain(exhibit.subtitle))
            workshop.draw(exhibit, heading="none")
    _what_if(workshop, names)


def quadrant(workshop: Workshop) -> None:
    """Nutzen against Umsetzbarkeit."""
    answered = workshop.answered("quadrant")
    if answered.exhibit("quadrant") is None:
        _one_axis(workshop)
        return
    exhibits.show(workshop.with_charts(answered, "quadrant"), "quadrant")


def _one_axis(workshop: Workshop) -> None:
    """Without criteria of both axes: the points of the one there is, and the way to see both."""
    sides = {AXES[one.axis] for one in workshop.decision.criteria}
    st.caption(
        f"Alle Kriterien sagen etwas über {german.listing(sorted(sides))}; eine zweite Achse gibt es damit nicht."
    )
    answered = workshop.answered("contributions")
    exhibits.show(workshop.with_charts(answered, "contributions"), "contributions")
    if workshop.ground.basis.kept is None and not workshop.stage:
        st.button("Mit allen Kriterien zeigen", key="quadrant-alle", on_click=show_scenario, args=(EVERY,))


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
            for row in ranking[ranking["lane"] == lane].to_dict("records"):
                place = f"Rang{german.NBSP}{row['rank']}{german.NBSP}·{german.NBSP}{points_told(row)}"
                st.title(
                    f"{plain(_together(str(row['name'])))} :gray[{place}]",
                    anchor=False,
                )


def _together(name: str) -> str:
    """A word's hyphen stays with it: "und -plaketten" breaks before, not after."""
    return name.replace(" -", " -\u2060")


def _what_if(workshop: Workshop, names: dict[str, str]) -> None:
    page.section("Was wäre, wenn?")
    st.caption("Einen Wert probeweise ändern; gespeichert wird nichts.")
    decision = workshop.decision
    criteria = {criterion.id: criterion for criterion in decision.criteria}
    labels = {name: criterion.label for name, criterion in criteria.items()}
    service_cell, criterion_cell, value_cell = st.columns(3, vertical_alignment="bottom")
    service = pick("Leistung", names, "wenn-leistung", at=service_cell, filter_mode=None)
    name = pick("Kriterium", labels, "wenn-kriterium", at=criterion_cell, filter_mode=None)
    measured = decision.evaluation.matrix[name].to_dict()[service]
    with value_cell:
        value = _tried(criteria[name], measured, key=f"wenn-{service}-{name}")
    with messages.told(PrioritisationError):
        after = decided(workshop.ground.basis, what_if(decision.evaluation, {(service, name): value}))
        st.markdown(plain(_change(decision, after, service)))
        if passed := _passed(decision, after, service):
            st.markdown(plain(passed))


def _change(before: Decision, after: Decision, service: str) -> str:
    """Points and ranks of a service before and after, in words."""
    was, now = (one.ranking.set_index("service_id").to_dict("index")[service] for one in (before, after))
    return (
        f"„{before.names[service]}“: {points_told(was)} → {points_told(now)} Punkte, "
        f"Rang in der Bahn {was['rank']} → {now['rank']}, "
        f"über alle Bahnen {was['rank_overall']} → {now['rank_overall']}."
    )


def _tried(criterion: Criterion, measured: object, *, key: str) -> float:
    """The value to try out: a step of the ladder in its wording, else a number; NaN for unknown."""
    unknown = german.is_missing(measured)
    if criterion.levels:
        steps = {level.value: f"{level.value:g} · {level.label}" for level in criterion.levels}
        options = [math.nan, *steps] if unknown else list(steps)
        chosen = st.selectbox(
            f"Wert ({plain(criterion.unit)})",
            options,
            index=0 if unknown else options.index(float(str(measured))),
            format_func=lambda value: steps.get(value, "unbekannt"),
            key=key,
            help=plain(criterion.help),
            filter_mode=None,
        )
        return float(chosen)
    given = st.number_input(
        f"Wert ({plain(criterion.unit)})",
        value=None if unknown else float(str(measured)),
        step=WHOLE if criterion.upper - criterion.lower > FINE else 0.05,
        format="%.0f" if criterion.upper - criterion.lower > FINE else "%.2f",
        placeholder="unbekannt",
        key=key,
        help=plain(criterion.help),
    )
    return math.nan if given is None else float(given)


def _passed(before: Decision, after: Decision, service: str) -> str:
    """Whom the service passes in its lane, or who passes it; empty where nobody changes places with it."""
    was, now = (
        dict(zip(one.ranking["service_id"], one.ranking["rank"], strict=True)) for one in (before, after)
    )
    lane = [other for other in now if before.lanes[other] == before.lanes[service] and other != service]
    ahead = [before.names[other] for other in lane if was[other] < was[service] and now[other] > now[service]]
    behind = [
        before.names[other] for other in lane if was[other] > was[service] and now[other] < now[service]
    ]
    name = before.names[service]
    if ahead:
        return f"„{name}“ zieht vorbei an {german.listing([f'„{other}“' for other in ahead])}."
    if behind:
        return f"„{name}“ fällt zurück hinter {german.listing([f'„{other}“' for other in behind])}."
    return ""
