"""A year of nightly loads in fast motion: every night through the real extractor, figures compared with the truth.

Among them are nights that were missed, runs twice in a night, a clock that was set back and one that ran ahead, both
changes between summer and winter time, a turn of the year and a leap day. Some weeks in every run; ``make faults``
takes the whole year.
"""

import datetime as dt
import os
import random
import time

import duckdb
import pytest

from etl.operations.verify import verify
from etl.sources.search_console.pull import pull
from portalkompass.operations import back_up, restore
from portalkompass.warehouse.snapshots import history, published
from tests.etl.sources.search_console.small_world import expected, loaded, on, search_console, small_world
from tests.operations.conftest import labels, write_note

NIGHTS = int(os.environ.get("YEAR_NIGHTS", "16"))
FIRST = dt.date(2024, 2, 10) if NIGHTS >= 366 else dt.date(2024, 2, 24)
NEXT_RUN = (1, 1, 1, 1, 1, 1, 1, 1, 3, 6)
"""Days to the next run: sometimes the machine was off."""
WRONG_CLOCK = (0, 0, 0, 0, 0, 0, 0, 0, -2, 3)
LAG = 2
DAY = dt.timedelta(days=1)


@pytest.fixture
def berlin(monkeypatch):
    """The clock of a German city, with its two odd nights a year."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def totals(settings):
    """Clicks by day as published."""
    with duckdb.connect(published(settings.warehouse_dir).path, read_only=True) as connection:
        return dict(connection.execute("SELECT date, clicks FROM search_site_day").fetchall())


def truth(world, last):
    return {day: sum(one.clicks for one in shown) for day, shown in world.days.items() if day <= last}


@pytest.mark.timeout(NIGHTS * 20)
def test_no_night_changes_a_figure_wrongly_or_loses_a_write(tmp_path, berlin):
    end = FIRST + NIGHTS * DAY
    world, chance, notes = small_world(NIGHTS + 12, end), random.Random(29), set()
    with search_console(world, tmp_path, today=FIRST) as (server, city):
        today = FIRST
        while today < end:
            server.today = today  # Google's clock goes right, whatever ours says
            night = on(city, today + chance.choice(WRONG_CLOCK) * DAY)
            for _ in range(2 if chance.random() < 0.1 else 1):
                pull(night)
            last = today - (LAG + 1) * DAY
            shown = totals(night)
            right = truth(world, last)
            assert {day: clicks for day, clicks in shown.items() if day <= last} == right, today
            assert len(history(night.warehouse_dir)) <= 3
            write_note(night, f"Nacht {today}")
            notes.add(f"Nacht {today}")
            if today.day == 1:
                archive = tmp_path / f"{today}.zip"
                back_up(night, archive)
                restore(night, archive)
                assert totals(night) == shown
                archive.unlink()
            today += chance.choice(NEXT_RUN) * DAY
        server.today = end
        morning = on(city, end)
        pull(morning)
        last = end - (LAG + 1) * DAY
        assert loaded(morning, last) == expected(world, world.first_day, last)
        assert notes <= labels(morning)
        assert verify(morning).faults == ()


def test_a_clock_far_ahead_or_behind_loads_nothing_that_is_not_there(tmp_path, berlin):
    today = dt.date(2025, 3, 31)  # the morning after the clocks went forward
    world = small_world(20, today - DAY)
    with search_console(world, tmp_path, today=today) as (_, city):
        pull(city)
        right = loaded(city, today - 3 * DAY)
        assert right == expected(world, world.first_day, today - 3 * DAY)
        for wrong in (today + 400 * DAY, today - 15 * DAY, today + DAY, today - DAY):
            pull(on(city, wrong))
            assert loaded(city, today - 3 * DAY) == right, wrong
        assert verify(city).faults == ()


@pytest.mark.parametrize("day", [dt.date(2024, 3, 31), dt.date(2024, 10, 27), dt.date(2024, 2, 29)])
def test_a_day_of_23_or_25_hours_counts_once(tmp_path, berlin, day):
    world = small_world(9, day + 4 * DAY)
    with search_console(world, tmp_path, today=day + 5 * DAY) as (_, city):
        pull(city)
        pull(on(city, day + 6 * DAY))
        assert totals(city)[day] == truth(world, day)[day]
        with duckdb.connect(published(city.warehouse_dir).path, read_only=True) as connection:
            found = connection.execute(
                "SELECT date FROM calendar WHERE date BETWEEN ? AND ?", [day - DAY, day + DAY]
            )
            assert sorted(row[0] for row in found.fetchall()) == [day - DAY, day, day + DAY]
