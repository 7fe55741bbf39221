"""The planted effects of the demo portal, read by the model that plants them and the tests that find them."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

EFFECTS_FILE = Path(__file__).with_name("planted_effects.toml")


class _Effect(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    what: str


class Decay(_Effect):
    """A page that loses clicks from a week on and stays low."""

    path: str
    start: dt.date = Field(alias="from")
    weeks_to_floor: int
    clicks_factor: float
    position_factor: float


class Cannibalisation(_Effect):
    """Two pages that answer the same queries in turn."""

    path: str
    rival: str
    query_contains: str
    start: dt.date = Field(alias="from")
    only_rival_share: float
    both_share: float


class CtrOutlier(_Effect):
    """A page whose CTR is far below what its position gives elsewhere on the site."""

    path: str
    position: float
    ctr_factor: float


class GoLive(_Effect):
    """An online service of the demo only, and the pages to compare it with."""

    path: str
    service: str
    start: dt.date = Field(alias="from")
    clicks_factor: float
    comparable: tuple[str, ...]


class Unmet(_Effect):
    """A topic people search for without a fitting page."""

    landing: str
    queries: tuple[str, ...]
    query_contains: tuple[str, ...]
    impressions_per_year: int
    position: float
    ctr_factor: float


class PlantedEffects(BaseModel):
    """All planted effects."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    decay: Decay
    cannibalisation: Cannibalisation
    ctr_outlier: CtrOutlier
    go_live: GoLive
    unmet: Unmet


def read_planted_effects() -> PlantedEffects:
    """The effects as `planted_effects.toml` states them."""
    return PlantedEffects.model_validate(tomllib.loads(EFFECTS_FILE.read_text(encoding="utf-8")))
