"""Where the demo portal is found: one slot is a listed query, or all hidden queries of one page."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from etl.demo.world.catalogue import Page, is_local
from etl.demo.world.planted_effects import Truths
from etl.demo.world.row_types import Floats, Ints

Bools = npt.NDArray[np.bool_]
HIDDEN = -1
_LISTED_SHARE = 0.6
"""Share of a page's clicks that comes from listed queries; real exports show 58–62 %."""

_LOCAL_SPEED = 0.7
"""Queries that name the city were found early; the others took the long way up."""


@dataclass(frozen=True, slots=True)
class Slots:
    """Parallel arrays, one entry per slot.

    `rival` is a second page that shows for the same queries (-1: none): alone in `only_rival`, beside the
    first in `both` of the result pages. `clicks` are relative within the page; `depth` is the zero-based
    position of an established site; `pinned` slots keep it at all times. `fixed_impressions` a year
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
class _Slot:
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
            if text in first:
                second.setdefault(text, number)
            else:
                first[text] = number
    return first, second


def _depth(text: str, page: Page, rng: np.random.Generator) -> float:
    """Zero-based position of an established site; for offices Google guesses the city by itself."""
    if is_local(text):
        return float(rng.uniform(0.7, 3.4))
    return float(rng.uniform(8.0, 19.0) if page.kind == "Leistung" else rng.uniform(3.5, 7.0))


def _page_slots(
    number: int,
    page: Page,
    office: int,
    owners: tuple[dict[str, int], dict[str, int]],
    index: dict[str, int],
    rng: np.random.Generator,
) -> list[_Slot]:
    first, second = owners
    speed = float(rng.normal(1.0, 0.10))
    own = [(text, weight) for text, weight in page.queries if first[text] == number]
    total = sum(weight for _, weight in own)
    slots = []
    for text, weight in own:
        early = _LOCAL_SPEED if is_local(text) or page.kind != "Leistung" else 1.0
        rival = second.get(text, office if is_local(text) and rng.random() < 0.2 else -1)
        slots.append(
            _Slot(
                query=index[text],
                page=number,
                rival=rival,
                clicks=_LISTED_SHARE * weight / total,
                depth=_depth(text, page, rng),
                speed=speed * early + float(rng.normal(0.0, 0.04)),
                ctr_factor=float(np.exp(rng.normal(0.0, 0.10))),
                only_rival=0.04 if rival >= 0 else 0.0,
                both=0.20 if rival >= 0 else 0.0,
            )
        )
    hidden_share = 1.0 - _LISTED_SHARE if own else 1.0
    both = 0.12 if office >= 0 else 0.0
    slots.append(
        _Slot(
            query=HIDDEN,
            page=number,
            rival=office,
            clicks=hidden_share,
            depth=float(rng.uniform(2.5, 6.0)),
            speed=speed * _LOCAL_SPEED,
            both=both,
        )
    )
    return slots


def _unmet_slots(truths: Truths, landing: int, index: dict[str, int]) -> list[_Slot]:
    unmet = truths.unmet
    shares = np.array([1.0 / (rank + 1) ** 0.7 for rank in range(len(unmet.queries))])
    shares = unmet.impressions_per_year * shares / shares.sum()
    return [
        _Slot(
            index[text],
            landing,
            -1,
            0.0,
            unmet.position - 1,
            0.0,
            unmet.ctr_factor,
            pinned=True,
            fixed_impressions=float(share),
        )
        for text, share in zip(unmet.queries, shares, strict=True)
    ]


def make_slots(pages: tuple[Page, ...], truths: Truths, rng: np.random.Generator) -> Slots:
    """All slots. A query on two catalogue lines belongs to the first page; the second is its rival."""
    number_of = {page.path: number for number, page in enumerate(pages)}
    owners = _first_and_second_page(pages)
    queries = tuple(dict.fromkeys([*owners[0], *truths.unmet.queries]))
    index = {text: number for number, text in enumerate(queries)}
    slots: list[_Slot] = []
    for number, page in enumerate(pages):
        office = number_of[page.office] if page.office else -1
        slots += _page_slots(number, page, office, owners, index, rng)
    slots += _unmet_slots(truths, number_of[truths.unmet.landing], index)
    table = Slots(
        queries=queries,
        query=np.array([slot.query for slot in slots], dtype=np.int64),
        page=np.array([slot.page for slot in slots], dtype=np.int64),
        rival=np.array([slot.rival for slot in slots], dtype=np.int64),
        clicks=np.array([slot.clicks for slot in slots]),
        depth=np.array([slot.depth for slot in slots]),
        speed=np.array([slot.speed for slot in slots]),
        ctr_factor=np.array([slot.ctr_factor for slot in slots]),
        only_rival=np.array([slot.only_rival for slot in slots]),
        both=np.array([slot.both for slot in slots]),
        pinned=np.array([slot.pinned for slot in slots]),
        fixed_impressions=np.array([slot.fixed_impressions for slot in slots]),
    )
    _plant_rivalry(table, number_of, truths)
    _plant_ctr_outlier(table, number_of, truths)
    for path in (truths.go_live.path, *truths.go_live.comparable):
        table.speed[table.page == number_of[path]] = _LOCAL_SPEED
    return table


def cannibalised(slots: Slots, number_of: dict[str, int], truths: Truths) -> Bools:
    """Which slots the two rival pages fight over."""
    plan = truths.cannibalisation
    named = np.array([plan.query_contains in text for text in slots.queries])
    fought = (slots.page == number_of[plan.path]) & (slots.query != HIDDEN) & named[slots.query]
    return np.asarray(fought, dtype=np.bool_)


def _plant_rivalry(slots: Slots, number_of: dict[str, int], truths: Truths) -> None:
    fought = cannibalised(slots, number_of, truths)
    slots.rival[fought] = number_of[truths.cannibalisation.rival]
    slots.only_rival[fought] = truths.cannibalisation.only_rival_share
    slots.both[fought] = truths.cannibalisation.both_share


def _plant_ctr_outlier(slots: Slots, number_of: dict[str, int], truths: Truths) -> None:
    here = slots.page == number_of[truths.ctr_outlier.path]
    slots.depth[here] = truths.ctr_outlier.position - 1
    slots.ctr_factor[here] = truths.ctr_outlier.ctr_factor
    slots.rival[here] = -1
    slots.only_rival[here] = 0.0
    slots.both[here] = 0.0
    slots.pinned[here] = True
