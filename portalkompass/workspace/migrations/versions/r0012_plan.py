"""The plan of a scenario: effort, money, dates, dependencies by service, capacity; older ones have none (NULL)."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("scenarios", sa.Column("plan", sa.JSON, nullable=True))
