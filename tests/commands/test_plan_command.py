import json

from docx import Document

from tests.commands.conftest import run


def test_without_inputs_no_service_is_planned_and_none_counts_as_free(folder):
    done = run(folder, "plan", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    listed = json.loads(done.stdout)
    assert {tuple(entry) for entry in listed} == {
        ("service_id", "name", "quarter", "value", "effort", "in_plan_share")
    }
    ranked = json.loads(run(folder, "ranking", "--format", "json").stdout)
    assert {entry["service_id"]: entry["value"] for entry in listed} == {
        entry["service_id"]: entry["score"] for entry in ranked
    }
    assert {(entry["quarter"], entry["effort"], entry["in_plan_share"]) for entry in listed} == {
        (None, None, None)
    }


def test_sentences_tables_and_wrong_use(folder):
    told = run(folder, "plan")
    assert told.returncode == 0
    assert "steht noch nichts im Plan" in told.stdout
    table = run(folder, "plan", "--format", "csv")
    assert table.stdout.lstrip("\ufeff").startswith("Leistung;Stand;")
    unknown = run(folder, "plan", "--workshop", "Gibt es nicht")
    assert unknown.returncode == 1
    assert "Gibt es nicht" in unknown.stderr
    assert run(folder, "plan", "--out", "plan.csv").returncode == 2


def test_the_paper_for_an_audit_office_is_a_file_of_its_own(folder, tmp_path):
    paper = tmp_path / "Unterlage.DOCX"
    done = run(folder, "plan", "--paper", str(paper))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{paper} geschrieben.\n"
    assert any("Was fehlt" in one.text for one in Document(str(paper)).paragraphs)
    for wrong in (["--paper", str(tmp_path / "p.txt")], ["--paper", str(paper), "--format", "csv"]):
        assert run(folder, "plan", *wrong).returncode == 2
    assert [path.name for path in tmp_path.iterdir()] == [paper.name]
