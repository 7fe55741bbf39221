"""What a browser shows where nothing but exports of the user interface is loaded."""

import datetime as dt

import pytest

from etl.operations.imports import import_paths
from portalkompass.settings import load_settings
from tests.etl.files.export_files import PORTAL, export, zipped

NOVEMBER = dt.date(2025, 11, 1), dt.date(2025, 11, 30)
WEEK = dt.date(2025, 11, 3), dt.date(2025, 11, 9)


def said(app):
    return " ".join(
        element.value for element in (*app.markdown, *app.caption, *app.warning, *app.info)
    ).replace("\\", "")


@pytest.mark.parametrize(
    ("path", "address", "message", "weekly"),
    [
        ("traffic/overview.py", "", "Platz 8,0", True),
        ("traffic/pages.py", "", "die Hälfte der 4 Seitenklicks", False),
        ("traffic/queries.py", "", "Am häufigsten geklickt wird nach „hund anmelden“", False),
        ("traffic/rankings.py", "rankingansicht=themen-und-geraete", "Ø Position 8,0", True),
    ],
)
def test_the_screens_open_with_the_export(tmp_path, screen, path, address, message, weekly):
    start, end = WEEK if weekly else NOVEMBER
    import_paths([zipped(tmp_path, export(start, end, weekly=weekly))], load_settings(), site=PORTAL)
    app = screen(path, address)
    assert not app.exception
    assert not app.error
    assert message in said(app)
    assert "Gezeigt wird der Zeitraum des neuesten" in said(app)
    assert "höchstens 1.000 Zeilen" in said(app)
    assert "keine Klicks" not in said(app)


def test_hours_have_a_view_of_their_own(screen):
    app = screen("traffic/rankings.py", "rankingansicht=stunden")
    assert not app.exception
    assert "Noch sind keine Stunden geladen." in said(app)
