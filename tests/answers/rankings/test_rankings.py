import datetime as dt

import pytest

from etl.store.publish import draft
from portalkompass.answers.base.scope import Match, Scope
from portalkompass.answers.links import mapping_board
from portalkompass.answers.queries import queries
from portalkompass.answers.rankings import rankings
from portalkompass.answers.services import service_detail, services
from tests.answers.conftest import OCTOBER, exhibit, figure, open_house
from tests.warehouse_fixture import FIRST, SITE, publish, settings_for


def test_last_year_lies_on_this_years_months(house):
    frame = exhibit(house.ask(rankings), "position_trend").frame
    october = frame[frame["bucket"] == "2025-10-01"].set_index("series")["position"]
    assert october.to_dict() == {"Aktuell": pytest.approx(9.0), "Vorjahr": pytest.approx(24.0)}
    # the year before begins with the cut July 2024; months without data are not drawn as zero
    before = frame[frame["series"] == "Vorjahr"]
    assert before["bucket"].min() == dt.datetime(2025, 7, 1)
    assert before["partial"].tolist() == [True, False, False, False, False]


def test_positions_are_drawn_with_the_best_place_on_top(house):
    answer = house.ask(rankings)
    assert exhibit(answer, "position_trend").reverse_y is True
    assert exhibit(answer, "clicks_trend").reverse_y is False


@pytest.mark.parametrize(("grain", "rows"), [("day", 31), ("week", 5), ("month", 1)])
def test_buckets_by_grain(house, grain, rows):
    frame = exhibit(house.ask(rankings, grain=grain, compare="none", **OCTOBER), "clicks_trend").frame
    assert len(frame) == rows
    assert frame["clicks"].sum() == 310


def test_days_after_the_data_date_are_provisional(house):
    changes = {"start": dt.date(2025, 12, 14), "end": dt.date(2025, 12, 16)}
    answer = house.ask(rankings, grain="day", compare="none", **changes)
    frame = exhibit(answer, "clicks_trend").frame
    assert frame["provisional"].tolist() == [False, False, True]
    assert any("vorläufig" in caveat for caveat in answer.caveats)


def test_known_anomalies_are_marked_in_every_trend_they_touch(house):
    answer = house.ask(rankings)
    for name in ("position_trend", "impressions_trend"):
        labels = [mark.label for mark in exhibit(answer, name).marks]
        assert labels == ["Google zählt zu viele Impressionen", "Google streicht num=100"]
    # Neither changed a click.
    assert exhibit(answer, "clicks_trend").marks == ()


def test_the_period_just_before_is_laid_bucket_by_bucket(house):
    frame = exhibit(house.ask(rankings, compare="previous_period", **OCTOBER), "clicks_trend").frame
    assert frame[["series", "clicks"]].values.tolist() == [["Aktuell", 310], ["Zeitraum davor", 300]]


def test_a_free_comparison_stands_in_chart_cards_and_sentence(house):
    answer = house.ask(rankings, compare="free", compare_from=dt.date(2024, 12, 1), **OCTOBER)
    frame = exhibit(answer, "position_trend").frame
    assert frame[["series", "position"]].values.tolist() == [
        ["Aktuell", pytest.approx(9.0)],
        ["Vergleichszeitraum", pytest.approx(24.0)],
    ]
    assert answer.message == (
        "Oktober 2025: Ø Position 9,0 und damit 15,0\u00a0Plätze besser als im Vergleichszeitraum (Dez. 2024: 24,0)."
    )
    assert figure(answer, "Klicks").change == (
        "unverändert gegenüber dem Vergleichszeitraum (Dez. 2024: 310)"
    )


def test_a_period_is_never_compared_with_itself(house):
    answer = house.ask(rankings, compare="free", compare_from=OCTOBER["start"], **OCTOBER)
    assert set(exhibit(answer, "position_trend").frame["series"]) == {"Aktuell"}
    assert answer.message == "Oktober 2025: Ø Position 9,0."
    assert figure(answer, "Klicks").change == ""
    assert answer.caveats[0].startswith("Der freie Vergleich ist derselbe Zeitraum")


def test_a_free_comparison_of_another_length_compares_sums_per_day(house):
    answer = house.ask(
        rankings,
        compare="free",
        compare_from=dt.date(2024, 12, 1),
        compare_to=dt.date(2025, 2, 28),
        **OCTOBER,
    )
    assert figure(answer, "Klicks").change == (
        "je Tag unverändert gegenüber dem Vergleichszeitraum (Dez. 2024 bis Feb. 2025: 900; 90 statt 31 Tage mit Daten)"
    )
    # 31 days at position 24, 59 days at 9
    assert figure(answer, "Ø Position").change.endswith("(Dez. 2024 bis Feb. 2025: 14,2)")
    frame = exhibit(answer, "clicks_trend").frame
    assert frame[["series", "clicks"]].values.tolist() == [["Aktuell", 310], ["Vergleichszeitraum", 310]]


def test_bands_hold_true_zeros(house):
    frame = exhibit(house.ask(rankings, **OCTOBER), "bands_queries").frame
    # kennzeichen reservieren stands on 2, hund anmelden on 12
    assert frame["queries"].tolist() == [1, 0, 1, 0, 0]
    pages = exhibit(house.ask(rankings, **OCTOBER), "bands_pages").frame
    assert pages["pages"].sum() == 3
    shown = exhibit(house.ask(rankings, **OCTOBER), "bands_impressions").frame
    assert shown["impressions"].tolist() == [31 * 40, 0, 31 * 30, 0, 0]


def test_a_query_counts_once_in_a_month_that_the_comparison_cuts(house):
    # compared are 08.07. to 30.11.2025 with 364 days before: July 2025 and December 2024 are read by day
    whole = {"start": FIRST, "end": dt.date(2025, 11, 30), "scope": Scope(query=Match("contains", "hund"))}
    frame = exhibit(house.ask(rankings, **whole), "bands_queries").frame
    assert frame.groupby("month")["queries"].sum().tolist() == [1] * 17


def test_devices_and_countries_have_german_names(house):
    answer = house.ask(rankings)
    assert exhibit(answer, "devices").frame["device"].tolist() == ["Mobil"]
    assert exhibit(answer, "countries").frame["country"].tolist() == ["Deutschland"]
    # one country alone leaves no bars of the others
    assert [one.id for one in answer.exhibits if one.id == "countries_abroad"] == []


def test_where_nothing_was_clicked_nothing_has_most_clicks(changed_house):
    tables = (
        "search_site_day",
        "search_segment_day",
        "search_query_day",
        "search_page_day",
        "search_page_query_day",
    )
    house = changed_house(*(f"UPDATE {table} SET clicks = 0" for table in tables))
    groups = house.ask(rankings, **OCTOBER)
    for name in ("devices", "countries"):
        assert exhibit(groups, name).headline == "Kein Klick im Zeitraum Oktober 2025"
    asked = house.ask(queries, **OCTOBER)
    assert asked.message.startswith("Keine genannte Suchanfrage wurde im Zeitraum Oktober 2025 geklickt")
    pages = exhibit(house.ask(service_detail, further={"service": "hundesteuer"}, **OCTOBER), "service_pages")
    assert pages.headline.endswith("; keine wurde geklickt")
    none = "Kein Klick mit genannter Suchanfrage im Zeitraum Oktober 2025"
    assert exhibit(groups, "brand_trend").headline == none
    assert exhibit(groups, "topic_groups").headline.startswith(
        "Kein Klick mit Suchanfrage einer Themengruppe"
    )
    assert exhibit(asked, "query_groups").headline == none
    assert exhibit(asked, "query_table").headline.endswith("; keine wurde geklickt")
    assert "wie viele Klicks zu ihnen gehören, ist nicht bekannt" in asked.caveats[0]
    sought = house.ask(services, **OCTOBER)
    assert sought.message.endswith(
        "der anstehenden Leistungen wurde im Zeitraum Oktober 2025 nicht geklickt."
    )
    assert exhibit(sought, "service_demand").headline.startswith("Kein Klick auf Leistungen der Liste")
    board = house.ask(mapping_board, **OCTOBER)
    assert board.message.startswith("Im Zeitraum Oktober 2025 gab es keine Klicks auf Seiten; ")
    assert exhibit(board, "mapping_coverage").headline == "Keine Klicks auf Seiten im Zeitraum Oktober 2025"


def test_devices_and_the_countries_behind_the_first_are_drawn(tmp_path):
    settings = settings_for(tmp_path)
    publish(settings)
    with draft(settings) as connection:
        connection.execute(
            "INSERT INTO search_segment_day"
            " (site, search_type, country, device, date, clicks, impressions, sum_position)"
            " VALUES (?, 'web', 'tur', 'DESKTOP', DATE '2025-10-01', 62, 100, 400)",
            [SITE],
        )
    answer = open_house(settings).ask(rankings, **OCTOBER)
    # 31 days of 10 clicks from Germany by phone
    devices, abroad = exhibit(answer, "devices"), exhibit(answer, "countries_abroad")
    assert (devices.kind, devices.frame["clicks"].tolist()) == ("bar", [310, 62])
    assert devices.alt == "Balken der Klicks nach Gerät, Oktober 2025: Mobil 310; Computer 62."
    assert abroad.frame[["country", "clicks"]].to_numpy().tolist() == [["Türkei", 62]]
    assert (
        abroad.headline == "83\u00a0% der Klicks: Deutschland; die meisten übrigen: Türkei (62\u00a0Klicks)"
    )


def test_a_period_without_data_names_the_days_there_are(house):
    answer = house.ask(rankings, start=dt.date(2023, 1, 1), end=dt.date(2023, 1, 31))
    assert answer.message == "Für den Zeitraum Januar 2023 gibt es keine Suchdaten."
    assert answer.next_steps == ("Einen Zeitraum zwischen 09.07.2024 und 16.12.2025 wählen.",)


def test_bands_name_the_months_that_the_period_cuts(house):
    def said(**period):
        return exhibit(house.ask(rankings, compare="none", **period), "bands_queries").notes

    cut = {"start": dt.date(2025, 10, 2), "end": dt.date(2025, 12, 15)}
    sentence = "Unvollständig und nur eingeschränkt vergleichbar: Oktober 2025 und Dezember 2025."
    assert sentence in said(**cut)
    assert [note for note in said(**OCTOBER) if "Unvollständig" in note] == []


def test_each_whole_month_stands_with_its_impressions_and_position(house):
    answer = house.ask(rankings, start=dt.date(2024, 11, 15), end=dt.date(2025, 2, 28))
    chart = exhibit(answer, "position_impressions")
    # November 2024 is cut; 100 impressions a day at place 24, from January at place 9
    assert chart.frame["name"].tolist() == ["Dez. 2024", "Jan. 2025", "Feb. 2025"]
    assert chart.frame["impressions"].tolist() == [3100, 3100, 2800]
    assert chart.frame["position"].tolist() == [pytest.approx(24.0), pytest.approx(9.0), pytest.approx(9.0)]
    assert chart.headline == (
        "Im Verlauf des Zeitraums: im Februar 2025 Impressionen je Tag unverändert gegenüber dem Dezember 2024, "
        "Position 15,0\u00a0Plätze besser als im Dezember 2024"
    )
    assert chart.reverse_y


def test_of_few_impressions_both_counts_are_said_instead_of_a_percentage(changed_house):
    few = changed_house(
        "UPDATE search_site_day SET impressions = 0, clicks = 0, sum_position = 0 WHERE date < '2024-12-31'",
        "UPDATE search_site_day SET impressions = 12, sum_position = 12 * 23 WHERE date = '2024-12-31'",
    )
    answer = few.ask(rankings, start=dt.date(2024, 12, 1), end=dt.date(2025, 2, 28))
    assert exhibit(answer, "position_impressions").headline == (
        "Im Verlauf des Zeitraums: im Februar 2025 Impressionen 2.800 nach 12 im Dezember 2024, "
        "Position 15,0\u00a0Plätze besser als im Dezember 2024"
    )


def test_another_kind_of_search_is_named_in_answer_subtitle_and_source(changed_house):
    images = changed_house(
        "INSERT INTO search_site_day SELECT * REPLACE ('image' AS search_type) FROM search_site_day"
    )
    answer = images.ask(rankings, search_type="image", **OCTOBER)
    assert answer.message.startswith("Suchtyp Bilder: Oktober 2025")
    chart = exhibit(answer, "position_trend")
    assert chart.subtitle.endswith(" · Suchtyp Bilder")
    assert chart.source == f"Google Search Console (Suchtyp Bilder), {SITE}"
    assert "Suchtyp" not in images.ask(rankings, **OCTOBER).message
