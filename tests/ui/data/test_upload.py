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


def test_the_preview_says_what_was_recognised_and_why(screen):
    publish(load_settings())
    report = REPORT | {"recognised": "Portalzahlen je Seite", "reasons": ["Spalten Seite, Besuche"]}

    app = screen("data/data.py", **CHECKED | {"upload-reports": [report]})

    assert "Erkannt als: Portalzahlen je Seite (Spalten Seite, Besuche)" in [
        one.value.replace("\\", "") for one in app.caption
    ]


def test_a_question_must_be_answered_before_the_file_can_be_loaded(screen):
    publish(load_settings())
    report = REPORT | {"kind": "pvog", "questions": ["Soll sie die geladene Liste trotzdem ersetzen?"]}

    app = screen("data/data.py", **CHECKED | {"upload-reports": [report]})

    assert "Soll sie die geladene Liste trotzdem ersetzen?" in [one.value for one in app.warning]
    load = next(button for button in app.button if button.label == "Daten übernehmen")
    assert load.disabled
    app.checkbox(key="upload-agreed").check().run()
    assert not next(button for button in app.button if button.label == "Daten übernehmen").disabled


LOOK = {
    "file_name": "seiten.csv", "header": ["Wo", "Okt 2025", "Nov 2025"], "rows": [["/a", "1", "2"]], "row_count": 1,
    "kind": "portal", "mapping": {"Wo": "url", "Okt 2025": "page_views", "Nov 2025": "page_views"}, "period": "",
    "fields": {
        "portal": [
            {"name": "url", "label": "Seite", "needed": True},
            {"name": "page_views", "label": "Seitenansichten", "needed": False},
        ],
        "ozg": [], "search_console_rows": [],
    },
}  # fmt: skip


@pytest.mark.parametrize(("months", "asked"), [([], True), (["Okt 2025", "Nov 2025"], False)])
def test_mapping_asks_for_a_period_that_nothing_tells(screen, months, asked):
    publish(load_settings())
    app = screen(
        "data/data.py", **{"upload-look": LOOK | {"months": months}, "upload-fault": "x", "upload-path": "seiten.csv",
                           "upload-wishes": {}, "upload-turn": 0}
    )  # fmt: skip
    assert not app.exception
    assert ("Zeitraum der Zahlen" in [one.label for one in app.text_input]) is asked


def test_rows_of_a_directory_stand_with_what_they_are_taken_for_open_ones_first(screen):
    publish(load_settings())
    offer = {
        "service": "fahrzeugzulassung",
        "name": "Fahrzeugzulassung (i-Kfz)",
        "reason": "Synonym „Kfz-Zulassung“",
    }
    rows = [
        {"line": 2, "name": "Hundesteuer", "service": "hundesteuer", "service_name": "Hundesteuer und -marke",
         "own": False, "reason": "gleicher Name", "offers": []},
        {"line": 3, "name": "Marktstand", "service": "marktstand", "service_name": "Marktstand", "own": True,
         "reason": "eigene Leistung", "offers": []},
        {"line": 4, "name": "KFZ-Zulassung", "service": "kfz-zulassung", "service_name": "KFZ-Zulassung", "own": True,
         "reason": "eigene Leistung", "offers": [offer]},
    ]  # fmt: skip
    report = REPORT | {
        "kind": "service_directory",
        "site": "",
        "proposals": rows,
        "questions": ["Ist das richtig?"],
    }

    app = screen("data/data.py", **CHECKED | {"upload-reports": [report]})

    assert not app.exception
    shown = next(one.value for one in app.dataframe if "Name in der Liste" in one.value)
    assert shown.to_numpy().tolist() == [
        [
            4,
            "KFZ-Zulassung",
            "– eigene Leistung –",
            "vielleicht „Fahrzeugzulassung (i-Kfz)“ (Synonym „Kfz-Zulassung“)",
        ],
        [2, "Hundesteuer", "Hundesteuer und -marke", "gleicher Name"],
        [3, "Marktstand", "– eigene Leistung –", "eigene Leistung"],
    ]
    assert any("Eine Zeile ist noch offen" in one.value for one in app.caption)
    assert [one.label for one in app.checkbox] == ["Ja, so laden"]
