"""Countries and devices of the demo portal's visitors; every day's segments sum exactly to the property."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from etl.demo.world.apportion import Outcome
from etl.demo.world.expectation import DAYS, DEEP_DEPTH
from etl.demo.world.row_types import Floats, Ints

_COUNTRIES = {
    # share of impressions, how deep people from there see the site compared with the mean
    "deu": (0.9380, 1.00),
    "tur": (0.0095, 1.50),
    "pol": (0.0072, 1.45),
    "nld": (0.0070, 1.35),
    "aut": (0.0066, 1.30),
    "usa": (0.0060, 1.80),
    "che": (0.0048, 1.30),
    "ita": (0.0040, 1.40),
    "ukr": (0.0034, 1.40),
    "bel": (0.0032, 1.35),
    "esp": (0.0030, 1.40),
    "fra": (0.0029, 1.45),
    "rou": (0.0026, 1.45),
    "gbr": (0.0025, 1.60),
    "grc": (0.0021, 1.40),
    "syr": (0.0016, 1.50),
    "mar": (0.0015, 1.50),
    "ind": (0.0014, 1.70),
    "bgr": (0.0014, 1.45),
    "srb": (0.0013, 1.45),
}
_DEVICES = {"DESKTOP": (0.36, 1.15), "MOBILE": (0.615, 0.92), "TABLET": (0.025, 1.0)}
_WEEKEND_DEVICES = {"DESKTOP": 0.27, "MOBILE": 0.70, "TABLET": 0.03}
COUNTRIES = tuple(_COUNTRIES)
DEVICES = tuple(_DEVICES)


@dataclass(frozen=True, slots=True)
class Segments:
    """Matrices days × (country, device); column = country number × 3 + device number. Depths are sums."""

    clicks: Ints
    impressions: Ints
    depth: Ints


def depth_factors() -> Floats:
    """How deep each segment sees the site, relative to the mean."""
    country = np.array([depth for _, depth in _COUNTRIES.values()])
    device = np.array([depth for _, depth in _DEVICES.values()])
    return np.asarray(np.outer(country, device).ravel(), dtype=np.float64)


def _shares() -> Floats:
    country = np.array([share for share, _ in _COUNTRIES.values()])
    weekday = np.array([share for share, _ in _DEVICES.values()])
    weekend = np.array(list(_WEEKEND_DEVICES.values()))
    device = np.array([weekend if day.weekday() >= 5 else weekday for day in DAYS])
    shares = (country[None, :, None] * device[:, None, :]).reshape(len(DAYS), -1)
    return np.asarray(shares / shares.sum(axis=1, keepdims=True), dtype=np.float64)


def _spread(totals: Ints, weights: Floats) -> Ints:
    """Whole numbers per segment that sum exactly to each day's total."""
    sums = weights.sum(axis=1, keepdims=True)
    parts = np.cumsum(weights * (totals[:, None] / np.where(sums == 0, 1, sums)), axis=1)
    steps = np.floor(parts + 0.5)
    steps[:, -1] = totals
    return np.diff(steps, prepend=0.0, axis=1).astype(np.int64)


def draw_segments(outcome: Outcome, rng: np.random.Generator) -> Segments:
    """Divide each day of the property. Tools with 100 results a page are desktops, without clicks."""
    shares = _shares()
    at_home = shares.copy()
    at_home[:, 3:] *= 0.55
    at_home /= at_home.sum(axis=1, keepdims=True)
    deep_shares = np.zeros(shares.shape[1])
    deep_shares[[0, 3 * COUNTRIES.index("usa")]] = (0.9, 0.1)
    total_clicks = outcome.clicks.sum(axis=0)
    total_deep = outcome.deep_impressions.sum(axis=0)
    total_impressions = outcome.impressions.sum(axis=0)
    clicks = rng.multinomial(total_clicks, at_home)
    deep = rng.multinomial(total_deep, deep_shares)
    rest = rng.multinomial(total_impressions - total_clicks - total_deep, shares)
    impressions = clicks + deep + rest
    total_depth = outcome.depth.sum(axis=0)
    mean = (total_depth - DEEP_DEPTH * total_deep) / (total_impressions - total_deep)
    weights = depth_factors() * (clicks * 0.6 + rest) * mean[:, None] + deep * DEEP_DEPTH
    depth = _spread(total_depth, weights)
    return Segments(clicks, impressions, depth)
