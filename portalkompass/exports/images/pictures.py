"""Exhibits as SVG and PNG (200 ppi), each carrying title, alternative text and source inside the file."""

from __future__ import annotations

import struct
import zlib

from portalkompass.charts.columns import said
from portalkompass.exports.disclosure_control import Outgoing, OutgoingWords
from portalkompass.exports.images.composition import FULL, Size, bare, compose, compose_words
from portalkompass.exports.images.image_worker import Form, ImageWorker
from portalkompass.exports.palette import Palette
from portalkompass.slide_set import Words

PREVIEW_PPI = 72
"""Points of a preview: one for each of the slide's."""
_PNG_HEAD = 33
"""Signature and IHDR chunk: further chunks go right behind."""


def picture(
    exhibit: Outgoing, form: Form, worker: ImageWorker, size: Size = FULL, *, transparent: bool = False
) -> bytes:
    """The exhibit as a file of that form, exactly of that size (tables may be higher).

    Raises:
        ImageFault: it could not be drawn.
    """
    page = compose(exhibit, size, transparent=transparent)
    drawn = worker.draw(page.svg, page.specification, (form,))[form]
    if form == "png":
        return _described_png(drawn, exhibit)
    return drawn


def drawn_chart(exhibit: Outgoing, width: float, height: float, worker: ImageWorker) -> bytes:
    """The chart alone as SVG, in points, for a paper that has headline and source itself.

    Raises:
        ImageFault: it could not be drawn.
    """
    page = bare(exhibit, width, height)
    return worker.draw(page.svg, page.specification, ("svg",))["svg"]


def preview(page: Outgoing | OutgoingWords, worker: ImageWorker) -> bytes:
    """A small PNG of what a slide of the page shows, for the screen only.

    Raises:
        ImageFault: it could not be drawn.
    """
    drawn = compose_words(page) if isinstance(page, Words) else compose(page)
    return worker.draw(drawn.svg, drawn.specification, ("png",), PREVIEW_PPI)["png"]


def slide_picture(
    exhibit: Outgoing, width: float, height: float, worker: ImageWorker, colours: Palette | None = None
) -> tuple[bytes, bytes]:
    """The chart alone as PNG and SVG, in points, for what PowerPoint cannot draw itself.

    ``colours`` are those of a template of the city, on whose ground it stands.

    Raises:
        ImageFault: it could not be drawn.
    """
    page = bare(exhibit, width, height, colours)
    drawn = worker.draw(page.svg, page.specification, ("png", "svg"))
    return drawn["png"], drawn["svg"]


def _texts(exhibit: Outgoing) -> dict[str, str]:
    """What travels inside a picture; every row in words, since a drawing alone cannot be read again."""
    texts = {"Title": exhibit.headline, "Description": exhibit.alt, "Source": exhibit.footer}
    return texts | {"Comment": "\n".join(said(exhibit))}


def _described_png(png: bytes, exhibit: Outgoing) -> bytes:
    """With the texts as iTXt chunks (UTF-8), each framed by its length and check sum."""
    chunks = b""
    for name, words in _texts(exhibit).items():
        chunk = b"iTXt" + name.encode("latin-1") + b"\0\0\0de\0\0" + words.encode("utf-8")
        chunks += struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return png[:_PNG_HEAD] + chunks + png[_PNG_HEAD:]
