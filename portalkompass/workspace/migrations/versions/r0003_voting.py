"""Voting rounds, ballots, and the key that signs participants' cookies."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "secrets",
        sa.Column("name", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_secrets"),
        sa.Column("value", sa.String(200), nullable=False),
    )
    op.create_table(
        "voting_rounds",
        sa.Column("id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_voting_rounds"),
        sa.Column("code", sa.String(40), nullable=False),
        sa.UniqueConstraint("code", name="uq_voting_rounds_code"),
        sa.Column("scenario_id", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["scenario_id"], ["scenarios.id"], name="fk_voting_rounds_scenario_id", ondelete="CASCADE"
        ),
        sa.Column("criteria", sa.JSON, nullable=False),
        sa.Column("shown", sa.Boolean, nullable=False),
        sa.Column("opened_by", sa.Text, nullable=False),
        sa.Column("opened_at", sa.DateTime, nullable=False),
        sa.Column("expires_at", sa.DateTime, nullable=False),
        sa.Column("closed_at", sa.DateTime, nullable=True),
        sa.Column("adopted_at", sa.DateTime, nullable=True),
    )
    op.create_table(
        "ballots",
        sa.Column("id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ballots"),
        sa.Column("round_id", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["voting_rounds.id"], name="fk_ballots_round_id", ondelete="CASCADE"
        ),
        sa.Column("participant", sa.String(64), nullable=False),
        sa.Column("nickname", sa.String(40), nullable=False),
        sa.Column("weights", sa.JSON, nullable=False),
        sa.Column("cast_at", sa.DateTime, nullable=False),
        sa.UniqueConstraint("round_id", "participant", name="uq_ballots_round_id_participant"),
    )
