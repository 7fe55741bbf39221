"""Where the demo portal is page_queries. One entry is a page with a listed query, or with all its hidden queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from etl.demo.world.catalogue import Page, is_local
from etl.demo.world.planted_effects import PlantedEffects
from etl.demo.world.row_types import Floats, Ints

Bools = npt.NDArray[np.bool_]
HIDDEN = -1
_LISTED_SHARE = 0.6
"""Share of a page's clicks that comes from listed queries; real exports show 58–62 %."""

_LOCAL_SPEED = 0.7
"""Queries that name the city were found early; the others took the long way up."""


@dataclass(frozen=True, slots=True)
class PageQueries:
    """Parallel arrays, one place per entry.

    `rival` is a second page that shows for the same queries (-1: none): alone in `only_rival`, beside the
    first in `both` of the result pages. `clicks` are relative within the page; `depth` is the zero-based
    position of an established site; `pinned` entries keep it at all times. `fixed_impressions` a year
    (NaN: as many as the clicks need).
    """

    queries: tuple[str, ...]
    query: Ints
    page: Ints
    rival: Ints
    clicks: Floats
    depth: Floats
    speed: Floats
    ctr_factor: Floats
    only_rival: Floats
    both: Floats
    pinned: Bools
    fixed_impressions: Floats


@dataclass(frozen=True, slots=True)
class _Entry:
    query: int
    page: int
    rival: int
    clicks: float
    depth: float
    speed: float
    ctr_factor: float = 1.0
    only_rival: float = 0.0
    both: float = 0.0
    pinned: bool = False
    fixed_impressions: float = float("nan")


def _first_and_second_page(pages: tuple[Page, ...]) -> tuple[dict[str, int], dict[str, int]]:
    first: dict[str, int] = {}
    second: dict[str, int] = {}
    for number, page in enumerate(pages):
        for text, _ in page.queries:
            if first.setdefault(text, number) != number:
                second.setdefault(text, number)
    return first, second


def _depth(text: str, page: Page, rng: np.random.Generator) -> float:
    """Zero-based position of an established site; for offices Google guesses the city by itself."""
    if is_local(text):
        return rng.uniform(0.7, 3.4)
    return rng.uniform(8.0, 19.0) if page.kind == "Leistung" else rng.uniform(3.5, 7.0)


def _of_page(
    number: int,
    page: Page,
    office: int,
    owners: tuple[dict[str, int], dict[str, int]],
    index: dict[str, int],
    rng: np.random.Generator,
) -> Iterator[_Entry]:
    first, second = owners
    speed = rng.normal(1.0, 0.10)
    own = [(text, weight) for text, weight in page.queries if first[text] == number]
    total = sum(weight for _, weight in own)
    for text, weight in own:
        early = _LOCAL_SPEED if is_local(text) or page.kind != "Leistung" else 1.0
        rival = second.get(text, office if is_local(text) and rng.random() < 0.2 else -1)
        yield _Entry(
            query=index[text],
            page=number,
            rival=rival,
            clicks=_LISTED_SHARE * weight / total,
            depth=_depth(text, page, rng),
            speed=speed * early + rng.normal(0.0, 0.04),
            ctr_factor=np.exp(rng.normal(0.0, 0.10)),
            only_rival=0.04 if rival >= 0 else 0.0,
            both=0.20 if rival >= 0 else 0.0,
        )
    hidden_share = 1.0 - _LISTED_SHARE if own else 1.0
    depth, both = rng.uniform(2.5, 6.0), 0.12 if office >= 0 else 0.0
    yield _Entry(HIDDEN, number, office, hidden_share, depth, speed * _LOCAL_SPEED, both=both)


def _of_unmet_topic(effects: PlantedEffects, landing: int, index: dict[str, int]) -> Iterator[_Entry]:
    unmet = effects.unmet
    shares = np.array([1.0 / (rank + 1) ** 0.7 for rank in range(len(unmet.queries))])
    impressions = unmet.impressions_per_year * shares / shares.sum()
    for text, fixed in zip(unmet.queries, impressions, strict=True):
        yield _Entry(
            query=index[text],
            page=landing,
            rival=-1,
            clicks=0.0,
            depth=unmet.position - 1,
            speed=0.0,
            ctr_factor=unmet.ctr_factor,
            pinned=True,
            fixed_impressions=fixed,
        )


def make_page_queries(
    pages: tuple[Page, ...], effects: PlantedEffects, rng: np.random.Generator
) -> PageQueries:
    """All entries. A query on two catalogue lines belongs to the first page; the second is its rival."""
    number_of = {page.path: number for number, page in enumerate(pages)}
    owners = _first_and_second_page(pages)
    queries = tuple(dict.fromkeys([*owners[0], *effects.unmet.queries]))
    index = {text: number for number, text in enumerate(queries)}
    entries: list[_Entry] = []
    for number, page in enumerate(pages):
        office = number_of[page.office] if page.office else -1
        entries += _of_page(number, page, office, owners, index, rng)
    entries += _of_unmet_topic(effects, number_of[effects.unmet.landing], index)
    names = [field.name for field in fields(_Entry)]
    columns = {name: np.array([getattr(entry, name) for entry in entries]) for name in names}
    page_queries = PageQueries(queries, **columns)
    _plant_rivalry(page_queries, number_of, effects)
    _plant_ctr_outlier(page_queries, number_of, effects)
    for path in (effects.go_live.path, *effects.go_live.comparable):
        page_queries.speed[page_queries.page == number_of[path]] = _LOCAL_SPEED
    return page_queries


def cannibalised(page_queries: PageQueries, number_of: dict[str, int], effects: PlantedEffects) -> Bools:
    """Which entries the two rival pages fight over."""
    plan = effects.cannibalisation
    named = np.array([plan.query_contains in text for text in page_queries.queries])
    fought = (
        (page_queries.page == number_of[plan.path])
        & (page_queries.query != HIDDEN)
        & named[page_queries.query]
    )
    return np.asarray(fought, dtype=np.bool_)


def _plant_rivalry(page_queries: PageQueries, number_of: dict[str, int], effects: PlantedEffects) -> None:
    fought = cannibalised(page_queries, number_of, effects)
    page_queries.rival[fought] = number_of[effects.cannibalisation.rival]
    page_queries.only_rival[fought] = effects.cannibalisation.only_rival_share
    page_queries.both[fought] = effects.cannibalisation.both_share


def _plant_ctr_outlier(page_queries: PageQueries, number_of: dict[str, int], effects: PlantedEffects) -> None:
    here = page_queries.page == number_of[effects.ctr_outlier.path]
    page_queries.depth[here] = effects.ctr_outlier.position - 1
    page_queries.ctr_factor[here] = effects.ctr_outlier.ctr_factor
    page_queries.rival[here] = -1
    page_queries.only_rival[here] = 0.0
    page_queries.both[here] = 0.0
    page_queries.pinned[here] = True
