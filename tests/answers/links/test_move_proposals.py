"""A page that came under another address is proposed as moved, until the move is known."""

import datetime as dt

import pandas as pd

from portalkompass.answers.links.move_proposals import move_proposals
from portalkompass.workspace import PageMove, add_moves
from tests.warehouse_fixture import SITE

NEW, OLD = f"{SITE}leistung/hundesteuer", f"{SITE}alt/hundesteuer"
MOVED = dt.date(2025, 5, 1)


def test_a_relaunch_is_proposed_with_its_day_and_settled_by_confirming_it(changed_house):
    renamed = f"SET url = '{OLD}' WHERE url = '{NEW}' AND date < DATE '{MOVED}'"
    house = changed_house(
        f"UPDATE search_page_day {renamed}",
        f"UPDATE search_page_query_day {renamed}",
    )
    found = move_proposals(house.question())
    assert found[["old_url", "new_url", "date", "query_overlap"]].values.tolist() == [
        [OLD, NEW, pd.Timestamp(MOVED), 1.0]
    ]
    add_moves(house.workspace, [PageMove(SITE, OLD, NEW, MOVED)], "Ina")
    assert move_proposals(house.question()).empty


def test_without_data_or_a_vanished_page_nothing_is_proposed(house, empty_house):
    assert move_proposals(house.question()).empty
    assert move_proposals(empty_house.question()).empty
