import datetime as dt

import pandas as pd

from etl.store.publish import draft
from portalkompass.answers.base.wording import (
    amount_change,
    most_clicks,
    position_change,
    rate_change,
    share_of_all,
    tied,
)
from portalkompass.answers.overview import overview
from tests.answers.conftest import figure, open_house
from tests.warehouse_fixture import publish, settings_for


def test_sums_are_not_compared_when_days_are_missing_on_one_side(tmp_path):
    settings = settings_for(tmp_path)
    publish(settings)
    with draft(settings) as connection:
        connection.execute("DELETE FROM search_site_day WHERE date BETWEEN '2024-10-05' AND '2024-10-09'")
    october = {"start": dt.date(2025, 10, 1), "end": dt.date(2025, 10, 31)}
    answer = open_house(settings).ask(overview, **october)
    assert figure(answer, "Klicks").change == "nicht verglichen, weil Tage fehlen"
    assert figure(answer, "Ø Position").change == (
        "15,0\u00a0Plätze besser als im Vorjahreszeitraum (Okt. 2024: 24,0)"
    )


def test_a_lower_position_is_better_and_equal_tenths_are_unchanged():
    assert position_change(8.8, 23.9, "im Vorjahr") == ("15,1\u00a0Plätze besser als im Vorjahr", True)
    assert position_change(9.8, 8.8, "im Vorjahr") == ("1,0\u00a0Platz schlechter als im Vorjahr", False)
    assert position_change(8.81, 8.84, "im Vorjahr") == ("unverändert gegenüber dem Vorjahr", None)
    assert position_change(None, 8.8, "im Vorjahr") == ("", None)


def test_a_reader_who_subtracts_the_two_values_gets_the_change_that_is_said():
    # 27.35 is shown as 27.4 and 10.24 as 10.2; unrounded it is 17.11.
    assert position_change(10.24, 27.35, "im Vorjahr")[0] == "17,2\u00a0Plätze besser als im Vorjahr"
    assert position_change(8.84, 8.85, "im Vorjahr")[0] == "0,1\u00a0Plätze besser als im Vorjahr"
    assert rate_change(0.0246, 0.02345, "im Vorjahr")[0] == "0,2\u00a0Prozentpunkte mehr als im Vorjahr"
    assert rate_change(0.02504, 0.02496, "im Vorjahr")[0] == "unverändert gegenüber dem Vorjahr"


def test_a_change_in_percent_is_rounded_like_the_cell_beside_it():
    # 12.25 %: half to even would say 12.2, the column of the same change 12.3.
    assert amount_change(449, 400)[0] == "12,3\u00a0% mehr"


def test_nothing_before_is_no_change():
    assert amount_change(5, None, "im Vorjahr") == ("", None)
    assert amount_change(50, 40, "im Vorjahr") == ("25,0\u00a0% mehr als im Vorjahr", True)
    assert amount_change(30, 40, "im Vorjahr", more_is_good=None) == (
        "25,0\u00a0% weniger als im Vorjahr",
        None,
    )


def test_of_fewer_than_twenty_no_percentage_is_said():
    assert amount_change(28, 19, "im Vorjahr") == ("davor zu wenige für einen Vergleich in Prozent", None)
    assert amount_change(28, 0, "im Vorjahr") == ("davor zu wenige für einen Vergleich in Prozent", None)
    assert amount_change(28, 20, "im Vorjahr") == ("40,0\u00a0% mehr als im Vorjahr", True)


def test_what_is_as_large_as_the_first_when_printed_is_said():
    assert tied([5, 4, 3]) == ""
    assert tied([5.4, 5.0, 4.4]) == ", ebenso 1\u00a0weitere"
    assert tied([5, 5, 5], "weiterer") == ", ebenso 2\u00a0weitere"


def test_only_everything_is_all_of_it_and_only_nothing_none():
    assert share_of_all(0.996, 0) == "über 99\u00a0%"
    assert share_of_all(0.9996) == "über 99,9\u00a0%"
    assert share_of_all(0.0004) == "unter 0,1\u00a0%"
    assert [share_of_all(share, 0) for share in (0.0, 0.004, 0.42, 1.0)] == [
        "0\u00a0%",
        "unter 1\u00a0%",
        "42\u00a0%",
        "100\u00a0%",
    ]
    assert share_of_all(0.1 + 0.2 + 0.7, 0) == share_of_all(1 - 1e-12, 0) == "100\u00a0%"
    assert share_of_all(float("nan")) == "–"
    rows = pd.DataFrame({"device": ["Mobil", "Computer"], "clicks": [1, 1], "share": [0.5, 0.5]})
    assert most_clicks(rows, "device", "") == "Die meisten Klicks: Mobil (50\u00a0%, ebenso 1\u00a0weiteres)"


def test_without_a_click_nothing_has_the_most_of_them():
    rows = pd.DataFrame({"device": ["Mobil"], "clicks": [62], "share": [0.62]})
    assert most_clicks(rows, "device", "Oktober 2025") == "Die meisten Klicks: Mobil (62\u00a0%)"
    none = rows.assign(clicks=0, share=float("nan"))
    assert most_clicks(none, "device", "Oktober 2025") == "Kein Klick im Zeitraum Oktober 2025"
