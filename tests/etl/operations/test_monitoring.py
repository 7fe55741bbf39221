"""`status --check` says what will be a fault soon, each in one sentence, and nothing where all is well."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from etl.operations.monitoring import concerns
from portalkompass import workspace
from portalkompass.operations import back_up
from portalkompass.operations.restore_plan import prepare
from portalkompass.settings import Digest, SearchConsole, Settings
from portalkompass.warehouse.snapshots import published
from portalkompass.workspace.storage.tables import deliveries
from tests.conftest import command
from tests.operations.conftest import load_day, write_note


@pytest.fixture
def kept(settings: Settings, tmp_path: Path) -> Settings:
    """A day of figures, a note and a fresh backup."""
    load_day(settings, dt.date(2025, 1, 1), 10)
    write_note(settings, "Relaunch")
    (tmp_path / "backups").mkdir()
    back_up(settings, tmp_path / "backups")
    return changed(settings, backup_dir=str(tmp_path / "backups"))


def changed(settings: Settings, **operations: object) -> Settings:
    return settings.model_copy(update={"operations": settings.operations.model_copy(update=operations)})


def certificate(file: Path, last: dt.date) -> None:
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")]),
    )
    end = dt.datetime.combine(last, dt.time(12), dt.UTC)
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    built = built.serial_number(1).not_valid_before(end - dt.timedelta(days=90)).not_valid_after(end)
    file.write_bytes(built.sign(key, hashes.SHA256()).public_bytes(_pem()))


def _pem() -> object:
    from cryptography.hazmat.primitives.serialization import Encoding

    return Encoding.PEM


def test_where_all_is_well_nothing_is_said(kept: Settings) -> None:
    assert concerns(kept) == []


def test_each_concern_is_one_sentence(kept: Settings, tmp_path: Path) -> None:
    today = kept.current_day()
    (newest,) = Path(kept.operations.backup_dir).iterdir()
    old = dt.datetime.now(dt.UTC).timestamp() - 5 * 86400
    os.utime(newest, (old, old))
    assert concerns(kept) == [
        f"Die letzte Sicherung in {kept.operations.backup_dir} ist 5 Tage alt; erlaubt sind 2."
    ]
    certificate(tmp_path / "nah.pem", today + dt.timedelta(days=10))
    certificate(tmp_path / "fern.pem", today + dt.timedelta(days=80))
    for name, expected in (("nah", 1), ("fern", 0)):
        told = concerns(changed(kept, backup_dir="", certificate_file=str(tmp_path / f"{name}.pem")))
        assert len(told) == expected
    near = changed(
        kept,
        backup_dir="",
        ends={"Geheimnis": today + dt.timedelta(days=1), "Dienstkonto": dt.date(2099, 1, 1)},
    )
    (told,) = concerns(near)
    assert told.startswith("„Geheimnis“ läuft am ")
    prepare(kept, newest)
    assert "Eine Rückspielung ist unterbrochen" in concerns(changed(kept, backup_dir=""))[0]


def test_a_digest_that_is_wanted_and_does_not_go_out_is_said(kept: Settings) -> None:
    main, other = "https://portal.stadt.example/", "https://andere.example/"
    kept = kept.model_copy(update={"search_console": SearchConsole(site=main)})
    wanted = kept.model_copy(update={"digest": Digest(webhook="https://chat.stadt.example/x")})
    assert concerns(wanted) == [
        "Es wurde noch kein Wochenbericht an den Webhook gesendet; „python -m portalkompass digest“ sendet ihn."
    ]
    opened, week = workspace.workspace_of(kept), dt.date(2025, 1, 6)
    workspace.note_delivery(opened, [workspace.DIGEST], main, week, "webhook")
    assert concerns(wanted) == []
    workspace.note_delivery(opened, [workspace.DIGEST], other, week, "webhook")
    workspace.note_delivery(opened, [workspace.DIGEST], main, week, "mail")
    late = "Der letzte Wochenbericht zu {} an den Webhook wurde vor {} Tagen gesendet; erlaubt sind 8.".format

    def sent_before(days: int, *of: sa.ColumnElement[bool]) -> None:
        sent = dt.datetime.now(dt.UTC) - dt.timedelta(days=days, hours=1)
        with opened.collecting() as connection:
            connection.execute(sa.update(deliveries).where(*of).values(sent_at=sent))

    by_hook = deliveries.c.way == "webhook"
    for days, expected in (
        (8, []),
        (9, [late(other, 9), late(main, 9)]),
        (36, [late(main, 36)]),  # nobody sends the other property any more
    ):
        sent_before(days, by_hook)
        assert concerns(wanted) == expected
        assert concerns(kept) == []
    sent_before(3, by_hook, deliveries.c.site == main)
    sent_before(20, by_hook, deliveries.c.site == other)
    assert concerns(wanted) == [late(other, 20)]  # the main property's does not hide it
    by_both = kept.model_copy(
        update={"digest": Digest(webhook="https://chat.stadt.example/x", mail_to=("a@stadt.example",))}
    )
    sent_before(12, deliveries.c.way == "mail")
    assert concerns(by_both) == [
        late(main, 12).replace("an den Webhook", "per E-Mail"),
        late(other, 20),
    ]


def test_a_disk_that_is_too_full_for_the_next_load_is_said_before_it(kept: Settings) -> None:
    snapshot = published(kept.warehouse_dir)
    assert snapshot
    # A file with a hole takes no room; the copy of the next load would.
    os.truncate(snapshot.path, shutil.disk_usage(kept.data_dir).free)
    (told,) = concerns(kept)
    assert told.startswith(f"Auf dem Datenträger von {kept.data_dir} sind ")
    assert "der nächste Ladevorgang braucht bis zu " in told


def test_a_damaged_workspace_makes_the_check_fail(kept: Settings) -> None:
    workspace.close_workspace(kept.workspace_url)
    (kept.data_dir / "workspace.db").write_bytes(b"SQLite format 3\0" + b"x" * 9000)
    done = command(kept.data_dir, "etl", "status", "--check", PORTALKOMPASS_TODAY="2025-01-02")
    assert done.returncode == 1
    assert "Der Arbeitsbereich ist beschädigt" in done.stderr
