import pytest

from etl.operations.imports import import_paths
from portalkompass.settings import SHIPPED_DATA, load_settings
from portalkompass.workspace import Profile, keep, workspace_of

SCREEN = "services/services.py"


@pytest.fixture
def editor(screen):
    """The editor of the shipped list, opened by Ina."""
    import_paths([SHIPPED_DATA / "ozg_services.csv"], load_settings())
    return screen(SCREEN, "ansicht=liste-bearbeiten", kuerzel="Ina")


def entered(app, **edits):
    key = app.data_editor[0].key
    app.session_state[key] = {"edited_rows": {}, "added_rows": [], "deleted_rows": []} | edits
    return app


def test_what_was_entered_outlives_another_view(editor):
    app = editor
    rows = app.data_editor[0].value
    edits = {
        "edited_rows": {0: {"note": "nachgefragt"}},
        "deleted_rows": [1],
        "added_rows": [{"name": "Neu"}],
    }
    app.session_state["liste-eingaben"] = {**edits}  # as the editor's callback notes them
    del app.session_state[app.data_editor[0].key]
    app.run()
    assert not app.exception
    again = app.data_editor[0].value
    assert again["note"].iloc[0] == "nachgefragt"
    assert again["name"].iloc[-1] == "Neu"
    assert len(again) == len(rows)
    assert rows["name"].iloc[1] not in set(again["name"])


def test_what_was_entered_outlives_a_reload_and_is_never_saved_over_a_newer_state(
    screen, opened_by, tmp_path
):
    opened_by(b"anna")
    import_paths([SHIPPED_DATA / "ozg_services.csv"], load_settings())
    app = screen(SCREEN, "ansicht=liste-bearbeiten", kuerzel="Ina")
    rows = app.data_editor[0].value
    entered(
        app,
        edited_rows={0: {"note": "<b>nachgefragt"}},
        deleted_rows=[1],
        added_rows=[{"name": "Neu"}, {"name": "Neuer"}],
    ).run()
    app = screen(SCREEN, "ansicht=liste-bearbeiten", kuerzel="Ina")
    assert not app.exception
    again = app.data_editor[0].value
    assert again["note"].iloc[0] == "<b>nachgefragt"
    assert again["name"].tolist() == [rows["name"].iloc[0], *rows["name"].iloc[2:], "Neu", "Neuer"]

    shipped = (SHIPPED_DATA / "ozg_services.csv").read_text(encoding="utf-8-sig")
    newer = tmp_path / "ozg_services_2025-12-16.csv"
    newer.write_text(shipped.replace("2025-12-15", "2025-12-16"), encoding="utf-8")
    import_paths([newer], load_settings())
    app = screen(SCREEN, "ansicht=liste-bearbeiten", kuerzel="Ina")
    assert not app.exception
    assert "inzwischen geändert" in app.error[0].value
    next(one for one in app.button if one.label == "Eingaben verwerfen").click().run()
    app = screen(SCREEN, "ansicht=liste-bearbeiten", kuerzel="Ina")
    assert app.data_editor[0].value["name"].tolist() == rows["name"].tolist()


def test_a_state_that_came_in_between_shows_both_and_takes_the_changes_over(editor, tmp_path):
    app = entered(editor, edited_rows={0: {"note": "nachgefragt"}}).run()
    shipped = (SHIPPED_DATA / "ozg_services.csv").read_text(encoding="utf-8-sig")
    newer = tmp_path / "ozg_services_2025-12-16.csv"
    newer.write_text(shipped.replace("2025-12-15", "2025-12-16"), encoding="utf-8")
    import_paths([newer], load_settings())
    app.run()
    assert "inzwischen geändert" in app.error[0].value
    next(one for one in app.button if one.label.startswith("Meine Änderungen")).click().run()
    assert not app.exception
    assert not app.error
    assert app.data_editor[0].value["note"].iloc[0] == "nachgefragt"


def test_a_service_that_only_the_directory_names_is_taken_into_the_list(editor, tmp_path):
    path = tmp_path / "verzeichnis.csv"
    path.write_text(
        "Was wir tun;LSK\nMarktstand beantragen;99050012000000\nHundesteuer und -Marke;\n", encoding="utf-8"
    )
    mapping = {"Was wir tun": "name", "LSK": "leistungsschluessel"}
    keep(workspace_of(load_settings()), Profile("Liste", "service_directory", mapping), "Ina")
    import_paths([path], load_settings(), profile="Liste", confirmed=True)
    app = editor.run()
    assert not app.exception
    assert app.expander[0].label == "1\u00a0weitere Leistung nennt nur das Leistungsverzeichnis der Stadt"
    before = app.data_editor[0].value
    app.session_state["liste-eingaben"] = {"edited_rows": {0: {"note": "nachgefragt"}}}
    app.multiselect[0].select("marktstand-beantragen")
    next(one for one in app.button if one.label == "In die Liste übernehmen").click().run()
    assert not app.exception
    rows = app.data_editor[0].value
    taken = ["service_id", "name", "list", "leistungsschluessel"]
    assert rows[taken].iloc[-1].tolist() == [
        *("marktstand-beantragen", "Marktstand beantragen", "ohne Status", "99050012000000"),
    ]
    assert (len(rows), rows["note"].iloc[0]) == (len(before) + 1, "nachgefragt")
    assert not app.expander
