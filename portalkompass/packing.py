"""Frozen dataclasses with tables in them as bytes, and back to the last bit: MessagePack behind its SHA-256."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Hashable
from typing import Any, TypeVar, cast

import msgspec
import numpy as np
import pandas as pd
import pyarrow as pa

T = TypeVar("T")
DIGEST_BYTES = 32
"""Length of a SHA-256."""


class Damaged(Exception):
    """What was packed is not what was written."""


def pack(value: object) -> bytes:
    """The value; tables are Arrow streams within it."""
    data = msgspec.msgpack.encode(value, enc_hook=_plain)
    return hashlib.sha256(data).digest() + data


def unpack(kind: type[T], packed: bytes) -> T:
    """What ``pack`` made of a value of that kind.

    Raises:
        Damaged: not a bit of it may differ, since a figure could; or it is of another form of that kind.
    """
    digest, data = packed[:DIGEST_BYTES], packed[DIGEST_BYTES:]
    if hashlib.sha256(data).digest() != digest:
        raise Damaged(f"{len(packed)} bytes are not what was written")
    try:
        value: T = _decoder(cast(Hashable, kind)).decode(data)
    except msgspec.DecodeError as fault:
        raise Damaged(str(fault)) from None
    return value


@functools.cache
def _decoder(kind: Hashable) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(cast(type, kind), dec_hook=_read)


def _plain(value: object) -> object:
    if isinstance(value, pd.DataFrame):
        sink = pa.BufferOutputStream()
        table = pa.Table.from_pandas(value)
        with pa.ipc.new_stream(sink, table.schema) as stream:
            stream.write_table(table)
        return sink.getvalue().to_pybytes()
    if isinstance(value, np.generic):
        return value.item()
    raise NotImplementedError(f"{type(value).__name__} cannot be packed")


def _read(kind: type, value: bytes) -> object:
    if kind is pd.DataFrame:
        return pa.ipc.open_stream(value).read_pandas()
    raise NotImplementedError(f"{kind.__name__} cannot be unpacked")
