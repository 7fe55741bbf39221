"""The views on a ranking: order, robustness, why, quadrant."""

from __future__ import annotations

import streamlit as st

from portalkompass import german
from portalkompass.answers.decision import decided
from portalkompass.answers.workshop_rows import change_sentences, why_chart
from portalkompass.prioritisation import PrioritisationError, effect_sentence, missing_effects, what_if
from portalkompass.ui import exhibits, lanes, page, workshop_candidates
from portalkompass.ui.text import plain
from portalkompass.ui.workshop import Workshop

MOST_SENTENCES = 5
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
    decisive = found[found["leads"] | found["falls"]].head(MOST_SENTENCES).to_dict("records")
    said = [
        *change_sentences(decision),
        *(effect_sentence(row, decision.names[str(row["service_id"])]) for row in decisive),
    ]
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
    """The first of each lane in large type."""
    ranking = workshop.decision.ranking
    shown = [str(lane) for lane in ranking["lane"].drop_duplicates()]
    for cell, lane in zip(st.columns(len(shown), gap="large"), shown, strict=True):
        cell.header(plain((lane or "ohne Bahn").capitalize()), anchor=False)
        rows = ranking.loc[ranking["lane"] == lane, ["rank", "name", "score"]]
        for rank, name, score in rows.itertuples(index=False, name=None):
            cell.title(f"{rank}\\. {plain(str(name))}", anchor=False)
            cell.header(f"{german.number(float(score), 1)} Punkte", anchor=False, divider="gray")


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
    value = value_cell.number_input(
        f"Wert ({one.unit})",
        value=float(one.lower) if german.is_missing(known) else float(known),
        key=f"wenn-{service}-{name}",
        help=plain(one.help),
    )
    try:
        after = decided(workshop.ground.basis, what_if(decision.evaluation, {(service, name): float(value)}))
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
