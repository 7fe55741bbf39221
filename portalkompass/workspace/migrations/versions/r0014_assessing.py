"""Rounds in which departments assess services from their devices, and what each device said."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("voting_rounds", sa.Column("assessing", sa.JSON, nullable=True))
    op.add_column("ballots", sa.Column("assessments", sa.JSON, nullable=True))
