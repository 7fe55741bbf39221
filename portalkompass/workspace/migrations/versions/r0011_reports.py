"""Reports for a committee and their pages."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reports",
        sa.Column("id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
        sa.Column("name", sa.String(200), nullable=False),
        sa.UniqueConstraint("name", name="uq_reports_name"),
        sa.Column("site", sa.String(500), nullable=False),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("committee", "decision", "period", "compare")
        ),
        *(
            sa.Column(name, sa.Date, nullable=True)
            for name in ("session", "as_of", "since", "since_state", "start", "end")
        ),
        sa.Column("previous", sa.Integer, nullable=True),
        sa.Column("frozen", sa.JSON, nullable=True),
        sa.Column("delivered_by", sa.Text, nullable=False),
        sa.Column("delivered_at", sa.DateTime, nullable=True),
        *_edited(),
    )
    op.create_table(
        "report_pages",
        sa.Column("id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_report_pages"),
        sa.Column("report_id", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name="fk_report_pages_report_id_reports", ondelete="CASCADE"
        ),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("shown", sa.Boolean, nullable=False),
        *_texts("title", "headline", "note", "points", "development", "responsible"),
        sa.Column("day", sa.Date, nullable=True),
        *_texts("link", "site", "snapshot", "made", "frozen"),
        sa.Column("before", sa.JSON, nullable=True),
        *_edited(),
    )


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _edited() -> list[sa.Column[object]]:
    return [
        sa.Column("updated_by", sa.Text, nullable=False),
        sa.Column("updated_at", sa.DateTime, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    ]
