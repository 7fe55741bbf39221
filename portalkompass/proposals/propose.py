"""Which services a page or query may be about, with a confidence and the word that speaks for it.

Confidence of a service = its best name or synonym: (part of the phrase that the text says)² × how much of
the text the phrase explains. Words are weighted by how few services share them. It is a rank with a scale,
not a probability; ``THRESHOLD`` was set on a list of pages apart from the committed test cases.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from portalkompass.proposals.german_words import NOISE, OFFICES, PLACES, stem, words
from portalkompass.proposals.vocabulary import PART_QUALITY, Vocabulary, vocabulary

_OFFICE_STEMS = frozenset(stem(word) for word in OFFICES)
_BRACKETS = re.compile(r"\s*\([^)]*\)")

THRESHOLD = 0.55
"""Below this confidence nothing is proposed."""
MOST_PROPOSALS = 3
WELL_COVERED = 0.75
UNEXPLAINED = 0.35
"""What is left of the confidence when the phrase explains hardly anything of the text."""
QUERIES_READ = 5
QUERY_TRUST = 0.9
"""Queries of a page tell what people wanted, not always what the page is."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A page (title, path or slug, and its best queries first) or a query alone (``queries`` only)."""

    title: str = ""
    slug: str = ""
    queries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceName:
    """A service with the everyday words for it."""

    id: str
    name: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A service that a subject may be about; ``evidence`` is the name or synonym that was recognised."""

    service_id: str
    name: str
    confidence: float
    evidence: str


@dataclass(frozen=True, slots=True)
class _Phrase:
    service: int
    text: str
    stems: tuple[tuple[str, float, tuple[str, ...]], ...]  # stem, weight, the two halves of a compound
    weight: float


@dataclass(frozen=True, slots=True)
class _Reading:
    """What every text is read with: the words of the services, what blocks a proposal, the city's own name."""

    vocabulary: Vocabulary
    phrases: dict[str, list[_Phrase]]
    blocked: frozenset[str]
    own: frozenset[str]


def propose(
    subjects: Sequence[Subject], services: Sequence[ServiceName], *, home: str = "Leverkusen"
) -> list[tuple[Proposal, ...]]:
    """Per subject up to three proposals, best first (ties by name); () where nothing is sure enough.

    ``home`` is the city's own name, which says nothing; a page or query that names another town, an
    office, news or the like gets no proposal, unless that word belongs to a service's name.
    """
    own = frozenset(stem(word) for word in words(home))
    blocked = frozenset(stem(word) for word in (*OFFICES, *PLACES)) - own
    reading = _Reading(*_prepared(tuple(services)), blocked, own)
    return [_best(subject, services, reading) for subject in subjects]


@lru_cache(maxsize=4)
def _prepared(services: tuple[ServiceName, ...]) -> tuple[Vocabulary, dict[str, list[_Phrase]]]:
    """The vocabulary, and for every stem the phrases that hold it (or of a compound, its first half)."""
    texts = [
        (at, text) for at, service in enumerate(services) for text in (*_names(service), *service.synonyms)
    ]
    lexicon = vocabulary((str(at), words(text)) for at, text in texts)
    by_stem: dict[str, list[_Phrase]] = {}
    for at, text in texts:
        phrase = _phrase(at, text, lexicon)
        if all(name in _OFFICE_STEMS for name, _, _ in phrase.stems):
            continue  # "neue Adresse" alone would claim every page with an address
        for key in {name for stemmed, _, halves in phrase.stems for name in (stemmed, *halves[:1])}:
            by_stem.setdefault(key, []).append(phrase)
    return lexicon, by_stem


def _names(service: ServiceName) -> tuple[str, ...]:
    """The name, and the name without what it adds in brackets ("Kirchenaustritt (Auskunft)")."""
    plain = _BRACKETS.sub("", service.name).strip()
    return (service.name,) if plain in ("", service.name) else (service.name, plain)


def _phrase(service: int, text: str, lexicon: Vocabulary) -> _Phrase:
    stems = {stem(word): word for word in words(text) if word not in NOISE}
    parts = tuple((name, lexicon.weight(name), _halves(word, lexicon)) for name, word in stems.items())
    return _Phrase(service, text, parts, sum(weight for _, weight, _ in parts))


def _halves(word: str, lexicon: Vocabulary) -> tuple[str, ...]:
    """Both halves of a known compound, if both are words of their own."""
    split = lexicon.split(word)
    return split if len(split) == 2 and all(half in lexicon.weights for half in split) else ()  # noqa: PLR2004


def _best(subject: Subject, services: Sequence[ServiceName], reading: _Reading) -> tuple[Proposal, ...]:
    title, slug = _scores(subject.title, reading), _scores(subject.slug, reading)
    if title is None or slug is None:
        return ()
    asked = [_scores(query, reading) or {} for query in subject.queries[:QUERIES_READ]]
    trust = QUERY_TRUST if subject.title or subject.slug else 1.0
    best: dict[int, tuple[float, str]] = {}
    for scores in (title, slug, _mean(asked, trust)):
        for service, (score, text) in scores.items():
            if score > best.get(service, (0.0, ""))[0]:
                best[service] = (score, text)
    sure = [
        Proposal(services[service].id, services[service].name, round(score, 3), text)
        for service, (score, text) in best.items()
        if score >= THRESHOLD
    ]
    return tuple(
        sorted(sure, key=lambda each: (-each.confidence, each.name, each.service_id))[:MOST_PROPOSALS]
    )


def _mean(asked: Sequence[dict[int, tuple[float, str]]], trust: float) -> dict[int, tuple[float, str]]:
    """A service's mean score over the queries, so that one stray query decides nothing."""
    means: dict[int, tuple[float, str]] = {}
    for service in {service for scores in asked for service in scores}:
        total = sum(scores[service][0] for scores in asked if service in scores)
        text = max((scores[service] for scores in asked if service in scores), key=lambda pair: pair[0])[1]
        means[service] = (trust * total / len(asked), text)
    return means


def _scores(text: str, reading: _Reading) -> dict[int, tuple[float, str]] | None:
    """Service -> score and best phrase; None where the text is about something else altogether."""
    said = words(text)
    stops = {stem(word) for word in said} & reading.blocked
    meant, content = reading.vocabulary.read(said)
    content = {name: weight for name, weight in content.items() if name not in reading.own}
    covers: dict[int, list[tuple[float, _Phrase]]] = {}
    candidates = {id(phrase): phrase for name in sorted(meant) for phrase in reading.phrases.get(name, ())}
    for phrase in candidates.values():
        covered = {name: _said(name, halves, meant) for name, _, halves in phrase.stems}
        if not stops - covered.keys():
            cover = sum(weight * covered[name] for name, weight, _ in phrase.stems) / phrase.weight
            covers.setdefault(phrase.service, []).append((cover, phrase))
    scores = {service: _score(hits, meant, content) for service, hits in covers.items()}
    return None if stops and not scores else scores


def _score(
    hits: list[tuple[float, _Phrase]], meant: dict[str, float], content: dict[str, float]
) -> tuple[float, str]:
    """Score and best phrase of one service.

    Everything that the service's well covered phrases say explains the text, not the best phrase alone:
    titles like to say a thing twice ("Meldebescheinigung (Meldebestätigung)").
    """
    explained = {
        name
        for cover, phrase in hits
        if cover >= WELL_COVERED
        for name in _used(phrase, meant)
        if name in content
    }
    total = sum(content.values())
    share = sum(content[name] for name in explained) / total if total else 0.0
    cover, phrase = max(hits, key=lambda hit: (hit[0], hit[1].weight))
    return cover**2 * (UNEXPLAINED + (1 - UNEXPLAINED) * share), phrase.text


def _said(name: str, halves: tuple[str, ...], meant: dict[str, float]) -> float:
    """How surely the text says a word: as such, or both halves of it apart."""
    apart = PART_QUALITY * min(meant.get(half, 0.0) for half in halves) if halves else 0.0
    return max(meant.get(name, 0.0), apart)


def _used(phrase: _Phrase, meant: dict[str, float]) -> set[str]:
    """The text's words that a phrase explains."""
    used = {name for name, _, _ in phrase.stems if name in meant}
    for name, _, halves in phrase.stems:
        if name not in meant and halves and all(half in meant for half in halves):
            used.update(halves)
    return used
