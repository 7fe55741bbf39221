"""Open-PVOG against the list, traced by hand."""

import datetime as dt

import pandas as pd
import pytest

from portalkompass.answers.services.online_services import level_of, linked, offered

CITY = "053160000000"
HUND, PASS, ANGELN = "99102013002000", "99080001000000", "99090002000000"
LISTED = pd.DataFrame(
    [
        ("hund", "Hundesteuer", "aktuell", "Go-Live März 2025", [HUND]),
        ("pass", "Pass", "anstehend", "offen", [PASS, HUND]),
        ("angeln", "Fischereischein", "anstehend", "offen", [ANGELN]),
        ("reiten", "Reitkennzeichen", "anstehend", "offen", []),
        ("bau", "Bauportal", "anstehend", "offen", None),
    ],
    columns=["service", "name", "list", "status", "leistungsschluessel"],
)
REPORTED = pd.DataFrame(
    [
        (HUND, "053160000000", "https://a.example/hund", "Hund", "a.example", "ok", True, True),
        (HUND, "050000000000", "https://nrw.example/hund", "Hund", "nrw.example", "nicht ok", True, False),
        (ANGELN, "050000000000", "https://nrw.example/angeln", "Angeln", "nrw.example", "ok", False, False),
    ],
    columns=["leika_key", "ars", "url", "name", "host", "online_status", "active", "works"],
).assign(export_date=dt.datetime(2025, 12, 1))


def test_a_service_is_offered_if_one_of_its_keys_has_a_working_service():
    rows = offered(LISTED, linked(LISTED, REPORTED), CITY)
    assert rows[["name", "offered", "hosts", "level", "reported"]].values.tolist() == [
        ["Hundesteuer", "ja", "a.example", "Stadt", 2],
        ["Bauportal", "ohne Schlüssel", "", "", 0],
        ["Fischereischein", "gemeldet, aber defekt", "nrw.example", "Land", 1],
        ["Pass", "ja", "a.example", "Stadt", 2],
        ["Reitkennzeichen", "ohne Schlüssel", "", "", 0],
    ]


@pytest.mark.parametrize(
    ("ars", "level"),
    [("000000000000", "Bund"), ("050000000000", "Land"), ("053000000000", "Regierungsbezirk"),
     ("053160000000", "Stadt"), ("053820000000", "Kreis"),
     ("053820012012", "Gemeinde")],
)  # fmt: skip
def test_the_digits_of_the_key_tell_the_area(ars, level):
    assert level_of(ars, CITY) == level
