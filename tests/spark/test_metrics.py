"""Every case of tests/metrics once more, on Spark: the rows expected there are the same on all three engines."""

import importlib
import pkgutil

import pytest

import tests.metrics

pytestmark = pytest.mark.timeout(600)
for _module in pkgutil.iter_modules(tests.metrics.__path__, "tests.metrics."):
    _area = _module.name.rpartition(".test_")[2]
    if _area == _module.name:
        continue
    for _name, _case in vars(importlib.import_module(_module.name)).items():
        # The fixture ``engine`` of this folder takes the place of theirs.
        if _name.startswith("test_"):
            globals()[f"test_{_area}_{_name.removeprefix('test_')}"] = _case
