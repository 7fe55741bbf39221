import pytest

from portalkompass.ui.data import import_process

HEAD = "period;url;title;visits;page_views\n"
ROW = "2025-11;https://portal.stadt.example/leistung/hundesteuer;Hundesteuer;120;200\n"
SITE = "https://portal.stadt.example/"


@pytest.fixture
def data_dir(tmp_path, monkeypatch):
    folder = tmp_path / "data"
    monkeypatch.setenv("PORTALKOMPASS_DATA_DIR", str(folder))
    monkeypatch.setenv("PORTALKOMPASS_TODAY", "2025-12-17")
    return folder


def file(tmp_path, text):
    path = tmp_path / "portal.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_preview_reports_and_writes_nothing(tmp_path, data_dir):
    (report,) = import_process.run_import(file(tmp_path, HEAD + ROW), site=SITE, preview=True)
    assert (report["kind"], report["site"], report["rows_in"]) == ("portal", SITE, 1)
    assert not list(data_dir.rglob("*.duckdb"))


def test_a_confirmed_import_publishes_a_snapshot(tmp_path, data_dir):
    (report,) = import_process.run_import(file(tmp_path, HEAD + ROW), site=SITE, preview=False)
    assert report["rows_loaded"] == 1
    assert len(list(data_dir.rglob("*Z.duckdb"))) == 1


def test_a_refused_file_gives_the_loaders_sentence(tmp_path, data_dir):
    with pytest.raises(import_process.ImportFault) as fault:
        import_process.run_import(file(tmp_path, "nur ein Satz\n"), preview=True)
    assert "portal.csv" in str(fault.value)
    assert "Traceback" not in str(fault.value)


def test_an_import_that_takes_too_long_is_stopped(tmp_path, data_dir, monkeypatch):
    monkeypatch.setattr(import_process, "SECONDS", 0.05)
    with pytest.raises(import_process.ImportFault, match="abgebrochen"):
        import_process.run_import(file(tmp_path, HEAD + ROW), site=SITE, preview=True)


def test_an_import_that_takes_too_much_memory_is_a_sentence(tmp_path, data_dir, monkeypatch):
    monkeypatch.setattr(import_process, "MEMORY_BYTES", 30_000_000)
    with pytest.raises(import_process.ImportFault, match="unverändert"):
        import_process.run_import(file(tmp_path, HEAD + ROW), site=SITE, preview=True)


def test_an_import_is_read_again_from_its_original(tmp_path, data_dir):
    (report,) = import_process.run_import(file(tmp_path, HEAD + ROW), site=SITE, preview=False)
    (tmp_path / "portal.csv").unlink()
    told = import_process.run_reread(report["run_id"], demo=False)
    assert "Besuche 120 (unverändert)" in told
    with pytest.raises(import_process.ImportFault, match="schon zurückgenommen"):
        import_process.run_reread(report["run_id"], demo=False)
