"""Imports are read again from their kept originals: in one draft, nothing lost, the figures side by side."""

from __future__ import annotations

import datetime as dt
import os
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from etl.errors import LoadError
from etl.operations.imports import import_paths
from etl.operations.reread import reread, reread_older
from etl.operations.undo import undo
from etl.operations.verify import verify
from etl.store.publish import draft
from portalkompass.operations import originals
from portalkompass.operations.originals import kept
from portalkompass.settings import Operations, Settings
from portalkompass.warehouse.snapshots import published
from tests.conftest import command
from tests.etl.conftest import SITE
from tests.etl.files.export_files import GERMAN, zipped
from tests.etl.files.test_undo import ozg, portal

Ask = Callable[[str], list[tuple[Any, ...]]]
PAGES = "SELECT period_start, period_end, url, visits FROM portal_page ORDER BY ALL"
STATES = "SELECT state, count(*) FROM ingest_runs GROUP BY ALL ORDER BY ALL"


def spoil(settings: Settings, statement: str) -> None:
    """What an earlier version had read otherwise."""
    with draft(settings) as connection:
        connection.execute(statement)


def limited(settings: Settings, **limits: int) -> Settings:
    return settings.model_copy(update={"operations": Operations.model_validate(limits)})


def test_a_reading_of_an_earlier_version_is_repaired_and_compared(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    path = portal(tmp_path / "Seiten.csv", "2025-11", visits=1005)
    (report,) = import_paths([path], settings)
    good = ask(PAGES)
    path.unlink()
    spoil(settings, "UPDATE portal_page SET visits = 5, period_end = DATE '2025-11-01'")
    told = reread(settings, report.run_id)
    assert told == [
        "1 Import wurde neu gelesen: Seiten.csv.",
        "Vorher → nachher: Seiten je Zeitraum: Zeilen 1 (unverändert), Besuche 5 → 1.005.",
    ]
    assert ask(PAGES) == good
    assert ask(STATES) == [("done", 1), ("undone", 1)]
    assert ask("SELECT message FROM ingest_runs WHERE state = 'undone'")[0][0].startswith(
        "Neu gelesen am 17.12.2025: "
    )
    assert verify(settings).faults == ()
    newest = ask("SELECT run_id FROM ingest_runs WHERE state = 'done'")[0][0]
    assert "Besuche 1.005 (unverändert)" in reread(settings, newest)[1]
    assert len(kept(settings)) == 1


def test_name_property_and_period_that_were_said_hold_again(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    folder = tmp_path / "Zahlen der Ämter"
    folder.mkdir()
    text = "seite;besuche\n/leistung/hund;7\n"
    (folder / "übersicht.csv").write_text(text, encoding="utf-8")
    month = (dt.date(2025, 10, 1), dt.date(2025, 10, 31))
    (report,) = import_paths([folder / "übersicht.csv"], settings, site=SITE, period=month)
    good = ask(PAGES)
    assert good[0][:2] == month
    spoil(settings, "UPDATE portal_page SET visits = 1")
    reread(settings, report.run_id)
    assert ask(PAGES) == good
    assert ask("SELECT path FROM ingest_files") == [("0/Zahlen der Ämter/übersicht.csv",)]


@pytest.mark.parametrize("packed", [True, False])
def test_an_export_is_read_again_as_archive_and_as_folder(
    tmp_path: Path, settings: Settings, ask: Ask, packed: bool
) -> None:
    path = zipped(tmp_path, GERMAN)
    if not packed:
        folder = tmp_path / path.stem
        with zipfile.ZipFile(path) as archive:
            archive.extractall(folder)
        path = folder
    (report,) = import_paths([path], settings)
    facts = "SELECT * EXCLUDE (import_id) FROM search_window ORDER BY ALL"
    good, days = ask(facts), ask("SELECT * FROM search_site_day ORDER BY ALL")
    spoil(settings, "UPDATE search_window SET clicks = 0")
    told = reread(settings, report.run_id)
    assert ask(facts) == good
    assert ask("SELECT * FROM search_site_day ORDER BY ALL") == days
    assert "Summen des Exports: Zeilen" in told[1]
    assert verify(settings).faults == ()


def test_later_imports_of_the_same_days_win_again(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    first = import_paths([portal(tmp_path / "a.csv", "2025-10", visits=1)], settings)[0]
    both = tmp_path / "b.csv"
    both.write_text(
        f"period;url;title;visits\n2025-10;{SITE}leistung/hund;Hund;2\n2025-11;{SITE}leistung/hund;Hund;3\n",
        encoding="utf-8",
    )
    second = import_paths([both], settings)[0]
    third = import_paths([portal(tmp_path / "c.csv", "2025-11", visits=4)], settings)[0]
    good = ask(PAGES)
    with pytest.raises(LoadError, match="Ein späterer Import hat alles ersetzt"):
        reread(settings, first.run_id)
    assert "2 Importe wurden neu gelesen: b.csv, c.csv." in reread(settings, second.run_id)
    assert ask(PAGES) == good
    assert third.run_id not in [row[0] for row in ask("SELECT import_id FROM portal_page")]


def test_what_cannot_be_read_again_leaves_everything_as_it_was(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    with pytest.raises(LoadError, match="noch nichts geladen"):
        reread(settings, "x")
    first = import_paths([portal(tmp_path / "a.csv", "2025-10")], settings)[0]
    with pytest.raises(LoadError, match="gibt es nicht"):
        reread(settings, "x")
    before, state = ask(PAGES), published(settings.warehouse_dir)
    (stored,) = kept(settings)
    content = stored.read_bytes()
    stored.write_bytes(content.replace(b";5", b";6"))
    with pytest.raises(LoadError, match=r"a\.csv ist beschädigt \(Prüfsumme\)"):
        reread(settings, first.run_id)
    stored.unlink()
    with pytest.raises(LoadError, match="kein Original aufbewahrt"):
        reread(settings, first.run_id)
    unkept = import_paths([portal(tmp_path / "b.csv", "2025-11")], limited(settings, keep_originals_days=0))[
        0
    ]
    with pytest.raises(LoadError, match="kein Original aufbewahrt"):
        reread(settings, unkept.run_id)
    assert ask(f"{PAGES.replace('ORDER BY ALL', '')} WHERE period_start = DATE '2025-10-01'") == before
    assert ask(STATES) == [("done", 2)]
    assert state is not None
    assert not list(settings.data_dir.glob(".reading-*"))


def test_a_state_of_an_older_version_knows_no_originals_and_says_so(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    (report,) = import_paths([portal(tmp_path / "a.csv", "2025-10")], settings)
    state = published(settings.warehouse_dir)
    assert state
    with duckdb.connect(state.path) as connection:
        connection.execute("DROP TABLE ingest_files")
        for column in ("call", "request", "read_by"):
            connection.execute(f"ALTER TABLE ingest_runs DROP COLUMN {column}")
    with pytest.raises(LoadError, match="kein Original aufbewahrt"):
        reread(settings, report.run_id)
    told = reread_older(settings)
    assert [sentence.split(":")[0] for sentence in told[:1]] == ["Nicht neu gelesen"]
    assert published(settings.warehouse_dir) == state
    assert "1 Zeile entfernt" in undo(settings, report.run_id)
    assert ask("SELECT count(*) FROM portal_page") == [(0,)]


def test_a_later_import_without_an_original_is_not_lost(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    first = import_paths([zipped(tmp_path, GERMAN)], settings)[0]
    second = import_paths([zipped(tmp_path, GERMAN)], settings)[0]
    spoil(settings, f"DELETE FROM ingest_files WHERE run_id = '{second.run_id}'")
    before = ask("SELECT * FROM search_window ORDER BY ALL")
    with pytest.raises(LoadError, match="es ginge sonst verloren"):
        reread(settings, first.run_id)
    assert ask("SELECT * FROM search_window ORDER BY ALL") == before


def test_all_that_an_earlier_version_has_read_is_read_again(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    import_paths([portal(tmp_path / "a.csv", "2025-10"), portal(tmp_path / "b.csv", "2025-11")], settings)
    import_paths([ozg(tmp_path / "ozg.csv", "2025-12-15")], settings)
    (unkept,) = import_paths([portal(tmp_path / "c.csv", "2025-09", title="ohne Original")], settings)
    originals.forget(
        settings, [ask(f"SELECT sha256 FROM ingest_files WHERE run_id = '{unkept.run_id}'")[0][0]]
    )
    good = ask(PAGES)
    assert reread_older(settings) == [
        "Kein Import, dessen Original da ist, stammt von einer früheren Version."
    ]
    spoil(settings, "UPDATE ingest_runs SET read_by = '0.0.1'; UPDATE portal_page SET visits = visits + 1")
    told = reread_older(settings)
    assert told[0] == "3 Importe wurden neu gelesen: a.csv, b.csv, ozg.csv."
    assert told[1] == "Vorher → nachher: Seiten je Zeitraum: Zeilen 2 (unverändert), Besuche 12 → 10."
    assert any("c.csv" in sentence and "kein Original" in sentence for sentence in told)
    assert [row for row in ask(PAGES) if row[0] != dt.date(2025, 9, 1)] == [
        row for row in good if row[0] != dt.date(2025, 9, 1)
    ]
    assert verify(settings).faults == ()


def test_a_taken_back_part_of_an_archive_does_not_come_back(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    path = tmp_path / "zahlen.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, month in (("a.csv", "2025-10"), ("b.csv", "2025-11")):
            archive.write(portal(tmp_path / name, month), name)
    one, other = import_paths([path], settings)
    assert len(kept(settings)) == 1
    assert "2 Importe" in reread(settings, one.run_id)[0]
    first, second = ask("SELECT run_id FROM ingest_runs WHERE state = 'done' ORDER BY started_at, run_id")
    undo(settings, first[0])
    assert len(kept(settings)) == 1
    before = ask(PAGES)
    with pytest.raises(LoadError, match="zurückgenommen; neu gelesen käme er zurück"):
        reread(settings, second[0])
    assert ask(PAGES) == before
    undo(settings, second[0])
    assert kept(settings) == []
    assert other.run_id != second[0]


def test_originals_are_bounded_by_age_and_room(tmp_path: Path, settings: Settings) -> None:
    sizes = {}
    for number, day in enumerate((dt.date(2025, 1, 1), dt.date(2025, 6, 1), dt.date(2025, 12, 1)), 1):
        path = tmp_path / f"{number}.csv"
        path.write_bytes(bytes([number]) * 600_000)
        assert originals.keep(settings.model_copy(update={"today": day}), path)
        sizes[f"{day:%Y%m%d}"] = path
    assert [path.name[:8] for path in kept(settings)] == list(sizes)
    today = dt.date(2025, 12, 17)
    assert originals.bound(settings, today, dry_run=True) == (0, ())
    narrow = limited(settings, keep_originals_days=300, keep_originals_mb=1)
    assert originals.bound(narrow, today, dry_run=True) == (2, ())
    assert len(kept(settings)) == 3
    assert originals.bound(narrow, today) == (2, ())
    assert [path.name[:8] for path in kept(settings)] == ["20251201"]
    assert originals.keep(limited(settings, keep_originals_mb=0), sizes["20251201"]) is None
    assert (kept(settings)[0].stat().st_mode & 0o777, len(kept(settings))) == (0o600, 1)


def test_an_original_that_another_run_deletes_meanwhile_is_no_fault_of_this_one(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2):
        (tmp_path / f"{number}.csv").write_bytes(bytes([number]) * 100)
        assert originals.keep(settings, tmp_path / f"{number}.csv")
    first, second = kept(settings)
    seen = Path.is_file

    def gone_when_seen(path: Path) -> bool:
        there = seen(path)
        if path == first:
            path.unlink(missing_ok=True)
        return there

    monkeypatch.setattr(Path, "is_file", gone_when_seen)
    assert originals.bound(settings, settings.current_day()) == (0, ())
    assert second.exists()


def test_what_a_killed_load_left_goes_after_a_day(settings: Settings, tmp_path: Path) -> None:
    places = [
        settings.data_dir / name
        for name in ("originals/a.part", "originals/b.part", ".reading-a/0/x", ".reading-b/0/x")
    ]
    for place in places:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("Rest", encoding="utf-8")
    two_days_ago = time.time() - 2 * 86_400
    for old in (settings.data_dir / "originals/a.part", settings.data_dir / ".reading-a"):
        os.utime(old, (two_days_ago, two_days_ago))
    originals.bound(settings, dt.date(2025, 12, 17))
    assert [place.exists() for place in places] == [False, True, False, True]


def test_a_file_beyond_the_room_is_loaded_and_said(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    (report,) = import_paths([portal(tmp_path / "a.csv", "2025-10")], limited(settings, keep_originals_mb=0))
    assert "wird nicht aufbewahrt" in " ".join(report.warnings)
    assert ask("SELECT count(*) FROM portal_page") == [(1,)]


def test_a_file_is_loaded_where_its_original_cannot_be_kept(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    settings.data_dir.mkdir()
    (settings.data_dir / originals.FOLDER).write_text("kein Ordner", encoding="utf-8")
    (report,) = import_paths([portal(tmp_path / "a.csv", "2025-10")], settings)
    assert "lässt sich nicht in" in report.warnings[-1]
    assert report.warnings[-1].endswith("„python -m etl reread“ geht für diesen Import nicht.")
    assert ask("SELECT count(*) FROM portal_page") == [(1,)]
    with pytest.raises(LoadError, match="kein Original aufbewahrt"):
        reread(settings, report.run_id)


def test_the_command_wants_one_import_or_all(tmp_path: Path) -> None:
    done = command(tmp_path, "etl", "reread")
    assert done.returncode == 2
    assert "genau eines" in done.stderr
