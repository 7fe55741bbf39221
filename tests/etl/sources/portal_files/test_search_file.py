"""The portal's own search from files: all words, those without a result, nothing that tells who searched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from etl.errors import LoadError
from etl.operations.imports import import_paths
from etl.operations.status import holdings
from etl.operations.undo import undo
from etl.sources.portal_files.search_words import search_word
from portalkompass.schema import PERSONAL_SEARCH
from portalkompass.settings import Settings

Ask = Callable[[str], list[tuple[Any, ...]]]
SITE = "https://www.stadt.example/"
ROWS = "SELECT period_start::VARCHAR, report, keyword, searches FROM portal_search ORDER BY ALL"


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_both_reports_stand_apart_and_spellings_of_case_are_summed(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    every = write(
        tmp_path,
        "Suche 2025-11.csv",
        "Suchbegriff,Suchen,Suchergebnisseiten,% Absprungrate der Suche\nHundesteuer,7,9,20%\n"
        "hundesteuer,2,2,20%\nSperrm&uuml;ll,5,5,0%\nmax@muster.example,1,1,0%\nOthers,30,30,0%\n",
    )
    unfound = write(
        tmp_path,
        "Suchbegriffe ohne Treffer 2025-11.csv",
        "Keyword,Searches,Search Results pages\nSperrmüll,4,4\n",
    )
    (first, second) = import_paths([every, unfound], settings, site=SITE)
    assert ask(ROWS) == [
        ("2025-11-01", "all", PERSONAL_SEARCH, 1),
        ("2025-11-01", "all", "hundesteuer", 9),
        ("2025-11-01", "all", "sperrmüll", 5),
        ("2025-11-01", "no_result", "sperrmüll", 4),
    ]
    assert "30 Suchen" in " ".join(first.warnings).replace("\xa0", " ")
    assert ask("SELECT count(*) FROM portal_page") == [(0,)]
    (held,) = holdings(settings)
    assert (held.grain, held.rows, held.missing_days) == ("portal_search", 4, 0)
    undo(settings, second.run_id)
    assert {row[1] for row in ask(ROWS)} == {"all"}
    undo(settings, first.run_id)
    assert ask("SELECT (SELECT count(*) FROM portal_search), (SELECT count(*) FROM sites)") == [(0, 0)]


def test_one_file_may_tell_both(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    text = "Monat;Suchbegriff;Suchen;Ohne Treffer\n2025-10;kita;8;0\n2025-10;wallbox;5;5\n2025-11;kita;9;1\n"
    import_paths([write(tmp_path, "suche.csv", text)], settings, site=SITE)
    assert ask(ROWS) == [
        ("2025-10-01", "all", "kita", 8),
        ("2025-10-01", "all", "wallbox", 5),
        ("2025-10-01", "no_result", "wallbox", 5),
        ("2025-11-01", "all", "kita", 9),
        ("2025-11-01", "no_result", "kita", 1),
    ]


def test_the_same_period_is_replaced_and_another_one_over_it_refused(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    first, again = (write(tmp_path, f"suche {n}.csv", f"Suchbegriff;Suchen\nkita;{n}\n") for n in (8, 9))
    month = {"period": _days("2025-11-01", "2025-11-30")}
    import_paths([first], settings, site=SITE, **month)
    import_paths([again], settings, site=SITE, **month)
    assert ask(ROWS) == [("2025-11-01", "all", "kita", 9)]
    with pytest.raises(LoadError, match="Suchen zählen nur einmal"):
        import_paths([first], settings, site=SITE, period=_days("2025-11-03", "2025-11-09"))


def test_without_a_period_it_says_how_to_name_one(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(LoadError, match="--period"):
        import_paths([write(tmp_path, "suche.csv", "Suchbegriff;Suchen\nkita;9\n")], settings, site=SITE)


def _days(first: str, last: str) -> tuple[dt.date, dt.date]:
    return dt.date.fromisoformat(first), dt.date.fromisoformat(last)


@pytest.mark.parametrize(
    "text",
    [
        "Erika.Muster@example.org",
        "0214 / 406-0123",
        "12.03.1985",
        "DE02 1203 0000 0000 2020 51",
        "LEV AB 123",
        "Musterstraße 12a",
        "x" * 200,
    ],
)
def test_what_may_tell_who_searched_is_not_kept(text: str) -> None:
    assert search_word(text) == PERSONAL_SEARCH


@pytest.mark.parametrize(
    "text", ["hundesteuer", "§ 16 abs 2", "formular 1201", "stadtplan 2025", "hartz 4", "kita 51373"]
)
def test_usual_searches_are_kept(text: str) -> None:
    assert search_word(text) == text
