"""The process that draws: ``python -m portalkompass.exports.images.image_child``, one job after the other.

Each job on standard input and each answer on standard output is a line of JSON. A job names a
Vega-Lite specification (or none), a page with ``CHART`` in the place of the drawing, and the wanted forms
("svg", "png"), or a paper: its Typst markup and the document, which is data to it. The answer holds what was made in
Base64, or a fault. The process ends with its input.
"""

from __future__ import annotations

import base64
import json
import os
import re
import sys
from functools import cache
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
        else:
            made[form] = page.encode("utf-8")
    return {form: base64.b64encode(content).decode("ascii") for form, content in made.items()}


def typeset(markup: str, document: dict[str, Any]) -> dict[str, str]:
    """The paper as PDF/UA-1, Base64. Letters that no font has become question marks: the standard allows no others."""
    import typst

    data = json.dumps(document, ensure_ascii=False)
    while True:
        setting = typst.Compiler(
            markup.encode(), root=str(FONTS), font_paths=_fonts(), sys_inputs={"data": data}
        )
        try:
            made = setting.compile(format="pdf", pdf_standards=["ua-1"])
        except typst.TypstError as fault:
            missing = without_glyph(str(fault.diagnostic)) & set(data)
            if not missing:
                raise
            data = data.translate({ord(letter): "?" for letter in missing})
        else:
            assert isinstance(made, bytes)
            return {"pdf": base64.b64encode(made).decode("ascii")}


@cache
def _fonts() -> Any:  # noqa: ANN401 the library is loaded with the first paper
    """The shipped font, and for letters that it lacks those of the machine and of Typst."""
    import typst

    return typst.Fonts(font_paths=[str(FONTS)])


def without_glyph(told: str) -> set[str]:
    """The letters beyond ASCII that Typst names because no font has them; it writes some by their number."""
    named = "".join(_UNSHOWN.findall(told))
    letters = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), named)
    return {letter for letter in letters if not letter.isascii()}


_UNSHOWN = re.compile(r'the text `"(.*?)"` could not be displayed', re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


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
            wanted = json.loads(job)
            paper = "markup" in wanted
            made = typeset(wanted["markup"], wanted["document"]) if paper else draw(wanted)
            answer: dict[str, Any] = {"made": made}
        except Exception as fault:
            answer = {"fault": f"{type(fault).__name__}: {fault}"[:500]}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
