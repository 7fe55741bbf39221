"""Uploading: what is said before anything is loaded."""

import pytest

from portalkompass.settings import load_settings
from tests.warehouse_fixture import publish

REPORT = {
    "kind": "portal", "file_name": "oktober.csv", "site": "https://stadt.example/", "period_start": "2025-10-01",
    "period_end": "2025-10-31", "rows_in": 1, "rows_loaded": 1, "rows_rejected": 0, "message": "", "warnings": [],
    "sample": [], "differences": [],
}  # fmt: skip
CHECKED = {
    "upload-reports": [REPORT], "upload-path": "oktober.csv", "upload-wishes": {}, "upload-turn": 0
}  # fmt: skip


@pytest.mark.parametrize("demo", [True, False])
def test_before_loading_the_screen_says_where_the_rows_go(screen, demo):
    settings = load_settings()
    publish(settings.as_demo() if demo else settings)

    app = screen("data/data.py", **CHECKED)

    assert not app.exception
    goal = f"Ziel: die echten Daten im Ordner {settings.warehouse_dir}."
    kept = " Die Beispieldaten bleiben, wie sie sind; nach dem Laden zeigt die App die echten Daten."
    assert goal + (kept if demo else "") in [one.value.replace("\\", "") for one in app.info]


def test_differences_name_services_and_fields_as_people_do(screen):
    publish(load_settings())
    changed = [
        {"service": "hundesteuer", "field": "next_step", "before": None, "after": "Anbieter wählen"},
        {"service": "neu", "field": "service", "before": None, "after": "Neue Leistung"},
    ]
    report = REPORT | {"kind": "ozg", "site": "", "differences": changed}

    app = screen("data/data.py", **CHECKED | {"upload-reports": [report]})

    assert not app.exception
    shown = next(one.value for one in app.dataframe if "before" in one.value)
    assert shown[["service", "field", "before", "after"]].to_numpy().tolist() == [
        ["Hundesteuer und -marke", "Nächster Schritt", "–", "Anbieter wählen"],
        ["neu", "ganze Leistung", "–", "Neue Leistung"],
    ]
