"""What makes a table a file of some kind, and how well a table fits it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product

from etl.files.kinds.look import Look

REQUIRED_POINTS = 10.0
OPTIONAL_POINTS = 2.0
NAME_POINTS = 4.0
LEFTOVER_POINTS = -1.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the values, lines above the table or headings as a whole say for a kind, in German words."""

    points: float
    words: str


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of file, by the meanings of its columns (`etl.files.kinds.vocabulary`).

    ``reader``: the `FileKind` that loads it; "" for a kind that is only known by name, and then ``advice`` says in
    German what to do instead. ``required``: of each group one column must be there, each another one. ``forbidden``:
    a column that makes the table something else. ``strict``: so does every column that is neither required nor
    optional. ``names``: words of file or sheet names that speak for it. ``evidence`` judges all the rest; None
    from it excludes the kind. ``minor``: a part of an export that alone says nothing.
    ``may_be``: what a table of this form is loaded as, once a person maps its columns (`etl.files.headings`).
    """

    name: str
    label: str
    reader: str = ""
    required: tuple[tuple[str, ...], ...] = ()
    optional: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    strict: bool = False
    names: frozenset[str] = field(default_factory=frozenset)
    evidence: Callable[[Look], Evidence | None] | None = None
    advice: str = ""
    minor: bool = False
    may_be: str = ""


@dataclass(frozen=True, slots=True)
class Recognition:
    """The kind that fits a table best, how well, and why, in German; no kind where none fits."""

    kind: Kind | None
    score: float = 0.0
    reasons: tuple[str, ...] = ()
    leftover: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The kind's name; "" for an unknown table."""
        return self.kind.name if self.kind else ""


def judged(kind: Kind, look: Look) -> Recognition | None:
    """How well the table fits the kind; None if it cannot be of this kind."""
    wanted = {concept for group in kind.required for concept in group} | set(kind.optional)
    used = [heading for heading in look.header if look.concepts[heading] & wanted]
    leftover = tuple(heading for heading in look.header if heading not in used)
    if any(look.concepts[heading] & set(kind.forbidden) for heading in leftover):
        return None
    if kind.strict and leftover:
        return None
    if not _covered(kind.required, look.concepts):
        return None
    score = REQUIRED_POINTS * len(kind.required)
    score += OPTIONAL_POINTS * max(len(used) - len(kind.required), 0) + LEFTOVER_POINTS * len(leftover)
    reasons = [f"Spalten {', '.join(used)}"] if used else []
    if kind.names & look.names:
        score += NAME_POINTS
        reasons.append("Name der Datei oder des Blatts")
    if kind.evidence is not None:
        evidence = kind.evidence(look)
        if evidence is None:
            return None
        score += evidence.points
        if evidence.words:
            reasons.append(evidence.words)
    return Recognition(kind, score, tuple(reasons), leftover)


def _covered(required: Iterable[tuple[str, ...]], concepts: Mapping[str, frozenset[str]]) -> bool:
    """Whether each group finds a column of its own."""
    choices = [
        [heading for heading, meanings in concepts.items() if meanings & set(group)] for group in required
    ]
    if not all(choices):
        return False
    return any(len(set(chosen)) == len(chosen) for chosen in product(*choices))
