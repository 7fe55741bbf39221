"""In which encoding a text file is written."""

from __future__ import annotations

import codecs
import re
from typing import IO

from etl.errors import LoadError

BLOCK_BYTES = 1024**2
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\x1b")
_UTF8_PAIR = re.compile(rb"[\xc3\xc2][\x80-\xbf]|\xe2\x80[\x80-\xbf]")


def encoding_of(name: str, stream: IO[bytes]) -> str:
    """By its mark (BOM), else UTF-8 if every byte agrees, else Windows-1252 as Excel writes it.

    Raises:
        LoadError: it is no text, or UTF-8 in which single characters are damaged.
    """
    head = stream.read(BLOCK_BYTES)
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines, fault, pairs = 1, 0, False
    block = head
    while block:
        if len(block.translate(None, _CONTROL)) != len(block):
            raise LoadError(
                f"{name}: Das ist keine Textdatei (oder UTF-16 ohne Kennung). Bitte als CSV UTF-8 speichern."
            )
        following = stream.read(BLOCK_BYTES)
        if not fault:
            try:
                decoder.decode(block, final=not following)
            except UnicodeDecodeError as error:
                fault = lines + block[: error.start].count(b"\n")
        pairs = pairs or (not block.isascii() and _UTF8_PAIR.search(block) is not None)
        lines += block.count(b"\n")
        block = following
    if not fault:
        return "utf-8"
    if pairs:
        # Read as Windows-1252, its intact umlauts would silently turn into "Ã¤".
        raise LoadError(
            f"{name}, Zeile {fault}: Die Datei ist UTF-8 mit beschädigten Zeichen. Bitte neu exportieren."
        )
    return "cp1252"
