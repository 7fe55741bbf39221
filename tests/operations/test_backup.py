"""A backup holds everything, is whole or not there, and what comes back equals what was saved."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import zipfile
from pathlib import Path

import pytest
from filelock import FileLock

from portalkompass import operations, workspace
from portalkompass.operations import SafekeepingError, back_up, originals, restore
from portalkompass.settings import Settings
from portalkompass.warehouse.snapshots import WRITER_LOCK, published
from tests.children import python
from tests.conftest import command, environment
from tests.operations.conftest import clicks, files, labels, load_day, rows, saved, snapshots_of, write_note

FLIPPED_EVERY = int(os.environ.get("FLIPPED_EVERY", "8"))
"""Of the list of entries every eighth byte is damaged; ``make faults`` damages all."""


def test_what_comes_back_equals_what_was_saved(city: Settings, tmp_path: Path) -> None:
    before, shots = rows(city), snapshots_of(city)
    assert [len(before[name]) for name in ("reports", "report_pages", "scenarios")] == [2, 4, 1]
    written = back_up(city, tmp_path / "stand.zip")
    assert written.manifest.data_date == dt.date(2025, 1, 2)
    load_day(city, dt.date(2025, 1, 3), 100)
    write_note(city, "Später")
    (city.data_dir / "criteria.toml").write_text("# verdorben\n", encoding="utf-8")
    (city.data_dir / "neu.csv").write_text("a\n", encoding="utf-8")
    done = restore(city, tmp_path / "stand.zip")
    assert rows(city) == before
    assert clicks(city) == 15
    assert snapshots_of(city) == shots
    assert (city.data_dir / "criteria.toml").read_text(encoding="utf-8") == "# eigene Kriterien\n"
    assert not (city.data_dir / "neu.csv").exists()
    assert files(done.aside) == ["data", "warehouse", "workspace.db"]
    assert files(done.aside / "data") == ["criteria.toml", "neu.csv"]


def test_writing_goes_on_after_a_restore_with_a_higher_revision_and_new_numbers(
    city: Settings, tmp_path: Path
) -> None:
    back_up(city, tmp_path / "stand.zip")
    write_note(city, "Später")
    later = workspace.workspace_of(city).revision()
    restore(city, tmp_path / "stand.zip")
    assert workspace.workspace_of(city).revision() == later + 1
    write_note(city, "Danach")
    assert labels(city) >= {"Relaunch", "Danach"}
    load_day(city, dt.date(2025, 1, 3), 1)
    assert clicks(city) == 16


def test_a_workspace_moves_from_one_database_to_another_by_backup_and_restore(
    city: Settings, tmp_path: Path
) -> None:
    back_up(city, tmp_path / "stand.zip")
    other = city.model_copy(update={"data_dir": tmp_path / "other", "workspace": ""})
    restore(other, tmp_path / "stand.zip")
    assert rows(other) == rows(city)
    assert clicks(other) == 15


def test_an_archive_is_never_overwritten_and_old_ones_go_only_when_asked(
    small_city: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "archive"
    folder.mkdir()
    for day in range(1, 5):
        (folder / f"portalkompass-2024010{day}T000000Z.zip").write_bytes(b"old")
    (folder / "fremd.zip").write_bytes(b"another's")
    written = back_up(small_city, folder, keep=2)
    assert written.removed == 3
    assert files(folder) == ["fremd.zip", "portalkompass-20240104T000000Z.zip", written.path.name]
    with pytest.raises(SafekeepingError, match="nie überschrieben"):
        back_up(small_city, written.path)


def test_only_the_owner_may_read_an_archive(small_city: Settings, tmp_path: Path) -> None:
    back_up(small_city, tmp_path / "stand.zip")
    assert (tmp_path / "stand.zip").stat().st_mode & 0o777 == 0o600


def test_a_load_that_is_running_does_not_hold_a_backup_up_but_a_restore(
    small_city: Settings, tmp_path: Path
) -> None:
    with FileLock(small_city.warehouse_dir / WRITER_LOCK):
        back_up(small_city, tmp_path / "stand.zip")
        with pytest.raises(SafekeepingError, match="Ladevorgang läuft gerade"):
            restore(small_city, tmp_path / "stand.zip")


def test_a_damaged_snapshot_is_not_saved_as_if_it_were_whole(small_city: Settings, tmp_path: Path) -> None:
    snapshot = published(small_city.warehouse_dir)
    assert snapshot
    raw = bytearray(snapshot.path.read_bytes())
    raw[len(raw) // 2 :] = bytes(len(raw) - len(raw) // 2)
    snapshot.path.write_bytes(raw)
    with pytest.raises(SafekeepingError, match="etl rollback"):
        back_up(small_city, tmp_path / "stand.zip")
    assert files(tmp_path) == ["data"]


def test_a_damaged_workspace_is_laid_aside_and_replaced_by_the_saved_one(
    small_city: Settings, tmp_path: Path
) -> None:
    saved(small_city, tmp_path / "stand.zip")
    workspace.close_workspace(small_city.workspace_url)
    (small_city.data_dir / "workspace.db").write_bytes(b"SQLite format 3\0" + b"x" * 9000)
    with pytest.raises(SafekeepingError, match="Arbeitsbereich"):
        back_up(small_city, tmp_path / "second.zip")
    done = restore(small_city, tmp_path / "stand.zip")
    assert "abgeloest-workspace.db" in files(done.aside)
    assert "Relaunch" in labels(small_city)


def test_nothing_to_save_is_said(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(SafekeepingError, match="nichts zu sichern"):
        back_up(settings, tmp_path / "leer.zip")
    assert not (tmp_path / "leer.zip").exists()


def test_originals_of_imports_are_saved_by_choice_and_come_back(small_city: Settings, tmp_path: Path) -> None:
    file = tmp_path / "Seiten.csv"
    file.write_bytes(b"a;b\n" * 600_000)
    assert originals.keep(small_city, file)
    (stored,) = originals.kept(small_city)
    plain = back_up(small_city, tmp_path / "ohne.zip")
    assert plain.manifest.format == 1
    assert not any(entry.is_original for entry in plain.manifest.files)
    full = back_up(small_city, tmp_path / "mit.zip", with_originals=True)
    assert full.manifest.format == 2
    assert [entry.name for entry in full.manifest.files if entry.is_original] == [f"originals/{stored.name}"]
    stored.unlink()
    restore(small_city, tmp_path / "ohne.zip")
    assert originals.kept(small_city) == []
    restore(small_city, tmp_path / "mit.zip")
    assert originals.kept(small_city) == [stored]
    assert stored.read_bytes() == file.read_bytes()


def manipulated(source: Path, target: Path, name: str, content: bytes | None, **changes: object) -> Path:
    """A copy of an archive with another member or another manifest."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            raw = old.read(entry)
            if entry.filename == "manifest.json":
                raw = json.dumps(json.loads(raw) | changes).encode()
            if entry.filename != name:
                new.writestr(entry.filename, raw)
        if content is not None:
            new.writestr(name, content)
    return target


def part(name: str, size: int = 0) -> dict[str, object]:
    return {"name": name, "size": size, "sha256": "0" * 64}


HOSTILE = [
    ("", None, {"product": "other"}, "unversehrte Sicherung"),
    ("", None, {"format": 3}, "neueren Version"),
    ("", None, {"format": 3, "news": 1}, "neueren Version"),
    ("", None, {"files": [part("originals/20250101-x")], "current": ""}, "unversehrte Sicherung"),
    ("", None, {"files": [part("data/originals")], "current": ""}, "unversehrte Sicherung"),
    ("", None, {"schema_version": 99}, "neueren Version"),
    ("", None, {"origin": "demo"}, "Beispieldaten"),
    ("", None, {"municipality": "koeln"}, "anderen Kommune"),
    ("", None, {"current": "../x.duckdb"}, "unversehrte Sicherung"),
    ("", None, {"files": [part("../../etc/passwd")]}, "unversehrte Sicherung"),
    ("", None, {"files": [part("/etc/passwd")], "current": ""}, "unversehrte Sicherung"),
    ("", None, {"files": [part("data/..")], "current": ""}, "unversehrte Sicherung"),
    ("", None, {"files": [part("data/a/../../x")], "current": ""}, "unversehrte Sicherung"),
    ("", None, {"files": [part("data/a.csv"), part("data/A.csv")], "current": ""}, "unversehrte Sicherung"),
    ("../evil.txt", b"x", {}, "stimmen nicht überein"),
    ("data/more.csv", b"x", {}, "stimmen nicht überein"),
    ("data/criteria.toml", b"# eigene Kriteriex\n", {}, "beschädigt"),
    ("data/criteria.toml", b"longer than it was said to be", {}, "stimmen nicht überein"),
    ("data/criteria.toml", None, {}, "stimmen nicht überein"),
    ("manifest.json", None, {}, "keine Sicherung"),
    ("manifest.json", b"[", {}, "unversehrte Sicherung"),
    ("manifest.json", b" " * 3_000_000, {}, "zu groß"),
]


@pytest.mark.parametrize(("name", "content", "changes", "sentence"), HOSTILE)
def test_a_foreign_or_tampered_archive_is_refused_and_nothing_changes(
    small_city: Settings,
    tmp_path: Path,
    name: str,
    content: bytes | None,
    changes: dict[str, object],
    sentence: str,
) -> None:
    saved(small_city, tmp_path / "stand.zip")
    before = rows(small_city), clicks(small_city), files(small_city.data_dir)
    hostile = manipulated(tmp_path / "stand.zip", tmp_path / "hostile.zip", name, content, **changes)
    with pytest.raises(SafekeepingError, match=sentence):
        restore(small_city, hostile)
    assert (rows(small_city), clicks(small_city), files(small_city.data_dir)) == before


def test_a_bomb_is_refused_before_it_is_unpacked(small_city: Settings, tmp_path: Path) -> None:
    saved(small_city, tmp_path / "stand.zip")
    bomb = manipulated(
        tmp_path / "stand.zip",
        tmp_path / "bomb.zip",
        "data/bomb.csv",
        bytes(50_000_000),
        files=[part("data/bomb.csv", 50_000_000)],
        current="",
    )
    with zipfile.ZipFile(bomb, "r") as archive:
        others = [
            e.filename for e in archive.infolist() if e.filename not in {"data/bomb.csv", "manifest.json"}
        ]
    clean = tmp_path / "clean.zip"
    with zipfile.ZipFile(bomb) as old, zipfile.ZipFile(clean, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename not in others:
                new.writestr(entry.filename, old.read(entry))
    with pytest.raises(SafekeepingError, match="auffällig stark gepackt"):
        restore(small_city, clean)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_an_archive_that_was_cut_off_is_refused(small_city: Settings, tmp_path: Path, share: float) -> None:
    saved(small_city, tmp_path / "stand.zip")
    raw = (tmp_path / "stand.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(raw[: int(len(raw) * share)])
    with pytest.raises(SafekeepingError, match="unversehrte Sicherung"):
        restore(small_city, tmp_path / "cut.zip")


def test_a_flipped_bit_anywhere_never_changes_what_comes_back(small_city: Settings, tmp_path: Path) -> None:
    saved(small_city, tmp_path / "stand.zip")
    raw = (tmp_path / "stand.zip").read_bytes()
    target = tmp_path / "flipped.zip"
    refused = 0
    # all over the file, and in the list of entries at its end
    all_over = range(7, len(raw), len(raw) // (160 // FLIPPED_EVERY))
    for place in (*all_over, *range(len(raw) - 250, len(raw), FLIPPED_EVERY)):
        target.write_bytes(raw[:place] + bytes([raw[place] ^ 0x10]) + raw[place + 1 :])
        try:
            found = operations.check(target, small_city)
        except SafekeepingError:
            refused += 1
        else:
            assert found.data_date == dt.date(2025, 1, 2)
    assert refused >= 30


LIMITED = """
import resource, sys
from pathlib import Path
from portalkompass.commands.app import run
limit = int(sys.argv.pop(1))
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
run()
"""


def limited(folder: Path, limit: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command that can write no file beyond ``limit`` bytes: to it the disk is full there."""
    return python(["-c", LIMITED, str(limit), *arguments], environment(folder))


def test_a_full_disk_leaves_a_sentence_and_no_half_archive(small_city: Settings, tmp_path: Path) -> None:
    for limit in (0, 5_000, 100_000):
        done = limited(small_city.data_dir, limit, "backup", str(tmp_path / "stand.zip"))
        assert done.returncode == 1, done.stderr
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr
        assert "Traceback" not in done.stderr
        assert files(tmp_path) == ["data"]


def test_a_disk_that_fills_up_while_restoring_changes_nothing(small_city: Settings, tmp_path: Path) -> None:
    saved(small_city, tmp_path / "stand.zip")
    load_day(small_city, dt.date(2025, 1, 3), 100)
    before = rows(small_city), clicks(small_city)
    for limit in (0, 5_000, 100_000):
        done = limited(small_city.data_dir, limit, "restore", str(tmp_path / "stand.zip"))
        assert done.returncode == 1, done.stderr
        assert "Traceback" not in done.stderr
        assert (rows(small_city), clicks(small_city)) == before
    assert not (small_city.data_dir / ".restore").exists()


def test_wrong_usage_and_a_missing_file_have_their_exit_codes(small_city: Settings, tmp_path: Path) -> None:
    for arguments, code in ((["restore"], 2), (["restore", str(tmp_path / "none.zip")], 1), (["backup"], 2)):
        done = command(small_city.data_dir, "portalkompass", *arguments)
        assert done.returncode == code, done.stderr


def test_a_damaged_workspace_is_detected_and_the_newest_backup_is_offered(
    small_city: Settings, tmp_path: Path
) -> None:
    archives = tmp_path / "archives"
    archives.mkdir()
    newest = saved(small_city, archives / "portalkompass-20250102T000000Z.zip")
    before = rows(small_city)
    workspace.close_workspace(small_city.workspace_url)
    path = small_city.data_dir / "workspace.db"
    pages = bytearray(path.read_bytes())
    for start in range(8192, len(pages), 4096):
        pages[start : start + 512] = b"\xff" * 512
    path.write_bytes(pages)
    told = {
        "PORTALKOMPASS_OPERATIONS__BACKUP_DIR": str(archives),
        "PORTALKOMPASS_DATA_DIR": str(small_city.data_dir),
    }
    done = command(small_city.data_dir, "portalkompass", "ranking", **told)
    assert done.returncode == 1
    assert "beschädigt" in done.stderr
    assert f"restore {newest}" in done.stderr
    assert "Traceback" not in done.stderr
    assert command(small_city.data_dir, "portalkompass", "restore", str(newest), **told).returncode == 0
    assert rows(small_city) == before
