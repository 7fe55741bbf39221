"""What the privacy file says is deleted is deleted: workspace rows past their time, states laid aside, originals."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from portalkompass.operations import originals
from portalkompass.settings import Settings
from portalkompass.workspace import Action, Workspace
from portalkompass.workspace.storage.tables import audit, ballots, voting_rounds
from portalkompass.workspace.typed import forget_old


@dataclass(frozen=True, slots=True)
class Removed:
    """How many of each are past their time."""

    audit_lines: int
    ballots: int
    laid_aside: int
    originals: int = 0
    stuck: tuple[Path, ...] = ()
    """Folders and originals that should have gone and could not be deleted; everything else went."""


def apply_retention(
    settings: Settings, workspace: Workspace, now: dt.datetime, *, dry_run: bool = False
) -> Removed:
    """Delete what is older than ``operations.keep_…_days``; ``now`` is aware.

    A ballot is past its time when its round ended that long ago: closed, or expired without being
    closed. The round itself and what was taken over from it stay. ``dry_run`` counts only.

    Raises:
        WorkspaceError: the workspace cannot be reached; nothing was deleted.
    """
    limits = settings.operations
    old_audit = audit.c.at < now - dt.timedelta(days=limits.keep_audit_days)
    ended = sa.func.coalesce(voting_rounds.c.closed_at, voting_rounds.c.expires_at)
    over = sa.select(voting_rounds.c.id).where(
        sa.type_coerce(ended, voting_rounds.c.expires_at.type)
        < now - dt.timedelta(days=limits.keep_ballots_days)
    )
    old_ballots = ballots.c.round_id.in_(over)
    folders = _old_folders(settings.data_dir, now - dt.timedelta(days=limits.keep_aside_days))
    with workspace.reading() as connection:
        overdue = Removed(
            _count(connection, audit, old_audit),
            _count(connection, ballots, old_ballots),
            len(folders),
            originals.bound(settings, now.date(), dry_run=True)[0],
        )
    if dry_run:
        return overdue
    forget_old(workspace)
    if overdue.audit_lines or overdue.ballots:
        with workspace.writing(Action.MAINTAIN, "", "Löschfristen angewendet") as connection:
            connection.execute(sa.delete(ballots).where(old_ballots))
            connection.execute(sa.delete(audit).where(old_audit))
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    stuck = tuple(folder for folder in folders if folder.exists())
    removed, stuck_originals = originals.bound(settings, now.date())
    return replace(
        overdue, laid_aside=len(folders) - len(stuck), originals=removed, stuck=(*stuck, *stuck_originals)
    )


def _count(connection: Connection, table: sa.Table, condition: sa.ColumnElement[bool]) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(table).where(condition)).scalar_one()


def _old_folders(data_dir: Path, before: dt.datetime) -> list[Path]:
    """States laid aside by a restore; their age is in their name, whatever a copy did to file times."""
    limit = f"vor-rueckspielung-{before.astimezone(dt.UTC):%Y%m%dT%H%M%S%fZ}"
    return sorted(folder for folder in data_dir.glob("vor-rueckspielung-[0-9]*Z") if folder.name < limit)
