"""Shared by all tests: no setting of this machine may leak in."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from portalkompass.settings import Settings

for _name in [name for name in os.environ if name.startswith("PORTALKOMPASS_")]:
    del os.environ[_name]
os.environ["PORTALKOMPASS_LOCAL_SETTINGS"] = os.devnull


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Live settings on an empty data folder; a second writer does not wait."""
    return Settings(data_dir=tmp_path / "data", writer_wait_seconds=0)
