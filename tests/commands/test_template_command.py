"""The command that looks at a template before anybody waits for slides."""

from tests.commands.conftest import run
from tests.exports.slides import templates


def test_every_layout_is_told_with_its_use_and_a_template_without_room_ends_with_1(folder, tmp_path):
    fine = run(folder, "template", templates.low_title(tmp_path).template)
    assert (fine.returncode, fine.stderr) == (0, "")
    assert "Nur Titel [Inhalt]: frei 880 × 384 Punkt" in fine.stdout
    assert "Der Titel steht unter dem Inhalt." in fine.stdout
    tight = run(folder, "template", templates.squeezed(tmp_path).template)
    assert tight.returncode == 1
    assert tight.stderr.startswith("Die Vorlage taugt nicht für Folien. Das Layout „Nur Titel“")
