import datetime as dt

import pandas as pd
import pyarrow as pa
from streamlit.testing.v1 import AppTest

from portalkompass.exhibit import Exhibit, Field

FRAME = pd.DataFrame(
    {
        "query": ["ausweis", None],
        "clicks": [18925.0, None],
        "share": [0.0719, 0.5],
        "day": [dt.date(2025, 12, 15), None],
        "final": [True, False],
        "url": ["https://portal.example/a", "https://portal.example/b"],
    }
)
FIELDS = (
    Field("query", "Suchanfrage"),
    Field("clicks", "Klicks", "integer"),
    Field("share", "Anteil", "percent"),
    Field("day", "Tag", "date"),
    Field("final", "Endgültig", "bool"),
    Field("url", "Adresse", "link"),
)


def exhibit(rows=FRAME):
    return Exhibit(
        "probe", "table", rows, FIELDS, headline="", subtitle="", source="", data_date=None, alt="Probe"
    )


def script(exhibit, kept):
    from portalkompass.ui.components import grids

    grids.draw(exhibit, key="probe", drawn=kept)


def drawn(exhibit, kept):
    """The table as it goes over the wire: texts and values."""
    table = (
        AppTest.from_function(script, default_timeout=60, args=(exhibit, kept))
        .run()
        .dataframe[0]
        .proto.arrow_data
    )
    return tuple(
        pa.ipc.open_stream(part).read_all().to_pandas() for part in (table.styler.display_values, table.data)
    )


def test_a_table_is_sent_with_german_texts_and_sortable_values():
    texts, values = drawn(exhibit(), {})
    assert texts["clicks"].tolist() == ["18.925", "–"]
    assert texts["share"].tolist() == ["7,2\u00a0%", "50,0\u00a0%"]
    assert texts["day"].tolist() == ["15.12.2025", "–"]
    assert texts["query"].tolist() == ["ausweis", "–"]
    assert texts["final"].tolist() == ["ja", "nein"]
    assert values["clicks"].tolist()[0] == 18925.0
    assert values["url"].tolist() == FRAME["url"].tolist()


def test_a_rerun_sends_the_table_that_was_prepared_before():
    kept, shown = {}, exhibit()
    first = drawn(shown, kept)
    grid = kept["probe"]
    again = drawn(shown, kept)
    assert kept["probe"] is grid
    for before, after in zip(first, again, strict=True):
        pd.testing.assert_frame_equal(before, after)


def test_other_rows_under_the_same_key_are_prepared_anew():
    kept = {}
    drawn(exhibit(), kept)
    texts, _ = drawn(exhibit(FRAME.tail(1)), kept)
    assert texts["share"].tolist() == ["50,0\u00a0%"]
