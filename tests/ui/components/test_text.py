import duckdb
import pytest

from portalkompass.settings import Settings
from portalkompass.ui.components.messages import NOT_SET_UP, SUPPORT, in_a_browser
from portalkompass.ui.components.text import plain
from portalkompass.warehouse.faults import sentence_of
from portalkompass.workspace.opening import _way_back
from tests.screens.test_catalogue import TERMINAL


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


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (
            sentence_of(duckdb.IOException("checksum"), "20251217T000000Z"),
            f"Der Datenstand 20251217T000000Z lässt sich nicht öffnen, er ist wohl beschädigt. {SUPPORT}",
        ),
        (
            sentence_of(duckdb.OutOfMemoryException("no more")),
            f"Der Arbeitsspeicher für Auswertungen reicht nicht. {SUPPORT}",
        ),
        (
            f"Der Arbeitsbereich ist nicht erreichbar, beschädigt: page 3. {_way_back(Settings())}",
            f"Der Arbeitsbereich ist nicht erreichbar, beschädigt: page 3. {SUPPORT}",
        ),
        ("Für Spark fehlt der Ort des Lakes: PORTALKOMPASS_LAKE setzen.", f"{NOT_SET_UP} {SUPPORT}"),
        ("Der Termin (z. B. Montag) fehlt. Bitte nachtragen.",) * 2,
    ],
)
def test_a_fault_in_a_browser_names_no_command_and_no_setting(fault, told):
    assert in_a_browser(fault) == told
    assert not TERMINAL.search(told)
