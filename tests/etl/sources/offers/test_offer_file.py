"""Offers of providers from files: matched by key, faults named, a provider's list replaced and taken back alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from etl.errors import LoadError
from etl.operations.imports import import_paths
from etl.operations.undo import undo
from portalkompass.settings import Settings

Ask = Callable[[str], list[tuple[Any, ...]]]
HEAD = "Leistungsschlüssel;Leistung;Anbieter;Preis;Vertrag;Verfügbar ab;Link\n"
KEY = "99102013104000"


def write(folder: Path, text: str, name: str) -> Path:
    path = folder / name
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def test_offers_load_faults_are_named_and_one_provider_is_replaced_and_taken_back(
    tmp_path: Path, settings: Settings, ask: Ask
) -> None:
    first = write(
        tmp_path,
        f"{KEY};Hundesteuer;Land Hessen;0,45 € je Fall;FIT-Store;2025-07;https://efa.example/hund\n"
        f"{KEY};Hundesteuer;Firma;;;Q3 2026;\n"
        "9,9102E+13;Hundesteuer;Firma;;;;\n"
        f"{KEY};Hundesteuer;;;;;\n"
        f"{KEY};Hundesteuer;Firma B;;;bald;\n"
        f"{KEY};Hundesteuer;Firma C;;;;hier klicken\n"
        f"{KEY};Hundesteuer;Firma;;;;\n"
        + "".join(f"9910201300{number:04};x;Firma;1;;;\n" for number in range(20)),
        "efa.csv",
    )
    (report,) = import_paths([first], settings)
    assert (report.kind, report.rows_loaded, report.rows_rejected) == ("service_offers", 22, 5)
    assert ask("SELECT line, column_name, reason FROM rejected_rows ORDER BY line") == [
        (4, "Leistungsschlüssel", "von Excel gekürzter Schlüssel; bitte die Spalte als Text formatieren."),
        (5, "Anbieter", "der Anbieter fehlt."),
        (
            6,
            "Verfügbar ab",
            "kein Tag und kein Monat; lesbar sind etwa 2025-11-30, 30.11.2025, 2025-11 und November 2025.",
        ),
        (7, "Link", "keine Web-Adresse."),
        (8, "Leistungsschlüssel", "Schlüssel, Anbieter und Link stehen schon weiter oben."),
    ]
    own = f"SELECT provider, price, contract, available_from::VARCHAR FROM service_offers WHERE leika_key = '{KEY}'"
    hessen = ("Land Hessen", "0,45 € je Fall", "FIT-Store", "2025-07-01")
    assert ask(f"{own} ORDER BY ALL") == [("Firma", None, None, "2026-07-01"), hessen]
    again = write(tmp_path, f"{KEY};Hundesteuer;Firma;99 € im Jahr;;;\n", "neu.csv")
    with pytest.raises(LoadError, match=r"Von 1 Anbieter sind schon Angebote geladen \(21 Zeilen\)"):
        import_paths([again], settings)
    (second,) = import_paths([again], settings, confirmed=True)
    assert ask(f"{own} ORDER BY ALL") == [("Firma", "99 € im Jahr", None, None), hessen]
    undo(settings, second.run_id)
    assert ask("SELECT provider FROM service_offers") == [("Land Hessen",)]


def test_cells_that_no_offer_can_have_are_named(tmp_path: Path, settings: Settings, ask: Ask) -> None:
    bad = (
        ("Hund;Firma;-5;;;", "Preis", "ein Preis kann nicht negativ sein."),
        (f"{'x' * 301};Firma;;;;", "Leistung", "länger als 300 Zeichen."),
        ("Hund;Firma;;;9999-12-31;", "Verfügbar ab", "dieses Jahr (9999) liegt zu weit in der Zukunft."),
        (
            "Hund;Firma;;;0026-12-31;",
            "Verfügbar ab",
            "dieses Jahr (26) liegt zu weit zurück; vermutlich verschrieben.",
        ),
        (f"Hund;Firma;;;;https://a.example/{'x' * 2000}", "Link", "die Adresse ist länger als 2000 Zeichen."),
        (
            "Hund;Firma;;;;https://stadt.example@evil.example/",
            "Link",
            "die Adresse enthält einen Benutzernamen.",
        ),
        ("Hund;Firma;;;;javascript:alert(1)", "Link", "keine Web-Adresse."),
    )
    good = "".join(f"9910201300{number:04};x;Firma;1;;;\n" for number in range(30))
    path = write(tmp_path, "".join(f"{KEY};{row}\n" for row, *_ in bad) + good, "efa.csv")
    (report,) = import_paths([path], settings)
    assert (report.rows_loaded, report.rows_rejected) == (30, len(bad))
    assert ask("SELECT line, column_name, reason FROM rejected_rows ORDER BY line") == [
        (line, column, reason) for line, (_, column, reason) in enumerate(bad, start=2)
    ]
    with pytest.raises(LoadError, match="Unter den Überschriften steht keine einzige Zeile"):
        import_paths([write(tmp_path, "", "leer.csv")], settings)
