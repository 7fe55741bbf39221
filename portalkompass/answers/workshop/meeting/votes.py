"""The vote on the weights that a scenario stands on: which round, what its ballots say, and what is known no more."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from portalkompass import german
from portalkompass.answers.base.question import Question
from portalkompass.answers.workshop.decision import Decision, known_enough, rivals
from portalkompass.prioritisation import Agreement, agreement
from portalkompass.suppression import SMALLEST, is_small
from portalkompass.workspace import Round, opinions, rounds

NO_VOTE = "Über die Gewichte wurde nicht abgestimmt."


@dataclass(frozen=True, eq=False)
class Votes:
    """An ended round with what is left of its ballots.

    ``full``: the reader leads the workshop; others get no spread of so few ballots that single people show through.
    ``overdue``: its ballots may have been deleted, because their time is over.
    """

    round: Round
    agreement: Agreement
    full: bool
    overdue: bool

    @property
    def spread(self) -> Agreement | None:
        """What may be drawn; None without ballots, or with too few for this reader."""
        ballots = self.agreement.ballots
        return self.agreement if ballots and (self.full or not is_small(ballots)) else None

    @property
    def labels(self) -> Mapping[str, str]:
        """Criterion id → label as it stood on the ballot."""
        return {str(one["id"]): str(one["label"]) for one in self.round.criteria}

    @property
    def sentence(self) -> str:
        """When it was held, by how many, and whether its median was adopted."""
        adopted = "übernommen" if self.round.adopted_at else "nicht übernommen"
        ballots = self.agreement.ballots
        held = f"Abstimmung über die Gewichte am {german.date(self.round.opened_at.astimezone().date())}"
        if ballots and self.spread is None:
            return (
                f"{held}: weniger als {SMALLEST} Stimmen, ihre Verteilung bleibt verdeckt; Median {adopted}."
            )
        if ballots:
            return f"{held}: {german.count(ballots, 'Stimme', 'Stimmen')}; Median {adopted}."
        if self.round.adopted_at:  # a median takes a ballot
            return f"{held}: Stimmen nach Ablauf der Frist gelöscht; Median {adopted}."
        if self.overdue:
            return (
                f"{held}: Ob Stimmen abgegeben wurden, ist nach Ablauf der Frist nicht mehr bekannt; "
                f"Median {adopted}."
            )
        return f"{held}: keine Stimme abgegeben."


def votes_of(question: Question, scenario_id: int, *, full: bool) -> Votes | None:
    """Of the rounds that ended the last one that was adopted, else the last with ballots, else the last; None without.

    ``full``: for whoever leads the workshop, see `Votes`.

    Raises:
        WorkspaceError: the workspace cannot be read.
    """
    workspace, settings = question.workspace, question.settings
    kept = dt.timedelta(days=settings.operations.keep_ballots_days)
    ended = [
        Votes(
            one,
            agreement(*opinions(workspace, one)),
            full,
            dt.datetime.now(dt.UTC) > (one.closed_at or one.expires_at) + kept,
        )
        for one in rounds(workspace, scenario_id)
        if not one.is_open
    ]
    adopted = [one for one in ended if one.round.adopted_at]
    with_ballots = [one for one in ended if one.agreement.ballots]
    return next(iter((*adopted, *with_ballots, *ended)), None)


def order_told(decision: Decision, ballots: pd.DataFrame) -> tuple[str, ...]:
    """What the ballots (rows, points by criterion) change in the order: who leads each lane by how many of them.

    A sentence a lane with rivals, where enough is known of those it names; unknown values stand in the middle, as in
    the points.
    """
    evaluation, ranked = decision.evaluation, decision.ranking
    weights = ballots.reindex(columns=evaluation.values.columns).fillna(0.0)
    weights = weights[weights.sum(axis=1) > 0]
    points = evaluation.values.fillna(0.5) @ weights.div(weights.sum(axis=1), axis=0).T
    told = []
    for lane, rows in ranked[rivals(ranked)].groupby("lane", sort=False):
        leaders = points.loc[rows["service_id"].tolist()].idxmax()
        named = rows[rows["service_id"].isin(set(leaders))]
        if weights.empty or not all(known_enough(row) for row in named.to_dict("records")):
            continue
        first, *others = Counter(leaders).most_common()
        if not others:
            all_of_them = "der einzigen Stimme" if len(weights) == 1 else f"allen {len(weights)} Stimmen"
            told.append(f"Bahn „{lane}“: nach {all_of_them} steht „{decision.names[first[0]]}“ vorn.")
            continue
        rest = german.listing([f"nach {number} „{decision.names[service]}“" for service, number in others])
        told.append(
            f"Bahn „{lane}“: nach {first[1]} von {len(weights)} Stimmen steht „{decision.names[first[0]]}“ vorn, "
            f"{rest}."
        )
    return tuple(told)
