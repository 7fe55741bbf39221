"""The federal dashboard's counts from files: CSV and JSON, faults with their place, one import goes back alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from etl.errors import LoadError
from etl.operations.imports import import_paths
from etl.operations.undo import undo
from portalkompass.settings import ROOT, Settings

Ask = Callable[[str], list[tuple[Any, ...]]]
USAGE = "SELECT service, month::VARCHAR, transactions FROM dashboard_usage ORDER BY ALL"


@pytest.fixture
def city(settings: Settings) -> Settings:
    """A city that has its list of services."""
    import_paths([ROOT / "data" / "ozg_services.csv"], settings)
    return settings


def test_counts_load_from_csv_and_json_and_faults_are_named(tmp_path: Path, city: Settings, ask: Ask) -> None:
    table = tmp_path / "dashboard.csv"
    table.write_text(
        "ARS;Leistung;Monat;Anzahl Transaktionen\n"
        + "".join(f"053160000000;Einbürgerung;2023-{month:02};{month}\n" for month in range(1, 13))
        + "".join(f"053160000000;Einbürgerung;2024-{month:02};{month}\n" for month in range(1, 13))
        + "053160000000;Wolkenschieben;2025-01;5\n"  # 26
        "053160000000;Bauportal;2025-01;-5\n"
        "053160000000;Bauportal;2025-02;1,5\n"
        "053160000000;Bauportal;2025-03;\n"
        "053150000000;Bauportal;2025-04;5\n"  # 30
        "053160000000;Bauportal;2025-05;5\n"
        "053160000000;Bauportal;2025-05;6\n",
        encoding="utf-8",
    )
    (report,) = import_paths([table], city)
    assert (report.kind, report.rows_loaded, report.rows_rejected) == ("dashboard_usage", 24, 7)
    assert ask("SELECT line, column_name, reason FROM rejected_rows ORDER BY line") == [
        (26, "Leistung", "unbekannte Leistung."),
        (27, "Anzahl Transaktionen", "eine Anzahl kann nicht negativ sein."),
        (28, "Anzahl Transaktionen", "keine ganze Zahl."),
        (29, "Anzahl Transaktionen", "die Zahl der Transaktionen fehlt."),
        (30, "ARS", "gehört nicht zu Stadt Leverkusen."),
        (31, "Monat", "der Monat steht für diese Leistung noch einmal da."),
        (32, "Monat", "der Monat steht für diese Leistung noch einmal da."),
    ]
    records = tmp_path / "nutzung.json"
    rows = [{"leistung": "Bauportal", "monat": "2025-10", "transaktionen": 12, "ars": "053160000000"}]
    records.write_text(json.dumps({"data": rows}), encoding="utf-8")
    (second,) = import_paths([records], city)
    assert ask(USAGE)[0] == ("bauportal", "2025-10-01", 12)
    with pytest.raises(LoadError, match="Zahlen des Dashboards geladen"):
        import_paths([records], city)
    undo(city, second.run_id)
    assert {service for service, _, _ in ask(USAGE)} == {"einbuergerung"}
    records.write_text('{"data": [{"leistung": ', encoding="utf-8")
    with pytest.raises(LoadError, match="Das JSON ist beschädigt"):
        import_paths([records], city)
    records.write_text('{"data": 5}', encoding="utf-8")
    with pytest.raises(LoadError, match=r"nutzung\.json: Das"):
        import_paths([records], city)
