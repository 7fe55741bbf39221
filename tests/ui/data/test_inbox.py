import pytest

from portalkompass.ui.data import inbox


@pytest.mark.parametrize(
    ("name", "harmless"),
    [
        ("portal_2025-11.csv", "portal_2025-11.csv"),
        ("https___www.stadt.example_-Performance.zip", "https___www.stadt.example_-Performance.zip"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\a\\Zahlen.xlsx", "Zahlen.xlsx"),
        ("--site=x.csv", "site=x.csv"),
        ("a\x00b\n.csv", "ab.csv"),
        ("Gebu\u0308hren.csv", "Gebühren.csv"),
        ("...", "datei"),
        (".csv", "csv"),
        ("x" * 300 + ".csv", "x" * 116 + ".csv"),
    ],
)
def test_names_lose_whatever_a_file_system_or_command_line_could_misread(name, harmless):
    assert inbox.harmless(name) == harmless


def test_uploads_keep_their_name_in_a_folder_of_their_own_and_leave_nothing_behind(tmp_path):
    first = inbox.keep(tmp_path, "a.csv", b"1")
    second = inbox.keep(tmp_path, "a.csv", b"2")
    assert (first.name, second.name) == ("a.csv", "a.csv")
    assert (first.read_bytes(), second.read_bytes()) == (b"1", b"2")
    inbox.discard(first)
    inbox.discard(first)
    assert sorted(path.name for path in tmp_path.rglob("*.csv")) == ["a.csv"]
