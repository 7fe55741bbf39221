"""A file that is not made says why in the menu, in its own sentence."""

import dataclasses

import pytest
from streamlit.testing.v1 import AppTest

from portalkompass.exports import files
from portalkompass.exports.slides.deck import NotASlide
from portalkompass.exports.slides.template import Look, TemplateError
from portalkompass.ui.auth import permissions
from portalkompass.ui.components import export_menu, slide_look
from tests.charts import sample_exhibits as samples

PPTX, CSV = files.format_of("pptx"), files.format_of("csv")


def test_a_slide_that_is_not_made_tells_the_menu_why(tmp_path):
    attempt, lost = slide_look.Attempt(), Look(template=str(tmp_path / "fehlt.pptx"))
    with pytest.raises(TemplateError):
        export_menu._made(permissions.visitor(), attempt, samples.bars(), PPTX, look=lost)
    assert attempt.fault(seconds=1).startswith("Die Vorlage fehlt.pptx lässt sich nicht öffnen")
    assert export_menu._made(permissions.visitor(), attempt, samples.bars(), CSV).startswith(b"\xef\xbb\xbf")
    assert attempt.fault(seconds=1) == ""


def test_a_login_that_has_ended_meanwhile_is_told_at_once(monkeypatch):
    attempt = slide_look.Attempt()
    visitor = permissions.visitor()
    ended = dataclasses.replace(visitor, person=dataclasses.replace(visitor.person, roles=frozenset()))
    with pytest.raises(permissions.NotAllowed):
        export_menu._made(ended, attempt, samples.bars(), CSV)
    assert attempt.fault(seconds=1)


def test_what_has_no_sentence_of_its_own_names_the_log():
    assert slide_look.sentence_of(NotASlide("Kein Platz.")) == "Kein Platz."
    assert "Protokoll" in slide_look.sentence_of(ValueError("x"))


def _marks():
    import streamlit as st

    from portalkompass.ui.components import export_menu
    from tests.charts import sample_exhibits

    st.session_state["told"] = export_menu._own_marks(sample_exhibits.trend(), "k")


def test_the_menu_takes_a_remark_and_the_series_that_stand_out():
    app = AppTest.from_function(_marks).run()
    assert app.multiselect(key="k-highlighted").options == ["Aktuell", "Vorjahr"]
    app.text_input(key="k-remark").set_value("Neu seit Oktober")
    app.multiselect(key="k-highlighted").set_value(["Vorjahr"]).run()
    assert app.session_state["told"] == ("Neu seit Oktober", ("Vorjahr",))


def test_a_remark_that_is_too_long_is_told_in_the_menu():
    attempt = slide_look.Attempt()
    with pytest.raises(files.TooMuchMarked):
        export_menu._made(permissions.visitor(), attempt, samples.bars(), CSV, remark="x" * 161)
    assert attempt.fault(seconds=1).startswith("Die Bemerkung hat 161 Zeichen; Platz ist für 160.")
