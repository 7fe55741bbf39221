"""Words of today in the paragraphs of an edited deck: what somebody marked stays marked where it still stands."""

from __future__ import annotations

import copy
import itertools
import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

from lxml import etree
from pptx.oxml.ns import qn

from portalkompass.exports.slides.boxes import Pptx

RUN, BREAK, FIELD = (qn(f"a:{name}") for name in ("r", "br", "fld"))
UNSEEN = frozenset({"lang", "altLang", "dirty", "err", "noProof", "smtClean", "bmk"})
"""Attributes of a run that programs write for themselves."""
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]+")


def write_lines(frame: Pptx, lines: Sequence[str], *, single: bool = False) -> list[str]:
    """The lines in place of the paragraphs, each in the looks of the one that stood there (or of the one above).

    A paragraph that says the same is left as it is. What is always a ``single`` line was parted by somebody where it
    is not, and stays so. Returns the marked words (bold, coloured, linked …) that no longer stand there.
    """
    old = list(frame.paragraphs)
    said = [_flat(paragraph.text) for paragraph in old]
    if " ".join(filter(None, said)) == " ".join(map(_flat, lines)):
        return []
    if single and len(lines) == 1 < len(old):
        return [
            word
            for paragraph, line in zip(old, _parted(said, _flat(lines[0])), strict=True)
            for word in _write(paragraph, line)
        ]
    matched = SequenceMatcher(None, said, [_flat(line) for line in lines], autojunk=False)
    lost: list[str] = []
    for kind, start, end, first, last in matched.get_opcodes():
        if kind == "equal":
            continue
        shared = min(end - start, last - first)
        for paragraph, line in zip(old[start:end], lines[first:last], strict=False):
            lost += _write(paragraph, line)
        above = old[max(start + shared - 1, 0)]
        for line in reversed(lines[first + shared : last]):
            _insert(above, line, before=start + shared == 0)
        for surplus in old[start + shared : end]:
            lost += _marked(surplus)
            frame._txBody.remove(surplus._p)
    return lost


def _parted(said: Sequence[str], line: str) -> list[str]:
    """The line with ends where those of the paragraphs were, at the same words or as near to them as can be."""
    old, new, ends = [], _TOKEN.findall(line), []
    for text in said:
        old += [*_TOKEN.findall(text), " "]
        ends.append(len(old))
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    cuts = [0]
    for number, end in enumerate(ends[:-1], start=1):
        at = next((first + end - start for _, start, stop, first, _ in blocks if start <= end <= stop), 0)
        at = at if any(said[number:]) else len(new)
        cuts.append(min(max(at, cuts[-1]), len(new)))
    cuts.append(len(new))
    return ["".join(new[first:last]).strip() for first, last in itertools.pairwise(cuts)]


def _insert(beside: Pptx, line: str, *, before: bool) -> None:
    """A paragraph of its own in the looks of the other, without what is marked in that one."""
    added = copy.deepcopy(beside._p)
    (beside._p.addprevious if before else beside._p.addnext)(added)
    _write_plain(type(beside)(added, beside._parent), line)


def _write_plain(paragraph: Pptx, line: str) -> None:
    """The line in the looks that most of the paragraph has."""
    pieces = _pieces(paragraph)
    base = _base(pieces)
    kept = next((piece for piece in pieces if piece.tag == RUN and _looks(piece) == base), None)
    for piece in pieces:
        if piece is not kept:
            paragraph._p.remove(piece)
    if kept is None:
        paragraph.add_run().text = line
    else:
        kept.text = line


def _write(paragraph: Pptx, line: str) -> list[str]:
    """Each word that still stands there keeps its looks, a changed number too; new words look like most of the line.

    What is marked follows its words: another word in the same place is not marked.
    """
    pieces = _pieces(paragraph)
    base = _base(pieces)
    if all(piece.tag == RUN and _looks(piece) == base for piece in pieces):
        _write_plain(paragraph, line)
        return []
    text = "".join(map(_text, pieces))
    owners = [number for number, piece in enumerate(pieces) for _ in _text(piece)]
    written = [
        (number, "".join(letter for _, letter in letters))
        for number, letters in itertools.groupby(
            _dealt(pieces, base, text, owners, line), key=lambda one: one[0]
        )
    ]
    lost = _marked(paragraph, spared=frozenset(number for number, _ in written))
    for piece in pieces:
        paragraph._p.remove(piece)
    end = paragraph._p.find(qn("a:endParaRPr"))
    for number, said in written:
        piece = copy.deepcopy(pieces[number])
        if piece.tag != BREAK:
            piece.find(qn("a:t")).text = said
        if end is None:
            paragraph._p.append(piece)
        else:
            end.addprevious(piece)
    return lost


def _dealt(
    pieces: Sequence[Pptx], base: object, text: str, owners: Sequence[int], line: str
) -> list[tuple[int, str]]:
    """The letters of the line, each with the number of the piece that it looks like."""
    plain = next((n for n, piece in enumerate(pieces) if piece.tag == RUN and _looks(piece) == base), 0)
    old, new = _TOKEN.findall(text), _TOKEN.findall(line.replace("\v", " "))
    starts = [0]
    for token in old:
        starts.append(starts[-1] + len(token))
    matched = SequenceMatcher(
        None, [_spaced(one) for one in old], [_spaced(one) for one in new], autojunk=False
    )
    dealt: list[tuple[int, str]] = []
    for kind, start, end, first, last in matched.get_opcodes():
        letters = range(starts[start], starts[end])
        if kind == "equal":
            dealt += [(owners[at], text[at]) for at in letters]
            continue
        said = "".join(new[first:last])
        if kind == "insert":
            around = set(owners[max(starts[start] - 1, 0) : starts[start] + 1])
            follows = starts[start] not in (0, len(text))
        else:
            around = {owners[at] for at in letters}
            follows = not any(letter.isalpha() for letter in text[letters.start : letters.stop] + said)
        one = around.pop() if len(around) == 1 else plain
        takes = pieces[one].tag == RUN and (follows or _looks(pieces[one]) == base)
        dealt += [(one if takes else plain, letter) for letter in said]
    return dealt


def _pieces(paragraph: Pptx) -> list[Pptx]:
    return [element for element in paragraph._p if element.tag in (RUN, BREAK, FIELD)]


def _text(piece: Pptx) -> str:
    return "\v" if piece.tag == BREAK else "".join(one.text or "" for one in piece.findall(qn("a:t")))


def _looks(piece: Pptx) -> object:
    """What a reader sees of a run besides its words."""
    properties = piece.find(qn("a:rPr"))
    if properties is None:
        return ((), ())
    seen = sorted((name, value) for name, value in properties.items() if name not in UNSEEN)
    return tuple(seen), tuple(etree.tostring(child, method="c14n") for child in properties)


def _base(pieces: Sequence[Pptx]) -> object:
    """The looks that most letters of the runs have."""
    letters: Counter[object] = Counter()
    for piece in pieces:
        if piece.tag == RUN:
            letters[_looks(piece)] += len(_text(piece))
    return letters.most_common(1)[0][0] if letters else None


def _marked(paragraph: Pptx, spared: frozenset[int] = frozenset()) -> list[str]:
    """Words that look otherwise than most of the paragraph, but for the pieces of these numbers."""
    pieces = _pieces(paragraph)
    base = _base(pieces)
    return [
        _text(piece).strip()
        for number, piece in enumerate(pieces)
        if number not in spared and piece.tag == RUN and _looks(piece) != base and _text(piece).strip()
    ]


def _spaced(token: str) -> str:
    return token.strip() or " "


def _flat(text: str) -> str:
    return " ".join(text.split())
