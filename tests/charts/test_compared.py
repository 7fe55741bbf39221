"""Two labelled days of a line: their values and the difference, in pictures as in PowerPoint's own chart."""

import datetime as dt

import pandas as pd

from portalkompass import charts
from portalkompass.charts import compared
from portalkompass.exhibit import Field
from tests.charts.sample_exhibits import exhibit

OLD, NEW = dt.date(2024, 10, 1), dt.date(2025, 10, 1)


def positions(values, labelled=(NEW, OLD)):
    frame = pd.DataFrame({"bucket": pd.to_datetime([OLD, "2025-04-01", NEW]), "position": values})
    fields = (
        Field("bucket", "Monat", "month"),
        Field("position", "Ø Position", "decimal1", low_is_good=True),
    )
    return exhibit("line", frame, fields, x="bucket", y="position", reverse_y=True, labelled=labelled)


def test_the_difference_is_that_of_the_written_values():
    assert compared.difference(positions([23.94, 14.0, 8.849])) == ((OLD, NEW), "15,1 besser →")
    assert compared.difference(positions([8.8, 14.0, 9.8])) == ((OLD, NEW), "1,0 schlechter →")
    assert compared.difference(positions([8.81, 14.0, 8.84])) == ((OLD, NEW), "unverändert")
    assert compared.difference(positions([None, 14.0, 8.8])) is None
    assert compared.difference(positions([23.9, 14.0, 8.8], (NEW,))) is None


def test_a_picture_writes_both_values_at_their_points_and_the_difference_below():
    drawn = charts.build(positions([23.94, 14.0, 8.849]))
    assert [row["text"] for row in drawn["datasets"]["labelled"]] == ["23,9", "8,8"]
    (arrow,) = drawn["datasets"]["compared"]
    assert (arrow["x"][:10], arrow["x2"][:10], arrow["told"]) == (str(OLD), str(NEW), "15,1 besser →")
    marks = [one["mark"]["type"] for one in drawn["layer"] if one["data"]["name"] in ("labelled", "compared")]
    assert marks == ["text", "rule", "text"]


def test_a_missing_value_is_not_written_and_compared_with_nothing():
    drawn = charts.build(positions([None, 14.0, 8.849]))
    assert [row["text"] for row in drawn["datasets"]["labelled"]] == ["8,8"]
    assert "compared" not in drawn["datasets"]
