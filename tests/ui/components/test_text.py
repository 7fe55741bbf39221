import pytest

from portalkompass.ui.components.text import plain


@pytest.mark.parametrize(
    ("raw", "written"),
    [
        ("Hundesteuer", "Hundesteuer"),
        ("**fett**", r"\*\*fett\*\*"),
        ("[a](b)", r"\[a\]\(b\)"),
        ("<b>", r"\<b\>"),
        ("$x$", r"\$x\$"),
        ("a\n# b", r"a \# b"),
        (" a \t\r\n b ", "a b"),
        ("66,67\u00a0%, 5\u202fkm", "66,67\u00a0\\%, 5\u202fkm"),
    ],
)
def test_markdown_of_foreign_texts_is_disarmed(raw, written):
    assert plain(raw) == written


@pytest.mark.parametrize(
    "raw",
    [
        ":smile:",
        ":red[x]",
        ":material/home:",
        "https://boese.example",
        "www.boese.example",
        "https://www.boese.example/",
        "max@boese.example",
    ],
)
def test_shortcodes_and_addresses_stay_text(raw):
    written = plain(raw)
    assert ":s" not in written
    assert ":red[" not in written
    assert "https://" not in written
    assert "www." not in written
    # links are also made of the finished text, in which the backslashes are gone
    finished = written.replace("\\", "")
    assert "www." not in finished
    assert "@boese" not in finished
    assert finished.replace("\u2060", "") == raw
