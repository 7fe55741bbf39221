import dataclasses
import datetime as dt

import pandas as pd
import pytest

from portalkompass.metrics.selection import Period
from portalkompass.ui.zoom import days
from tests.charts import sample_exhibits as samples

BERLIN = "Europe/Berlin"
QUARTER = (dt.date(2025, 10, 5), dt.date(2025, 12, 10))


def months():
    buckets = pd.to_datetime(["2025-10-01", "2025-11-01", "2025-12-01"] * 2)
    frame = pd.DataFrame(
        {"bucket": buckets, "series": ["Aktuell"] * 3 + ["Vorjahr"] * 3, "position": range(6)}
    )
    return dataclasses.replace(samples.trend(), frame=frame, period=QUARTER)


def moments(start, end, zone=BERLIN):
    return [pd.Timestamp(moment, tz=zone).timestamp() * 1000 for moment in (start, end)]


def test_a_span_is_the_whole_months_whose_points_it_encloses():
    span = days(months(), moments("2025-10-28 07:00", "2025-11-03 15:00"), BERLIN)
    assert span == Period(dt.date(2025, 11, 1), dt.date(2025, 11, 30))


def test_it_stays_within_the_period_and_may_be_drawn_backwards():
    whole = days(months(), moments("2025-12-20", "2025-09-01"), BERLIN)
    assert whole == Period(*QUARTER)
    assert days(months(), moments("2025-11-20", "2025-12-20"), BERLIN) == Period(
        dt.date(2025, 12, 1), QUARTER[1]
    )


def test_between_two_points_there_is_nothing_and_nothing_is_drawn_at_first():
    assert days(months(), moments("2025-11-05", "2025-11-20"), BERLIN) is None
    assert days(months(), (), BERLIN) is None


@pytest.mark.parametrize("zone", [BERLIN, "America/New_York", "Asia/Tokyo"])
def test_points_lie_at_the_midnight_of_the_reader(zone):
    on_the_point = moments("2025-11-01 00:00", "2025-11-01 00:01", zone)
    assert days(months(), on_the_point, zone) == Period(dt.date(2025, 11, 1), dt.date(2025, 11, 30))
    assert days(months(), moments("2025-11-01 00:01", "2025-11-02", zone), zone) is None
