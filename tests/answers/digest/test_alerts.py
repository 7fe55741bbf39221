"""Alerts on the week of the small warehouse: 70 clicks, 700 impressions, Hundesteuer 21 clicks on place 10."""

import dataclasses

import pytest

from portalkompass.answers.digest import digest
from portalkompass.settings import Alert, Digest, Privacy
from tests.answers.digest.test_digest import BURST, NOISE

THAN = "(01.12.2025 bis 07.12.2025: {})"
SAME = "und damit unverändert gegenüber dem Zeitraum davor " + THAN


def states(house, *alerts, **changes):
    settings = house.settings.model_copy(update={"digest": Digest(alerts=alerts), **changes})
    return digest.alert_states(dataclasses.replace(house, settings=settings).question())


def told(house, **alert):
    """The sentence of the one alert, and whether it is raised; None where it does not hold."""
    found = states(house, Alert(name="Alarm", **alert))
    return (found[0].raised, found[0].sentence) if found else None


@pytest.mark.parametrize(
    ("scope", "measure", "value", "limits", "words"),
    [
        ({}, "clicks", "Klicks 70 " + SAME.format(70), (71, 69), "71"),
        ({}, "impressions", "Impressionen 700 " + SAME.format(700), (701, 699), "701"),
        ({}, "ctr", "Klickrate 10,0\u00a0% " + SAME.format("10,0\u00a0%"), (0.11, 0.09), "11,0\u00a0%"),
        ({}, "position", "Ø Position 9,0 " + SAME.format("9,0"), (9.5, 8.5), "9,5"),
        ({"page_contains": "/hundesteuer"}, "clicks",
         "Klicks (Seiten mit „/hundesteuer“) 21 " + SAME.format(21), (22, 20), "22"),
        ({"page_contains": "/leistung/"}, "position", "Ø Position (Seiten mit „/leistung/“) 7,2", (7.5, 7.0), "7,5"),
        ({"page_contains": "hundesteuer"}, "ctr", "Klickrate (Seiten mit „hundesteuer“) 7,5\u00a0%", (0.08, 0.07),
         "8,0\u00a0%"),
        ({"query": "Hund anmelden"}, "clicks", "Klicks (Suchanfrage „hund anmelden“) 14, davor "
         "zu wenige für einen Vergleich in Prozent "
         "(01.12.2025 bis 07.12.2025: 14)", (15, 13), "15"),
        ({"query": "hund anmelden"}, "position", "Ø Position (Suchanfrage „hund anmelden“) 12,0", (12.5, 11.5), "12,5"),
        ({"service": "hundesteuer"}, "impressions",
         "Impressionen (Leistung „Hundesteuer und -marke“) 280 " + SAME.format(280), (281, 279), "281"),
    ],
)  # fmt: skip
def test_a_threshold_holds_on_its_side_only(house, scope, measure, value, limits, words):
    more, less = limits
    assert told(house, measure=measure, rule="below", threshold=more, **scope) == (
        True, f"Alarm: {value}; Schwelle: unter {words}.",
    )  # fmt: skip
    assert told(house, measure=measure, rule="above", threshold=more, **scope) is None
    assert told(house, measure=measure, rule="below", threshold=less, **scope) is None
    raised, sentence = told(house, measure=measure, rule="above", threshold=less, **scope)
    assert raised
    assert "; Schwelle: über " in sentence


@pytest.mark.parametrize(
    ("alert", "reason"),
    [
        ({"page_contains": "/gibt-es-nicht"}, "keine Seite enthält „/gibt-es-nicht“"),
        ({"service": "gibt-es-nicht"}, "der Leistung „gibt-es-nicht“ ist keine Seite zugeordnet"),
        (
            {"query": "mondsteuer"},
            "Google nennt die Suchanfrage „mondsteuer“ in der Woche nicht oder zu selten",
        ),
    ],
)
def test_what_is_not_known_is_no_zero_and_said(house, alert, reason):
    assert told(house, rule="below", threshold=1000, **alert) == (
        False, f"Alarm „Alarm“ nicht geprüft: {reason}.",
    )  # fmt: skip


def test_a_rare_query_is_not_told(house):
    rare = Alert(name="Alarm", rule="above", threshold=1, query="hund anmelden")
    (state,) = states(house, rare, privacy=Privacy(min_query_impressions=211))
    assert (state.raised, "zu selten" in state.sentence) == (False, True)
    (state,) = states(house, rare, privacy=Privacy(min_query_impressions=210))
    assert state.raised


@pytest.mark.parametrize(
    ("table", "alert"),
    [
        ("search_site_day", {}),
        ("search_page_day", {"page_contains": "/hundesteuer"}),
        ("search_query_day", {"query": "hund anmelden"}),
    ],
)
def test_a_week_that_lacks_a_day_raises_nothing(changed_house, table, alert):
    gap = changed_house(f"DELETE FROM {table} WHERE date = DATE '2025-12-10'")
    assert told(gap, rule="below", threshold=1000, **alert) == (
        False, "Alarm „Alarm“ nicht geprüft: in der Woche fehlen Tage.",
    )  # fmt: skip


def test_beyond_chance_is_what_outliers_say_within_the_scope(changed_house, house):
    burst = changed_house(*NOISE, BURST)
    raised, sentence = told(burst, rule="beyond_chance")
    assert raised
    assert sentence.startswith("Alarm: neben dem Erwarteten liegen „Hundesteuer“ ")
    assert told(burst, rule="beyond_chance", page_contains="hundesteuer") == (True, sentence)
    assert told(burst, rule="beyond_chance", service="hundesteuer") == (True, sentence)
    assert told(burst, rule="beyond_chance", page_contains="wunschkennzeichen") is None
    assert told(house, rule="beyond_chance") is None
