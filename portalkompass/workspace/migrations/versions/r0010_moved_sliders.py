"""Which sliders of a ballot were moved: an untouched one is no opinion. Ballots of before do not tell (NULL)."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ballots", sa.Column("moved", sa.JSON, nullable=True))
