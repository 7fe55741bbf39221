"""The tables of the workspace; what people write. The migrations must lead to exactly these (tested)."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect


class UtcDateTime(sa.TypeDecorator[dt.datetime]):
    """An aware UTC time in Python, a naive UTC time in every database; a naive one raises ValueError."""

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


def _texts(*names: str) -> tuple[sa.Column[str], ...]:
    return tuple(_text(name) for name in names)


def _string(name: str, length: int, *, unique: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False, unique=unique)


def _json(*names: str) -> tuple[sa.Column[Any], ...]:
    return tuple(sa.Column(name, sa.JSON, nullable=False) for name in names)


def _time(name: str, *, nullable: bool = False) -> sa.Column[dt.datetime]:
    return sa.Column(name, UtcDateTime, nullable=nullable)


def _edited() -> tuple[sa.Column[Any], ...]:
    """Who wrote the row last, when, and the version that a save must name (optimistic locking)."""
    return (
        _text("updated_by"),
        _time("updated_at"),
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


def _numbered(name: str, *columns: sa.schema.SchemaItem) -> sa.Table:
    """A table whose rows have a number of their own."""
    return sa.Table(name, metadata, sa.Column("id", sa.Integer, primary_key=True), *columns)


meta = _numbered(
    "meta",
    sa.Column("revision", sa.BigInteger, nullable=False),
    sa.Column("links_revision", sa.BigInteger, nullable=False),
)
seeds = sa.Table(
    "seeds",
    metadata,
    sa.Column("name", sa.String(100), primary_key=True),
    _text("digest"),
    _time("seeded_at"),
)
service_links = _numbered(
    "service_links",
    *_texts("target", "service_id", "service_name", "source", "match", "pattern"),
    sa.Column("share", sa.Double, nullable=False, default=1.0),
    _text("note"),
    *_shipped(),
    *_edited(),
)
annotations = _numbered(
    "annotations",
    sa.Column("date", sa.Date, nullable=False),
    sa.Column("end_date", sa.Date, nullable=True),
    *_texts(
        "label", "sentence", "scope_site", "scope_url", "kind", "source", "measures", "device", "search_type"
    ),
    *_shipped(),
    *_edited(),
)
scenarios = _numbered(
    "scenarios",
    _string("name", 200, unique=True),
    _text("criteria_version"),
    *_json("criteria", "weights", "anchors", "assessments", "matrix"),
    sa.Column("data_date", sa.Date, nullable=True),
    *_texts("snapshot", "app_version", "note"),
    sa.Column("plan", sa.JSON(none_as_null=True), nullable=True),
    sa.Column("locked", sa.Boolean, nullable=False, default=False),
    _text("created_by"),
    _time("created_at"),
    *_edited(),
)
decisions = _numbered(
    "decisions",
    sa.Column("scenario_id", sa.ForeignKey("scenarios.id", ondelete="CASCADE"), nullable=False),
    _string("service_id", 200),
    *_texts("decision", "reason"),
    sa.Column("decided_on", sa.Date, nullable=False),
    *_edited(),
    sa.UniqueConstraint("scenario_id", "service_id"),
)
promises = _numbered(  # what was told of a service when it was decided; rows are only ever added
    "promises",
    sa.Column("scenario_id", sa.ForeignKey("scenarios.id", ondelete="CASCADE"), nullable=False),
    _string("service_id", 200),
    sa.Column("made_on", sa.Date, nullable=False),
    *_json("content"),
    *_edited(),
)
agendas = _numbered(  # what makes a scenario a workshop; beside it, because a decided scenario is frozen
    "agendas",
    sa.Column("scenario_id", sa.ForeignKey("scenarios.id", ondelete="CASCADE"), nullable=False),
    sa.Column("day", sa.Date, nullable=True),
    *_json("departments"),
    _text("people"),
    *_json("minutes"),
    _text("step"),
    _time("began_at", nullable=True),
    *_edited(),
    sa.UniqueConstraint("scenario_id"),
)
remarks = _numbered(
    "remarks",
    sa.Column("scenario_id", sa.ForeignKey("scenarios.id", ondelete="CASCADE"), nullable=False),
    _string("kind", 20),
    *_texts("text", "owner"),
    sa.Column("due", sa.Date, nullable=True),
    *_edited(),
)
sheet_drafts = _numbered(  # a row that cannot be saved yet (cell ""), or what else was entered in a cell
    "sheet_drafts",
    sa.Column("scenario_id", sa.ForeignKey("scenarios.id", ondelete="CASCADE"), nullable=False),
    _string("sheet", 200),
    _string("row", 200),
    _string("cell", 100),
    *_json("content"),
    _text("updated_by"),
    _time("updated_at"),
    sa.UniqueConstraint("scenario_id", "sheet", "row", "cell"),
)
typed_drafts = _numbered(  # what one person typed in a form and did not save yet; nobody else sees it
    "typed_drafts",
    _string("owner", 100),
    _string("form", 300),
    *_json("content"),
    _time("updated_at"),
    sa.UniqueConstraint("owner", "form"),
)
page_marks = _numbered(  # no screen writes marks; the table stays, because workspaces have it
    "page_marks",
    _string("site", 500),
    _string("url", 2000),
    *_texts("mark", "note"),
    *_edited(),
    sa.UniqueConstraint("site", "url"),
)
rejected_proposals = _numbered(
    "refused_proposals",
    _string("site", 500),
    _string("source", 10),
    _string("subject", 2000),
    _string("service_id", 200),
    *_edited(),
    sa.UniqueConstraint("site", "source", "subject", "service_id"),
)
page_moves = _numbered(
    "page_moves",
    _string("site", 500),
    _string("old_url", 2000),
    _string("new_url", 2000),
    sa.Column("date", sa.Date, nullable=False),
    _text("note"),
    *_edited(),
    sa.UniqueConstraint("site", "old_url"),
)
tracked_queries = _numbered(
    "tracked_queries",
    _string("site", 500),
    _string("query", 2000),
    *_edited(),
    sa.UniqueConstraint("site", "query"),
)
self_audits = _numbered(
    "self_audits",
    _string("service_id", 200),
    _string("point", 100),
    _string("result", 20),
    _text("remark"),
    sa.Column("as_of", sa.Date, nullable=True),
    *_edited(),
    sa.UniqueConstraint("service_id", "point"),
)
saved_views = _numbered(
    "saved_views", _string("name", 200, unique=True), *_texts("page", "query"), *_edited()
)
profiles = _numbered(
    "profiles", _string("name", 200, unique=True), _text("kind"), *_json("mapping"), *_edited()
)
audit = _numbered("audit", _time("at"), *_texts("who", "what", "detail"))
voting_rounds = _numbered(
    "voting_rounds",
    _string("code", 40, unique=True),
    sa.Column("scenario_id", sa.ForeignKey("scenarios.id", ondelete="CASCADE"), nullable=False),
    *_json("criteria"),
    sa.Column("shown", sa.Boolean, nullable=False),
    sa.Column("opened_by", sa.Text, nullable=False),
    _time("opened_at"),
    _time("expires_at"),
    _time("closed_at", nullable=True),
    _time("adopted_at", nullable=True),
    sa.Column("assessing", sa.JSON(none_as_null=True), nullable=True),
)
ballots = _numbered(  # name nobody: participant is a random token, the nickname goes with the round;
    # a vote on weights keeps in ``assessments`` nothing but the department
    "ballots",
    sa.Column("round_id", sa.ForeignKey("voting_rounds.id", ondelete="CASCADE"), nullable=False),
    _string("participant", 64),
    _string("nickname", 40),
    *_json("weights"),
    sa.Column("moved", sa.JSON(none_as_null=True), nullable=True),
    sa.Column("assessments", sa.JSON(none_as_null=True), nullable=True),
    _time("cast_at"),
    sa.UniqueConstraint("round_id", "participant"),
)
secrets = sa.Table(  # the key that signs participants' cookies
    "secrets", metadata, sa.Column("name", sa.String(100), primary_key=True), _string("value", 200)
)
revoked_sessions = sa.Table(
    "ended_logins", metadata, sa.Column("login", sa.String(64), primary_key=True), _time("until")
)
deliveries = _numbered(  # what left the house: the digest of a week, and each alert that came with it
    "deliveries",
    _string("subject", 200),
    _string("site", 500),
    sa.Column("period_start", sa.Date, nullable=False),
    _string("way", 10),
    _time("sent_at"),
    sa.UniqueConstraint("subject", "site", "period_start", "way"),
)
reports = _numbered(  # what a committee is handed; ``frozen`` is its cover, from the delivery on
    "reports",
    _string("name", 200, unique=True),
    _string("site", 500),
    *_texts("committee", "decision", "period", "compare"),
    *(
        sa.Column(name, sa.Date, nullable=True)
        for name in ("session", "as_of", "since", "since_state", "start", "end")
    ),
    sa.Column("previous", sa.Integer, nullable=True),
    sa.Column("frozen", sa.JSON(none_as_null=True), nullable=True),
    _text("delivered_by"),
    _time("delivered_at", nullable=True),
    *_edited(),
)
report_pages = (
    _numbered(  # packed: ``made`` as collected, ``frozen`` as delivered; ``before`` is of the last report
        "report_pages",
        sa.Column("report_id", sa.ForeignKey("reports.id", ondelete="CASCADE"), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        _string("kind", 10),
        _string("key", 200),
        sa.Column("shown", sa.Boolean, nullable=False),
        *_texts("title", "headline", "note", "points", "development", "responsible"),
        sa.Column("day", sa.Date, nullable=True),
        *_texts("link", "site", "snapshot", "made", "frozen", "remark", "highlighted"),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        *_edited(),
    )
)
