"""A person's own remark at the chart of a report's page, and the series that they want to be seen."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("remark", "highlighted"):
        op.add_column("report_pages", sa.Column(name, sa.Text, nullable=False, server_default=""))
