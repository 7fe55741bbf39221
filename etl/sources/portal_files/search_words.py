"""What people typed into the portal's own search, in one spelling, and without what looks like their own data."""

from __future__ import annotations

import re

from etl.sources.portal_files.matomo_rules import decoded
from portalkompass.schema import PERSONAL_SEARCH

LONGEST = 100
"""Characters of a search; a longer one is a letter, not a word."""
_PERSONAL = (  # mail address, long number, date of birth, account, number plate, own address
    re.compile(r"@|\bat\b.*\bpunkt\b"),
    re.compile(r"(?:\d[\s./()+-]?){6,}"),  # telephone, account, file and tax numbers, dates of birth
    re.compile(r"\b[a-z]{2}\d{2}(?:\s?[a-z0-9]{4}){3,}"),
    re.compile(r"\b[a-zäöü]{1,3}[\s-][a-z]{1,2}[\s-]?\d{2,4}[eh]?\b"),
    re.compile(r"(?:straße|strasse|str\.?|weg|allee|platz|ring|gasse)\s*\d{1,3}\s?[a-z]?$"),
)


def search_word(text: str) -> str:
    """Lower case, single blanks; `PERSONAL_SEARCH` in place of what may tell who searched; "" for an empty search."""
    word = " ".join(decoded(text).lower().split())
    if len(word) > LONGEST or any(pattern.search(word) for pattern in _PERSONAL):
        return PERSONAL_SEARCH
    return word
