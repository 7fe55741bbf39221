"""A go-live is live, dated or overdue from the list's date, on every screen that counts one."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portalkompass.answers.base import service_list
from portalkompass.answers.base.service_list import DATED, LIVE, OVERDUE, told, with_progress
from portalkompass.answers.impact import impact
from portalkompass.answers.overview import figures, overview
from portalkompass.answers.report import report, report_lists
from portalkompass.answers.services import service_detail, services
from portalkompass.answers.workshop import prioritisation
from tests.answers.conftest import exhibit, figure

COLUMNS = ["service", "as_of", "list", "status_group", "go_live_month"]
AS_OF = dt.date(2025, 12, 15)
months = st.dates(dt.date(2024, 1, 1), dt.date(2027, 12, 1)).map(lambda day: day.replace(day=1))
days = st.dates(dt.date(2024, 1, 1), dt.date(2027, 12, 31))
groups = st.sampled_from(["Go-Live", "In Umsetzung", "In Vorbereitung", "offen"])


def listed(*rows):
    frame = pd.DataFrame([(f"s{n}", as_of, "aktuell", *rest) for n, (as_of, *rest) in enumerate(rows)])
    frame.columns = COLUMNS
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in ("as_of", "go_live_month")})


def judged(*rows, states=None, day=None):
    frame = listed(*rows)
    return with_progress(frame, frame if states is None else states, day)


def test_december_counts_january_and_february_as_dated() -> None:
    rows = judged(
        (AS_OF, "Go-Live", dt.date(2025, 12, 1)),
        (AS_OF, "Go-Live", dt.date(2025, 3, 1)),
        (AS_OF, "Go-Live", dt.date(2026, 1, 1)),
        (AS_OF, "Go-Live", dt.date(2026, 2, 1)),
        (AS_OF, "offen", None),
    )
    assert rows["go_live"].tolist() == [LIVE, LIVE, DATED, DATED, None]
    assert told(rows) == "2 live, 2 mit Termin bis Februar 2026 und 1 offen"
    assert told(rows.iloc[2:3]) == "1 mit Termin im Januar 2026"


def test_after_the_lists_date_a_passed_month_is_overdue_not_live() -> None:
    dated = (AS_OF, "Go-Live", dt.date(2026, 1, 1))
    for day, expected in (
        (None, DATED),
        (dt.date(2026, 1, 31), DATED),
        (dt.date(2026, 2, 1), OVERDUE),
    ):
        assert judged(dated, day=day)["go_live"].tolist() == [expected]


def test_a_month_that_an_earlier_list_promised_is_overdue_until_another_is_named() -> None:
    states = listed(
        (dt.date(2025, 6, 1), "Go-Live", dt.date(2025, 9, 1)), (AS_OF, "In Umsetzung", None)
    ).assign(service="s0")
    later = states.iloc[1:]
    assert with_progress(later, states)["go_live"].tolist() == [OVERDUE]
    moved = later.assign(status_group="Go-Live", go_live_month=pd.Timestamp("2026-03-01"))
    assert with_progress(moved, states)["go_live"].tolist() == [DATED]
    # the state of June is judged by its own date
    assert with_progress(states, states)["go_live"].tolist() == [DATED, OVERDUE]
    assert with_progress(later, states)["due"].tolist() == [pd.Timestamp("2025-09-01")]
    assert with_progress(moved, states)["due"].tolist() == [pd.Timestamp("2026-03-01")]


@pytest.mark.parametrize(
    ("status", "go_live", "words"),
    [
        ("Go-Live Januar 2026", DATED, "Go-Live Januar 2026, geplant"),
        ("Go-Live Januar 2026", OVERDUE, "Go-Live Januar 2026, überfällig"),
        ("In Umsetzung", OVERDUE, "In Umsetzung, Go-Live überfällig"),
        ("offen", None, "offen"),
        (None, None, ""),
    ],
)
def test_a_status_is_told_with_its_go_live(status, go_live, words) -> None:
    assert service_list.status_told(status, go_live) == words


def test_no_services_have_no_go_live() -> None:
    empty = listed((AS_OF, "offen", None)).iloc[:0]
    assert {"go_live", "progress"} <= set(with_progress(empty, empty).columns)
    assert told(with_progress(empty, empty)) == ""


@given(days, groups, st.one_of(st.none(), months), st.one_of(st.none(), days))
def test_drawn_go_lives_keep_their_meaning(as_of, group, month, day) -> None:
    rows = judged((as_of, group, month), day=day)
    found = rows["go_live"].iloc[0]
    horizon = max(as_of, day or as_of)
    if found == LIVE:
        assert group == "Go-Live" and month <= as_of
    if found == DATED:
        assert group == "Go-Live" and month > as_of and month >= horizon.replace(day=1)
    if found == OVERDUE:
        assert month < horizon.replace(day=1) and not (group == "Go-Live" and month <= as_of)
    if month is None:
        assert found is None
    assert rows["progress"].iloc[0] == (found or group)
    assert sum(service_list.progress_counts(rows).values()) == 1


@given(days, months, st.integers(0, 900))
def test_as_days_pass_a_dated_go_live_only_becomes_overdue(as_of, month, later) -> None:
    order = [LIVE, DATED, OVERDUE]
    now = judged((as_of, "Go-Live", month))["go_live"].iloc[0]
    then = judged((as_of, "Go-Live", month), day=as_of + dt.timedelta(days=later))["go_live"].iloc[0]
    assert order.index(then) >= order.index(now)
    assert (now == LIVE) == (then == LIVE)


def test_every_screen_tells_live_from_dated(house) -> None:
    question = house.question()
    sentence = "2 live, 3 mit Termin bis Februar 2026"
    bars = exhibit(overview.answer(question), "service_status")
    assert sentence in bars.headline and "5 Go-Live" not in bars.headline
    assert bars.frame.set_index("status")["services"].to_dict() == {
        "live": 2,
        "mit Termin": 3,
        "In Umsetzung": 4,
        "In Vorbereitung": 6,
        "offen": 2,
    }
    listed_services = services.answer(question)
    assert figure(listed_services, "Davon aktuell").change == "2 live und 3 mit Termin bis Februar 2026"
    table = exhibit(listed_services, "service_table").frame.set_index("service")
    assert table.loc[["fahrzeugzulassung", "aufenthaltstitel"], "progress"].tolist() == [LIVE, DATED]
    detail = service_detail.answer(question, "aufenthaltstitel")
    assert "(Go-Live Januar 2026, geplant)" in detail.message
    assert exhibit(detail, "service_facts").headline.endswith("Go-Live Januar 2026, geplant")
    pages = {page.id: page for page in report.slides(question).pages}
    assert pages["ozg_aktuell"].headline.endswith(f"9 aktuelle – {sentence} und 4 In Umsetzung")
    statuses = pages["ozg_aktuell"].frame.set_index("name")["status"]
    assert statuses["Aufenthaltstitel"] == "Go-Live Januar 2026, geplant"
    assert statuses["Führerschein"] == "In Umsetzung"
    assert pages["service_status"].headline == bars.headline
    counts = figures.service_counts(house.warehouse, house.settings)
    assert counts["by_status"]["Go-Live"] == 5
    assert counts["go_live"] == {"live": 2, "dated": 3, "dated_until": "2026-02", "overdue": 0}


def test_a_report_as_of_a_later_day_calls_passed_months_overdue(house) -> None:
    pages = {page.id: page for page in report.slides(house.question(as_of=dt.date(2026, 2, 10))).pages}
    for name in ("ozg_aktuell", "service_status"):
        assert "2 live, 1 mit Termin im Februar 2026, 2 überfällig" in pages[name].headline


def test_a_go_live_that_came_true_is_a_change_though_its_words_stay(changed_house) -> None:
    columns = "municipality, service, name, list, status, status_group, go_live_month"
    changed = changed_house(
        f"INSERT INTO service_status_history ({columns}, as_of) SELECT {columns}, as_of FROM services",
        f"INSERT INTO service_status_history ({columns}, as_of) SELECT {columns}, DATE '2026-01-20' FROM services",
        "UPDATE services SET as_of = DATE '2026-01-20'",
    )
    question = changed.question()
    page = report_lists.status_changes(
        question, service_list.services(question.warehouse, question.settings), None
    )
    rows = page.frame[page.frame["what"] == "Status"].drop(columns="what").set_index("name")
    assert rows.loc["Aufenthaltstitel"].tolist() == [
        "Go-Live Januar 2026, geplant (aktuell)",
        "Go-Live Januar 2026, live (aktuell)",
    ]
    assert len(rows) == 2


@pytest.mark.parametrize(("as_of", "reported"), [("2025-11-20", True), ("2025-10-20", False)])
def test_only_reported_go_lives_are_events_and_the_others_are_named(changed_house, as_of, reported) -> None:
    question = changed_house(
        "UPDATE services SET status = 'Go-Live November 2025', status_group = 'Go-Live', "
        "go_live_month = DATE '2025-11-01' WHERE service = 'hundesteuer'",
        f"UPDATE services SET as_of = DATE '{as_of}'",
    ).question()
    labels = [event.label for event in impact.known_events(question)]
    assert ("Go-Live Hundesteuer und -marke" in labels) is reported
    # December's go-lives lie in the data, too, and no list of that month reports them
    (caveat,) = [text for text in impact.answer(question).caveats if "meldet noch keinen Go-Live" in text]
    assert ("Hundesteuer und -marke" in caveat) is not reported
    assert "Fahrzeugzulassung (i-Kfz)" in caveat and "Aufenthaltstitel" not in caveat


@pytest.mark.parametrize(
    ("month", "ranked", "sentence"),
    [
        ("2025-11-01", False, "Nicht gereiht, weil laut Liste vom 15.12.2025 live: Hundesteuer und -marke."),
        ("2026-03-01", True, "Haben schon einen Termin für den Go-Live: Hundesteuer und -marke."),
    ],
)
def test_what_is_live_is_not_ranked_any_more(changed_house, month, ranked, sentence) -> None:
    changed = changed_house(
        f"UPDATE services SET status = 'Go-Live', status_group = 'Go-Live', go_live_month = DATE '{month}' "
        "WHERE service = 'hundesteuer'"
    )
    answer = changed.ask(prioritisation)
    shown = exhibit(answer, "ranking_overall").frame["service_id"].tolist()
    assert ("hundesteuer" in shown) is ranked
    assert sentence in answer.caveats
    started = [step for step in changed.ask(overview).next_steps if step.startswith("Startbar")]
    assert any("Hundesteuer" in step for step in started) is ranked
