"""The doors that must stay shut, and promises of the README that can be checked by reading."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from etl.__main__ import app as etl_app
from portalkompass.settings import ROOT, Settings

LIBRARY = ("portalkompass", "etl", "pages")


def tracked(*patterns: str) -> list[Path]:
    """Files of the project that git knows or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for name in listed.stdout.splitlines() if (path := ROOT / name).is_file()]


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_no_page_lies_directly_in_pages() -> None:
    assert list((ROOT / "pages").glob("*.py")) == []


@pytest.mark.parametrize("path", sorted((ROOT / "pages").rglob("*.py")), ids=lambda path: path.name)
def test_a_page_imports_the_ui_and_the_list_of_screens_only(path: Path) -> None:
    allowed = ("portalkompass.ui", "portalkompass.screens", "streamlit", "__future__")
    assert [name for name in imports(path) if not name.startswith(allowed)] == []


@pytest.mark.parametrize(
    "word", ["unsafe_allow_html", "use_container_width", "import pickle", "unsafe_allow_javascript"]
)
def test_a_door_that_must_stay_shut_is_shut(word: str) -> None:
    code = [path for folder in LIBRARY for path in (ROOT / folder).rglob("*.py")]
    assert [path.name for path in code if word in path.read_text(encoding="utf-8")] == []


def test_a_reason_of_the_operating_system_is_said_in_german() -> None:
    """Its own text is English: `german.why_unreadable` has the words."""
    code = [path for folder in LIBRARY for path in (ROOT / folder).rglob("*.py")]
    assert [path.name for path in code if ".strerror" in path.read_text(encoding="utf-8")] == []


def test_files_are_put_in_place_by_the_one_function_that_windows_lets_wait() -> None:
    """`Path.replace` has one argument and no keyword; answers write no files, but replace values of frames so."""
    found = []
    for path in (path for folder in LIBRARY for path in (ROOT / folder).rglob("*.py")):
        calls = [
            node
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call)
        ]
        for call in calls if "answers" not in path.parts else ():
            replaces = isinstance(call.func, ast.Attribute) and call.func.attr == "replace"
            if replaces and len(call.args) == 1 and not call.keywords:
                found.append(path.name)
    assert found == ["snapshots.py"]


def test_positions_are_never_averaged() -> None:
    plain_mean = re.compile(r"avg\(\s*(avg_)?position|position\"?\]?\)?\.mean\(", re.IGNORECASE)
    code = [path for folder in LIBRARY for path in (ROOT / folder).rglob("*.py")]
    assert [path.name for path in code if plain_mean.search(path.read_text(encoding="utf-8"))] == []


def test_every_setting_is_explained_in_the_shipped_file() -> None:
    shipped = tomllib.loads((ROOT / "settings.toml").read_text(encoding="utf-8"))
    text = (ROOT / "settings.toml").read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        if name == "demo":
            continue
        assert name in shipped or f"# {name} = " in text or f"# [[{name}]]" in text, name
        section = getattr(field.annotation, "model_fields", None)
        for key in section or ():
            assert (
                key in shipped[name]
                or f"# {key} = " in text
                or f"[{name}.{key}]" in text
                or f".{key}]]" in text
            ), f"{name}.{key}"


def test_the_readme_names_every_command_of_etl() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    names = [
        command.name or command.callback.__name__
        for command in etl_app.registered_commands
        if command.callback
    ]
    assert [name for name in names if f"python -m etl {name}" not in readme] == []


def test_the_readme_and_ci_use_the_same_verbs() -> None:
    readme, ci = (
        (ROOT / "README.md").read_text(encoding="utf-8"),
        (ROOT / ".ci/run").read_text(encoding="utf-8"),
    )
    for verb in ("make check", "make test"):
        assert verb in readme
        assert verb in ci
    assert "make app" in readme


def test_no_path_of_a_machine_is_committed() -> None:
    own = str(ROOT.parent) + "/"
    text = [
        p
        for p in tracked("*.py", "*.md", "*.toml", "*.txt", "*.csv", "Makefile", ".ci/*")
        if p.name != "test_house.py"
    ]
    assert [path.name for path in text if own in path.read_text(encoding="utf-8")] == []


def test_what_is_written_at_run_time_is_ignored() -> None:
    names = ["data/demo/x", "data/warehouse/x", "data/workspace.db", "data/inbox/x", "settings.local.toml"]
    for name in names:
        ignored = subprocess.run(["git", "check-ignore", "-q", name], cwd=ROOT, check=False)
        assert ignored.returncode == 0, name


def test_no_sentence_names_a_class_of_python() -> None:
    """Its reader knows no Python; the class goes into the log."""
    for folder in ("portalkompass", "etl"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                named = "__name__}" in line and path.name not in {"image_child.py", "packing.py"}
                assert not named, f"{path.relative_to(ROOT)}:{number}"
