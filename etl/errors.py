"""Faults that end a run: each carries one German sentence for the person at the keyboard."""

from __future__ import annotations

import unicodedata

_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


class LoadError(Exception):
    """Data or source cannot be used; the command prints the sentence and exits with 1.

    Names and cells of files stand in such sentences: what a terminal would obey or not show (control
    characters, line ends, marks of direction) becomes a replacement character.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(
            "".join("\ufffd" if unicodedata.category(one) in _UNSEEN else one for one in sentence)
        )
