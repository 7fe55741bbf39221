"""Logins that were ended before their time."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "ended_logins",
        sa.Column("login", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("login", name="pk_ended_logins"),
        sa.Column("until", sa.DateTime, nullable=False),
    )
