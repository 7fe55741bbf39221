"""The process that draws: ``python -m portalkompass.exports.images.image_child``, one job after the other.

Each job on standard input and each answer on standard output is a line of JSON. A job names a
Vega-Lite specification (or none), a page with ``CHART`` in the place of the drawing, and the wanted forms
("svg", "png", "pdf"); the answer holds them in Base64, or a fault. The process ends with its input.
"""

from __future__ import annotations

import base64
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

CHART = "<!--chart-->"
FONTS = Path(__file__).resolve().parents[2] / "ui" / "shell" / "static" / "fonts"


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
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))
    for job in sys.stdin:
        try:
            answer: dict[str, Any] = {"made": draw(json.loads(job))}
        except Exception as fault:
            answer = {"fault": f"{type(fault).__name__}: {fault}"[:500]}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
