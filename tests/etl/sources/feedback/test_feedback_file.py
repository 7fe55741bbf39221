"""Feedback on services from files: stars by month, words without personal data, every fault with its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from etl.errors import LoadError
from etl.operations.imports import import_paths
from etl.operations.undo import undo
from etl.sources.feedback.masking import masked
from portalkompass.settings import ROOT, Settings

Ask = Callable[[str], list[tuple[Any, ...]]]
HEAD = "Dienstleistung;Abgegeben am;Bewertung;Kommentar\n"


@pytest.fixture
def city(settings: Settings, tmp_path: Path) -> Settings:
    """A city that has its list of services."""
    import_paths([ROOT / "data" / "ozg_services.csv"], settings)
    return settings


def write(folder: Path, text: str, name: str = "Feedback.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


STARS = "SELECT service, month::VARCHAR, stars, answers FROM service_feedback ORDER BY ALL"


def test_stars_are_counted_by_month_words_are_kept_without_personal_data(
    tmp_path: Path, city: Settings, ask: Ask
) -> None:
    rows = (
        "Hundesteuer und -marke;03.11.2025 14:22;5;Schnell, danke Frau Müller-Lüdenscheidt!\n"
        "hundesteuer;2025-11-28;4 von 5;\n"
        'Hundesteuer und -marke;2025-11;★★★★☆;=HYPERLINK("http://evil.example")\n'
        "Hundesteuer und -marke;45962;1,0;<b>nie</b> wieder, Rückruf 0214 406-1234\n"
        "Bauportal;2025-10-31;2 Sterne;max@example.org\n"
    )
    (report,) = import_paths([write(tmp_path, HEAD + rows)], city)
    assert (report.kind, report.rows_loaded, report.rows_rejected) == ("service_feedback", 5, 0)
    assert report.message.startswith("5 Rückmeldungen vom 31.10.2025 bis 28.11.2025 zu 2 Leistungen")
    assert ask(STARS) == [
        ("bauportal", "2025-10-01", 2, 1),
        ("hundesteuer", "2025-11-01", 1, 1),
        ("hundesteuer", "2025-11-01", 4, 2),
        ("hundesteuer", "2025-11-01", 5, 1),
    ]
    assert ask("SELECT service, number, stars, comment FROM service_comments ORDER BY ALL") == [
        ("bauportal", 1, 2, "[E-Mail]"),
        ("hundesteuer", 1, 5, "Schnell, danke Frau [Name]!"),
        ("hundesteuer", 2, 4, '=HYPERLINK("[Adresse]'),
        ("hundesteuer", 3, 1, "<b>nie</b> wieder, Rückruf [Telefon]"),
    ]
    assert "Müller" not in str(report)
    assert ask("SELECT count(*) FROM ingest_files WHERE path LIKE '%Feedback%'") == [(0,)]


def test_faults_name_line_and_column_and_keep_no_personal_data(
    tmp_path: Path, city: Settings, ask: Ask
) -> None:
    head = "ARS;Leistungsschlüssel;Leistung;Datum;Sterne;Freitext\n"
    good = "".join(f"053160000000;;Bauportal;2025-10-{day:02};3;\n" for day in range(1, 31))
    bad = (
        "053160000000;;Wolkenschieben;2025-11-01;3;\n"  # 32
        "053160000000;;Bauportal;2025-11-01;6;\n"
        "053160000000;;Bauportal;2025-11-01;0;\n"
        "053160000000;;Bauportal;2025-11-01;4,5;\n"  # 35
        "053160000000;9,9107E+13;;2025-11-01;3;\n"
        "053150000000;;Bauportal;2025-11-01;3;\n"
        "053160000000;;Bauportal;2199-11-01;3;\n"
        "053160000000;;Bauportal;2025-11-01;Frau Maier war nett;\n"
        "053160000000;;Bauportal;2025-11-01;3;Frau Maier; war nett\n"  # 40: one cell too many
    )
    (report,) = import_paths([write(tmp_path, head + good + bad)], city)
    assert (report.rows_loaded, report.rows_rejected) == (30, 9)
    rejected = ask("SELECT line, column_name, reason FROM rejected_rows ORDER BY line")
    assert rejected == [
        (32, "Leistung", "unbekannte Leistung."),
        (33, "Sterne", "liegt außerhalb der Skala von 1 bis 5 Sternen."),
        (34, "Sterne", "liegt außerhalb der Skala von 1 bis 5 Sternen."),
        (35, "Sterne", "keine ganze Zahl von 1 bis 5 Sternen."),
        (36, "Leistungsschlüssel", "von Excel gekürzter Schlüssel; bitte die Spalte als Text formatieren."),
        (37, "ARS", "gehört nicht zu Stadt Leverkusen."),
        (38, "Datum", "liegt in der Zukunft."),
        (39, "Sterne", "keine ganze Zahl von 1 bis 5 Sternen."),
        (40, "", "7 statt 6 Spalten"),
    ]
    assert ask("SELECT count(*) FROM rejected_rows WHERE value LIKE '%Maier%'") == [(0,)]


def test_months_are_replaced_after_a_yes_and_one_import_goes_back_alone(
    tmp_path: Path, city: Settings, ask: Ask
) -> None:
    counts = "Leistung;Monat;Sterne;Anzahl\n"
    (first,) = import_paths(
        [write(tmp_path, counts + "Bauportal;2025-09;5;12\nBauportal;2025-10;4;7\n", "a.csv")], city
    )
    again = write(tmp_path, HEAD + "Bauportal;2025-10-02;1;schlecht\n", "b.csv")
    with pytest.raises(LoadError, match="Zu 1 Monat einer Leistung sind schon Rückmeldungen geladen"):
        import_paths([again], city)
    (second,) = import_paths([again], city, confirmed=True)
    assert ask(STARS) == [("bauportal", "2025-09-01", 5, 12), ("bauportal", "2025-10-01", 1, 1)]
    undo(city, second.run_id)
    assert ask(STARS) == [("bauportal", "2025-09-01", 5, 12)]
    assert ask("SELECT count(*) FROM service_comments") == [(0,)]
    undo(city, first.run_id)
    assert ask(STARS) == []


def test_an_anzahl_told_twice_counts_once_and_alike_answers_of_two_people_twice(
    tmp_path: Path, city: Settings, ask: Ask
) -> None:
    head = "Leistung;Monat;Sterne;Gerät;Anzahl\n"
    rows = "".join(f"Bauportal;2025-09;{stars};PC;{stars + 10}\n" for stars in range(1, 6))
    more = "Bauportal;2025-09;5;Handy;4\nBauportal;2025-09;5;PC;15\nBauportal;2025-09;5;PC;99\n"
    excel = "9,91E+13;2025-09;5;PC;4\nBauportal;2025-09;1.000;PC;4\n"
    excel += "".join(rows.replace("-09", f"-0{month}") for month in range(1, 9))
    import_paths([write(tmp_path, head + rows + more + excel)], city)
    assert ask("SELECT line, column_name, reason FROM rejected_rows ORDER BY line") == [
        (8, "Anzahl", "zu diesen Sternen steht schon weiter oben eine Anzahl."),
        (9, "Anzahl", "zu diesen Sternen steht schon weiter oben eine Anzahl."),
        (10, "Leistung", "von Excel gekürzter Schlüssel; bitte die Spalte als Text formatieren."),
        (11, "Sterne", "keine ganze Zahl von 1 bis 5 Sternen."),
    ]
    assert ("bauportal", "2025-09-01", 5, 19) in ask(STARS)
    single = write(tmp_path, HEAD + "Bauportal;2025-10-02;4;\n" * 2, "einzeln.csv")
    assert import_paths([single], city)[0].rows_loaded == 2
    with pytest.raises(LoadError, match="Unter den Überschriften steht keine einzige Zeile"):
        import_paths([write(tmp_path, HEAD, "leer.csv")], city)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Sehr geehrte Frau Dr. von der Leyen-Klein, danke", "Sehr geehrte Frau [Name], danke"),
        (
            "Die Frau am Schalter war nett, Herr Yıldız auch",
            "Die Frau am Schalter war nett, Herr [Name] auch",
        ),
        ("frau müller hat geholfen", "frau [Name] hat geholfen"),
        ("Mit freundlichen Grüßen\nMax Mustermann", "Mit freundlichen Grüßen [Name]"),
        ("Mein Name ist Anna Özdemir.", "Mein Name ist [Name]."),
        ("anna.oezdemir (at) example.org oder +49 (0)171/123 45 67", "[E-Mail] oder [Telefon]"),
        ("DE89 3704 0044 0532 0130 00 bitte", "[IBAN] bitte"),
        ("de89370400440532013000", "[IBAN]"),
        ("geboren am 03.11.1971, Aktenzeichen 33-123456", "geboren am [Datum], Aktenzeichen [Nummer]"),
        ("LEV-AB 123 steht in der Bahnhofstraße 12a", "[Kennzeichen] steht in der [Anschrift]"),
        ("Formular 12 hat 3 Seiten und kostet 5,50 €", "Formular 12 hat 3 Seiten und kostet 5,50 €"),
        ("\u202eab\x00c\n\n" + "x" * 2000, "ab c " + "x" * 995),
    ],
)
def test_what_looks_personal_is_replaced(text: str, kept: str) -> None:
    assert masked(text) == kept
