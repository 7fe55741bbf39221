"""Promises against what came: verdicts by hand, missing is no zero, small counts stay hidden; the probe."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from portalkompass.answers.base import service_list
from portalkompass.answers.impact import forecasts, sample_workshop
from portalkompass.answers.impact.forecasts import judged
from portalkompass.answers.impact.ledger_rows import ARRIVALS
from portalkompass.answers.services.click_forecasts import Course, earlier_forecasts
from portalkompass.answers.workshop.planning.plan_inputs import Quarter
from portalkompass.estimates.forecast import WINDOW, forecast
from portalkompass.estimates.forecast_ledger import calibration
from portalkompass.exports import files
from portalkompass.workspace import Decision, Scenario, decide, decisions, promises, save_scenario, withdraw
from tests.answers.conftest import exhibit, figure
from tests.answers.services.test_case_rows import loaded, row
from tests.warehouse_fixture import SITE

DAY = dt.date(2025, 3, 3)
NUMBER_PLATES, DOGS = "wunschkennzeichen", "hundesteuer"  # 6 and 3 clicks on every day of the house


def clicks(service, start, end, value, low=None, high=None):
    span = {} if low is None else {"low": low, "high": high}
    window = {"start": start, "end": end, "seasonal": False, "pages": {f"{SITE}leistung/{service}": 1.0}}
    return {"site": SITE, "data_date": "2025-02-28", "clicks": {"value": value, **span, **window}}


def promise(house, *contents, name="Klausur"):
    """A workshop that decided each of these services, and what it promised of it."""
    scenario = save_scenario(house.workspace, Scenario(name), "anna")
    for service, content in contents:
        here = next(
            (one for one in decisions(house.workspace, scenario.id) if one.service_id == service), None
        )
        if here:  # decided anew: a promise of its own
            withdraw(house.workspace, here, "anna")
        decide(house.workspace, Decision(scenario.id, service, "beschlossen", DAY), "anna", promised=content)
    return scenario


def test_every_promise_of_clicks_gets_the_verdict_that_the_days_give(changed_house):
    house = changed_house()
    autumn, summer = ("2025-09-01", "2025-11-30"), ("2025-06-01", "2025-08-31")
    promise(
        house,
        (NUMBER_PLATES, clicks(NUMBER_PLATES, *autumn, 6.5, 5.0, 7.0)),
        (DOGS, clicks(DOGS, *autumn, 4.5, 4.0, 5.0)),
        (NUMBER_PLATES, clicks(NUMBER_PLATES, *summer, 1.5, 1.0, 2.0)),
        (DOGS, clicks(DOGS, *summer, 3.0)),
        (DOGS, clicks(DOGS, "2025-12-01", "2026-02-28", 3.0, 2.0, 4.0)),
        (DOGS, clicks(DOGS, "2024-06-01", "2024-08-31", 3.0, 2.0, 4.0)),
    )
    # The same service and window in another workshop is the same promise.
    promise(house, (DOGS, clicks(DOGS, *autumn, 3.0, 1.0, 5.0)), name="Zweite")
    answer = house.ask(forecasts)
    table = exhibit(answer, "promised_clicks")
    told = {
        (one["service_id"] if "service_id" in one else one["name"], one["window"]): one
        for one in table.frame.to_dict("records")
    }
    assert len(told) == len(table.frame) == 6
    verdicts = sorted((round(one["actual"], 9), one["verdict"]) for one in told.values() if one["actual"] > 0)
    assert verdicts == [
        (3.0, "nicht zu urteilen: ohne Spanne"),
        (3.0, "verfehlt: weniger"),
        (6.0, "eingetroffen"),
        (6.0, "verfehlt: mehr"),
    ]
    others = {one["window"]: one["verdict"] for one in told.values() if np.isnan(one["actual"])}
    assert others == {
        "Dez. 2025 bis Feb. 2026": "noch offen",
        "Juni bis Aug. 2024": "nicht zu urteilen: Daten fehlen",
    }
    assert table.headline == "Klicks: 1 eingetroffen, 2 verfehlt, 1 noch offen und 2 nicht zu urteilen"
    assert answer.message.startswith(
        "Von 3\u00a0fälligen Zusagen mit Spanne traf eine ein; unter 10 sagt das nichts"
    )
    assert (
        figure(answer, "Fällige Zusagen mit Spanne").number,
        figure(answer, "Davon eingetroffen").number,
    ) == (3, 1)
    hits = exhibit(answer, "forecast_hits")
    assert hits.headline == "1 von 3\u00a0fälligen Zusagen in der Spanne"
    assert hits.frame["actual"].tolist() == pytest.approx([6 / 1.5, 6 / 6.5, 3 / 4.5])
    assert answer.next_steps == ()
    of_one = house.ask(forecasts, further={"scenario": "Zweite"})
    assert exhibit(of_one, "promised_clicks").frame["verdict"].tolist() == ["eingetroffen"]
    assert files.make(table, files.format_of("xlsx"))[:2] == b"PK"


def test_go_lives_are_judged_by_the_list_and_only_while_the_decision_stands(changed_house):
    house = changed_house()
    question = house.question()
    listed = service_list.services(question.warehouse, question.settings)
    live = listed[listed["go_live"] == service_list.LIVE].iloc[0]
    month = live["go_live_month"]
    quarter = Quarter(month.year, (month.month + 2) // 3)
    pending = listed.loc[listed["go_live"].isna(), "service"].tolist()[:3]

    def quarterly(which):
        return {"site": SITE, "data_date": "2025-02-28", "live": which.label}

    promise(
        house,
        (live["service"], quarterly(quarter)),
        (pending[0], quarterly(Quarter(2025, 3))),
        (pending[1], quarterly(Quarter(2026, 1))),
        (pending[2], quarterly(Quarter(2025, 3))),
        ("nicht-gelistet", quarterly(Quarter(2025, 3))),
    )
    late = promise(house, (live["service"], quarterly(quarter.after(-1))), name="Zweite")
    first = decisions(house.workspace)[0].scenario_id
    for one in decisions(house.workspace, first):
        if one.service_id == pending[2]:
            withdraw(house.workspace, one, "anna")
    assert late.name == "Zweite"
    table = exhibit(house.ask(forecasts), "promised_go_lives")
    assert sorted(table.frame["verdict"]) == sorted(
        [
            "pünktlich",
            "verspätet",
            "noch offen",
            "überfällig seit 76\u00a0Tagen",  # from 30 September to the list of 15 December
            "nicht zu urteilen: Entscheidung geändert oder zurückgenommen",
            "nicht zu urteilen: steht nicht in der Liste",
        ]
    )
    words = "1 pünktlich, 1 verspätet, 1 überfällig, 1 noch offen und 2 nicht zu urteilen"
    assert table.headline == f"Go-Lives: {words}"
    assert set(ARRIVALS.values()) == {"pünktlich", "verspätet", "noch offen", "überfällig"}


def test_cases_come_beside_the_promise_and_small_counts_stay_hidden(changed_house):
    months = pd.date_range("2024-12-01", "2025-11-01", freq="MS").strftime("%Y-%m-%d")
    house = loaded(
        changed_house,
        *(row(DOGS, month, "online", 50) for month in months),
        *(row("bauportal", month, "online", 3 if month == "2025-03-01" else 60) for month in months),
        *(row("abfallentsorgung", month, "online", 40) for month in months[1:]),
    )
    told = {"site": SITE, "data_date": "2024-11-30", "cases": 500.0, "once": 12_000.0}
    services = (DOGS, "bauportal", "abfallentsorgung")
    promise(house, *((service, told) for service in services))
    table = exhibit(house.ask(forecasts), "promised_costs")
    rows = {one["verdict"]: one for one in table.frame.to_dict("records")}
    assert rows["nicht zu urteilen: ohne Spanne"]["came"] == 600.0
    assert np.isnan(rows["nicht zu urteilen: Daten fehlen"]["came"])  # eleven months are no year
    hidden = rows["nicht zu urteilen: kleine Zahl, nicht ausgewiesen"]
    assert np.isnan(hidden["came"]) and hidden["came_hidden"] not in ("", "663")
    csv = files.make(table, files.format_of("csv")).decode("utf-8-sig")
    assert hidden["came_hidden"] in csv and "663" not in csv and "600" in csv
    assert table.headline == "3\u00a0Leistungen mit Aufwand, Kosten oder Fällen, 3 davon mit Fällen"


def test_the_sample_workshop_promises_what_was_known_on_its_day(changed_house):
    house = changed_house()
    saved = sample_workshop.hold(house.question(), "anna")
    (made,) = promises(house.workspace, saved.id)[:1]
    content = {one.service_id: one.content for one in promises(house.workspace, saved.id)}[DOGS]
    assert (made.made_on, saved.data_date) == (dt.date(2025, 8, 31), dt.date(2025, 8, 31))
    assert content["clicks"]["value"] == pytest.approx(3.0)
    assert (content["clicks"]["start"], content["clicks"]["end"]) == ("2025-09-01", "2025-11-30")
    assert (content["data_date"], content["live"], content["once"]) == ("2025-08-31", "Q4 2025", 12_000.0)
    answer = house.ask(forecasts)
    kept = exhibit(answer, "promised_clicks").frame
    assert kept["actual"].tolist() == pytest.approx([3.0] * len(kept))
    assert exhibit(answer, "then_and_today").subtitle.startswith("Gespeichert mit Datenstand 31.08.2025")


def test_without_a_promise_the_way_to_one_is_told(house):
    answer = house.ask(forecasts)
    assert answer.message.startswith("Noch wurde mit keinem Beschluss etwas zugesagt.")
    assert answer.next_steps == (forecasts.DECIDE_FIRST,)


def test_the_probe_makes_each_forecast_of_the_months_before_alone():
    rng = np.random.default_rng(5)
    months, services = 14, 40
    index = pd.date_range("2024-08-01", periods=months, freq="MS")
    frame = pd.DataFrame(rng.poisson(300, (months, services)), index=index)
    frame.iloc[-1] = 5_000  # the last month is nothing that anybody could expect
    days = index.days_in_month.to_numpy()
    held = Course(index[0].date(), frame, days)
    probe = earlier_forecasts(held)
    last = probe[-1]
    assert (last.window.start, last.window.end) == (dt.date(2025, 7, 1), dt.date(2025, 9, 30))
    assert (last.judged, last.inside) == (services, 0)
    before = months - WINDOW
    assert forecast(frame.to_numpy()[:before], days[:before]).times == before - 2 * WINDOW + 1
    assert [one.inside for one in probe[:-1]] == pytest.approx([services] * (len(probe) - 1), abs=8)
    assert not any(one.seasonal for one in probe)
    assert earlier_forecasts(None) == []


@pytest.mark.parametrize(
    ("hits", "misses", "sentence"),
    [
        (0, 2, "traf keine ein; unter 10 sagt das nichts"),
        (11, 1, "trafen 11 ein (92\u00a0%); zu erwarten sind 9 bis 12."),
        (12, 0, "trafen alle ein (100\u00a0%); zu erwarten sind 9 bis 12."),
        (6, 6, "trafen 6 ein (50\u00a0%), zu erwarten sind 9 bis 12: Die Spannen sind zu eng."),
        (
            60,
            0,
            "trafen alle ein (100\u00a0%), zu erwarten sind 50 bis 58: Die Spannen sind weiter als nötig.",
        ),
    ],
)
def test_the_sentence_on_all_verdicts(hits, misses, sentence):
    assert sentence in judged(calibration(["hit"] * hits + ["below"] * misses))
