"""What a drawn property consists of: its pages, its queries, and which page answers which query."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

import numpy as np

from etl.demo.scale.sizes import Property
from etl.demo.world.catalogue import Page, is_local, read_catalogue
from etl.demo.world.row_types import Floats, Ints
from portalkompass.urls import path_of

SHOWN = 4
"""Pages of ours that Google may show for one query, the fitting one first."""
_SHARES = (1.0, 0.75, 0.5, 0.3)
_CITY = "leverkusen"
_WORDS = (
    *("", "termin", "kosten", "online", "formular", "antrag", "öffnungszeiten", "unterlagen", "dauer"),
    *("telefonnummer", "adresse", "gebühren", "pdf", "download", "voraussetzungen", "wo", "wie lange"),
    *("heute", "ohne termin", "online beantragen", "2024", "2025", "für kinder", "für ausländer", "samstag"),
    *("in der nähe", "bearbeitungszeit", "status", "verlängern", "ändern", "kündigen", "nachweis", "kontakt"),
    *("opladen", "wiesdorf", "schlebusch", "manfort", "quettingen", "bürrig", "hitdorf", "rheindorf"),
    *("ablehnung", "widerspruch", "einkommen", "rechner", "vollmacht", "muster", "frist", "nrw", "ausfüllen"),
)


@dataclass(frozen=True, slots=True)
class Portal:
    """Arrays by page and by query. ``shown`` (queries × SHOWN) are pages, ``reach`` the chance of each.

    ``rate`` is the expected number of impressions of a query on a usual day, ``place`` its usual position and
    ``appeal`` how readily it is clicked against what the place brings elsewhere.
    """

    urls: list[str]
    titles: list[str | None]
    queries: list[str]
    shown: Ints
    reach: Floats
    rate: Floats
    place: Floats
    appeal: Floats


def build_portal(own: Property) -> Portal:
    """The property's portal; the same for the same property on every machine."""
    rng = np.random.default_rng([20251215, own.seed])
    shipped = [page for page in read_catalogue() if page.kind != "Mitarbeiter"]
    if own.seed:
        shipped = [page for page in shipped if page.service_id][: own.pages]
    base = own.site.rstrip("/")
    further = _further_paths(shipped, own.pages - len(shipped))
    urls = [base + path if path != "/" else own.site for path in (*(page.path for page in shipped), *further)]
    texts, page, weight = _queries(shipped, own)
    total = len(urls)
    local = np.array([own.home in text or is_local(text) for text in texts])
    place = np.where(local, rng.uniform(1.5, 9.0, len(texts)), rng.uniform(6.0, 60.0, len(texts)))
    steps = np.cumsum(rng.integers(1, total // SHOWN, (len(texts), SHOWN - 1)), axis=1)
    return Portal(
        urls=urls,
        titles=[*(page.full_title for page in shipped), *([None] * len(further))],
        queries=texts,
        # Steps that sum to less than the whole circle: four different pages.
        shown=np.column_stack([page, (page[:, None] + steps) % total]),
        reach=np.tile(np.array(_SHARES), (len(texts), 1)) * rng.uniform(0.6, 1.0, (len(texts), SHOWN)),
        rate=_rates(weight, own.queries_a_day),
        place=place,
        appeal=np.exp(rng.normal(0.0, 0.35, len(texts))),
    )


def _further_paths(shipped: list[Page], wanted: int) -> list[str]:
    """Invented pages below those of the catalogue, until there are as many as wanted."""
    stems = [path_of(page.path) for page in shipped if page.path != "/"]
    made = (f"{stem}/merkblatt-{number}" for number in count(1) for stem in stems)
    return [next(made) for _ in range(wanted)]


def _queries(shipped: list[Page], own: Property) -> tuple[list[str], Ints, Floats]:
    """Distinct texts with their page and their weight: what the catalogue lists, then longer forms of it."""
    texts: dict[str, tuple[int, float]] = {}
    listed = [(number, text, share) for number, page in enumerate(shipped) for text, share in page.queries]
    for turn in count():
        for number, text, share in listed:
            if len(texts) == own.queries:
                page, weight = zip(*texts.values(), strict=True)
                return list(texts), np.array(page, dtype=np.int64), np.array(weight, dtype=np.float64)
            made = _longer(text.replace(_CITY, own.home) if own.seed else text, turn)
            texts.setdefault(made, (number, shipped[number].clicks * share / (1.0 + 1.5 * turn)))
    raise AssertionError("count() never ends")


def _longer(text: str, turn: int) -> str:
    """The text with the turn-th ending: one word first, then two, then a number as in a long tail."""
    first, rest = turn % len(_WORDS), turn // len(_WORDS)
    second = _WORDS[rest % len(_WORDS)]
    tail = rest // len(_WORDS)
    return " ".join(part for part in (text, _WORDS[first], second, str(tail) if tail else "") if part)


def _rates(weight: Floats, wanted: float) -> Floats:
    """Expected impressions of each query, such that ``wanted`` of them are seen on a usual day."""
    shape = weight**0.85
    low, high = 0.0, 1e6 / float(shape.max())
    for _ in range(60):
        middle = (low + high) / 2
        seen = float((1.0 - np.exp(-shape * middle)).sum())
        low, high = (middle, high) if seen < wanted else (low, middle)
    return np.asarray(np.minimum(shape * high, 3_000.0), dtype=np.float64)
