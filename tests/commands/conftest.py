"""Commands as a person runs them, on one small published warehouse."""

import os

import pytest

from tests.children import python
from tests.warehouse_fixture import publish, settings_for


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("data")
    publish(settings_for(path))
    return path


def environment(folder):
    """What a command finds: nothing of this machine, the given data folder."""
    foreign = {name: value for name, value in os.environ.items() if not name.startswith("PORTALKOMPASS_")}
    return foreign | {
        "PORTALKOMPASS_DATA_DIR": str(folder),
        "PORTALKOMPASS_LOCAL_SETTINGS": os.devnull,
    }


def run(folder, *arguments, **changes):
    """The finished process of ``python -m portalkompass …``."""
    return python(["-m", "portalkompass", *arguments], environment(folder) | changes)
