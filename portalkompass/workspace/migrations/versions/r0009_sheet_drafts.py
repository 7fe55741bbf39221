"""Drafts of a workshop's tables: rows that cannot be saved yet, and cells two people filled differently."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sheet_drafts",
        sa.Column("id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sheet_drafts"),
        sa.Column("scenario_id", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["scenario_id"],
            ["scenarios.id"],
            name="fk_sheet_drafts_scenario_id_scenarios",
            ondelete="CASCADE",
        ),
        sa.Column("sheet", sa.String(200), nullable=False),
        sa.Column("row", sa.String(200), nullable=False),
        sa.Column("cell", sa.String(100), nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("updated_by", sa.Text, nullable=False),
        sa.Column("updated_at", sa.DateTime, nullable=False),
        sa.UniqueConstraint(
            "scenario_id", "sheet", "row", "cell", name="uq_sheet_drafts_scenario_id_sheet_row_cell"
        ),
    )
