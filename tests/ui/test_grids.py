import datetime as dt

import pandas as pd

from portalkompass.exhibit import Exhibit, Field
from portalkompass.ui import grids


def test_cells_are_german_text_and_missing_values_a_dash():
    frame = pd.DataFrame(
        {
            "day": [dt.date(2025, 12, 15), None],
            "clicks": [18925.0, None],
            "share": [0.0719, None],
            "final": [True, False],
            "hidden": [1, 2],
        }
    )
    fields = (
        Field("clicks", "Klicks", "integer"),
        Field("day", "Tag", "date"),
        Field("share", "Anteil", "percent"),
        Field("final", "Endgültig", "bool"),
    )
    exhibit = Exhibit(
        "probe", "table", frame, fields, headline="", subtitle="", source="", data_date=None, alt=""
    )
    text = grids.written(exhibit).hide(axis="index").to_string(delimiter="|").splitlines()
    assert text == [
        "clicks|day|share|final",
        "18.925|15.12.2025|7,2\u00a0%|ja",
        "–|–|–|nein",
    ]
