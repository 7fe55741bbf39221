"""The standard report: what stands in it, and what it says when there is nothing to compare with."""

import dataclasses
import datetime as dt
import re

import pytest

from etl.store.publish import draft
from portalkompass import schema
from portalkompass.answers.report import report, report_lists, report_position
from portalkompass.answers.workshop import prioritisation
from portalkompass.slide_set import Words
from portalkompass.workspace import Decision, Scenario, decide, save_scenario
from tests.answers.conftest import open_house
from tests.warehouse_fixture import _append, publish, services, settings_for

NOVEMBER, DECEMBER = dt.date(2025, 11, 3), dt.date(2025, 12, 15)


@pytest.fixture
def two_states(tmp_path):
    """The list of December, and one of November in which Führerschein was still being prepared."""
    settings = settings_for(tmp_path)
    publish(settings)
    older = [
        row | {"as_of": NOVEMBER, "status": "In Vorbereitung", "status_group": "In Vorbereitung"}
        if row["service"] == "fuehrerschein"
        else row | {"as_of": NOVEMBER}
        for row in services()
    ]
    history = [{name: row[name] for name in row} for row in (*services(), *older)]
    with draft(settings) as connection:
        _append(connection, schema.SERVICE_STATUS_HISTORY, history)
    return open_house(settings)


def pages(house, as_of=None, **further):
    made = report.slides(house.question(as_of=as_of), **further)
    return {page.id: page for page in made.pages}


def test_one_state_only_has_no_earlier_one(house):
    found = pages(house)
    assert not {"status_changes", "figures_since", "decisions"} & set(found)
    assert "news" not in found["ozg_aktuell"].frame
    told = (
        "Noch ist keine Entscheidung festgehalten",
        "Veränderungen seit dem letzten Bericht: noch kein früherer Stand",
    )
    assert report.slides(house.question()).left_out == told
    assert report.left_out(house.question()) == told


def test_a_changed_status_is_told_with_both_states(two_states):
    page = pages(two_states)["status_changes"]
    live = {
        "what": "Status",
        "before": "Go-Live Dezember 2025, geplant (aktuell)",
        "after": "Go-Live Dezember 2025, live (aktuell)",
    }
    assert page.frame.to_dict("records") == [
        {"name": "Anlagengenehmigung und –zulassung (ELiA)", **live},
        {"name": "Fahrzeugzulassung (i-Kfz)", **live},
        {
            "name": "Führerschein",
            "what": "Status",
            "before": "In Vorbereitung (aktuell)",
            "after": "In Umsetzung (aktuell)",
        },
    ]


def test_the_timeline_has_each_go_live_in_its_month_and_what_is_late_up_to_that_day(two_states):
    now = pages(two_states)["go_lives"]
    told = [now.field("due"), now.field("go_live"), now.field("until")]
    assert [(field.label, field.format) for field in told] == [
        ("Monat", "month"),
        ("Go-Live", "text"),
        ("Balken bis", "month"),
    ]
    december = [
        name for name, state in zip(now.frame["name"], now.frame["go_live"], strict=True) if state == "live"
    ]
    assert december == ["Anlagengenehmigung und –zulassung (ELiA)", "Fahrzeugzulassung (i-Kfz)"]
    assert now.headline == "Go-Lives: 2 live und 3 mit Termin bis Februar 2026"
    assert now.frame["due"].is_monotonic_increasing
    assert now.frame["until"].equals(now.frame["due"])
    later = pages(two_states, as_of=dt.date(2026, 3, 10))["go_lives"]
    late = later.frame[later.frame["go_live"] == "überfällig"]
    assert set(late["due"].dt.date) == {dt.date(2026, 1, 1), dt.date(2026, 2, 1)}
    assert set(late["until"].dt.date) == {dt.date(2026, 3, 1)}
    assert report_lists.UNTIL_MEANING in later.notes
    assert report_lists.UNTIL_MEANING not in now.notes


def test_a_timeline_has_no_more_rows_than_a_slide_has_room_for(two_states, monkeypatch):
    monkeypatch.setattr(report_lists, "MOST_GO_LIVES", 2)
    shown = pages(two_states, as_of=dt.date(2026, 3, 10))["go_lives"]
    assert set(shown.frame["go_live"]) == {"überfällig"}  # what went live longest ago is left out first
    assert " · die 2 spätesten von 5 · " in shown.subtitle
    assert shown.headline.startswith("Go-Lives: 2 live")


def test_texts_motions_and_departments_are_compared_too(changed_house):
    columns = (
        "municipality, service, name, list, status, status_group, go_live_month, latest_development, motion_number, "
        "departments"
    )
    changed = changed_house(
        f"INSERT INTO service_status_history ({columns}, as_of) SELECT {columns}, DATE '2025-11-03' FROM services "
        "WHERE service <> 'bauportal'",
        f"INSERT INTO service_status_history ({columns}, as_of) SELECT {columns}, as_of FROM services",
        "UPDATE service_status_history SET go_live_month = DATE '2026-01-01', latest_development = 'Im Plan' "
        "WHERE service = 'aufenthaltstitel' AND as_of = DATE '2025-11-03'",
        "UPDATE service_status_history SET go_live_month = DATE '2025-12-01' "
        "WHERE service = 'hilfe-zum-lebensunterhalt' AND as_of = DATE '2025-11-03'",
        "UPDATE service_status_history SET motion_number = NULL, departments = 'FB 20' "
        "WHERE service = 'hundesteuer' AND as_of = DATE '2025-11-03'",
    )
    found = pages(changed)
    rows = found["status_changes"].frame
    assert rows[rows["name"].isin(["Aufenthaltstitel", "Hundesteuer und -marke", "Bauportal"])].to_dict(
        "records"
    ) == [
        {
            "name": "Aufenthaltstitel",
            "what": "Letzte Entwicklung",
            "before": "Im Plan",
            "after": "Projekt ist im Abschluss; Go-Live wird vorbereitet",
        },
        {
            "name": "Bauportal",
            "what": "Status",
            "before": "neu in der Liste",
            "after": "In Vorbereitung (anstehend)",
        },
        {"name": "Hundesteuer und -marke", "what": "Antrag Nr.", "before": "–", "after": "2025/3306"},
        {"name": "Hundesteuer und -marke", "what": "Fachbereiche", "before": "FB 20", "after": "–"},
    ]
    news = {
        name: mark
        for page in (found["ozg_aktuell"], found["ozg_anstehend"])
        for name, mark in zip(page.frame["name"], page.frame["news"], strict=True)
        if isinstance(mark, str)
    }
    assert news["Bauportal"] == "NEU"
    assert news["Hundesteuer und -marke"] == news["Aufenthaltstitel"] == "geändert"
    assert news["Hilfe zum Lebensunterhalt"] == "Termin verschoben"
    assert news["Fahrzeugzulassung (i-Kfz)"] == "fertig"
    assert "Einbürgerung" not in news
    assert found["ozg_aktuell"].fields[1].label == "Neu seit 03.11.2025"


def test_a_committee_reads_no_words_of_the_workshop(house):
    for page in pages(house).values():
        fields = getattr(page, "fields", ())
        texts = [
            page.headline,
            page.subtitle,
            *page.notes,
            *(f"{field.label} {field.help}" for field in fields),
        ]
        texts += [mark.label for mark in getattr(page, "marks", ())] + list(getattr(page, "paragraphs", ()))
        assert not [text for text in texts if re.search(r"\bBahn(en)?\b|num=100", text)]


def test_a_ranking_of_known_values_has_no_columns_that_only_repeat(house):
    ranked = house.ask(prioritisation)
    (table,) = report.lane_page(ranked)
    repeating = {"score_range", "rank_range"}
    assert repeating <= {field.name for field in table.fields}
    known = tuple(
        dataclasses.replace(one, frame=one.frame.assign(score_range="85,2")) if one.lane is not None else one
        for one in ranked.exhibits
    )
    (table,) = report.lane_page(dataclasses.replace(ranked, exhibits=known))
    assert not repeating & {field.name for field in table.fields}


def test_the_list_is_shown_as_it_stood_on_that_day(two_states):
    now = pages(two_states)["ozg_aktuell"].frame.set_index("name")["status"]
    then = pages(two_states, as_of=NOVEMBER)["ozg_aktuell"].frame.set_index("name")["status"]
    assert (now["Führerschein"], then["Führerschein"]) == ("In Umsetzung", "In Vorbereitung")


def test_figures_since_a_day_carry_the_caution_of_what_lies_between(house):
    page = pages(house, since=dt.date(2024, 12, 31))["figures_since"]
    rows = page.frame.set_index("label")
    # December 2024 at position 24, November 2025 at 9; 310 and 300 clicks
    assert tuple(rows.loc["Ø Position", ["before", "after"]]) == ("24,0", "9,0")
    assert tuple(rows.loc["Klicks", ["before", "after"]]) == ("310", "300")
    assert "Googles Umstellung vom September 2025" in page.caution


def test_figures_since_a_day_name_both_months_and_their_season(house):
    page = pages(house, since=dt.date(2024, 12, 31))["figures_since"]
    assert page.headline.replace("\u00a0", " ") == (
        "Ø Position im November 2025: 15,0 Plätze besser als im Dezember 2024"
    )
    title, _, days = page.subtitle.partition(" · ")
    assert title == "Kennzahlen des letzten vollen Monats"
    assert days.startswith("bis zum 31.12.2024: Dezember 2024; bis zum ")
    assert page.period == (dt.date(2024, 12, 1), dt.date(2025, 11, 30))
    assert report_position.SEASON in page.caution


def test_a_month_that_ended_after_the_data_of_the_last_report_was_not_in_it(house):
    """Its session was on 31 December, its data ended on the 28th: it showed November, not December."""
    (page,) = report.pages(
        house.question(), ["figures_since"], since=dt.date(2024, 12, 31), data_then=dt.date(2024, 12, 28)
    )
    assert [field.label for field in page.fields][1:3] == ["November 2024", "November 2025"]
    assert report_position.SEASON not in page.caution


def test_without_another_full_month_there_are_no_figures_and_it_is_said_why(house):
    (page,) = report.pages(house.question(), ["figures_since"], since=dt.date(2025, 12, 2))
    assert (page.empty, page.headline, page.paragraphs) == (
        True,
        "Zahlen seit dem 02.12.2025: seitdem kein weiterer voller Monat, der letzte ist November 2025",
        ("Seitdem ist kein weiterer voller Monat vorbei; der letzte ist November 2025.",),
    )


def test_a_day_before_all_data_has_no_earlier_figures(house):
    assert "figures_since" not in pages(house, since=dt.date(2023, 1, 1))
    told = report.slides(house.question(), since=dt.date(2023, 1, 1)).left_out
    assert "Zahlen seit dem 01.01.2023: keine Suchdaten für Dezember 2022" in told


def test_october_is_compared_with_october(house):
    page = pages(house)["position_october"]
    assert page.headline.startswith("Google-Position: Ø 24,0 im Oktober 2024, Ø 9,0 im Oktober 2025")
    assert page.labelled == (dt.date(2025, 10, 1), dt.date(2024, 10, 1))


def test_decisions_stand_with_reason_and_scenario(two_states):
    scenario = save_scenario(two_states.workspace, Scenario("Klausur"), "a")
    decide(
        two_states.workspace,
        Decision(scenario.id, "hundesteuer", "beschlossen", DECEMBER, "hohe Nachfrage"),
        "a",
    )
    page = pages(two_states)["decisions"]
    assert page.frame.to_dict("records") == [
        {
            "name": "Hundesteuer und -marke",
            "decision": "beschlossen",
            "decided_on": DECEMBER,
            "reason": "hohe Nachfrage",
            "scenario": "Klausur",
        }
    ]


def test_without_data_the_report_still_has_its_words(empty_house):
    found = pages(empty_house)
    assert {"definitions", "sources"} == set(found)
    assert not [page for page in found.values() if not isinstance(page, Words)]
    assert dataclasses.is_dataclass(found["sources"])
