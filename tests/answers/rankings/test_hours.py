"""Hours in German time: each moment in its own place, also in the nights in which a clock changes."""

import datetime as dt

import pytest

from portalkompass.answers.rankings import hours
from tests.answers.conftest import exhibit, figure
from tests.warehouse_fixture import SITE


def loaded(begin, clicks):
    """Statements that load these clicks, one an hour from ``begin`` (UTC) on; None: Google named no such hour."""
    rows = [
        f"('{SITE}', 'web', '{moment}', timezone('America/Los_Angeles', '{moment}+00'::TIMESTAMPTZ), "
        f"{count * 10}, {count}, {count * 30}, 'api')"
        for moment, count in (
            (begin + dt.timedelta(hours=place), count)
            for place, count in enumerate(clicks)
            if count is not None
        )
    ]
    return (
        "ALTER TABLE search_hour ADD COLUMN IF NOT EXISTS hour_utc TIMESTAMP",
        "INSERT INTO search_hour (site, search_type, hour_utc, hour, impressions, clicks, sum_position, origin) "
        f"VALUES {', '.join(rows)}",
    )


def test_without_hours_it_says_how_to_get_them(house):
    answer = house.ask(hours)
    assert answer.message == "Noch sind keine Stunden geladen."
    assert answer.next_steps == (hours.LOAD_HOURS,)


def test_hours_stand_at_german_time(changed_house):
    # 23:00 UTC is midnight in Germany in winter, 15:00 in California
    house = changed_house(*loaded(dt.datetime(2025, 12, 9, 23), [*range(24), 7]))
    answer = house.ask(hours)
    rows = exhibit(answer, "hours").frame
    assert rows["clock"].tolist()[:3] == ["0 Uhr", "23 Uhr", "22 Uhr"]
    assert rows.iloc[1][["day", "clicks", "impressions"]].tolist() == [dt.datetime(2025, 12, 10), 23, 230]
    assert rows.iloc[1]["position"] == pytest.approx(4)  # 690 / 230 + 1
    assert answer.message == "Am 10.12.2025 kamen 276\xa0Klicks, am meisten ab 23 Uhr (23)."
    assert figure(answer, "Klicks am 10.12.2025").number == 276
    grid = exhibit(answer, "hours_clicks")
    assert grid.frame["label"].unique().tolist() == ["Mi 10.12.", "Do 11.12."]
    assert hours.TIME in grid.notes


def test_days_stand_in_order_where_the_first_one_begins_at_noon(changed_house):
    house = changed_house(*loaded(dt.datetime(2025, 12, 9, 11), [3] * 36))
    grid = exhibit(house.ask(hours), "hours_clicks").frame
    assert grid["label"].unique().tolist() == ["Di 09.12.", "Mi 10.12."]
    assert grid["hour"].unique().tolist() == [str(hour) for hour in range(24)]
    assert grid["clicks"].isna().sum() == 12


def test_the_night_that_summer_time_ends_has_two_hours_from_two(changed_house):
    # 26 October 2025: 00:00 UTC is 2 Uhr in summer time, 01:00 UTC is 2 Uhr again
    house = changed_house(*loaded(dt.datetime(2025, 10, 25, 22), range(1, 26)))
    rows = hours.hour_rows(house.question())
    assert rows["hour"].tolist()[:5] == ["0", "1", "2", "2b", "3"]
    assert rows["clicks"].tolist() == list(range(1, 26))
    assert rows["day"].nunique() == 1
    grid = exhibit(house.ask(hours), "hours_clicks")
    assert list(dict.fromkeys(grid.frame["hour"]))[:5] == ["0", "1", "2", "2b", "3"]
    assert "In der Nacht zum 26.10.2025 gibt es die Stunde ab 2 Uhr zweimal" in " ".join(grid.notes)


def test_the_night_that_summer_time_begins_has_no_hour_from_two(changed_house):
    house = changed_house(*loaded(dt.datetime(2025, 3, 29, 23), range(1, 24)))
    rows = hours.hour_rows(house.question())
    assert rows["hour"].tolist()[:3] == ["0", "1", "3"]
    assert len(rows) == 23
    assert "fehlt die Stunde ab 2 Uhr" in " ".join(exhibit(house.ask(hours), "hours").notes)


def test_both_hours_of_the_american_night_stay_apart(changed_house):
    # 2 November 2025, 1:00 in California twice: 08:00 and 09:00 UTC, 9 and 10 Uhr in Germany
    house = changed_house(*loaded(dt.datetime(2025, 11, 1, 23), range(1, 25)))
    rows = hours.hour_rows(house.question()).set_index("hour")["clicks"]
    assert rows[["9", "10"]].tolist() == [10, 11]
    assert rows.sum() == sum(range(1, 25))


def test_hours_that_google_did_not_name_had_no_impression(changed_house):
    house = changed_house(*loaded(dt.datetime(2025, 12, 9, 23), [5, None, 5, *[None] * 46, 5]))
    rows = hours.hour_rows(house.question())
    assert rows["clicks"].tolist()[:3] == [5, 0, 5]
    assert sorted(rows["day"].dt.day.unique()) == [10, 12]  # nothing is known of the day between


def test_only_the_last_ten_days_and_the_same_day_a_week_before(changed_house):
    house = changed_house(*loaded(dt.datetime(2025, 11, 30, 23), [1] * 24 * 5 + [2] * 24 * 7))
    answer = house.ask(hours)
    rows = exhibit(answer, "hours").frame
    assert (rows["day"].min(), rows["day"].max()) == (dt.datetime(2025, 12, 3), dt.datetime(2025, 12, 12))
    assert answer.message == (
        "Am 12.12.2025 kamen 48\xa0Klicks, am meisten ab 0 Uhr (2, ebenso 23\xa0weitere); "
        "sieben Tage zuvor waren es 24."
    )


def test_hours_of_days_that_google_still_completes_are_provisional(changed_house):
    # the last final day is 15 December in California, which ends at 9 Uhr of the 16th in Germany
    house = changed_house(*loaded(dt.datetime(2025, 12, 14, 23), [1] * 48))
    rows = hours.hour_rows(house.question())
    first = rows[rows["provisional"]].iloc[0]
    assert (first["day"].day, first["hour"]) == (16, "9")
    assert house.ask(hours).caveats[0].startswith("Ab dem 16.12.2025, 9 Uhr, sind die Zahlen vorläufig")
    assert house.ask(hours).message.startswith("Am 16.12.2025 kamen vorläufig 24\xa0Klicks")
