"""Signed figures of six invented cities, as they would have handed them to the sample city."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from etl.demo.files.case_numbers import USUAL, Usual
from portalkompass.settings import Settings

if TYPE_CHECKING:  # cryptography costs a tenth of a second that other commands need not pay
    from joserfc.jwk import OKPKey

    from portalkompass.exchange.benchmark_file import Benchmark

CITIES = {
    "Beispielburg": "059990000001",
    "Musterhausen": "059990000002",
    "Neustadt am Muster": "059990000003",
    "Probeheim": "059990000004",
    "Testlingen": "059990000005",
    "Vorlagenbach": "059990000006",
}
"""Name → regional key, none of which any municipality has."""
_FIRST, _LAST, _MADE = dt.date(2024, 12, 1), dt.date(2025, 11, 30), dt.date(2025, 12, 10)
_SEED = 202405
_TELLS = 0.85
"""Chance that a city tells a figure that it could know."""


def write_benchmarks(folder: Path, keys: Mapping[str, str], settings: Settings) -> list[Path]:
    """One signed file a city, and its key in the sample city's list of those that it has compared by phone.

    ``keys``: service → its Leistungsschlüssel. Each city's key is made of a fixed seed: what it signs is only ever
    loaded as sample data. ``folder`` is made if missing.
    """
    from portalkompass.exchange.benchmark_file import signed
    from portalkompass.exchange.keys import TrustedKey, public, trust

    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(_SEED)
    paths = []
    for name, ars in CITIES.items():
        key = _key(rng.bytes(32))
        trust(settings, TrustedKey(ars, name, public(key), _MADE.isoformat()))
        paths.append(folder / f"kennzahlen-{ars}.json")
        paths[-1].write_bytes(signed(_content(name, ars, keys, rng), key))
    return paths


def _key(seed: bytes) -> OKPKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from joserfc.jwk import OKPKey

    private = Ed25519PrivateKey.from_private_bytes(seed)
    return OKPKey.import_key(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def _content(name: str, ars: str, keys: Mapping[str, str], rng: np.random.Generator) -> Benchmark:
    from portalkompass.exchange.benchmark_file import FORMAT, SCHEMA, Benchmark, City, Figure, Service

    services = []
    for service, usual in USUAL.items():
        basis = int(rng.integers(usual.cases // 3 + 20, usual.cases + 60))
        figures = {
            measure: Figure(value, 12, None if measure == "slowest_days" else basis)
            for measure, value in _figures(usual, rng).items()
            if rng.random() < _TELLS
        }
        services.append(Service((keys[service],), figures))
    return Benchmark(
        *(FORMAT, SCHEMA, City(name, ars), _FIRST, _LAST, _MADE, True),
        definitions={},
        services=tuple(services),
    )


def _figures(usual: Usual, rng: np.random.Generator) -> dict[str, float]:
    """What a city of the same kind counts: near the sample city's own, some better and some worse."""
    online = float(np.clip(usual.online_last + rng.normal(0.06, 0.12), 0.0, 0.97))
    further = {"end_to_end_share": round(float(rng.uniform(0.3, 0.8)), 3)} if online else {}
    return {
        "online_share": round(online, 3),
        **further,
        "slowest_days": round(usual.days * float(np.exp(rng.normal(0.15, 0.3))) + 1.0, 1),
        "cost_per_case": round(usual.euros * float(np.exp(rng.normal(0.0, 0.25))), 2),
        "satisfaction": round(float(np.clip(rng.normal(3.8, 0.5), 1.0, 5.0)), 2),
    }
