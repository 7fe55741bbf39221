"""What the documents name as command, verb or word of the code is there, and nothing of it is left out."""

from __future__ import annotations

import re

import pytest
import typer

from etl.__main__ import app as etl_app
from portalkompass.commands.app import app as library_app
from portalkompass.settings import ROOT

HANDBOOK, README, CONTRIBUTING = (
    (ROOT / name).read_text(encoding="utf-8") for name in ("docs/handbuch.md", "README.md", "CONTRIBUTING.md")
)
GLOSSARY = CONTRIBUTING.partition("## Glossary")[2]
PRIVATE = ("clean", "env", "env-dev", "env-spark", "browser", "postgresql", "server-programs", "java")
"""Steps of `make` that others call."""


def names_of(app: typer.Typer) -> list[str]:
    return [one.name or one.callback.__name__ for one in app.registered_commands if one.callback]


@pytest.mark.parametrize("name", [*names_of(etl_app), *names_of(library_app)])
def test_every_command_is_explained_in_the_handbook(name: str) -> None:
    assert re.search(rf"^\| `{name}\b", HANDBOOK, re.MULTILINE)


def test_every_command_of_the_library_stands_in_the_readme() -> None:
    short = README.partition("## Commands")[2].partition("##")[0]
    assert [name for name in names_of(library_app) if not re.search(rf"\b{name}\b", short)] == []


def test_the_readme_stays_short_and_says_early_where_to_start_and_where_what_is() -> None:
    lines = README.splitlines()
    assert len(lines) <= 120
    assert lines.index("## Start") < lines.index("## Where what is") < len(lines) / 2


def test_every_verb_of_make_is_explained() -> None:
    verbs = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert verbs
    public = [verb for verb in verbs[1].split() if verb not in PRIVATE]
    assert [verb for verb in public if f"make {verb}" not in README + CONTRIBUTING] == []


def test_every_word_of_the_glossary_is_one_of_the_code() -> None:
    words = set(re.findall(r"`(\w+)`", GLOSSARY))
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for room in ("portalkompass", "etl")
        for path in (ROOT / room).rglob("*.py")
    )
    known = set(re.findall(r"\w+", code))
    assert len(words) > 30
    assert sorted(words - known) == []
