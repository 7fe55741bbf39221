"""A signed file of benchmarks: the figures of a city's services in one period, as one city hands them to another.

The envelope is JSON Web Signature (RFC 7515, flattened JSON) with Ed25519 (RFC 8037, 9864). The public key travels in
its head: it tells that nothing was altered; whether it is the city's says `exchange.keys`. ``SCHEMA`` rises with the
form *and* with any change of what a figure means, since figures of two definitions must never be compared.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from typing import Annotated

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import GuestProtocol, OKPKey

FORMAT, SCHEMA = "portalkompass-benchmark", 1
ALGORITHM = "Ed25519"
SCALES: Mapping[str, tuple[float, float]] = {
    "online_share": (0.0, 1.0),
    "end_to_end_share": (0.0, 1.0),
    "application_rate": (0.0, 1.0),
    "slowest_days": (0.0, 3_650.0),
    "cost_per_case": (0.0, 1e7),
    "satisfaction": (1.0, 5.0),
}
"""The figures that a file can hold, and the least and greatest value of each."""
MOST_BYTES = 4 * 1024**2
LONGEST = 100
"""Characters of a name."""
_NAME = r"\w .,'()/&–-"
"""What a city's name is written with: it is shown on terminals and screens before anybody knows whose it is."""


_FORGED = (
    "Die Unterschrift passt nicht zum Inhalt: Die Datei wurde verändert oder ist beschädigt. Bitte die Stadt um die "
    "Datei, wie sie ausgegeben wurde"
)


class BenchmarkFault(Exception):
    """A file that cannot be used; the message is a German sentence without the file's name."""


class Forged(BenchmarkFault):
    """The signature does not belong to what stands in the file."""


class _Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class City(_Form, frozen=True):
    """Who made the file."""

    name: Annotated[str, msgspec.Meta(pattern=rf"\A\w[{_NAME}]*\Z", max_length=LONGEST)]
    ars: Annotated[str, msgspec.Meta(pattern=r"\A[0-9]{12}\Z")]


class Figure(_Form, frozen=True):
    """``months``: whole months behind it; ``basis``: cases or answers, None where the figure has none to tell."""

    value: float
    months: Annotated[int, msgspec.Meta(ge=1, le=1200)]
    basis: Annotated[int, msgspec.Meta(ge=0, le=10**12)] | None = None


class Service(_Form, frozen=True):
    """One service with its 14-digit keys; a figure that is unknown or hidden is not there, never 0."""

    keys: tuple[str, ...]
    figures: dict[str, Figure]


class Benchmark(_Form, frozen=True):
    """What is signed. ``first`` and ``last`` are days; ``definitions`` say in German what each figure means."""

    format: str
    schema: int
    city: City
    first: dt.date
    last: dt.date
    made_on: dt.date
    sample: bool
    definitions: dict[str, str]
    services: Annotated[tuple[Service, ...], msgspec.Meta(max_length=20_000)]


class _Head(msgspec.Struct):
    """What is read before anything else of the content."""

    format: str = ""
    schema: int = 0


class _Registry(jws.JWSRegistry):
    max_header_length = 2_048
    max_payload_length = MOST_BYTES


_REGISTRY = _Registry(algorithms=[ALGORITHM])


def city(name: str, ars: str) -> City:
    """The sender; signs that a name may not hold are left out."""
    plain = " ".join(re.sub(rf"[^{_NAME}]", " ", name).split())[:LONGEST]
    return City(re.sub(r"\A\W+", "", plain) or ars, ars)


def signed(benchmark: Benchmark, key: OKPKey) -> bytes:
    """The file: JSON of head, content and signature."""
    head = {"alg": ALGORITHM, "typ": f"{FORMAT}+json", "jwk": key.as_dict(private=False)}
    content = msgspec.json.encode(benchmark)
    made = jws.serialize_json({"protected": head}, content, key, registry=_REGISTRY)
    return json.dumps(made, indent=1, sort_keys=True).encode() + b"\n"


def looks_signed(head: bytes) -> bool:
    """Whether the first bytes of a JSON file are those of such an envelope."""
    start = head.lstrip(b"\xef\xbb\xbf").lstrip()
    return start.startswith(b"{") and any(
        start[1:].lstrip().startswith(name) for name in (b'"payload"', b'"protected"', b'"signature"')
    )


def opened(raw: bytes) -> tuple[Benchmark, OKPKey]:
    """The content, and the public key that it is signed with; nothing of it is believed before that is a known one.

    Raises:
        Forged: altered, damaged, or signed with another key than it names.
        BenchmarkFault: it is no such file, or of another schema.
    """
    if len(raw) > MOST_BYTES:
        raise BenchmarkFault("Die Datei ist größer, als eine Vergleichsdatei sein kann")
    content, key = _verified(raw)
    return _read(content), key


def _verified(raw: bytes) -> tuple[bytes, OKPKey]:
    """The signed bytes and the key of their head; what the signature does not cover must not be there."""
    keys: list[OKPKey] = []

    def named(part: GuestProtocol) -> OKPKey:
        head = part.headers()
        key = head["jwk"]
        if head["alg"] != ALGORITHM or key["crv"] != ALGORITHM:
            raise BenchmarkFault("Die Datei ist anders unterschrieben, als Vergleichsdateien es sind")
        keys.append(OKPKey.import_key({name: key[name] for name in ("kty", "crv", "x")}))
        return keys[-1]

    try:
        envelope = json.loads(raw.decode("utf-8-sig"))
        if set(envelope) != {"payload", "protected", "signature"}:
            raise Forged(_FORGED)
        content = jws.deserialize_json(envelope, named, registry=_REGISTRY).payload
    except BenchmarkFault:
        raise
    except (JoseError, ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError):
        raise Forged(_FORGED) from None
    if content is None or len(keys) != 1:
        raise Forged(_FORGED)
    return content, keys[0]


def _read(content: bytes) -> Benchmark:
    try:
        head = msgspec.json.decode(content, type=_Head)
        if head.format != FORMAT:
            raise BenchmarkFault(
                "Die Datei ist unterschrieben, aber keine Vergleichsdatei des Portalkompasses"
            )
        _refuse_other_schema(head.schema)
        benchmark = msgspec.json.decode(content, type=Benchmark)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BenchmarkFault("Der Inhalt hat nicht die Form einer Vergleichsdatei") from None
    next_day = benchmark.last + dt.timedelta(days=1) if benchmark.last < dt.date.max else benchmark.last
    if not (benchmark.first.day == 1 and next_day.day == 1 and benchmark.first < benchmark.last):
        raise BenchmarkFault("Der Zeitraum der Datei besteht nicht aus ganzen Monaten")
    return benchmark


def _refuse_other_schema(schema: int) -> None:
    if schema < SCHEMA:
        raise BenchmarkFault(
            f"Die Datei ist von einer älteren Fassung (Schema {schema}, nötig ist {SCHEMA}): Ihre Kennzahlen können "
            "anders gemeint sein. Bitte die Stadt, sie mit der heutigen Fassung neu auszugeben"
        )
    if schema > SCHEMA:
        raise BenchmarkFault(
            f"Die Datei ist von einer neueren Fassung (Schema {schema}, bekannt ist {SCHEMA}). Bitte zuerst den "
            "Portalkompass aktualisieren"
        )
