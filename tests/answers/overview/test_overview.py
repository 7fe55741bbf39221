import datetime as dt

import pytest

from etl.store.publish import draft
from portalkompass.answers.base import wording
from portalkompass.answers.overview import overview
from tests.answers.conftest import MAYBE, exhibit, figure, open_house
from tests.warehouse_fixture import publish, settings_for


def test_the_message_is_about_the_whole_period_and_the_comparison_chosen(house):
    answer = house.ask(overview)
    assert answer.message == (
        "Dezember 2024 bis November 2025: Das Portal stand bei Google im Mittel auf Platz 10,3; im vergleichbaren "
        "Teil 15,0\u00a0Plätze besser als im Vorjahreszeitraum (Aug. bis Nov. 2025: 9,0; Aug. bis Nov. 2024: 24,0)."
    )
    days = house.ask(
        overview, start=dt.date(2025, 10, 1), end=dt.date(2025, 10, 5), compare="previous_period"
    )
    assert days.message == (
        "01.10.2025 bis 05.10.2025: Das Portal stand bei Google im Mittel auf Platz 9,0 und damit "
        "unverändert gegenüber dem Zeitraum davor (26.09.2025 bis 30.09.2025: 9,0)."
    )
    assert (str(answer.data_date), answer.sample) == ("2025-12-15", False)


def test_cards_come_from_the_property_and_say_what_they_compare(house):
    answer = house.ask(overview)
    position, clicks = figure(answer, "Ø Position"), figure(answer, "Klicks")
    # 31 days at 24 and 334 days at 9
    assert position.value == "10,3"
    assert position.change == (
        "15,0\u00a0Plätze besser als im Vorjahreszeitraum (Aug. bis Nov. 2025: 9,0; Aug. bis Nov. 2024: 24,0)"
    )
    assert position.good is True
    assert (clicks.value, clicks.change, clicks.good) == (
        "3.650",
        "unverändert gegenüber dem Vorjahreszeitraum (Aug. bis Nov. 2025: 1.220; Aug. bis Nov. 2024: 1.220)",
        None,
    )
    assert figure(answer, "Verdeckte Klicks").value == "40,0\u00a0%"


def test_in_brief_a_card_says_the_change_both_values_and_their_days(house):
    answer = house.ask(overview)
    position, clicks = figure(answer, "Ø Position"), figure(answer, "Klicks")
    assert position.brief == "15,0\u00a0Plätze besser (24,0\u00a0→ 9,0)"
    assert clicks.brief == "unverändert (1.220\u00a0→ 1.220)"
    assert position.compared == clicks.compared == "Aug. bis Nov. 2025 gegenüber Aug. bis Nov. 2024"
    uneven = house.ask(
        overview, start=dt.date(2025, 3, 1), end=dt.date(2025, 3, 31), compare="previous_period"
    )
    assert figure(uneven, "Klicks").brief == (
        "je Tag unverändert (280\u00a0→ 310; 28 statt 31 Tage mit Daten)"
    )


def test_the_hidden_share_has_its_course_and_its_change(house):
    card = figure(house.ask(overview), "Verdeckte Klicks")
    # of 10 clicks a day the two queries explain 6
    assert card.trend == pytest.approx((0.4,) * 16)
    assert card.change == (
        "unverändert gegenüber dem Vorjahreszeitraum "
        "(Aug. bis Nov. 2025: 40,0\u00a0%; Aug. bis Nov. 2024: 40,0\u00a0%)"
    )


def test_without_an_earlier_state_of_the_list_the_card_says_so(house):
    card = figure(house.ask(overview), "OZG-Leistungen mit Status")
    assert card.change == "Kein früherer Stand gespeichert"
    assert card.trend == ()


def test_the_status_card_shows_how_the_list_went_on(tmp_path):
    settings = settings_for(tmp_path)
    publish(settings)
    with draft(settings) as connection:
        for day, groups in (("2025-06-01", ("Go-Live", "offen", None)), ("2025-12-01", ("Go-Live",) * 3)):
            for number, group in enumerate(groups):
                connection.execute(
                    "INSERT INTO service_status_history (municipality, service, as_of, name, list, status_group) "
                    "VALUES ('leverkusen', ?, ?, ?, 'aktuell', ?)",
                    [f"s{number}", day, f"S {number}", group],
                )
    card = figure(open_house(settings).ask(overview), "OZG-Leistungen mit Status")
    assert card.trend == (2.0, 3.0)
    assert card.change == "1 mehr als am 01.06.2025"


def test_services_are_counted_with_their_denominator_and_never_as_done(house):
    answer = house.ask(overview)
    assert figure(answer, "OZG-Leistungen mit Status").value == "17 von 189"
    bars = exhibit(answer, "service_status").frame
    assert bars.to_dict("list") == {
        "status": ["live", "mit Termin", "In Umsetzung", "In Vorbereitung", "offen"],
        "services": [2, 3, 4, 6, 2],
    }
    assert "erledigt" not in answer.message


def test_a_comparison_across_a_known_anomaly_says_so(house):
    answer = house.ask(overview)
    assert MAYBE in answer.caveats
    assert MAYBE in exhibit(answer, "position_by_month").notes


def test_a_trend_shows_all_months_with_the_cut_ones_marked(house):
    frame = exhibit(house.ask(overview), "position_by_month").frame
    assert len(frame) == 18
    assert frame.loc[frame["partial"], "bucket"].dt.strftime("%Y-%m").tolist() == ["2024-07", "2025-12"]
    assert frame["position"].tolist()[:2] == [pytest.approx(24.0), pytest.approx(24.0)]


def test_top_pages_hold_titles_clicks_and_shares(house):
    frame = exhibit(house.ask(overview), "top_pages").frame
    assert frame[["label", "clicks"]].values.tolist() == [
        ["Wunschkennzeichen", 2190],
        ["Hundesteuer", 1095],
        ["Ordnungsamt", 365],
    ]
    assert frame["share"].tolist() == [pytest.approx(0.6), pytest.approx(0.3), pytest.approx(0.1)]


def test_before_the_first_load_it_says_what_to_do(empty_house):
    answer = empty_house.ask(overview)
    assert answer.message == "Noch sind keine Suchdaten geladen."
    assert figure(answer, "OZG-Leistungen mit Status").value == "–"
    assert len(answer.next_steps) == 2


def test_every_line_on_a_card_rises_when_things_get_better(house):
    answer = house.ask(overview)
    places = figure(answer, "Ø Position").trend
    # whole months from August 2024: five at place 24, eleven at place 9
    assert places == pytest.approx((-24.0,) * 5 + (-9.0,) * 11)
    assert figure(answer, "Klicks").trend[0] == 310.0


def test_the_click_rate_says_its_change_in_points(house):
    # 10 of 100 on every day
    assert figure(house.ask(overview), "Klickrate").change == (
        "unverändert gegenüber dem Vorjahreszeitraum "
        "(Aug. bis Nov. 2025: 10,0\u00a0%; Aug. bis Nov. 2024: 10,0\u00a0%)"
    )
    assert wording.rate_change(0.034, 0.024, "im Vorjahr") == (
        "1,0\u00a0Prozentpunkt mehr als im Vorjahr",
        True,
    )
    assert (
        wording.rate_change(0.02, 0.025, "im Vorjahr")[0] == "0,5\u00a0Prozentpunkte weniger als im Vorjahr"
    )
    assert wording.rate_change(None, 0.025, "im Vorjahr") == ("", None)
