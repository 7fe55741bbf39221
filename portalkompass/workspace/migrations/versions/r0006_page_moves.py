"""Moved pages: the old address of a page, its new one, and the day from which it is the new one's."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "page_moves",
        sa.Column("id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_page_moves"),
        sa.Column("site", sa.String(500), nullable=False),
        sa.Column("old_url", sa.String(2000), nullable=False),
        sa.Column("new_url", sa.String(2000), nullable=False),
        sa.Column("date", sa.Date, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("updated_by", sa.Text, nullable=False),
        sa.Column("updated_at", sa.DateTime, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("site", "old_url", name="uq_page_moves_site_old_url"),
    )
