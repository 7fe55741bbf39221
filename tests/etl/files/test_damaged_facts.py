"""Damaged files of every fact about services: good rows load, bad ones are named, nothing is lost, undo takes back one.

DAMAGED_FILES says how many are drawn over all kinds; ``make faults`` tries 200.
"""

from __future__ import annotations

import csv
import datetime as dt
import os
import random
import shutil
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from etl.errors import LoadError
from etl.operations.imports import import_paths
from etl.operations.undo import undo
from portalkompass.answers.services.legal_dates import COLUMNS, read
from portalkompass.exchange.benchmark_file import Figure, Service
from portalkompass.settings import SHIPPED_DATA, Settings
from portalkompass.warehouse import snapshots
from tests.exchange.cities import Sender, sender

FILES = int(os.environ.get("DAMAGED_FILES", "10"))
TODAY = dt.date(2025, 12, 17)
ARS, OTHER_ARS = "053160000000", "053150000000"
ROWS = 48
"""Rows of a file, of which at most three are damaged: few enough for the rest to be loaded."""
Cells = list[str]
Damage = tuple[str, str]
"""A column, and what stands in its cell."""


def _listed() -> list[dict[str, str]]:
    with (SHIPPED_DATA / "ozg_services.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


LISTED = _listed()
TOLD = Counter(key for row in LISTED for key in filter(None, row["leistungsschluessel"].split("|")))
KEYS = {
    key: row["service_id"]
    for row in LISTED
    for key in filter(None, row["leistungsschluessel"].split("|"))
    if TOLD[key] == 1
}
NAMES = {row["name"]: row["service_id"] for row in LISTED}


@dataclass(frozen=True)
class Table:
    """A kind of table: its head, the cells of a row, faults by column, and what the warehouse then holds.

    ``double``: the column named for a row that is told twice ("" = that is no fault), ``both``: whether both are wrong.
    """

    head: tuple[str, ...]
    cells: Callable[[int, int], Cells]
    faults: tuple[Damage, ...]
    held: str
    double: str = ""
    both: bool = True

    def text(self, rows: Sequence[Cells]) -> str:
        return "".join(f"{';'.join(cells)}\n" for cells in (list(self.head), *rows))


def _month(number: int, year: int) -> str:
    return f"{year}-{number % 11 + 1:02}"


def _name(number: int) -> str:
    return sorted(NAMES)[number // 11]


def _key(number: int) -> str:
    """One key of a service, another service each time."""
    by_service = {service: key for key, service in sorted(KEYS.items(), reverse=True)}
    return by_service[sorted(by_service)[number // 11]]


EXCEL = "9,9102E+13"
CHANNELS = ("Online", "Post", "Schalter")
TABLES: Mapping[str, Table] = {
    "cases": Table(
        ("ARS", "Leistung", "Monat", "Kanal", "Fälle", "Anträge"),
        lambda n, year: [ARS, _name(n), _month(n, year), CHANNELS[n % 3], str(50 + n), str(20 + n)],
        (
            ("Leistung", "Wolkenschieben"),
            ("Leistung", ""),
            ("Monat", "2025-13"),
            ("Monat", "2027-01"),
            ("Monat", "2025"),
            ("Kanal", "Brieftaube"),
            ("Fälle", "-3"),
            ("Fälle", "2,5"),
            ("Fälle", "1,2E+3"),
            ("Fälle", "#NV"),
            ("Anträge", "9999"),
            ("ARS", OTHER_ARS),
        ),
        "SELECT service, month, channel, cases, applications FROM service_cases WHERE cases IS NOT NULL ORDER BY ALL",
        "Monat",
    ),
    "feedback": Table(
        ("ARS", "Leistung", "Datum", "Sterne", "Anzahl"),
        lambda n, year: [ARS, _name(n), f"{_month(n, year)}-05", str(n % 5 + 1), str(n + 1)],
        (
            ("Leistung", "Wolkenschieben"),
            ("Datum", "31.02.2025"),
            ("Datum", "2027-01-01"),
            ("Sterne", "0"),
            ("Sterne", "6"),
            ("Sterne", "-1"),
            ("Sterne", "3,5"),
            ("Sterne", ""),
            ("Anzahl", "-2"),
            ("Anzahl", "1,5"),
            ("ARS", OTHER_ARS),
        ),
        "SELECT service, month, stars, answers FROM service_feedback ORDER BY ALL",
    ),
    "dashboard": Table(
        ("ARS", "Leistungsschlüssel", "Monat", "Transaktionen"),
        lambda n, year: [ARS, _key(n), _month(n, year), str(100 + n)],
        (
            ("Leistungsschlüssel", EXCEL),
            ("Leistungsschlüssel", "99999999999999"),
            ("Leistungsschlüssel", "123"),
            ("Monat", "Mittwoch"),
            ("Transaktionen", "-5"),
            ("Transaktionen", "1,5"),
            ("Transaktionen", ""),
            ("ARS", OTHER_ARS),
        ),
        "SELECT service, month, transactions FROM dashboard_usage ORDER BY ALL",
        "Monat",
    ),
    "offers": Table(
        ("Leistungsschlüssel", "Leistung", "Anbieter", "Preis", "Verfügbar ab", "Link"),
        lambda n, year: [
            f"991020130{n:05}",
            "Gebühr",
            f"Firma {year}",
            "1",
            "2025-07",
            f"https://a.example/{n}",
        ],
        (
            ("Leistungsschlüssel", EXCEL),
            ("Leistungsschlüssel", ""),
            ("Anbieter", ""),
            ("Verfügbar ab", "bald"),
            ("Link", "hier klicken"),
            ("Preis", "#NV"),
        ),
        "SELECT leika_key, provider, url, available_from FROM service_offers ORDER BY ALL",
        "Leistungsschlüssel",
        both=False,
    ),
}
BENCHMARKS = "SELECT ars, leika_key, measure, value FROM benchmarks ORDER BY ALL"


@dataclass(frozen=True)
class City:
    """A city that has its list and a file of every kind already; ``house`` gives a copy of it to be loaded into."""

    folder: Path
    senders: tuple[Sender, Sender]

    def house(self, folder: Path) -> Settings:
        shutil.copytree(self.folder, folder)
        return Settings(data_dir=folder, today=TODAY)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    folder = tmp_path_factory.mktemp("city") / "data"
    settings = Settings(data_dir=folder, today=TODAY)
    import_paths([SHIPPED_DATA / "ozg_services.csv"], settings)
    files = []
    for name, table in TABLES.items():
        path = folder.parent / f"{name}.csv"
        path.write_text(table.text([table.cells(number, 2024) for number in range(12)]), encoding="utf-8")
        files.append(path)
    senders = sender("Solingen", 1), sender("Remscheid", 2)
    for one in senders:
        one.trusted_by(settings)
    files.append(
        senders[1].file(
            folder.parent / "r.json", senders[1].content({"99102013002000": {"online_share": 0.3}})
        )
    )
    import_paths(files, settings)
    return City(folder, senders)


def ask(settings: Settings, statement: str) -> list[tuple[Any, ...]]:
    snapshot = snapshots.published(settings.warehouse_dir)
    assert snapshot is not None
    with duckdb.connect(snapshot.path, read_only=True) as connection:
        return connection.execute(statement).fetchall()


def clean(city: City, folder: Path, table: Table, rows: Sequence[Cells]) -> set[tuple[Any, ...]]:
    """What the warehouse holds with an undamaged file of these rows alone; they are read by the same importer."""
    settings, path = city.house(folder), folder.parent / "clean.csv"
    path.write_text(table.text(rows), encoding="utf-8")
    (report,) = import_paths([path], settings)
    assert report.rows_loaded == len(rows)
    return set(ask(settings, table.held))


def loaded_or_refused(settings: Settings, path: Path) -> Any:
    """The report; None for a refusal, which must be a sentence."""
    try:
        (report,) = import_paths([path], settings)
    except LoadError as refusal:
        assert str(refusal).endswith((".", "“")), refusal
        return None
    assert report.rows_in == report.rows_loaded + report.rows_rejected
    return report


def taken_back(settings: Settings, run_id: str, statement: str, before: list[tuple[Any, ...]]) -> None:
    undo(settings, run_id)
    assert ask(settings, statement) == before


def single_faults(chance: random.Random, name: str, city: City, folder: Path) -> None:
    """Up to three rows with one fault each, one of which may be a row told twice."""
    table = TABLES[name]
    rows = [table.cells(number, 2025) for number in range(ROWS)]
    bad = {}
    for place in chance.sample(range(ROWS), 3):
        column, cell = chance.choice(table.faults)
        rows[place][table.head.index(column)] = cell
        bad[place + 2] = column
    good = [cells for line, cells in enumerate(rows, start=2) if line not in bad]
    if table.double and chance.random() < 0.5:
        twin = chance.choice([place for place in range(ROWS) if place + 2 not in bad])
        again = list(rows[twin])
        if table.both:
            again[-1] = str(int(again[-1]) + 1)
            bad[twin + 2] = table.double
            good.remove(rows[twin])
        bad[ROWS + 2] = table.double
        rows.append(again)
    settings, path = city.house(folder), folder.parent / f"{name}.csv"
    before = ask(settings, table.held)
    path.write_text(table.text(rows), encoding="utf-8")
    report = loaded_or_refused(settings, path)
    assert report is not None
    told = ask(settings, f"SELECT line, column_name FROM rejected_rows WHERE run_id = '{report.run_id}'")
    assert dict(told) == bad and len(told) == len(bad)
    assert set(ask(settings, table.held)) == clean(city, folder.with_name("rein"), table, good)
    taken_back(settings, report.run_id, table.held, before)


def cut_off(chance: random.Random, name: str, city: City, folder: Path) -> None:
    """A file that ends too early: every line that is whole counts, whatever becomes of the last."""
    table = TABLES[name]
    text = table.text([table.cells(number, 2025) for number in range(ROWS)]).encode()
    settings, path = city.house(folder), folder.parent / f"{name}.csv"
    before = ask(settings, table.held)
    raw = text[: chance.randrange(len(text) // 4, len(text))]
    path.write_bytes(raw)
    report = loaded_or_refused(settings, path)
    if report is None:  # the cut went through a letter of two bytes
        with pytest.raises(UnicodeDecodeError):
            raw.decode()
        assert ask(settings, table.held) == before
        return
    lines = raw.count(b"\n")
    assert report.rows_in in (lines - 1, lines)
    assert report.rows_loaded >= lines - 1
    taken_back(settings, report.run_id, table.held, before)


def encoded(chance: random.Random, name: str, city: City, folder: Path) -> None:
    """Another encoding than UTF-8: every row arrives, or the file is refused."""
    table = TABLES[name]
    text = table.text([table.cells(number, 2025) for number in range(ROWS)])
    settings, path = city.house(folder), folder.parent / f"{name}.csv"
    before = ask(settings, table.held)
    encoding = chance.choice(("utf-16", "cp1252", "utf-8-sig", "utf-16-be"))
    path.write_bytes(text.encode(encoding))
    report = loaded_or_refused(settings, path)
    if encoding == "utf-16-be":  # without the mark at its beginning it could be anything
        assert report is None and ask(settings, table.held) == before
        return
    assert report is not None
    assert (report.rows_loaded, report.rows_rejected) == (ROWS, 0)
    taken_back(settings, report.run_id, table.held, before)


def garbled(chance: random.Random, name: str, city: City, folder: Path) -> None:
    """Bytes out, bytes in, anywhere: refused with a sentence, or loaded and every line accounted for."""
    table = TABLES[name]
    raw = table.text([table.cells(number, 2025) for number in range(ROWS)]).encode()
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(raw))
        raw = (
            raw[:at]
            + chance.choice((b'"', b";", b"\n", b"\x00", b"\xff", b"-", b"99"))
            + raw[at + chance.randint(0, 9) :]
        )
    settings, path = city.house(folder), folder.parent / f"{name}.csv"
    before = ask(settings, table.held)
    path.write_bytes(raw)
    report = loaded_or_refused(settings, path)
    if report is None:
        assert ask(settings, table.held) == before
    else:
        taken_back(settings, report.run_id, table.held, before)


def foreign(_chance: random.Random, name: str, city: City, folder: Path) -> None:
    """A file of another city: refused whole."""
    table = TABLES[name]
    rows = [table.cells(number, 2025) for number in range(ROWS)]
    settings, path = city.house(folder), folder.parent / f"{name}.csv"
    before = ask(settings, table.held)
    path.write_text(table.text([[OTHER_ARS, *cells[1:]] for cells in rows]), encoding="utf-8")
    assert loaded_or_refused(settings, path) is None
    assert ask(settings, table.held) == before


DAMAGES = (single_faults, single_faults, cut_off, encoded, garbled, single_faults, foreign)


def damaged_benchmark(chance: random.Random, city: City, folder: Path) -> None:
    """A signed file with single bad figures, or with altered bytes."""
    own, other = city.senders
    settings, path = city.house(folder), folder.parent / "solingen.json"
    before = ask(settings, BENCHMARKS)
    content = own.content({f"990010010{n:05}": {"online_share": n / 100} for n in range(ROWS)})
    if chance.random() < 0.4:
        raw = bytearray(own.file(path, content).read_bytes())
        at = chance.randrange(len(raw))
        path.write_bytes(chance.choice((raw[:at], raw[:at] + b"A" + raw[at:], raw[:at] + raw[at + 1 :])))
        if path.read_bytes().rstrip() != bytes(raw).rstrip():
            assert loaded_or_refused(settings, path) is None
        assert ask(settings, BENCHMARKS) == before
        return
    services, bad = list(content.services), {}
    faults = (
        ("keys", lambda key: Service((EXCEL,), {"online_share": Figure(0.5, 12)})),
        (
            "online_share",
            lambda key: Service((key,), {"online_share": Figure(chance.choice((-0.1, 1.01, 43.0)), 12)}),
        ),
        ("kaffee", lambda key: Service((key,), {"kaffee": Figure(0.5, 12)})),
        (
            "online_share",
            lambda key: Service((key,), {"online_share": Figure(0.5, 12, chance.randint(0, 4))}),
        ),
    )
    for place in chance.sample(range(ROWS), 3):
        column, made = chance.choice(faults)
        services[place] = made(services[place].keys[0])
        bad[place + 1] = column
    signer = other if chance.random() < 0.2 else own
    signer.file(path, own.content({}, services=tuple(services)))
    report = loaded_or_refused(settings, path)
    if signer is other:
        assert report is None and ask(settings, BENCHMARKS) == before
        return
    told = ask(settings, f"SELECT line, column_name FROM rejected_rows WHERE run_id = '{report.run_id}'")
    # two services with the same ruined key are both named for it, once each
    assert dict(told) == bad and len(told) == len(bad)
    kept = {
        (own.ars, one.keys[0], "online_share", n / 100)
        for n, one in enumerate(content.services)
        if n + 1 not in bad
    }
    assert set(ask(settings, BENCHMARKS)) == {*before, *kept}
    taken_back(settings, report.run_id, BENCHMARKS, before)


def damaged_dates(chance: random.Random, _city: City, folder: Path) -> None:
    """Legal dates are read where they lie: bad rows are named, the others count."""
    folder.mkdir()
    services = {row["service_id"]: row["service_id"] for row in LISTED}
    rows = [
        [service, "pflicht", "2026-12-31", f"Pflicht {n}", "OZG"]
        for n, service in enumerate(sorted(services))
    ]
    faults = (
        ("service_id", "wolken"),
        ("service_id", EXCEL),
        ("kind", "laune"),
        ("date", "31.02.2026"),
        ("date", "bald"),
    )
    bad = {}
    for place in chance.sample(range(len(rows)), 3):
        column, cell = chance.choice(faults)
        rows[place][COLUMNS.index(column)] = cell
        bad[place + 2] = column
    path = folder / "legal_dates.csv"
    text = "".join(f"{';'.join(cells)}\n" for cells in (list(COLUMNS), *rows))
    path.write_text(text, encoding="utf-8")
    found = read(path, services)
    assert len(found.rows) == len(rows) - len(bad)
    assert [fault.split(":")[0] for fault in found.faults] == [
        f"legal_dates.csv, Zeile {line}, Spalte {column}" for line, column in sorted(bad.items())
    ]
    path.write_bytes(text.encode()[: chance.randrange(8, 30)] + b"\xff")
    assert read(path, services).rows.empty and read(path, services).faults


@pytest.mark.parametrize("number", range(FILES))
def test_nothing_is_lost_whatever_is_wrong_with_a_file(number: int, city: City, tmp_path: Path) -> None:
    chance = random.Random(number)
    kinds = [*TABLES, "benchmark", "legal dates"]
    kind, turn = kinds[number % len(kinds)], number // len(kinds)
    folder = tmp_path / "house"
    if kind == "benchmark":
        damaged_benchmark(chance, city, folder)
    elif kind == "legal dates":
        damaged_dates(chance, city, folder)
    else:
        damage = DAMAGES[turn % len(DAMAGES)]
        damage = single_faults if damage is foreign and kind == "offers" else damage  # offers are no city's
        damage(chance, kind, city, folder)
