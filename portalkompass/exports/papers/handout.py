"""One page to hand around: the three most important sentences of a deck and at most two of its charts."""

from __future__ import annotations

from dataclasses import replace

from portalkompass.exports.papers.content import Drawing, Lines, NotOnPaper, Paper, Section
from portalkompass.exports.papers.pdf import Sheet

SHEET = Sheet(595.28, 841.89, 50.0, continuous=True)
"""A4 upright; the sections follow each other."""
SENTENCES, CHARTS = 3, 2


def handout_of(paper: Paper) -> Paper:
    """What the deck sums up itself, and the charts of these sentences before others, in the deck's order.

    A deck without a summary says the headlines of its first pages with a chart, before those of other pages.

    Raises:
        NotOnPaper: the deck has no page.
    """
    if not paper.sections:
        raise NotOnPaper("Der Bericht hat keine Seiten, aus denen ein Handzettel entstehen könnte.")
    with_chart = [section for section in paper.sections if _drawings(section)]
    others = [section for section in paper.sections if not _drawings(section)]
    summary = next((section.summary for section in others if section.summary), ())
    chosen = [*with_chart, *others][:SENTENCES]
    if summary:
        chosen = sorted(with_chart, key=lambda section: not _told(section, summary))[:CHARTS]
    sentences = summary[:SENTENCES] or tuple(section.headline for section in chosen)
    told = Section(paper.title, " · ".join(paper.cover or ()), (Lines(sentences, "numbered"),))
    charts = [_chart(section) for section in with_chart if section in chosen][:CHARTS]
    return replace(paper, sections=(told, *charts), cover=None)


def _told(section: Section, sentences: tuple[str, ...]) -> bool:
    return any(sentence.startswith(section.headline) for sentence in sentences)


def _drawings(section: Section) -> list[Drawing]:
    return [part for part in section.parts if isinstance(part, Drawing)]


def _chart(section: Section) -> Section:
    """The chart with its cautions and source; its values stand in the report."""
    kept = [
        part
        for part in section.parts[: section.parts.index(_drawings(section)[0]) + 3]
        if isinstance(part, (Drawing, Lines))
    ]
    return Section(section.subtitle or section.headline, "", tuple(kept), level=2)
