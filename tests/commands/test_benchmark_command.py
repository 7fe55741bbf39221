"""Two cities hand each other their figures with commands alone: key, export, trust after the call, import, refusals."""

import json
import shutil

import duckdb
import pytest

from portalkompass.warehouse import snapshots
from tests.commands.conftest import run
from tests.warehouse_fixture import publish, settings_for

CASES = (
    "INSERT INTO service_cases (municipality, service, month, channel, cases, import_id) VALUES "
    "('leverkusen', 'hundesteuer', '2025-10-01', 'online', 30, 'i'), "
    "('leverkusen', 'hundesteuer', '2025-10-01', 'counter', 70, 'i'), "
    "('leverkusen', 'hundesteuer', '2025-11-01', 'counter', 70, 'i')"
)
NEIGHBOUR = {"PORTALKOMPASS_CITY__NAME": "Solingen", "PORTALKOMPASS_CITY__ARS": "051220000000"}


@pytest.fixture(scope="module")
def cities(tmp_path_factory):
    """Data folders of two cities with cases."""
    folder = tmp_path_factory.mktemp("city")
    publish(settings_for(folder))
    path = snapshots.published(folder / "warehouse").path
    path.chmod(0o644)
    with duckdb.connect(path) as connection:
        connection.execute(CASES)
    other = tmp_path_factory.mktemp("other") / "data"
    shutil.copytree(folder, other)
    return folder, other


def test_two_cities_exchange_their_figures(cities, tmp_path):
    ours, theirs = cities
    file = tmp_path / "solingen.json"
    made = run(theirs, "benchmark", "export", str(file), PORTALKOMPASS_TODAY="2025-12-17", **NEIGHBOUR)
    assert made.returncode == 0, made.stderr
    assert "4 Werte zu 1 Leistung, Dezember 2024 bis November 2025" in made.stdout.replace("\u00a0", " ")
    told = made.stdout.rpartition("Fingerabdruck des Schlüssels: ")[2].strip()
    key = run(theirs, "benchmark", "key", **NEIGHBOUR)
    assert key.stdout.strip() == f"Eigener Schlüssel von Solingen: {told}"
    shown = run(ours, "benchmark", "show", str(file))
    lines = shown.stdout.splitlines()
    assert lines[0] == "leistungsschluessel;kennzahl;wert;monate;faelle"
    assert "99102013002000;online_share;0,3;1;100" in lines
    assert shown.stderr.startswith("Solingen (ARS 051220000000)")
    load = ("benchmark", "import", str(file))
    today = {"PORTALKOMPASS_TODAY": "2025-12-17"}
    unknown = run(ours, *load, **today)
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert told in unknown.stderr and "ist nicht bekannt" in unknown.stderr
    wrong = run(ours, "benchmark", "trust", str(file), "--fingerprint", "0000 0000")
    assert wrong.returncode == 1 and "ein anderer als der gehörte" in wrong.stderr
    assert run(ours, "benchmark", "trust", str(file), "--fingerprint", told.upper()).returncode == 0
    loaded = run(ours, *load, **today)
    assert loaded.returncode == 0, loaded.stderr
    assert loaded.stdout.startswith("Kennzahlen von Solingen, 01.12.2024 bis 30.11.2025")
    assert "Solingen (ARS 051220000000): " in run(ours, "benchmark", "key").stdout


def test_what_cannot_be_is_a_sentence(cities, tmp_path):
    ours, _ = cities
    out = tmp_path / "x.json"
    wrong = run(ours, "benchmark", "export", str(tmp_path / "x.csv"))
    assert wrong.returncode == 2 and "muss auf .json enden" in wrong.stderr
    future = run(ours, "benchmark", "export", str(out), "--to", "2025-12", PORTALKOMPASS_TODAY="2025-12-17")
    assert future.returncode == 1 and "ist noch nicht vorbei" in future.stderr
    before = run(ours, "benchmark", "export", str(out), "--to", "2020-12", PORTALKOMPASS_TODAY="2025-12-17")
    assert before.returncode == 1 and "noch keine Kennzahl" in before.stderr
    month = run(ours, "benchmark", "export", str(out), "--to", "2025-13")
    assert month.returncode == 2 and "kein Monat" in month.stderr
    turned = run(ours, "benchmark", "export", str(out), "--from", "2025-11", "--to", "2025-10")
    assert turned.returncode == 2 and "liegt nach dem letzten" in turned.stderr
    assert not out.exists()
    out.write_text(json.dumps({"payload": "e30", "protected": "e30", "signature": "e30"}), encoding="utf-8")
    for command in (("show",), ("import",), ("trust", "--fingerprint", "x")):
        forged = run(ours, "benchmark", *command, str(out))
        assert forged.returncode == 1 and "verändert oder ist beschädigt" in forged.stderr
        missing = run(ours, "benchmark", *command, str(tmp_path / "fehlt.json"))
        assert missing.returncode == 1 and "lässt sich nicht lesen" in missing.stderr
