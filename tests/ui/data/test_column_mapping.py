"""Mapping columns: a mapping of the same name is replaced by nobody who has not seen it."""

from portalkompass.settings import load_settings
from portalkompass.workspace import Profile, keep, kept, workspace_of
from tests.warehouse_fixture import publish

FIELDS = [
    {"name": "page", "label": "Seite", "needed": True},
    {"name": "page_views", "label": "Seitenansichten", "needed": False},
]
LOOK = {
    "file_name": "fachverfahren.csv", "row_count": 1, "rows": [["/a", "3"]], "header": ["Adresse", "Wie oft"],
    "kind": "portal", "fields": {"portal": FIELDS}, "mapping": {"Adresse": "page", "Wie oft": "page_views"},
    "months": [], "period": "2025-11",
}  # fmt: skip
THEIRS = {"Adresse": "page", "Wie oft": ""}


def test_a_saved_mapping_is_shown_beside_the_own_one_before_it_is_replaced(screen):
    publish(load_settings())
    workspace = workspace_of(load_settings())
    keep(workspace, Profile("fachverfahren", "portal", THEIRS), "Bert")
    app = screen(
        "data/data.py",
        kuerzel="Ina",
        **{
            "upload-look": LOOK,
            "upload-fault": "Unbekannt.",
            "upload-path": "fehlt.csv",
            "upload-wishes": {},
        },
    )
    assert not app.exception

    next(one for one in app.button if one.label == "Zuordnung speichern und prüfen").click().run()

    assert not app.exception
    assert [dict(one.mapping) for one in kept(workspace, Profile)] == [THEIRS]
    assert "gespeichert von Bert" in app.warning[0].value
    (both,) = [one.value for one in app.table]
    assert both.to_numpy().tolist() == [["Seitenansichten", "nicht verwendet"]]

    app.button(key="zuordnung-ersetzen").click().run()

    assert not app.exception
    (one,) = kept(workspace, Profile)
    assert (dict(one.mapping), one.updated_by) == (LOOK["mapping"], "Ina")
