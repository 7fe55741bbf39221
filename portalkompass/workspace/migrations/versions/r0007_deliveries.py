"""What was sent: the digest of a week and its alerts, each once by each way."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("site", sa.String(500), nullable=False),
        sa.Column("period_start", sa.Date, nullable=False),
        sa.Column("way", sa.String(10), nullable=False),
        sa.Column("sent_at", sa.DateTime, nullable=False),
        sa.UniqueConstraint(
            "subject", "site", "period_start", "way", name="uq_deliveries_subject_site_period_start_way"
        ),
    )
