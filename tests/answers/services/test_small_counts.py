"""Few applications: hidden by page and month, the same on the screen and in every file, whatever the period."""

import duckdb
import pandas as pd
import pytest

from portalkompass.answers.services import service_detail, services, small_counts
from portalkompass.exports.disclosure_control import outgoing
from portalkompass.suppression import BELOW, WITHHELD
from portalkompass.ui.components import grids
from portalkompass.warehouse import snapshots
from tests.answers.conftest import OCTOBER, exhibit, figure, open_house
from tests.ui.components.cells import written
from tests.warehouse_fixture import SITE, publish, settings_for

OTHERS = {"pflegewohngeld": (50, 9), "fuehrerschein": (90, 30)}


@pytest.fixture
def few(tmp_path):
    """Hundesteuer 3 of 80 starts, Pflegewohngeld 9 of 50, Führerschein 30 of 90."""
    settings = settings_for(tmp_path)
    publish(settings)
    path = snapshots.published(settings.warehouse_dir).path
    path.chmod(0o644)
    with duckdb.connect(path) as connection:
        connection.execute("UPDATE portal_page SET applications = 3")
        for name, (starts, applications) in OTHERS.items():
            url = f"{SITE}leistung/{name}"
            connection.execute("INSERT INTO pages (site, url) VALUES (?, ?)", [SITE, url])
            connection.execute(
                "INSERT INTO portal_page (source, site, period_start, period_end, url, unique_page_views, "
                "service_starts, applications, import_id) "
                "VALUES ('portal', ?, '2025-10-01', '2025-10-31', ?, 400, ?, ?, 'p')",
                [SITE, url, starts, applications],
            )
    return open_house(settings)


def test_files_hide_a_small_count_and_the_one_that_would_tell_it(few):
    funnel = exhibit(few.ask(services, **OCTOBER), "service_funnel")
    kept = outgoing(funnel).frame.set_index("name")["applications"].to_dict()
    assert kept == {"Führerschein": 30, "Hundesteuer und -marke": BELOW, "Pflegewohngeld": WITHHELD}
    rates = outgoing(funnel).frame.set_index("name")["application_rate"].isna().to_dict()
    assert rates == {"Führerschein": False, "Hundesteuer und -marke": True, "Pflegewohngeld": True}
    # 9 of 50 would be a worse rate, and tell the 9
    assert funnel.headline == "Bei „Führerschein“ enden nur 33\u00a0% der Starts mit einem Antrag"


def test_the_screen_writes_what_the_file_does_and_is_sent_no_count(few):
    answer = few.ask(services, **OCTOBER)
    for name in ("service_funnel", "service_table"):
        sent = exhibit(answer, name)
        text = written(sent)
        for start, word in (("Hundesteuer", BELOW), ("Pflegewohngeld", WITHHELD), ("Führerschein", "30")):
            row = next(line for line in text.splitlines() if line.startswith(start))
            assert word in row.split("|")
        assert grids.prepared(sent).rows.data["applications"].dropna().tolist() == [30]
    detail = few.ask(service_detail, further={"service": "hundesteuer"}, **OCTOBER)
    assert (figure(detail, "Anträge").value, figure(detail, "Anträge").change) == (BELOW, "")


def rows(*cells):
    """Rows of the portal as `application_counts` gives them: url, first and last day, starts, applications, cases."""
    names = ["url", "period_start", "period_end", "service_starts", "applications", "cases_total"]
    frame = pd.DataFrame(cells, columns=names)
    return frame.assign(
        period_start=pd.to_datetime(frame["period_start"]), period_end=pd.to_datetime(frame["period_end"])
    )


OVER = pd.Timestamp("2025-11-30")


def found(*cells, until=OVER):
    """url, first day, applications and their state of each cell, by first day."""
    frame = small_counts.cells(rows(*cells), until)
    names = ["url", "first", "applications", "applications_state"]
    return [
        (url, f"{first:%d.%m.}", count, state)
        for url, first, count, state in frame[names].itertuples(index=False)
    ]


def test_days_of_a_month_are_one_cell():
    days = [("a", f"2025-10-{day:02}", f"2025-10-{day:02}", 9, 3, None) for day in (1, 2, 31)]
    assert found(*days) == [("a", "01.10.", 9.0, "shown")]


def test_a_month_that_still_grows_is_not_told():
    assert found(("a", "2025-10-01", "2025-10-15", 90, 30, None), until=pd.Timestamp("2025-10-30")) == []
    assert len(found(("a", "2025-10-01", "2025-10-15", 90, 30, None), until=pd.Timestamp("2025-10-31"))) == 1


def test_a_period_of_the_portal_that_crosses_months_is_a_cell_of_its_own():
    crossing = ("a", "2025-09-15", "2025-10-14", 90, 30, None)
    rest = ("a", "2025-10-15", "2025-10-31", 90, 20, None)
    assert found(crossing, rest) == [("a", "15.09.", 30.0, "shown"), ("a", "01.10.", 20.0, "shown")]


def test_few_applications_without_a_start_are_left_out_and_many_are_not():
    month = ("2025-10-01", "2025-10-31")
    assert found(("a", *month, 0, 0, None), ("b", *month, 0, 4, None), ("c", *month, 0, 5, None)) == [
        ("c", "01.10.", 5.0, "shown")
    ]
    assert found(("a", *month, None, 0, None)) == [("a", "01.10.", 0.0, "below")]


def states(*cells):
    frame = small_counts.cells(rows(*cells), OVER).set_index("url")
    return [frame[f"{name}_state"].to_dict() for name in small_counts.COUNTS]


def test_withheld_is_who_has_the_fewest_starts():
    month = ("2025-10-01", "2025-10-31")
    applications, cases = states(
        ("a", *month, 90, 3, 60), ("b", *month, 400, 200, 300), ("c", *month, 200, 90, 120)
    )
    assert applications == {"a": "below", "b": "shown", "c": "withheld"}
    assert set(cases.values()) == {"shown"}


def test_whose_cases_are_as_few_as_the_applications_protects_nobody():
    month = ("2025-10-01", "2025-10-31")
    applications, _ = states(("a", *month, 90, 4, 60), ("b", *month, 400, 200, 300), ("c", *month, 200, 8, 8))
    # 12 less at most 8 cases would be at least the 4
    assert applications == {"a": "below", "b": "withheld", "c": "withheld"}


def test_cases_count_where_every_row_of_the_cell_knows_them():
    one, two = ("2025-10-01", "2025-10-15"), ("2025-10-16", "2025-10-31")
    cells = small_counts.cells(
        rows(("a", *one, 90, 30, 40), ("a", *two, 90, 30, None), ("b", *one, 90, 30, 40)), OVER
    ).set_index("url")
    assert cells["cases_total"].isna().to_dict() == {"a": True, "b": False}
    assert cells["cases_total"].dropna().to_dict() == {"b": 40.0}


def test_without_any_row_there_is_no_cell():
    assert small_counts.cells(rows(), pd.NaT).empty
