import datetime as dt

import pandas as pd

from etl.operations.file_kinds import TABLE_KINDS
from portalkompass.answers.data import data_state
from portalkompass.answers.data.coverage import GRAINS, SOURCES, gaps
from tests.answers.conftest import exhibit, figure


def slices(*days, state="final"):
    return pd.DataFrame(
        {
            "source": "search_console",
            "site": "s",
            "search_type": "web",
            "grain": "search_site_day",
            "date": pd.to_datetime(list(days)),
            "state": state,
        }
    )


def test_days_between_first_and_last_without_a_slice_are_gaps():
    found = gaps(slices("2025-10-01", "2025-10-02", "2025-10-05", "2025-10-07"))
    assert found[["first", "last", "days"]].values.tolist() == [
        [pd.Timestamp("2025-10-03"), pd.Timestamp("2025-10-04"), 2],
        [pd.Timestamp("2025-10-06"), pd.Timestamp("2025-10-06"), 1],
    ]


def test_a_failed_day_is_a_gap_and_an_empty_one_is_not():
    known = slices("2025-10-01", "2025-10-03", "2025-10-05")
    empty = slices("2025-10-02", state="empty")
    failed = slices("2025-10-04", state="failed")
    found = gaps(pd.concat([known, empty, failed], ignore_index=True))
    assert found["first"].tolist() == [pd.Timestamp("2025-10-04")]


def test_sources_name_first_and_last_day_and_provisional_days(house):
    answer = house.ask(data_state)
    row = exhibit(answer, "sources").frame.iloc[0]
    assert (row["source_name"], row["grain_name"]) == ("Google Search Console", "Property je Tag")
    assert (row["first"], row["last"]) == (dt.datetime(2024, 7, 9), dt.datetime(2025, 12, 16))
    assert (row["rows"], row["missing_days"], row["provisional_days"]) == (526, 0, 1)
    assert (
        answer.message
        == "Die Suchdaten reichen bis 15.12.2025 (vor 2\u00a0Tagen); 1\u00a0Tag ist noch vorläufig."
    )


def test_rejected_rows_are_shown_with_their_reason(house):
    frame = exhibit(house.ask(data_state), "rejected").frame
    assert frame.values.tolist() == [["Negative Klicks.", 3, "clicks", "-1", "x.csv"]]


def test_without_any_data_it_names_what_to_load(empty_house):
    answer = empty_house.ask(data_state)
    assert answer.message == "Noch sind keine Daten geladen."
    assert figure(answer, "Datenstand").value == "–"
    assert len(answer.next_steps) == 3


def test_of_a_state_the_own_sources_and_those_with_gaps_are_listed_and_the_rest_is_counted():
    grains = ("search_site_day", "search_page_day")
    held = pd.DataFrame(
        [
            {"source": "search_console", "site": f"s{number:03d}", "grain": grain, "missing_days": 0.0}
            for number in range(150)
            for grain in grains
        ]
        + [{"source": "ozg", "site": "", "grain": "service_status_history", "missing_days": None}]
    )
    held.loc[held["site"] == "s149", "missing_days"] = 3.0
    listed = data_state._first_of(held, "s148")
    assert len(listed) == data_state.SOURCES_SHOWN
    assert {"", "s000", "s148", "s149"} <= set(listed["site"])
    assert listed.index.is_monotonic_increasing
    assert "s140" not in set(listed["site"])
    assert data_state._first_of(held.head(5), "s148").equals(held.head(5))


def test_every_list_with_a_date_is_named():
    """Without a word for it, *Daten* would show the name of a source and of a table in English."""
    dated = [kind.dated for kind in TABLE_KINDS if kind.dated]
    assert [name for name, _, _ in dated if name not in SOURCES] == []
    assert [table.name for _, table, _ in dated if table.name not in GRAINS] == []
