"""``deck --report NAME`` and ``publish``: a stored report as a file and a page; what is said where there is none."""

import shutil

from pptx import Presentation

from portalkompass.settings import Settings
from portalkompass.workspace import Report, add_page, close_workspace, create_report, workspace_of
from tests.conftest import command


def test_a_stored_report_is_written_by_its_name(demo_data, tmp_path):
    folder = tmp_path / "data"
    shutil.copytree(demo_data, folder)
    settings = Settings(data_dir=folder).as_demo()
    workspace = workspace_of(settings)
    report = create_report(
        workspace, Report("Sachstand Juni", committee="Rat"), ("top_pages", "decisions"), "Ina"
    )
    text = {"headline": "DMS", "points": "Pilot läuft", "note": "nur für die Rede"}
    add_page(workspace, report.id, "text", "text", "Ina", text)
    close_workspace(settings.workspace_url)
    out = folder / "juni.pptx"
    done = command(folder, "portalkompass", "deck", "--demo", str(out), "--report", "sachstand juni")
    assert done.returncode == 0, done.stderr
    assert "Keine Folie: Entscheidungen: Noch ist keine Entscheidung festgehalten." in done.stdout
    titles = [slide.shapes.title.text_frame.text for slide in Presentation(str(out)).slides]
    assert [titles[0], titles[-1]] == ["Sachstand Juni", "DMS"]
    page = command(
        folder, "portalkompass", "publish", "--demo", str(tmp_path / "site"), "--report", "Sachstand Juni",
        PORTALKOMPASS_PUBLICATION__ADDRESS="https://www.stadt.example/juni",
        PORTALKOMPASS_PUBLICATION__LICENCE="cc-zero",
        PORTALKOMPASS_PUBLICATION__CONTACT="daten@stadt.example",
    )  # fmt: skip
    assert page.returncode == 0, page.stderr
    assert "veröffentlicht (Beispieldaten): 12\u00a0Dateien neu" in page.stdout
    assert "Nicht auf der Seite: Entscheidungen: Noch ist keine Entscheidung festgehalten." in page.stdout
    html = (tmp_path / "site/index.html").read_text(encoding="utf-8")
    assert ("Pilot läuft" in html, "nur für die Rede" in html) == (True, False)
    assert 'href="daten/top-pages/top-pages.csv"' in html
    missing = command(folder, "portalkompass", "deck", "--demo", str(out), "--report", "Sachstand Juli")
    assert missing.returncode == 1
    assert "Einen Bericht „Sachstand Juli“ gibt es nicht. Gespeichert: „Sachstand Juni“." in missing.stderr
    both = command(
        folder, "portalkompass", "deck", "--demo", str(out), "--report", "x", "--as-of", "2025-12-15"
    )
    assert both.returncode == 2
