"""Striking distance and the work list, by hand-made rows."""

import datetime as dt

import pandas as pd

from portalkompass.answers.base import estimate_rows
from portalkompass.answers.queries import opportunities, work_list
from portalkompass.answers.queries.contested_rows import contested_queries
from portalkompass.answers.queries.striking_rows import striking_rows
from portalkompass.answers.services import demand_rows, services
from portalkompass.exports import tables
from portalkompass.settings import Settings
from portalkompass.ui.components import grids
from tests.answers.conftest import OCTOBER, exhibit, open_house

TITLES = pd.DataFrame({"url": ["/a", "/b"], "label": ["Seite A", "Seite B"]})


def queries(*rows):
    names = ["query", "position", "extra", "extra_low", "extra_high"]
    return pd.DataFrame(rows, columns=names)


def test_striking_distance_is_place_4_to_20_with_the_page_shown_most():
    rows = queries(
        ("vorn", 3.9, 5, 1, 9), ("nah", 4.0, 8, 4, 12), ("fern", 20.4, 2, 1, 3), ("weg", 20.6, 1, 0, 2)
    )
    cells = pd.DataFrame(
        {"query": ["nah", "nah", "nah"], "url": ["/a", "/b", "/a"], "impressions": [30, 40, 20]}
    )
    found = striking_rows(rows, cells, TITLES)
    assert found["query"].tolist() == ["nah", "fern"]
    # /a was shown 30 + 20 times, /b 40 times; no page is known for the other query
    assert found["label"].tolist()[0] == "Seite A"
    assert found["url"].isna().tolist() == [False, True]


def test_one_task_a_page_with_the_one_figure_of_the_page():
    near = queries(("eins", 5, 10, 4, 16), ("zwei", 8, 6, 2, 10), ("drei", 9, 7, 3, 11)).assign(
        url=["/a", "/a", None], label=["Seite A", "Seite A", None]
    )
    pages = pd.DataFrame({"url": ["/a"], "extra": [20.0], "extra_low": [7.0], "extra_high": [30.0]})
    found = work_list.contents(near, pages)
    assert found[["label", "extra", "extra_low", "extra_high"]].values.tolist() == [["Seite A", 20, 7, 30]]
    assert found["reason"].tolist() == [
        "2\u00a0Suchanfragen auf Platz 4 bis 20 brächten weiter vorn mehr Klicks, vor allem „eins“"
    ]


def test_days_without_data_do_not_count(house):
    question = house.question()
    archive = question.archive
    whole = house.question(start=archive.start, end=archive.end)
    longer = house.question(start=archive.start - dt.timedelta(days=400), end=archive.end)
    days = whole.covered("search_query_day", whole.now)
    assert 1 < days <= (archive.end - archive.start).days + 1
    assert longer.covered("search_query_day", longer.now) == days


def test_what_cannot_be_estimated_is_missing_and_stands_last():
    pair = pd.DataFrame({"label": ["Seite A"], "rival_label": ["Seite B"], "queries": [3], "url": ["/a"]})
    found = work_list.rivals(pair)
    assert found["extra"].isna().tolist() == [True]
    assert found["reason"].tolist() == ["„Seite B“ erscheint bei 3\u00a0Suchanfragen im Wechsel"]


def test_a_file_has_empty_columns_for_who_until_when_and_the_screen_has_not(house):
    answer = house.ask(opportunities)
    listed = exhibit(answer, "work_list")
    assert [field.label for field in grids.on_screen(listed).fields][-1] == "Adresse"
    head = tables.to_csv(listed).decode("utf-8-sig").splitlines()[0]
    assert head.endswith(";Adresse;Zuständig;Bis;Stand")


def test_a_day_that_only_one_grain_knows_is_no_search_without_the_page(changed_house):
    gap = "date BETWEEN '2025-10-01' AND '2025-10-10'"
    house = changed_house(f"DELETE FROM search_query_day WHERE {gap}")
    question = house.question(**OCTOBER)
    # On the other 21 days of October the query was shown 30 times, its own page 20 times, the office's 10 times.
    cells = (
        estimate_rows.query_months(question, "url", "query"),
        estimate_rows.query_months(question, "query"),
    )
    rival = contested_queries(question, cells).iloc[0]
    assert (rival["shown"], rival["impressions"], rival["contested"]) == (630, 420, 210)
    unmet = demand_rows.unmet_by_query(question).iloc[0]
    assert (unmet["shown"], unmet["own_impressions"], unmet["unmet"]) == (630, 420, 210)
    # a gap in another month leaves a month as it is
    august = {"start": dt.date(2025, 8, 1), "end": dt.date(2025, 8, 31)}
    assert not estimate_rows.same_days(question)
    assert estimate_rows.same_days(house.question(**august))


def test_few_days_that_both_grains_know_do_not_stand_for_all_others(changed_house):
    house = changed_house(
        "DELETE FROM search_query_day WHERE date BETWEEN '2025-10-02' AND '2025-10-31'",
        "UPDATE search_page_query_day SET impressions = 30, sum_position = 570 WHERE url LIKE '%ordnungsamt'",
    )
    # On 31 days the office was shown 30 times, the query's own page 20 times.
    unmet = demand_rows.unmet_by_query(house.question(**OCTOBER)).iloc[0]
    assert (unmet["shown"], unmet["own_impressions"], unmet["unmet"]) == (930, 620, 310)
    told = "Die Tageswerte der Suchanfragen fehlen an 30 von 31 Tagen (Oktober 2025)"
    assert any(text.startswith(told) for text in house.ask(services, **OCTOBER).caveats)


def test_pages_in_each_others_way_are_the_same_from_the_cells_as_from_the_warehouse(demo_data):
    house = open_house(Settings(data_dir=demo_data).as_demo())
    question = house.question()
    asked = contested_queries(question)
    cells = (
        estimate_rows.query_months(question, "url", "query"),
        estimate_rows.query_months(question, "query"),
    )
    assert not asked.empty
    pd.testing.assert_frame_equal(
        contested_queries(question, cells).reset_index(drop=True), asked.reset_index(drop=True)
    )
