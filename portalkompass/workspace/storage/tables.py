"""The tables of the workspace; what people write. The migrations must lead to exactly these (tested)."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect


class UtcDateTime(sa.TypeDecorator[dt.datetime]):
    """An aware UTC time in Python, a naive UTC time in every database; naive times are refused."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Turn an aware time into naive UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time in the workspace needs a time zone")
        return value.astimezone(dt.UTC).replace(tzinfo=None)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Turn naive UTC into an aware time."""
        return None if value is None else value.replace(tzinfo=dt.UTC)


metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, default="")


def _edited() -> tuple[sa.Column[Any], ...]:
    """Who wrote the row last, when, and the version that a save must name (optimistic locking)."""
    return (
        _text("updated_by"),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.Column("version", sa.Integer, nullable=False, default=1),
    )


def _shipped() -> tuple[sa.Column[Any], ...]:
    """Where a row comes from.

    ``shipped_key`` names the shipped row it began as; ``removed`` keeps a deleted shipped row as a
    tombstone, so that the next release does not bring it back.
    """
    return (
        _text("origin"),
        sa.Column("shipped_key", sa.String(500), nullable=True, unique=True),
        sa.Column("removed", sa.Boolean, nullable=False, default=False),
    )


meta = sa.Table(
    "meta",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("revision", sa.BigInteger, nullable=False),
    sa.Column("links_revision", sa.BigInteger, nullable=False),
)
seeds = sa.Table(
    "seeds",
    metadata,
    sa.Column("name", sa.String(100), primary_key=True),
    _text("digest"),
    sa.Column("seeded_at", UtcDateTime, nullable=False),
)
service_links = sa.Table(
    "service_links",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _text("target"),
    _text("service_id"),
    _text("service_name"),
    _text("source"),
    _text("match"),
    _text("pattern"),
    sa.Column("share", sa.Double, nullable=False, default=1.0),
    _text("note"),
    *_shipped(),
    *_edited(),
)
annotations = sa.Table(
    "annotations",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("date", sa.Date, nullable=False),
    sa.Column("end_date", sa.Date, nullable=True),
    _text("label"),
    _text("sentence"),
    _text("scope_site"),
    _text("scope_url"),
    _text("kind"),
    _text("source"),
    *_shipped(),
    *_edited(),
)
scenarios = sa.Table(
    "scenarios",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(200), nullable=False, unique=True),
    _text("criteria_version"),
    sa.Column("criteria", sa.JSON, nullable=False),
    sa.Column("weights", sa.JSON, nullable=False),
    sa.Column("anchors", sa.JSON, nullable=False),
    sa.Column("assessments", sa.JSON, nullable=False),
    sa.Column("matrix", sa.JSON, nullable=False),
    sa.Column("data_date", sa.Date, nullable=True),
    _text("snapshot"),
    _text("app_version"),
    _text("note"),
    sa.Column("locked", sa.Boolean, nullable=False, default=False),
    _text("created_by"),
    sa.Column("created_at", UtcDateTime, nullable=False),
    *_edited(),
)
decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("scenario_id", sa.ForeignKey("scenarios.id", ondelete="CASCADE"), nullable=False),
    sa.Column("service_id", sa.String(200), nullable=False),
    _text("decision"),
    _text("reason"),
    sa.Column("decided_on", sa.Date, nullable=False),
    *_edited(),
    sa.UniqueConstraint("scenario_id", "service_id"),
)
page_marks = sa.Table(
    "page_marks",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("site", sa.String(500), nullable=False),
    sa.Column("url", sa.String(2000), nullable=False),
    _text("mark"),
    _text("note"),
    *_edited(),
    sa.UniqueConstraint("site", "url"),
)
refused_proposals = sa.Table(
    "refused_proposals",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("site", sa.String(500), nullable=False),
    sa.Column("source", sa.String(10), nullable=False),
    sa.Column("subject", sa.String(2000), nullable=False),
    sa.Column("service_id", sa.String(200), nullable=False),
    *_edited(),
    sa.UniqueConstraint(
        "site",
        "source",
        "subject",
        "service_id",
        name="uq_refused_proposals_site_source_subject_service_id",
    ),
)
saved_views = sa.Table(
    "saved_views",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(200), nullable=False, unique=True),
    _text("page"),
    _text("query"),
    *_edited(),
)
profiles = sa.Table(
    "profiles",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(200), nullable=False, unique=True),
    _text("kind"),
    sa.Column("mapping", sa.JSON, nullable=False),
    *_edited(),
)
audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False),
    _text("who"),
    _text("what"),
    _text("detail"),
)
