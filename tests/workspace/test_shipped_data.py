"""The files that ship: rules that a person relies on, checked on everyday paths and queries."""

import csv
import datetime as dt

import pytest

from portalkompass.settings import SHIPPED_DATA
from portalkompass.workspace import (
    Shipped,
    annotations,
    conflicts,
    extra_services,
    open_workspace,
    read_links,
    resolve_pages,
    resolve_queries,
)

HOST = "https://portal.stadt.example"
LINKS = read_links(SHIPPED_DATA / "service_links.csv")

PAGES = {
    "/leistung/hundesteuer": "hundesteuer",
    "/dienstleistung/hundesteuer-anmeldung": "hundesteuer",
    "/leistung/haustierhaltung-anzeigen": "haustierhaltung",
    "/leistung/haltung-gefaehrlicher-hunde": "hundehaltung-landeshundegesetz",
    "/leistung/wohngeld": "wohngeld",
    "/leistung/pflegewohngeld": "pflegewohngeld",
    "/leistung/bewohnerparkausweis": "ausnahmegenehmigungen-parkausweise",
    "/leistung/parkausweis-fuer-schwerbehinderte": "ausnahmegenehmigungen-parkausweise",
    "/leistung/schwerbehindertenausweis": "schwerbehindertenausweis",
    "/leistung/wunschkennzeichen": "wunschkennzeichen",
    "/leistung/reitkennzeichen": "reitkennzeichen",
    "/leistung/kfz-abmeldung": "fahrzeugzulassung",
    "/leistung/anmeldung-oder-ummeldung-ihres-wohnsitzes": "wohnsitz-anmelden",
    "/leistung/personalausweis": "personalausweis",
    "/leistung/statusabfrage-personalausweis-reisepass": "statusabfrage-ausweisdokumente",
    "/leistung/meldebescheinigung": "meldebescheinigungen",
    "/leistung/erweiterte-meldebescheinigung-eheschliessung": "meldebescheinigungen",
    "/leistung/melderegisterauskunft": "melderegisterauskunft",
    "/leistung/f%C3%BChrerschein-umtausch": "fuehrerschein",
    "/leistung/fuehrungszeugnis": "fuehrungszeugnis",
    "/leistung/fischerpruefung": "fischereischeine",
    "/leistung/baugenehmigung-bauportal": "bauportal",
    "/leistung/baulastenverzeichnis": "baulastenauskunft",
    "/leistung/sperrmuell": "abfallentsorgung",
    "/organisationseinheit/auslaenderwesen-abteilung-333": "",
    "/organisationseinheit/einbuergerung-abteilung-334": "",
    "/mitarbeiter/erika-mustermann": "",
    "/aktuelles/hundesteuer-wird-erhoeht": "",
    "/": "",
}

QUERIES = {
    "angelschein leverkusen": "fischereischeine",
    "fahrerlaubnis beantragen": "fuehrerschein",
    "hund online anmelden": "hundesteuer",
    "auto ummelden": "fahrzeugzulassung",
    "wohngeld im pflegeheim": "pflegewohngeld",
    "ist mein reisepass fertig": "statusabfrage-ausweisdokumente",
    "grüne plakette": "feinstaubplakette",
    "haustier anmelden": "haustierhaltung",
    "sperrmüll termin": "abfallentsorgung",
    "bauantrag nrw": "bauportal",
    "sozialhilfe beantragen": "hilfe-zum-lebensunterhalt",
    "deutsche staatsbürgerschaft beantragen": "einbuergerung",
}

NOBODYS_QUERIES = [
    "wohngeld",
    "hundeschule anmelden",
    "hund entlaufen",
    "listenhund anmelden",
    "bootsführerschein",
    "schwerbehindertenausweis status",
    "wohnsitz anmelden",
    "halteverbot strafe",
    "parkhaus leverkusen",
    "melderegisterauskunft",
    "baulastenverzeichnis",
]


@pytest.mark.parametrize(("path", "service"), PAGES.items())
def test_a_page_belongs_to_one_service_only(path: str, service: str) -> None:
    found = resolve_pages([HOST + path], LINKS)
    assert list(found[["service", "share"]].itertuples(index=False, name=None)) == [(service, 1.0)]


def test_no_everyday_page_is_claimed_twice() -> None:
    assert conflicts([HOST + path for path in PAGES], LINKS).empty


@pytest.mark.parametrize(("query", "service"), QUERIES.items())
def test_everyday_words_reach_their_service(query: str, service: str) -> None:
    assert list(resolve_queries([query], LINKS)["service"]) == [service]


def test_words_that_only_look_alike_reach_no_service() -> None:
    assert list(resolve_queries(NOBODYS_QUERIES, LINKS)["query"]) == []


def test_links_name_the_services_of_the_list_and_all_of_them() -> None:
    with (SHIPPED_DATA / "ozg_services.csv").open(encoding="utf-8", newline="") as file:
        listed = {row["service_id"]: row["name"] for row in csv.DictReader(file, delimiter=";")}
    for source in ("url", "query"):
        named = {
            link.service_id: link.service_name
            for link in LINKS
            if (link.target, link.source) == ("leistung", source)
        }
        assert named == listed
    assert not listed.keys() & {link.service_id for link in LINKS if link.target == "ohne_status"}


def test_the_shipped_files_seed_a_workspace(url: str) -> None:
    workspace = open_workspace(url, Shipped())
    assert set(extra_services(workspace)["service_id"]) >= {
        "wunschkennzeichen",
        "wohnsitz-anmelden",
        "wohngeld",
    }
    assert [(note.date, note.end_date) for note in annotations(workspace)] == [
        (dt.date(2024, 7, 9), None),
        (dt.date(2025, 5, 5), None),
        (dt.date(2025, 5, 13), dt.date(2026, 4, 27)),
        (dt.date(2025, 9, 10), dt.date(2025, 9, 14)),
    ]
