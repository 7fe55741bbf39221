from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from etl.errors import LoadError
from etl.operations.imports import import_paths
from etl.operations.undo import undo
from etl.sources.file_kind import Edit
from etl.sources.ozg.rows import HEADER
from portalkompass.settings import SHIPPED_DATA, Settings
from portalkompass.warehouse import snapshots

Ask = Callable[[str], list[tuple[Any, ...]]]

HUND = {
    "service_id": "hundesteuer",
    "name": "Hundesteuer und -marke",
    "list": "anstehend",
    "status": "In Vorbereitung",
    "latest_development": "Prüfung läuft; Ergebnis „bald“",
    "lane": "startbar",
    "leistungsschluessel": "99102013002000|99110009104000",
    "as_of": "2025-12-15",
}
TITEL = {
    "service_id": "aufenthaltstitel",
    "name": "Aufenthaltstitel",
    "list": "aktuell",
    "status": "Go-Live Januar 2026",
    "go_live_month": "2026-01",
    "as_of": "2025-12-15",
}


def write(
    path: Path, *rows: dict[str, str], header: tuple[str, ...] = HEADER, encoding: str = "utf-8"
) -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, header, delimiter=";", restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def test_the_list_becomes_services_and_history(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    (report,) = import_paths([write(tmp_path / "liste.csv", HUND, TITEL)], settings)
    assert (report.kind, report.rows_in, report.differences) == ("ozg", 2, ())
    assert "noch kein früherer Stand" in report.message
    assert ask(
        "SELECT service, as_of, status_group, go_live_month, latest_development, lane, motion_number, "
        "leistungsschluessel FROM services ORDER BY service"
    ) == [
        ("aufenthaltstitel", dt.date(2025, 12, 15), "Go-Live", dt.date(2026, 1, 1), None, None, None, []),
        (
            "hundesteuer",
            dt.date(2025, 12, 15),
            "In Vorbereitung",
            None,
            "Prüfung läuft; Ergebnis „bald“",
            "startbar",
            None,
            ["99102013002000", "99110009104000"],
        ),
    ]
    assert ask("SELECT source, grain, date, state, rows FROM ingest_ledger") == [
        ("ozg", "service_status_history", dt.date(2025, 12, 15), "final", 2)
    ]


def test_a_later_state_names_every_difference(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    old = [row | {"as_of": "2025-11-01"} for row in (HUND, TITEL)]
    import_paths([write(tmp_path / "alt.csv", *old)], settings)
    live = HUND | {"status": "Go-Live März 2026", "go_live_month": "2026-03", "list": "aktuell", "lane": ""}
    other = HUND | {"service_id": "reitkennzeichen", "name": "Reitkennzeichen", "leistungsschluessel": ""}
    (report,) = import_paths([write(tmp_path / "neu.csv", live, other)], settings)
    assert report.differences == (
        {"service": "hundesteuer", "field": "list", "before": "anstehend", "after": "aktuell"},
        {
            "service": "hundesteuer",
            "field": "status",
            "before": "In Vorbereitung",
            "after": "Go-Live März 2026",
        },
        {"service": "hundesteuer", "field": "go_live_month", "before": None, "after": "2026-03"},
        {"service": "hundesteuer", "field": "lane", "before": "startbar", "after": None},
        {"service": "reitkennzeichen", "field": "service", "before": None, "after": "Reitkennzeichen"},
        {"service": "aufenthaltstitel", "field": "service", "before": "Aufenthaltstitel", "after": None},
    )
    assert ask("SELECT service FROM services ORDER BY 1") == [("hundesteuer",), ("reitkennzeichen",)]
    assert ask("SELECT as_of, count(*) FROM service_status_history GROUP BY 1 ORDER BY 1") == [
        (dt.date(2025, 11, 1), 2),
        (dt.date(2025, 12, 15), 2),
    ]


def test_an_older_list_only_adds_history(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    import_paths([write(tmp_path / "neu.csv", HUND)], settings)
    older = HUND | {"as_of": "2025-06-30", "status": "offen"}
    (report,) = import_paths([write(tmp_path / "alt.csv", older)], settings)
    assert report.warnings == (
        "Es gibt schon den neueren Stand 15.12.2025; diese Liste ergänzt nur den Verlauf.",
    )
    assert ask("SELECT as_of, status FROM services") == [(dt.date(2025, 12, 15), "In Vorbereitung")]


def test_the_same_state_is_replaced_whole(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    import_paths([write(tmp_path / "a.csv", HUND, TITEL)], settings)
    (report,) = import_paths([write(tmp_path / "b.csv", HUND)], settings)
    assert [entry["service"] for entry in report.differences] == ["aufenthaltstitel"]
    assert ask("SELECT service FROM service_status_history") == [("hundesteuer",)]


def test_date_from_the_command_where_the_list_has_none(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    header = tuple(name for name in HEADER if name != "as_of")
    bare = {name: value for name, value in HUND.items() if name != "as_of"}
    path = write(tmp_path / "liste.csv", bare, header=header)
    with pytest.raises(LoadError, match="Der Stand der Liste fehlt"):
        import_paths([path], settings)
    import_paths([path], settings, as_of=dt.date(2025, 10, 1))
    assert ask("SELECT as_of FROM services") == [(dt.date(2025, 10, 1),)]


def test_excel_workbook_of_the_same_header(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(list(HEADER))
    sheet.append([dt.datetime(2025, 12, 15) if name == "as_of" else HUND.get(name) for name in HEADER])
    book.save(tmp_path / "liste.xlsx")
    import_paths([tmp_path / "liste.xlsx"], settings)
    assert ask("SELECT service, as_of FROM services") == [("hundesteuer", dt.date(2025, 12, 15))]


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"status": "fast fertig"}, "status", "erlaubt sind „Go-Live <Monat> <Jahr>“, „In Umsetzung“"),
        ({"status": "Go-Live Brumaire 2026"}, "status", "„Go-Live Brumaire 2026“ ist nicht erlaubt"),
        ({"status": ""}, "status", "der Status fehlt"),
        ({"list": "später"}, "list", "erlaubt sind aktuell, anstehend, ohne Status"),
        ({"list": "ohne Status", "lane": ""}, "status", "verträgt keinen Status"),
        ({"list": "aktuell"}, "lane", "nur Leistungen der Liste „anstehend“"),
        ({"lane": "bald"}, "lane", "erlaubt sind startbar, wartet auf andere, erst klären"),
        ({"go_live_month": "2026-01"}, "go_live_month", "erwartet ist leer"),
        ({"go_live_month": "Januar"}, "go_live_month", "kein Monat in der Form JJJJ-MM"),
        ({"status": "Go-Live Mai 2026"}, "go_live_month", "erwartet ist 2026-05"),
        ({"depends_on": "katzensteuer"}, "depends_on", "„katzensteuer“ steht nicht in der Liste"),
        ({"depends_on": "hundesteuer"}, "depends_on", "nicht von sich selbst abhängen"),
        ({"service_id": "Hund Steuer"}, "service_id", "erlaubt sind Kleinbuchstaben"),
        ({"service_id": "aufenthaltstitel"}, "service_id", "die Kennung steht schon in Zeile 2"),
        ({"name": " "}, "name", "der Wert fehlt"),
        ({"leistungsschluessel": "9.9036E+13"}, "leistungsschluessel", "in Excel als Text formatieren"),
        ({"leistungsschluessel": "9,9036E+13"}, "leistungsschluessel", "von Excel gekürzter Schlüssel"),
        ({"leistungsschluessel": "1234"}, "leistungsschluessel", "99 und 12 weitere Ziffern"),
        ({"as_of": "2026-01-01"}, "as_of", "liegt in der Zukunft"),
        ({"as_of": "2025-11-01"}, "as_of", "alle Zeilen müssen den Stand 15.12.2025 tragen"),
        ({"as_of": "gestern"}, "as_of", "erlaubt ist JJJJ-MM-TT"),
    ],
)
def test_every_fault_is_named_with_line_and_column_and_kept(
    tmp_path: Path, settings: Settings, ask: Ask, change: dict[str, str], column: str, reason: str
) -> None:
    with pytest.raises(LoadError) as refusal:
        import_paths([write(tmp_path / "liste.csv", TITEL, HUND | change)], settings)
    assert str(refusal.value).startswith("liste.csv wurde nicht geladen: Zeile 3, Spalte „" + column)
    assert reason in str(refusal.value)
    assert ask("SELECT count(*) FROM services") == [(0,)]
    assert ask("SELECT file_name, line, column_name FROM rejected_rows") == [("liste.csv", 3, column)]
    assert ask("SELECT source, state, rows_in, rows_loaded FROM ingest_runs") == [("ozg", "failed", 2, 0)]


def test_all_faults_are_collected_not_only_the_first(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    wrong = HUND | {"status": "x", "lane": "y", "list": "z"}
    with pytest.raises(LoadError) as refusal:
        import_paths([write(tmp_path / "liste.csv", wrong, TITEL | {"name": ""})], settings)
    assert ask("SELECT line, column_name FROM rejected_rows ORDER BY ALL") == [
        (2, "lane"),
        (2, "list"),
        (2, "status"),
        (3, "name"),
    ]
    assert str(refusal.value).count("Spalte") == 4


def test_a_date_of_the_command_in_the_future_is_one_sentence_not_one_a_row(
    tmp_path: Path, settings: Settings
) -> None:
    future = settings.current_day() + dt.timedelta(days=1)
    with pytest.raises(LoadError) as refusal:
        import_paths([write(tmp_path / "liste.csv", TITEL, HUND)], settings, as_of=future)
    assert str(refusal.value) == f"liste.csv: Der Stand {future:%d.%m.%Y} (--as-of) liegt in der Zukunft."
    assert not snapshots.history(settings.warehouse_dir)


def test_dependencies_in_a_circle(tmp_path: Path, settings: Settings) -> None:
    rows = (HUND | {"depends_on": "aufenthaltstitel"}, TITEL | {"depends_on": "hundesteuer"})
    with pytest.raises(LoadError, match="bilden einen Kreis"):
        import_paths([write(tmp_path / "liste.csv", *rows)], settings)


@pytest.mark.parametrize(
    ("header", "rows", "sentence"),
    [
        (tuple(n for n in HEADER if n != "lane"), [], "fehlt die Spalte lane"),
        ((*HEADER, "farbe"), [], "Die Spalte farbe ist unbekannt"),
        (HEADER, [], "Die Liste enthält keine Leistung"),
    ],
)
def test_a_wrong_header_or_no_row_leaves_no_trace(
    tmp_path: Path, settings: Settings, header: tuple[str, ...], rows: list[dict[str, str]], sentence: str
) -> None:
    with pytest.raises(LoadError, match=sentence):
        import_paths([write(tmp_path / "liste.csv", *rows, header=header)], settings)
    assert not snapshots.history(settings.warehouse_dir)


def test_the_shipped_list_is_complete(settings: Settings, ask: Ask) -> None:
    (report,) = import_paths([SHIPPED_DATA / "ozg_services.csv"], settings)
    assert report.rows_loaded == 17
    assert ask("SELECT list, status_group, count(*) FROM services GROUP BY ALL ORDER BY ALL") == [
        ("aktuell", "Go-Live", 5),
        ("aktuell", "In Umsetzung", 4),
        ("anstehend", "In Vorbereitung", 6),
        ("anstehend", "offen", 2),
    ]


def test_texts_of_the_shipped_list_are_loaded_verbatim(settings: Settings, ask: Ask) -> None:
    import_paths([SHIPPED_DATA / "ozg_services.csv"], settings)
    with (SHIPPED_DATA / "ozg_services.csv").open(encoding="utf-8", newline="") as file:
        expected = [
            (row["service_id"], row["latest_development"]) for row in csv.DictReader(file, delimiter=";")
        ]
    assert ask("SELECT service, latest_development FROM services ORDER BY 1") == sorted(expected)


PVOG = "leikaKey;leikaName;ars;url;onlineStatus;aktiv;artFlaechendeckung;exportDatum\n"


def test_open_pvog_keeps_the_city_and_the_areas_above_it(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    path = tmp_path / "pvog.csv"
    path.write_text(
        PVOG
        + "99102013002000;Hundesteuer;053160000000;https://dienst.example/hund;ok;ja;kommunal;2025-12-01\n"
        + "99107049000000;Wohngeld;050000000000;https://land.example/wohngeld;nicht ok;nein;;2025-12-01\n"
        + "99102013002000;Hundesteuer;091620000000;https://muenchen.example/hund;ok;ja;;2025-12-01\n"
        + "9,9036E+13;Auto;053160000000;https://dienst.example/auto;ok;ja;;2025-12-01\n",
        encoding="utf-8",
    )
    (report,) = import_paths([path], settings)
    assert (report.kind, report.rows_in, report.rows_loaded, report.rows_rejected) == ("pvog", 3, 2, 1)
    assert "1 Zeile anderer Gebiete übergangen" in report.message
    assert ask("SELECT leika_key, host, online_status, active FROM online_services ORDER BY 1") == [
        ("99102013002000", "dienst.example", "ok", True),
        ("99107049000000", "land.example", "nicht ok", False),
    ]
    assert ask("SELECT line, column_name, value FROM rejected_rows") == [(5, "leikaKey", "9,9036E+13")]


def test_lists_of_neighbours_stand_beside_that_of_the_city_and_go_back_alone(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    """What a neighbour's list says of the state does not replace the city's own list."""
    tables = {
        "stadt": "99102013002000;Hund;053160000000;https://lev.example/hund;ok;ja;;2025-12-01\n"
        "99107049000000;Wohngeld;050000000000;https://land.example/wohngeld;ok;ja;;2025-12-01\n",
        "koeln": "99102013002000;Hund;053150000000;https://koeln.example/hund;ok;ja;;2025-11-20\n"
        "99107049000000;Wohngeld;050000000000;https://land.example/wohngeld;ok;ja;;2025-11-20\n",
        "burscheid": "99102013002000;Hund;053780008008;https://burscheid.example/hund;ok;ja;;2025-12-01\n"
        "99080001000000;Pass;053780000000;https://kreis.example/pass;nicht ok;ja;;2025-12-01\n"
        "9,9036E+13;Auto;053780000000;https://kreis.example/auto;ok;ja;;2025-12-01\n",
    }
    runs = {}
    for name, rows in tables.items():
        path = tmp_path / f"{name}.csv"
        path.write_text(PVOG + rows, encoding="utf-8")
        (report,) = import_paths([path], settings)
        runs[name] = report.run_id
    assert "0 Online-Dienste hier, 2 bei Nachbarn" in report.message
    assert ask("SELECT count(*) FROM online_services") == [(2,)]
    nearby = "SELECT ars, host, online_status FROM online_services_nearby ORDER BY ALL"
    koeln = ("053150000000", "koeln.example", "ok")
    assert ask(nearby) == [
        koeln,
        ("053780000000", "kreis.example", "nicht ok"),
        ("053780008008", "burscheid.example", "ok"),
    ]
    assert ask("SELECT line, column_name FROM rejected_rows") == [(4, "leikaKey")]
    undo(settings, runs["burscheid"])
    assert ask(nearby) == [koeln]
    assert ask("SELECT count(*) FROM online_services") == [(2,)]


def test_single_rows_of_an_open_pvog_list_are_named_mixed_days_and_no_row_refused(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    def row(
        number: int, name: str = "Hund", url: str = "https://a.example/1", day: str = "2025-12-01"
    ) -> str:
        return f"991020130{number:05};{name};053160000000;{url};ok;ja;;{day}\n"

    def listed(rows: str) -> Path:
        path = tmp_path / f"pvog{len(list(tmp_path.iterdir()))}.csv"
        path.write_text(PVOG + rows, encoding="utf-8")
        return path

    good = "".join(row(number) for number in range(30))
    bad = (
        row(91, name="x" * 501)
        + row(92, url="https://leverkusen.example@evil.example/")
        + row(93, url="https://a.example/" + "x" * 2000)
        + row(94, day="2199-12-01")
        + row(95, day="0026-12-01")
    )
    (report,) = import_paths([listed(good + bad)], settings)
    assert (report.rows_loaded, report.rows_rejected) == (30, 5)
    assert ask("SELECT line, column_name, reason FROM rejected_rows ORDER BY line") == [
        (32, "leikaName", "länger als 500 Zeichen."),
        (33, "url", "die Adresse enthält einen Benutzernamen."),
        (34, "url", "die Adresse ist länger als 2000 Zeichen."),
        (35, "exportDatum", "liegt in der Zukunft."),
        (36, "exportDatum", "dieses Jahr (26) liegt zu weit zurück; vermutlich verschrieben."),
    ]
    with pytest.raises(LoadError, match=r"01\.12\.2025 zuerst in Zeile 2, 30\.11\.2025 zuerst in Zeile 32"):
        import_paths([listed(good + row(96, day="2025-11-30"))], settings)
    with pytest.raises(LoadError, match="Unter den Überschriften steht keine einzige Zeile"):
        import_paths([listed("")], settings)


def test_an_older_open_pvog_list_is_refused(tmp_path: Path, settings: Settings) -> None:
    row = "99102013002000;Hundesteuer;053160000000;https://dienst.example/hund;ok;ja;;"
    for name, day in (("neu.csv", "2025-12-01"), ("alt.csv", "2025-11-01")):
        (tmp_path / name).write_text(f"{PVOG}{row}{day}\n", encoding="utf-8")
    import_paths([tmp_path / "neu.csv"], settings)
    with pytest.raises(LoadError, match=r"vom 01\.12\.2025 ist neuer"):
        import_paths([tmp_path / "alt.csv"], settings)


def test_an_edit_names_its_author_and_a_stale_one_is_refused(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    path = tmp_path / "ozg_services.csv"
    path.write_bytes((SHIPPED_DATA / "ozg_services.csv").read_bytes())
    first = import_paths([path], settings)[0]
    text = path.read_text(encoding="utf-8-sig").replace("2025-12-15\n", "2025-12-16\n")
    path.write_text(text.replace("Bauportal", "Bauportal NRW"), encoding="utf-8")
    second = import_paths([path], settings, edit=Edit("Erika M.", first.run_id))[0]
    assert second.message.endswith("Bearbeitet von Erika M.")
    for base in (first.run_id, ""):
        with pytest.raises(LoadError, match=r"inzwischen geändert.*16\.12\.2025.*Erika M\."):
            import_paths([path], settings, edit=Edit("Max M.", base))
    assert ask("SELECT DISTINCT import_id FROM service_status_history WHERE as_of = '2025-12-16'") == [
        (second.run_id,)
    ]
