"""Words of the workshop as a committee reads them: said anew in headlines, notes and heads of columns."""

from __future__ import annotations

import re
from dataclasses import replace

from portalkompass.exhibit import Exhibit
from portalkompass.slide_set import Words

WORDS = (
    ("Grund der Bahn", "Woran es liegt"),
    ("der Bahnen", "der Gruppen"),
    ("Bahnen", "Gruppen"),
    ("Bahn", "Gruppe"),
    ("Suchergebnis der Property", "Suchergebnis des Portals"),
    ("Ergebnis der Property", "Ergebnis des Portals"),
    ("Klicks der Property", "Klicks des ganzen Portals"),
    ("aus der Property", "für das ganze Portal"),
    ("Google streicht num=100", "Google-Umstellung"),
    ("Parameters num=100", "Parameters für 100 Ergebnisse je Seite"),
)
"""In the order in which they are replaced; whole words only."""
_PATTERNS = tuple((re.compile(rf"(?<!\w){re.escape(old)}(?!\w)"), new) for old, new in WORDS)


def plain(page: Exhibit | Words) -> Exhibit | Words:
    """The page in plain words; rows of data, such as names of services, stay as they are."""
    if isinstance(page, Words):
        return replace(
            page,
            headline=said(page.headline),
            subtitle=said(page.subtitle),
            paragraphs=tuple(map(said, page.paragraphs)),
            notes=tuple(map(said, page.notes)),
            cautions=tuple(map(said, page.cautions)),
        )
    return replace(
        page,
        headline=said(page.headline),
        subtitle=said(page.subtitle),
        alt=said(page.alt),
        caution=said(page.caution),
        notes=tuple(map(said, page.notes)),
        fields=tuple(replace(field, label=said(field.label), help=said(field.help)) for field in page.fields),
        marks=tuple(
            replace(mark, label=said(mark.label), sentence=said(mark.sentence)) for mark in page.marks
        ),
    )


def said(text: str) -> str:
    """The text in plain words."""
    for pattern, new in _PATTERNS:
        text = pattern.sub(new, text)
    return text
