"""An import is taken back whole and exactly; everything else stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from etl.errors import LoadError
from etl.operations.imports import import_paths
from etl.operations.undo import undo
from portalkompass.settings import SHIPPED_DATA, Settings
from tests.etl.conftest import SITE
from tests.etl.files.export_files import ENGLISH, GERMAN, zipped

Ask = Callable[[str], list[tuple[Any, ...]]]
COUNTS = """
    SELECT (SELECT count(*) FROM portal_page), (SELECT count(*) FROM search_window),
           (SELECT count(*) FROM search_site_day), (SELECT count(*) FROM service_status_history),
           (SELECT count(*) FROM services), (SELECT count(*) FROM online_services),
           (SELECT count(*) FROM ingest_ledger), (SELECT count(*) FROM sites), (SELECT count(*) FROM pages)
"""
PVOG = (
    "leika_key;ars;url;online_status;aktiv;export_datum\n"
    "99102013002000;053160000000;https://service.nrw.example/hund;ok;ja;2025-12-01\n"
)


def portal(path: Path, month: str, *, title: str = "Hund", visits: int = 5) -> Path:
    path.write_text(
        f"period;url;title;visits\n{month};{SITE}leistung/hund;{title};{visits}\n", encoding="utf-8"
    )
    return path


def ozg(path: Path, as_of: str) -> Path:
    text = (SHIPPED_DATA / "ozg_services.csv").read_text(encoding="utf-8-sig")
    path.write_text(text.replace("2025-12-15\n", f"{as_of}\n"), encoding="utf-8")
    return path


def test_every_kind_of_file_leaves_no_trace_but_its_run(
    tmp_path: Path, city_settings: Settings, ask: Ask
) -> None:
    import_paths([portal(tmp_path / "september.csv", "2025-09")], city_settings)
    before = ask(COUNTS)
    pvog = tmp_path / "pvog.csv"
    pvog.write_text(PVOG, encoding="utf-8")
    for path in (
        portal(tmp_path / "oktober.csv", "2025-10"),
        zipped(tmp_path, GERMAN),
        ozg(tmp_path / "ozg.csv", "2025-12-15"),
        pvog,
    ):
        (report,) = import_paths([path], city_settings)
        assert ask(COUNTS) != before
        sentence = undo(city_settings, report.run_id)
        assert report.file_name in sentence
        assert "kommt nicht zurück" not in sentence
        assert ask(COUNTS) == before
        ((state, message),) = ask(f"SELECT state, message FROM ingest_runs WHERE run_id = '{report.run_id}'")
        assert state == "undone"
        assert message.startswith("Zurückgenommen am 17.12.2025: ")


def test_days_of_another_source_stay(tmp_path: Path, city_settings: Settings, ask: Ask) -> None:
    web = import_paths([zipped(tmp_path, GERMAN)], city_settings)[0]
    image = import_paths([zipped(tmp_path, ENGLISH, "image.zip")], city_settings)[0]
    undo(city_settings, image.run_id)
    assert ask("SELECT DISTINCT search_type, origin FROM search_site_day") == [("web", "ui_export")]
    assert ask("SELECT count(*) FROM search_site_day") == [(3,)]
    assert ask("SELECT DISTINCT import_id FROM search_window") == [(web.run_id,)]


def test_the_list_falls_back_to_the_state_before(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    import_paths([ozg(tmp_path / "alt.csv", "2025-06-30")], settings)
    newer = import_paths([ozg(tmp_path / "neu.csv", "2025-12-15")], settings)[0]
    undo(settings, newer.run_id)
    assert ask("SELECT DISTINCT as_of FROM services") == [(dt.date(2025, 6, 30),)]
    assert ask("SELECT count(*), count(DISTINCT as_of) FROM service_status_history") == [(17, 1)]


def test_a_title_that_only_this_import_gave_is_derived_from_the_address_again(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    first = import_paths([portal(tmp_path / "a.csv", "2025-09", title="Hundesteuer")], settings)[0]
    import_paths([zipped(tmp_path, GERMAN)], settings)
    undo(settings, first.run_id)
    page = "https://musterstadt.example/leistung/hund"
    assert ask(f"SELECT title FROM pages WHERE url = '{page}'") == []
    second = import_paths([portal(tmp_path / "b.csv", "2025-09", title="Hundesteuer")], settings)[0]
    third = import_paths([portal(tmp_path / "c.csv", "2025-10", title="Hundesteuer neu")], settings)[0]
    undo(settings, third.run_id)
    assert ask(f"SELECT title_source FROM pages WHERE url = '{page}'") == [("portal",)]
    assert ask("SELECT DISTINCT import_id FROM portal_page") == [(second.run_id,)]


def test_a_partly_replaced_import_loses_the_rest_and_says_what_does_not_come_back(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    import_paths([portal(tmp_path / "alt.csv", "2025-10", visits=5)], settings)
    newer = import_paths([portal(tmp_path / "neu.csv", "2025-10", visits=6)], settings)[0]
    assert "kommt nicht zurück" in undo(settings, newer.run_id)
    assert ask("SELECT count(*) FROM portal_page") == [(0,)]


def test_what_cannot_be_taken_back_is_refused_with_a_sentence_and_nothing_changes(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    with pytest.raises(LoadError, match="noch nichts geladen"):
        undo(settings, "x")
    older = import_paths([portal(tmp_path / "alt.csv", "2025-10")], settings)[0]
    newer = import_paths([portal(tmp_path / "neu.csv", "2025-10")], settings)[0]
    with pytest.raises(LoadError, match="gibt es nicht"):
        undo(settings, "x")
    with pytest.raises(LoadError, match="durch einen späteren ersetzt"):
        undo(settings, older.run_id)
    assert ask("SELECT count(*) FROM portal_page") == [(1,)]
    undo(settings, newer.run_id)
    with pytest.raises(LoadError, match="schon zurückgenommen"):
        undo(settings, newer.run_id)


def test_a_run_of_an_api_is_refused(tmp_path: Path, settings: Settings) -> None:
    from etl.store.ledger import Outcome, finish_run, start_run
    from etl.store.publish import draft

    run = start_run("search_console", site=SITE)
    with draft(settings) as connection:
        finish_run(connection, run, Outcome("done", "geladen"))
    with pytest.raises(LoadError, match="über eine Schnittstelle"):
        undo(settings, run.run_id)
