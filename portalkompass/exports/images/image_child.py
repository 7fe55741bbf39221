"""The process that draws: ``python -m portalkompass.exports.images.image_child``, one job after the other.

Each message on standard input and output is four bytes of length and that much JSON. A job names a
Vega-Lite specification (or none), a page with ``CHART`` in the place of the drawing, and the wanted forms
("svg", "png", "pdf"); the answer holds them in Base64, or a fault. The process ends with its input.
"""

from __future__ import annotations

import base64
import json
import os
import re
import struct
import sys
from pathlib import Path
from typing import Any, BinaryIO

CHART = "<!--chart-->"
FONTS = Path(__file__).resolve().parents[2] / "ui" / "shell" / "static" / "fonts"
LENGTH = struct.Struct(">I")


def read(stream: BinaryIO) -> dict[str, Any] | None:
    """The next message; None at the end of the stream."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    body = stream.read(length)
    if len(body) < length:
        return None
    message: dict[str, Any] = json.loads(body)
    return message


def write(stream: BinaryIO, message: dict[str, Any]) -> None:
    """One message, sent at once."""
    body = json.dumps(message, separators=(",", ":")).encode()
    stream.write(LENGTH.pack(len(body)) + body)
    stream.flush()


def draw(job: dict[str, Any]) -> dict[str, str]:
    """The forms that the job asks for, Base64; nothing is ever fetched from the network."""
    import vl_convert

    page: str = job["page"]
    if job["specification"] is not None:
        chart = vl_convert.vegalite_to_svg(job["specification"], allowed_base_urls=[])
        page = page.replace(CHART, as_group(chart))
    made: dict[str, bytes] = {}
    for form in job["forms"]:
        if form == "png":
            made[form] = vl_convert.svg_to_png(page, ppi=job["ppi"])
        elif form == "pdf":
            made[form] = vl_convert.svg_to_pdf(page)
        else:
            made[form] = page.encode("utf-8")
    return {form: base64.b64encode(content).decode("ascii") for form, content in made.items()}


def as_group(chart: str) -> str:
    """A drawing without its frame: a nested ``svg`` element costs five times the whole PNG."""
    return re.sub(r"^\s*<svg[^>]*>(.*)</svg>\s*$", r"<g>\1</g>", chart, flags=re.DOTALL)


def main() -> None:
    """Answer jobs until the input ends; what a library prints goes to standard error."""
    incoming = sys.stdin.buffer
    outgoing = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))
    while (job := read(incoming)) is not None:
        try:
            write(outgoing, {"made": draw(job)})
        except Exception as fault:
            write(outgoing, {"fault": f"{type(fault).__name__}: {fault}"[:500]})


if __name__ == "__main__":
    main()
