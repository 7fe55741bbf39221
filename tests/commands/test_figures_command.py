import datetime as dt
import json
import re
import shutil

import openpyxl
import pytest

from tests.commands.conftest import run
from tests.conftest import command
from tests.etl.files.export_files import PORTAL, export, zipped
from tests.warehouse_fixture import SITE


def test_figures_of_the_last_twelve_full_months(folder):
    done = run(folder, "figures", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    result = json.loads(done.stdout)
    assert list(result) == [
        "data_date",
        "origin",
        "period",
        "totals",
        "position_by_month",
        "partial_months",
        "top_pages",
        "services",
        "exports",
    ]
    assert (result["data_date"], result["origin"]) == ("2025-12-15", "live")
    assert result["period"] == {"from": "2024-12-01", "to": "2025-11-30"}
    assert result["totals"] == {
        "clicks": 365 * 10,
        "impressions": 365 * 100,
        "position": pytest.approx((31 * 24 + 334 * 9) / 365),
        "hidden_click_share": pytest.approx(0.4),
    }
    assert result["position_by_month"]["2024-10"] == pytest.approx(24.0)
    assert result["position_by_month"]["2025-10"] == pytest.approx(9.0)
    assert len(result["position_by_month"]) == 18
    assert result["partial_months"] == {
        "2024-07": {"from": "2024-07-09", "to": "2024-07-31", "days": 23, "of": 31},
        "2025-12": {"from": "2025-12-01", "to": "2025-12-15", "days": 15, "of": 31},
    }
    assert result["top_pages"][0] == {
        "url": SITE + "leistung/wunschkennzeichen",
        "title": "Wunschkennzeichen",
        "clicks": 365 * 6,
    }
    assert result["services"] == {
        "responsible": 189,
        "with_status": 17,
        "by_status": {"Go-Live": 5, "In Umsetzung": 4, "In Vorbereitung": 6, "offen": 2},
        "go_live": {"live": 2, "dated": 3, "dated_until": "2026-02", "overdue": 0},
    }


def test_an_export_stands_there_marked_and_apart_from_all_days(folder, tmp_path):
    own = tmp_path / "data"
    shutil.copytree(folder, own)
    before = json.loads(run(own, "figures", "--json").stdout)
    november = export(dt.date(2025, 11, 1), dt.date(2025, 11, 30), clicks=7)
    file = zipped(tmp_path, {name: text.replace(PORTAL, SITE) for name, text in november.items()})
    loaded = command(own, "etl", "import", str(file), "--site", SITE)
    assert loaded.returncode == 0, loaded.stderr
    after = json.loads(run(own, "figures", "--json").stdout)
    assert after.pop("exports") == [
        {
            "source": "ui_export",
            "period": {"from": "2025-11-01", "to": "2025-11-30"},
            "tables": ["countries", "days", "devices", "pages", "queries"],
            "totals": {"clicks": 7, "impressions": 70, "position": pytest.approx(8.0)},
            "top_pages": [
                {"url": f"{SITE}leistung/hundesteuer", "title": "Hundesteuer", "clicks": 3},
                {"url": f"{SITE}leistung/kfz", "title": None, "clicks": 1},
            ],
        }
    ]
    assert before.pop("exports") == []
    assert after == before
    assert "November 2025 │      7" in run(own, "figures").stdout


def test_a_period_of_ones_own(folder):
    result = json.loads(run(folder, "figures", "--json", "--from", "2025-10-01", "--to", "2025-10-02").stdout)
    assert result["totals"]["clicks"] == 20
    assert result["totals"]["position"] == pytest.approx(9.0)


def test_a_period_without_data_is_unknown_not_zero(folder):
    result = json.loads(run(folder, "figures", "--json", "--from", "2023-01-01", "--to", "2023-01-31").stdout)
    assert result["totals"] == {
        "clicks": None,
        "impressions": None,
        "position": None,
        "hidden_click_share": None,
    }
    assert result["top_pages"] == []


def test_text_output_is_german(folder):
    text = run(folder, "figures").stdout
    assert "Zeitraum Dezember 2024 bis November 2025 · Datenstand 15.12.2025" in text
    assert "17 von 189 mit" in text
    assert "36.500" in text
    assert re.search(r"Go-Live\s+│\s+5 │\n│ – davon live\s+│\s+2", text)
    assert re.search(r"– davon mit Termin bis Februar 2026\s+│\s+3", text)
    assert re.search(r"Juli 2024 \(ab 09\.07\.2024\)", text)
    assert re.search(r"Dezember 2025 \(bis 15\.12\.2025\)", text)
    assert re.search(r"November 2025\s+│", text)
    assert "Beispieldaten" not in text


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["figures", "--from", "1.2.2025"], 2, "kein Tag der Form JJJJ-MM-TT"),
        (["figures", "--from", "2025-12-01", "--to", "2025-01-01"], 2, "liegt nach dem letzten"),
        (["figures", "--bogus"], 2, "Unbekannte Option"),
        (["nix"], 2, "Unbekannter Befehl"),
        ([], 2, "Bitte einen Befehl angeben."),
    ],
)
def test_wrong_usage_leaves_with_code_2_and_one_sentence(folder, arguments, code, sentence):
    done = run(folder, *arguments)
    assert done.returncode == code
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_without_data_it_says_what_to_do(tmp_path):
    done = run(tmp_path, "figures")
    assert done.returncode == 1
    assert done.stderr == (
        "Es sind noch keine Daten geladen. Nächster Schritt: „python -m etl run“ oder "
        "„python -m etl import DATEI“.\n"
    )


def test_wrong_settings_are_named_not_shown(folder):
    done = run(folder, "figures", PORTALKOMPASS_CITY__FOO="secret")
    assert done.returncode == 1
    assert "PORTALKOMPASS_CITY__FOO" in done.stderr
    assert "secret" not in done.stderr


def test_ranking_as_json_csv_and_xlsx(folder, tmp_path):
    rows = json.loads(run(folder, "ranking", "--format", "json").stdout)
    assert [(row["lane"], row["rank"], row["service_id"]) for row in rows[:2]] == [
        ("startbar", 1, "hundesteuer"),
        ("startbar", 2, "pflegewohngeld"),
    ]
    assert set(rows[0]) == {
        *("service_id", "name", "list", "lane", "rank", "rank_low", "rank_high", "rank_overall"),
        *("score", "score_low", "score_high", "known_criteria", "criteria"),
    }
    lines = run(folder, "ranking", "--format", "csv").stdout.splitlines()
    assert lines[1].startswith("startbar;1;1;2;")
    done = run(folder, "ranking", "--format", "xlsx", "--out", str(tmp_path / "r.xlsx"))
    assert (done.returncode, done.stdout) == (0, "")
    assert openpyxl.load_workbook(tmp_path / "r.xlsx").sheetnames == ["Daten", "Hinweise"]


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (
            ["--scenario", "Foo"],
            1,
            "Ein Szenario „Foo“ gibt es nicht; mitgeliefert sind: Nachfrage, Alle Kriterien, RICE (zum Vergleich).",
        ),
        (["--format", "pdf"], 2, "'pdf' ist nicht vorgesehen"),
        (["--out", "x.csv"], 2, "--out braucht --format"),
    ],
)
def test_a_ranking_that_cannot_be_written_says_why(folder, arguments, code, sentence):
    done = run(folder, "ranking", *arguments)
    assert done.returncode == code
    assert sentence in done.stderr
    assert done.stdout == ""


def test_ranking_on_the_terminal_is_german(folder):
    text = run(folder, "ranking").stdout
    assert "Bahn „startbar“" in text
    assert "1 von 3" in text
