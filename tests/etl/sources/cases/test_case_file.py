"""Cases of services from files: good rows load, every fault names its line and column, one import goes back alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from etl.errors import LoadError
from etl.operations.imports import import_paths
from etl.operations.undo import undo
from portalkompass.settings import ROOT, Settings

Ask = Callable[[str], list[tuple[Any, ...]]]
ROWS = (
    "SELECT service, month::VARCHAR, channel, cases, applications, end_to_end, processing_days, backlog, cost "
    "FROM service_cases ORDER BY ALL"
)
HEAD = "Leistung;Monat;Kanal;Fälle;Anträge;Ende-zu-Ende;Bearbeitungszeit (Tage);Rückstand;Kosten (Euro)\n"


@pytest.fixture
def city(settings: Settings, tmp_path: Path) -> Settings:
    """A city that has its list of services."""
    import_paths([ROOT / "data" / "ozg_services.csv"], settings)
    return settings


def write(folder: Path, text: str, name: str = "Fallzahlen.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_every_figure_arrives_and_what_is_not_told_stays_unknown(
    tmp_path: Path, city: Settings, ask: Ask
) -> None:
    file = write(
        tmp_path,
        HEAD + "Fischereischeine;2025-10;Online;12;12;9;3,5;4;1.234\n"
        "FISCHEREISCHEINE;Oktober 2025;Schalter;40;;;;;\n"
        "fischereischeine;11/2025;vor Ort;0;0;;;7;99,50 €\n",
    )
    (report,) = import_paths([file], city)
    assert (report.kind, report.rows_in, report.rows_loaded) == ("service_cases", 3, 3)
    service = ask("SELECT service FROM services WHERE name LIKE 'Fischerei%'")[0][0]
    assert ask(ROWS) == [
        (service, "2025-10-01", "counter", 40, None, None, None, None, None),
        (service, "2025-10-01", "online", 12, 12, 9, 3.5, 4, 1234.0),
        (service, "2025-11-01", "counter", 0, 0, None, None, 7, 99.5),
    ]
    assert report.contained == "Enthalten: 3 Zeilen mit 52 Fälle; geladen: 3 Zeilen mit 52."


def test_good_rows_load_and_each_fault_names_line_column_and_reason(
    tmp_path: Path, city: Settings, ask: Ask
) -> None:
    lines = [
        "Hundesteuer und -marke;2025-01;Online;31;31;20;2;0;10",  # 2
        "Hundesteuer und Marke;2025-02;Online;5;5;1;2;0;10",  # 3: another spelling of the name
        "Hundesteuern und Marken;2025-03;Online;5;;;;;",  # 4: unknown, the name alike is offered
        "Einbürgerung;2025-01;Onlein;5;;;;;",  # 5: channel
        "Einbürgerung;2025-01;Post;-5;;;;;",  # 6: negative
        "Einbürgerung;2025-01;Telefon;5,5;;;;;",  # 7: fractional
        "Einbürgerung;2025-01;Schalter;7;9;;;;",  # 8: more applications than cases
        "Einbürgerung;2025-02;Post;7;;;;;",  # 9, 10: told twice, differently
        "Einbürgerung;2025-02;Brief;8;;;;;",
        "Einbürgerung;2025;Post;8;;;;;",  # 11: a year
        "Einbürgerung;2026-03;Post;8;;;;;",  # 12: not yet
        "Einbürgerung;2025-04;Post;;;;;;",  # 13: no figure
        "Einbürgerung;2025-05;Post;#NV;;;;;",  # 14: Excel
        "Einbürgerung;2025-06;Post;1,20E+3;;;;;",  # 15: Excel
        "Summe;2025-06;Post;99;;;;;",  # 16: a sum
        "Einbürgerung;2025-07;Online;3;3;;;;",  # 17 to 19: channels and their sum
        "Einbürgerung;2025-07;Post;4;;;;;",
        "Einbürgerung;2025-07;Gesamt;7;3;;;;",
        "Einbürgerung;2025-08;Post;4;;;;;",  # 20, 21: the same line twice
        "Einbürgerung;2025-08;Post;4;;;;;",
        *(f"Bauportal;{year}-{month:02};Online;50;;;;;" for year in (2023, 2024) for month in range(1, 13)),
    ]
    (report,) = import_paths([write(tmp_path, HEAD + "\n".join(lines) + "\n")], city)
    rejected = ask("SELECT line, column_name, value, reason FROM rejected_rows ORDER BY line")
    assert rejected == [
        (
            4,
            "Leistung",
            "Hundesteuern und Marken",
            "unbekannte Leistung; gemeint ist vielleicht „Hundesteuer und -marke“.",
        ),
        (
            5,
            "Kanal",
            "Onlein",
            "unbekannter Kanal; erlaubt sind Online, Formular, Schalter, Post und Telefon.",
        ),
        (6, "Fälle", "-5", "eine Anzahl kann nicht negativ sein."),
        (7, "Fälle", "5,5", "keine ganze Zahl."),
        (8, "Anträge", "9", "mehr Anträge als Fälle."),
        (
            9,
            "Monat",
            "2025-02",
            "der Monat steht für diese Leistung und diesen Kanal mit anderen Zahlen noch einmal da.",
        ),
        (
            10,
            "Monat",
            "2025-02",
            "der Monat steht für diese Leistung und diesen Kanal mit anderen Zahlen noch einmal da.",
        ),
        (11, "Monat", "2025", "kein Monat; geladen wird je Monat, etwa 2025-11."),
        (12, "Monat", "2026-03", "liegt in der Zukunft."),
        (13, "Fälle", "", "die Zeile enthält keine Zahl."),
        (14, "Fälle", "#NV", "Fehlerwert von Excel statt einer Zahl."),
        (15, "Fälle", "1,20E+3", "Excel hat die Zahl in Exponentialschreibweise gekürzt."),
        (16, "Leistung", "Summe", "Summenzeile, keine Leistung; Summen werden aus den Zeilen gebildet."),
        (19, "Kanal", "Gesamt", "Summe der Kanäle; Summen werden aus den Zeilen gebildet."),
        (21, "Monat", "2025-08", "steht wortgleich schon weiter oben."),
    ]
    assert (report.rows_in, report.rows_loaded, report.rows_rejected) == (44, 29, 15)
    # Channels whose figures cannot be used are there, and unknown.
    gaps = ask("SELECT month::VARCHAR, channel FROM service_cases WHERE cases IS NULL ORDER BY ALL")
    assert gaps == [
        ("2025-01-01", "counter"),
        ("2025-01-01", "phone"),
        ("2025-01-01", "post"),
        ("2025-01-01", "unknown"),
        ("2025-02-01", "post"),
        ("2025-04-01", "post"),
        ("2025-05-01", "post"),
        ("2025-06-01", "post"),
    ]
    assert ask("SELECT channel, cases FROM service_cases WHERE month = '2025-07-01' ORDER BY 1") == [
        ("online", 3),
        ("post", 4),
    ]


def test_channels_beside_each_other_are_rows_and_gaps_are_no_zeros(
    tmp_path: Path, city: Settings, ask: Ask
) -> None:
    head = "Leistung;Monat;Online;Vor Ort;Telefon;Gesamt;Rückstand\n"
    text = head + "Bauportal;2025-09;12;;x;;4\nBauportal;2025-10;12;;x;15;4\nBauportal;2025-11;0;3;5;8;\n"
    (report,) = import_paths([write(tmp_path, text)], city)
    assert ask("SELECT month::VARCHAR, channel, cases, backlog FROM service_cases ORDER BY ALL") == [
        ("2025-09-01", "counter", None, None),
        ("2025-09-01", "online", 12, None),
        ("2025-09-01", "phone", None, None),
        ("2025-10-01", "online", 12, None),
        ("2025-10-01", "unknown", 3, None),  # of 15 in all
        ("2025-11-01", "counter", 3, None),
        ("2025-11-01", "online", 0, None),
        ("2025-11-01", "phone", 5, None),
    ]
    faults = ask(
        "SELECT line, column_name, value FROM rejected_rows WHERE reason NOT LIKE 'Summe%' ORDER BY 1"
    )
    assert faults == [(2, "Telefon", "x"), (3, "Telefon", "x")]
    assert any("Rückstand" in warning for warning in report.warnings)


def test_a_total_beside_channels_is_held_against_them(tmp_path: Path, city: Settings, ask: Ask) -> None:
    rows = "Bauportal;2025-09;Online;50\nBauportal;2025-09;Gesamt;200\nBauportal;2025-10;Post;9\n"
    rows += "Bauportal;2025-10;Alle;8\n" + "".join(
        f"Bauportal;2024-{month:02};Post;50\n" for month in range(1, 13)
    )
    (report,) = import_paths([write(tmp_path, "Leistung;Monat;Kanal;Fälle\n" + rows)], city)
    assert ask(
        "SELECT month::VARCHAR, channel, cases FROM service_cases WHERE month > '2025-01-01' ORDER BY ALL"
    ) == [
        ("2025-09-01", "online", 50),
        ("2025-09-01", "unknown", 150),
        ("2025-10-01", "post", 9),
    ]
    assert ask("SELECT line, value, reason FROM rejected_rows ORDER BY line") == [
        (3, "Gesamt", "Summe der Kanäle; Summen werden aus den Zeilen gebildet."),
        (5, "8", "weniger Fälle als die Summe der Kanäle."),
    ]
    assert report.contained == "Enthalten: 15 Zeilen mit 817 Fälle; geladen: 14 Zeilen mit 809."


def test_a_month_that_is_not_over_is_not_loaded(tmp_path: Path, city: Settings, ask: Ask) -> None:
    rows = "".join(f"Bauportal;2025-{month:02};7\n" for month in range(1, 13))
    import_paths([write(tmp_path, "Leistung;Monat;Fälle\n" + rows)], city)
    assert ask("SELECT count(*), max(month)::VARCHAR FROM service_cases") == [(11, "2025-11-01")]
    assert ask("SELECT line, reason FROM rejected_rows") == [
        (13, "der Monat ist noch nicht vorbei; bitte nach seinem Ende laden.")
    ]


def test_keys_say_the_service_unless_excel_has_ruined_them(tmp_path: Path, city: Settings, ask: Ask) -> None:
    key = ask("SELECT leistungsschluessel[1] FROM services WHERE service = 'fahrzeugzulassung'")[0][0]
    rows = [f"{key};2025-{month:02};10\n" for month in range(1, 11)]
    text = (
        "Leistungsschlüssel;Monat;Anzahl Fälle\n"
        + "".join(rows)
        + "9,9036E+13;2025-11;10\n99999999999999;2025-11;4\n"
    )
    import_paths([write(tmp_path, text)], city)
    assert ask("SELECT DISTINCT service, channel FROM service_cases") == [("fahrzeugzulassung", "all")]
    assert ask("SELECT line, reason FROM rejected_rows ORDER BY line") == [
        (12, "von Excel gekürzter Schlüssel; bitte die Spalte als Text formatieren."),
        (13, "unbekannte Leistung."),
    ]
    head = "Leistungsschlüssel;Leistung;Monat;Fälle\n"
    both = head + f"{key};Bauportal;2025-11;7\n;Bauportal;2025-11;0\n{key};;2025-11;0\n"
    with pytest.raises(LoadError, match="verschiedenen Leistungen"):
        import_paths([write(tmp_path, both, "b.csv")], city)


def test_a_file_of_another_city_is_refused_and_its_rows_among_others_are_kept_aside(
    tmp_path: Path, city: Settings, ask: Ask
) -> None:
    head = "ARS;Leistung;Monat;Fälle\n"
    with pytest.raises(LoadError, match="nicht zu Stadt Leverkusen"):
        import_paths([write(tmp_path, head + "053150000000;Bauportal;2025-10;12\n")], city)
    assert ask("SELECT count(*) FROM service_cases") == [(0,)]
    own = "".join(f"053160000000;Bauportal;2025-{month:02};12\n" for month in range(1, 10))
    import_paths(
        [write(tmp_path, head + own + "05316000;Bauportal;2025-10;12\n053150000000;Bauportal;2025-11;2\n")],
        city,
    )
    assert ask("SELECT count(*), sum(cases) FROM service_cases") == [(10, 120)]
    assert ask("SELECT line, column_name, value FROM rejected_rows WHERE source = 'cases'") == [
        (12, "ARS", "053150000000")
    ]


def test_months_are_replaced_only_after_a_yes_and_one_import_goes_back_alone(
    tmp_path: Path, city: Settings, ask: Ask
) -> None:
    head = "Leistung;Monat;Kanal;Fälle\n"
    (first,) = import_paths(
        [write(tmp_path, head + "Bauportal;2025-09;Online;10\nBauportal;2025-10;Online;20\n")], city
    )
    later = write(tmp_path, head + "Bauportal;2025-10;Post;7\nBauportal;2025-11;Online;30\n", "Nachtrag.csv")
    with pytest.raises(LoadError, match="Sollen sie durch diese Datei ersetzt werden"):
        import_paths([later], city)
    counts = "SELECT month::VARCHAR, channel, cases FROM service_cases ORDER BY ALL"
    assert ask(counts) == [("2025-09-01", "online", 10), ("2025-10-01", "online", 20)]
    (second,) = import_paths([later], city, confirmed=True)
    assert ask(counts) == [
        ("2025-09-01", "online", 10),
        ("2025-10-01", "post", 7),
        ("2025-11-01", "online", 30),
    ]
    undo(city, second.run_id)
    assert ask(counts) == [("2025-09-01", "online", 10)]
    undo(city, first.run_id)
    assert ask(counts) == []


def test_without_a_list_of_services_the_next_step_is_said(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(LoadError, match="zuerst die OZG-Liste laden"):
        import_paths([write(tmp_path, HEAD + "Bauportal;2025-10;Online;1;1;1;1;1;1\n")], settings)


def test_a_sum_in_the_column_of_ids_is_no_service_and_no_part_of_the_balance(
    tmp_path: Path, city: Settings
) -> None:
    text = "service_id;Monat;Kanal;Fälle\nhundesteuer;2025-06;Online;7\nSumme;2025-06;Online;7\n"
    (report,) = import_paths([write(tmp_path, text)], city, preview=True)
    assert (report.rows_in, report.rows_loaded, report.rows_rejected) == (2, 1, 1)
