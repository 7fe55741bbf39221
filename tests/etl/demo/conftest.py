from __future__ import annotations

import pytest

from etl.demo.world.world import DemoWorld, build_world


@pytest.fixture(scope="session")
def world() -> DemoWorld:
    return build_world()
