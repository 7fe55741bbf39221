"""The methods behind the figures, as the side column shows them."""

from portalkompass.ui.shell import glossary


def test_every_method_has_its_chapter_without_links_that_lead_nowhere(tmp_path):
    chapters = glossary._chapters(glossary.METHODS)
    assert {"Vergleiche", "Rückgang einer Seite", "Klickpotenzial", "Gemessene Fehlerraten"} <= set(chapters)
    assert all(text and "](" not in text for text in chapters.values())
    assert glossary._chapters(tmp_path / "none.md") == {}
