"""What an event concerns: one kind of search, if not all of them."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("annotations", sa.Column("search_type", sa.Text, nullable=False, server_default=""))
