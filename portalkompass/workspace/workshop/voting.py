"""Voting rounds: participants give weights on their own device; the moderator adopts the median and closes.

Rounds in which departments assess services are rounds, too (`workshop.assessing`).

A ballot raises no revision: no cached answer depends on it, and fifteen people voting at once must not make
every screen compute anew. Opening, adopting and closing are writes like any other, with their audit line.
"""

from __future__ import annotations

import datetime as dt
import math
import secrets as randomness
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping
from sqlalchemy.exc import IntegrityError

from portalkompass.workspace.storage.database import Action, Workspace, now
from portalkompass.workspace.storage.errors import WorkspaceError
from portalkompass.workspace.storage.tables import ballots as ballot_table
from portalkompass.workspace.storage.tables import scenarios
from portalkompass.workspace.storage.tables import secrets as secret_table
from portalkompass.workspace.storage.tables import voting_rounds as table
from portalkompass.workspace.workshop.scenarios import Scenario, must_be_undecided, note_weights, scenario_of

ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ0123456789"
"""32 letters without I, L, O, U, which are misread; each carries 5 random bits."""
CODE_LENGTH = 10
HOURS_OPEN = 8
MOST_POINTS = 100
LONGEST_NICKNAME = 40
MOST_BALLOTS = 500
"""A round takes no more: cookies can be thrown away, so a participant could otherwise fill the database."""


class RoundClosed(WorkspaceError):
    """The round takes no ballots any more; nothing was saved."""


@dataclass(frozen=True, slots=True)
class Round:
    """One voting round on the weights of a scenario.

    ``criteria``: id, label, help, start (0 … 100 points) of each in the order of display, and step, the way
    from its worst to its best value in words (rounds of earlier versions have none). Codes are opened
    for a limited time only; ``closed_at`` is set when the moderator ends the round. ``assessing``: what departments
    assess in it (`workshop.assessing`); None for a vote on the weights.
    """

    id: int
    code: str
    scenario_id: int
    criteria: tuple[Mapping[str, Any], ...]
    shown: bool
    opened_by: str
    opened_at: dt.datetime
    expires_at: dt.datetime
    closed_at: dt.datetime | None
    adopted_at: dt.datetime | None
    assessing: Mapping[str, Any] | None = None

    @property
    def seconds_open(self) -> int:
        """How long its code and the cookies of its participants hold."""
        return int((self.expires_at - self.opened_at).total_seconds())

    @property
    def is_open(self) -> bool:
        """Whether it still takes ballots."""
        return self.closed_at is None and now() < self.expires_at

    @property
    def written_code(self) -> str:
        """The code as people read it: ABCDE-FGHJK."""
        return f"{self.code[:5]}-{self.code[5:]}"


def open_round(
    workspace: Workspace, scenario: Scenario, criteria: tuple[Mapping[str, Any], ...], who: str
) -> Round:
    """Open a round under a fresh code of 50 random bits.

    Raises:
        WorkspaceError: the scenario is locked or gone, or has an open round already.
    """
    with workspace.writing(Action.RUN_VOTE, who, "Abstimmung eröffnet", scenario.name) as connection:
        must_be_free(connection, scenario.id, assessing=False)
        return insert_round(connection, scenario.id, criteria, who, HOURS_OPEN)


def insert_round(
    connection: Connection,
    scenario_id: int,
    criteria: Sequence[Mapping[str, Any]],
    who: str,
    hours: int,
    assessing: Mapping[str, Any] | None = None,
) -> Round:
    """Write a new round within this transaction; returns it as stored."""
    opened = now()
    values = {
        "code": "".join(randomness.choice(ALPHABET) for _ in range(CODE_LENGTH)),
        "scenario_id": scenario_id,
        "criteria": [dict(criterion) for criterion in criteria],
        "shown": False,
        "opened_by": who,
        "opened_at": opened,
        "expires_at": opened + dt.timedelta(hours=hours),
        "assessing": assessing,
    }
    return _read(connection.execute(sa.insert(table).values(values).returning(table)).mappings().one())


def must_be_free(connection: Connection, scenario_id: int, *, assessing: bool) -> None:
    """A new round of this kind may begin.

    Raises:
        WorkspaceError: the scenario is locked, decided upon or gone, or a round of this kind is open.
    """
    _must_be_changeable(connection, scenario_id)
    for row in connection.execute(_rounds(scenario_id)).mappings():
        if (voting := _read(row)).is_open and (voting.assessing is not None) == assessing:
            raise WorkspaceError("Zu diesem Szenario läuft schon eine Abstimmung.")


def rounds(workspace: Workspace, scenario_id: int) -> list[Round]:
    """Votes on the weights of a scenario, the newest first."""
    return [one for one in all_rounds(workspace, scenario_id) if one.assessing is None]


def all_rounds(workspace: Workspace, scenario_id: int) -> list[Round]:
    """Votes on the weights and rounds of assessments of a scenario, the newest first."""
    return [_read(row) for row in workspace.rows(_rounds(scenario_id))]


def round_of_code(workspace: Workspace, code: str) -> Round | None:
    """The open round of a code as typed (small letters, blanks and dashes allowed); None without one."""
    plain = code.upper().replace("-", "").replace(" ", "")
    if len(plain) != CODE_LENGTH or set(plain) - set(ALPHABET):
        return None
    matching = [_read(row) for row in workspace.rows(sa.select(table).where(table.c.code == plain))]
    return next((voting for voting in matching if voting.is_open), None)


def cast(
    workspace: Workspace,
    round_id: int,
    participant: str,
    weights: Mapping[str, float],
    nickname: str = "",
    moved: Collection[str] | None = None,
    department: str = "",
) -> None:
    """Save a participant's ballot (points 0 … 100 by criterion); a second one replaces the first.

    ``moved`` are the criteria whose slider was moved, or left where it began on purpose; None: the page cannot tell.
    ``department``: whose weights these are; "" where nobody said.

    Raises:
        RoundClosed: the round was closed or has expired.
        WorkspaceError: a criterion is missing or unknown, points lie outside, all are 0, or too many voted.
    """
    values = {
        "weights": dict(weights),
        "moved": None if moved is None else sorted(set(moved) & set(weights)),
        "assessments": {"department": department} if department else None,
        "nickname": nickname.strip()[:LONGEST_NICKNAME],
        "cast_at": now(),
    }
    with workspace.collecting() as connection:
        voting = taken_by(connection, round_id, "Ihre Gewichte wurden nicht gespeichert.")
        _must_fit(voting, weights)
        store_ballot(connection, round_id, participant, values)


def taken_by(connection: Connection, round_id: int, lost: str) -> Round:
    """The open round that takes a ballot within this transaction; ``lost`` says what was not saved otherwise.

    Raises:
        RoundClosed: it was closed, has expired, or its scenario is locked.
    """
    # The row stays locked until the ballot is in, so that a ballot is either before the closing or not taken.
    locked = connection.execute(sa.select(table).where(table.c.id == round_id).with_for_update())
    voting = next((_read(row) for row in locked.mappings()), None)
    if voting is None or not voting.is_open:
        raise RoundClosed(f"Diese Abstimmung ist beendet. {lost}")
    if connection.execute(sa.select(scenarios.c.locked).where(scenarios.c.id == voting.scenario_id)).scalar():
        raise RoundClosed(f"Das Ergebnis ist festgeschrieben. {lost}")
    return voting


def store_ballot(connection: Connection, round_id: int, participant: str, values: Mapping[str, Any]) -> None:
    """Write a participant's ballot in place of the one before.

    Raises:
        WorkspaceError: the round takes no more participants.
    """
    here = (ballot_table.c.round_id == round_id, ballot_table.c.participant == participant)
    if connection.execute(sa.update(ballot_table).where(*here).values(values)).rowcount:
        return
    counted = sa.select(sa.func.count()).where(ballot_table.c.round_id == round_id)
    if connection.execute(counted).scalar_one() >= MOST_BALLOTS:
        raise WorkspaceError("Diese Abstimmung nimmt keine weiteren Stimmen an.")
    new = {**values, "round_id": round_id, "participant": participant}
    connection.execute(sa.insert(ballot_table).values(new))


def ballot_of(workspace: Workspace, round_id: int, participant: str) -> Mapping[str, Any] | None:
    """A participant's own ballot: weights, moved, assessments, nickname, cast_at; None before the first."""
    here = (ballot_table.c.round_id == round_id, ballot_table.c.participant == participant)
    return next((dict(row) for row in workspace.rows(sa.select(ballot_table).where(*here))), None)


def ballots(workspace: Workspace, voting: Round) -> pd.DataFrame:
    """Participants (index: number of the ballot) × criteria in points, in the order in which they came."""
    return _points(voting, workspace.rows(_ballots(voting)))


def opinions(workspace: Workspace, voting: Round) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The ballots that hold an opinion, in points as ``ballots``, and of the same shape whether each point is one.

    An opinion is a slider that was moved, or left where it began on purpose. Ballots of earlier versions do not tell:
    all of one is an opinion as soon as one slider stands elsewhere than where it began.
    """
    rows = workspace.rows(_ballots(voting))
    start = {str(criterion["id"]): float(criterion["start"]) for criterion in voting.criteria}
    held = pd.DataFrame([_held(row, start) for row in rows], columns=list(start), dtype="bool")
    told = held.any(axis=1)
    return _points(voting, rows)[told], held[told]


def ballot_departments(workspace: Workspace, voting: Round) -> pd.Series[str]:
    """Whose weights each ballot holds (index as of ``ballots``); "" where nobody said."""
    named = [
        str((row["assessments"] or {}).get("department", "")) for row in workspace.rows(_ballots(voting))
    ]
    return pd.Series(named, dtype="str")


def show_spread(workspace: Workspace, voting: Round, who: str, *, shown: bool) -> None:
    """Show the spread of the ballots on the moderator's screen, or hide it, for every open screen."""
    with workspace.writing(
        Action.SHOW_BALLOTS, who, "Stimmen gezeigt" if shown else "Stimmen verdeckt", voting.written_code
    ) as connection:
        other = sa.update(table).where(table.c.id == voting.id, table.c.shown != shown)
        connection.execute(other.values(shown=shown))


def adopt(workspace: Workspace, voting: Round, weights: Mapping[str, float], who: str) -> None:
    """Take weights of a round over into its scenario; the round stays as open as it was.

    Raises:
        WorkspaceError: the scenario is locked or gone, it has other criteria by now, or a weight is not a number.
    """
    if not weights or not all(math.isfinite(value) and value >= 0 for value in weights.values()):
        raise WorkspaceError("Diese Gewichte lassen sich nicht übernehmen.")
    with workspace.writing(
        Action.ADOPT_MEDIAN, who, "Median der Abstimmung übernommen", voting.written_code
    ) as connection:
        _must_be_changeable(connection, voting.scenario_id)
        criteria = sa.select(scenarios.c.criteria).where(scenarios.c.id == voting.scenario_id)
        own = {str(one["id"]) for one in connection.execute(criteria).scalar_one()}
        if own != set(weights):
            raise WorkspaceError(
                "Das Szenario hat inzwischen andere Kriterien als die Abstimmung; ihr Median lässt sich nicht "
                "übernehmen."
            )
        note_weights(connection, who, scenario_of(connection, voting.scenario_id), weights)
        changed: dict[str, Any] = {
            "weights": dict(weights),
            "updated_by": who,
            "updated_at": now(),
            "version": scenarios.c.version + 1,
        }
        connection.execute(sa.update(scenarios).where(scenarios.c.id == voting.scenario_id).values(changed))
        connection.execute(sa.update(table).where(table.c.id == voting.id).values(adopted_at=now()))


def close_round(workspace: Workspace, voting: Round, who: str) -> None:
    """End a round: its code opens nothing any more, nicknames are deleted, the ballots stay."""
    what = "Abstimmung beendet" if voting.assessing is None else "Einschätzung auf Geräten beendet"
    with workspace.writing(Action.RUN_VOTE, who, what, voting.written_code) as connection:
        closing = sa.update(table).where(table.c.id == voting.id, table.c.closed_at.is_(None))
        connection.execute(closing.values(closed_at=now()))
        named = ballot_table.c.round_id == voting.id, ballot_table.c.nickname != ""
        forget = sa.update(ballot_table).where(*named)
        connection.execute(forget.values(nickname=""))


def signing_key(workspace: Workspace) -> str:
    """The key that signs participants' cookies; made once, so that cookies outlive a restart."""
    query = sa.select(secret_table.c.value).where(secret_table.c.name == "participants")
    if not (stored_keys := workspace.rows(query)):
        new = {"name": "participants", "value": randomness.token_hex(32)}
        # another process may make it in the same moment: then its key counts
        with suppress(IntegrityError), workspace.collecting() as connection:
            connection.execute(sa.insert(secret_table).values(new))
        stored_keys = workspace.rows(query)
    return str(stored_keys[0]["value"])


def _must_be_changeable(connection: Connection, scenario_id: int) -> None:
    locked = connection.execute(sa.select(scenarios.c.locked).where(scenarios.c.id == scenario_id)).scalar()
    if locked is None:
        raise WorkspaceError("Das Szenario dieser Abstimmung gibt es nicht mehr.")
    if locked:
        raise WorkspaceError(
            "Das Szenario ist festgeschrieben. Für eine Abstimmung bitte eine Kopie anlegen."
        )
    must_be_undecided(connection, scenario_id)


def _must_fit(voting: Round, weights: Mapping[str, float]) -> None:
    if voting.assessing is not None or set(weights) != {str(one["id"]) for one in voting.criteria}:
        raise WorkspaceError("Die Stimme passt nicht zu den Kriterien dieser Abstimmung.")
    if not all(math.isfinite(value) and 0 <= value <= MOST_POINTS for value in weights.values()):
        raise WorkspaceError(f"Gewichte liegen zwischen 0 und {MOST_POINTS}.")
    if not any(weights.values()):
        raise WorkspaceError("Mindestens ein Kriterium braucht ein Gewicht über 0.")


def _ballots(voting: Round) -> sa.Select[Any]:
    query = sa.select(ballot_table.c.weights, ballot_table.c.moved, ballot_table.c.assessments)
    return query.where(ballot_table.c.round_id == voting.id).order_by(ballot_table.c.id)


def _points(voting: Round, rows: Sequence[RowMapping]) -> pd.DataFrame:
    names = [str(criterion["id"]) for criterion in voting.criteria]
    return pd.DataFrame([dict(row["weights"]) for row in rows], columns=names, dtype="float64")


def _held(row: RowMapping, start: Mapping[str, float]) -> dict[str, bool]:
    """Criterion → whether this ballot has an opinion on it."""
    if row["moved"] is None:
        return dict.fromkeys(start, any(row["weights"].get(name) != begin for name, begin in start.items()))
    return {name: name in row["moved"] for name in start}


def _rounds(scenario_id: int) -> sa.Select[Any]:
    return sa.select(table).where(table.c.scenario_id == scenario_id).order_by(table.c.id.desc())


def _read(row: RowMapping) -> Round:
    plain = set(Round.__dataclass_fields__) - {"criteria"}
    return Round(**{name: row[name] for name in plain}, criteria=tuple(row["criteria"]))
