import datetime as dt
import math

import pytest

from portalkompass.answers.workshop import prioritisation
from portalkompass.answers.workshop.decision import basis, ranking_rows, weighed
from tests.answers.conftest import exhibit, figure


def question(house):
    return house.question()


def test_only_pending_services_are_ranked_inside_their_lane(house):
    rows = ranking_rows(weighed(basis(question(house))))
    assert len(rows) == 8
    assert {row["list"] for row in rows} == {"anstehend"}
    assert list(rows[0]) == [
        "service_id",
        "name",
        "list",
        "lane",
        "rank",
        "rank_low",
        "rank_high",
        "rank_overall",
        "score",
        "score_low",
        "score_high",
        "known_criteria",
        "criteria",
    ]
    assert [(row["service_id"], row["rank"]) for row in rows if row["lane"] == "startbar"] == [
        ("hundesteuer", 1),
        ("pflegewohngeld", 2),
    ]


def test_measured_values_are_of_the_last_twelve_full_months_whatever_the_filter(house):
    filters = {"start": dt.date(2025, 12, 1), "end": dt.date(2025, 12, 5)}
    frame = exhibit(house.ask(prioritisation, **filters), "ranking_startable").frame.set_index("service_id")
    dogs = frame.loc["hundesteuer"]
    # 365 days with 3 clicks and 40 impressions; 10 impressions a day on another page
    assert dogs[["clicks", "unmet_demand"]].tolist() == [1095.0, 3650.0]
    # 3 of 10 clicks every day: it goes with the portal
    assert dogs["relative_trend"] == pytest.approx(0.0)
    assert dogs["trend_note"].startswith("kein sicherer Unterschied zum Portal (")


def test_what_is_unknown_makes_an_interval_and_is_never_filled(house):
    rows = {row["service_id"]: row for row in ranking_rows(weighed(basis(question(house))))}
    care = rows["pflegewohngeld"]
    # clicks and trend unknown, unmet demand known to be 0: 0 … 2/3 of the points
    assert (care["known_criteria"], care["criteria"]) == (1, 3)
    assert (care["score_low"], care["score_high"]) == (pytest.approx(0.0), pytest.approx(200 / 3))
    assert (care["rank_low"], care["rank_high"]) == (1, 2)


def test_weights_of_the_sliders_replace_the_start_values(house):
    weights = {"clicks": 1, "relative_trend": 0, "unmet_demand": 0}
    answer = house.ask(prioritisation, further={"weights": weights})
    frame = exhibit(answer, "ranking_startable").frame.set_index("service_id")
    assert frame.loc["hundesteuer", "score"] == pytest.approx(100 * math.log(10.95) / math.log(200))
    shares = exhibit(answer, "criteria").frame.set_index("id")["weight"]
    assert shares.to_dict() == {"clicks": 1.0, "relative_trend": 0.0, "unmet_demand": 0.0}


def test_weights_that_are_all_zero_are_answered_with_a_sentence(house):
    weights = dict.fromkeys(("clicks", "relative_trend", "unmet_demand"), 0.0)
    answer = house.ask(prioritisation, further={"weights": weights})
    assert answer.message == "Mindestens ein Gewicht muss größer als 0 sein."


def test_candidates_off_the_list_never_count_among_the_pending(house):
    answer = house.ask(prioritisation)
    assert figure(answer, "Anstehende Leistungen").value == "8"
    frame = exhibit(answer, "off_list").frame
    assert frame[["name", "kind", "clicks"]].values.tolist() == [
        ["Wunschkennzeichen", "Leistung ohne Status", 2190.0]
    ]


def test_lanes_carry_their_name_and_reason(house):
    table = exhibit(house.ask(prioritisation), "ranking_waiting")
    assert table.lane == "wartet auf andere"
    assert table.frame["lane_reason"].notna().all()


def test_an_empty_list_says_how_to_load_one(empty_house):
    answer = empty_house.ask(prioritisation)
    assert answer.message == "Noch ist keine Liste mit anstehenden Leistungen geladen."
