"""A file that is not made says why in the menu, in its own sentence."""

import dataclasses

import pytest

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
