"""What the weights of each department change in the order, in sentences: differences between them without numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from portalkompass import german
from portalkompass.answers.workshop.decision import (
    CANDIDATE,
    Basis,
    Decision,
    decided,
    known_enough,
    rivals,
)
from portalkompass.prioritisation import PrioritisationError, median_weights, reweighed
from portalkompass.suppression import is_small

MOST_MOVES = 3
"""Services that one sentence names."""
FEWEST = 2
"""Departments that a difference needs."""


@dataclass(frozen=True)
class Change:
    """What other weights change: whom they move, farthest first, and who leads a lane instead of whom."""

    moves: tuple[str, ...]
    leaders: tuple[str, ...]
    distance: int
    """Ranks over all services that are moved, all together."""

    @property
    def told(self) -> str:
        """The rest of a sentence that says whose weights they are."""
        parts = []
        if self.moves:
            more = len(self.moves) - MOST_MOVES
            rest = [f"{german.count(more, 'weitere', 'weitere')} anders"] if more > 0 else []
            named = german.listing([*self.moves[:MOST_MOVES], *rest])
            parts.append(f"{'stehen' if len(self.moves) > 1 else 'steht'} über alle Bahnen {named}")
        parts += self.leaders
        return "; ".join(parts) if parts else "bleibt jeder Rang"


def differences_told(
    base: Basis,
    decision: Decision,
    ballots: tuple[pd.DataFrame, pd.DataFrame],
    departments: pd.Series[str],
    *,
    named: bool,
    full: bool,
) -> tuple[str, ...]:
    """A sentence a department: what its weights change in the ranking on the screen; none below two departments.

    ``ballots`` as `workspace.opinions`, ``departments`` as `workspace.ballot_departments`. The weights of a department
    are the median of its ballots, as those of the group. ``named``: the setting allows departments by name; without
    it the sentences say how many of them, and there are none of so few ballots that single people show through.
    ``full``: for whoever leads the workshop; others read nothing of a department with so few. Of services too
    little is known of, no sentence speaks.
    """
    points, held = ballots
    owners = departments.reindex(points.index).fillna("")
    groups = {str(name): own.index for name, own in owners[owners != ""].groupby(owners)}
    if len(groups) < FEWEST or (not named and is_small(sum(map(len, groups.values())))):
        return ()
    changes: dict[str, Change] = {}
    for name, own in groups.items():
        if not full and is_small(len(own)):
            continue
        weights = _weights(decision, points.loc[own], held.loc[own])
        if weights is not None:
            changes[name] = change(decision, decided(base, reweighed(decision.evaluation, weights)))
    return _by_name(changes, groups) if named else _unnamed(changes)


def change(before: Decision, after: Decision) -> Change:
    """What moves between two rankings of the same services; candidates move nobody, and are not told."""
    was, now = (_listed(one) for one in (before, after))
    moved = {
        service: int(now[service]["rank_overall"]) - int(row["rank_overall"])
        for service, row in was.items()
        if known_enough(row)
    }
    order = sorted((one for one in moved if moved[one]), key=lambda one: (-abs(moved[one]), str(one)))
    moves = tuple(
        f"„{before.names[str(one)]}“ auf Rang {now[one]['rank_overall']} statt {was[one]['rank_overall']}"
        for one in order
    )
    return Change(moves, _leaders(before, after), sum(map(abs, moved.values())))


def _leaders(before: Decision, after: Decision) -> tuple[str, ...]:
    """Lanes with rivals that another service leads, in words."""
    first = [
        {
            str(lane): rows[rows["rank"] == 1].to_dict("records")
            for lane, rows in one.ranking[rivals(one.ranking)].groupby("lane", sort=False)
        }
        for one in (before, after)
    ]
    told = []
    for lane, was in first[0].items():
        now = first[1].get(lane, [])
        same = {row["service_id"] for row in was} == {row["service_id"] for row in now}
        if same or not all(known_enough(row) for row in (*was, *now)):
            continue
        names = [german.listing([f"„{row['name']}“" for row in rows]) for rows in (now, was)]
        verb = "führt" if len(now) == 1 else "führen"
        told.append(f"in der Bahn „{lane}“ {verb} {names[0]} statt {names[1]}")
    return tuple(told)


def _listed(decision: Decision) -> dict[Hashable, dict[Hashable, Any]]:
    ranked = decision.ranking[decision.ranking["list"] != CANDIDATE]
    return {row["service_id"]: row for row in ranked.to_dict("records")}


def _weights(decision: Decision, points: pd.DataFrame, held: pd.DataFrame) -> dict[str, float] | None:
    """The median of these ballots on the criteria of today; None where it gives none of them any weight."""
    try:
        median = median_weights(points, held)
    except PrioritisationError:
        return None
    weights = {name: median.get(name, 0.0) for name in decision.labels}
    return weights if any(weights.values()) else None


def _by_name(changes: Mapping[str, Change], groups: Mapping[str, pd.Index[Any]]) -> tuple[str, ...]:
    """The largest change first."""
    order = sorted(changes, key=lambda name: (-changes[name].distance, name))
    return tuple(
        f"Mit den Gewichten von {name} ({german.count(len(groups[name]), 'Stimme', 'Stimmen')}) "
        f"{changes[name].told}."
        for name in order
    )


def _unnamed(changes: Mapping[str, Change]) -> tuple[str, ...]:
    """How many departments change the same; their order tells nothing of who they are."""
    counts = Counter(changes.values())
    order = sorted(counts, key=lambda one: (-one.distance, one.told))
    return tuple(
        f"Mit den Gewichten {_how_many(counts[one], len(changes))} Stellen {one.told}." for one in order
    )


def _how_many(count: int, of: int) -> str:
    if count == of > 1:
        return "beider" if of == FEWEST else f"aller {of}"
    return f"{'einer' if count == 1 else f'von {count}'} der {of}"
