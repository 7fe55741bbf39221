"""The methods behind the figures, as the side column and estimates open them."""

from portalkompass.answers.workshop.ranking_rows import CHAPTER
from portalkompass.metrics.derived_measures import GLOSSARY
from portalkompass.metrics.measures import EXTRA_CLICKS
from portalkompass.ui.components.methods import METHODS, chapters


def test_every_method_has_its_chapter_without_links_that_lead_nowhere(tmp_path):
    found = chapters(METHODS)
    assert {"Vergleiche", "Rückgang einer Seite", "Klickpotenzial", "Gemessene Fehlerraten"} <= set(found)
    assert all(text and "](" not in text for text in found.values())
    assert chapters(tmp_path / "none.md") == {}


def test_every_estimate_leads_to_a_chapter():
    named = {measure.method for measure in GLOSSARY if measure.method} | {CHAPTER}
    assert EXTRA_CLICKS.method in named
    assert named <= set(chapters(METHODS))
