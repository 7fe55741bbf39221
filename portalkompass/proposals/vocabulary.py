"""The words by which the services are known, how telling each is, and how a foreign word is read with them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process

from portalkompass.proposals.german_words import ACTIONS, NOISE, stem

ACTION_WEIGHT = 0.3
UNKNOWN_WEIGHT = 0.5
PART_QUALITY = 0.9
SHORTEST_PART = 4
SHORTEST_LONE_PART = 6
SHORTEST_TYPO = 6
TYPO_CUTOFF = 90.0

_OFFICE_ENDINGS = ("amt", "behoerde")
_NOISE = frozenset(stem(word) for word in NOISE)
_ACTIONS = frozenset(stem(word) for word in ACTIONS)


@dataclass(frozen=True)
class Vocabulary:
    """Stems of all names and synonyms with their weight (0–1): the fewer services share one, the more."""

    weights: Mapping[str, float]

    @cached_property
    def _stems(self) -> list[str]:
        return sorted(self.weights)

    def weight(self, stemmed: str) -> float:
        """Weight of a stem; words that no service has count half, since they tell of something else."""
        return self.weights.get(stemmed, UNKNOWN_WEIGHT)

    def read(self, words: list[str]) -> tuple[dict[str, float], dict[str, float]]:
        """What a text says: known stem -> how surely it is meant (0–1), and content stem -> weight.

        A known word is taken as it is, never as a typing error of another. Unknown ones are tried as two
        words written as one ("Sperrmüllabholung"), then as a typing error.
        """
        meant: dict[str, float] = {}
        content: dict[str, float] = {}
        for word in words:
            for part, quality in self._parts(word):
                if part in self.weights:
                    meant[part] = max(quality, meant.get(part, 0.0))
                content[part] = self.weight(part)
        for joined, halves in self._joined(words):
            meant[joined] = 1.0
            content = {part: weight for part, weight in content.items() if part not in halves}
            content[joined] = self.weight(joined)
        return meant, content

    def _parts(self, word: str) -> list[tuple[str, float]]:
        whole = stem(word)
        if word in NOISE or (whole in _NOISE and whole not in self.weights):
            return []
        if whole in self.weights:
            return [(whole, 1.0)]
        if word.endswith(_OFFICE_ENDINGS):  # "Gesundheitsamt" is an office, not a kind of Gesundheit
            return [(whole, 1.0)]
        split = self.split(word)
        if split:
            return [(part, PART_QUALITY) for part in split]
        if len(word) >= SHORTEST_TYPO:
            similar = process.extractOne(whole, self._stems, scorer=fuzz.ratio, score_cutoff=TYPO_CUTOFF)
            if similar and similar[0][0] == whole[0]:
                return [(similar[0], similar[1] / 100)]
        return [(whole, 1.0)]

    def split(self, word: str) -> tuple[str, ...]:
        """Stems of the two words that a compound is made of; () if it cannot be taken apart.

        Both known is best; one known will do if it is long. Noise is left out ("Wohngeldantrag").
        """
        best: tuple[tuple[int, int], tuple[str, ...]] = ((0, 0), ())
        for at in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
            halves = stem(word[:at]), stem(word[at:])
            known = [half for half in halves if half in self.weights]
            noise = [half for half in halves if half in _NOISE and half not in self.weights]
            length = sum(len(half) for half in known)
            enough = len(known) + len(noise) == len(halves) and known
            if enough or (known and len(known[0]) >= SHORTEST_LONE_PART):
                rank = (len(known) + len(noise), length)
                if rank > best[0]:
                    best = rank, tuple(half for half in halves if half not in noise)
        return best[1]

    def _joined(self, words: list[str]) -> Iterable[tuple[str, set[str]]]:
        """Known compounds that the text writes as two words ("Park Ausweis")."""
        for left, right in itertools.pairwise(words):
            for link in ("", "s"):
                joined = stem(left + link + right)
                if joined in self.weights:
                    yield joined, {stem(left), stem(right)}


def vocabulary(phrases: Iterable[tuple[str, list[str]]]) -> Vocabulary:
    """The vocabulary of phrases (service id, words); noise is no part of it."""
    owners: dict[str, set[str]] = {}
    for service, words in phrases:
        for word in words:
            if word not in NOISE:
                owners.setdefault(stem(word), set()).add(service)
    services = len(set().union(*owners.values())) if owners else 0
    return Vocabulary(
        {
            stemmed: ACTION_WEIGHT
            if stemmed in _ACTIONS
            else math.log(1 + services / len(sharing)) / math.log(1 + services)
            for stemmed, sharing in owners.items()
        }
    )
