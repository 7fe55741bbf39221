"""Files of invented cities, signed with keys of their own, and the list in which these are trusted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from joserfc.jwk import OKPKey

from portalkompass.exchange.benchmark_file import FORMAT, SCHEMA, Benchmark, City, Figure, Service, signed
from portalkompass.exchange.keys import TrustedKey, public, trust
from portalkompass.settings import Settings

HUND, BAU = "99102013002000", "99012024017000"
FIRST, LAST, MADE = dt.date(2024, 12, 1), dt.date(2025, 11, 30), dt.date(2025, 12, 10)


@dataclass(frozen=True)
class Sender:
    """A city with its key."""

    name: str
    ars: str
    key: OKPKey

    def content(self, figures: Mapping[str, Mapping[str, float]], **changes: Any) -> Benchmark:
        """A file's content: key of a service → figure → value."""
        services = tuple(
            Service((key,), {name: Figure(value, 12, 100) for name, value in of.items()})
            for key, of in figures.items()
        )
        made = Benchmark(FORMAT, SCHEMA, City(self.name, self.ars), FIRST, LAST, MADE, False, {}, services)
        return msgspec.structs.replace(made, **changes)

    def file(self, path: Path, content: Benchmark) -> Path:
        """The content signed, as a file."""
        path.write_bytes(signed(content, self.key))
        return path

    def trusted_by(self, settings: Settings) -> None:
        """As after the phone call."""
        trust(settings, TrustedKey(self.ars, self.name, public(self.key), "2025-12-01"))


def sender(name: str, number: int = 1) -> Sender:
    """A new city."""
    return Sender(name, f"0512{number:04}0000", OKPKey.generate_key("Ed25519"))
