"""The list of what changed, as slides behind the others, in the deck's own layout."""

from __future__ import annotations

from pptx.util import Pt

from portalkompass import german
from portalkompass.exports.slides.living.refresh import Refreshed
from portalkompass.exports.slides.template import content_layout, finish, write_run

LINES = 12
"""Sentences on one slide."""
SIZE = 12.0


def add_list(made: Refreshed) -> None:
    """Slides with all sentences; own text boxes, so that nothing of the deck's placeholders is needed but the title."""
    layout = content_layout(made.deck)
    sentences = [str(change) for change in made.changes] or ["Keine Änderungen."]
    groups = [sentences[start : start + LINES] for start in range(0, len(sentences), LINES)]
    for number, group in enumerate(groups, start=1):
        slide = made.deck.slides.add_slide(layout.native)
        counted = f" ({number} von {len(groups)})" if len(groups) > 1 else ""
        slide.shapes.title.text_frame.text = f"Was sich geändert hat{counted}"
        for shape in [one for one in slide.placeholders if one.placeholder_format.idx != 0]:
            shape._element.getparent().remove(shape._element)
        box = slide.shapes.add_textbox(*layout.content.emu)
        box.name = f"Änderungen {german.number(number)}"
        box.text_frame.word_wrap = True
        for place, sentence in enumerate(group):
            paragraph = box.text_frame.paragraphs[0] if place == 0 else box.text_frame.add_paragraph()
            write_run(paragraph, sentence, SIZE)
            paragraph.space_after = Pt(SIZE / 2)
        finish(slide)
