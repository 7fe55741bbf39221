"""The list of loads: what waits is said; an import is taken back or read again from here."""

import datetime as dt

import pytest

from portalkompass.settings import load_settings
from portalkompass.ui.data.import_process import run_import
from portalkompass.warehouse import waiting
from portalkompass.warehouse.snapshots import published
from tests.warehouse_fixture import publish

SITE = "https://portal.stadt.example/"
LABEL = "Import zurücknehmen oder neu lesen"


@pytest.fixture
def loaded(screen, tmp_path):
    """The screen of data, with one import of a portal file."""
    file = tmp_path / "Seiten.csv"
    file.write_text(f"period;url;title;visits\n2025-11;{SITE}leistung/hund;Hund;120\n", encoding="utf-8")
    (report,) = run_import(file, site=SITE, preview=False)
    file.unlink()
    app = screen("data/data.py")
    assert not app.exception
    next(box for box in app.selectbox if box.label == LABEL).set_value(report["run_id"]).run()
    return app


def press(app, name):
    next(button for button in app.button if button.label == name).click().run()
    assert not app.exception
    return " ".join(one.value.replace("\\", "") for one in [*app.success, *app.error])


def test_an_import_is_read_again_and_the_figures_are_told(loaded):
    before = published(load_settings().warehouse_dir)
    told = press(loaded, "Neu lesen")
    assert "1 Import wurde neu gelesen: Seiten.csv." in told
    assert "Besuche 120 (unverändert)" in told
    assert published(load_settings().warehouse_dir) != before


def test_an_import_is_taken_back_with_its_original(loaded):
    assert "1 Zeile entfernt" in press(loaded, "Zurücknehmen")
    assert not list((load_settings().data_dir / "originals").iterdir())


PAUSE = "Kontingent erschöpft, weiter um 14:32 (Pause 1 von 4)"


def test_a_load_that_waits_is_said_until_it_goes_on(screen):
    settings = load_settings()
    publish(settings)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=15)
    waiting.note(settings.warehouse_dir, PAUSE, later)
    told = f"Ein Ladevorgang wartet: {PAUSE}."
    assert told in [one.value.replace("\\", "").replace("\u2060", "") for one in screen("data/data.py").info]
    waiting.over(settings.warehouse_dir)
    assert told not in [
        one.value.replace("\\", "").replace("\u2060", "") for one in screen("data/data.py").info
    ]
