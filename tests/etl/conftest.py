"""A warehouse of its own for each test, and questions to what was published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from portalkompass.settings import SearchConsole, Settings
from portalkompass.warehouse import snapshots

TODAY = dt.date(2025, 12, 17)
SITE = "https://www.musterstadt.example/"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Nothing configured, a fixed day."""
    return Settings(data_dir=tmp_path / "data", today=TODAY, search_console=SearchConsole(site=""))


@pytest.fixture
def city_settings(settings: Settings) -> Settings:
    """The same with the city's property configured."""
    return settings.model_copy(update={"search_console": SearchConsole(site=SITE)})


@pytest.fixture
def ask(settings: Settings) -> Callable[[str], list[tuple[Any, ...]]]:
    """Run a statement on the published snapshot; no snapshot at all answers with no rows."""

    def run(statement: str) -> list[tuple[Any, ...]]:
        snapshot = snapshots.published(settings.warehouse_dir)
        if snapshot is None:
            return []
        with duckdb.connect(snapshot.path, read_only=True) as connection:
            return connection.execute(statement).fetchall()

    return run
