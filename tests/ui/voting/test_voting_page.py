import datetime as dt
import re
import socket

from portalkompass.prioritisation import load_criteria
from portalkompass.settings import SHIPPED_DATA, Settings
from portalkompass.ui.voting.voting_network import reach_fault
from portalkompass.ui.voting.voting_page import ballot
from portalkompass.ui.workshop.weights import ends
from portalkompass.workspace import Round

NOW = dt.datetime(2025, 12, 17, tzinfo=dt.UTC)


def voting(criteria):
    told = tuple(
        {"id": one.id, "label": one.label, "help": one.help, "start": 50, "step": ends(one)}
        for one in criteria
    )
    return Round(1, "ABCDE12345", 1, told, False, "anna", NOW, NOW, None, None)


def words(html):
    """Words that a reader sees, without the head and the style."""
    body = re.sub(r"<(style|head|title)[^>]*>.*?</\1>", " ", html, flags=re.DOTALL)
    return re.sub(r"<[^>]+>", " ", body).split()


def test_the_longest_ballot_has_at_most_250_words_and_says_how_far_one_is():
    shipped = load_criteria(SHIPPED_DATA / "criteria.toml")
    most = max((shipped.chosen(preset.criteria) for preset in shipped.presets), key=len)
    page = ballot(voting(most), None)
    assert len(words(page)) <= 250
    assert f"1/{len(most)} " in page
    assert f"{len(most)}/{len(most)} " in page


def test_the_address_for_phones_is_tried_before_a_round_opens():
    assert "nur auf diesem Rechner" in reach_fault(Settings(), "http://localhost:8501")
    here = replace_address("http://127.0.0.1:8502")
    assert "gilt nur auf diesem Rechner" in reach_fault(here, "http://localhost:8501")
    with socket.socket() as free:
        free.bind(("127.0.0.2", 0))
        port = free.getsockname()[1]
        address = f"http://127.0.0.2:{port}"
        assert "antwortet nichts" in reach_fault(replace_address(address), "")
        free.listen()
        assert reach_fault(replace_address(address), "") == ""


def replace_address(address):
    return Settings().model_copy(update={"workshop_lan": True, "workshop_address": address})
