"""One folding of words: topics, rules, service names, the city's name, links and search boxes compare through it.

``folded`` makes one spelling of a text. Case goes; umlauts and ß are written out as URLs write them (ä → ae, ß → ss),
whether they were composed or not; other accents go (é → e); every dash is a hyphen. It works in this direction only:
"neue", "aktuell" and "Bauer" stay as they are, and no "ae" is ever read as "ä". Straße/Strasse, Müll/Muell and
Führer/Fuehrer are one; "fuhrer" (the dots left out) is another word. What a person reads is never folded.

``key`` tells names that are one but for spelling, blanks and hyphens. ``pattern_of`` finds words in texts that were not
folded, so that an engine need not fold: one regular expression for Python, RE2 and Java. Plurals are not looked at;
`portalkompass.proposals` brings the forms of a word together on top of this.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

_WRITTEN_OUT = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "oe"}
_ACCENTED = (*range(0x00C0, 0x0250), *range(0x1E00, 0x1F00))
"""Latin letters that Unicode composes with accents."""
_MARKS = range(0x0300, 0x0370)
_DIAERESIS = 0x0308
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212"
_UNSEEN = "\u00ad\u200b\u200c\u200d\ufeff"
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of the text behind them: not for a cell that people read."""
_WORD = re.compile(r"[^\W_]+")
_OTHERS = re.compile(r"[^\x00-\x7f]")
_RANGE = re.compile(r"(?s)[^\\]-[^\\]")
_SET_ITEM = re.compile(r"(?s)(?:[^\\]-(?=[^\\\]])[^\\]|\\.|.)")
_LAST_LETTER = "\u024f"
_QUANTIFIERS = frozenset("?*+{")
SHORTEST_PART = 5
"""Words of fewer letters are looked for as whole words only: "lev" is no part of "relevant"."""


def folded(text: str) -> str:
    """The one spelling of a text: lower case, umlauts and ß written out, no accents, plain hyphens."""
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    return _OTHERS.sub(_plain, unicodedata.normalize("NFC", lowered))


def _plain(letter: re.Match[str]) -> str:
    return _letters().get(letter[0], letter[0])


def words(text: str) -> list[str]:
    """The folded words of a text in order: runs of letters and digits, so that a hyphen parts words."""
    return _WORD.findall(folded(text))


def key(text: str) -> str:
    """The folded words with one blank between them; equal for texts that differ in spelling only."""
    return " ".join(words(text))


def folded_expression(pattern: str) -> str:
    """A regular expression for folded texts, of one that was written with umlauts, accents or typographic hyphens.

    Case is left alone, as the letter after a backslash says something: match regardless of case. A set of letters
    becomes a choice where it holds an umlaut (``[aä]`` → ``(?:[a]|ae)``).
    """
    text = unicodedata.normalize("NFC", pattern)
    if text.isascii():
        return text
    parts: list[str] = []
    at = 0
    while at < len(text):
        end = _end_of_set(text, at)
        if text[at] == "\\":
            parts.append(text[at : at + 2] if text[at + 1 : at + 2].isascii() else folded(text[at + 1]))
            at += 2
        elif end:
            parts.append(_folded_set(text[at:end]))
            at = end
        else:
            repeated = text[at + 1 : at + 2] in _QUANTIFIERS
            parts.append(_outside(text[at], repeated=repeated))
            at += 1
    return "".join(parts)


def _outside(letter: str, *, repeated: bool) -> str:
    if letter.isascii():
        return letter
    plain = folded(letter)
    return f"(?:{plain})" if repeated and len(plain) != 1 else plain


def _end_of_set(text: str, at: int) -> int:
    """Where the set of letters that begins here ends; 0 where none begins."""
    if text[at] != "[":
        return 0
    place = at + 1
    place += text[place : place + 1] == "^"
    place += text[place : place + 1] == "]"
    while place < len(text) and text[place] != "]":
        place += 2 if text[place] == "\\" else 1
    return place + 1 if place < len(text) else 0


def _folded_set(text: str) -> str:
    """A set of letters as a set of those that are one letter, and the others as choices; ``[^…]`` drops these."""
    negated = text.startswith("[^")
    items = _SET_ITEM.findall(text[1 + negated : -1])
    parts = list(dict.fromkeys(part for item in items for part in _folded_item(item)))
    longer = [part for part in parts if len(part) > 1 and part.isalpha()]
    single = "".join(f"\\{part}" if part in "^-[]" else part for part in parts if part not in longer)
    if negated:
        return f"[^{single}]" if single else "."
    choices = [*([f"[{single}]"] if single else []), *longer]
    return choices[0] if len(choices) == 1 and single else f"(?:{'|'.join(choices)})"


def _folded_item(item: str) -> list[str]:
    """An item of a set (a letter, an escaped one, a range) as items of a set and longer spellings."""
    if item.isascii():
        return [item]
    first, last = (item[0], item[-1]) if _RANGE.fullmatch(item) else (item[-1], item[-1])
    if first != last and last > _LAST_LETTER:
        return [item]  # another script, which is not folded
    letters = (letter for letter in map(chr, range(max(ord(first), 0x80), ord(last) + 1)))
    plain = [folded(letter) for letter in letters if letter.isalpha() or first == last]
    return [*([f"{first}-\x7f"] if first.isascii() else []), *(part for part in plain if part)]


@lru_cache(maxsize=32)
def pattern_of(names: tuple[str, ...]) -> str:
    """A regular expression that finds any of these names in lower-case text, however it is spelled; "" for none.

    A word of `SHORTEST_PART` letters (folded) or more is found inside longer words, too ("leverkusener"); a shorter one
    and a name of several words only as whole words, with anything but letters and digits between them.
    """
    keys = dict.fromkeys(key(name) for name in names)
    return "|".join(
        _found(name.split(" ")) for name in sorted(keys, key=lambda name: (-len(name), name)) if name
    )


def _found(parts: list[str]) -> str:
    spelled = [_spellings(part) for part in parts]
    if len(parts) == 1 and len(parts[0]) >= SHORTEST_PART:
        return spelled[0]
    return f"(?:^|{_NO_LETTER}){f'{_NO_LETTER}+'.join(spelled)}(?:$|{_NO_LETTER})"


_NO_LETTER = f"[^0-9a-z{chr(0x00DF)}-{chr(0x00F6)}{chr(0x00F8)}-{chr(0x024F)}{chr(0x0300)}-{chr(0x036F)}{chr(0x1E00)}-{chr(0x1EFF)}]"  # fmt: skip  # noqa: E501


def _spellings(word: str) -> str:
    """Every text that folds to the word, as an expression."""
    long = _long_spellings()
    parts: list[str] = []
    at = 0
    while at < len(word):
        pair = word[at : at + 2]
        if pair in long:
            parts.append(f"(?:{'|'.join(long[pair])}|{''.join(map(_letter, pair))})")
            at += 2
        else:
            parts.append(_letter(word[at]))
            at += 1
    return "".join(parts)


def _letter(letter: str) -> str:
    """The letter with any accents; a, o and u with two dots are another spelling of ae, oe, ue."""
    accented = "".join(_spelled_with(letter))
    if not letter.isalpha():
        return re.escape(letter)
    marks = f"{chr(_MARKS[0])}-{chr(_MARKS[-1])}"
    if letter in "aou":
        marks = f"{chr(_MARKS[0])}-{chr(_DIAERESIS - 1)}{chr(_DIAERESIS + 1)}-{chr(_MARKS[-1])}"
    return f"[{letter}{accented}][{marks}]*"


@lru_cache(maxsize=1)
def _letters() -> Mapping[str, str]:
    """What `folded` makes of each letter, after composing."""
    plain: dict[str, str] = {}
    for letter in map(chr, _ACCENTED):
        base = unicodedata.normalize("NFD", letter)
        if len(base) > 1 and base[0].isascii() and base[0].isalpha():
            plain[letter] = base[0]
    plain |= _WRITTEN_OUT | dict.fromkeys(_DASHES, "-") | {"\u00a0": " "}
    return plain | dict.fromkeys((*map(chr, _MARKS), *_UNSEEN), "")


def _spelled_with(letter: str) -> Iterable[str]:
    return (other for other, base in sorted(_letters().items()) if base == letter and other.islower())


def _long_spellings() -> dict[str, list[str]]:
    """ae → ä (composed or not) and æ; ss → ß."""
    spelled: dict[str, list[str]] = {}
    for letter, written in _WRITTEN_OUT.items():
        composed = {letter, unicodedata.normalize("NFD", letter)}
        spelled.setdefault(written, []).extend(sorted(composed))
    return spelled
