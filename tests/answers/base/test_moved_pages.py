"""A page that moved is one page: whatever is asked, the answer is that of the page that never moved."""

import datetime as dt

import narwhals as nw
import pandas as pd
import pytest

from portalkompass.answers.base import estimate_rows
from portalkompass.answers.base.link_rows import service_map
from portalkompass.answers.pages import outliers, page_detail, pages
from portalkompass.answers.queries import opportunities, queries
from portalkompass.answers.rankings import rankings
from portalkompass.answers.services import service_detail, services
from portalkompass.workspace import PageMove, add_moves, delete_move, page_moves
from tests.answers.conftest import open_changed
from tests.warehouse_fixture import SITE

NEW = f"{SITE}leistung/hundesteuer"
OLD, OLDER = f"{SITE}alt/hundesteuer", f"{SITE}ganz-alt/hundesteuer"
MOVED, EARLIER = dt.date(2025, 10, 13), dt.date(2025, 2, 1)
PERIODS = (
    {},
    {"start": dt.date(2025, 10, 1), "end": dt.date(2025, 10, 31)},
    {"start": dt.date(2025, 1, 15), "end": dt.date(2025, 10, 20), "compare": "previous_period"},
)
FACTS = ("search_page_day", "search_page_query_day")


def renamed(*spans):
    """SQL that puts facts of the page before a day under an old address, and the months beside them anew."""
    for url, before in spans:
        for table in FACTS:
            yield f"UPDATE {table} SET url = '{url}' WHERE url = '{NEW}' AND date < DATE '{before}'"
        yield f"UPDATE portal_page SET url = '{url}' WHERE url = '{NEW}' AND period_end < DATE '{before}'"


@pytest.fixture(scope="module")
def moved_house(tmp_path_factory):
    """The page came from OLDER over OLD to NEW; the moves are known, and stay."""
    return moved(tmp_path_factory.mktemp("moved"))


def moved(folder):
    house = open_changed(folder, *renamed((OLDER, EARLIER), (OLD, MOVED)))
    moves = [PageMove(SITE, OLDER, OLD, EARLIER), PageMove(SITE, OLD, NEW, MOVED)]
    add_moves(house.workspace, moves, "Ina")
    return house


def frames(answer):
    return {one.id: one.frame for one in answer.exhibits}


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize(
    ("module", "further"),
    [
        (pages, {}),
        (page_detail, {"url": NEW}),
        (outliers, {}),
        (services, {}),
        (service_detail, {"service": "hundesteuer"}),
        (queries, {}),
        (opportunities, {}),
        (rankings, {}),
    ],
)
def test_every_figure_is_that_of_a_page_that_never_moved(house, moved_house, module, further, period):
    expected = house.ask(module, further=further, **period)
    found = moved_house.ask(module, further=further, **period)
    assert found.message == expected.message
    assert frames(found).keys() == frames(expected).keys()
    for name, frame in frames(expected).items():
        pd.testing.assert_frame_equal(frames(found)[name], frame, check_exact=False, rtol=1e-9, obj=name)


def test_without_the_move_the_page_is_two(changed_house):
    house = changed_house(*renamed((OLD, MOVED)))
    assert {OLD, NEW} <= set(estimate_rows.compared_pages(house.question())["url"])


def test_rows_of_the_old_address_from_the_day_on_stay_its_own(changed_house):
    house = changed_house(*renamed((OLD, dt.date(2025, 10, 20))))
    add_moves(house.workspace, [PageMove(SITE, OLD, NEW, MOVED)], "Ina")
    rows = estimate_rows.compared_pages(house.question(**PERIODS[1])).set_index("url")["clicks"]
    # 3 clicks a day: seven days from the move until Google forgot the old address
    assert rows[[OLD, NEW]].tolist() == [7 * 3, 24 * 3]


def test_months_that_a_move_cuts_are_read_by_their_days(moved_house):
    question = moved_house.question(**PERIODS[1])
    rows = question.warehouse.ask(
        lambda t: question.sums(t, "search_page_query_day").group_by("url").agg(nw.col("clicks").sum())
    )
    assert rows.set_index("url")["clicks"][NEW] == 31 * 2
    assert OLD not in set(rows["url"])


def test_a_move_is_seen_at_once_and_gone_with_its_deletion(tmp_path):
    moved_house = moved(tmp_path)
    assert OLD not in set(estimate_rows.compared_pages(moved_house.question())["url"])
    for move in page_moves(moved_house.workspace, SITE):
        delete_move(moved_house.workspace, move, "Ina")
    assert {OLD, OLDER} & set(estimate_rows.compared_pages(moved_house.question())["url"])


def test_links_of_the_old_address_follow_and_own_links_go_first(changed_house):
    new = f"{SITE}neu/marke"
    house = changed_house(
        f"UPDATE search_page_day SET url = '{new}' WHERE url = '{NEW}' AND date >= DATE '{MOVED}'",
        f"INSERT INTO pages BY NAME SELECT * REPLACE ('{new}' AS url) FROM pages WHERE url = '{NEW}'",
    )
    assert new not in set(service_map(house.question()).service_page["url"])
    add_moves(house.workspace, [PageMove(SITE, NEW, new, MOVED)], "Ina")
    services_of = service_map(house.question()).service_page.set_index("url")["service"]
    assert services_of[new] == services_of[NEW]


def test_a_day_to_come_changes_nothing_yet(house, changed_house):
    other = changed_house()
    move = PageMove(SITE, NEW, f"{SITE}neu", other.settings.today + dt.timedelta(days=1))
    add_moves(other.workspace, [move], "Ina")
    assert other.question().moves == {}


def test_the_page_tells_when_it_moved_and_its_old_address_leads_to_it(moved_house):
    answer = moved_house.ask(page_detail, further={"url": OLD})
    course = next(one for one in answer.exhibits if one.id == "page_course")
    assert [(mark.date, mark.label) for mark in course.marks if mark.label == "Umzug der Seite"] == [
        (EARLIER, "Umzug der Seite"),
        (MOVED, "Umzug der Seite"),
    ]
