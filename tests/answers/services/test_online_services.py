"""Open-PVOG against the list, traced by hand."""

import datetime as dt

import pandas as pd
import pytest

from portalkompass.answers.services.elsewhere.neighbours import (
    known_neighbours,
    neighbour_offers,
    neighbours_table,
    service_neighbours,
)
from portalkompass.answers.services.elsewhere.offers import offers_table, service_offers
from portalkompass.answers.services.elsewhere.reported import level_of, linked, offered

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


def _of(reported):
    """The same list, of the key of passes."""
    return reported.assign(leika_key=PASS)


def nearby(key, ars, host, status="ok", active=True):
    return (
        f"INSERT INTO online_services_nearby VALUES ('{key}', '{ars}', 'https://{host}/x', 'x', '{host}', "
        f"'{status}', {active}, NULL, '2025-12-01', 'i')"
    )


def test_neighbours_count_where_a_service_of_their_own_area_works(changed_house):
    house = changed_house(
        nearby(HUND, "053150000000", "koeln.example"),
        nearby(HUND, "053780008008", "burscheid.example", "nicht ok"),
        nearby(HUND, "053780000000", "kreis.example"),  # of Burscheid's district
        nearby(ANGELN, "053780008008", "burscheid.example", active=False),
        nearby(PASS, "051580026026", "monheim.example"),
        nearby(ANGELN, "051580020020", "langenfeld.example", "nicht ok"),
    )
    question = house.question()
    assert list(known_neighbours(question)) == ["Burscheid", "Köln", "Langenfeld", "Monheim am Rhein"]
    found = neighbour_offers(question, LISTED)
    assert found[["service", "neighbour", "host"]].values.tolist() == [
        ["hund", "Burscheid", "kreis.example"],
        ["hund", "Köln", "koeln.example"],
        ["pass", "Burscheid", "kreis.example"],
        ["pass", "Köln", "koeln.example"],
        ["pass", "Monheim am Rhein", "monheim.example"],
    ]
    offers = offered(LISTED, linked(LISTED, REPORTED), CITY)
    table = neighbours_table(question, LISTED, offers)
    assert table.frame[["name", "neighbours"]].values.tolist() == [["Pass", 3], ["Hundesteuer", 2]]
    assert table.headline == "„Pass“ bieten 3 von 4\u00a0Nachbarn online an"
    for works, status, here in (
        (False, "nicht ok", "er gemeldet, aber defekt"),
        (None, "", "keiner gemeldet"),
    ):
        reported = REPORTED.assign(works=works, online_status=status) if status else REPORTED.head(0)
        listed = LISTED.assign(leistungsschluessel=[[PASS], [PASS], [ANGELN], [], None])
        table_here = neighbours_table(question, listed, offered(listed, linked(listed, _of(reported)), CITY))
        assert table_here.headline.endswith(f"online an; hier ist {here}")
    assert "Ohne geladene Liste: Bergisch Gladbach, Leichlingen und Odenthal." in table.notes
    single = service_neighbours(question, LISTED[LISTED["service"] == "hund"], "Hundesteuer")
    assert single.headline == "2 von 4\u00a0Nachbarn bieten „Hundesteuer“ online an"
    assert single.frame[["neighbour", "level"]].values.tolist() == [
        ["Burscheid", "Kreis"],
        ["Köln", "Kreis"],
        ["Langenfeld", "nicht gemeldet"],
        ["Monheim am Rhein", "nicht gemeldet"],
    ]
    assert service_neighbours(question, LISTED[LISTED["service"] == "bau"], "Bauportal") is None
    nobody = service_neighbours(question, LISTED[LISTED["service"] == "angeln"], "Fischereischein")
    assert nobody.headline == "0 von 4\u00a0Nachbarn bieten „Fischereischein“ online an"
    assert set(nobody.frame["level"]) == {"nicht gemeldet"} and nobody.frame["url"].isna().all()


def test_offers_stand_beside_the_services_with_their_key_first_those_without_a_service_here(changed_house):
    house = changed_house(
        *(
            f"INSERT INTO service_offers VALUES ('{key}', '{provider}', '{url}', 'x', {price}, NULL, NULL, 'i')"
            for key, provider, url, price in (
                (HUND, "Firma", "https://firma.example/hund", "'99 €'"),
                (ANGELN, "Land", "", "NULL"),
                ("99000000000000", "Land", "", "NULL"),
            )
        )
    )
    question = house.question()
    table = offers_table(question, LISTED, offered(LISTED, linked(LISTED, REPORTED), CITY))
    assert table.headline == "Für 1\u00a0Leistung ohne Onlinedienst gibt es Angebote"
    assert table.frame["service_name"].tolist() == ["Fischereischein", "Hundesteuer", "Pass"]
    single = service_offers(question, LISTED[LISTED["service"] == "hund"], "Hundesteuer")
    assert single.headline == "1\u00a0Anbieter hat einen Onlinedienst zu „Hundesteuer“ im Angebot"
    assert single.frame["price"].tolist() == ["99 €"]
    assert service_offers(question, LISTED[LISTED["service"] == "bau"], "Bauportal") is None


@pytest.mark.parametrize(
    ("ars", "level"),
    [("000000000000", "Bund"), ("050000000000", "Land"), ("053000000000", "Regierungsbezirk"),
     ("053160000000", "Stadt"), ("053820000000", "Kreis"),
     ("053820012012", "Gemeinde")],
)  # fmt: skip
def test_the_digits_of_the_key_tell_the_area(ars, level):
    assert level_of(ars, CITY) == level
