"""Voting rounds: participants give weights on their own device; the moderator adopts the median and closes.

A ballot raises no revision: no cached answer depends on it, and fifteen people voting at once must not make
every screen compute anew. Opening, adopting and closing are writes like any other, with their audit line.
"""

from __future__ import annotations

import datetime as dt
import math
import secrets as randomness
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping
from sqlalchemy.exc import IntegrityError

from portalkompass.workspace.storage.actions import Action
from portalkompass.workspace.storage.ballot_tables import ballots as ballot_table
from portalkompass.workspace.storage.ballot_tables import secrets as secret_table
from portalkompass.workspace.storage.ballot_tables import voting_rounds as table
from portalkompass.workspace.storage.database import Workspace, now
from portalkompass.workspace.storage.errors import WorkspaceError
from portalkompass.workspace.storage.tables import scenarios
from portalkompass.workspace.workshop.scenarios import Scenario, refuse_decided

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
    for a few hours only; ``closed_at`` is set when the moderator ends the round.
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
    opened = now()
    with workspace.writing(Action.RUN_VOTE, who, "Abstimmung eröffnet", scenario.name) as connection:
        _refuse_unfit(connection, scenario.id)
        if any(one.is_open for one in _rounds(connection, scenario.id)):
            raise WorkspaceError("Zu diesem Szenario läuft schon eine Abstimmung.")
        values = {
            "code": "".join(randomness.choice(ALPHABET) for _ in range(CODE_LENGTH)),
            "scenario_id": scenario.id,
            "criteria": [dict(one) for one in criteria],
            "shown": False,
            "opened_by": who,
            "opened_at": opened,
            "expires_at": opened + dt.timedelta(hours=HOURS_OPEN),
        }
        key = connection.execute(sa.insert(table).values(values)).inserted_primary_key
        return _one(connection, int(key[0]) if key else 0)


def rounds(workspace: Workspace, scenario_id: int) -> list[Round]:
    """Rounds of a scenario, the newest first."""
    with workspace.reading() as connection:
        return _rounds(connection, scenario_id)


def round_of_code(workspace: Workspace, code: str) -> Round | None:
    """The open round of a code as typed (small letters, blanks and dashes allowed); None without one."""
    plain = code.upper().replace("-", "").replace(" ", "")
    if len(plain) != CODE_LENGTH or set(plain) - set(ALPHABET):
        return None
    with workspace.reading() as connection:
        row = connection.execute(sa.select(table).where(table.c.code == plain)).mappings().first()
    found = None if row is None else _read(row)
    return found if found and found.is_open else None


def cast(
    workspace: Workspace, round_id: int, participant: str, weights: Mapping[str, float], nickname: str = ""
) -> None:
    """Save a participant's ballot (points 0 … 100 by criterion); a second one replaces the first.

    Raises:
        RoundClosed: the round was closed or has expired.
        WorkspaceError: a criterion is missing or unknown, points lie outside, all are 0, or too many voted.
    """
    values = {"weights": dict(weights), "nickname": nickname.strip()[:LONGEST_NICKNAME], "cast_at": now()}
    here = (ballot_table.c.round_id == round_id, ballot_table.c.participant == participant)
    with workspace.collecting() as connection:
        # The row stays locked until the ballot is in, so that a ballot is either before the closing or refused.
        row = connection.execute(sa.select(table).where(table.c.id == round_id).with_for_update()).mappings()
        found = next((_read(one) for one in row), None)
        if found is None or not found.is_open:
            raise RoundClosed("Diese Abstimmung ist beendet. Ihre Gewichte wurden nicht gespeichert.")
        _refuse_unusable(found, weights)
        if connection.execute(sa.update(ballot_table).where(*here).values(values)).rowcount:
            return
        counted = sa.select(sa.func.count()).where(ballot_table.c.round_id == round_id)
        if connection.execute(counted).scalar_one() >= MOST_BALLOTS:
            raise WorkspaceError("Diese Abstimmung nimmt keine weiteren Stimmen an.")
        new = {**values, "round_id": round_id, "participant": participant}
        connection.execute(sa.insert(ballot_table).values(new))


def ballot_of(workspace: Workspace, round_id: int, participant: str) -> Mapping[str, Any] | None:
    """A participant's own ballot: weights, nickname, cast_at; None before the first."""
    here = (ballot_table.c.round_id == round_id, ballot_table.c.participant == participant)
    with workspace.reading() as connection:
        row = connection.execute(sa.select(ballot_table).where(*here)).mappings().first()
    return None if row is None else dict(row)


def ballots(workspace: Workspace, one: Round) -> pd.DataFrame:
    """Participants (index: number of the ballot) × criteria in points, in the order in which they came."""
    query = (
        sa.select(ballot_table.c.weights).where(ballot_table.c.round_id == one.id).order_by(ballot_table.c.id)
    )
    with workspace.reading() as connection:
        rows = [dict(weights) for weights in connection.execute(query).scalars()]
    names = [str(criterion["id"]) for criterion in one.criteria]
    return pd.DataFrame(rows, columns=names, dtype="float64")


def show_spread(workspace: Workspace, one: Round, who: str, *, shown: bool) -> None:
    """Show the spread of the ballots on the moderator's screen, or hide it, for every open screen."""
    with workspace.writing(
        Action.SHOW_BALLOTS, who, "Stimmen gezeigt" if shown else "Stimmen verdeckt", one.written_code
    ) as connection:
        connection.execute(sa.update(table).where(table.c.id == one.id).values(shown=shown))


def adopt(workspace: Workspace, one: Round, weights: Mapping[str, float], who: str) -> None:
    """Take weights of a round over into its scenario; the round stays as open as it was.

    Raises:
        WorkspaceError: the scenario is locked or gone, or a weight is not a number.
    """
    if not weights or not all(math.isfinite(value) and value >= 0 for value in weights.values()):
        raise WorkspaceError("Diese Gewichte lassen sich nicht übernehmen.")
    with workspace.writing(
        Action.ADOPT_MEDIAN, who, "Median der Abstimmung übernommen", one.written_code
    ) as connection:
        _refuse_unfit(connection, one.scenario_id)
        changed: dict[str, Any] = {
            "weights": dict(weights),
            "updated_by": who,
            "updated_at": now(),
            "version": scenarios.c.version + 1,
        }
        connection.execute(sa.update(scenarios).where(scenarios.c.id == one.scenario_id).values(changed))
        connection.execute(sa.update(table).where(table.c.id == one.id).values(adopted_at=now()))


def close_round(workspace: Workspace, one: Round, who: str) -> None:
    """End a round: its code opens nothing any more, nicknames are deleted, the ballots stay."""
    with workspace.writing(Action.RUN_VOTE, who, "Abstimmung beendet", one.written_code) as connection:
        closing = sa.update(table).where(table.c.id == one.id, table.c.closed_at.is_(None))
        connection.execute(closing.values(closed_at=now()))
        forget = sa.update(ballot_table).where(ballot_table.c.round_id == one.id)
        connection.execute(forget.values(nickname=""))


def signing_key(workspace: Workspace) -> str:
    """The key that signs participants' cookies; made once, so that cookies outlive a restart."""
    query = sa.select(secret_table.c.value).where(secret_table.c.name == "participants")
    with workspace.reading() as connection:
        found = connection.execute(query).scalar()
    if found is not None:
        return str(found)
    try:
        with workspace.collecting() as connection:
            key = randomness.token_hex(32)
            connection.execute(sa.insert(secret_table).values(name="participants", value=key))
    except IntegrityError:  # another process made it in the same moment
        with workspace.reading() as connection:
            key = str(connection.execute(query).scalar_one())
    return key


def _refuse_unfit(connection: Connection, scenario_id: int) -> None:
    locked = connection.execute(sa.select(scenarios.c.locked).where(scenarios.c.id == scenario_id)).scalar()
    if locked is None:
        raise WorkspaceError("Das Szenario dieser Abstimmung gibt es nicht mehr.")
    if locked:
        raise WorkspaceError(
            "Das Szenario ist festgeschrieben. Für eine Abstimmung bitte eine Kopie anlegen."
        )
    refuse_decided(connection, scenario_id)


def _refuse_unusable(one: Round, weights: Mapping[str, float]) -> None:
    if set(weights) != {str(criterion["id"]) for criterion in one.criteria}:
        raise WorkspaceError("Die Stimme passt nicht zu den Kriterien dieser Abstimmung.")
    if not all(math.isfinite(value) and 0 <= value <= MOST_POINTS for value in weights.values()):
        raise WorkspaceError(f"Gewichte liegen zwischen 0 und {MOST_POINTS}.")
    if not any(weights.values()):
        raise WorkspaceError("Mindestens ein Kriterium braucht ein Gewicht über 0.")


def _rounds(connection: Connection, scenario_id: int) -> list[Round]:
    query = sa.select(table).where(table.c.scenario_id == scenario_id).order_by(table.c.id.desc())
    return [_read(row) for row in connection.execute(query).mappings()]


def _read(row: RowMapping) -> Round:
    plain = set(Round.__dataclass_fields__) - {"criteria"}
    return Round(**{name: row[name] for name in plain}, criteria=tuple(row["criteria"]))


def _one(connection: Connection, key: int) -> Round:
    return _read(connection.execute(sa.select(table).where(table.c.id == key)).mappings().one())
