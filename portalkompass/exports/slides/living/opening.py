"""A presentation that people have edited, opened without trusting it: size first, then its parts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from pptx import Presentation

from portalkompass.exports.slides.boxes import Pptx

MOST_BYTES, MOST_UNPACKED, MOST_PARTS = 100 * 2**20, 400 * 2**20, 5000
"""Bytes of the file and of all its parts together, and how many parts it may have."""
MOST_XML = 40 * 2**20
"""Bytes of one part that is read as XML."""


class NotLiving(Exception):
    """The presentation cannot be brought up to date; the message is a German sentence."""


DAMAGED = "Die Datei ist keine unversehrte PowerPoint-Präsentation (.pptx)."


def opened(content: bytes) -> Pptx:
    """The presentation.

    Raises:
        NotLiving: it is no presentation, a damaged one, or larger than any real one.
    """
    if len(content) > MOST_BYTES:
        raise NotLiving(f"Die Präsentation ist größer als {MOST_BYTES >> 20} MB.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            fault = too_large(archive.infolist()) or (DAMAGED if archive.testzip() else "")
        deck = None if fault else Presentation(io.BytesIO(content))
        for slide in deck.slides if deck else ():
            list(slide.shapes)
    except Exception:
        raise NotLiving(DAMAGED) from None
    if deck is None:
        raise NotLiving(fault)
    return deck


def too_large(parts: Sequence[zipfile.ZipInfo]) -> str:
    """ "" or why the parts are more or larger than those of any real presentation, before one is unpacked."""
    xml = (part.file_size for part in parts if part.filename.endswith((".xml", ".rels")))
    if (
        len(parts) > MOST_PARTS
        or sum(part.file_size for part in parts) > MOST_UNPACKED
        or max(xml, default=0) > MOST_XML
    ):
        return "Die Präsentation ist entpackt größer als jede echte; sie wird nicht gelesen."
    return ""
