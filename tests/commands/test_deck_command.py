"""``deck``: the file's ending says what is made; ``publish`` says what it needs."""

import json

from pptx import Presentation

from portalkompass.exports.slides.living import origin
from tests.commands.conftest import run
from tests.exports.papers.pdf_structure import faults, words


def test_a_pdf_is_accessible_and_holds_the_report(folder, tmp_path):
    result = run(folder, "deck", str(tmp_path / "bericht.pdf"))
    assert (result.returncode, result.stderr) == (0, "")
    content = (tmp_path / "bericht.pdf").read_bytes()
    assert faults(content) == []
    assert words(content)[1][0].startswith("Sachstand Digitalisierung")


def test_another_ending_is_refused_and_nothing_written(folder, tmp_path):
    result = run(folder, "deck", str(tmp_path / "bericht.odp"))
    assert result.returncode == 2
    assert "muss auf .pptx, .pdf oder .docx enden" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_published_without_address_licence_and_contact(folder, tmp_path):
    result = run(folder, "publish", str(tmp_path / "seite"), PORTALKOMPASS_PUBLICATION__LICENCE="cc-zero")
    assert result.returncode == 1
    assert result.stderr.startswith("Zum Veröffentlichen fehlt in den Einstellungen: „publication.address“")
    assert "licence" not in result.stderr
    wrong = run(
        folder, "publish", str(tmp_path / "seite"), PORTALKOMPASS_PUBLICATION__ADDRESS="stadt.example"
    )
    assert (wrong.returncode, wrong.stderr.count("\n")) == (1, 1)
    assert "nötig ist eine Adresse wie https://" in wrong.stderr
    file = run(
        folder, "publish", "x", PORTALKOMPASS_PUBLICATION__ADDRESS="https://stadt.example/bericht/index.html"
    )
    assert (file.returncode, "ohne den Namen der Seite darin" in file.stderr) == (1, True)
    assert run(folder, "publish", "x", "--report", "a", "--since", "2025-01-01").returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_the_ending_of_a_paper_may_be_written_in_capitals(tmp_path):
    """Nothing is loaded there: what is told is that, and not that the name is wrong."""
    told = {name: run(tmp_path, "plan", "--paper", name).returncode for name in ("a.PDF", "a.Docx", "a.odt")}
    assert told == {"a.PDF": 1, "a.Docx": 1, "a.odt": 2}


def test_a_handout_is_a_pdf_only(folder, tmp_path):
    assert run(folder, "deck", "--handout", str(tmp_path / "blatt.docx")).returncode == 2
    result = run(folder, "deck", "--handout", str(tmp_path / "blatt.pdf"))
    assert (result.returncode, result.stderr) == (0, "")
    assert len(words((tmp_path / "blatt.pdf").read_bytes())[1]) == 1


def test_an_edited_deck_is_brought_up_to_date_and_own_words_stay(folder, tmp_path):
    made, new = tmp_path / "bericht.pptx", tmp_path / "neu.pptx"
    assert run(folder, "deck", str(made)).returncode == 0
    deck = Presentation(str(made))
    slide = deck.slides[1]
    slide.shapes.title.text_frame.text = "Meine Überschrift"
    deck.save(str(made))
    result = run(folder, "deck", "--refresh", str(made), "--output", str(new))
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [f"{new} geschrieben.", "Keine Änderungen."]
    assert Presentation(str(new)).slides[1].shapes.title.text_frame.text == "Meine Überschrift"


def test_a_foreign_deck_is_refused_with_one_sentence_and_nothing_written(folder, tmp_path):
    Presentation().save(str(tmp_path / "fremd.pptx"))
    (tmp_path / "kaputt.pptx").write_bytes(b"PK\x03\x04")
    for name, why in (("fremd", "nichts, was aus dem Portalkompass stammt"), ("kaputt", "keine unversehrte")):
        result = run(folder, "deck", "--refresh", str(tmp_path / f"{name}.pptx"))
        assert result.returncode == 1
        assert why in result.stderr
        assert result.stderr.count("\n") == 1
    assert run(folder, "deck", "--refresh", str(tmp_path / "fehlt.pptx")).returncode == 1
    assert run(folder, "deck", "--refresh", "x.pptx", "--from", "2025-01-01").returncode == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fremd.pptx", "kaputt.pptx"]


def test_every_refreshed_number_is_that_of_figures(folder, tmp_path):
    """A deck of half a year, told to be of the usual period: afterwards its charts hold what ``figures`` says."""
    made, new = tmp_path / "bericht.pptx", tmp_path / "neu.pptx"
    days = ("--from", "2025-01-01", "--to", "2025-06-30")
    assert run(folder, "deck", str(made), *days).returncode == 0
    deck = Presentation(str(made))
    for shape in (shape for slide in deck.slides for shape in slide.shapes):
        shape.name = shape.name.replace("bericht?von=2025-01-01&bis=2025-06-30", "bericht")
    before = charts(deck)
    deck.save(str(made))
    result = run(folder, "deck", "--refresh", str(made), "--output", str(new))
    assert (result.returncode, result.stderr) == (0, "")
    after, told = charts(Presentation(str(new))), json.loads(run(folder, "figures", "--json").stdout)
    assert list(after["top_pages"].series[0].values) == [page["clicks"] for page in told["top_pages"]]
    assert list(before["top_pages"].series[0].values) != list(after["top_pages"].series[0].values)
    assert sum(after["clicks_trend"].series[0].values) == told["totals"]["clicks"]
    assert sum(before["clicks_trend"].series[0].values) != told["totals"]["clicks"]
    assert "Folie" in result.stdout


def charts(deck):
    """The plots of charts by the page they show."""
    shapes = [shape for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    return {origin.read(shape).page: shape.chart.plots[0] for shape in shapes}
