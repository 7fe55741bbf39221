"""The tables of a voting round: the round, its ballots, and the key that signs participants' cookies.

Ballots name nobody: ``participant`` is a random token, the nickname is optional and goes with the round.
"""

import sqlalchemy as sa

from portalkompass.workspace.storage.tables import UtcDateTime, metadata

secrets = sa.Table(
    "secrets",
    metadata,
    sa.Column("name", sa.String(100), primary_key=True),
    sa.Column("value", sa.String(200), nullable=False),
)
voting_rounds = sa.Table(
    "voting_rounds",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("code", sa.String(40), nullable=False, unique=True),
    sa.Column("scenario_id", sa.ForeignKey("scenarios.id", ondelete="CASCADE"), nullable=False),
    sa.Column("criteria", sa.JSON, nullable=False),
    sa.Column("shown", sa.Boolean, nullable=False),
    sa.Column("opened_by", sa.Text, nullable=False),
    sa.Column("opened_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Column("closed_at", UtcDateTime, nullable=True),
    sa.Column("adopted_at", UtcDateTime, nullable=True),
)
ballots = sa.Table(
    "ballots",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("round_id", sa.ForeignKey("voting_rounds.id", ondelete="CASCADE"), nullable=False),
    sa.Column("participant", sa.String(64), nullable=False),
    sa.Column("nickname", sa.String(40), nullable=False),
    sa.Column("weights", sa.JSON, nullable=False),
    sa.Column("cast_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("round_id", "participant"),
)
