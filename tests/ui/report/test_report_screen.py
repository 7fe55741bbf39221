import pytest

from portalkompass.exports.slides.template import TemplateError
from portalkompass.settings import load_settings
from portalkompass.ui.components import slide_look
from tests.warehouse_fixture import publish


def test_the_report_screen_offers_the_standard_slides_and_a_new_report(screen):
    publish(load_settings())
    app = screen("report/report.py")
    assert not app.exception
    assert [element.value for element in app.title] == ["Bericht"]
    assert app.text_input(key="bericht-neu-name").value == "Sachstand Digitalisierung"
    assert [button.label for button in app.get("download_button")] == [
        "Bericht als PowerPoint",
        "PDF (barrierefrei)",
        "Word",
        "Handzettel",
    ]


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


def test_the_template_is_checked_on_the_screen_for_every_layout(screen):
    publish(load_settings())
    app = screen("report/report.py")
    app.button(key="vorlage-pruefen").click().run()
    assert not app.exception
    told = [element.value.replace("\\", "") for element in app.markdown]
    assert "**Titelfolie** – Titelfolie: frei 932 × 274 Punkt" in told
    assert "**Nur Titel** – Inhalt: frei 880 × 422 Punkt" in told
    assert len(app.get("image")) == len([line for line in told if ": frei " in line])


def test_the_report_screen_offers_to_bring_an_edited_deck_up_to_date(screen):
    publish(load_settings())
    app = screen("report/report.py")
    assert app.button(key="auffrischen").disabled
    assert len(app.get("file_uploader")) == 1


def test_a_period_without_data_is_refused_on_the_screen_instead_of_a_button(screen):
    publish(load_settings())
    app = screen("report/report.py", "von=2019-01-01&bis=2019-12-31")
    assert not app.exception
    assert "gibt es keine Suchdaten" in app.error[0].value
    assert not app.get("download_button")


def test_the_run_that_waits_for_slides_is_told_why_there_are_none():
    attempt = slide_look.Attempt()
    with pytest.raises(TemplateError), attempt:
        raise TemplateError("Die Vorlage fehlt.")
    assert attempt.fault(seconds=1) == "Die Vorlage fehlt."
    with pytest.raises(ZeroDivisionError), attempt:
        raise ZeroDivisionError
    assert attempt.fault(seconds=1).startswith("Die Datei konnte nicht erstellt werden.")
    with attempt:
        pass
    assert attempt.fault(seconds=1) == ""
