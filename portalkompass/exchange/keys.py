"""The city's own key, and the public keys of other cities that a person has compared by phone.

The private key lies apart from everything that is published or backed up; the list of the others is a plain file of the
data folder. A key belongs to one city: what it signs may not speak for another.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from portalkompass import german
from portalkompass.exchange.benchmark_file import ALGORITHM, BenchmarkFault
from portalkompass.settings import Settings
from portalkompass.warehouse.snapshots import move, replace_whole

TRUSTED = "benchmark_keys.csv"
_COLUMNS = ("ars", "stadt", "schluessel", "verglichen_am")
_GROUPS = 8


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """The public key (``x`` of RFC 8037) of a city."""

    ars: str
    city: str
    x: str
    compared_on: str = ""


def own_key_file(settings: Settings) -> Path:
    """Where the private key lies."""
    return settings.data_dir / "private" / "benchmark_key.pem"


def own_key(settings: Settings) -> OKPKey:
    """The city's private key; made on first use, readable by its owner only.

    Raises:
        BenchmarkFault: it cannot be read or written, or others may read it.
    """
    path = own_key_file(settings)
    try:
        if not path.exists():
            _make(path)
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise BenchmarkFault(f"Den Schlüssel {path} dürfen auch andere lesen. Bitte „chmod 600 {path}“")
        key = OKPKey.import_key(path.read_bytes())
    except OSError as error:
        raise BenchmarkFault(
            f"Der Schlüssel {path} lässt sich nicht lesen: {german.why_unreadable(error)}"
        ) from None
    except (JoseError, ValueError, TypeError):
        raise BenchmarkFault(f"{path} enthält keinen privaten Schlüssel (Ed25519)") from None
    if not key.is_private or key.curve_name != ALGORITHM:
        raise BenchmarkFault(f"{path} enthält keinen privaten Schlüssel (Ed25519)")
    return key


def _make(path: Path) -> None:
    """Written whole beside its place, then moved there, unless another process was quicker."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(OKPKey.generate_key("Ed25519").as_pem(private=True))
        if not path.exists():
            move(part, path)
    finally:
        part.unlink(missing_ok=True)


def public(key: OKPKey) -> str:
    """The public part as the list of trusted keys holds it."""
    return str(key.as_dict(private=False)["x"])


def fingerprint(x: str) -> str:
    """Eight groups of four digits and letters, to be read out on the phone: 128 bits of the key's SHA-256."""
    raw = base64.urlsafe_b64decode(x + "=" * (-len(x) % 4))
    digits = hashlib.sha256(raw).hexdigest()
    return " ".join(digits[4 * group : 4 * group + 4] for group in range(_GROUPS))


def same_fingerprint(told: str, x: str) -> bool:
    """Whether a person typed this key's fingerprint, with blanks and capitals as they please."""
    return "".join(told.lower().split()) == fingerprint(x).replace(" ", "")


def trusted(settings: Settings) -> tuple[TrustedKey, ...]:
    """The keys of other cities.

    Raises:
        BenchmarkFault: the list cannot be read.
    """
    path = settings.data_dir / TRUSTED
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise BenchmarkFault(f"{TRUSTED} lässt sich nicht lesen: {german.why_unreadable(error)}") from None
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    if any(not all(isinstance(row.get(name), str) for name in _COLUMNS) for row in rows):
        raise BenchmarkFault(f"{TRUSTED} hat nicht die Spalten {', '.join(_COLUMNS)}")
    return tuple(TrustedKey(*(row[name].strip() for name in _COLUMNS)) for row in rows)


def trust(settings: Settings, key: TrustedKey) -> None:
    """Add the key to the list, which stays whole whatever happens meanwhile.

    Raises:
        BenchmarkFault: the list cannot be read or written.
    """
    known = [one for one in trusted(settings) if one.x != key.x]
    _write(settings.data_dir / TRUSTED, [*known, key])


def _write(path: Path, keys: Sequence[TrustedKey]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows((key.ars, key.city, key.x, key.compared_on) for key in keys)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_whole(path, text.getvalue().encode())
    except OSError as error:
        raise BenchmarkFault(
            f"{TRUSTED} lässt sich nicht schreiben: {german.why_unreadable(error)}"
        ) from None
