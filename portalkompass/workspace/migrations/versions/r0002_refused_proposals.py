"""Refused proposals: what a person said no to is not proposed again."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "refused_proposals",
        sa.Column("id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_refused_proposals"),
        sa.Column("site", sa.String(500), nullable=False),
        sa.Column("source", sa.String(10), nullable=False),
        sa.Column("subject", sa.String(2000), nullable=False),
        sa.Column("service_id", sa.String(200), nullable=False),
        sa.Column("updated_by", sa.Text, nullable=False),
        sa.Column("updated_at", sa.DateTime, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint(
            "site",
            "source",
            "subject",
            "service_id",
            name="uq_refused_proposals_site_source_subject_service_id",
        ),
    )
