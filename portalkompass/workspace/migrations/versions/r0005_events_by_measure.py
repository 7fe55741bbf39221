"""What an event concerns: some measures, and one device, if not everything."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("measures", "device"):
        op.add_column("annotations", sa.Column(name, sa.Text, nullable=False, server_default=""))
