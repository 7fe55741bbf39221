import datetime as dt

import pandas as pd
import pytest

from portalkompass.answers.base.scope import Match, Scope
from portalkompass.answers.digest import digest
from portalkompass.answers.queries import query_detail
from portalkompass.answers.rankings import tracked
from portalkompass.exports import files
from portalkompass.workspace import track
from tests.answers.conftest import OCTOBER, exhibit
from tests.warehouse_fixture import FIRST, SITE

BETTER = (  # in October 2025 "hund anmelden" rises from place 12 to 8, in its week from the 13th to 4
    "UPDATE search_query_day SET sum_position = 7 * impressions "
    "WHERE query = 'hund anmelden' AND date BETWEEN DATE '2025-10-01' AND DATE '2025-10-31'",
    "UPDATE search_query_day SET sum_position = 3 * impressions "
    "WHERE query = 'hund anmelden' AND date BETWEEN DATE '2025-10-13' AND DATE '2025-10-19'",
)


@pytest.fixture
def watching(changed_house):
    house = changed_house(*BETTER)
    for query in ("Hund anmelden", "kennzeichen reservieren", "gibt es nicht"):
        track(house.workspace, SITE, query, "Ina")
    return house


def row(answer, query="hund anmelden", name="tracked_queries"):
    rows = exhibit(answer, name).frame.set_index("query")
    return rows.loc[query]


def test_each_tracked_query_has_its_course_its_last_and_best_week_and_its_first_day(watching):
    own = row(watching.ask(tracked, **OCTOBER))
    # Whole weeks of October 2025 begin on the 6th, 13th and 20th.
    assert own["course"] == pytest.approx((8, 4, 8))
    assert (own["last"], own["best"], own["best_week"]) == (8, 4, pd.Timestamp(2025, 10, 13))
    assert own["first"] == pd.Timestamp(FIRST)
    # 24 days at 8 and 7 at 4, against 12 in October 2024.
    assert own["position"] == pytest.approx((24 * 8 + 7 * 4) / 31)
    assert own["places"] == pytest.approx(12 - own["position"])
    assert (own["clicks"], own["impressions"]) == (62, 930)


def test_the_message_names_the_one_that_moved_most_and_who_is_not_seen(watching):
    answer = watching.ask(tracked, **OCTOBER)
    assert answer.message == (
        "3 Suchanfragen werden beobachtet; „hund anmelden“ gewinnt am meisten: 4,9 Plätze (7,1 statt 12,0, "
        "Oktober 2025 gegenüber Oktober 2024).".replace("3 S", "3\u00a0S").replace("4,9 P", "4,9\u00a0P")
    )
    assert any("nicht oder zu selten genannt: „gibt es nicht“" in caveat for caveat in answer.caveats)
    assert any("beginnen am 09.07.2024" in note for note in exhibit(answer, "tracked_queries").notes)


def test_places_are_the_difference_of_the_two_that_stand_beside_them(changed_house):
    # 12,04 and 7,05 differ by 4,99; whoever reads 12,0 and 7,1 subtracts 4,9.
    house = changed_house(
        "UPDATE search_query_day SET sum_position = 11.04 * impressions WHERE query = 'hund anmelden'",
        "UPDATE search_query_day SET sum_position = 6.05 * impressions "
        "WHERE query = 'hund anmelden' AND date BETWEEN DATE '2025-10-01' AND DATE '2025-10-31'",
    )
    first = exhibit(house.ask(tracked, **OCTOBER), "tracking_proposals").frame.iloc[0]
    assert (first["query"], first["reason"]) == ("hund anmelden", "Gewinnt 4,9\u00a0Plätze")
    track(house.workspace, SITE, "hund anmelden", "Ina")
    assert "4,9\u00a0Plätze (7,1 statt 12,0" in house.ask(tracked, **OCTOBER).message


def test_places_that_are_printed_alike_are_no_move(changed_house):
    # 10,04 and 9,96 differ by more than half a tenth, and both are printed as 10,0.
    house = changed_house(
        "UPDATE search_query_day SET sum_position = 9.04 * impressions WHERE query = 'hund anmelden'",
        "UPDATE search_query_day SET sum_position = 8.96 * impressions "
        "WHERE query = 'hund anmelden' AND date BETWEEN DATE '2025-10-01' AND DATE '2025-10-31'",
    )
    track(house.workspace, SITE, "hund anmelden", "Ina")
    assert house.ask(tracked, **OCTOBER).message.endswith("; „hund anmelden“ steht auf Platz 10,0.")


def test_its_figures_are_those_of_the_query_in_full_also_under_a_filter(watching):
    filtered = {**OCTOBER, "scope": Scope(page=Match("contains", "hundesteuer"))}
    own = row(watching.ask(tracked, **filtered))
    detail = watching.ask(query_detail, further={"query": "hund anmelden"}, **filtered)
    figures = {one.id: one.number for one in detail.figures}
    assert (own["clicks"], own["impressions"]) == (figures["clicks"], figures["impressions"]) == (62, 620)
    assert own["position"] == pytest.approx(figures["position"]) == pytest.approx(8)


def test_a_filter_on_queries_leaves_out_the_others(watching):
    answer = watching.ask(tracked, scope=Scope(query=Match("contains", "hund")), **OCTOBER)
    assert list(exhibit(answer, "tracked_queries").frame["query"]) == ["hund anmelden"]
    assert "gibt es nicht" not in " ".join(answer.caveats)


def test_without_a_comparison_nothing_is_gained_and_days_alone_have_no_week(watching):
    answer = watching.ask(tracked, start=dt.date(2025, 10, 14), end=dt.date(2025, 10, 16), compare="none")
    names = [one.name for one in exhibit(answer, "tracked_queries").fields]
    assert "places" not in names
    assert "last" not in names
    assert row(answer)["course"] == ()
    assert row(answer)["best"] == 8  # of the whole weeks up to the end of the period


def test_an_empty_list_says_so_and_proposes_what_moves(changed_house):
    house = changed_house(*BETTER)
    answer = house.ask(tracked, **OCTOBER)
    assert answer.message == tracked.NOTHING
    rows = exhibit(answer, "tracking_proposals").frame
    assert list(rows[["query", "reason"]].itertuples(index=False, name=None)) == [
        ("hund anmelden", "Gewinnt 4,9\u00a0Plätze"),
        ("kennzeichen reservieren", "Meistgeklickt"),
    ]
    track(house.workspace, SITE, "hund anmelden", "Ina")
    left = exhibit(house.ask(tracked, **OCTOBER), "tracking_proposals").frame
    assert list(left["query"]) == ["kennzeichen reservieren"]


def test_lost_clicks_are_proposed_only_beyond_what_counting_explains(changed_house):
    falls = changed_house(
        "UPDATE search_query_day SET clicks = 1 WHERE query = 'hund anmelden' AND date >= DATE '2025-10-01'",
    )
    # 31 clicks instead of 62: 31 is more than 3 times the root of 93.
    rows = exhibit(falls.ask(tracked, **OCTOBER), "tracking_proposals").frame
    assert rows.iloc[0][["query", "reason"]].tolist() == ["hund anmelden", "Verliert 31\u00a0Klicks"]
    short = falls.ask(tracked, start=dt.date(2025, 10, 1), end=dt.date(2025, 10, 5))
    assert "Verliert" not in " ".join(exhibit(short, "tracking_proposals").frame["reason"])


def test_the_list_leaves_in_every_form_but_open_data_and_proposals_as_spreadsheets_only(watching):
    own = exhibit(watching.ask(tracked, **OCTOBER), "tracked_queries")
    csv = files.make(own, files.format_of("csv")).decode("utf-8-sig")
    assert "hund anmelden;8,0 → 8,0;8;" in csv, csv
    assert {form.id for form in files.FORMATS} - {form.id for form in files.formats(own)} == {"zip"}


def test_the_digest_has_the_list_of_its_week(watching):
    own = exhibit(watching.ask(digest), "week_queries").frame.set_index("query")
    assert list(own.index) == ["kennzeichen reservieren", "hund anmelden"]
    assert own.loc["hund anmelden", ["position", "clicks", "last"]].tolist() == [12, 14, 12]
