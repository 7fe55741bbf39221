"""``deck``: the file's ending says what is made."""

from pptx import Presentation

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
