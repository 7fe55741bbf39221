"""What one person typed in a form and did not save yet."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "typed_drafts",
        sa.Column("id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_typed_drafts"),
        sa.Column("owner", sa.String(100), nullable=False),
        sa.Column("form", sa.String(300), nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("updated_at", sa.DateTime, nullable=False),
        sa.UniqueConstraint("owner", "form", name="uq_typed_drafts_owner_form"),
    )
