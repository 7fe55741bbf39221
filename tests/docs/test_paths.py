"""Every path, name and link that a document gives exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from portalkompass.settings import ROOT

DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
WITH_PATHS = [path for path in DOCUMENTS if path.name != "operations.md"]
"""operations.md names paths of the server it describes; tests/deploy follows them."""
ROOMS = ("portalkompass", "etl", "pages", "tests", "data", "docs", "benchmarks", "tools", "deploy")
CODED = re.compile(rf"`((?:(?:{'|'.join(ROOMS)})/|(?=[a-z-]+\.(?:py|toml)`))[\w./-]*)`")
WRITTEN_AT_RUN_TIME = ("data/warehouse", "data/inbox", "data/workspace.db", "data/demo")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
STEP = re.compile(r"\| `([\w/]+\.py)` \| `(\w+)` \|$", re.MULTILINE)
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def defined_in(path: Path) -> set[str]:
    """Names of the module's functions, classes, methods and constants."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    named = {n.name for n in nodes if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    assigned = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return named | assigned


@pytest.mark.parametrize("document", WITH_PATHS, ids=lambda path: path.name)
def test_every_path_in_code_letters_exists(document: Path) -> None:
    named = set(CODED.findall(document.read_text(encoding="utf-8")))
    missing = [name for name in sorted(named) if not (ROOT / name).exists()]
    assert [name for name in missing if not name.startswith(WRITTEN_AT_RUN_TIME)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_to_a_file_leads_somewhere(document: Path) -> None:
    targets = LINK.findall(document.read_text(encoding="utf-8"))
    local = [target for target in targets if not re.match(r"[a-z]+:", target)]
    assert [target for target in local if not (document.parent / target).exists()] == []


def test_the_way_of_one_number_names_what_there_is() -> None:
    steps = STEP.findall(ARCHITECTURE)
    assert len(steps) > 10
    assert [step for step in steps if step[1] not in defined_in(ROOT / step[0])] == []


def test_the_layers_on_the_page_are_those_of_the_contract() -> None:
    contracts = re.findall(
        r'^layers = \[\n((?:  ".*",\n)+)\]', (ROOT / "pyproject.toml").read_text("utf-8"), re.M
    )
    block = ARCHITECTURE.partition("portalkompass                                     etl\n")[2].partition(
        "```"
    )[0]
    columns = [
        [line[:50].strip() for line in block.splitlines()],
        [line[50:].strip() for line in block.splitlines()],
    ]
    shown = [[layer for layer in column if layer] for column in columns]
    assert shown == [re.findall(r'"(.*)"', contract) for contract in contracts]


def test_every_package_of_the_map_is_there_and_no_other() -> None:
    rooms = {path.parent.name for path in (ROOT / "portalkompass").glob("*/__init__.py")}
    rooms |= {path.parent.name for path in (ROOT / "etl").glob("*/__init__.py")}
    assert [
        room for room in sorted(rooms) if not re.search(rf"`(portalkompass|etl)/{room}/`", ARCHITECTURE)
    ] == []
