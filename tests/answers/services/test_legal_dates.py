"""Legal dates: good rows count, bad ones are named with line and column, the service's page shows both."""

import datetime as dt

import pytest

from portalkompass.answers.services import service_detail
from portalkompass.answers.services.legal_dates import SEVERAL, months_left, read, told
from portalkompass.answers.workshop.criterion_values import criterion_values, criterion_windows
from tests.answers.conftest import OCTOBER, exhibit

HEAD = "service_id;kind;date;duty;source\n"
SERVICES = {
    "hundesteuer": "hundesteuer",
    "hundesteuer und -marke": "hundesteuer",
    "99102013002000": "hundesteuer",
    "doppelt": SEVERAL,
}


def file_of(folder, *lines, head=HEAD):
    path = folder / "legal_dates.csv"
    path.write_text(head + "\n".join(lines), encoding="utf-8")
    return path


def test_services_are_named_by_id_name_or_key_and_days_in_both_ways(tmp_path):
    lines = (
        "hundesteuer;pflicht;2026-12-31;online;Gesetz A",
        "Hundesteuer und -marke;Ersatz der Schriftform;01.07.2026;;Gesetz B",
        ";;;;",
        "99 102 013 002 000;fokus;;;Land",
    )
    dates = read(file_of(tmp_path, *lines), SERVICES)
    assert dates.faults == ()
    assert told(dates, "hundesteuer") == [
        ("Ersatz der Schriftform", "bis 01.07.2026 · Quelle: Gesetz B"),
        ("Gesetzliche Pflicht", "bis 31.12.2026 · online · Quelle: Gesetz A"),
        ("Fokusleistung", "ja · Quelle: Land"),
    ]
    left = months_left(dates, dt.date(2026, 6, 1))
    assert left["hundesteuer"] == pytest.approx(30 / (365.25 / 12))


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("hund;pflicht;2026-12-31;x;G", "Zeile 2, Spalte service_id: „hund“ ist keine Leistung der Liste."),
        ("Doppelt;pflicht;2026-12-31;x;G", "Zeile 2, Spalte service_id: „Doppelt“ haben mehrere Leistungen"),
        ("9,9102E+13;pflicht;2026-12-31;x;G", "Zeile 2, Spalte service_id: „9,9102E+13“ hat Excel gekürzt."),
        ("hundesteuer;muss;2026-12-31;x;G", "Zeile 2, Spalte kind: „muss“ ist keine Art"),
        ("hundesteuer;pflicht;31.02.2026;x;G", "Zeile 2, Spalte date: „31.02.2026“ ist kein Tag"),
        ("hundesteuer;pflicht;;x;G", "Zeile 2, Spalte date: fehlt"),
        ("hundesteuer;pflicht;2026-12-31;x;", "Zeile 2, Spalte source: fehlt"),
        ("hundesteuer;pflicht", "Zeile 2, Spalte date: fehlt"),
        (";pflicht;2026-12-31;x;G", "Zeile 2, Spalte service_id: fehlt."),
        ("hundesteuer;;2026-12-31;x;G", "Zeile 2, Spalte kind: fehlt; erlaubt sind"),
        (
            "hundesteuer;pflicht;0026-12-31;x;G",
            "Zeile 2, Spalte date: „0026-12-31“ liegt nicht in den Jahren",
        ),
        ("hundesteuer;pflicht;1.1.1900;x;G", "Zeile 2, Spalte date: „1.1.1900“ liegt nicht in den Jahren"),
        (
            "hundesteuer;pflicht;9999-12-31;x;G",
            "Zeile 2, Spalte date: „9999-12-31“ liegt nicht in den Jahren",
        ),
        ("hundesteuer;pflicht;46387;x;G", "Zeile 2, Spalte date: „46387“ ist kein Tag"),
        ("hundesteuer;pflicht;2026-W01-1;x;G", "Zeile 2, Spalte date: „2026-W01-1“ ist kein Tag"),
        (
            "hundesteuer;pflicht;2026-12-31;Antrag; und Bescheid;G",
            "Zeile 2, Spalte service_id: „hundesteuer“ hat 6 Zellen statt 5",
        ),
        ('hundesteuer;pflicht;2026-12-31;"x\ny";G', "Zeile 3, Spalte duty: „x y“ geht über mehrere Zeilen"),
        (
            f"hundesteuer;pflicht;2026-12-31;{'x' * 10_000};G",
            f"Zeile 2, Spalte duty: „{'x' * 60}“ ist länger",
        ),
        (
            "hundesteuer;pflicht;2026-12-31;a\x00b\u202ec;G",
            "Zeile 2, Spalte duty: „a b c“ enthält unsichtbare",
        ),
    ],
)
def test_a_bad_row_is_named_and_the_good_one_counts(tmp_path, line, fault):
    dates = read(file_of(tmp_path, line, "hundesteuer;fokus;;;Land"), SERVICES)
    assert len(dates.rows) == 1
    (sentence,) = dates.faults
    assert sentence.startswith(f"legal_dates.csv, {fault}")


def test_another_table_is_refused_with_the_columns_it_lacks(tmp_path):
    dates = read(file_of(tmp_path, head="name;tag\n"), SERVICES)
    assert dates.rows.empty
    assert months_left(dates, dt.date(2026, 6, 1)).empty
    assert dates.faults == (
        "legal_dates.csv, Zeile 1: erwartet werden, mit Semikolon getrennt, die Spalten service_id, kind, date, duty, "
        "source; alle fehlen.",
    )


@pytest.mark.parametrize(
    ("head", "loaded", "fault"),
    [
        (
            "SERVICE_ID; kind ;date;duty;source;notiz\n",
            1,
            "Zeile 1, Spalte notiz: unbekannt, wird nicht gelesen.",
        ),
        ("service_id;kind;date;duty;duty;source\n", 0, "Zeile 1: die Spalte duty steht doppelt."),
        ("service_id;kind;date;duty\n", 0, "Zeile 1: erwartet werden, mit Semikolon getrennt"),
        (HEAD + HEAD, 1, "Zeile 2, Spalte service_id: „service_id“ ist keine Leistung der Liste."),
    ],
)
def test_a_wrong_head_is_named(tmp_path, head, loaded, fault):
    dates = read(file_of(tmp_path, "hundesteuer;fokus;;;Land", head=head), SERVICES)
    assert len(dates.rows) == loaded
    (sentence,) = dates.faults
    assert sentence.startswith(f"legal_dates.csv, {fault}")


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_a_file_of_another_encoding_is_refused_with_what_to_do(tmp_path, encoding):
    path = file_of(tmp_path, "hundesteuer;fokus;;Anträge;Land")
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    dates = read(path, SERVICES)
    assert dates.rows.empty
    (sentence,) = dates.faults
    assert "nicht in UTF-8 gespeichert (in Excel: „CSV UTF-8“)" in sentence


def test_the_page_of_a_service_shows_its_dates_and_the_ranking_knows_them(changed_house):
    house = changed_house()
    lines = ("hundesteuer;pflicht;31.12.2026;online;Gesetz A", "unbekannt;fokus;;;Land")
    file_of(house.settings.data_dir, *lines)
    facts = exhibit(house.ask(service_detail, further={"service": "hundesteuer"}, **OCTOBER), "service_facts")
    assert "bis 31.12.2026 · online · Quelle: Gesetz A" in set(facts.frame["value"])
    assert any("Zeile 3, Spalte service_id" in note for note in facts.notes)
    values = criterion_values(house.question())["legal_months"]
    assert values["hundesteuer"] > 0
    assert values.drop("hundesteuer").isna().all()
    assert criterion_windows(house.question())["legal_months"].endswith(
        "; legal_dates.csv: 1\N{NO-BREAK SPACE}Fehler"
    )


def test_a_file_that_excel_saved_otherwise_leaves_the_ranking_without_dates_and_says_so(changed_house):
    house = changed_house()
    text = f"{HEAD}hundesteuer;pflicht;31.12.2026;für alle;Gesetz A\n"
    (house.settings.data_dir / "legal_dates.csv").write_bytes(text.encode("cp1252"))
    assert criterion_values(house.question())["legal_months"].isna().all()
    assert criterion_windows(house.question())["legal_months"].endswith(
        "; legal_dates.csv: 1\N{NO-BREAK SPACE}Fehler"
    )
