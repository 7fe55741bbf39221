"""The report: a part re-run alone replaces its own section and nothing else."""

from __future__ import annotations

from pathlib import Path

from benchmarks.part import Bars, Goal, Part, Result
from benchmarks.report import section, write


def result(figure: str, *, met: bool = True) -> Result:
    return Result(("How.",), ("", "median"), (("time", figure),), (Goal("fast", figure, met),))


def part(name: str) -> Part:
    return Part(name, name.upper(), lambda runs: result(str(runs)), ("duckdb",))


def test_a_part_run_again_replaces_its_own_section_only(tmp_path: Path) -> None:
    path = tmp_path / "benchmarks.md"
    write(part("b"), result("old b"), 1, ["a", "b"], path)
    write(part("a"), result("only a"), 1, ["a", "b"], path)
    write(part("b"), result("new b"), 1, ["a", "b"], path)
    text = path.read_text(encoding="utf-8")
    assert "old b" not in text
    assert text.index("only a") < text.index("new b")
    assert text.count("<!-- begin") == text.count("<!-- end") == 2


def test_a_section_of_a_part_that_is_gone_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "benchmarks.md"
    write(part("gone"), result("1"), 1, ["gone"], path)
    write(part("a"), result("2"), 1, ["a"], path)
    assert "GONE" not in path.read_text(encoding="utf-8")


def test_a_missed_goal_is_written_as_missed() -> None:
    assert "| fast | 9 s | **no** |" in section(part("a"), result("9 s", met=False), 1)


def test_a_chart_is_drawn_beside_the_report_and_linked_from_its_section(tmp_path: Path) -> None:
    bars = Bars("Cold runs, ms", (("Seiten", 120.0), ("Daten", 640.0)), 400.0)
    charted = Result(("How.",), ("", "ms"), (("Seiten", "120"),), (), bars=bars)
    write(part("a"), charted, 1, ["a"], tmp_path / "benchmarks.md")
    assert "![Cold runs, ms](benchmarks/a.svg)" in (tmp_path / "benchmarks.md").read_text(encoding="utf-8")
    drawn = (tmp_path / "benchmarks" / "a.svg").read_text(encoding="utf-8")
    assert [text in drawn for text in ("Cold runs, ms", "Seiten", "640")] == [True] * 3
    write(part("a"), charted, 1, ["a"], tmp_path / "benchmarks.md")
    assert (tmp_path / "benchmarks" / "a.svg").read_text(encoding="utf-8") == drawn
