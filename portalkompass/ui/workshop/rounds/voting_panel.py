"""Several voices on the moderator's screen: open a round, show code and QR, see spread, adopt, close."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import streamlit as st

from portalkompass import german
from portalkompass.answers.workshop.meeting.department_weights import differences_told
from portalkompass.answers.workshop.meeting.votes import order_told
from portalkompass.answers.workshop.ranking_rows import criteria_table
from portalkompass.answers.workshop.workshop_rows import spread_chart
from portalkompass.prioritisation import Agreement, agreement, median_weights
from portalkompass.suppression import SMALLEST, is_small
from portalkompass.ui.auth import permissions
from portalkompass.ui.components.text import plain
from portalkompass.ui.workshop import workshop_start
from portalkompass.ui.workshop.rounds import entrance
from portalkompass.ui.workshop.weights import points, reach
from portalkompass.ui.workshop.workshop import Workshop, act, who
from portalkompass.workspace import (
    Round,
    adopt,
    ballot_departments,
    ballots,
    close_round,
    open_round,
    opinions,
    rounds,
)


def show(workshop: Workshop) -> None:
    """The round of the scenario, or the button that opens one."""
    scenario = workshop.ground.basis.kept
    if scenario is None:
        workshop_start.measured(workshop)
        return
    workspace = workshop.reading.workspace
    votings = rounds(workspace, scenario.id)
    running = next((voting for voting in votings if voting.is_open), None)
    leads = permissions.allowed("moderate")
    if running is not None and leads:
        _running(workshop, running)
        return
    if leads and not scenario.locked:
        entrance.warn(workshop)
        if st.button("Abstimmung eröffnen", type="primary", key="abstimmung-auf"):
            criteria = _criteria(workshop)
            act(lambda: open_round(workspace, scenario, criteria, who()), "Die Abstimmung ist eröffnet.")
    ended = next((voting for voting in votings if not voting.is_open), None)
    if ended is not None:
        st.subheader("Letzte Abstimmung", anchor=False)
    if ended is None or not _result(workshop, ended, full=leads):
        workshop.draw(criteria_table(workshop.ground.question, workshop.decision))


def _criteria(workshop: Workshop) -> tuple[dict[str, Any], ...]:
    """What the ballot says of each criterion."""
    start = points(workshop.ground.basis)
    return tuple(
        {"id": one.id, "label": one.label, "help": one.help, "start": start[one.id], "step": reach(one)}
        for one in workshop.ground.basis.criteria
    )


def _running(workshop: Workshop, voting: Round) -> None:
    if not (workshop.stage and voting.shown):  # the room then talks about the result
        entrance.show(workshop, voting)
    _watch(workshop, voting)


@st.fragment(run_every=entrance.SECONDS_BETWEEN_LOOKS)
def _watch(workshop: Workshop, voting: Round) -> None:
    """The count of ballots, looked up anew; spread and buttons of the moderator."""
    workspace = workshop.reading.workspace
    now = next((newer for newer in rounds(workspace, voting.scenario_id) if newer.id == voting.id), voting)
    cast = ballots(workspace, now)
    votes, _ = opinions(workspace, now)
    with st.container(key="stimmen"):
        st.metric("Abgegebene Stimmen", german.number(len(cast)))
        if len(cast) > len(votes):
            unmoved = german.count(len(cast) - len(votes), "Stimme", "Stimmen")
            st.caption(f"Davon {unmoved} ohne einen bewegten Regler: nicht gezählt.")
    if not now.is_open:  # ended by another facilitator, or its time is over: what there is now follows
        st.rerun(scope="app")
    with st.container(horizontal=True):
        entrance.result_button(workshop, now, "abstimmung-zeigen", nothing=votes.empty)
        if st.button("Median übernehmen", key="abstimmung-median", disabled=votes.empty):
            act(
                lambda: adopt(workspace, now, median_weights(*opinions(workspace, now)), who()),
                "Der Median ist als Gewichtung des Szenarios übernommen.",
            )
        if st.button("Abstimmung beenden", key="abstimmung-zu"):
            act(lambda: close_round(workspace, now, who()), "Die Abstimmung ist beendet.")
    if now.shown:
        _result(workshop, now, full=True)


def _result(workshop: Workshop, voting: Round, *, full: bool) -> bool:
    """Agreement in words, then the spread by criterion; of few ballots for whoever leads the workshop only.

    Whether a spread was drawn.
    """
    votes = opinions(workshop.reading.workspace, voting)
    spread = agreement(*votes)
    if not spread.ballots:
        st.caption("Von dieser Abstimmung ist keine Stimme gespeichert.")
        return False
    if not full and is_small(spread.ballots):
        st.caption(f"Weniger als {SMALLEST} Stimmen: Ihre Verteilung sieht nur, wer den Workshop leitet.")
        return False
    if spread.ballots > 1:
        st.markdown(plain(agreement_told(spread)))
        if changes := order_told(workshop.decision, votes[0]):
            st.markdown("\n".join(f"- {plain(sentence)}" for sentence in changes))
        _departments(workshop, voting, votes, full=full)
    labels = {str(one["id"]): str(one["label"]) for one in voting.criteria}
    workshop.draw(spread_chart(workshop.ground.question, workshop.decision, spread, labels))
    return True


def _departments(
    workshop: Workshop, voting: Round, votes: tuple[pd.DataFrame, pd.DataFrame], *, full: bool
) -> None:
    """What the weights of each department change in the order, where it was asked."""
    sentences = differences_told(
        workshop.ground.basis,
        workshop.decision,
        votes,
        ballot_departments(workshop.reading.workspace, voting),
        named=workshop.reading.settings.workshop_names_departments,
        full=full,
    )
    if sentences:
        st.markdown(f"**Was die Stellen an der Rangfolge ändern** ({plain(workshop.decision.title)})")
        st.markdown("\n".join(f"- {plain(sentence)}" for sentence in sentences))


def agreement_told(spread: Agreement) -> str:
    """Agreement against what chance gives, in a sentence."""
    if math.isnan(spread.overlap):
        return "Einigkeit: nicht messbar, weil keine zwei Beteiligten dieselben beiden Kriterien gewichtet haben."
    alike, lot = (german.value(share, "percent") for share in (spread.overlap, spread.chance))
    basis = f"Zwei Beteiligte verteilen im Mittel {alike} ihres Gewichts gleich, per Los wären es {lot}."
    if math.isnan(spread.beyond_chance):
        return f"Einigkeit: nicht messbar, weil niemand Kriterien unterscheidet. {basis}"
    if spread.beyond_chance <= 0:
        return f"Einigkeit: nicht mehr als der Zufall gäbe. {basis}"
    return f"Einigkeit: {german.value(spread.beyond_chance, 'percent')} über den Zufall hinaus. {basis}"
