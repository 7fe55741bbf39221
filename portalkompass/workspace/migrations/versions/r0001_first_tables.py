"""First tables of the workspace."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _id(table: str) -> tuple[Any, ...]:
    return (
        sa.Column("id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )


def _edited() -> tuple[sa.Column[Any], ...]:
    return (
        _text("updated_by"),
        sa.Column("updated_at", sa.DateTime, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )


def _shipped(table: str) -> tuple[Any, ...]:
    return (
        _text("origin"),
        sa.Column("shipped_key", sa.String(500), nullable=True),
        sa.Column("removed", sa.Boolean, nullable=False),
        sa.UniqueConstraint("shipped_key", name=f"uq_{table}_shipped_key"),
    )


def _unique_name(table: str) -> tuple[Any, ...]:
    return (
        sa.Column("name", sa.String(200), nullable=False),
        sa.UniqueConstraint("name", name=f"uq_{table}_name"),
    )


def upgrade() -> None:
    meta = op.create_table(
        "meta",
        *_id("meta"),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("links_revision", sa.BigInteger, nullable=False),
    )
    op.bulk_insert(meta, [{"id": 1, "revision": 0, "links_revision": 0}])
    op.create_table(
        "seeds",
        sa.Column("name", sa.String(100), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_seeds"),
        _text("digest"),
        sa.Column("seeded_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "service_links",
        *_id("service_links"),
        *(_text(name) for name in ("target", "service_id", "service_name", "source", "match", "pattern")),
        sa.Column("share", sa.Double, nullable=False),
        _text("note"),
        *_shipped("service_links"),
        *_edited(),
    )
    op.create_table(
        "annotations",
        *_id("annotations"),
        sa.Column("date", sa.Date, nullable=False),
        sa.Column("end_date", sa.Date, nullable=True),
        *(_text(name) for name in ("label", "sentence", "scope_site", "scope_url", "kind", "source")),
        *_shipped("annotations"),
        *_edited(),
    )
    op.create_table(
        "scenarios",
        *_id("scenarios"),
        *_unique_name("scenarios"),
        _text("criteria_version"),
        *(
            sa.Column(name, sa.JSON, nullable=False)
            for name in ("criteria", "weights", "anchors", "assessments", "matrix")
        ),
        sa.Column("data_date", sa.Date, nullable=True),
        *(_text(name) for name in ("snapshot", "app_version", "note")),
        sa.Column("locked", sa.Boolean, nullable=False),
        _text("created_by"),
        sa.Column("created_at", sa.DateTime, nullable=False),
        *_edited(),
    )
    op.create_table(
        "decisions",
        *_id("decisions"),
        sa.Column("scenario_id", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["scenario_id"], ["scenarios.id"], name="fk_decisions_scenario_id", ondelete="CASCADE"
        ),
        sa.Column("service_id", sa.String(200), nullable=False),
        _text("decision"),
        _text("reason"),
        sa.Column("decided_on", sa.Date, nullable=False),
        *_edited(),
        sa.UniqueConstraint("scenario_id", "service_id", name="uq_decisions_scenario_id_service_id"),
    )
    op.create_table(
        "page_marks",
        *_id("page_marks"),
        sa.Column("site", sa.String(500), nullable=False),
        sa.Column("url", sa.String(2000), nullable=False),
        _text("mark"),
        _text("note"),
        *_edited(),
        sa.UniqueConstraint("site", "url", name="uq_page_marks_site_url"),
    )
    op.create_table(
        "saved_views",
        *_id("saved_views"),
        *_unique_name("saved_views"),
        _text("page"),
        _text("query"),
        *_edited(),
    )
    op.create_table(
        "profiles",
        *_id("profiles"),
        *_unique_name("profiles"),
        _text("kind"),
        sa.Column("mapping", sa.JSON, nullable=False),
        *_edited(),
    )
    op.create_table(
        "audit",
        *_id("audit"),
        sa.Column("at", sa.DateTime, nullable=False),
        *(_text(name) for name in ("who", "what", "detail")),
    )
