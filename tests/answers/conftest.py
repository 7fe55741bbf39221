"""One small published warehouse and its workspace for all answers."""

import atexit
import dataclasses
import datetime as dt
import functools
import shutil
import tempfile
from pathlib import Path

import pytest

from portalkompass.answers import default_filters
from portalkompass.answers.asking import ask
from portalkompass.warehouse import reader
from portalkompass.workspace import close_workspace, workspace_of
from tests.warehouse_fixture import draft, publish, settings_for


@dataclasses.dataclass(frozen=True)
class House:
    """Everything that an answer is asked with."""

    warehouse: object
    workspace: object
    filters: object
    settings: object

    def ask(self, module, *, further=None, **changes):
        """The module's answer with changed filters."""
        return module.answer(self.question(**changes), **(further or {}))

    def question(self, **changes):
        """What a module is asked: the house's filters, changed."""
        filters = dataclasses.replace(self.filters, **changes)
        return ask(self.warehouse, self.workspace, filters, self.settings)


def open_house(settings):
    opened = reader.open_published(settings)
    return House(opened, new_workspace(settings), default_filters(opened, settings), settings)


def new_workspace(settings):
    """The workspace of the settings; where there is none yet, a copy of one."""
    file = settings.data_dir / "workspace.db"
    if not settings.workspace and not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_empty_workspace(), file)
    return workspace_of(settings)


@functools.cache
def _empty_workspace():
    """The file of a workspace in which nobody has written: tables and shipped rows take longer than most answers."""
    folder = Path(tempfile.mkdtemp(prefix="workspace-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    settings = settings_for(folder)
    workspace_of(settings)
    close_workspace(settings.workspace_url)
    return folder / "workspace.db"


@pytest.fixture(scope="session")
def house(tmp_path_factory):
    settings = settings_for(tmp_path_factory.mktemp("answers"))
    publish(settings)
    return open_house(settings)


@pytest.fixture
def empty_house(tmp_path):
    return open_house(settings_for(tmp_path))


@pytest.fixture
def changed_house(tmp_path):
    """A house whose snapshot was changed by SQL first."""
    return lambda *statements: open_changed(tmp_path, *statements)


def open_changed(folder, *statements):
    """A house in a folder of its own below this one, whose snapshot was changed by SQL first."""
    own = folder / str(len(list(folder.iterdir())))
    own.mkdir()
    settings = settings_for(own)
    publish(settings)
    with draft(settings) as connection:
        for statement in statements:
            connection.execute(statement)
    return open_house(settings)


def exhibit(answer, name):
    return next(one for one in answer.exhibits if one.id == name)


def figure(answer, label):
    return next(one for one in answer.figures if one.label == label)


MAYBE = "Ein Teil der Veränderung kann auf Googles Umstellung vom September 2025 zurückgehen."
OCTOBER = {"start": dt.date(2025, 10, 1), "end": dt.date(2025, 10, 31)}
