"""What keeps a command from working is one German sentence, whatever it is: no traceback, no class names."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pytest

from portalkompass import workspace
from portalkompass.settings import Settings
from portalkompass.warehouse import waiting
from portalkompass.warehouse.snapshots import published
from tests.conftest import command
from tests.operations.conftest import labels

COMMANDS = (("prepare",), ("backup", "{folder}/neu.zip"), ("retention",), ("ranking",))
WORKSPACES = (
    ("gar keine Adresse", "Adresse"),
    ("mysql://db/x", "Treiber"),
    ("oracel://db/x", "unbekannt"),
    ("sqlite://", "Datei"),
    ("sqlite:////proc/nirgends/workspace.db", "Arbeitsbereich"),
    ("postgresql+psycopg://niemand@127.0.0.1:1/x", "nicht erreichbar"),
)


def one_sentence(folder: Path, arguments: tuple[str, ...], **changes: str) -> str:
    """What the command says on stderr, one line without class names."""
    filled = [one.format(folder=folder.parent) for one in arguments]
    done = command(folder, "portalkompass", *filled, **changes)
    assert done.returncode == 1, (filled, done.stdout, done.stderr)
    (sentence,) = done.stderr.strip().splitlines()
    assert not re.search(r"Traceback|\w+(Error|Exception)\b", sentence), sentence
    return sentence


@pytest.mark.parametrize(("address", "word"), WORKSPACES)
def test_an_impossible_workspace_is_named(small_city: Settings, address: str, word: str) -> None:
    for arguments in (COMMANDS[1], COMMANDS[2]):
        sentence = one_sentence(small_city.data_dir, arguments, PORTALKOMPASS_WORKSPACE=address)
        assert word in sentence, sentence
    assert not (small_city.data_dir.parent / "neu.zip").exists()


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda one: one[0])
def test_a_damaged_workspace_is_named(small_city: Settings, arguments: tuple[str, ...]) -> None:
    workspace.close_workspace(small_city.workspace_url)
    (small_city.data_dir / "workspace.db").write_bytes(b"SQLite format 3\0" + b"x" * 9000)
    assert "beschädigt" in one_sentence(small_city.data_dir, arguments)


def test_a_memory_limit_that_is_too_low_is_not_called_damage(small_city: Settings) -> None:
    sentence = one_sentence(small_city.data_dir, ("ranking",), PORTALKOMPASS_MEMORY_LIMIT="1KB")
    assert "memory_limit" in sentence
    assert "beschädigt" not in sentence
    sentence = one_sentence(small_city.data_dir, ("ranking",), PORTALKOMPASS_MEMORY_LIMIT="viel")
    assert sentence.startswith("Die Einstellungen sind fehlerhaft: „memory_limit“")


def test_a_damaged_snapshot_is(small_city: Settings) -> None:
    snapshot = published(small_city.warehouse_dir)
    assert snapshot
    snapshot.path.write_bytes(b"x" * 20_000)
    sentence = one_sentence(small_city.data_dir, ("ranking",))
    assert "etl rollback" in sentence
    assert "Relaunch" in labels(small_city)


def test_answers_that_cannot_be_kept_are_said(small_city: Settings) -> None:
    (small_city.warehouse_dir / "answers").write_text("eine Datei, kein Ordner", encoding="utf-8")
    assert "nicht" in one_sentence(small_city.data_dir, ("prepare",))


def test_status_says_that_a_load_waits_and_no_longer_afterwards(small_city: Settings) -> None:
    later = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=15)
    waiting.note(small_city.warehouse_dir, "Kontingent erschöpft, weiter um 14:32 (Pause 1 von 4)", later)
    told = command(small_city.data_dir, "etl", "status").stdout
    assert told.startswith("Ein Ladevorgang wartet: Kontingent erschöpft, weiter um 14:32 (Pause 1 von 4).\n")
    as_json = json.loads(command(small_city.data_dir, "etl", "status", "--json").stdout)
    assert as_json["waiting"] == "Kontingent erschöpft, weiter um 14:32 (Pause 1 von 4)"
    assert as_json["holdings"]
    assert waiting.sentence(small_city.warehouse_dir, later + dt.timedelta(seconds=1)) == ""
    waiting.over(small_city.warehouse_dir)
    assert "wartet" not in command(small_city.data_dir, "etl", "status").stdout
