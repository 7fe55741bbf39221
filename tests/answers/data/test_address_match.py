"""Addresses of Google and of the portal: October 2025 is the fixture's one portal period, with one page."""

import pandas as pd
import pytest

from portalkompass.answers.data import data_state
from portalkompass.answers.data.address_match import unmatched
from tests.answers.conftest import exhibit


def test_each_side_tells_what_has_no_counterpart_on_the_other(house):
    found = exhibit(house.ask(data_state), "address_match")
    # Google has three pages and 31 days of 6 + 3 + 1 clicks; the portal names the page with 3.
    assert found.frame.values.tolist() == [
        ["Portalstatistik", "Eindeutige Seitenansichten", 1, 0, 400, 0, 0.0],
        ["Google", "Klicks", 3, 2, 310, 217, pytest.approx(0.7)],
    ]
    assert (
        found.headline
        == "0,0\u00a0% der Portalzahlen und 70,0\u00a0% der Google-Klicks haben kein Gegenstück"
    )


def test_without_portal_data_nothing_is_said(empty_house):
    assert "address_match" not in [one.id for one in empty_house.ask(data_state).exhibits]


def test_pages_without_a_count_are_pages_and_the_share_of_nothing_is_unknown():
    rows = pd.DataFrame({"url": ["a", "b"], "views": [None, None]})
    assert unmatched(rows, "views", pd.Series(["a"]))[:4] == (2, 1, 0, 0)
    assert pd.isna(unmatched(rows, "views", pd.Series(["a"]))[4])
