"""The form of the self-audit: answers are saved with name and day; who was too late is shown both."""

import datetime as dt

from etl.operations.imports import import_paths
from portalkompass.settings import SHIPPED_DATA, load_settings
from portalkompass.workspace import AuditedPoint, audit_list, save_self_audit, self_audits, workspace_of


def test_answers_are_saved_and_a_later_save_on_older_ones_is_refused(screen):
    import_paths([SHIPPED_DATA / "ozg_services.csv"], load_settings())
    workspace = workspace_of(load_settings())
    app = screen("services/services.py", "leistung=hundesteuer", kuerzel="Ina")
    assert not app.exception
    editor = app.data_editor[0]
    assert len(editor.value) == 21
    entered = {
        "edited_rows": {0: {"Ergebnis": "erfüllt", "Bemerkung": "Umfrage"}},
        "added_rows": [],
        "deleted_rows": [],
    }
    app.session_state[editor.key] = entered
    app.run()
    next(one for one in app.button if one.label == "Selbstprüfung speichern").click().run()
    assert not app.exception
    assert [(one.point, one.result, one.remark, one.updated_by) for one in self_audits(workspace)] == [
        ("bedarf", "met", "Umfrage", "Ina")
    ]
    assert app.data_editor[0].value["Ergebnis"].tolist()[:2] == ["erfüllt", "unbekannt"]

    app.session_state[app.data_editor[0].key] = {
        "edited_rows": {1: {"Ergebnis": "nicht"}},
        "added_rows": [],
        "deleted_rows": [],
    }
    app.run()
    other = AuditedPoint("hundesteuer", "erprobt", "partly", "", dt.date(2025, 12, 1))
    save_self_audit(workspace, "hundesteuer", [other], "Bert")
    next(one for one in app.button if one.label == "Selbstprüfung speichern").click().run()
    assert "von Bert geändert" in app.warning[0].value
    (both,) = [one.value for one in app.table if "Ihre Eingabe" in one.value]
    assert both.to_numpy().tolist() == [["nicht", "teilweise"]]
    assert [one.result for one in self_audits(workspace) if one.point == "erprobt"] == ["partly"]
    app.query_params.clear()
    app.run()
    app.query_params["leistung"] = "hundesteuer"
    app.run()  # the view was left and opened again: nothing typed is lost
    assert app.data_editor[0].value["Ergebnis"].tolist()[:2] == ["erfüllt", "nicht"]
    app.button(key="selbstpruefung-meine").click().run()
    next(one for one in app.button if one.label == "Selbstprüfung speichern").click().run()
    assert not app.exception
    assert [one.result for one in self_audits(workspace) if one.point == "erprobt"] == ["not"]


def test_a_reload_keeps_what_was_entered_and_what_it_rests_on(screen, opened_by):
    import_paths([SHIPPED_DATA / "ozg_services.csv"], load_settings())
    workspace = workspace_of(load_settings())
    opened_by(b"anna")
    app = screen("services/services.py", "leistung=hundesteuer", kuerzel="Ina")
    entered = {
        "edited_rows": {1: {"Ergebnis": "nicht", "Bemerkung": "=1+1"}},
        "added_rows": [],
        "deleted_rows": [],
    }
    app.session_state[app.data_editor[0].key] = entered
    app.run()
    other = AuditedPoint("hundesteuer", "erprobt", "partly", "", dt.date(2025, 12, 1))
    save_self_audit(workspace, "hundesteuer", [other], "Bert")

    app = screen("services/services.py", "leistung=hundesteuer", kuerzel="Ina")
    assert not app.exception
    assert app.data_editor[0].value.loc[1, ["Ergebnis", "Bemerkung"]].tolist() == ["nicht", "=1+1"]
    assert "von Bert geändert" in app.warning[0].value
    app.button(key="selbstpruefung-meine").click().run()
    next(one for one in app.button if one.label == "Selbstprüfung speichern").click().run()
    assert [(one.result, one.remark) for one in self_audits(workspace)] == [("not", "=1+1")]
    line = audit_list(workspace).iloc[0]
    assert line["who"] == "Ina"
    assert line["detail"] == "hundesteuer: erprobt · teilweise → nicht; Bemerkung „“ → „=1+1“"
    opened_by(b"bert")
    app = screen("services/services.py", "leistung=hundesteuer", kuerzel="Bert")
    assert not app.warning


def test_whoever_begins_anew_sees_what_is_stored(screen):
    import_paths([SHIPPED_DATA / "ozg_services.csv"], load_settings())
    workspace = workspace_of(load_settings())
    app = screen("services/services.py", "leistung=hundesteuer", kuerzel="Ina")
    entered = {"edited_rows": {1: {"Ergebnis": "nicht"}}, "added_rows": [], "deleted_rows": []}
    app.session_state[app.data_editor[0].key] = entered
    other = AuditedPoint("hundesteuer", "erprobt", "partly", "", dt.date(2025, 12, 1))
    save_self_audit(workspace, "hundesteuer", [other], "Bert")
    app.run()
    next(one for one in app.button if one.label.startswith("Mit dem gespeicherten")).click().run()
    assert not app.exception
    assert app.data_editor[0].value["Ergebnis"].tolist()[:2] == ["unbekannt", "teilweise"]
