"""What was promised of a service when it was decided: written once, never changed."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "promises",
        sa.Column("id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_promises"),
        sa.Column("scenario_id", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["scenario_id"], ["scenarios.id"], name="fk_promises_scenario_id", ondelete="CASCADE"
        ),
        sa.Column("service_id", sa.String(200), nullable=False),
        sa.Column("made_on", sa.Date, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("updated_by", sa.Text, nullable=False),
        sa.Column("updated_at", sa.DateTime, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
