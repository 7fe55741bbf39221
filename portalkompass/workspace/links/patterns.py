"""Patterns of links: what is allowed, and which texts they match.

Regular expressions are RE2 (pyarrow's engine): no look-around, no back references, and time linear in
the text, so that a pattern written in the browser can never stall the app. Case, umlauts written out and accents make
no difference in any kind of match (`portalkompass.spelling`): "müll" matches Muell, "strasse" Straße.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from portalkompass.spelling import folded, folded_expression

Match = Literal["exact", "prefix", "contains", "regex"]
MATCHES: tuple[Match, ...] = ("exact", "prefix", "contains", "regex")
"""From the most to the least specific."""

MAX_LENGTH = 300
TOGETHER = 50
"""Regular expressions that are looked for at once: one pass leaves each of them the few texts that any finds."""


def pattern_fault(match: str, pattern: str, *, path: bool) -> str:
    """German sentence on what is wrong with a pattern; "" if nothing.

    ``path`` patterns of exact and prefix begin with "/", because they are compared with whole paths.
    """
    if not pattern.strip():
        return "Das Muster ist leer."
    if pattern != pattern.strip():
        return "Das Muster beginnt oder endet mit einem Leerzeichen."
    if len(pattern) > MAX_LENGTH:
        return f"Das Muster ist länger als {MAX_LENGTH} Zeichen."
    if match == "regex":
        return _regex_fault(pattern)
    if path and match in ("exact", "prefix") and not pattern.startswith("/"):
        return "Ein Pfad beginnt mit „/“ (ohne Rechnernamen)."
    return ""


def re2_fault(pattern: str) -> str:
    """The engine's words on why it cannot read a regular expression; "" where it can."""
    try:
        pc.match_substring_regex(pa.array([""]), pattern, ignore_case=True)
    except (pa.ArrowInvalid, ValueError) as error:
        return str(error).removeprefix("Invalid regular expression: ")
    return ""


@functools.lru_cache(1024)  # the shipped patterns are checked with every workspace that is opened
def _regex_fault(pattern: str) -> str:
    if reason := re2_fault(pattern) or re2_fault(folded_expression(pattern)):
        return (
            f"Der reguläre Ausdruck ist nicht zulässig ({reason}). "
            "Vor- und Rückschau sowie Rückverweise gibt es in RE2 nicht."
        )
    if bool(pc.match_substring_regex(pa.array([""]), pattern)[0].as_py()):
        return "Der reguläre Ausdruck passt auch auf leeren Text und damit auf alles."
    return ""


class Texts:
    """Texts prepared once for many patterns; ``matching`` and ``matching_each`` answer positions, ascending."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._array = pa.array([folded(text) for text in texts], pa.string())

    def matching(self, match: str, pattern: str) -> NDArray[np.int64]:
        """Positions of the texts that a pattern (see ``pattern_fault``) matches."""
        positions: NDArray[np.int64] = pc.indices_nonzero(self._hits(match, pattern)).to_numpy()
        return positions.astype(np.int64)

    def matching_each(self, patterns: Sequence[tuple[str, str]]) -> list[NDArray[np.int64]]:
        """``matching`` of each (match, pattern), in their order."""
        found: dict[int, NDArray[np.int64]] = {}
        regular = [place for place, (match, _) in enumerate(patterns) if match == "regex"]
        for begin in range(0, len(regular), TOGETHER):
            group = regular[begin : begin + TOGETHER]
            some, where = self._found_by_any([patterns[place][1] for place in group])
            found |= {place: where[some.matching(*patterns[place])] for place in group}
        return [
            found[place] if place in found else self.matching(*pattern)
            for place, pattern in enumerate(patterns)
        ]

    def _found_by_any(self, expressions: Sequence[str]) -> tuple[Texts, NDArray[np.int64]]:
        """The texts in which one of the regular expressions may be found, and their positions."""
        every = np.arange(len(self._array))
        if any(r"\Q" in expression for expression in expressions):  # quotes to its end whatever follows
            return self, every
        try:
            where = self.matching("regex", "|".join(f"(?:{expression})" for expression in expressions))
        except pa.ArrowInvalid:  # too large together
            return self, every
        some = Texts(())
        some._array = self._array.take(where)  # folded already
        return some, where

    def any_matching(self, match: str, pattern: str) -> bool:
        """Whether a pattern matches any of the texts."""
        return bool(pc.any(self._hits(match, pattern)).as_py())

    def _hits(self, match: str, pattern: str) -> pa.BooleanArray:
        if match == "regex":
            return pc.match_substring_regex(self._array, folded_expression(pattern), ignore_case=True)
        plain = folded(pattern)
        if match == "exact":
            return pc.equal(self._array, plain)
        if match == "prefix":
            return pc.starts_with(self._array, plain)
        return pc.match_substring(self._array, plain)
