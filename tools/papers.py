"""Take the pictures in ``docs/deck`` and ``docs/paper`` again: ``python tools/papers.py``.

The report "Sachstand Digitalisierung" of the sample data as deck, paper and handout, drawn by LibreOffice
and poppler (Debian: ``libreoffice-impress``, ``libreoffice-writer``, ``poppler-utils``). Nothing of a
configured app is touched.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.conftest import command  # noqa: E402

DECK, PAPER = ROOT / "docs/deck", ROOT / "docs/paper"
SHOWN = {"word": ("01", "04"), "pdf": ("05", "06", "07"), "handzettel": None}
"""Pages of each paper that are kept: text, tables and charts; of the handout its only one."""

GERMAN = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>de-DE</value></prop></item>
</oor:items>"""
"""Numbers of native charts follow the reader's office, here a German one."""


def main() -> None:
    """Every slide of the deck; of the papers what shows each kind of page once."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _run("etl", "demo", data=folder)
        for file, *options in (["folie.pptx"], ["word.docx"], ["pdf.pdf"], ["handzettel.pdf", "--handout"]):
            _run("portalkompass", "deck", "--demo", str(folder / file), *options, data=folder)
        profile = folder / "office/user/registrymodifications.xcu"
        profile.parent.mkdir(parents=True)
        profile.write_text(GERMAN, encoding="utf-8")
        for office in ("folie.pptx", "word.docx"):
            subprocess.run(
                [
                    "soffice",
                    f"-env:UserInstallation={(folder / 'office').as_uri()}",
                    *("--headless", "--convert-to", "pdf", "--outdir", name, folder / office),
                ],
                check=True,
                capture_output=True,
            )
        for old in (*DECK.glob("*.png"), *PAPER.glob("*.png")):
            old.unlink()
        _draw(folder / "folie.pdf", DECK / "folie", 80)
        for paper, pages in SHOWN.items():
            _draw(folder / f"{paper}.pdf", folder / paper, 70)
            for picture in sorted(folder.glob(f"{paper}-*.png")):
                page = picture.stem.rsplit("-")[-1].zfill(2)
                if pages is None or page in pages:
                    picture.replace(PAPER / (f"{paper}.png" if pages is None else f"{paper}-{page}.png"))


def _run(*arguments: str, data: Path) -> None:
    made = command(data, *arguments)
    if made.returncode:
        raise SystemExit(made.stderr)


def _draw(paper: Path, start: Path, dots_per_inch: int) -> None:
    """``start``-01.png and so on, one picture a page."""
    subprocess.run(["pdftoppm", "-r", str(dots_per_inch), "-png", paper, start], check=True)


if __name__ == "__main__":
    main()
