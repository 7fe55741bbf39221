"""A workshop beside its scenario: day, departments, minutes by step, the clock; open questions and dissent."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agendas",
        *_of_a_scenario("agendas"),
        sa.Column("day", sa.Date, nullable=True),
        sa.Column("departments", sa.JSON, nullable=False),
        sa.Column("people", sa.Text, nullable=False),
        sa.Column("minutes", sa.JSON, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("began_at", sa.DateTime, nullable=True),
        *_edited(),
        sa.UniqueConstraint("scenario_id", name="uq_agendas_scenario_id"),
    )
    op.create_table(
        "remarks",
        *_of_a_scenario("remarks"),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("due", sa.Date, nullable=True),
        *_edited(),
    )


def _of_a_scenario(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.Column("scenario_id", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["scenario_id"], ["scenarios.id"], name=f"fk_{table}_scenario_id", ondelete="CASCADE"
        ),
    )


def _edited() -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("updated_by", sa.Text, nullable=False),
        sa.Column("updated_at", sa.DateTime, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
