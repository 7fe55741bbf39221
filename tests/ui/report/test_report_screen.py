from portalkompass.settings import load_settings
from tests.warehouse_fixture import publish


def test_the_report_screen_offers_the_standard_slides_and_an_empty_selection(screen):
    publish(load_settings())
    app = screen("report/report.py")
    assert not app.exception
    assert [element.value for element in app.title] == ["Bericht"]
    assert "Noch liegt nichts im Korb" in app.info[0].value


def test_without_data_the_report_screen_still_opens(screen):
    app = screen("report/report.py")
    assert not app.exception
    assert not app.error


def test_a_template_without_the_layout_is_told_on_the_screen(screen, monkeypatch):
    monkeypatch.setenv("PORTALKOMPASS_SLIDES__CONTENT_LAYOUT", "Inhalt Stadt")
    load_settings.cache_clear()
    publish(load_settings())
    app = screen("report/report.py")
    assert not app.exception
    assert [element.value.replace("\\", "") for element in app.error] == [
        "In der Vorlage fehlt das Layout „Inhalt Stadt“; vorhanden sind „Titelfolie“, „Titel und Inhalt“, "
        "„Nur Titel“."
    ]
