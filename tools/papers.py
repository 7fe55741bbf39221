"""Take the pictures in ``docs/deck`` and ``docs/paper`` again: ``python tools/papers.py``.

The report "Sachstand Digitalisierung" of 15 December 2025, stored with its text pages as the app does, as deck,
paper and handout of the sample data, drawn by LibreOffice and poppler (Debian: ``libreoffice-impress``,
``libreoffice-writer``, ``poppler-utils``). Nothing of a configured app is touched.
"""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from portalkompass.answers.report.text_page import usual_texts  # noqa: E402
from portalkompass.settings import Settings  # noqa: E402
from portalkompass.workspace import (  # noqa: E402
    STANDARD_PAGES,
    Report,
    close_workspace,
    create_report,
    workspace_of,
)
from tests.conftest import command  # noqa: E402

DECK, PAPER = ROOT / "docs/deck", ROOT / "docs/paper"
SHOWN = {"word": ("01", "04"), "pdf": ("05", "06", "07"), "handzettel": None}
"""Pages of each paper that are kept: text, tables and charts; of the handout its only one."""

TITLE = "Sachstand Digitalisierung"
HEAD = Report(TITLE, "", "Rat", dt.date(2025, 12, 15), "Beschluss des Rates vom 07.07.2025")
TYPED = {
    "DMS": "Ein Dokumentenmanagement für alle Fachbereiche\nSchrittweise Ablösung der Papierakte",
    "Fusion der ivl mit der regio iT": "Ein gemeinsamer Dienstleister für Betrieb und Entwicklung",
    "LLM": "Sprachmodelle in der Verwaltung\nRegeln zuerst, dann Erprobung mit öffentlichen Texten",
    "PDF": "Formulare als Online-Dienst oder barrierefreies PDF statt als Scan",
    "Kontakt": "Stadt Leverkusen, Team Digitalisierung",
}
"""Points of the text pages that are named in the list of usual ones, and empty there."""

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
        _store(Settings(data_dir=folder).as_demo())
        for file, *options in (["folie.pptx"], ["word.docx"], ["pdf.pdf"], ["handzettel.pdf", "--handout"]):
            report = ("--report", TITLE, *options)
            _run("portalkompass", "deck", "--demo", str(folder / file), *report, data=folder)
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


def _store(settings: Settings) -> None:
    """The report with all standard pages and the usual text pages, filled in as on the screen *Bericht*."""
    texts = tuple(
        one | {"points": one["points"] or TYPED.get(one["headline"], "")} for one in usual_texts(settings)
    )
    create_report(workspace_of(settings), HEAD, tuple(STANDARD_PAGES), "Team Digitalisierung", texts)
    close_workspace(settings.workspace_url)


def _run(*arguments: str, data: Path) -> None:
    made = command(data, *arguments)
    if made.returncode:
        raise SystemExit(made.stderr)


def _draw(paper: Path, start: Path, dots_per_inch: int) -> None:
    """``start``-01.png and so on, one picture a page."""
    subprocess.run(["pdftoppm", "-r", str(dots_per_inch), "-png", paper, start], check=True)


if __name__ == "__main__":
    main()
