"""The same service in several municipalities: each on its own property, small counts protected."""

import datetime as dt

import pytest

from etl.store.publish import draft
from portalkompass.answers.services import municipalities
from portalkompass.screens.requests import Options, request_of
from portalkompass.workspace import PageMove, add_moves
from tests.answers.conftest import OCTOBER, exhibit, figure, open_house
from tests.warehouse_fixture import SITE, publish, settings_for

OTHERS = {"adorf": (4, 100, 3.0), "bedorf": (50, 1_000, 20.0), "cedorf": (9, 99, 1.0)}
"""Clicks, impressions, position of the dog tax page on 5 October 2025."""
DAYS = {dt.date(2025, 9, 5): (20, 300), dt.date(2025, 11, 2): (30, 300)}
"""Clicks and impressions of each of them on a day before and after October."""


@pytest.fixture(scope="module")
def region(tmp_path_factory):
    settings = settings_for(tmp_path_factory.mktemp("region"))
    publish(settings)
    with draft(settings) as connection:
        for name, (clicks, shown, place) in OTHERS.items():
            site = f"https://{name}.example/"
            connection.execute("INSERT INTO sites VALUES (?, ?)", [site, name])
            for table, url in (("search_site_day", []), ("search_page_day", [f"{site}leistung/hundesteuer"])):
                marks = ", ".join("?" * (7 + len(url)))
                values = [site, "web", dt.date(2025, 10, 5), *url, shown, clicks, shown * (place - 1), "api"]
                connection.execute(f"INSERT INTO {table} VALUES ({marks})", values)
                for day, (further, views) in DAYS.items():
                    values = [site, "web", day, *url, views, further, 0, "api"]
                    connection.execute(f"INSERT INTO {table} VALUES ({marks})", values)
    return open_house(settings)


def compared(region, **days):
    answer = region.ask(municipalities, further={"service": "hundesteuer"}, **(OCTOBER | days))
    return answer, exhibit(answer, "municipality_comparison").frame.set_index("municipality")


def test_each_municipality_stands_with_its_own_place_and_the_best_comes_first(region):
    answer, frame = compared(region)
    assert frame.index.tolist() == ["adorf", "leverkusen", "bedorf", "cedorf"]
    assert frame["position"].tolist() == [3.0, 10.0, 20.0, 1.0]
    assert frame["rank"].tolist()[:3] == [1.0, 2.0, 3.0]
    assert figure(answer, "Rang der gewählten Property").value == "2"
    assert answer.message.startswith(
        "„Hundesteuer und -marke“: Rang 2 von 3\xa0Kommunen nach Ø Position (10,0)"
    )


def test_days_that_a_municipality_lacks_are_said(region):
    assert compared(region)[0].caveats == (
        "Die Tageswerte der Seiten fehlen: adorf an 30, bedorf an 30 und cedorf an 30 von 31 Tagen. Summen daraus sind "
        "zu klein.",
    )


def test_a_service_asked_for_in_this_view_is_compared_and_not_shown_in_full(region):
    asked = [
        request_of("leistungen", Options(view=view, service="hundesteuer"), region.warehouse, region.settings)
        for view in ("kommunen", "nachfrage")
    ]
    assert [one.topic.id for one in asked] == ["municipalities", "service_detail"]


def test_few_impressions_give_no_rank(region):
    assert compared(region)[1]["rank"].isna().to_dict() == {
        "adorf": False,
        "leverkusen": False,
        "bedorf": False,
        "cedorf": True,
    }


def test_a_small_count_of_a_month_is_hidden_with_its_rate(region):
    frame = compared(region)[1]
    assert frame["clicks"].dropna().to_dict() == {"bedorf": 50.0, "cedorf": 9.0, "leverkusen": 93.0}
    assert frame["clicks_hidden"].to_dict() == {"adorf": "< 5", "bedorf": "", "cedorf": "", "leverkusen": ""}
    assert frame["ctr"].isna().equals(frame["clicks"].isna())
    assert frame.loc["bedorf", "ctr"] == 0.05


def test_a_longer_period_says_no_more_of_the_month(region):
    longer = compared(region, start=dt.date(2025, 9, 1))[1]
    # 20 clicks of September are shown, so that both months together are 20 and what October may be
    assert (longer.loc["adorf", "clicks_hidden"], longer["clicks"].isna()["adorf"]) == ("20 bis 24", True)


def test_clicks_are_those_of_months_that_are_whole_and_over(region):
    cut = compared(region, end=dt.date(2025, 10, 30))[1]
    assert cut["clicks"].isna().all()
    assert (cut["clicks_hidden"] == "").all()
    assert cut.loc["bedorf", "impressions"] == 1_000
    growing = compared(region, start=dt.date(2025, 11, 1), end=dt.date(2025, 11, 30))[1]
    # the others have data up to 2 November only; of a month that grows, two files would give the days between
    assert growing["clicks"].dropna().index.tolist() == ["leverkusen"]


def test_only_services_of_several_municipalities_can_be_chosen(region):
    answer = region.ask(municipalities, further={"service": "wunschkennzeichen"}, **OCTOBER)
    assert exhibit(answer, "municipality_services").frame["service"].tolist() == ["hundesteuer"]
    assert answer.message.startswith("„Hundesteuer und -marke“")


def test_one_municipality_alone_has_nothing_to_compare_with(house, region):
    assert [municipalities.several(one.warehouse) for one in (house, region)] == [False, True]
    assert SITE in region.warehouse.sites()


def test_a_page_that_moved_counts_with_its_service_under_both_addresses(tmp_path):
    settings = settings_for(tmp_path)
    publish(settings)
    old, new, moved = f"{SITE}leistung/hundesteuer", f"{SITE}neu/marke", dt.date(2025, 10, 16)
    with draft(settings) as connection:
        connection.execute("INSERT INTO sites VALUES ('https://adorf.example/', 'adorf')")
        connection.execute(
            f"INSERT INTO search_page_day VALUES ('https://adorf.example/', 'web', '{moved}', "
            "'https://adorf.example/leistung/hundesteuer', 1000, 50, 9000, 'api')"
        )
        connection.execute(
            f"UPDATE search_page_day SET url = '{new}' WHERE url = '{old}' AND date >= DATE '{moved}'"
        )
    region = open_house(settings)
    assert compared(region)[1].loc["leverkusen", "clicks"] == 15 * 3
    add_moves(region.workspace, [PageMove(SITE, old, new, moved)], "Ina")
    assert compared(region)[1].loc["leverkusen", "clicks"] == 31 * 3
