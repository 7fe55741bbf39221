"""Text from data, safe inside Streamlit's Markdown."""

from __future__ import annotations

import re

from portalkompass import german

_PUNCTUATION = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&\"'@/=^%])")
_SHORTCODE = re.compile(r":(?=\S)")
_BARE_ADDRESS = re.compile(r"\b(www)(?=\.)|(@)(?=\w)", re.IGNORECASE)
_JOINER = "\u2060"
"""Invisible; keeps ``:name:`` from becoming an emoji or icon, ``www.…`` and ``a@b.de`` from becoming links: those
are looked for in the finished text, where the backslashes are gone."""


def plain(text: str) -> str:
    """The same characters to a reader, without any meaning to Markdown: no link, formula, icon, HTML.

    Titles and queries come from the outside and may hold anything. Line breaks become spaces;
    spaces that keep a number and its unit on one line stay what they are.
    """
    flat = _BARE_ADDRESS.sub(rf"\g<0>{_JOINER}", " ".join(german.words(text)))
    return _PUNCTUATION.sub(r"\\\1", _SHORTCODE.sub(f":{_JOINER}", flat))
