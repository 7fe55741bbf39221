"""``deck``: the file's ending says what is made."""

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
