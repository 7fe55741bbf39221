"""The text pages that a new report begins with, from the city's own list."""

import pytest

from portalkompass.answers.report.text_page import usual_texts
from portalkompass.settings import SHIPPED_DATA, Settings
from portalkompass.workspace import WorkspaceError


def test_the_list_that_an_editor_of_windows_saved_is_read_and_a_foreign_one_is_a_sentence(tmp_path):
    own, shipped = Settings(data_dir=tmp_path / "eigene"), Settings(data_dir=tmp_path)
    own.data_dir.mkdir()
    text = (SHIPPED_DATA / "report_texts.toml").read_text(encoding="utf-8")
    (own.data_dir / "report_texts.toml").write_text(text, encoding="utf-8-sig")
    assert usual_texts(own) == usual_texts(shipped) != ()
    (own.data_dir / "report_texts.toml").write_text("pages = 1", encoding="utf-8")
    with pytest.raises(WorkspaceError, match="lässt sich nicht lesen"):
        usual_texts(own)
