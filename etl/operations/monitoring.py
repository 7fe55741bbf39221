"""What somebody should know before it becomes a fault: workspace, restore, disk, backup, digest, certificate, keys."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

from cryptography import x509

from etl.reports import counted
from portalkompass.operations import SafekeepingError
from portalkompass.operations.restore import is_pending
from portalkompass.operations.workspace_copy import form_of
from portalkompass.settings import Settings
from portalkompass.warehouse.snapshots import published
from portalkompass.workspace import WorkspaceError, last_digests
from portalkompass.workspace.storage.database import sqlite_file

_SPARE_BYTES = 200_000_000
"""What should stay free beside the next copy of the state."""
_BACKUP_DAYS = 2
_DIGEST_DAYS = 8
"""A week, and a day for Google's figures to be final."""
_GIVEN_UP_DAYS = 35
"""A property that is not the main one and got no digest for so long is no longer expected to get any."""
_WAYS = {"mail": "per E-Mail", "webhook": "an den Webhook"}


def concerns(settings: Settings) -> list[str]:
    """A German sentence for everything that is wrong or will soon be; empty if nothing is."""
    return [
        *_workspace(settings),
        *_restore(settings),
        *_disk(settings),
        *_backups(settings),
        *_digest(settings),
        *_certificate(settings),
        *_keys(settings),
    ]


def _workspace(settings: Settings) -> list[str]:
    try:
        form = form_of(settings.workspace_url)
    except (SafekeepingError, WorkspaceError) as fault:
        return [str(fault)]
    if form.damaged:
        return ["Der Arbeitsbereich ist beschädigt; die letzte Sicherung zurückspielen."]
    if form.newer:
        return ["Der Arbeitsbereich stammt von einer neueren Version; das Programm aktualisieren."]
    return []


def _restore(settings: Settings) -> list[str]:
    if not is_pending(settings):
        return []
    return [
        "Eine Rückspielung ist unterbrochen; der nächste Befehl führt sie zu Ende oder legt sie beiseite."
    ]


def _disk(settings: Settings) -> list[str]:
    """A load copies the published state, and what it adds comes on top; a restore keeps two workspaces."""
    if not settings.data_dir.is_dir():
        return []
    snapshot, workspace = published(settings.warehouse_dir), sqlite_file(settings.workspace_url)
    needed = _SPARE_BYTES + 2 * (_size(snapshot.path) if snapshot else 0) + 2 * _size(workspace)
    free = shutil.disk_usage(settings.data_dir).free
    if free >= needed:
        return []
    return [
        f"Auf dem Datenträger von {settings.data_dir} sind {free // 1_000_000} MB frei; der nächste Ladevorgang "
        f"braucht bis zu {needed // 1_000_000} MB."
    ]


def _size(file: Path | None) -> int:
    return file.stat().st_size if file is not None and file.is_file() else 0


def _backups(settings: Settings) -> list[str]:
    """Only where a folder is told, and there is something to save."""
    told = settings.operations.backup_dir
    if not told or published(settings.warehouse_dir) is None:
        return []
    archives = list(Path(told).glob("portalkompass-*.zip"))
    if not archives:
        return [f"In {told} (operations.backup_dir) liegt keine Sicherung."]
    newest = max(path.stat().st_mtime for path in archives)
    age = (dt.datetime.now(dt.UTC) - dt.datetime.fromtimestamp(newest, dt.UTC)).days
    if age <= _BACKUP_DAYS:
        return []
    return [
        f"Die letzte Sicherung in {told} ist {counted(age, 'Tag', 'Tage')} alt; erlaubt sind {_BACKUP_DAYS}."
    ]


def _digest(settings: Settings) -> list[str]:
    """By way and property, only where somebody is to get it; a workspace that cannot be read is told by itself.

    A webhook that fails must not hide behind mails that go out, nor one property behind another. The main property
    is always expected to be sent, another one once it was sent, until nobody sends it for five weeks.
    """
    try:
        last = last_digests(settings.workspace_url) if settings.digest.ways else {}
    except WorkspaceError:
        return []
    moment, sentences = dt.datetime.now(dt.UTC), []
    for way in settings.digest.ways:
        ages = {site: (moment - sent).days for (site, sent_by), sent in last.items() if sent_by == way}
        main = settings.search_console.site or min(ages, key=ages.__getitem__, default="")
        if main not in ages:
            sentences.append(
                f"Es wurde noch kein Wochenbericht {_WAYS[way]} gesendet; „python -m portalkompass digest“ sendet ihn."
            )
        sentences += [
            f"Der letzte Wochenbericht zu {site} {_WAYS[way]} wurde vor {counted(age, 'Tag', 'Tagen')} gesendet; "
            f"erlaubt sind {_DIGEST_DAYS}."
            for site, age in sorted(ages.items())
            if age > _DIGEST_DAYS and (site == main or age <= _GIVEN_UP_DAYS)
        ]
    return sentences


def _certificate(settings: Settings) -> list[str]:
    file = settings.operations.certificate_file
    if not file:
        return []
    try:
        certificate = x509.load_pem_x509_certificate(Path(file).read_bytes())
    except (OSError, ValueError):
        return [f"Das Zertifikat {file} (operations.certificate_file) lässt sich nicht lesen."]
    return _ending("Das Zertifikat", certificate.not_valid_after_utc.date(), settings)


def _keys(settings: Settings) -> list[str]:
    return [
        sentence
        for name, last in settings.operations.ends.items()
        for sentence in _ending(f"„{name}“", last, settings)
    ]


def _ending(what: str, last: dt.date, settings: Settings) -> list[str]:
    left = (last - settings.current_day()).days
    if left > settings.operations.warn_days_before_end:
        return []
    if left < 0:
        return [f"{what} ist seit dem {last:%d.%m.%Y} abgelaufen."]
    return [f"{what} läuft am {last:%d.%m.%Y} ab, in {counted(left, 'Tag', 'Tagen')}."]
